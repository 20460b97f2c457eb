/* SPDX-License-Identifier: Apache-2.0 */
/* cli/save.h: keeps what a verdict was made from as a bundle (verify/bundle.h). */
#ifndef CLI_SAVE_H
#define CLI_SAVE_H

#include "cli/verification.h"

/* Writes all that `v` was judged by: what came, and the leaf and CRL that were used.  `captured_at` is what the bundle
 * will claim.  The file is there whole or not at all.  ERR_IO, ERR_STATE, ERR_NOMEM, ERR_LIMIT. */
MUST_USE status save_bundle(const char *path, const struct verification *v, int64_t captured_at, struct err *err);

/* NAME.tar -> NAME.denied.tar, in `memory`. */
MUST_USE status save_denied_name(const char *path, struct arena *memory, const char **out, struct err *err);

#endif
