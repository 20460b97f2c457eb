/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/put.h"
#include "snp/id_block.h"

/* What must be written is laid out by hand from the tables of AMD 56860; what it is written over is not zero. */

static void fill(uint8_t *out, size_t n, unsigned first)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(first + i);
}

/* A big-endian number whose bytes on the wire are first, first + 1, ... */
static void fill_scalar(uint8_t out[static 48], unsigned first)
{
    for (size_t i = 0; i < 48; i++)
        out[47 - i] = (uint8_t)(first + i);
}

static struct snp_id_key key_of(unsigned first)
{
    struct snp_id_key key = {{4}};
    fill_scalar(key.point + 1, first);
    fill_scalar(key.point + 49, first + 1);
    return key;
}

static void lay_key(uint8_t *out, unsigned first)
{
    put_u32le(out, 2);
    fill(out + 4, 48, first);
    fill(out + 4 + 72, 48, first + 1);
}

Test(id_block, a_block_has_its_fields)
{
    struct snp_id_block block = {.guest_svn = 0x01020304, .policy = 0x3001f};
    uint8_t want[SNP_ID_BLOCK_BYTES], have[SNP_ID_BLOCK_BYTES];
    fill(block.measurement, 48, 1);
    fill(block.family_id, 16, 1 + 0x30);
    fill(block.image_id, 16, 1 + 0x40);
    fill(want, 0x50, 1);
    memcpy(want + 0x50, "\1\0\0\0\4\3\2\1\x1f\0\3\0\0\0\0\0", 16);
    memset(have, 0xa5, sizeof have);
    snp_id_block_write(&block, have);
    cr_assert_eq(memcmp(have, want, sizeof want), 0);
}

Test(id_block, a_key_is_little_endian)
{
    const struct snp_id_key key = key_of(20);
    uint8_t want[SNP_ID_KEY_BYTES] = {0}, have[SNP_ID_KEY_BYTES];
    lay_key(want, 20);
    memset(have, 0xa5, sizeof have);
    snp_id_key_write(&key, have);
    cr_assert_eq(memcmp(have, want, sizeof want), 0);
}

Test(id_block, authentication_without_an_author)
{
    struct snp_id_auth auth = {.id_key = key_of(20)};
    uint8_t want[SNP_ID_AUTH_BYTES] = {1}, have[SNP_ID_AUTH_BYTES];
    fill_scalar(auth.block_signature.r, 10);
    fill_scalar(auth.block_signature.s, 11);
    fill(want + 0x40, 48, 10);
    fill(want + 0x40 + 72, 48, 11);
    lay_key(want + 0x240, 20);
    memset(have, 0xa5, sizeof have);
    snp_id_auth_write(&auth, have);
    cr_assert_eq(memcmp(have, want, sizeof want), 0);
}
