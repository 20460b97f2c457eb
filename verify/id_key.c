/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/id_key.h"

#include "verify/crypto.h"

static const uint8_t constant_s[P384_SCALAR_BYTES] = {[P384_SCALAR_BYTES - 1] = 1};

/* The y of a point of P-384 with x = 2; the only other such point is its negative. */
static const uint8_t y_of_two[P384_SCALAR_BYTES] = {
    0x73, 0x21, 0x52, 0x44, 0x2f, 0xb6, 0xee, 0x5c, 0x3e, 0x6c, 0xe1, 0xd9, 0x20, 0xc0, 0x59, 0xbc,
    0x62, 0x35, 0x63, 0x81, 0x4d, 0x79, 0x04, 0x2b, 0x90, 0x3c, 0xe6, 0x0f, 0x1d, 0x44, 0x87, 0xfc,
    0xcd, 0x45, 0x0a, 0x86, 0xda, 0x03, 0xf3, 0xe6, 0xed, 0x52, 0x5d, 0x02, 0x01, 0x7b, 0xfd, 0xb3};

void id_key_block(const uint8_t measurement[static SNP_LAUNCH_DIGEST_BYTES], uint64_t policy, struct snp_id_block *out)
{
    *out = (struct snp_id_block){.family_id = {1}, .image_id = {2}, .guest_svn = 2, .policy = policy};
    memcpy(out->measurement, measurement, sizeof out->measurement);
}

status id_key_derive(const struct snp_id_block *block, struct id_key *out, struct err *err)
{
    uint8_t wire[SNP_ID_BLOCK_BYTES];
    uint8_t z[SHA384_BYTES];
    snp_id_block_write(block, wire);
    bytes in = BYTES_OF(wire);
    TRY(crypto_sha384(&in, 1, z, err));

    uint8_t r[P384_POINT_BYTES] = {[0] = 4, [P384_SCALAR_BYTES] = 2};
    uint8_t candidates[2][P384_POINT_BYTES];
    memcpy(r + 1 + P384_SCALAR_BYTES, y_of_two, sizeof y_of_two);
    TRY(crypto_p384_recover(r, constant_s, z, candidates, err));

    struct id_key k;
    /* Big-endian X and Y side by side: the order of the bytes is the order of the integers. */
    size_t first = memcmp(candidates[0], candidates[1], P384_POINT_BYTES) <= 0 ? 0 : 1;
    memcpy(k.key.point, candidates[first], P384_POINT_BYTES);

    uint8_t blob[SNP_ID_KEY_BYTES];
    snp_id_key_write(&k.key, blob);
    in = BYTES_OF(blob);
    TRY(crypto_sha384(&in, 1, k.digest, err));
    *out = k;
    return OK;
}

void id_key_auth(const struct snp_id_key *key, struct snp_id_auth *out)
{
    *out = (struct snp_id_auth){.id_key = *key};
    out->block_signature.r[P384_SCALAR_BYTES - 1] = 2;
    out->block_signature.s[P384_SCALAR_BYTES - 1] = 1;
}
