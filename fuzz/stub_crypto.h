/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/stub_crypto.h: verify/crypto.h without cryptography, for fuzz targets that have to get past a signature.
 *
 * A digest is a sum that every bit moves, and a signature is what stub_*_sign makes of key and digest: anyone can make
 * it, and a change of any bit of key, signed bytes or signature makes it invalid.  Linked into fuzz targets of the
 * trusted core only, in place of the adapter.
 */
#ifndef FUZZ_STUB_CRYPTO_H
#define FUZZ_STUB_CRYPTO_H

#include "verify/crypto.h"

/* The one signature that crypto_rsa4096_pss_verify takes. */
void stub_rsa_sign(const uint8_t modulus[RSA4096_BYTES], const uint8_t digest[SHA384_BYTES],
                   uint8_t out[RSA4096_BYTES]);

/* The one that crypto_p384_verify takes. */
void stub_p384_sign(const uint8_t point[P384_POINT_BYTES], const uint8_t digest[SHA384_BYTES],
                    uint8_t r[P384_SCALAR_BYTES], uint8_t s[P384_SCALAR_BYTES]);

#endif
