/* SPDX-License-Identifier: Apache-2.0 */
/* kube/image_gunzip.h: gzip unpacked as it comes, in constant memory.
 *
 * One member after the other, as gzip does it; anything else behind one is refused.  How much may come out decides
 * the sink.  Specification: RFC 1952.
 */
#ifndef KUBE_IMAGE_GUNZIP_H
#define KUBE_IMAGE_GUNZIP_H

#include "kube/image_store.h"

struct gunzip;

/* To be ended with gunzip_free.  ERR_NOMEM. */
MUST_USE status gunzip_open(struct gunzip **out, struct err *err);

/* Gives what the part holds to `to`.  ERR_SYNTAX for what is no gzip, and what `to` says. */
MUST_USE status gunzip_put(struct gunzip *g, bytes part, const struct image_sink *to, struct err *err);

/* ERR_TRUNCATED inside a member, or when there was none. */
MUST_USE status gunzip_finish(const struct gunzip *g, struct err *err);

/* NULL is fine. */
void gunzip_free(struct gunzip *g);

#endif
