/* SPDX-License-Identifier: Apache-2.0 */
/* ca/key_wolfssl.c: ca/key_math.h on wolfCrypt.
 *
 * Traps met here: signing with a private key fails unless the key has a generator of its own (ECC_TIMING_RESISTANT);
 * RSA wants one too, for blinding; wolfSSL's integers have a fixed size, 4096 bits of modulus at most.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "ca/key_math.h"
#include "ca/seeding.h"

#if defined(WC_NO_RSA_OAEP) || !defined(WOLFSSL_KEY_GEN)
#error "this wolfSSL lacks OAEP or key generation: run ./configure.py --setup"
#endif

enum { RSA_BYTES_MAX = 512, LABEL_MAX = 64 };

static status library_failed(const char *what, int code, struct err *err)
{
    return err_set(err, ERR_BUG, 0, "%s: wolfSSL error %d", what, code);
}

/* ---- EC --------------------------------------------------------------------------------------------------------- */

/* A key and its generator: begun together, ended together. */
struct ec_context {
    WC_RNG rng;
    ecc_key secret_key;
};

static int curve_id(enum ec_curve curve)
{
    return curve == EC_P256 ? ECC_SECP256R1 : ECC_SECP384R1;
}

static int ec_begin(struct ec_context *c, enum ec_curve curve, bytes secret_scalar)
{
    memset(c, 0, sizeof *c);
    int code = wc_InitRng_ex(&c->rng, NULL, seeding_device());
    if (code != 0) return code;
    code = wc_ecc_init(&c->secret_key);
    if (code == 0) code = wc_ecc_set_rng(&c->secret_key, &c->rng);
    if (code == 0)
        code = wc_ecc_import_private_key_ex(secret_scalar.ptr, (word32)secret_scalar.len, NULL, 0, &c->secret_key,
                                            curve_id(curve));
    return code;
}

/* Fit for a context whose begin failed, at whatever step: freeing zeroed memory does nothing. */
static void ec_end(struct ec_context *c)
{
    wc_ecc_free(&c->secret_key);
    wc_FreeRng(&c->rng);
    secret_wipe(c, sizeof *c);
}

status key_math_point(enum ec_curve curve, bytes secret_scalar, uint8_t out[KEY_POINT_MAX], struct err *err)
{
    struct ec_context c;
    word32 len = KEY_POINT_MAX;
    int code = ec_begin(&c, curve, secret_scalar);
    if (code == 0) code = wc_ecc_make_pub_ex(&c.secret_key, NULL, &c.rng);
    if (code == 0) code = wc_ecc_export_x963(&c.secret_key, out, &len);
    ec_end(&c);
    return code == 0 ? OK : library_failed("EC public key", code, err);
}

status key_math_ec_sign(enum ec_curve curve, bytes secret_scalar, bytes digest, struct signature *out, struct err *err)
{
    struct ec_context c;
    word32 len = sizeof out->bytes;
    int code = ec_begin(&c, curve, secret_scalar);
    if (code == 0) code = wc_ecc_sign_hash(digest.ptr, (word32)digest.len, out->bytes, &len, &c.rng, &c.secret_key);
    ec_end(&c);
    if (code != 0) return library_failed("ECDSA", code, err);
    out->len = len;
    return OK;
}

/* ---- RSA -------------------------------------------------------------------------------------------------------- */

struct rsa_context {
    WC_RNG rng;
    RsaKey secret_key;
};

static int rsa_begin(struct rsa_context *c)
{
    memset(c, 0, sizeof *c);
    int code = wc_InitRng_ex(&c->rng, NULL, seeding_device());
    if (code == 0) code = wc_InitRsaKey(&c->secret_key, NULL);
    if (code == 0) code = wc_RsaSetRNG(&c->secret_key, &c->rng);
    return code;
}

static void rsa_end(struct rsa_context *c)
{
    wc_FreeRsaKey(&c->secret_key);
    wc_FreeRng(&c->rng);
    secret_wipe(c, sizeof *c);
}

static int take_number(mp_int *out, bytes secret)
{
    return secret.len > RSA_BYTES_MAX ? BAD_FUNC_ARG : mp_read_unsigned_bin(out, secret.ptr, (word32)secret.len);
}

static int rsa_begin_public(struct rsa_context *c, const struct rsa_public_key *key)
{
    int code = rsa_begin(c);
    if (code == 0) code = mp_set_int(&c->secret_key.e, key->exponent);
    if (code == 0) code = take_number(&c->secret_key.n, key->modulus);
    c->secret_key.type = RSA_PUBLIC;
    return code;
}

static int rsa_begin_private(struct rsa_context *c, const struct rsa_private_key *key)
{
    int code = rsa_begin_public(c, &key->public);
    RsaKey *k = &c->secret_key;
    if (code == 0) code = take_number(&k->d, key->secret_exponent);
    if (code == 0) code = take_number(&k->p, key->secret_primes[0]);
    if (code == 0) code = take_number(&k->q, key->secret_primes[1]);
    if (code == 0) code = take_number(&k->dP, key->secret_exponents[0]);
    if (code == 0) code = take_number(&k->dQ, key->secret_exponents[1]);
    if (code == 0) code = take_number(&k->u, key->secret_coefficient);
    k->type = RSA_PRIVATE;
    return code;
}

