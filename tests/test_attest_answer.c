/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/attest_answer.h"
#include "parse/text.h"

#define HEAD  "{\"version\":\"v1\",\"raw_attestation_doc\":\"ZG9j\",\"attestation_type\":[1,3,9901,2,1],"
#define LISTS "\"manifests\":[\"bTA=\",\"bTE=\"],\"policies\":[\"cDA=\"],"
#define TAIL  "\"root_ca\":\"cm9vdA==\",\"mesh_ca\":\"bWVzaA==\"}"
#define WHOLE HEAD LISTS TAIL "\n"

enum { MANIFESTS = 4, POLICIES = 4 };
static bytes manifests[MANIFESTS], policies[POLICIES];
static uint8_t buffer[8192];

static struct attest_answer_storage storage(void)
{
    return (struct attest_answer_storage){manifests, MANIFESTS, policies, POLICIES, buffer, sizeof buffer};
}

static void refused(bytes in, enum err_kind kind, const char *what)
{
    const struct attest_answer_storage lent = storage();
    struct attest_answer a = {.manifest_count = 77};
    struct err err = {0};
    cr_expect_eq(attest_answer_parse(in, &lent, &a, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, "attest.answer") == 0, "%s", what);
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect_eq(a.manifest_count, 77, "%s", what);
}

Test(attest_answer, members_that_are_missing_unknown_or_twice_are_refused)
{
    refused(BYTES_LIT("{}"), ERR_MISSING, "nothing");
    refused(BYTES_LIT(HEAD TAIL), ERR_MISSING, "no lists");
    refused(BYTES_LIT(HEAD LISTS "\"root_ca\":\"\"}"), ERR_MISSING, "no mesh CA");
    refused(BYTES_LIT(HEAD LISTS "\"hpke_pub_key\":\"\"," TAIL), ERR_UNSUPPORTED, "what REPORT_DATA does not bind");
    refused(BYTES_LIT(HEAD LISTS "\"Root_CA\":\"\"," TAIL), ERR_UNSUPPORTED, "another case");
    refused(BYTES_LIT(HEAD LISTS LISTS TAIL), ERR_DUPLICATE, "manifests twice");
    refused(BYTES_LIT("{\"error\":\"no manifest set\",\"version\":\"v1\"}"), ERR_UNSUPPORTED, "an error");
}

Test(attest_answer, values_of_another_form_are_refused)
{
    refused(BYTES_LIT(HEAD "\"manifests\":[],\"policies\":[]," TAIL), ERR_MISSING, "no manifest");
    refused(BYTES_LIT(HEAD "\"manifests\":null,\"policies\":[]," TAIL), ERR_MISSING, "null");
    refused(BYTES_LIT(HEAD "\"manifests\":\"bTA=\",\"policies\":[]," TAIL), ERR_SYNTAX, "no list");
    refused(BYTES_LIT(HEAD "\"manifests\":[1],\"policies\":[]," TAIL), ERR_SYNTAX, "a number");
    refused(BYTES_LIT(HEAD "\"manifests\":[\"bTA\"],\"policies\":[]," TAIL), ERR_TRUNCATED, "no padding");
    refused(BYTES_LIT(HEAD "\"manifests\":[\"bTB=\"],\"policies\":[]," TAIL), ERR_SYNTAX, "bits left over");
    refused(BYTES_LIT(HEAD "\"manifests\":[\"bT A=\"],\"policies\":[]," TAIL), ERR_SYNTAX, "white space");
    refused(BYTES_LIT("{\"attestation_type\":[-1]," LISTS TAIL), ERR_RANGE, "negative number");
    refused(BYTES_LIT("{\"attestation_type\":[4294967296]," LISTS TAIL), ERR_RANGE, "33 bits");
    refused(BYTES_LIT("{\"attestation_type\":[1,2,3,4,5,6,7,8,9]," LISTS TAIL), ERR_LIMIT, "nine numbers");
    refused(BYTES_LIT("{\"attestation_type\":\"1.3.9901.2.1\"," LISTS TAIL), ERR_SYNTAX, "dotted");
    refused(BYTES_LIT("null"), ERR_SYNTAX, "null");
    refused(BYTES_LIT("[]"), ERR_SYNTAX, "a list");
    refused(BYTES_LIT(WHOLE "{}"), ERR_TRAILING, "two documents");
}

