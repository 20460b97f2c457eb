/* SPDX-License-Identifier: Apache-2.0 */
/* Project Wycheproof's signatures through verify/crypto.h, HKDF and OAEP through ca/. */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdlib.h>

#include "ca/hkdf.h"
#include "ca/key_math.h"
#include "parse/der.h"
#include "parse/text.h"
#include "tests/shared.h"
#include "verify/crypto.h"

/* How often each expected result was met, and how often by us. */
struct tally {
    size_t valid, invalid, acceptable, wrong;
};

static cJSON *read_suite(const char *path)
{
    bytes in = shared_read(path);
    cJSON *suite = cJSON_ParseWithLength((const char *)in.ptr, in.len);
    cr_assert_not_null(suite, "%s: no JSON", path);
    free((void *)in.ptr);
    return suite;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    cr_assert_not_null(text, "no %s", name);
    return text;
}

/* The bytes of a member in hex, allocated with malloc. */
static bytes hex_of(const cJSON *object, const char *name)
{
    const char *text = text_of(object, name);
    size_t len = strlen(text) / 2;
    uint8_t *out = malloc(len + 1);
    cr_assert_not_null(out);
    cr_assert(is_ok(hex_parse(BYTES((const uint8_t *)text, 2 * len), HEX_LOWER, out, len, NULL)), "%s: %s", name, text);
    return BYTES(out, len);
}

static void count(struct tally *t, const cJSON *test, bool accepted)
{
    const char *want = text_of(test, "result");
    bool valid = strcmp(want, "valid") == 0, acceptable = strcmp(want, "acceptable") == 0;
    t->valid += valid;
    t->acceptable += acceptable;
    t->invalid += !valid && !acceptable;
    bool wrong = !acceptable && valid != accepted;
    t->wrong += wrong;
    cr_expect_not(wrong, "test %d (%s) is %s", cJSON_GetObjectItemCaseSensitive(test, "tcId")->valueint,
                  text_of(test, "comment"), want);
}

static void expect_tally(const struct tally *t, const struct tally *want)
{
    cr_expect_eq(t->valid, want->valid, "%zu valid", t->valid);
    cr_expect_eq(t->invalid, want->invalid, "%zu invalid", t->invalid);
    cr_expect_eq(t->acceptable, want->acceptable, "%zu acceptable", t->acceptable);
    cr_expect_eq(t->wrong, 0u);
}

/* ---- ECDSA ------------------------------------------------------------------------------------------------------ */

/* `n` big-endian octets into 48; false when the number is larger. */
static bool widen(bytes n, uint8_t out[P384_SCALAR_BYTES])
{
    if (n.len > P384_SCALAR_BYTES) return false;
    memset(out, 0, P384_SCALAR_BYTES);
    memcpy(out + P384_SCALAR_BYTES - n.len, n.ptr, n.len);
    return true;
}

/* SEQUENCE { r INTEGER, s INTEGER } in DER and nothing else. */
static bool split_der(bytes signature, uint8_t r[P384_SCALAR_BYTES], uint8_t s[P384_SCALAR_BYTES])
{
    struct cursor c = cursor_over(signature);
    struct cursor pair = der_enter(&c, DER_SEQUENCE, "signature");
    bytes br = der_get_unsigned(&pair, "r"), bs = der_get_unsigned(&pair, "s");
    cursor_close(&c, &pair, "signature");
    return is_ok(cursor_end(&c, NULL)) && widen(br, r) && widen(bs, s);
}

static bool split_p1363(bytes signature, uint8_t r[P384_SCALAR_BYTES], uint8_t s[P384_SCALAR_BYTES])
{
    return signature.len == 2 * P384_SCALAR_BYTES && widen(bytes_slice(signature, 0, P384_SCALAR_BYTES), r) &&
           widen(bytes_slice(signature, P384_SCALAR_BYTES, P384_SCALAR_BYTES), s);
}

