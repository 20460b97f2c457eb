/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "snp/evidence.h"
#include "snp/leaf.h"
#include "snp/report_json.h"
#include "tests/shared.h"
#include "verify/signature.h"

#define TCB "{\"fmc\":null,\"bootloader\":1,\"tee\":2,\"snp\":3,\"microcode\":4}"

static char text[16384], changed[16384];

static void put(const char *s)
{
    size_t len = strlen(text);
    cr_assert(len + strlen(s) < sizeof text);
    memcpy(text + len, s, strlen(s) + 1);
}

/* "name":[first,0,0,...], in all `size` numbers. */
static void put_array(const char *name, int first, size_t size)
{
    char item[64];
    (void)snprintf(item, sizeof item, "\"%s\":[%d", name, first);
    put(item);
    for (size_t i = 1; i < size; i++)
        put(",0");
    put("],");
}

/* A whole report of version 3 in `text`. */
static void make(void)
{
    text[0] = '\0';
    put("{\"version\":3,\"guest_svn\":7,\"policy\":196608,\"vmpl\":1,\"sig_algo\":1,\"plat_info\":37,\"key_info\":4,");
    put_array("family_id", 16, 16);
    put_array("image_id", 17, 16);
    put_array("report_data", 18, 64);
    put_array("measurement", 19, 48);
    put_array("host_data", 20, 32);
    put_array("id_key_digest", 21, 48);
    put_array("author_key_digest", 22, 48);
    put_array("report_id", 23, 32);
    put_array("report_id_ma", 24, 32);
    put_array("chip_id", 25, 64);
    put("\"current_tcb\":" TCB ",\"reported_tcb\":" TCB ",\"committed_tcb\":" TCB ",\"launch_tcb\":" TCB ",");
    put("\"cpuid_fam_id\":25,\"cpuid_mod_id\":1,\"cpuid_step\":2,");
    put("\"current\":{\"major\":1,\"minor\":55,\"build\":29},\"committed\":{\"major\":1,\"minor\":54,\"build\":28},");
    put("\"signature\":{");
    put_array("r", 26, 72);
    put_array("s", 27, 72);
    text[strlen(text) - 1] = '\0';
    put("},\"x\":{\"y\":[null]}}");
}

static status parse(const char *document, uint8_t report[SNP_REPORT_BYTES], struct err *err)
{
    bytes keys[64];
    uint8_t unescaped[1024];
    struct json_reader r = {
        .in = text_bytes(document), .keys = keys, .key_cap = 64, .text = unescaped, .text_cap = sizeof unescaped};
    TRY(snp_report_json_parse(&r, report, err));
    return json_finish(&r, err);
}

/* `text` with the first `from` replaced. */
static const char *with(const char *from, const char *to)
{
    char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    int n = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    cr_assert(n > 0 && (size_t)n < sizeof changed);
    return changed;
}

Test(report_json, refuses)
{
    static const struct {
        const char *from, *to;
        enum err_kind kind;
    } rows[] = {
        {"\"version\":3,", "", ERR_MISSING},
        {"\"version\":3", "\"version\":3,\"version\":3", ERR_DUPLICATE},
        {"\"version\":3", "\"version\":4294967296", ERR_RANGE},
        {"\"version\":3", "\"version\":-3", ERR_RANGE},
        {"\"version\":3", "\"version\":null", ERR_SYNTAX},
        {"\"version\":3", "\"version\":\"3\"", ERR_SYNTAX},
        {"\"policy\":196608", "\"policy\":18446744073709551616", ERR_RANGE},
        {"\"cpuid_fam_id\":25", "\"cpuid_fam_id\":256", ERR_RANGE},
        {"\"cpuid_fam_id\":25", "\"cpuid_fam_id\":[25]", ERR_SYNTAX},
        {"[16,0,", "[16,", ERR_TRUNCATED},
        {"[16,0,", "[16,0,0,", ERR_TRAILING},
        {"[16,0,", "[256,0,", ERR_RANGE},
        {"[18,0,", "[18,", ERR_TRUNCATED},
        {"\"bootloader\":1,", "", ERR_MISSING},
        {"\"bootloader\":1", "\"bootloader\":256", ERR_RANGE},
        {"\"fmc\":null", "\"fmc\":256", ERR_RANGE},
        {"\"current_tcb\":" TCB, "\"current_tcb\":5", ERR_SYNTAX},
        {"\"minor\":55", "\"minor\":256", ERR_RANGE},
        {"\"minor\":55,", "", ERR_MISSING},
        {"\"current\":{\"major\":1,\"minor\":55,\"build\":29}", "\"current\":[1,55,29]", ERR_SYNTAX},
        {"[26,0,", "[26,", ERR_TRUNCATED},
        {"[27,0,", "[27,0,0,", ERR_TRAILING},
        {"\"r\":", "\"q\":", ERR_MISSING},
        {"\"signature\":{", "\"signature\":[{", ERR_SYNTAX},
        {"\"x\":{\"y\":[null]}}", "\"x\":0", ERR_TRUNCATED},
        {"[null]}}", "[null]}}}", ERR_TRAILING},
    };
    make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t report[SNP_REPORT_BYTES];
        memset(report, 0xa5, sizeof report);
        struct err err = {0};
        status s = parse(with(rows[i].from, rows[i].to), report, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].to, err.text);
        cr_expect_neq(err.text[0], '\0', "%s", rows[i].to);
        if (i + 1 < sizeof rows / sizeof rows[0]) cr_expect_eq(report[0], 0xa5, "%s: output touched", rows[i].to);
    }
}

