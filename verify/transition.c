/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/transition.h"

const uint8_t transition_none[SHA256_BYTES] = {0};

status transition_next(bytes manifest, const uint8_t previous[SHA256_BYTES], uint8_t out[SHA256_BYTES], struct err *err)
{
    uint8_t digest[SHA256_BYTES];
    TRY(crypto_sha256(&manifest, 1, digest, err));
    const bytes parts[] = {BYTES_OF(digest), BYTES(previous, SHA256_BYTES)};
    return crypto_sha256(parts, 2, out, err);
}
