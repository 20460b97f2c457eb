/* SPDX-License-Identifier: Apache-2.0 */
/* ca/det_keygen.h: a P-384 key from a seed, the same one each time (C2SP det-keygen).
 *
 * HMAC_DRBG over SHA-256 (SP 800-90A, 10.1.2) with the seed as entropy and a fixed personalization; its first 48 bytes
 * are the scalar.
 */
#ifndef CA_DET_KEYGEN_H
#define CA_DET_KEYGEN_H

#include "ca/key.h"

enum { DET_KEYGEN_SEED_LEAST = 16 };

/* ERR_RANGE for a seed below 16 bytes, and for one whose 48 bytes are no scalar, which nobody will ever meet (1 in
 * 2^190). */
MUST_USE status det_keygen_p384(bytes secret_seed, struct private_key *out, struct err *err);

#endif
