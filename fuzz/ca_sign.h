/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/ca_sign.h: a self-signed certificate with the signature of fuzz/stub_crypto.c. */
#ifndef FUZZ_CA_SIGN_H
#define FUZZ_CA_SIGN_H

#include <stddef.h>
#include <stdint.h>

/* Puts the stub's signature under the certificate data[0..size), in place, and a point on the stub's curve into it;
 * returns the new size, at most `max`.  What is no certificate with a point of 97 bytes stays as it is. */
size_t ca_sign(uint8_t *data, size_t size, size_t max);

#endif
