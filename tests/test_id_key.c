/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "parse/text.h"
#include "tests/shared.h"
#include "verify/crypto.h"
#include "verify/id_key.h"

static void from_hex(const char *hex, uint8_t *out, size_t len)
{
    cr_assert(is_ok(hex_parse(text_bytes(hex), HEX_LOWER, out, len, NULL)), "%s", hex);
}

static void expect_hex(const uint8_t *have, size_t len, const char *want)
{
    char text[HEX_TEXT_SIZE(P384_POINT_BYTES)];
    cr_assert(is_ok(hex_write(BYTES(have, len), text, sizeof text, NULL)));
    cr_expect_str_eq(text, want, "want %s, have %s", want, text);
}

static void sha384(bytes in, uint8_t out[static SHA384_BYTES])
{
    cr_assert(is_ok(crypto_sha384(&in, 1, out, NULL)));
}

/* ---- recovery: RFC 6979, A.2.6, P-384, SHA-384, "sample"; y of R from its k ---------------------------------------
 */

static const char rfc_q[] =
    "04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720";
static const char rfc_r[] =
    "0494edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
    "accfa7dfb107699dbfa50f52ed9046a980236ce3fc22a212bd1bcd5962aeb618739e5644d9e08c95d1ef4a4218ff5923";
static const char rfc_minus_r[] =
    "0494edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
    "533058204ef89662405af0ad126fb9567fdc931c03dd5ded42e432a69d5149e68c61a9ba261f736a2e10b5bee700a6dc";
static const char rfc_s[] =
    "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8";
/* the order of the group, and its generator */
static const char order[] =
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";
static const char order_less_5[] =
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc5296e";
static const char generator[] =
    "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f";

struct recovery {
    uint8_t r[P384_POINT_BYTES], s[P384_SCALAR_BYTES], z[SHA384_BYTES];
};

static struct recovery rfc_recovery(void)
{
    struct recovery in;
    from_hex(rfc_r, in.r, sizeof in.r);
    from_hex(rfc_s, in.s, sizeof in.s);
    sha384(BYTES_LIT("sample"), in.z);
    return in;
}

static enum err_kind recover(const struct recovery *in, uint8_t out[2][P384_POINT_BYTES])
{
    struct err err = {0};
    status s = crypto_p384_recover(in->r, in->s, in->z, out, &err);
    cr_expect_eq(s.kind, err.kind);
    return s.kind;
}

Test(id_key, numbers_that_are_zero_and_points_off_the_curve_are_refused)
{
    struct recovery in = rfc_recovery();
    uint8_t q[2][P384_POINT_BYTES] = {{77}};
    in.r[96] ^= 1;
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    in = rfc_recovery();
    in.r[0] = 2;
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    in = rfc_recovery();
    memset(in.s, 0, sizeof in.s);
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    from_hex(order, in.s, sizeof in.s);
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    in = rfc_recovery();
    memset(in.z, 0, sizeof in.z);
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    from_hex(order, in.z, sizeof in.z);
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    cr_expect_eq(q[0][0], 77, "written on failure");
}

/* R = G and z = s: the key would be the point at infinity.  z = -s: it would be a doubling. */
Test(id_key, sums_of_points_with_one_x_are_refused)
{
    struct recovery in = {.s = {[47] = 5}, .z = {[47] = 5}};
    uint8_t q[2][P384_POINT_BYTES];
    from_hex(generator, in.r, sizeof in.r);
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    from_hex(order_less_5, in.z, sizeof in.z);
    cr_expect_eq(recover(&in, q), ERR_RANGE);
    in.z[47]++;
    cr_expect_eq(recover(&in, q), ERR_NONE);
}

Test(id_key, the_key_of_a_signature_is_recovered)
{
    struct recovery in = rfc_recovery();
    uint8_t q[2][P384_POINT_BYTES];
    cr_assert_eq(recover(&in, q), ERR_NONE);
    expect_hex(q[0], sizeof q[0], rfc_q);

    /* With -R, whose y is p - y, the two change places. */
    uint8_t swapped[2][P384_POINT_BYTES];
    from_hex(rfc_minus_r, in.r, sizeof in.r);
    cr_assert_eq(recover(&in, swapped), ERR_NONE);
    cr_expect_eq(memcmp(swapped[1], q[0], sizeof q[0]), 0);
    cr_expect_eq(memcmp(swapped[0], q[1], sizeof q[0]), 0);
}

/* ---- Contrast's key -------------------------------------------------------------------------------------------- */

static const char measurement[] =
    "5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f";

static struct snp_id_block contrast_block(uint64_t policy)
{
    struct snp_id_block block;
    uint8_t ld[48];
    from_hex(measurement, ld, sizeof ld);
    id_key_block(ld, policy, &block);
    return block;
}

static struct id_key derived(const struct snp_id_block *block)
{
    struct id_key key;
    struct err err = {0};
    cr_assert(is_ok(id_key_derive(block, &key, &err)), "%s", err.text);
    return key;
}

