/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "parse/put.h"
#include "snp/hcl.h"
#include "snp/report.h"
#include "tests/shared.h"

enum { DATA = 0x4d4, TEXT_BYTES = 2, PADDED = DATA + TEXT_BYTES + 10 };

/* A blob with "{}" as runtime data and ten bytes of padding. */
static void make(uint8_t out[PADDED])
{
    memset(out, 0, PADDED);
    memcpy(out, "HCLA\1\0\0\0", 8);
    put_u32le(out + 8, DATA + TEXT_BYTES);
    put_u32le(out + 12, 2);
    memset(out + 0x20, 0x77, SNP_REPORT_BYTES);
    put_u32le(out + 0x4c0, 20 + TEXT_BYTES);
    put_u32le(out + 0x4c4, 1);
    put_u32le(out + 0x4c8, 2);
    put_u32le(out + 0x4cc, 1);
    put_u32le(out + 0x4d0, TEXT_BYTES);
    memcpy(out + DATA, "{}", TEXT_BYTES);
}

static void refused(bytes in, enum err_kind kind, const char *what)
{
    struct snp_hcl hcl = {.report = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(snp_hcl_parse(in, &hcl, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, "evidence.hcl") == 0, "%s", what);
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect(bytes_eq(hcl.report, BYTES_LIT("untouched")), "%s", what);
}

Test(hcl, fields_are_checked)
{
    static const struct {
        const char *what;
        size_t at;
        uint32_t value;
        enum err_kind kind;
    } rows[] = {
        {"signature", 0, 0x414c4349, ERR_UNSUPPORTED},
        {"version 0", 4, 0, ERR_UNSUPPORTED},
        {"version 3", 4, 3, ERR_UNSUPPORTED},
        {"report size one less", 8, DATA + TEXT_BYTES - 1, ERR_MISMATCH},
        {"report size with the padding", 8, PADDED, ERR_MISMATCH},
        {"request type", 12, 1, ERR_UNSUPPORTED},
        {"status", 16, 1, ERR_UNSUPPORTED},
        {"first reserved word", 20, 1, ERR_UNSUPPORTED},
        {"last reserved word", 28, 0x80000000, ERR_UNSUPPORTED},
        {"runtime data size", 0x4c0, 21 + TEXT_BYTES, ERR_MISMATCH},
        {"runtime data version", 0x4c4, 2, ERR_UNSUPPORTED},
        {"TDX", 0x4c8, 4, ERR_UNSUPPORTED},
        {"hash type 0", 0x4cc, 0, ERR_UNSUPPORTED},
        {"hash type 4", 0x4cc, 4, ERR_UNSUPPORTED},
        {"variable data size", 0x4d0, TEXT_BYTES + 1, ERR_MISMATCH},
        {"variable data size wraps", 0x4d0, 0xffffffff, ERR_MISMATCH},
    };
    uint8_t blob[PADDED];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make(blob);
        put_u32le(blob + rows[i].at, rows[i].value);
        refused(BYTES_OF(blob), rows[i].kind, rows[i].what);
    }
}

Test(hcl, sizes_that_agree_and_lie_are_refused)
{
    uint8_t blob[PADDED];
    make(blob);
    put_u32le(blob + 8, DATA + 13);
    put_u32le(blob + 0x4c0, 33);
    put_u32le(blob + 0x4d0, 13);
    refused(BYTES_OF(blob), ERR_TRUNCATED, "one byte past the end");
    put_u32le(blob + 8, DATA - 21);
    put_u32le(blob + 0x4c0, 0xffffffff);
    put_u32le(blob + 0x4d0, 0xffffffeb);
    refused(BYTES_OF(blob), ERR_MISMATCH, "4 GiB");
}