Test(attest_answer, every_prefix_and_one_more_byte_are_refused)
{
    const struct attest_answer_storage lent = storage();
    struct attest_answer a;
    for (size_t n = 0; n < sizeof WHOLE - 2; n++) /* the line end at the end may be missing */
        cr_expect_not(is_ok(attest_answer_parse(BYTES((const uint8_t *)WHOLE, n), &lent, &a, NULL)), "%zu", n);
    cr_expect(is_ok(attest_answer_parse(BYTES((const uint8_t *)WHOLE, sizeof WHOLE - 2), &lent, &a, NULL)));
    cr_expect_not(is_ok(attest_answer_parse(BYTES_LIT(WHOLE "x"), &lent, &a, NULL)));
}

Test(attest_answer, memory_that_is_too_small_is_told)
{
    struct attest_answer_storage lent = storage();
    struct attest_answer a;
    lent.manifest_cap = 1;
    cr_expect_eq(attest_answer_parse(BYTES_LIT(WHOLE), &lent, &a, NULL).kind, ERR_NOMEM);
    lent = storage();
    lent.policy_cap = 0;
    cr_expect_eq(attest_answer_parse(BYTES_LIT(WHOLE), &lent, &a, NULL).kind, ERR_NOMEM);
    for (size_t cap = 0; cap < 32; cap++) {
        lent = storage();
        lent.cap = cap;
        cr_expect_eq(attest_answer_parse(BYTES_LIT(WHOLE), &lent, &a, NULL).kind, ERR_NOMEM, "%zu", cap);
    }
}

Test(attest_answer, more_manifests_than_a_history_may_have)
{
    enum { COUNT = LIMIT_HISTORY_MANIFESTS + 1 };
    static char text[COUNT * 5 + 512];
    static uint8_t big[2 * sizeof text];
    static bytes many[COUNT];
    const struct attest_answer_storage lent = {many, COUNT, policies, POLICIES, big, sizeof big};
    struct attest_answer a;
    for (int extra = 0; extra < 2; extra++) {
        size_t n = (size_t)snprintf(text, sizeof text, "%s\"policies\":[],\"manifests\":[", HEAD);
        for (int i = 0; i < LIMIT_HISTORY_MANIFESTS + extra; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s\"\"", i ? "," : "");
        n += (size_t)snprintf(text + n, sizeof text - n, "],%s", TAIL);
        cr_expect_eq(attest_answer_parse(BYTES((const uint8_t *)text, n), &lent, &a, NULL).kind,
                     extra ? ERR_LIMIT : ERR_NONE);
    }
}

Test(attest_answer, a_document_larger_than_any)
{
    size_t n = LIMIT_ATTEST_ANSWER_BYTES + 1;
    uint8_t *text = calloc(1, n);
    cr_assert_not_null(text);
    memset(text, ' ', n);
    memcpy(text, WHOLE, sizeof WHOLE - 1);
    refused(BYTES(text, n), ERR_LIMIT, "one byte too many");
    const struct attest_answer_storage lent = storage();
    struct attest_answer a;
    cr_expect(is_ok(attest_answer_parse(BYTES(text, n - 1), &lent, &a, NULL)));
    free(text);
}

static void expect_text(bytes have, const char *want)
{
    cr_expect(bytes_eq(have, text_bytes(want)), "%s", want);
}

Test(attest_answer, what_it_says)
{
    static const uint32_t type[] = {1, 3, 9901, 2, 1};
    const struct attest_answer_storage lent = storage();
    struct attest_answer a;
    struct err err = {0};
    cr_assert(is_ok(attest_answer_parse(BYTES_LIT(WHOLE), &lent, &a, &err)), "%s", err.text);
    expect_text(a.version, "v1");
    expect_text(a.document, "doc");
    cr_expect(a.has_type && a.type_count == 5 && memcmp(a.type, type, sizeof type) == 0);
    cr_expect(a.manifest_count == 2 && a.policy_count == 1);
    expect_text(a.manifests[0], "m0");
    expect_text(a.manifests[1], "m1");
    expect_text(a.policies[0], "p0");
    expect_text(a.root_ca, "root");
    expect_text(a.mesh_ca, "mesh");
}

/* The first Coordinators sent no type, and Go writes null for an empty list. */
Test(attest_answer, what_may_be_absent)
{
    const struct attest_answer_storage lent = storage();
    struct attest_answer a;
    struct err err = {0};
    bytes in = BYTES_LIT(
        "{\"raw_attestation_doc\":\"\",\"manifests\":[\"\\u0062TA\\u003d\"],\"version\":\"\",\"policies\":null," TAIL);
    cr_assert(is_ok(attest_answer_parse(in, &lent, &a, &err)), "%s", err.text);
    cr_expect(!a.has_type && a.policy_count == 0 && a.manifest_count == 1);
    expect_text(a.manifests[0], "m0");
    expect_text(a.document, "");
}