Test(id_key, the_block_of_contrast)
{
    struct snp_id_block block = contrast_block(0x30000);
    uint8_t wire[SNP_ID_BLOCK_BYTES], digest[SHA384_BYTES];
    snp_id_block_write(&block, wire);
    sha384(BYTES_OF(wire), digest);
    expect_hex(digest, sizeof digest,
               "39813130e64b5d113f324cae025e6722fb4d038203c89126715d1898e4eb5f5345bb06b50e0fdd473a58f83f3f71a7fc");
}

Test(id_key, keys_and_digests_of_contrast)
{
    struct snp_id_block block = contrast_block(0x30000);
    struct id_key key = derived(&block);
    expect_hex(key.key.point, sizeof key.key.point,
               "04855705d31aa9b62a239485018b93d706bde062275de5afc9848731f49d5419db70a70fa2cd56fc0e56b3bc0abeba07ea"
               "6ae90e129418bfa1755d8775c4dff36924766978874d433904341eba12739c6396b05b7cef8f05855e04523f1c34f887");
    expect_hex(key.digest, sizeof key.digest,
               "21252bee4998c2fceaf4b42d3bbb6aed7463a5f88947b7968bf80171c96fb3fbe25297db1d562674f90bfae8288d5b1a");

    block = contrast_block(0x3001f);
    key = derived(&block);
    expect_hex(key.digest, sizeof key.digest,
               "1c39aeb2a46c3726d2c731509ab327f6c860904bf22ac5eb5ba47686b33b6cefeb7d0ed5db39eb475348ab1714d04c1c");

    block = contrast_block(0x30000);
    memset(block.family_id, 0, sizeof block.family_id);
    memset(block.image_id, 0, sizeof block.image_id);
    key = derived(&block);
    expect_hex(key.digest, sizeof key.digest,
               "caeb3843dc8e65a5f769cd08108bb3a93d9db5d2afab81adef2c805638d39f367dfd9874aa650df071c5936bc989929a");
}

Test(id_key, every_field_of_the_block_is_bound)
{
    struct snp_id_block block = contrast_block(0x30000);
    struct id_key key = derived(&block);
    for (int field = 0; field < 5; field++) {
        struct snp_id_block other = block;
        if (field == 0) other.measurement[47] ^= 1;
        if (field == 1) other.family_id[15] ^= 1;
        if (field == 2) other.image_id[15] ^= 1;
        if (field == 3) other.guest_svn ^= 1;
        if (field == 4) other.policy ^= 1;
        struct id_key changed = derived(&other);
        cr_expect_neq(memcmp(key.digest, changed.digest, sizeof key.digest), 0, "field %d", field);
    }
}

/* The constant signature is valid for the block under its key, and for nothing else: that is what firmware checks.
 * R is a point with x = 2, or this could not hold for r = 2.  Of the two keys the smaller was taken: the other one, for
 * the R with the other y, is found from the same signature. */
Test(id_key, the_constant_signature_is_valid)
{
    for (uint64_t policy = 0x30000; policy < 0x30020; policy++) {
        struct snp_id_block block = contrast_block(policy);
        struct id_key key = derived(&block);
        struct snp_id_auth auth;
        uint8_t wire[SNP_ID_BLOCK_BYTES], digest[SHA384_BYTES];
        snp_id_block_write(&block, wire);
        sha384(BYTES_OF(wire), digest);
        id_key_auth(&key.key, &auth);
        cr_expect(
            is_ok(crypto_p384_verify(auth.id_key.point, digest, auth.block_signature.r, auth.block_signature.s, NULL)));
        digest[0] ^= 1;
        cr_expect_eq(
            crypto_p384_verify(auth.id_key.point, digest, auth.block_signature.r, auth.block_signature.s, NULL).kind,
            ERR_SIGNATURE);
    }
}

/* The two points of x = 2: both on the curve, hence all there are.  id_key.c holds one of them. */
Test(id_key, of_the_two_keys_the_smaller_is_taken)
{
    static const char *const ys[] = {
        "732152442fb6ee5c3e6ce1d920c059bc623563814d79042b903ce60f1d4487fccd450a86da03f3e6ed525d02017bfdb3",
        "8cdeadbbd04911a3c1931e26df3fa6439dca9c7eb286fbd46fc319f0e2bb780232baf57825fc0c1912ada2fefe84024c",
    };
    bool was_first[2] = {false, false};
    for (uint64_t policy = 0x30000; policy < 0x30010; policy++) {
        struct snp_id_block block = contrast_block(policy);
        struct id_key key = derived(&block);
        struct recovery in = {.r = {[0] = 4, [48] = 2}, .s = {[47] = 1}};
        uint8_t wire[SNP_ID_BLOCK_BYTES], q[2][2][P384_POINT_BYTES];
        snp_id_block_write(&block, wire);
        sha384(BYTES_OF(wire), in.z);
        for (size_t i = 0; i < 2; i++) {
            from_hex(ys[i], in.r + 49, 48);
            cr_assert(is_ok(crypto_p384_point_check(in.r, NULL)));
            cr_assert_eq(recover(&in, q[i]), ERR_NONE);
        }
        cr_expect_eq(memcmp(q[0][0], q[1][1], sizeof q[0][0]), 0);
        cr_expect_eq(memcmp(q[0][1], q[1][0], sizeof q[0][0]), 0);
        size_t first = memcmp(q[0][0], q[1][0], sizeof q[0][0]) < 0 ? 0 : 1;
        cr_expect_eq(memcmp(key.key.point, q[first][0], sizeof key.key.point), 0);
        was_first[first] = true;
    }
    cr_expect(was_first[0] && was_first[1], "both orders were met");
}