Test(hcl, prefixes_and_padding)
{
    uint8_t blob[PADDED];
    make(blob);
    for (size_t n = 0; n < DATA + TEXT_BYTES; n++)
        refused(BYTES(blob, n), ERR_TRUNCATED, "prefix");

    struct snp_hcl hcl;
    for (size_t n = DATA + TEXT_BYTES; n <= PADDED; n++)
        cr_expect(is_ok(snp_hcl_parse(BYTES(blob, n), &hcl, NULL)), "%zu bytes", n);
    for (size_t at = DATA + TEXT_BYTES; at < PADDED; at++) {
        blob[at] = 1;
        refused(BYTES_OF(blob), ERR_TRAILING, "padding");
        blob[at] = 0;
    }
}

Test(hcl, values)
{
    uint8_t blob[PADDED];
    struct snp_hcl hcl = {0};
    for (uint8_t version = 1; version <= 2; version++) {
        for (uint8_t hash = 1; hash <= 3; hash++) {
            make(blob);
            blob[4] = version;
            blob[0x4cc] = hash;
            cr_assert(is_ok(snp_hcl_parse(BYTES_OF(blob), &hcl, NULL)));
            cr_expect_eq(hcl.report.ptr, blob + 0x20);
            cr_expect_eq(hcl.report.len, SNP_REPORT_BYTES);
            cr_expect(bytes_eq(hcl.runtime_data, BYTES_LIT("{}")));
            cr_expect_eq(hcl.runtime.hash, hash);
            cr_expect_eq(hcl.runtime.data_bytes, TEXT_BYTES);
        }
    }
}

Test(hcl, runtime_header_alone)
{
    uint8_t blob[PADDED];
    make(blob);
    struct snp_hcl_runtime runtime = {0};
    for (size_t n = 0; n < 20; n++)
        cr_expect_eq(snp_hcl_runtime_parse(BYTES(blob + 0x4c0, n), &runtime, NULL).kind, ERR_TRUNCATED, "%zu", n);
    cr_expect_eq(snp_hcl_runtime_parse(BYTES(blob + 0x4c0, 21), &runtime, NULL).kind, ERR_TRAILING);
    cr_expect_eq(runtime.data_bytes, 0);
    cr_assert(is_ok(snp_hcl_runtime_parse(BYTES(blob + 0x4c0, 20), &runtime, NULL)));
    cr_expect_eq(runtime.hash, SNP_HCL_SHA256);
    cr_expect_eq(runtime.data_bytes, TEXT_BYTES);
}

Test(hcl, azure_vectors)
{
    static const struct {
        const char *blob, *report;
        size_t data_bytes;
    } rows[] = {
        {"vectors/azure/kinvolk_hcl-report-snp.bin", "vectors/reports/kinvolk_hcl.report.bin", 583},
        {"vectors/azure/trustee_az-snp-vtpm_hcl-report.bin", "vectors/reports/trustee_az_hcl.report.bin", 1110},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes in = shared_read(rows[i].blob), report = shared_read(rows[i].report);
        struct snp_hcl hcl = {0};
        struct err err = {0};
        cr_assert(is_ok(snp_hcl_parse(in, &hcl, &err)), "%s: %s", rows[i].blob, err.text);
        cr_expect(bytes_eq(hcl.report, report), "%s", rows[i].blob);
        cr_expect_eq(hcl.runtime_data.len, rows[i].data_bytes, "%s", rows[i].blob);
        cr_expect_eq(memcmp(hcl.runtime_data.ptr, "{\"keys\":", 8), 0, "%s", rows[i].blob);
        cr_expect_eq(hcl.runtime.hash, SNP_HCL_SHA256);
        free((void *)in.ptr);
        free((void *)report.ptr);
    }
}

Test(hcl, tdx_vectors_are_refused)
{
    static const char *const names[] = {"vectors/azure/kinvolk_hcl-report-tdx.bin",
                                        "vectors/azure/constellation_tdx_hclreport.bin"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bytes in = shared_read(names[i]);
        refused(in, ERR_UNSUPPORTED, names[i]);
        free((void *)in.ptr);
    }
}
