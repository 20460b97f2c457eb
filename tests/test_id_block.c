/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/put.h"
#include "snp/id_block.h"

/* ---- inputs, laid out by hand from the tables of AMD 56860 ------------------------------------------------------ */

static void fill(uint8_t *out, size_t n, unsigned first)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(first + i);
}

static void lay_block(uint8_t out[static SNP_ID_BLOCK_BYTES])
{
    fill(out, 0x50, 1);
    put_u32le(out + 0x50, 1);
    put_u32le(out + 0x54, 0x01020304);
    put_u64le(out + 0x58, 0x3001f);
}

static void lay_signature(uint8_t *out, unsigned first)
{
    fill(out, 48, first);
    fill(out + 72, 48, first + 1);
}

static void lay_key(uint8_t *out, unsigned first)
{
    put_u32le(out, 2);
    fill(out + 4, 48, first);
    fill(out + 4 + 72, 48, first + 1);
}

static void lay_auth(uint8_t out[static SNP_ID_AUTH_BYTES])
{
    memset(out, 0, SNP_ID_AUTH_BYTES);
    put_u32le(out, 1);
    put_u32le(out + 4, 1);
    lay_signature(out + 0x40, 10);
    lay_key(out + 0x240, 20);
    lay_signature(out + 0x680, 30);
    lay_key(out + 0x880, 40);
}

/* Big-endian 48 bytes whose last is `last`, each one more than the next. */
static void expect_scalar(const uint8_t *scalar, unsigned last)
{
    for (size_t i = 0; i < 48; i++)
        cr_expect_eq(scalar[47 - i], (uint8_t)(last + i));
}

/* ---- refusals -------------------------------------------------------------------------------------------------- */

Test(id_block, other_sizes_are_refused)
{
    uint8_t in[SNP_ID_AUTH_BYTES + 1];
    struct snp_id_block block;
    struct snp_id_key key;
    struct snp_id_auth auth;
    memset(in, 0, sizeof in);
    lay_block(in);
    for (size_t n = 0; n < SNP_ID_BLOCK_BYTES; n++)
        cr_expect_eq(snp_id_block_parse(BYTES(in, n), &block, NULL).kind, ERR_TRUNCATED, "%zu", n);
    cr_assert_eq(snp_id_block_parse(BYTES(in, SNP_ID_BLOCK_BYTES + 1), &block, NULL).kind, ERR_TRAILING);

    memset(in, 0, sizeof in);
    lay_key(in, 1);
    for (size_t n = 0; n < SNP_ID_KEY_BYTES; n++)
        cr_expect_eq(snp_id_key_parse(BYTES(in, n), &key, NULL).kind, ERR_TRUNCATED, "%zu", n);
    cr_assert_eq(snp_id_key_parse(BYTES(in, SNP_ID_KEY_BYTES + 1), &key, NULL).kind, ERR_TRAILING);

    lay_auth(in);
    for (size_t n = 0; n < SNP_ID_AUTH_BYTES; n++)
        cr_expect_eq(snp_id_auth_parse(BYTES(in, n), &auth, NULL).kind, ERR_TRUNCATED, "%zu", n);
    cr_assert_eq(snp_id_auth_parse(BYTES(in, SNP_ID_AUTH_BYTES + 1), &auth, NULL).kind, ERR_TRAILING);
}

Test(id_block, another_version_is_refused)
{
    uint8_t in[SNP_ID_BLOCK_BYTES];
    struct snp_id_block block = {.policy = 77};
    struct err err = {0};
    lay_block(in);
    in[0x50] = 2;
    cr_assert_eq(snp_id_block_parse(BYTES_OF(in), &block, &err).kind, ERR_UNSUPPORTED);
    cr_assert_str_eq(err.text, "ID block: VERSION: unsupported at byte 84 of 96");
    cr_assert_eq(block.policy, 77);
}

/* One byte of the hand-laid authentication page changed. */
static const struct {
    const char *text;
    size_t at;
    uint8_t value;
    enum err_kind kind;
} refusals[] = {
    {"ID authentication: ID_KEY_ALGO: unsupported at byte 4 of 4096", 0, 0, ERR_UNSUPPORTED},
    {"ID authentication: ID_KEY_ALGO: unsupported at byte 4 of 4096", 3, 1, ERR_UNSUPPORTED},
    {"ID authentication: AUTH_KEY_ALGO: unsupported at byte 8 of 4096", 4, 2, ERR_UNSUPPORTED},
    {"ID authentication: reserved: range at byte 64 of 4096", 0x3f, 1, ERR_RANGE},
    {"ID authentication: ID_BLOCK_SIG: range at byte 136 of 4096", 0x40 + 48, 1, ERR_RANGE},
    {"ID authentication: ID_BLOCK_SIG: range at byte 208 of 4096", 0x40 + 143, 1, ERR_RANGE},
    {"ID authentication: ID_BLOCK_SIG: range at byte 576 of 4096", 0x23f, 1, ERR_RANGE},
    {"ID authentication: ID_KEY: unsupported at byte 580 of 4096", 0x240, 1, ERR_UNSUPPORTED},
    {"ID authentication: ID_KEY: range at byte 652 of 4096", 0x244 + 71, 1, ERR_RANGE},
    {"ID authentication: ID_KEY: range at byte 1604 of 4096", 0x643, 1, ERR_RANGE},
    {"ID authentication: reserved: range at byte 1664 of 4096", 0x644, 1, ERR_RANGE},
    {"ID authentication: ID_KEY_SIG: range at byte 1736 of 4096", 0x680 + 48, 1, ERR_RANGE},
    {"ID authentication: AUTHOR_KEY: unsupported at byte 2180 of 4096", 0x880, 3, ERR_UNSUPPORTED},
    {"ID authentication: AUTHOR_KEY: range at byte 3204 of 4096", 0xc83, 1, ERR_RANGE},
    {"ID authentication: reserved: range at byte 4096 of 4096", 0xc84, 1, ERR_RANGE},
    {"ID authentication: reserved: range at byte 4096 of 4096", 0xfff, 1, ERR_RANGE},
    /* an author key and its signature without an algorithm */
    {"ID authentication: ID_KEY_SIG without an author key: range at byte 2176 of 4096", 4, 0, ERR_RANGE},
};