static bool verify_ecdsa(bytes point, bytes message, bytes signature, bool der)
{
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    cr_assert(is_ok(crypto_sha384(&message, 1, digest, NULL)));
    if (!(der ? split_der(signature, r, s) : split_p1363(signature, r, s))) return false;
    struct err err = {0};
    status result = crypto_p384_verify(point.ptr, digest, r, s, &err);
    if (!is_ok(result)) cr_assert_eq(result.kind, ERR_SIGNATURE, "%s", err.text);
    return is_ok(result);
}

static void run_ecdsa(const char *path, bool der, const struct tally *want)
{
    struct tally tally = {0};
    const cJSON *group, *test;
    cJSON *suite = read_suite(path);
    cJSON_ArrayForEach(group, cJSON_GetObjectItemCaseSensitive(suite, "testGroups"))
    {
        bytes point = hex_of(cJSON_GetObjectItemCaseSensitive(group, "publicKey"), "uncompressed");
        cr_assert_eq(point.len, (size_t)P384_POINT_BYTES);
        cr_expect(is_ok(crypto_p384_point_check(point.ptr, NULL)));
        cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(group, "tests"))
        {
            bytes message = hex_of(test, "msg"), signature = hex_of(test, "sig");
            count(&tally, test, verify_ecdsa(point, message, signature, der));
            free((void *)message.ptr);
            free((void *)signature.ptr);
        }
        free((void *)point.ptr);
    }
    cJSON_Delete(suite);
    expect_tally(&tally, want);
}

Test(wycheproof, ecdsa_p384_sha384_in_der)
{
    const struct tally want = {.valid = 194, .invalid = 310};
    run_ecdsa("suites/wycheproof/ecdsa_secp384r1_sha384_test.json", true, &want);
}

Test(wycheproof, ecdsa_p384_sha384_as_two_numbers)
{
    const struct tally want = {.valid = 193, .invalid = 87};
    run_ecdsa("suites/wycheproof/ecdsa_secp384r1_sha384_p1363_test.json", false, &want);
}

/* ---- RSA-PSS ---------------------------------------------------------------------------------------------------- */

static bool verify_pss(const uint8_t modulus[RSA4096_BYTES], bytes message, bytes signature)
{
    uint8_t digest[SHA384_BYTES];
    struct err err = {0};
    cr_assert(is_ok(crypto_sha384(&message, 1, digest, NULL)));
    status s = crypto_rsa4096_pss_verify(modulus, 65537, digest, signature, &err);
    if (!is_ok(s)) cr_assert_eq(s.kind, ERR_SIGNATURE, "%s", err.text);
    return is_ok(s);
}

/* s + n, when that still fits into 512 octets: the same residue, and by RFC 8017, 5.2.2 no signature. */
static bool add_modulus(const uint8_t modulus[RSA4096_BYTES], bytes signature, uint8_t out[RSA4096_BYTES])
{
    unsigned carry = 0;
    for (size_t i = RSA4096_BYTES; i-- > 0;) {
        carry += (unsigned)modulus[i] + signature.ptr[i];
        out[i] = (uint8_t)carry;
        carry >>= 8;
    }
    return carry == 0;
}

Test(wycheproof, rsa_pss_4096_sha384_salt_48)
{
    const struct tally want = {.valid = 95, .invalid = 46};
    struct tally tally = {0};
    size_t too_large = 0;
    const cJSON *group, *test;
    cJSON *suite = read_suite("suites/wycheproof/rsa_pss_4096_sha384_mgf1_48_test.json");
    cJSON_ArrayForEach(group, cJSON_GetObjectItemCaseSensitive(suite, "testGroups"))
    {
        const cJSON *key = cJSON_GetObjectItemCaseSensitive(group, "publicKey");
        cr_assert_str_eq(text_of(key, "publicExponent"), "010001");
        bytes modulus = hex_of(key, "modulus"); /* with a sign octet */
        cr_assert_eq(modulus.len, 1u + RSA4096_BYTES);
        cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(group, "tests"))
        {
            uint8_t larger[RSA4096_BYTES];
            bytes message = hex_of(test, "msg"), signature = hex_of(test, "sig");
            bool accepted = verify_pss(modulus.ptr + 1, message, signature);
            count(&tally, test, accepted);
            if (accepted && add_modulus(modulus.ptr + 1, signature, larger)) {
                cr_expect_not(verify_pss(modulus.ptr + 1, message, BYTES_OF(larger)), "s + n is accepted");
                too_large++;
            }
            free((void *)message.ptr);
            free((void *)signature.ptr);
        }
        free((void *)modulus.ptr);
    }
    cJSON_Delete(suite);
    expect_tally(&tally, &want);
    cr_expect_gt(too_large, 5u, "signatures to which the modulus could be added: %zu", too_large);
}