Test(id_key, authentication_has_the_constant_signature_and_no_author)
{
    struct snp_id_block block = contrast_block(0x30000);
    struct id_key key = derived(&block);
    struct snp_id_auth auth;
    uint8_t page[SNP_ID_AUTH_BYTES], zeros[SNP_ID_AUTH_BYTES] = {0}, digest[SHA384_BYTES];
    id_key_auth(&key.key, &auth);
    snp_id_auth_write(&auth, page);
    cr_expect_eq(memcmp(page, (uint8_t[8]){1}, 8), 0, "ID_KEY_ALGO 1, AUTH_KEY_ALGO 0");
    cr_expect_eq(memcmp(page + 0x40, (uint8_t[72]){2}, 72), 0);
    cr_expect_eq(memcmp(page + 0x88, (uint8_t[72]){1}, 72), 0);
    cr_expect_eq(memcmp(page + 0xd0, zeros, 0x240 - 0xd0), 0);
    cr_expect_eq(memcmp(page + 0x644, zeros, 0x1000 - 0x644), 0);
    sha384(BYTES(page + 0x240, SNP_ID_KEY_BYTES), digest);
    cr_expect_eq(memcmp(digest, key.digest, sizeof digest), 0);
}

/* ---- an ID block signed by somebody else's keys: virtee/sev's test data -------------------------------------------
 */

/* A number of the page: 48 bytes, little-endian. */
static void turn_around(bytes page, size_t at, uint8_t big_endian[static 48])
{
    for (size_t i = 0; i < 48; i++)
        big_endian[47 - i] = page.ptr[at + i];
}

/* The key of the page at `at`, which is written again as it stands there. */
static struct snp_id_key key_at(bytes page, size_t at, const char *want_digest)
{
    struct snp_id_key key = {{4}};
    uint8_t blob[SNP_ID_KEY_BYTES], digest[SHA384_BYTES];
    turn_around(page, at + 4, key.point + 1);
    turn_around(page, at + 4 + 72, key.point + 49);
    snp_id_key_write(&key, blob);
    cr_expect(bytes_eq(bytes_slice(page, at, sizeof blob), BYTES_OF(blob)));
    sha384(BYTES_OF(blob), digest);
    expect_hex(digest, sizeof digest, want_digest);
    return key;
}

static void expect_signed(const struct snp_id_key *by, bytes what, bytes page, size_t signature_at)
{
    uint8_t digest[SHA384_BYTES], r[48], s[48];
    turn_around(page, signature_at, r);
    turn_around(page, signature_at + 72, s);
    sha384(what, digest);
    cr_expect(is_ok(crypto_p384_verify(by->point, digest, r, s, NULL)));
    digest[47] ^= 1;
    cr_expect_eq(crypto_p384_verify(by->point, digest, r, s, NULL).kind, ERR_SIGNATURE);
}

Test(id_key, an_owners_keys_sign_block_and_key)
{
    bytes page = shared_read("vectors/measure/idblock_test_auth_block.bin");
    cr_assert_eq(page.len, SNP_ID_AUTH_BYTES);
    struct snp_id_key id_key =
        key_at(page, 0x240,
               "59fb2c686dfa4fef49f38339aa775c90051c28d57383ddc3baf3b5eb4b1496df3b0dbbdcbae5fe27677a644820773fe2");
    struct snp_id_key author_key =
        key_at(page, 0x880,
               "eed81169fb0cb5e0ec34794f128fd4e0c4a46f67c65a1adfa81fcb24bcc088c272369b7ffc3eb2b6af6a4284a1b36c5f");
    expect_signed(&author_key, bytes_slice(page, 0x240, SNP_ID_KEY_BYTES), page, 0x680);

    struct snp_id_block block = {.policy = 0x30000};
    uint8_t wire[SNP_ID_BLOCK_BYTES];
    from_hex("a14d638341e5674628fe1e02fbedebe5e5ab4faf1dd72d8966068e615bb99efd13d214b35c231715b38e263dc6059745",
             block.measurement, sizeof block.measurement);
    snp_id_block_write(&block, wire);
    expect_signed(&id_key, BYTES_OF(wire), page, 0x40);
    free((void *)page.ptr);
}
