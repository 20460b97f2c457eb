/* SPDX-License-Identifier: Apache-2.0 */
/* verify/transition.h: the chain of hashes over a deployment's manifests (Contrast protocol, transitions).
 *
 *     transition 0 = SHA-256(SHA-256(manifest 0) | 32 zero bytes)
 *     transition n = SHA-256(SHA-256(manifest n) | transition n-1)
 *
 * The last one is what REPORT_DATA binds: with it the whole history, in its order.
 * The trap: a manifest is its exact bytes.  Never hash one that was read and written again.
 */
#ifndef VERIFY_TRANSITION_H
#define VERIFY_TRANSITION_H

#include "verify/crypto.h"

/* What comes before the first transition. */
extern const uint8_t transition_none[SHA256_BYTES];

/* The transition to `manifest` after `previous`.  `out` may be `previous`.  ERR_BUG from the crypto library. */
MUST_USE status transition_next(bytes manifest, const uint8_t previous[SHA256_BYTES], uint8_t out[SHA256_BYTES],
                                struct err *err);

#endif