/* ---- HKDF ------------------------------------------------------------------------------------------------------- */

static bool derives(const cJSON *test)
{
    static uint8_t out[HKDF_BYTES_MAX];
    bytes secret = hex_of(test, "ikm"), salt = hex_of(test, "salt"), info = hex_of(test, "info");
    bytes want = hex_of(test, "okm");
    size_t size = (size_t)cJSON_GetObjectItemCaseSensitive(test, "size")->valueint;
    bool done = is_ok(hkdf_sha256(secret, salt, info, out, size, NULL)) && bytes_eq(BYTES(out, size), want);
    free((void *)secret.ptr);
    free((void *)salt.ptr);
    free((void *)info.ptr);
    free((void *)want.ptr);
    return done;
}

Test(wycheproof, hkdf_sha256)
{
    const struct tally want = {.valid = 83, .invalid = 3};
    struct tally tally = {0};
    const cJSON *group, *test;
    cJSON *suite = read_suite("suites/wycheproof/hkdf_sha256_test.json");
    cJSON_ArrayForEach(group, cJSON_GetObjectItemCaseSensitive(suite, "testGroups"))
        cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(group, "tests")) count(&tally, test, derives(test));
    cJSON_Delete(suite);
    expect_tally(&tally, &want);
}

/* ---- RSA-OAEP --------------------------------------------------------------------------------------------------- */

static bool decrypts(const struct rsa_private_key *key, const cJSON *test)
{
    uint8_t out[RSA4096_BYTES];
    struct err err = {0};
    bytes want = hex_of(test, "msg"), label = hex_of(test, "label"), ciphertext = hex_of(test, "ct");
    status s = key_math_oaep_decrypt(key, label, ciphertext, out, want.len, &err);
    if (!is_ok(s)) cr_expect(s.kind == ERR_DENIED || s.kind == ERR_UNSUPPORTED, "%s", err.text);
    bool done = is_ok(s) && bytes_eq(BYTES(out, want.len), want);
    free((void *)want.ptr);
    free((void *)label.ptr);
    free((void *)ciphertext.ptr);
    return done;
}

Test(wycheproof, rsa_oaep_4096_sha256)
{
    const struct tally want = {.valid = 17, .invalid = 19};
    struct tally tally = {0};
    size_t empty = 0;
    const cJSON *group, *test;
    cJSON *suite = read_suite("suites/wycheproof/rsa_oaep_4096_sha256_mgf1sha256_test.json");
    cJSON_ArrayForEach(group, cJSON_GetObjectItemCaseSensitive(suite, "testGroups"))
    {
        struct private_key_info info;
        struct err err = {0};
        bytes der = hex_of(group, "privateKeyPkcs8");
        cr_assert(is_ok(private_key_info_parse(der, &info, &err)), "%s", err.text);
        cr_assert_eq(info.form, PRIVATE_KEY_RSA);
        cr_expect(is_ok(key_math_rsa_check(&info.rsa, NULL)));
        cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(group, "tests"))
        {
            bool is_empty = text_of(test, "msg")[0] == '\0' && strcmp(text_of(test, "result"), "valid") == 0;
            empty += is_empty; /* wolfSSL never decrypts to nothing, and nobody encrypts it */
            if (!is_empty) count(&tally, test, decrypts(&info.rsa, test));
        }
        free((void *)der.ptr);
    }
    cJSON_Delete(suite);
    expect_tally(&tally, &want);
    cr_expect_eq(empty, 1u);
}
