/* SPDX-License-Identifier: Apache-2.0 */
/* parse/private_key.h: private keys in DER, as people keep them in PEM files.
 *
 * Three forms: ECPrivateKey (RFC 5915; "EC PRIVATE KEY"), RSAPrivateKey of two primes (RFC 8017, A.1.2; "RSA PRIVATE
 * KEY"), and PrivateKeyInfo around either (RFC 5208; "PRIVATE KEY").  Encrypted keys are another form, and refused.
 *
 * The trap: every view holds a secret, and lives as long as the input, which is the caller's to wipe.  No error text
 * has any byte of them.
 * Not checked here: that the numbers of a key belong together; whoever computes with it finds out.
 *
 * Refused with the kinds of parse/der.h; ERR_UNSUPPORTED for another version, algorithm or curve, ERR_RANGE for a
 * modulus or an exponent that no owner should have.
 */
#ifndef PARSE_PRIVATE_KEY_H
#define PARSE_PRIVATE_KEY_H

#include "parse/public_key.h"

struct ec_private_key {
    enum ec_curve curve;
    bytes secret_scalar; /* big-endian, 32, 48 or 66 bytes; it may be out of range */
    bytes point;         /* 04 | X | Y; absent when the key does not have it, which is legal */
};

/* ECPrivateKey with the named curve. */
MUST_USE status ec_private_key_parse(bytes in, struct ec_private_key *out, struct err *err);

struct rsa_private_key {
    struct rsa_public_key public;
    bytes secret_exponent; /* these are big-endian without leading zeros */
    bytes secret_primes[2];
    bytes secret_exponents[2]; /* modulo each prime - 1 */
    bytes secret_coefficient;
};

MUST_USE status rsa_private_key_parse(bytes in, struct rsa_private_key *out, struct err *err);

enum private_key_form { PRIVATE_KEY_EC, PRIVATE_KEY_RSA };

struct private_key_info {
    enum private_key_form form;
    struct ec_private_key ec; /* the one that form names */
    struct rsa_private_key rsa;
    bytes secret_inner; /* ECPrivateKey or RSAPrivateKey */
};

/* PrivateKeyInfo, version 0, without attributes.  An inner ECPrivateKey may leave out the curve, which stands outside
 * too; they must not differ. */
MUST_USE status private_key_info_parse(bytes in, struct private_key_info *out, struct err *err);

#endif
