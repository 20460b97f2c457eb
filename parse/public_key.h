/* SPDX-License-Identifier: Apache-2.0 */
/* parse/public_key.h: the public keys that a manifest names, in DER.
 *
 * Not checked here: that a point lies on its curve and that a modulus is the product of two primes; whoever computes
 * with a key finds out.
 *
 * Views live as long as the input.  Refused with the kinds of parse/der.h; ERR_UNSUPPORTED for another algorithm or
 * curve, ERR_RANGE for a modulus or an exponent that no owner should have.
 */
#ifndef PARSE_PUBLIC_KEY_H
#define PARSE_PUBLIC_KEY_H

#include "parse/bytes.h"
#include "parse/status.h"

enum ec_curve { EC_P256, EC_P384, EC_P521 };

struct ec_public_key {
    enum ec_curve curve;
    bytes x, y; /* big-endian, 32, 48 or 66 bytes */
};

/* "P-256" and so on; the contents of its object identifier (RFC 5480, 2.1.1.1); the octets of a coordinate. */
const char *ec_curve_name(enum ec_curve curve);
bytes ec_curve_oid(enum ec_curve curve);
size_t ec_curve_field_bytes(enum ec_curve curve);

/* ERR_UNSUPPORTED for any other. */
MUST_USE status ec_curve_find(bytes oid, enum ec_curve *out, struct err *err);

/* SubjectPublicKeyInfo with a named curve and an uncompressed point (RFC 5480; "PKIX").  Each key has one encoding. */
MUST_USE status ec_public_key_parse(bytes in, struct ec_public_key *out, struct err *err);

struct rsa_public_key {
    bytes modulus; /* big-endian without leading zeros */
    uint32_t exponent;
    size_t bits; /* of the modulus */
};

/* RSAPublicKey (RFC 8017, A.1.1; "PKCS#1"): an odd modulus of LIMIT_RSA_MODULUS_BITS_LEAST to _MOST bits, an odd
 * exponent from 3 to 2^31 - 1. */
MUST_USE status rsa_public_key_parse(bytes in, struct rsa_public_key *out, struct err *err);

/* The same rules for a modulus without leading zeros and an exponent that come in another form. */
MUST_USE status rsa_public_key_check(bytes modulus, uint64_t exponent, struct rsa_public_key *out, struct err *err);

enum public_key_form { PUBLIC_KEY_EC, PUBLIC_KEY_RSA };

struct public_key {
    enum public_key_form form;
    struct ec_public_key ec; /* the one that form names */
    struct rsa_public_key rsa;
    bytes octets; /* contents of the BIT STRING: 04 | X | Y, or RSAPublicKey */
};

/* SubjectPublicKeyInfo of either (RFC 5480, RFC 3279 2.3.1). */
MUST_USE status public_key_parse(bytes spki, struct public_key *out, struct err *err);

#endif
