/* SPDX-License-Identifier: Apache-2.0 */
/* ca/key_math.h: the arithmetic under ca/key.h: numbers in, numbers out; nothing else includes it.
 *
 * Implemented by ca/key_wolfssl.c.  ERR_BUG when the library fails.
 */
#ifndef CA_KEY_MATH_H
#define CA_KEY_MATH_H

#include "ca/key.h"
#include "parse/private_key.h"

enum { KEY_SCALAR_MAX = 48, KEY_POINT_MAX = 1 + 2 * KEY_SCALAR_MAX };

/* The point d G as 04 | X | Y.  `secret_scalar` is as long as the curve's order and lies in 1..n-1. */
MUST_USE status key_math_point(enum ec_curve curve, bytes secret_scalar, uint8_t out[KEY_POINT_MAX], struct err *err);

MUST_USE status key_math_ec_sign(enum ec_curve curve, bytes secret_scalar, bytes digest, struct signature *out,
                                 struct err *err);

/* Whether the numbers of a key belong together: ERR_MISMATCH. */
MUST_USE status key_math_rsa_check(const struct rsa_private_key *key, struct err *err);

/* RSASSA-PKCS1-v1_5 over a SHA-256 digest. */
MUST_USE status key_math_rsa_sign(const struct rsa_private_key *key, bytes digest, struct signature *out,
                                  struct err *err);

/* RSAES-OAEP with SHA-256 for both hashes (RFC 8017, 7.1).  `out` is as long as the modulus. */
MUST_USE status key_math_oaep_encrypt(const struct rsa_public_key *key, bytes label, bytes secret, uint8_t *out,
                                      struct err *err);

/* ERR_DENIED for every ciphertext that does not decrypt to exactly `n` bytes, 1 or more, whatever the reason. */
MUST_USE status key_math_oaep_decrypt(const struct rsa_private_key *key, bytes label, bytes ciphertext, uint8_t *out,
                                      size_t n, struct err *err);

/* A new key of 4096 bits, exponent 65537, as RSAPrivateKey in DER. */
MUST_USE status key_math_rsa_generate(uint8_t *out, size_t cap, size_t *len, struct err *err);

#endif