Test(report_json, every_prefix_is_refused)
{
    uint8_t report[SNP_REPORT_BYTES];
    make();
    for (size_t n = strlen(text); n-- > 0;) {
        text[n] = '\0';
        cr_assert_not(is_ok(parse(text, report, NULL)), "prefix of %zu", n);
    }
}

/* Each member at its place in the table of the specification, and zeros everywhere else. */
Test(report_json, values)
{
    static const struct {
        size_t at;
        uint8_t value;
    } places[] = {
        {0x000, 3},  {0x004, 7},  {0x00a, 3},  {0x010, 16},      {0x020, 17}, {0x030, 1},  {0x034, 1},  {0x038, 1},
        {0x039, 2},  {0x03e, 3},  {0x03f, 4},  {0x040, 37},      {0x048, 4},  {0x050, 18}, {0x090, 19}, {0x0c0, 20},
        {0x0e0, 21}, {0x110, 22}, {0x140, 23}, {0x160, 24},      {0x180, 1},  {0x181, 2},  {0x186, 3},  {0x187, 4},
        {0x188, 25}, {0x189, 1},  {0x18a, 2},  {0x1a0, 25},      {0x1e0, 1},  {0x1e1, 2},  {0x1e6, 3},  {0x1e7, 4},
        {0x1e8, 29}, {0x1e9, 55}, {0x1ea, 1},  {0x1ec, 28},      {0x1ed, 54}, {0x1ee, 1},  {0x1f0, 1},  {0x1f1, 2},
        {0x1f6, 3},  {0x1f7, 4},  {0x2a0, 26}, {0x2a0 + 72, 27},
    };
    uint8_t report[SNP_REPORT_BYTES], want[SNP_REPORT_BYTES] = {0};
    struct err err = {0};
    make();
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        want[places[i].at] = places[i].value;
    cr_assert(is_ok(parse(text, report, &err)), "%s", err.text);
    cr_expect_eq(memcmp(report, want, sizeof want), 0);

    /* Turin has FMC first; version 5 has the mitigation vectors. */
    cr_assert(is_ok(parse(with("\"fmc\":null", "\"fmc\":9"), report, &err)), "%s", err.text);
    cr_expect_eq(memcmp(report + 0x38, "\x09\x01\x02\x03\0\0\0\x04", 8), 0);
    const char *vectors = "\"launch_mit_vector\":18446744073709551615,\"current_mit_vector\":258,\"vmpl\":1";
    cr_assert(is_ok(parse(with("\"vmpl\":1", vectors), report, &err)), "%s", err.text);
    cr_expect_eq(memcmp(report + 0x1f8, "\xff\xff\xff\xff\xff\xff\xff\xff\x02\x01\0\0\0\0\0\0", 16), 0);

    /* Version 2 has no CPUID bytes. */
    cr_assert(is_ok(parse(with("\"cpuid_fam_id\":25,\"cpuid_mod_id\":1,\"cpuid_step\":2,",
                               "\"cpuid_fam_id\":null,\"cpuid_mod_id\":null,"),
                          report, &err)),
              "%s", err.text);
    cr_expect(bytes_are_zero(BYTES(report + 0x188, 3)));
}

/* The report was never seen in raw bytes; AMD's signature is the judge of what we built. */
Test(report_json, trustee_vector_verifies)
{
    static uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
    static struct snp_evidence_storage lent = {.buffer = buffer, .cap = sizeof buffer};
    bytes in = shared_read("vectors/azure/trustee_e2e_snp_evidence.json");
    bytes vcek = shared_read("vectors/certs/trustee_e2e.vcek.der");
    struct snp_evidence e = {0};
    struct snp_report report;
    struct snp_leaf leaf;
    struct err err = {0};
    cr_assert(is_ok(snp_evidence_parse(in, &lent, &e, &err)), "%s", err.text);
    cr_expect_eq(e.envelope, SNP_ENVELOPE_JSON);
    cr_expect_eq(e.inner, SNP_ENVELOPE_REPORT);
    cr_expect(bytes_eq(e.vcek, vcek));
    cr_assert(is_ok(snp_report_parse(e.report, &report, &err)), "%s", err.text);
    cr_assert(is_ok(snp_leaf_parse(e.vcek, &leaf, &err)), "%s", err.text);
    cr_expect(is_ok(signature_check_report(&report, leaf.point, &err)), "%s", err.text);
    free((void *)in.ptr);
    free((void *)vcek.ptr);
}
