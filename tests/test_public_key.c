/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/public_key.h"
#include "parse/text.h"
#include "tests/public_keys.h"

/* The bytes that a hex string means. */
static bytes der(const char *hex)
{
    static uint8_t room[2048];
    size_t n = strlen(hex) / 2;
    cr_assert_leq(n, sizeof room);
    cr_assert(is_ok(hex_parse(BYTES((const uint8_t *)hex, 2 * n), HEX_LOWER, room, n, NULL)));
    return BYTES(room, n);
}

static void ec_refused(bytes in, enum err_kind kind, const char *what)
{
    struct ec_public_key k = {.curve = EC_P521};
    struct err err = {0};
    cr_expect_eq(ec_public_key_parse(in, &k, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(k.curve == EC_P521 && bytes_is_absent(k.x), "%s", what);
    cr_expect_neq(err.text[0], '\0', "%s", what);
}

static void rsa_refused(bytes in, enum err_kind kind, const char *what)
{
    struct rsa_public_key k = {.exponent = 77};
    struct err err = {0};
    cr_expect_eq(rsa_public_key_parse(in, &k, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(k.exponent == 77 && bytes_is_absent(k.modulus), "%s", what);
    cr_expect_neq(err.text[0], '\0', "%s", what);
}

Test(public_key, other_algorithms_and_forms_are_refused)
{
    ec_refused(der(KEY_SECP256K1), ERR_UNSUPPORTED, "another curve");
    ec_refused(der(KEY_P256_COMPRESSED), ERR_SYNTAX, "a compressed point");
    ec_refused(der(KEY_P256_EXPLICIT), ERR_SYNTAX, "parameters of a curve instead of its name");
    ec_refused(der(KEY_ED25519), ERR_UNSUPPORTED, "Ed25519");
    ec_refused(der(KEY_RSA2048), ERR_SYNTAX, "RSA");
    rsa_refused(der(KEY_P256), ERR_SYNTAX, "EC");
    rsa_refused(der(KEY_RSA1024), ERR_RANGE, "1024 bits");
}

Test(public_key, every_prefix_and_one_more_byte_are_refused)
{
    static const char *const ec[] = {KEY_P256, KEY_P384, KEY_P521};
    for (size_t i = 0; i < 3; i++) {
        bytes in = der(ec[i]);
        struct ec_public_key k;
        cr_assert(is_ok(ec_public_key_parse(in, &k, NULL)));
        for (size_t n = 0; n < in.len; n++)
            cr_expect(!is_ok(ec_public_key_parse(bytes_slice(in, 0, n), &k, NULL)), "%zu bytes", n);
        ec_refused(BYTES(in.ptr, in.len + 1), ERR_TRAILING, "one more byte");
    }
    bytes in = der(KEY_RSA2048);
    struct rsa_public_key k;
    for (size_t n = 0; n < in.len; n++)
        cr_expect(!is_ok(rsa_public_key_parse(bytes_slice(in, 0, n), &k, NULL)), "%zu bytes", n);
    rsa_refused(BYTES(in.ptr, in.len + 1), ERR_TRAILING, "one more byte");
}

/* A change is refused or moves the point, but for nothing else: the key has one encoding. */
Test(public_key, changes_of_one_byte)
{
    bytes in = der(KEY_P384);
    struct ec_public_key was, k;
    cr_assert(is_ok(ec_public_key_parse(in, &was, NULL)));
    size_t point = in.len - 96;
    for (size_t i = 0; i < in.len; i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            ((uint8_t *)in.ptr)[i] ^= (uint8_t)flip;
            cr_expect_eq(is_ok(ec_public_key_parse(in, &k, NULL)), i >= point, "byte %zu ^ %02x", i, flip);
            ((uint8_t *)in.ptr)[i] ^= (uint8_t)flip;
        }
    }
}

/* 30 82 01 0a | 02 82 01 01 00 <256> | 02 03 01 00 01 */
enum { MODULUS_AT = 9, EXPONENT_AT = 9 + 256 };

Test(public_key, moduli_and_exponents)
{
    bytes in = der(KEY_RSA2048);
    uint8_t *b = (uint8_t *)in.ptr;
    b[MODULUS_AT + 255] ^= 1;
    rsa_refused(in, ERR_RANGE, "even modulus");
    b[MODULUS_AT + 255] ^= 1;
    b[EXPONENT_AT + 4] = 0;
    rsa_refused(in, ERR_RANGE, "even exponent");
    b[EXPONENT_AT + 4] = 1;
    b[MODULUS_AT - 1] = 0x80;
    rsa_refused(in, ERR_SYNTAX, "negative modulus");
    b[MODULUS_AT - 1] = 0;
    b[MODULUS_AT] &= 0x7f;
    rsa_refused(in, ERR_SYNTAX, "modulus that is not minimal");
    b[MODULUS_AT] |= 0x80;

    /* 02 01 01: the exponent 1, and lengths that fit. */
    b[3] -= 2;
    b[EXPONENT_AT + 1] = 1;
    b[EXPONENT_AT + 2] = 1;
    rsa_refused(bytes_slice(in, 0, in.len - 2), ERR_RANGE, "exponent 1");
    b[EXPONENT_AT + 2] = 3;
    struct rsa_public_key k;
    struct err err = {0};
    cr_expect(is_ok(rsa_public_key_parse(bytes_slice(in, 0, in.len - 2), &k, &err)), "%s", err.text);
    cr_expect_eq(k.exponent, 3);
}

Test(public_key, large_numbers)
{
    static uint8_t b[16384 / 8 + 64] = {0x30, 0x82, 0, 0, 0x02, 0x82, 0, 0, 0x00};
    const uint8_t exponent[] = {0x02, 0x04, 0x7f, 0xff, 0xff, 0xff};
    struct rsa_public_key k;
    for (size_t n = 16384 / 8; n <= 16384 / 8 + 1; n++) {
        memset(b + 9, 0xff, n);
        memcpy(b + 9 + n, exponent, sizeof exponent);
        b[6] = (uint8_t)((n + 1) >> 8), b[7] = (uint8_t)(n + 1);
        b[2] = (uint8_t)((n + 11) >> 8), b[3] = (uint8_t)(n + 11);
        bytes in = BYTES(b, n + 15);
        if (n > 16384 / 8) {
            rsa_refused(in, ERR_RANGE, "a modulus of more than 16384 bits");
            continue;
        }
        struct err err = {0};
        cr_assert(is_ok(rsa_public_key_parse(in, &k, &err)), "%s", err.text);
        cr_expect(k.bits == 16384 && k.exponent == INT32_MAX);
        b[9 + n + 2] = 0x00, b[9 + n + 2] = 0x80;
        rsa_refused(in, ERR_SYNTAX, "a negative exponent");
    }
}

Test(public_key, values)
{
    struct ec_public_key k;
    bytes in = der(KEY_P256);
    cr_assert(is_ok(ec_public_key_parse(in, &k, NULL)));
    cr_expect_eq(k.curve, EC_P256);
    cr_expect_str_eq(ec_curve_name(k.curve), "P-256");
    cr_expect(k.x.len == 32 && k.y.len == 32 && k.x.ptr == in.ptr + in.len - 64 && k.y.ptr == k.x.ptr + 32);
    cr_assert(is_ok(ec_public_key_parse(der(KEY_P384), &k, NULL)));
    cr_expect(k.curve == EC_P384 && k.x.len == 48);
    cr_assert(is_ok(ec_public_key_parse(der(KEY_P521), &k, NULL)));
    cr_expect(k.curve == EC_P521 && k.x.len == 66);
    struct rsa_public_key r;
    cr_assert(is_ok(rsa_public_key_parse(der(KEY_RSA2048), &r, NULL)));
    cr_expect(r.bits == 2048 && r.exponent == 65537 && r.modulus.len == 256);
    cr_assert(is_ok(rsa_public_key_parse(der(KEY_RSA4096), &r, NULL)));
    cr_expect(r.bits == 4096 && r.exponent == 65537 && r.modulus.len == 512);
}
