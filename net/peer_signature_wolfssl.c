/* SPDX-License-Identifier: Apache-2.0 */
/* net/peer_signature_wolfssl.c: signatures of certificates that sign themselves, on wolfCrypt.
 *
 * Traps met here: the verification of an ECDSA signature returns 0 for a wrong one, and only `valid` tells; that of an
 * RSA signature says what was signed, which has to be compared.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "net/peer_certificate.h"
#include "parse/limits.h"
#include "verify/crypto.h"

enum { RSA_BYTES_LEAST = LIMIT_RSA_MODULUS_BITS_LEAST / 8, RSA_BYTES_MOST = 512, DIGEST_INFO_MAX = 64 + 32 };

struct digest {
    uint8_t bytes[SHA512_BYTES];
    size_t len;
    int oid; /* as wolfCrypt numbers them in a DigestInfo */
};

static status make_digest(enum signature_hash hash, bytes in, struct digest *out, struct err *err)
{
    switch (hash) {
    case HASH_SHA256:
        *out = (struct digest){.len = SHA256_BYTES, .oid = SHA256h};
        return crypto_sha256(&in, 1, out->bytes, err);
    case HASH_SHA384:
        *out = (struct digest){.len = SHA384_BYTES, .oid = SHA384h};
        return crypto_sha384(&in, 1, out->bytes, err);
    case HASH_SHA512:
        break;
    }
    *out = (struct digest){.len = SHA512_BYTES, .oid = SHA512h};
    return crypto_sha512(&in, 1, out->bytes, err);
}

static status check_ecdsa(const struct digest *digest, bytes spki, bytes signature, struct err *err)
{
    ecc_key key;
    word32 at = 0;
    int valid = 0;
    if (wc_ecc_init(&key) != 0) return err_set(err, ERR_NOMEM, 0, "no memory for a key");
    int code = wc_EccPublicKeyDecode(spki.ptr, &at, &key, (word32)spki.len);
    int curve = code == 0 ? wc_ecc_get_curve_id(key.idx) : ECC_CURVE_INVALID;
    bool taken = code == 0 && at == spki.len && (curve == ECC_SECP256R1 || curve == ECC_SECP384R1);
    if (taken)
        code =
            wc_ecc_verify_hash(signature.ptr, (word32)signature.len, digest->bytes, (word32)digest->len, &valid, &key);
    wc_ecc_free(&key);
    if (!taken) return err_set(err, ERR_UNSUPPORTED, 0, "its key is no point of P-256 or P-384");
    return code == 0 && valid == 1 ? OK : err_set(err, ERR_SIGNATURE, 0, "it has not signed itself");
}

/* What the signature says, compared with what it has to say. */
static bool rsa_matches(const struct digest *digest, RsaKey *key, bytes signature)
{
    uint8_t said[RSA_BYTES_MOST], wanted[DIGEST_INFO_MAX];
    int n = wc_RsaSSL_Verify(signature.ptr, (word32)signature.len, said, sizeof said, key);
    word32 m = wc_EncodeSignature(wanted, digest->bytes, (word32)digest->len, digest->oid);
    return n > 0 && (word32)n == m && memcmp(said, wanted, m) == 0;
}

static status check_rsa(const struct digest *digest, bytes spki, bytes signature, struct err *err)
{
    RsaKey key;
    word32 at = 0;
    if (wc_InitRsaKey(&key, NULL) != 0) return err_set(err, ERR_NOMEM, 0, "no memory for a key");
    int code = wc_RsaPublicKeyDecode(spki.ptr, &at, &key, (word32)spki.len);
    int len = code == 0 ? wc_RsaEncryptSize(&key) : 0;
    bool taken = len >= RSA_BYTES_LEAST && len <= RSA_BYTES_MOST;
    bool valid = taken && rsa_matches(digest, &key, signature);
    wc_FreeRsaKey(&key);
    if (!taken)
        return err_set(err, ERR_UNSUPPORTED, 0, "its key is no RSA key of %d to %d bits", 8 * RSA_BYTES_LEAST,
                       8 * RSA_BYTES_MOST);
    return valid ? OK : err_set(err, ERR_SIGNATURE, 0, "it has not signed itself");
}

status peer_signature_check(enum signature_kind kind, enum signature_hash hash, bytes spki, bytes signed_bytes,
                            bytes signature, struct err *err)
{
    struct digest digest;
    TRY(make_digest(hash, signed_bytes, &digest, err));
    return kind == SIGNATURE_ECDSA ? check_ecdsa(&digest, spki, signature, err)
                                   : check_rsa(&digest, spki, signature, err);
}
