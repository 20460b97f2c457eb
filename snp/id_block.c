/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/id_block.h"

#include "parse/put.h"

enum {
    SCALAR_BYTES = 48,       /* of P-384 */
    SCALAR_FIELD_BYTES = 72, /* on the wire; the rest is for larger curves */
    CURVE_P384 = 2,
    ALGO_ECDSA_P384_SHA384 = 1,
    ID_BLOCK_VERSION = 1,
};

static void put_scalar(uint8_t *out, const uint8_t *big_endian)
{
    for (size_t i = 0; i < SCALAR_BYTES; i++)
        out[i] = big_endian[SCALAR_BYTES - 1 - i];
}

static void put_signature(uint8_t *out, const struct snp_id_signature *signature)
{
    put_scalar(out, signature->r);
    put_scalar(out + SCALAR_FIELD_BYTES, signature->s);
}

void snp_id_block_write(const struct snp_id_block *block, uint8_t out[static SNP_ID_BLOCK_BYTES])
{
    memcpy(out, block->measurement, sizeof block->measurement);
    memcpy(out + 0x30, block->family_id, sizeof block->family_id);
    memcpy(out + 0x40, block->image_id, sizeof block->image_id);
    put_u32le(out + 0x50, ID_BLOCK_VERSION);
    put_u32le(out + 0x54, block->guest_svn);
    put_u64le(out + 0x58, block->policy);
}

void snp_id_key_write(const struct snp_id_key *key, uint8_t out[static SNP_ID_KEY_BYTES])
{
    memset(out, 0, SNP_ID_KEY_BYTES);
    put_u32le(out, CURVE_P384);
    put_scalar(out + 4, key->point + 1);
    put_scalar(out + 4 + SCALAR_FIELD_BYTES, key->point + 1 + SCALAR_BYTES);
}

void snp_id_auth_write(const struct snp_id_auth *auth, uint8_t out[static SNP_ID_AUTH_BYTES])
{
    memset(out, 0, SNP_ID_AUTH_BYTES);
    put_u32le(out, ALGO_ECDSA_P384_SHA384);
    put_signature(out + 0x40, &auth->block_signature);
    snp_id_key_write(&auth->id_key, out + 0x240);
}
