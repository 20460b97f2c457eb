/* SPDX-License-Identifier: Apache-2.0 */
/* kube/gzip.h: a text as one member of gzip (RFC 1952), without a time or a name, so that equal texts give equal bytes
 * from one version of zlib.
 *
 * The trap: two versions of zlib may write the same text differently; compare what is inside.
 */
#ifndef KUBE_GZIP_H
#define KUBE_GZIP_H

#include "kube/arena.h"

/* ERR_NOMEM; ERR_LIMIT for more than 4 GiB. */
MUST_USE status gzip_write(bytes in, struct arena *memory, bytes *out, struct err *err);

/* All of one member with nothing behind it, at most `limit` bytes.  ERR_SYNTAX, ERR_LIMIT, ERR_NOMEM. */
MUST_USE status gzip_read(bytes in, size_t limit, struct arena *memory, bytes *out, struct err *err);

#endif
