/* SPDX-License-Identifier: Apache-2.0 */
/* verify/ecdsa.h: an ECDSA signature over P-384 as X.509 and Contrast write it: SEQUENCE { r, s } in DER (RFC 3279).
 *
 * Signatures in SNP reports have another form (verify/signature.h).
 */
#ifndef VERIFY_ECDSA_H
#define VERIFY_ECDSA_H

#include "verify/crypto.h"

/* ERR_SIGNATURE when it does not verify; kinds of parse/der.h, or ERR_RANGE for a number of more than 48 bytes, when
 * it is no such pair, and nothing else. */
MUST_USE status ecdsa_p384_verify(const uint8_t point[P384_POINT_BYTES], const uint8_t digest[SHA384_BYTES],
                                  bytes signature, struct err *err);

#endif
