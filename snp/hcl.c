/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/hcl.h"

#include "parse/cursor.h"
#include "snp/report.h"

static const char rule[] = "evidence.hcl";

enum {
    HEADER_BYTES = 32,
    DATA_OFFSET = HEADER_BYTES + SNP_REPORT_BYTES + SNP_HCL_RUNTIME_HEADER_BYTES,
    SIGNATURE_HCLA = 0x414c4348,
    REQUEST_ATTESTATION = 2,
    REPORT_TYPE_SNP = 2,
};

static status want(bool holds, enum err_kind kind, size_t at, const char *field, const char *expected, uint32_t have,
                   struct err *err)
{
    if (holds) return OK;
    return err_rule(err, kind, rule, at, "HCL report: %s: want %s, have %u", field, expected, have);
}

/* The header at the start; its size is that of all bytes in use. */
static status take_header(struct cursor *c, uint32_t *used, struct err *err)
{
    uint32_t signature = cursor_u32le(c, "signature");
    uint32_t version = cursor_u32le(c, "version");
    uint32_t report_size = cursor_u32le(c, "report size");
    uint32_t request = cursor_u32le(c, "request type");
    uint32_t state = cursor_u32le(c, "status");
    bytes reserved = cursor_take(c, 12, "reserved");
    TRY(err_named(err, cursor_status(c, err), rule));

    TRY(want(signature == SIGNATURE_HCLA, ERR_UNSUPPORTED, 0, "signature", "HCLA", signature, err));
    TRY(want(version == 1 || version == 2, ERR_UNSUPPORTED, 4, "version", "1 or 2", version, err));
    TRY(want(request == REQUEST_ATTESTATION, ERR_UNSUPPORTED, 12, "request type", "2 (attestation)", request, err));
    TRY(want(state == 0, ERR_UNSUPPORTED, 16, "status", "0", state, err));
    if (!bytes_are_zero(reserved))
        return err_rule(err, ERR_UNSUPPORTED, rule, 20, "HCL report: bytes 20 to 31 are reserved: want zero");
    *used = report_size;
    return OK;
}

static status take_runtime(struct cursor *c, struct snp_hcl_runtime *out, struct err *err)
{
    size_t at = c->pos;
    uint32_t data_size = cursor_u32le(c, "runtime data size");
    uint32_t version = cursor_u32le(c, "runtime data version");
    uint32_t type = cursor_u32le(c, "report type");
    uint32_t hash = cursor_u32le(c, "hash type");
    uint32_t variable = cursor_u32le(c, "variable data size");
    TRY(err_named(err, cursor_status(c, err), rule));

    TRY(want(version == 1, ERR_UNSUPPORTED, at + 4, "runtime data version", "1", version, err));
    TRY(want(type == REPORT_TYPE_SNP, ERR_UNSUPPORTED, at + 8, "report type", "2 (SEV-SNP)", type, err));
    TRY(want(hash >= SNP_HCL_SHA256 && hash <= SNP_HCL_SHA512, ERR_UNSUPPORTED, at + 12, "hash type", "1 to 3", hash,
             err));
    TRY(want(data_size == (uint64_t)variable + SNP_HCL_RUNTIME_HEADER_BYTES, ERR_MISMATCH, at, "runtime data size",
             "that of its header and the variable data", data_size, err));
    *out = (struct snp_hcl_runtime){(enum snp_hcl_hash)hash, variable};
    return OK;
}

status snp_hcl_runtime_parse(bytes in, struct snp_hcl_runtime *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct snp_hcl_runtime runtime;
    TRY(take_runtime(&c, &runtime, err));
    TRY(err_named(err, cursor_end(&c, err), rule));
    *out = runtime;
    return OK;
}

status snp_hcl_parse(bytes in, struct snp_hcl *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct snp_hcl hcl = {0};
    uint32_t used = 0;
    TRY(take_header(&c, &used, err));
    hcl.report = cursor_take(&c, SNP_REPORT_BYTES, "report");
    TRY(take_runtime(&c, &hcl.runtime, err));
    TRY(want(used == (uint64_t)hcl.runtime.data_bytes + DATA_OFFSET, ERR_MISMATCH, 8, "report size",
             "that of all parts", used, err));
    hcl.runtime_data = cursor_take(&c, hcl.runtime.data_bytes, "runtime data");
    TRY(err_named(err, cursor_status(&c, err), rule));

    size_t end = c.pos;
    if (!bytes_are_zero(cursor_rest(&c)))
        return err_rule(err, ERR_TRAILING, rule, end, "HCL report: want zeros from byte %zu on", end);
    *out = hcl;
    return OK;
}
