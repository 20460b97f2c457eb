/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/attest_request.h"
#include "parse/manifest_request.h"
#include "parse/text.h"

/* 32 bytes 00..1f; by coreutils' base64. */
#define NONCE "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

/* ---- /attest ---------------------------------------------------------------------------------------------------- */

Test(attest_request, refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_TRUNCATED},
        {"{}", ERR_MISSING},
        {"[]", ERR_SYNTAX},
        {"{\"nonce\":null}", ERR_SYNTAX},
        {"{\"nonce\":\"\"}", ERR_RANGE},
        {"{\"nonce\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\"}", ERR_RANGE},  /* 31 bytes */
        {"{\"nonce\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\"}", ERR_RANGE},  /* 33 bytes */
        {"{\"nonce\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\"}", ERR_SYNTAX}, /* not canonical */
        {"{\"nonce\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}", ERR_SYNTAX},  /* no padding */
        {"{\"nonce\":\"" NONCE "\"}x", ERR_TRAILING},
        {"{\"nonce\":\"" NONCE "\",\"nonce\":\"" NONCE "\"}", ERR_DUPLICATE},
        {"{\"Nonce\":\"" NONCE "\"}", ERR_MISSING},
        {"{\"nonce\":\"" NONCE "\"", ERR_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t nonce[ATTEST_NONCE_BYTES] = {7};
        struct err err = {0};
        status s = attest_request_parse(text_bytes(rows[i].in), nonce, &err);
        cr_expect_not(is_ok(s), "row %zu", i);
        cr_expect(err.text[0] && nonce[0] == 7 && nonce[1] == 0, "row %zu: %s", i, err.text);
    }
    char in[LIMIT_ATTEST_REQUEST_BYTES + 2];
    memset(in, ' ', sizeof in);
    memcpy(in, "{\"nonce\":\"" NONCE "\"}", strlen("{\"nonce\":\"" NONCE "\"}"));
    uint8_t nonce[ATTEST_NONCE_BYTES];
    cr_expect(is_ok(attest_request_parse(BYTES((uint8_t *)in, LIMIT_ATTEST_REQUEST_BYTES), nonce, NULL)));
    cr_expect_eq(attest_request_parse(BYTES((uint8_t *)in, LIMIT_ATTEST_REQUEST_BYTES + 1), nonce, NULL).kind,
                 ERR_LIMIT);
}

Test(attest_request, values)
{
    uint8_t nonce[ATTEST_NONCE_BYTES];
    static const char *const rows[] = {"{\"nonce\":\"" NONCE "\"}",
                                       " { \"later\" : [1,{\"nonce\":2}], \"nonce\" : \"" NONCE "\" }\n"};
    for (size_t i = 0; i < 2; i++) {
        memset(nonce, 0xff, sizeof nonce);
        cr_assert(is_ok(attest_request_parse(text_bytes(rows[i]), nonce, NULL)));
        for (uint8_t k = 0; k < ATTEST_NONCE_BYTES; k++)
            cr_expect_eq(nonce[k], k);
    }
}

Test(attest_request, prefixes_more_and_changes)
{
    static const char whole[] = "{\"nonce\":\"" NONCE "\"}";
    uint8_t in[sizeof whole], nonce[ATTEST_NONCE_BYTES], first[ATTEST_NONCE_BYTES];
    cr_assert(is_ok(attest_request_parse(text_bytes(whole), first, NULL)));
    memcpy(in, whole, sizeof whole);
    for (size_t n = 0; n <= sizeof whole; n++)
        cr_expect_eq(is_ok(attest_request_parse(BYTES(in, n), nonce, NULL)), n == sizeof whole - 1, "%zu bytes", n);
    for (size_t i = 0; i < sizeof whole - 1; i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            in[i] ^= (uint8_t)flip;
            bool taken = is_ok(attest_request_parse(BYTES(in, sizeof whole - 1), nonce, NULL));
            cr_expect(!taken || memcmp(nonce, first, sizeof nonce) != 0, "byte %zu ^ 0x%02x", i, flip);
            in[i] ^= (uint8_t)flip;
        }
    }
}

/* ---- /v1/manifest ----------------------------------------------------------------------------------------------- */

static status parse(const char *in, bytes policies[2], uint8_t buffer[2048], struct user_set_manifest_request *out,
                    struct err *err)
{
    const struct manifest_request_storage lent = {policies, 2, buffer, 2048};
    return manifest_request_parse(text_bytes(in), &lent, out, err);
}

