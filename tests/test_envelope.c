/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/simulator/options.h"
#include "verify/crypto.h"
#include "verify/envelope.h"

static struct sim_evidence made;
static uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
static struct snp_evidence_storage storage = {.buffer = buffer, .cap = sizeof buffer};

static struct snp_evidence take(const char *options_line)
{
    char line[256];
    struct sim_options options = {0};
    struct snp_evidence e;
    struct err err = {0};
    snprintf(line, sizeof line, "%s", options_line);
    status s = sim_options_parse_line(line, &options, &err);
    if (is_ok(s)) s = sim_make(&options, &made, &err);
    if (is_ok(s)) s = snp_evidence_parse(sim_file(&made, SIM_FILE_EVIDENCE), &storage, &e, &err);
    cr_assert(is_ok(s), "%s: %s", options_line, err.text);
    return e;
}

static enum outcome outcome(const struct snp_evidence *e, enum check_id id)
{
    struct verdict v = {0};
    envelope_check(e, &v);
    return v.by_id[id].outcome;
}

Test(envelope, a_failure_names_its_row_and_runs_nothing)
{
    struct verdict v = {0};
    struct err ruled = {.rule = "evidence.hcl", .text = "why"}, unruled = {.text = "why not"};
    envelope_failed(&ruled, &v);
    cr_expect_eq(v.by_id[CHECK_EVIDENCE_HCL].outcome, FAILED);
    cr_expect_str_eq(v.by_id[CHECK_EVIDENCE_HCL].note, "why");
    cr_expect_eq(v.by_id[CHECK_EVIDENCE_ENVELOPE].outcome, NOT_RUN);
    envelope_failed(&unruled, &v);
    cr_expect_eq(v.by_id[CHECK_EVIDENCE_ENVELOPE].outcome, FAILED);
    cr_expect_eq(verdict_exit_code(&v), 3);
}

Test(envelope, certificates_alone_are_no_evidence)
{
    struct snp_evidence e = take("--envelope thim");
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_ENVELOPE), FAILED);
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_THIM), PASSED);
}

Test(envelope, passes_the_row_of_its_format_alone)
{
    static const struct {
        const char *options;
        enum check_id row;
    } rows[] = {{"--envelope raw", CHECK_COUNT},
                {"--envelope table", CHECK_EVIDENCE_CERTIFICATE_TABLE},
                {"--envelope protobuf", CHECK_EVIDENCE_PROTOBUF},
                {"--envelope hcl", CHECK_EVIDENCE_HCL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct snp_evidence e = take(rows[i].options);
        cr_expect_eq(outcome(&e, CHECK_EVIDENCE_ENVELOPE), PASSED, "%s", rows[i].options);
        for (unsigned id = CHECK_EVIDENCE_CERTIFICATE_TABLE; id <= CHECK_EVIDENCE_HCL; id++)
            cr_expect_eq(outcome(&e, (enum check_id)id), id == rows[i].row ? PASSED : DOES_NOT_APPLY, "%s: %s",
                         rows[i].options, check_rows[id].name);
    }
}

/* ---- runtime data */

Test(envelope, runtime_data_has_to_be_bound_in_full)
{
    struct snp_evidence e = take("--envelope hcl");
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), PASSED);
    uint8_t *report = storage.report;
    memcpy(report, e.report.ptr, SNP_REPORT_BYTES);
    e.report = BYTES_OF(storage.report);
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), PASSED);
    for (size_t i = 0; i < 64; i++) { /* the hash, and the zeros behind it */
        report[0x50 + i] ^= 1;
        cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), FAILED, "byte %zu", i);
        report[0x50 + i] ^= 1;
    }
    e.runtime_data.len--;
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), FAILED);
    e.report.len--;
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), FAILED);
}

Test(envelope, runtime_data_is_hashed_as_its_header_says)
{
    struct snp_evidence e = take("--envelope hcl");
    uint8_t *report_data = storage.report + 0x50;
    memcpy(storage.report, e.report.ptr, SNP_REPORT_BYTES);
    e.report = BYTES_OF(storage.report);
    memset(report_data, 0, 64);
    e.runtime.hash = SNP_HCL_SHA384;
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), FAILED);
    cr_assert(is_ok(crypto_sha384(&e.runtime_data, 1, report_data, NULL)));
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), PASSED);
    e.runtime.hash = SNP_HCL_SHA512;
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), FAILED);
    cr_assert(is_ok(crypto_sha512(&e.runtime_data, 1, report_data, NULL)));
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), PASSED);
}

Test(envelope, runtime_data_that_did_not_come_is_not_judged)
{
    struct snp_evidence e = take("--envelope hcl");
    e.runtime_data = BYTES_ABSENT;
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), DOES_NOT_APPLY);
    e = take("--envelope raw");
    cr_expect_eq(outcome(&e, CHECK_EVIDENCE_RUNTIME_DATA), DOES_NOT_APPLY);
}

/* ---- what is not used */

Test(envelope, knows_the_cas_that_are_trusted)
{
    struct snp_ca_set amd = snp_ca_set_amd();
    take("--product turin");
    struct x509_certificate x;
    struct snp_ca ark;
    cr_assert(is_ok(x509_certificate_parse(sim_file(&made, SIM_FILE_ARK), &x, NULL)));
    cr_assert(is_ok(snp_ca_from_certificate(&x, &ark, NULL)));
    struct snp_ca_set own = {&ark, 1, true};
    cr_expect_not(envelope_ca_is_foreign(BYTES_ABSENT, &amd));
    cr_expect(envelope_ca_is_foreign(BYTES_LIT(""), &amd));
    cr_expect(envelope_ca_is_foreign(BYTES_LIT("junk"), &amd));
    cr_expect(envelope_ca_is_foreign(sim_file(&made, SIM_FILE_LEAF), &amd));
    cr_expect(envelope_ca_is_foreign(sim_file(&made, SIM_FILE_ARK), &amd));
    cr_expect(envelope_ca_is_foreign(sim_file(&made, SIM_FILE_ASK), &own));
    cr_expect_not(envelope_ca_is_foreign(sim_file(&made, SIM_FILE_ARK), &own));
}

Test(envelope, tells_a_tcbm_that_differs)
{
    struct snp_evidence e = take("--envelope raw");
    struct snp_report r;
    struct verdict v = {0};
    cr_assert(is_ok(snp_report_read(e.report, &r, NULL)));
    envelope_check_tcbm(r.reported_tcb, &r, &v);
    cr_expect_not(v.warned[WARN_TCBM]);
    envelope_check_tcbm(r.reported_tcb + 1, &r, &v);
    cr_expect(v.warned[WARN_TCBM]);
}
