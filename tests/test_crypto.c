/* SPDX-License-Identifier: Apache-2.0 */
/* What Wycheproof (tests/test_wycheproof_cjson.c) does not ask of verify/crypto.h. */
#include <criterion/criterion.h>

#include "parse/text.h"
#include "verify/crypto.h"

static void from_hex(const char *text, uint8_t *out, size_t len)
{
    cr_assert(is_ok(hex_parse(text_bytes(text), HEX_LOWER, out, len, NULL)), "%s", text);
}

/* ---- points ----------------------------------------------------------------------------------------------------- */

#define ZERO_48  "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
#define ONE_48   "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"
#define P        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"
#define P_PLUS_1 "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff000000000000000100000000"
/* The y of a point with x = 0 and the x of one with y = 1; solved apart from this tree. */
#define Y_OF_0 "c306610fb0ae5a159cf45c06069f22a6c5eb3641c602d42dea2c4b4f75550793406d80d2b91ad54f9048bd487af1ade1"
#define X_OF_1 "2261b2bf605c22f2f3aef6338719b2c486388ad5240719a5257315969ef01ba27f0a104c89704773a81fdabee6ab5c78"
/* FIPS 186-4, D.1.2.4 */
#define G_X "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
#define G_Y "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"
#define N   "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"

static const struct {
    const char *what, *point;
    bool on_curve;
} points[] = {
    {"infinity as zeros", "04" ZERO_48 ZERO_48, false},
    {"x = p for x = 0", "04" P Y_OF_0, false},
    {"y = p + 1 for y = 1", "04" X_OF_1 P_PLUS_1, false},
    {"off the curve", "04" G_X G_X, false},
    {"last bit",
     "04" ZERO_48 "c306610fb0ae5a159cf45c06069f22a6c5eb3641c602d42dea2c4b4f75550793406d80d2b91ad54f9048bd487af1ade0",
     false},
    {"form 00", "00" G_X G_Y, false},
    {"form 02", "02" G_X G_Y, false},
    {"form 03", "03" G_X G_Y, false},
    {"hybrid form 06", "06" G_X G_Y, false},
    {"hybrid form 07", "07" G_X G_Y, false},
    {"G", "04" G_X G_Y, true},
    {"x = 0", "04" ZERO_48 Y_OF_0, true},
    {"y = 1", "04" X_OF_1 ONE_48, true},
};

Test(crypto, points)
{
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        uint8_t point[P384_POINT_BYTES];
        struct err err = {0};
        from_hex(points[i].point, point, sizeof point);
        status s = crypto_p384_point_check(point, &err);
        cr_expect_eq(s.kind, points[i].on_curve ? ERR_NONE : ERR_RANGE, "%s", points[i].what);
        cr_expect_eq(err.text[0] != '\0', !points[i].on_curve, "%s", points[i].what);
    }
}

/* With the key Q = G and z = 0 modulo n, r = s = x(G) is a signature: u1 = 0, u2 = 1.  So r = x(G) modulo n verifies
 * with r and with no number beside it, and only under a key of the right form. */
Test(crypto, only_numbers_below_n_and_points_of_the_curve_verify)
{
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], other[P384_SCALAR_BYTES], g[P384_POINT_BYTES];
    from_hex(N, digest, sizeof digest);
    from_hex(G_X, r, sizeof r);
    from_hex("04" G_X G_Y, g, sizeof g);
    cr_expect(is_ok(crypto_p384_verify(g, digest, r, r, NULL)), "the good one");

    static const char *const numbers[] = {ZERO_48, ONE_48, N, P};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        from_hex(numbers[i], other, sizeof other);
        cr_expect_eq(crypto_p384_verify(g, digest, other, r, NULL).kind, ERR_SIGNATURE, "r = %s", numbers[i]);
        cr_expect_eq(crypto_p384_verify(g, digest, r, other, NULL).kind, ERR_SIGNATURE, "s = %s", numbers[i]);
        cr_expect_eq(crypto_p384_verify(g, digest, other, other, NULL).kind, ERR_SIGNATURE, "both %s", numbers[i]);
    }
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        uint8_t point[P384_POINT_BYTES];
        struct err err = {0};
        from_hex(points[i].point, point, sizeof point);
        bool is_g = bytes_eq(BYTES_OF(point), BYTES_OF(g));
        status s = crypto_p384_verify(point, digest, r, r, &err);
        cr_expect_eq(s.kind, is_g ? ERR_NONE : ERR_SIGNATURE, "%s", points[i].what);
    }
}

