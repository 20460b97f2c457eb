/* SPDX-License-Identifier: Apache-2.0 */
/* ca/hkdf.h: HMAC (RFC 2104) and HKDF (RFC 5869), both over SHA-256.
 *
 * Inputs and outputs may be secrets; their lengths are not.
 */
#ifndef CA_HKDF_H
#define CA_HKDF_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { HMAC_BYTES = 32, HKDF_BYTES_MAX = 255 * HMAC_BYTES };

/* Over parts[0..count), as if they were one string.  `out` may be the key or one of the parts.  ERR_BUG when the
 * library fails. */
MUST_USE status hmac_sha256(bytes secret_key, const bytes *parts, size_t count, uint8_t out[HMAC_BYTES],
                            struct err *err);

/* `n` bytes of output keying material; ERR_RANGE above HKDF_BYTES_MAX.  An absent salt is that of zeros.  After a
 * failure `out` holds zeros. */
MUST_USE status hkdf_sha256(bytes secret, bytes salt, bytes info, uint8_t *out, size_t n, struct err *err);

#endif
