/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/owner.h"

#include "parse/public_key.h"
#include "parse/text.h"
#include "verify/ecdsa.h"

/* ---- ECDSA over P-384 of a digest of 32 bytes ------------------------------------------------------------------- */

static status verify(bytes spki, const uint8_t digest[SHA256_BYTES], bytes signature, struct err *err)
{
    uint8_t z[SHA384_BYTES] = {0};
    struct ec_public_key key;
    TRY(ec_public_key_parse(spki, &key, err));
    if (key.curve != EC_P384)
        return err_set(err, ERR_UNSUPPORTED, 0, "EC key: want P-384, have %s", ec_curve_name(key.curve));
    memcpy(z + SHA384_BYTES - SHA256_BYTES, digest, SHA256_BYTES); /* a shorter digest is the same number */
    bytes point = bytes_slice(spki, spki.len - P384_POINT_BYTES, P384_POINT_BYTES);
    return ecdsa_p384_verify(point.ptr, z, signature, err);
}

static status check_key(const struct private_key *key, const char *whose, struct err *err)
{
    return key->kind == KEY_P384 ? OK : err_set(err, ERR_UNSUPPORTED, 0, "%s: want a key on P-384", whose);
}

/* ---- workload owners -------------------------------------------------------------------------------------------- */

void owner_write_text(const uint8_t transition[TRANSITION_HASH_BYTES], char out[OWNER_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < TRANSITION_HASH_BYTES; i++) {
        out[2 * i] = digits[transition[i] >> 4];
        out[2 * i + 1] = digits[transition[i] & 15];
    }
}

static status digest_text(const uint8_t transition[TRANSITION_HASH_BYTES], uint8_t out[SHA256_BYTES], struct err *err)
{
    char text[OWNER_TEXT_BYTES];
    owner_write_text(transition, text);
    return crypto_sha256(&BYTES((const uint8_t *)text, sizeof text), 1, out, err);
}

status owner_sign(const struct private_key *key, const uint8_t transition[TRANSITION_HASH_BYTES], struct signature *out,
                  struct err *err)
{
    uint8_t digest[SHA256_BYTES];
    TRY(check_key(key, "workload owner's key", err));
    TRY(digest_text(transition, digest, err));
    return private_key_sign(key, BYTES_OF(digest), out, err);
}

status owner_verify(bytes spki, const uint8_t transition[TRANSITION_HASH_BYTES], bytes signature, struct err *err)
{
    uint8_t digest[SHA256_BYTES];
    TRY(digest_text(transition, digest, err));
    return err_in(err, verify(spki, digest, signature, err), "workload owner's signature");
}

/* ---- the record of the latest transition ------------------------------------------------------------------------ */

status transition_record_sign(const struct private_key *transaction_key,
                              const uint8_t transition[TRANSITION_HASH_BYTES], uint8_t out[TRANSITION_RECORD_MAX],
                              size_t *len, struct err *err)
{
    struct signature s;
    TRY(check_key(transaction_key, "transaction key", err));
    TRY(private_key_sign(transaction_key, BYTES(transition, TRANSITION_HASH_BYTES), &s, err));
    if (s.len > TRANSITION_RECORD_MAX - TRANSITION_HASH_BYTES)
        return err_set(err, ERR_BUG, 0, "latest transition: the signature has %zu bytes", s.len);
    memcpy(out, transition, TRANSITION_HASH_BYTES);
    memcpy(out + TRANSITION_HASH_BYTES, s.bytes, s.len);
    *len = TRANSITION_HASH_BYTES + s.len;
    return OK;
}

status transition_record_verify(const struct private_key *transaction_key, bytes record,
                                uint8_t transition[TRANSITION_HASH_BYTES], struct err *err)
{
    struct transition_record parsed;
    TRY(transition_record_parse(record, &parsed, err));
    TRY(err_in(err, verify(private_key_spki(transaction_key), parsed.hash.ptr, parsed.signature, err),
               "latest transition"));
    memcpy(transition, parsed.hash.ptr, TRANSITION_HASH_BYTES);
    return OK;
}

/* ---- names of keys ---------------------------------------------------------------------------------------------- */

status peer_key_digest(bytes spki, uint8_t out[KEY_DIGEST_BYTES], struct err *err)
{
    struct public_key key;
    TRY(err_in(err, public_key_parse(spki, &key, err), "peer's key"));
    return crypto_sha256(key.form == PUBLIC_KEY_RSA ? &key.octets : &spki, 1, out, err);
}
