/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/envelope.h"

#include "verify/crypto.h"

static const enum check_id format_rows[] = {CHECK_EVIDENCE_CERTIFICATE_TABLE, CHECK_EVIDENCE_PROTOBUF,
                                            CHECK_EVIDENCE_THIM, CHECK_EVIDENCE_HCL};

static void check_format(const struct snp_evidence *in, struct verdict *v)
{
    const char *rule = snp_envelope_rule(in->inner); /* of what a JSON document holds; else of the envelope */
    enum check_id used = rule ? check_find(rule) : CHECK_COUNT;
    for (size_t i = 0; i < sizeof format_rows / sizeof format_rows[0]; i++) {
        if (format_rows[i] == used)
            verdict_pass(v, format_rows[i]);
        else
            verdict_does_not_apply(v, format_rows[i], "the evidence has another envelope");
    }
    if (in->report.ptr)
        verdict_set(v, CHECK_EVIDENCE_ENVELOPE, true, value_none(), value_text(snp_envelope_name(in->envelope)), NULL);
    else
        verdict_fail(v, CHECK_EVIDENCE_ENVELOPE, "certificates and no report: they belong beside one, as collateral");
}

/* ---- runtime data ----------------------------------------------------------------------------------------------- */

static status hash(enum snp_hcl_hash which, bytes data, uint8_t out[SHA512_BYTES], size_t *n, struct err *err)
{
    switch (which) {
    case SNP_HCL_SHA256:
        *n = SHA256_BYTES;
        return crypto_sha256(&data, 1, out, err);
    case SNP_HCL_SHA384:
        *n = SHA384_BYTES;
        return crypto_sha384(&data, 1, out, err);
    default: /* SNP_HCL_SHA512 */
        *n = SHA512_BYTES;
        return crypto_sha512(&data, 1, out, err);
    }
}

/* REPORT_DATA is the hash, and zeros behind it. */
static void check_runtime_data(const struct snp_evidence *in, struct verdict *v)
{
    struct snp_report report;
    if (!in->runtime_data.ptr) {
        const char *why = in->has_runtime ? "the runtime data did not come with the report" : "no runtime data came";
        verdict_does_not_apply(v, CHECK_EVIDENCE_RUNTIME_DATA, why);
        return;
    }
    uint8_t digest[SHA512_BYTES];
    size_t n;
    struct err err = {0};
    status s = snp_report_read(in->report, &report, &err);
    if (is_ok(s)) s = hash(in->runtime.hash, in->runtime_data, digest, &n, &err);
    if (!verdict_take(v, CHECK_EVIDENCE_RUNTIME_DATA, s, &err)) return;

    bytes have = bytes_slice(report.report_data, 0, n), rest = bytes_slice(report.report_data, n, SHA512_BYTES - n);
    bool bound = bytes_eq(have, BYTES(digest, n)) && bytes_are_zero(rest);
    verdict_set(v, CHECK_EVIDENCE_RUNTIME_DATA, bound, value_text("the hash of the runtime data, then zeros"),
                value_hex(report.report_data), "the runtime data");
}

void envelope_check(const struct snp_evidence *in, struct verdict *v)
{
    check_format(in, v);
    check_runtime_data(in, v);
}

void envelope_failed(const struct err *e, struct verdict *v)
{
    verdict_fail_rule(v, e, CHECK_EVIDENCE_ENVELOPE);
}

/* ---- what is not used ------------------------------------------------------------------------------------------- */

bool envelope_ca_is_foreign(bytes certificate, const struct snp_ca_set *cas)
{
    if (!certificate.ptr) return false;
    struct x509_certificate x;
    struct snp_ca ca;
    if (!is_ok(x509_certificate_parse(certificate, &x, NULL)) || !is_ok(snp_ca_from_certificate(&x, &ca, NULL)))
        return true;
    const struct snp_ca *known = snp_ca_find(cas, ca.product, ca.role);
    return !known || memcmp(known->modulus, ca.modulus, RSA_4096_BYTES) != 0;
}

void envelope_check_tcbm(uint64_t tcbm, const struct snp_report *report, struct verdict *v)
{
    if (tcbm != report->reported_tcb) verdict_warn(v, WARN_TCBM);
}
