/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/ca_sign.h: certificates with the signature of fuzz/stub_crypto.c. */
#ifndef FUZZ_CA_SIGN_H
#define FUZZ_CA_SIGN_H

#include "verify/crypto.h"

/* Puts the stub's signature under the certificate data[0..size), in place, and a point on the stub's curve into it;
 * returns the new size, at most `max`.  What is no certificate with a point of 97 bytes stays as it is. */
size_t ca_sign(uint8_t *data, size_t size, size_t max);

/* The same, of a CA with this point, under a certificate with a key of its own, which stays. */
size_t ca_sign_leaf(uint8_t *data, size_t size, size_t max, const uint8_t point[P384_POINT_BYTES]);

#endif
