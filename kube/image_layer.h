/* SPDX-License-Identifier: Apache-2.0 */
/* kube/image_layer.h: one layer of an image: hashed, unpacked, hashed again and looked through as it comes.
 *
 * Memory is constant, however large the layer is.  What is found counts only when both digests agree: that of what
 * came, which the manifest names, and that of the archive in it, which the config names.
 */
#ifndef KUBE_IMAGE_LAYER_H
#define KUBE_IMAGE_LAYER_H

#include "kube/arena.h"
#include "kube/image_store.h"
#include "parse/layer.h"

/* What a layer does to the files of accounts. */
struct image_layer {
    enum layer_change etc, passwd_change, group_change; /* docs: parse/layer.h */
    bytes passwd, group;                                /* of LAYER_FILE */
};

/* Lives in `memory`.  ERR_UNSUPPORTED for a layer packed otherwise than with gzip; ERR_MISMATCH, ERR_LIMIT, and what
 * the store, gzip and parse/layer.h say; the text is about the layer. */
MUST_USE status image_layer_read(const struct image_store *store, bytes repository, const struct oci_descriptor *layer,
                                 const struct oci_digest *diff_id, struct arena *memory, struct image_layer *out,
                                 struct err *err);

#endif