Test(manifest_request, refused)
{
    static const struct {
        const char *in, *text;
    } rows[] = {
        {"{}", "manifest"},
        {"{\"manifest\":\"e30=\",\"policies\":[\"YQ\"]}", "policies[0]"},
        {"{\"manifest\":\"e30=\",\"policies\":{}}", "policies"},
        {"{\"manifest\":\"e30=\",\"policies\":[\"YQ==\",\"YQ==\",\"YQ==\"]}", "no room"},
        {"{\"manifest\":\"e30=\",\"signatures\":[\"YQ==\",\"YQ==\"]}", "more than 1"},
        {"{\"manifest\":\"e30=\",\"signatures\":[\"YQ==\"],\"signature\":\"YQ==\"}", "never come with"},
        {"{\"manifest\":\"e30=\",\"previous_transition_hash\":\"YQ==\",\"signatures\":null}", "never come with"},
        {"{\"manifest\":\"e30=\",\"signature\":5}", "signature"},
        {"{\"manifest\":\"e30=\",\"prev_transition_hash\":\"YQ==\"}", "prev_transition_hash"},
        {"{\"manifest\":\"e30=\",\"manifest\":\"e30=\"}", "manifest"},
        {"{\"manifest\":null}", "manifest"},
        {"{\"manifest\":\"e30=\"}{", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes policies[2];
        uint8_t buffer[2048];
        struct user_set_manifest_request r = {.policy_count = 7};
        struct err err = {0};
        cr_expect_not(is_ok(parse(rows[i].in, policies, buffer, &r, &err)), "row %zu", i);
        cr_expect(strstr(err.text, rows[i].text) && err.text[0], "row %zu: %s", i, err.text);
        cr_expect_eq(r.policy_count, 7);
    }
}

static bool are_same(const struct user_set_manifest_request *a, const struct user_set_manifest_request *b)
{
    bool same = bytes_eq(a->manifest, b->manifest) && a->policy_count == b->policy_count &&
                bytes_eq(a->signature, b->signature) &&
                bytes_eq(a->previous_transition_hash, b->previous_transition_hash);
    for (size_t i = 0; same && i < a->policy_count; i++)
        same = bytes_eq(a->policies[i], b->policies[i]);
    return same;
}

Test(manifest_request, prefixes_more_and_changes)
{
    char whole[] = "{\"manifest\":\"e30=\",\"policies\":[\"cG9saWN5\"],\"signature\":\"c2ln\","
                   "\"previous_transition_hash\":\"aGFzaA==\"}";
    bytes policies[2], others[2];
    uint8_t buffer[2048], other[2048];
    struct user_set_manifest_request first, r;
    const struct manifest_request_storage lent = {others, 2, other, sizeof other};
    cr_assert(is_ok(parse(whole, policies, buffer, &first, NULL)));
    for (size_t n = 0; n <= sizeof whole; n++)
        cr_expect_eq(is_ok(manifest_request_parse(BYTES((uint8_t *)whole, n), &lent, &r, NULL)), n == sizeof whole - 1,
                     "%zu bytes", n);
    for (size_t i = 0; i < sizeof whole - 1; i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            whole[i] ^= (char)flip;
            bool taken = is_ok(manifest_request_parse(BYTES((uint8_t *)whole, sizeof whole - 1), &lent, &r, NULL));
            cr_expect(!taken || !are_same(&r, &first), "byte %zu ^ 0x%02x", i, flip);
            whole[i] ^= (char)flip;
        }
    }
}

/* Too little memory is said, at each step on the way to enough. */
Test(manifest_request, storage)
{
    static const char in[] = "{\"manifest\":\"e30=\",\"policies\":[\"cG9saWN5\",\"\"],\"signatures\":[\"c2ln\"]}";
    bool enough = false;
    for (size_t cap = 0; cap <= MANIFEST_REQUEST_BUFFER_BYTES(sizeof in - 1); cap++) {
        bytes policies[2];
        uint8_t buffer[MANIFEST_REQUEST_BUFFER_BYTES(sizeof in)];
        const struct manifest_request_storage lent = {policies, 2, buffer, cap};
        struct user_set_manifest_request r;
        status s = manifest_request_parse(text_bytes(in), &lent, &r, NULL);
        cr_expect(is_ok(s) || (s.kind == ERR_NOMEM && !enough), "%zu bytes", cap);
        enough = is_ok(s);
    }
    cr_expect(enough);
    static uint8_t long_one[LIMIT_MANIFEST_REQUEST_BYTES + 1];
    const struct manifest_request_storage none = {NULL, 0, NULL, 0};
    struct user_set_manifest_request r;
    cr_expect_eq(manifest_request_parse(BYTES_OF(long_one), &none, &r, NULL).kind, ERR_LIMIT);
}

Test(manifest_request, values)
{
    bytes policies[2];
    uint8_t buffer[2048];
    struct user_set_manifest_request r;
    cr_assert(is_ok(parse("{\"manifest\":\"e30=\",\"policies\":[\"cG9saWN5\",\"\"],\"signatures\":[\"c2ln\"]}",
                          policies, buffer, &r, NULL)));
    cr_expect(bytes_eq(r.manifest, BYTES_LIT("{}")) && r.policy_count == 2);
    cr_expect(bytes_eq(r.policies[0], BYTES_LIT("policy")) && bytes_eq(r.policies[1], BYTES_LIT("")));
    cr_expect(bytes_eq(r.signature, BYTES_LIT("sig")) && bytes_is_absent(r.previous_transition_hash));

    cr_assert(is_ok(parse(
        "{\"previous_transition_hash\":\"aGFzaA==\",\"signature\":\"c2ln\",\"policies\":null,\"manifest\":\"e30=\"}",
        policies, buffer, &r, NULL)));
    cr_expect(bytes_eq(r.previous_transition_hash, BYTES_LIT("hash")) && bytes_eq(r.signature, BYTES_LIT("sig")));
    cr_expect_eq(r.policy_count, 0);
    cr_assert(is_ok(parse("{\"manifest\":\"e30=\",\"signature\":null,\"previous_transition_hash\":\"\"}", policies,
                          buffer, &r, NULL)));
    cr_expect(bytes_is_absent(r.signature) && bytes_is_absent(r.previous_transition_hash));
    cr_assert(is_ok(parse("{\"manifest\":\"e30=\",\"signatures\":[]}", policies, buffer, &r, NULL)));
    cr_expect(bytes_is_absent(r.signature));
}