/* ---- RSA -------------------------------------------------------------------------------------------------------- */

Test(crypto, rsa_signatures_of_another_length_or_above_the_modulus)
{
    static const uint8_t digest[SHA384_BYTES];
    uint8_t modulus[RSA4096_BYTES], signature[RSA4096_BYTES + 1] = {0};
    memset(modulus, 0xff, sizeof modulus);
    static const size_t lengths[] = {0, 1, 511, 513};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        cr_expect_eq(crypto_rsa4096_pss_verify(modulus, 65537, digest, BYTES(signature, lengths[i]), NULL).kind,
                     ERR_SIGNATURE);
    cr_expect_eq(crypto_rsa4096_pss_verify(modulus, 65537, digest, BYTES_ABSENT, NULL).kind, ERR_SIGNATURE);
    memset(signature, 0xff, RSA4096_BYTES);
    struct err err = {0};
    cr_expect_eq(crypto_rsa4096_pss_verify(modulus, 65537, digest, BYTES(signature, RSA4096_BYTES), &err).kind,
                 ERR_SIGNATURE, "the modulus itself");
    cr_expect_str_eq(err.text, "RSA-PSS signature is not below the modulus");
    memset(signature, 0, RSA4096_BYTES);
    for (uint8_t last = 0; last < 3; last++) {
        signature[RSA4096_BYTES - 1] = last;
        cr_expect_eq(crypto_rsa4096_pss_verify(modulus, 65537, digest, BYTES(signature, RSA4096_BYTES), NULL).kind,
                     ERR_SIGNATURE, "%u", last);
    }
}

/* ---- digests ---------------------------------------------------------------------------------------------------- */

static void expect_digests(const bytes *parts, size_t count, const char *sha256, const char *sha384, const char *sha512)
{
    uint8_t have[SHA512_BYTES], want[SHA512_BYTES];
    cr_assert(is_ok(crypto_sha256(parts, count, have, NULL)));
    from_hex(sha256, want, SHA256_BYTES);
    cr_expect_arr_eq(have, want, SHA256_BYTES);
    cr_assert(is_ok(crypto_sha384(parts, count, have, NULL)));
    from_hex(sha384, want, SHA384_BYTES);
    cr_expect_arr_eq(have, want, SHA384_BYTES);
    cr_assert(is_ok(crypto_sha512(parts, count, have, NULL)));
    from_hex(sha512, want, SHA512_BYTES);
    cr_expect_arr_eq(have, want, SHA512_BYTES);
}

/* FIPS 180-4's examples. */
Test(crypto, digests_of_parts_are_those_of_the_whole)
{
#define ABC_256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_384 "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
#define ABC_512                                                                                                        \
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e" \
    "2a9ac94fa54ca49f"
    const bytes whole[] = {BYTES_LIT("abc")};
    const bytes parts[] = {BYTES_LIT(""), BYTES_LIT("a"), BYTES_ABSENT, BYTES_LIT("bc"), BYTES_LIT("")};
    expect_digests(whole, 1, ABC_256, ABC_384, ABC_512);
    expect_digests(parts, 5, ABC_256, ABC_384, ABC_512);
    const char *const empty[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a"
        "81"
        "a538327af927da3e"};
    expect_digests(NULL, 0, empty[0], empty[1], empty[2]);
}

Test(crypto, the_library_has_a_name)
{
    cr_expect(is_ok(crypto_open(NULL)));
    cr_expect_eq(strncmp(crypto_library(), "wolfSSL ", 8), 0);
}