status key_math_rsa_sign(const struct rsa_private_key *key, bytes digest, struct signature *out, struct err *err)
{
    uint8_t info[MAX_DER_DIGEST_SZ];
    word32 info_len = wc_EncodeSignature(info, digest.ptr, (word32)digest.len, SHA256h);
    struct rsa_context c;
    int code = rsa_begin_private(&c, key);
    if (code == 0) code = wc_RsaSSL_Sign(info, info_len, out->bytes, sizeof out->bytes, &c.secret_key, &c.rng);
    rsa_end(&c);
    if (code <= 0) return library_failed("RSA signature", code, err);
    out->len = (size_t)code;
    return OK;
}

/* What the primes sign the modulus and the public exponent have to verify: the private exponent alone is not reached,
 * and not used. */
status key_math_rsa_check(const struct rsa_private_key *key, struct err *err)
{
    static const uint8_t digest[32] = {0x5a};
    struct signature s;
    uint8_t plain[RSA_BYTES_MAX], want[MAX_DER_DIGEST_SZ];
    int want_len = (int)wc_EncodeSignature(want, digest, sizeof digest, SHA256h);
    struct rsa_context c;
    int code = rsa_begin_public(&c, &key->public);
    if (code == 0 && !is_ok(key_math_rsa_sign(key, BYTES_OF(digest), &s, NULL))) code = BAD_FUNC_ARG;
    if (code == 0) code = wc_RsaSSL_Verify(s.bytes, (word32)s.len, plain, sizeof plain, &c.secret_key);
    rsa_end(&c);
    if (code == want_len && memcmp(plain, want, (size_t)want_len) == 0) return OK;
    return err_set(err, ERR_MISMATCH, 0, "RSA private key: its numbers do not belong together");
}

status key_math_oaep_encrypt(const struct rsa_public_key *key, bytes label, bytes secret, uint8_t *out, struct err *err)
{
    if (key->modulus.len > RSA_BYTES_MAX)
        return err_set(err, ERR_UNSUPPORTED, 0, "RSA key: want at most %d bits, have %zu", 8 * RSA_BYTES_MAX,
                       key->bits);
    uint8_t label_copy[LABEL_MAX]; /* wolfSSL wants it writable */
    if (label.len > sizeof label_copy) return err_set(err, ERR_BUG, 0, "RSA-OAEP: the label is too long");
    memcpy(label_copy, label.ptr, label.len);
    struct rsa_context c;
    int code = rsa_begin(&c);
    if (code == 0) code = mp_set_int(&c.secret_key.e, key->exponent);
    if (code == 0) code = take_number(&c.secret_key.n, key->modulus);
    c.secret_key.type = RSA_PUBLIC;
    if (code == 0)
        code =
            wc_RsaPublicEncrypt_ex(secret.ptr, (word32)secret.len, out, (word32)key->modulus.len, &c.secret_key, &c.rng,
                                   WC_RSA_OAEP_PAD, WC_HASH_TYPE_SHA256, WC_MGF1SHA256, label_copy, (word32)label.len);
    rsa_end(&c);
    return code == (int)key->modulus.len ? OK : library_failed("RSA-OAEP", code, err);
}

status key_math_oaep_decrypt(const struct rsa_private_key *key, bytes label, bytes ciphertext, uint8_t *out, size_t n,
                             struct err *err)
{
    uint8_t label_copy[LABEL_MAX], secret_plain[RSA_BYTES_MAX];
    if (label.len > sizeof label_copy) return err_set(err, ERR_BUG, 0, "RSA-OAEP: the label is too long");
    memcpy(label_copy, label.ptr, label.len);
    struct rsa_context c;
    int code = rsa_begin_private(&c, key);
    if (code == 0 && ciphertext.len != key->public.modulus.len) code = BAD_FUNC_ARG;
    if (code == 0)
        code = wc_RsaPrivateDecrypt_ex(ciphertext.ptr, (word32)ciphertext.len, secret_plain, sizeof secret_plain,
                                       &c.secret_key, WC_RSA_OAEP_PAD, WC_HASH_TYPE_SHA256, WC_MGF1SHA256, label_copy,
                                       (word32)label.len);
    rsa_end(&c);
    bool fits = code >= 0 && (size_t)code == n;
    if (fits) memcpy(out, secret_plain, n);
    secret_wipe(secret_plain, sizeof secret_plain);
    return fits ? OK : err_set(err, ERR_DENIED, 0, "RSA-OAEP: it does not decrypt to %zu bytes with this key", n);
}

status key_math_rsa_generate(uint8_t *out, size_t cap, size_t *len, struct err *err)
{
    struct rsa_context c;
    int code = rsa_begin(&c);
    if (code == 0) code = wc_MakeRsaKey(&c.secret_key, 8 * RSA_BYTES_MAX, WC_RSA_EXPONENT, &c.rng);
    if (code == 0) code = wc_RsaKeyToDer(&c.secret_key, out, (word32)cap);
    rsa_end(&c);
    if (code <= 0) return library_failed("RSA key", code, err);
    *len = (size_t)code;
    return OK;
}
