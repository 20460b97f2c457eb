/* SPDX-License-Identifier: Apache-2.0 */
/* kube/layer_cache.h: what is known of layers, in this run and, in a file, from one run to the next.
 *
 * Layers go by their diff_id, which the config of a pinned image names, and get in when the bytes had it.  So with the
 * cache or without it the same is found.  What the file has no form for (a link in place of a file, text that is no
 * UTF-8 or reads like a mark) is known in this run alone.
 *
 * A file that cannot be read is no reason to fail: it is made anew.  Programs that write it at once wait for each
 * other, and add to what is there.
 */
#ifndef KUBE_LAYER_CACHE_H
#define KUBE_LAYER_CACHE_H

#include "kube/image_layer.h"

struct layer_cache {
    struct arena *memory;
    struct layer_known *known; /* starts NULL */
    bool has_news;             /* something that the file does not have */
};

/* NULL: not known. */
const struct image_layer *layer_cache_find(const struct layer_cache *c, const struct oci_digest *diff_id);

/* The cache has to keep what `layer` points to in its own memory already.  ERR_NOMEM. */
MUST_USE status layer_cache_add(struct layer_cache *c, const struct oci_digest *diff_id,
                                const struct image_layer *layer, struct err *err);

/* Adds what the file has; one that is not there has nothing.  An error says why it is of no use (nothing was added),
 * and is worth a word to the user; but for ERR_NOMEM all goes on. */
MUST_USE status layer_cache_load(struct layer_cache *c, const char *path, struct err *err);

/* Writes what is known to the file, if that is news, beside what others have put there meanwhile; sorted, so that equal
 * caches are equal files.  ERR_IO, ERR_NOMEM. */
MUST_USE status layer_cache_save(struct layer_cache *c, const char *path, struct err *err);

#endif
