/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/fetch_image.h"
#include "parse/registry_auth.h"
#include "parse/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static bytes keys[64];
static uint8_t text[4096];
static const struct registry_auth_storage lent = {
    .keys = keys, .key_cap = 64, .secret_text = text, .text_cap = sizeof text};

static bool is_text(bytes have, const char *want)
{
    return want ? bytes_eq(have, text_bytes(want)) : !have.ptr;
}

Test(registry_auth, challenges)
{
    static const struct {
        const char *in;
        enum err_kind kind;
        const char *realm, *service, *scope;
    } rows[] = {
        {"", ERR_UNSUPPORTED, NULL, NULL, NULL},
        {",, ,", ERR_UNSUPPORTED, NULL, NULL, NULL},
        {"Digest realm=\"a\"", ERR_UNSUPPORTED, NULL, NULL, NULL},
        {"Negotiate abc==", ERR_UNSUPPORTED, NULL, NULL, NULL},
        {"Bearer", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer service=a", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=\"a", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=\"a\\\"b\"", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=\"a\nb\"", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=\"\xc3\xa9\"", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=\"a\"x", ERR_SYNTAX, NULL, NULL, NULL},
        {"realm=\"a\"", ERR_SYNTAX, NULL, NULL, NULL},
        {"\"Bearer\"", ERR_SYNTAX, NULL, NULL, NULL},
        {"Bearer realm=a,Realm=b", ERR_DUPLICATE, NULL, NULL, NULL},
        {"Bearer realm=a, Bearer realm=b", ERR_DUPLICATE, NULL, NULL, NULL},
        {"Basic realm=\"a\"", ERR_NONE, NULL, NULL, NULL},
        {"basic", ERR_NONE, NULL, NULL, NULL},
        {"Negotiate abc==, BASIC realm=a", ERR_NONE, NULL, NULL, NULL},
        {"Bearer realm=\"https://a/b?c\" , service = \"d e\",scope=\"f:g\",error=h", ERR_NONE, "https://a/b?c", "d e",
         "f:g"},
        {"Basic realm=\"x\",\tBEARER REALM=y", ERR_NONE, "y", NULL, NULL},
        {"Bearer realm=\"y\", Basic realm=\"x\"", ERR_NONE, "y", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct auth_challenge c = {.is_bearer = true, .scope = BYTES_LIT("before")};
        struct err err = {0};
        status s = auth_challenge_parse(text_bytes(rows[i].in), &c, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].in, err.text);
        if (!is_ok(s)) {
            cr_expect(err.text[0] && is_text(c.scope, "before"), "%s", rows[i].in);
            continue;
        }
        cr_expect_eq(c.is_bearer, rows[i].realm != NULL, "%s", rows[i].in);
        cr_expect(is_text(c.realm, rows[i].realm) && is_text(c.service, rows[i].service) &&
                      is_text(c.scope, rows[i].scope),
                  "%s", rows[i].in);
    }
}

#define AUTHS(name)     "{\"auths\":{\"" name "\":{\"auth\":\"dTpw\"}}}"
#define TWO(one, other) "{\"auths\":{\"" one "\":{\"auth\":\"b25l\"},\"" other "\":{\"auth\":\"dTpw\"}}}"

