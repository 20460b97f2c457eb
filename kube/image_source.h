/* SPDX-License-Identifier: Apache-2.0 */
/* kube/image_source.h: what a pinned image says about itself, from a folder or a registry.
 *
 * A pin names bytes: those of a manifest, or of an index, of which the manifest for linux/amd64 is taken.  From there
 * on each document names the next by its digest.  All bytes are hashed as they come, whoever they come from, and
 * nothing of them is used before the digest agrees; what has the pin in common has its content in common, wherever it
 * lay.  So a store may be hostile.
 *
 * A reference without a digest is refused: its content may be another one tomorrow.
 */
#ifndef KUBE_IMAGE_SOURCE_H
#define KUBE_IMAGE_SOURCE_H

#include "kube/image.h"
#include "kube/layer_cache.h"

struct image_facts {
    struct image_reference reference;
    struct oci_digest manifest; /* of linux/amd64: the pin, or what the index there names */
    struct oci_config config;
    const struct oci_descriptor *layers; /* the lowest first; config.layer_count of them, as many as diff_ids */
};

struct image_source {
    struct image_store store;
    struct arena *memory;
    struct image_known *known; /* starts NULL */
    struct layer_cache layers; /* docs: kube/layer_cache.h; of the same memory */
};

/* The facts of NAME[:TAG]@sha256:DIGEST; they live in the source's memory.  What has been got is kept, and not asked
 * for again, nor what could not be got.  The text of an error names the image, and the document with its digest.
 * ERR_MISSING for a reference without a digest, or what the store does not have; ERR_MISMATCH when bytes do not have
 * their digest; what parse/oci.h says. */
MUST_USE status image_source_get(struct image_source *source, bytes reference, const struct image_facts **out,
                                 struct err *err);

struct image_accounts {
    bytes passwd, group; /* of /etc; absent when the image has no such file */
};

/* What names and numbers of users mean in an image that image_source_get has given.  All its layers are read, but for
 * those that are known.  ERR_UNSUPPORTED when a file is there as a link or in another way that leaves open what is in
 * it; what kube/image_layer.h says. */
MUST_USE status image_source_accounts(struct image_source *source, const struct image_facts *image,
                                      struct image_accounts *out, struct err *err);

#endif
