/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/id_block.h"

#include "parse/cursor.h"
#include "parse/put.h"

enum {
    SCALAR_BYTES = 48,       /* of P-384 */
    SCALAR_FIELD_BYTES = 72, /* on the wire; the rest is for larger curves */
    CURVE_P384 = 2,
    ALGO_ECDSA_P384_SHA384 = 1,
    ID_BLOCK_VERSION = 1,
};

/* ---- writing --------------------------------------------------------------------------------------------------- */

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
    put_u32le(out + 4, auth->author_key_algo);
    put_signature(out + 0x40, &auth->block_signature);
    snp_id_key_write(&auth->id_key, out + 0x240);
    if (!auth->has_author_key) return;
    put_signature(out + 0x680, &auth->key_signature);
    snp_id_key_write(&auth->author_key, out + 0x880);
}

/* ---- parsing --------------------------------------------------------------------------------------------------- */

static void take_zeros(struct cursor *c, size_t n, const char *field)
{
    if (!bytes_are_zero(cursor_take(c, n, field))) cursor_fail(c, ERR_RANGE, field);
}

static void take_u32_of(struct cursor *c, uint32_t want, const char *field)
{
    if (cursor_u32le(c, field) != want) cursor_fail(c, ERR_UNSUPPORTED, field);
}

static void take_scalar(struct cursor *c, uint8_t *big_endian, const char *field)
{
    bytes wire = cursor_take(c, SCALAR_BYTES, field);
    for (size_t i = 0; i < wire.len; i++)
        big_endian[SCALAR_BYTES - 1 - i] = wire.ptr[i];
    take_zeros(c, SCALAR_FIELD_BYTES - SCALAR_BYTES, field);
}

static void take_signature(struct cursor *c, struct snp_id_signature *out, const char *field)
{
    take_scalar(c, out->r, field);
    take_scalar(c, out->s, field);
    take_zeros(c, SNP_ID_SIGNATURE_BYTES - 2 * SCALAR_FIELD_BYTES, field);
}

static void take_key(struct cursor *c, struct snp_id_key *out, const char *field)
{
    take_u32_of(c, CURVE_P384, field);
    out->point[0] = 4;
    take_scalar(c, out->point + 1, field);
    take_scalar(c, out->point + 1 + SCALAR_BYTES, field);
    take_zeros(c, SNP_ID_KEY_BYTES - 4 - 2 * SCALAR_FIELD_BYTES, field);
}

status snp_id_block_parse(bytes in, struct snp_id_block *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct snp_id_block b = {0};
    cursor_copy(&c, b.measurement, sizeof b.measurement, "LD");
    cursor_copy(&c, b.family_id, sizeof b.family_id, "FAMILY_ID");
    cursor_copy(&c, b.image_id, sizeof b.image_id, "IMAGE_ID");
    take_u32_of(&c, ID_BLOCK_VERSION, "VERSION");
    b.guest_svn = cursor_u32le(&c, "GUEST_SVN");
    b.policy = cursor_u64le(&c, "POLICY");
    TRY(err_in(err, cursor_end(&c, err), "ID block"));
    *out = b;
    return OK;
}

status snp_id_key_parse(bytes in, struct snp_id_key *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct snp_id_key key = {0};
    take_key(&c, &key, "key");
    TRY(err_in(err, cursor_end(&c, err), "ID key"));
    *out = key;
    return OK;
}

/* Signature and author key: both there, or both zero. */
static void take_author(struct cursor *c, struct snp_id_auth *a)
{
    bytes wire = bytes_slice(c->in, 0x880, SNP_ID_KEY_BYTES);
    a->has_author_key = a->author_key_algo != 0 && !bytes_are_zero(wire);
    if (a->has_author_key) {
        take_signature(c, &a->key_signature, "ID_KEY_SIG");
        take_key(c, &a->author_key, "AUTHOR_KEY");
    } else {
        take_zeros(c, SNP_ID_SIGNATURE_BYTES, "ID_KEY_SIG without an author key");
        take_zeros(c, SNP_ID_KEY_BYTES, "AUTHOR_KEY without an algorithm");
    }
}

status snp_id_auth_parse(bytes in, struct snp_id_auth *out, struct err *err)
{
    if (in.len != SNP_ID_AUTH_BYTES) {
        return err_set(err, in.len < SNP_ID_AUTH_BYTES ? ERR_TRUNCATED : ERR_TRAILING, 0,
                       "ID authentication: want %d bytes, have %zu", SNP_ID_AUTH_BYTES, in.len);
    }
    struct cursor c = cursor_over(in);
    struct snp_id_auth a = {0};
    take_u32_of(&c, ALGO_ECDSA_P384_SHA384, "ID_KEY_ALGO");
    a.author_key_algo = cursor_u32le(&c, "AUTH_KEY_ALGO");
    if (a.author_key_algo > ALGO_ECDSA_P384_SHA384) cursor_fail(&c, ERR_UNSUPPORTED, "AUTH_KEY_ALGO");
    take_zeros(&c, 56, "reserved");
    take_signature(&c, &a.block_signature, "ID_BLOCK_SIG");
    take_key(&c, &a.id_key, "ID_KEY");
    take_zeros(&c, 60, "reserved");
    take_author(&c, &a);
    take_zeros(&c, 0x37c, "reserved");
    TRY(err_in(err, cursor_end(&c, err), "ID authentication"));
    *out = a;
    return OK;
}