Test(registry_auth, names_of_hosts_are_whole)
{
    static const struct {
        const char *in, *host;
        bool is_found; /* with "dTpw" */
    } rows[] = {
        {AUTHS("r.example"), "r.example", true},
        {AUTHS("https://r.example/v2/"), "r.example", true},
        {AUTHS("http://r.example/v1"), "r.example", true},
        {AUTHS("r.example:5000"), "r.example:5000", true},
        {AUTHS("r.example/team"), "r.example", true},
        {AUTHS("r.example/team/app"), "r.example", true},
        {AUTHS("https://index.docker.io/v1/"), "docker.io", true},
        {AUTHS("registry-1.docker.io"), "docker.io", true},
        {TWO("r.example", "r.example/team"), "r.example", true},
        {"{\"auths\":{\"r.example/team\":{\"auth\":\"dTpw\"},\"r.example\":{\"auth\":\"b25l\"}}}", "r.example", true},
        {AUTHS("example"), "r.example", false},
        {AUTHS(".example"), "r.example", false},
        {AUTHS("r.example"), "example", false},
        {AUTHS("r.example"), "a.r.example", false},
        {AUTHS("r.example"), "r.example.evil", false},
        {AUTHS("r.example.evil"), "r.example", false},
        {AUTHS("R.example"), "r.example", false},
        {AUTHS("r.example"), "r.example:5000", false},
        {AUTHS("r.example:5000"), "r.example", false},
        {AUTHS("r.example:50001"), "r.example:5000", false},
        {AUTHS("evil/r.example"), "r.example", false},
        {AUTHS("r.example/tea"), "r.example", false},
        {AUTHS("r.example/team/ap"), "r.example", false},
        {AUTHS("r.example/team/app/more"), "r.example", false},
        {AUTHS("r.example//"), "r.example", false},
        {AUTHS(""), "r.example", false},
        {AUTHS("docker.io"), "index.docker.io", false},
        {"{\"auths\":{\"r.example\":{}}}", "r.example", false},
        {"{}", "r.example", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct registry_login l = {.has_identity = true};
        struct err err = {0};
        status s = registry_login_find(text_bytes(rows[i].in), text_bytes(rows[i].host), BYTES_LIT("team/app"), &lent,
                                       &l, &err);
        cr_assert(is_ok(s), "%s: %s", rows[i].in, err.text);
        cr_expect(is_text(l.secret_basic, rows[i].is_found ? "dTpw" : NULL), "%s: %s", rows[i].in, rows[i].host);
        cr_expect(!l.has_identity && !l.helper.ptr, "%s", rows[i].in);
    }
}

Test(registry_auth, helpers)
{
    static const struct {
        const char *in, *helper;
        enum err_kind kind;
    } rows[] = {
        {"{\"credsStore\":\"pass\"}", "pass", ERR_NONE},
        {"{\"credHelpers\":{\"r.example\":\"ecr-login\",\"other\":\"x\"},\"credsStore\":\"pass\"}", "ecr-login",
         ERR_NONE},
        {"{\"credHelpers\":{\"other\":\"x\"}}", NULL, ERR_NONE},
        {"{\"credHelpers\":{\"r.example\":\"\"},\"credsStore\":\"pass\"}", NULL, ERR_NONE},
        {"{\"credsStore\":\"\"}", NULL, ERR_NONE},
        {"{\"credsStore\":\"../a\"}", NULL, ERR_SYNTAX},
        {"{\"credsStore\":\"a b\"}", NULL, ERR_SYNTAX},
        {"{\"credsStore\":\"12345678901234567890123456789012345678901234567890123456789012345\"}", NULL, ERR_SYNTAX},
        {"{\"credsStore\":1}", NULL, ERR_SYNTAX},
        {"{\"auths\":[]}", NULL, ERR_SYNTAX},
        {"{\"auths\":{\"a\":{\"auth\":1}}}", NULL, ERR_SYNTAX},
        {"{\"auths\":{\"a\":{},\"a\":{}}}", NULL, ERR_DUPLICATE},
        {"{} x", NULL, ERR_TRAILING},
        {"", NULL, ERR_TRUNCATED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct registry_login l = {.has_identity = false};
        struct err err = {0};
        status s = registry_login_find(text_bytes(rows[i].in), BYTES_LIT("r.example"), BYTES_LIT("a"), &lent, &l, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].in, err.text);
        cr_expect(is_text(l.helper, rows[i].helper), "%s", rows[i].in);
    }
    struct registry_login l;
    cr_assert(is_ok(registry_login_find(text_bytes("{\"auths\":{\"r\":{\"identitytoken\":\"t\"}}}"), BYTES_LIT("r"),
                                        BYTES_LIT("a"), &lent, &l, NULL)));
    cr_expect(l.has_identity && !l.secret_basic.ptr);
}

Test(registry_auth, answers)
{
    static const struct {
        const char *in, *token;
        enum err_kind kind;
    } rows[] = {
        {"{\"token\":\"a.b\",\"access_token\":\"c\",\"expires_in\":300}", "a.b", ERR_NONE},
        {"{\"access_token\":\"c\"}", "c", ERR_NONE},
        {"{\"token\":\"\",\"access_token\":\"c\"}", "c", ERR_NONE},
        {"{}", NULL, ERR_MISSING},
        {"{\"token\":\"\"}", NULL, ERR_MISSING},
        {"{\"token\":\"a\\nX: b\"}", NULL, ERR_MISSING},
        {"{\"token\":\"a b\"}", NULL, ERR_MISSING},
        {"{\"token\":null}", NULL, ERR_SYNTAX},
        {"{\"token\":\"a\"}{", NULL, ERR_TRAILING},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bytes secret = BYTES_ABSENT, name;
        struct err err = {0};
        cr_expect_eq(registry_token_parse(text_bytes(rows[i].in), &lent, &secret, &err).kind, rows[i].kind, "%s: %s",
                     rows[i].in, err.text);
        cr_expect(is_text(secret, rows[i].token), "%s", rows[i].in);
        cr_expect_not(is_ok(registry_helper_parse(text_bytes(rows[i].in), &lent, &name, &secret, NULL)));
    }
    bytes name, secret;
    cr_assert(is_ok(registry_helper_parse(text_bytes("{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"p:\\\"\"}"),
                                          &lent, &name, &secret, NULL)));
    cr_expect(is_text(name, "u") && is_text(secret, "p:\""));
}

Test(fetch_image, requests)
{
    uint8_t out[FETCH_IMAGE_REQUEST_BYTES_MAX + 1], digest[FETCH_DIGEST_BYTES] = {1, 2, 3};
    struct fetch_image_request in = {.kind = FETCH_BLOB,
                                     .wait_ms = 0x01020304,
                                     .digest = BYTES_OF(digest),
                                     .repository = BYTES_LIT("docker.io/library/a")},
                               got;
    struct fetch_request other;
    size_t n = fetch_image_request_write(&in, out);
    cr_assert(is_ok(fetch_image_request_parse(BYTES(out, n), &got, NULL)));
    cr_expect(got.kind == FETCH_BLOB && got.wait_ms == 0x01020304 && bytes_eq(got.digest, in.digest) &&
              bytes_eq(got.repository, in.repository));
    cr_expect(fetch_is_image_request(BYTES(out, n)) && !fetch_is_image_request(BYTES(out, 0)));
    cr_expect_not(is_ok(fetch_request_parse(BYTES(out, n), &other, NULL)), "a front of the Coordinator may not ask it");
    /* A prefix is another repository, or none. */
    for (size_t k = 0; k <= 6 + FETCH_DIGEST_BYTES; k++)
        cr_expect_not(is_ok(fetch_image_request_parse(BYTES(out, k), &got, NULL)), "%zu bytes", k);
    out[1] = 1;
    cr_expect_eq(fetch_image_request_parse(BYTES(out, n), &got, NULL).kind, ERR_RANGE);
    out[1] = 0;
    for (unsigned kind = 0; kind < 256; kind++) {
        out[0] = (uint8_t)kind;
        cr_expect_eq(is_ok(fetch_image_request_parse(BYTES(out, n), &got, NULL)), kind == 3 || kind == 4, "%u", kind);
    }
    out[0] = FETCH_MANIFEST;
    out[n - 1] = ' ';
    cr_expect_eq(fetch_image_request_parse(BYTES(out, n), &got, NULL).kind, ERR_RANGE);
    memset(&out[6 + FETCH_DIGEST_BYTES], 'a', FETCH_REPOSITORY_BYTES + 1);
    cr_expect(is_ok(fetch_image_request_parse(BYTES(out, sizeof out - 1), &got, NULL)));
    cr_expect_eq(fetch_image_request_parse(BYTES(out, sizeof out), &got, NULL).kind, ERR_RANGE);
}
