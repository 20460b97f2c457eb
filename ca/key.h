/* SPDX-License-Identifier: Apache-2.0 */
/* ca/key.h: private keys of three kinds, what is made with them, and the files they are kept in.
 *
 * A key is plain memory: its private half as DER, its public half as DER.  Whoever gives it to a TLS library takes
 * both from here:
 *
 *     wolfSSL_use_PrivateKey_buffer(ssl, key->secret_der, (long)key->secret_der_len, WOLFSSL_FILETYPE_ASN1)
 *
 * Signatures are randomized, with wolfSSL's generator, seeded anew for each one from the same source as ca/random.h.
 *
 * The trap: the struct is a secret as a whole; wipe it.  A copy is a second one.
 * Not checked here: what a key may be used for.
 */
#ifndef CA_KEY_H
#define CA_KEY_H

#include "ca/secret.h"
#include "parse/status.h"

enum key_kind { KEY_P256, KEY_P384, KEY_RSA };

enum {
    KEY_SECRET_DER_MAX = 2400, /* RSAPrivateKey of 4096 bits has 2350 */
    KEY_SPKI_MAX = 560,        /* SubjectPublicKeyInfo of the same has 550 */
    KEY_SIGNATURE_MAX = 512,
    KEY_PEM_MAX = 3400, /* PKCS#8 of 4096 bits has 3300, with a NUL */
};

struct private_key {
    enum key_kind kind;
    uint8_t secret_der[KEY_SECRET_DER_MAX]; /* ECPrivateKey with curve and point (RFC 5915), or RSAPrivateKey */
    size_t secret_der_len;
    uint8_t spki[KEY_SPKI_MAX]; /* SubjectPublicKeyInfo: PKIX */
    size_t spki_len;
};

void private_key_wipe(struct private_key *key);

/* The public half; a view of `key`. */
bytes private_key_spki(const struct private_key *key);

/* A new EC key.  ERR_IO without random bytes; ERR_UNSUPPORTED for KEY_RSA: see private_key_generate_rsa. */
MUST_USE status private_key_generate(enum key_kind kind, struct private_key *out, struct err *err);

/* A new RSA key of 4096 bits.  Takes a second, or five. */
MUST_USE status private_key_generate_rsa(struct private_key *out, struct err *err);

/* The EC key with this scalar, big-endian, as long as the curve's order.  ERR_RANGE unless it lies in 1..n-1. */
MUST_USE status private_key_from_scalar(enum key_kind kind, bytes secret_scalar, struct private_key *out,
                                        struct err *err);

struct signature {
    uint8_t bytes[KEY_SIGNATURE_MAX]; /* DER of r and s, or PKCS#1 v1.5 */
    size_t len;
};

/* ECDSA over a digest of 32 or 48 bytes, whose leftmost bits count (FIPS 186-5, 6.4.1), or RSASSA-PKCS1-v1_5 over a
 * SHA-256 digest. */
MUST_USE status private_key_sign(const struct private_key *key, bytes digest, struct signature *out, struct err *err);

/* ---- files ------------------------------------------------------------------------------------------------------ */

/* One PEM block: "EC PRIVATE KEY" (P-256 or P-384), "RSA PRIVATE KEY" (2048, 3072 or 4096 bits), or "PRIVATE KEY"
 * around either. The numbers are checked to belong together: ERR_MISMATCH, or ERR_RANGE for a scalar out of range. */
MUST_USE status private_key_parse_pem(bytes secret_pem, struct private_key *out, struct err *err);

struct secret_pem {
    char secret[KEY_PEM_MAX]; /* with a NUL */
    size_t len;
};

void secret_pem_wipe(struct secret_pem *pem);

/* "EC PRIVATE KEY" or "RSA PRIVATE KEY", whichever fits the key. */
MUST_USE status private_key_write_pem(const struct private_key *key, struct secret_pem *out, struct err *err);

/* "PRIVATE KEY": PKCS#8. */
MUST_USE status private_key_write_pkcs8_pem(const struct private_key *key, struct secret_pem *out, struct err *err);

#endif