Test(id_block, what_is_reserved_must_be_zero_and_algorithms_known)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        uint8_t in[SNP_ID_AUTH_BYTES];
        struct snp_id_auth auth = {.author_key_algo = 77};
        struct err err = {0};
        lay_auth(in);
        in[refusals[i].at] = refusals[i].value;
        cr_expect_eq(snp_id_auth_parse(BYTES_OF(in), &auth, &err).kind, refusals[i].kind, "%s", refusals[i].text);
        cr_expect_str_eq(err.text, refusals[i].text);
        cr_expect_eq(auth.author_key_algo, 77);
    }
}

Test(id_block, an_author_signature_without_a_key_and_the_reverse_are_refused)
{
    uint8_t in[SNP_ID_AUTH_BYTES];
    struct snp_id_auth auth;
    lay_auth(in);
    memset(in + 0x880, 0, SNP_ID_KEY_BYTES);
    cr_assert_eq(snp_id_auth_parse(BYTES_OF(in), &auth, NULL).kind, ERR_RANGE);
    lay_auth(in);
    memset(in + 0x680, 0, SNP_ID_SIGNATURE_BYTES);
    put_u32le(in + 4, 0);
    cr_assert_eq(snp_id_auth_parse(BYTES_OF(in), &auth, NULL).kind, ERR_RANGE);
}

/* ---- values ---------------------------------------------------------------------------------------------------- */

Test(id_block, a_block_has_its_fields)
{
    uint8_t in[SNP_ID_BLOCK_BYTES], again[SNP_ID_BLOCK_BYTES];
    struct snp_id_block b;
    lay_block(in);
    cr_assert(is_ok(snp_id_block_parse(BYTES_OF(in), &b, NULL)));
    cr_assert_eq(memcmp(b.measurement, in, 48), 0);
    cr_assert_eq(memcmp(b.family_id, in + 0x30, 16), 0);
    cr_assert_eq(memcmp(b.image_id, in + 0x40, 16), 0);
    cr_assert_eq(b.guest_svn, 0x01020304);
    cr_assert_eq(b.policy, 0x3001f);
    snp_id_block_write(&b, again);
    cr_assert_eq(memcmp(in, again, sizeof in), 0);
}

Test(id_block, authentication_has_its_fields_and_numbers_turn_around)
{
    uint8_t in[SNP_ID_AUTH_BYTES], again[SNP_ID_AUTH_BYTES];
    struct snp_id_auth a;
    struct err err = {0};
    lay_auth(in);
    cr_assert(is_ok(snp_id_auth_parse(BYTES_OF(in), &a, &err)), "%s", err.text);
    cr_assert(a.has_author_key);
    cr_assert_eq(a.author_key_algo, 1);
    expect_scalar(a.block_signature.r, 10);
    expect_scalar(a.block_signature.s, 11);
    cr_assert_eq(a.id_key.point[0], 4);
    expect_scalar(a.id_key.point + 1, 20);
    expect_scalar(a.id_key.point + 49, 21);
    expect_scalar(a.key_signature.r, 30);
    expect_scalar(a.key_signature.s, 31);
    expect_scalar(a.author_key.point + 1, 40);
    expect_scalar(a.author_key.point + 49, 41);
    snp_id_auth_write(&a, again);
    cr_assert_eq(memcmp(in, again, sizeof in), 0);
}

Test(id_block, an_author_key_may_be_missing)
{
    for (uint32_t algo = 0; algo <= 1; algo++) {
        uint8_t in[SNP_ID_AUTH_BYTES], again[SNP_ID_AUTH_BYTES];
        struct snp_id_auth a;
        lay_auth(in);
        put_u32le(in + 4, algo);
        memset(in + 0x680, 0, 0x1000 - 0x680);
        cr_assert(is_ok(snp_id_auth_parse(BYTES_OF(in), &a, NULL)));
        cr_assert_not(a.has_author_key);
        cr_assert_eq(a.author_key_algo, algo);
        snp_id_auth_write(&a, again);
        cr_assert_eq(memcmp(in, again, sizeof in), 0);
    }
}

/* What parses is what would be written, so no byte goes unseen. */
Test(id_block, a_changed_byte_is_refused_or_seen)
{
    uint8_t in[SNP_ID_AUTH_BYTES], again[SNP_ID_AUTH_BYTES];
    struct snp_id_auth a;
    lay_auth(in);
    for (size_t i = 0; i < sizeof in; i++) {
        in[i] ^= 0x81;
        if (is_ok(snp_id_auth_parse(BYTES_OF(in), &a, NULL))) {
            snp_id_auth_write(&a, again);
            cr_expect_eq(memcmp(in, again, sizeof in), 0, "byte 0x%zx", i);
        }
        in[i] ^= 0x81;
    }
}
