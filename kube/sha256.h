/* SPDX-License-Identifier: Apache-2.0 */
/* kube/sha256.h: SHA-256 of what comes in parts; verify/crypto.h has that of what is there at once. */
#ifndef KUBE_SHA256_H
#define KUBE_SHA256_H

#include "verify/crypto.h"

struct sha256;

/* To be ended with sha256_free.  ERR_NOMEM, ERR_BUG when the library fails. */
MUST_USE status sha256_open(struct sha256 **out, struct err *err);

MUST_USE status sha256_put(struct sha256 *s, bytes part, struct err *err);

/* Of all parts; nothing can be put any more. */
MUST_USE status sha256_finish(struct sha256 *s, uint8_t out[SHA256_BYTES], struct err *err);

/* NULL is fine. */
void sha256_free(struct sha256 *s);

#endif
