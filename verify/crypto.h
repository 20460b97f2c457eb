/* SPDX-License-Identifier: Apache-2.0 */
/* verify/crypto.h: all the cryptography that the trusted core uses.
 *
 * Implemented by verify/crypto_wolfssl.c, or by fuzz/stub_crypto.c where a fuzz target has to get past a signature; the
 * choice is made at link time.  No other file needs a change for another library.
 *
 * Public inputs only: nothing here handles a secret, and nothing here is constant-time on purpose.
 * Not checked here: what a key or a digest means, and whether a key is trusted.
 */
#ifndef VERIFY_CRYPTO_H
#define VERIFY_CRYPTO_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { SHA256_BYTES = 32, SHA384_BYTES = 48, SHA512_BYTES = 64 };
enum { P384_SCALAR_BYTES = 48, P384_POINT_BYTES = 97 }; /* point: 04 | X | Y, big-endian */
enum { RSA4096_BYTES = 512 };

/* Starts the library; once in a program, before its threads.  ERR_BUG when it does not start. */
MUST_USE status crypto_open(struct err *err);

/* Name and version, for `contrast version`. */
const char *crypto_library(void);

/* Digests of parts[0..count) in order, as if they were one string.  ERR_BUG when the library fails. */
MUST_USE status crypto_sha256(const bytes *parts, size_t count, uint8_t out[SHA256_BYTES], struct err *err);
MUST_USE status crypto_sha384(const bytes *parts, size_t count, uint8_t out[SHA384_BYTES], struct err *err);
MUST_USE status crypto_sha512(const bytes *parts, size_t count, uint8_t out[SHA512_BYTES], struct err *err);

/* OK when `point` (04 | X | Y) has both coordinates below p and lies on P-384; ERR_RANGE otherwise. */
MUST_USE status crypto_p384_point_check(const uint8_t point[P384_POINT_BYTES], struct err *err);

/* ECDSA over P-384 with r and s as big-endian integers (FIPS 186-5, 6.4.2).  r and s outside 1..n-1, a point off the
 * curve and a wrong signature are ERR_SIGNATURE.  A high s is legal. */
MUST_USE status crypto_p384_verify(const uint8_t point[P384_POINT_BYTES], const uint8_t digest[SHA384_BYTES],
                                   const uint8_t r[P384_SCALAR_BYTES], const uint8_t s[P384_SCALAR_BYTES],
                                   struct err *err);

/* The public keys under which (x(R) mod n, s) is an ECDSA signature of `digest`: out[0] for the point R that is given,
 * out[1] for -R, which has the same x; each is (s R - z G) / x(R), FIPS 186-5, 6.4.2 solved for Q.  ERR_RANGE when R is
 * no point of P-384, when x(R), s or z is 0 modulo n, or when s R and z G have one x; the last takes whoever made R. */
MUST_USE status crypto_p384_recover(const uint8_t point_r[P384_POINT_BYTES], const uint8_t s[P384_SCALAR_BYTES],
                                    const uint8_t digest[SHA384_BYTES], uint8_t out[2][P384_POINT_BYTES],
                                    struct err *err);

/* RSASSA-PSS over a 4096-bit modulus (big-endian) with SHA-384, MGF1 with SHA-384 and a salt of exactly 48 bytes
 * (RFC 8017, 8.1.2).  ERR_SIGNATURE when it does not verify or `signature` is not 512 bytes long. */
MUST_USE status crypto_rsa4096_pss_verify(const uint8_t modulus[RSA4096_BYTES], uint32_t exponent,
                                          const uint8_t digest[SHA384_BYTES], bytes signature, struct err *err);

#endif
