/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "snp/report.h"
#include "snp/thim.h"
#include "tests/shared.h"

#define BLOCK(base64) "-----BEGIN CERTIFICATE-----\\n" base64 "\\n-----END CERTIFICATE-----\\n"
#define LEAF          BLOCK("MAMCAQE=")
#define CHAIN         BLOCK("MAMCAQI=") BLOCK("MAMCAQM=")

/* A document of four members, each with what stands behind its colon. */
static bytes document(const char *vcek, const char *tcbm, const char *chain, const char *cache)
{
    static char text[4096];
    const char *const names[] = {"vcekCert", "tcbm", "certificateChain", "cacheControl"};
    const char *const values[] = {vcek, tcbm, chain, cache};
    int len = snprintf(text, sizeof text, "{");
    for (size_t i = 0; i < 4; i++)
        if (values[i])
            len +=
                snprintf(text + len, sizeof text - (size_t)len, "%s\"%s\":%s", len > 1 ? "," : "", names[i], values[i]);
    len += snprintf(text + len, sizeof text - (size_t)len, "}");
    return BYTES((const uint8_t *)text, (size_t)len);
}

#define QUOTED(s) "\"" s "\""
#define TCBM      QUOTED("7308000000000003")
#define SECONDS   QUOTED("86400")

static uint8_t buffer[16384];

static void refused(bytes in, enum err_kind kind, const char *what)
{
    struct snp_thim t = {.tcbm = 77};
    struct err err = {0};
    cr_expect_eq(snp_thim_parse(in, buffer, sizeof buffer, &t, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, "evidence.thim") == 0, "%s", what);
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect_eq(t.tcbm, 77, "%s", what);
}

Test(thim, negative_139_numbers_of_pem_blocks)
{
    refused(document(QUOTED(""), TCBM, QUOTED(CHAIN), SECONDS), ERR_MISSING, "no leaf");
    refused(document(QUOTED(LEAF LEAF), TCBM, QUOTED(CHAIN), SECONDS), ERR_TRAILING, "two leaves");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(""), SECONDS), ERR_MISSING, "no chain");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(LEAF), SECONDS), ERR_MISSING, "chain of one");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(CHAIN LEAF), SECONDS), ERR_TRAILING, "chain of three");
    refused(document(QUOTED(LEAF "x"), TCBM, QUOTED(CHAIN), SECONDS), ERR_SYNTAX, "text behind the leaf");
    refused(document(QUOTED(LEAF), TCBM, QUOTED("x\\n" CHAIN), SECONDS), ERR_SYNTAX, "text before the chain");
}

Test(thim, negative_139_missing_members)
{
    refused(document(NULL, TCBM, QUOTED(CHAIN), SECONDS), ERR_MISSING, "vcekCert");
    refused(document(QUOTED(LEAF), NULL, QUOTED(CHAIN), SECONDS), ERR_MISSING, "tcbm");
    refused(document(QUOTED(LEAF), TCBM, NULL, SECONDS), ERR_MISSING, "certificateChain");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(CHAIN), NULL), ERR_MISSING, "cacheControl");
    refused(document(NULL, NULL, NULL, NULL), ERR_MISSING, "all");
}

Test(thim, members_of_the_wrong_form_are_refused)
{
    refused(document("1", TCBM, QUOTED(CHAIN), SECONDS), ERR_SYNTAX, "leaf is a number");
    refused(document(QUOTED(LEAF), "73", QUOTED(CHAIN), SECONDS), ERR_SYNTAX, "tcbm is a number");
    refused(document(QUOTED(LEAF), QUOTED("730800000000000"), QUOTED(CHAIN), SECONDS), ERR_TRUNCATED, "15 digits");
    refused(document(QUOTED(LEAF), QUOTED("73080000000000033"), QUOTED(CHAIN), SECONDS), ERR_TRAILING, "17 digits");
    refused(document(QUOTED(LEAF), QUOTED("730800000000000g"), QUOTED(CHAIN), SECONDS), ERR_SYNTAX, "no digit");
    refused(document(QUOTED(LEAF), TCBM, "[]", SECONDS), ERR_SYNTAX, "chain is an array");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(CHAIN), "86400"), ERR_SYNTAX, "cacheControl is a number");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(CHAIN), QUOTED("-1")), ERR_SYNTAX, "negative time");
    refused(document(QUOTED(LEAF), TCBM, QUOTED(CHAIN), QUOTED("4294967296")), ERR_RANGE, "2^32 seconds");
    refused(document(QUOTED(LEAF) ",\"vcekCert\":" QUOTED(LEAF), TCBM, QUOTED(CHAIN), SECONDS), ERR_DUPLICATE,
            "vcekCert twice");
    refused(BYTES_LIT("[]"), ERR_SYNTAX, "an array");
}

Test(thim, lent_buffer_too_small)
{
    bytes in = document(QUOTED(LEAF), TCBM, QUOTED(CHAIN), SECONDS);
    struct snp_thim t;
    size_t cap = 0;
    for (; cap < 2 * in.len; cap++) {
        uint8_t *exact = malloc(cap + 1);
        struct err err = {0};
        status s = snp_thim_parse(in, exact, cap, &t, &err);
        free(exact);
        if (is_ok(s)) break;
        cr_assert_eq(s.kind, ERR_NOMEM, "cap %zu: %s", cap, err.text);
    }
    cr_expect_gt(cap, 0);
    cr_expect_lt(cap, 2 * in.len);
}

Test(thim, values)
{
    struct snp_thim t = {0};
    struct err err = {0};
    bytes in = document(QUOTED(LEAF) ",\"new\":{\"a\":[1]}", QUOTED("730800000000aBcD"), QUOTED(CHAIN), QUOTED("0"));
    cr_assert(is_ok(snp_thim_parse(in, buffer, sizeof buffer, &t, &err)), "%s", err.text);
    cr_expect(bytes_eq(t.vcek, BYTES_LIT("0\3\2\1\1")));
    cr_expect(bytes_eq(t.ask, BYTES_LIT("0\3\2\1\2")));
    cr_expect(bytes_eq(t.ark, BYTES_LIT("0\3\2\1\3")));
    cr_expect_eq(t.tcbm, 0x730800000000abcd);
}

/* tcbm is unsigned advice: one that differs from the report's TCB is well formed, and the leaf decides. */
Test(thim, negative_139_tcbm_other_than_reported)
{
    bytes in = shared_read("vectors/azure/thim_uvm_host_amd_certificate.json");
    bytes raw = shared_read("vectors/reports/ms_sidecar_snp_report.bin");
    struct snp_report report;
    struct snp_thim t = {0};
    cr_assert(is_ok(snp_report_parse(raw, &report, NULL)));
    cr_assert(is_ok(snp_thim_parse(in, buffer, sizeof buffer, &t, NULL)));
    cr_expect_eq(t.tcbm, report.reported_tcb);

    uint8_t *copy = malloc(in.len);
    memcpy(copy, in.ptr, in.len);
    size_t at = 0;
    while (at + 4 <= in.len && memcmp(copy + at, "7308", 4) != 0)
        at++;
    cr_assert_lt(at + 4, in.len);
    copy[at + 3] = '9';
    cr_assert(is_ok(snp_thim_parse(BYTES(copy, in.len), buffer, sizeof buffer, &t, NULL)));
    cr_expect_neq(t.tcbm, report.reported_tcb);
    free(copy);
    free((void *)in.ptr);
    free((void *)raw.ptr);
}
