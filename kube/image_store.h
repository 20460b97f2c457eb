/* SPDX-License-Identifier: Apache-2.0 */
/* kube/image_store.h: where the bytes of images come from: a folder (kube/image_layout.h), or a registry.
 *
 * The trap: what comes may be anything; whoever asks holds it against the digest.
 */
#ifndef KUBE_IMAGE_STORE_H
#define KUBE_IMAGE_STORE_H

#include "parse/oci.h"

enum image_blob_kind { IMAGE_MANIFEST, IMAGE_BLOB };

struct image_blob {
    enum image_blob_kind kind; /* registries keep them in different places; an index is with the manifests */
    bytes repository;          /* the reference's name, with its registry */
    struct oci_digest digest;
};

/* Takes all bytes in order; a failure of it is the reader's. */
struct image_sink {
    status (*put)(void *context, bytes part, struct err *err);
    void *context;
};

struct image_store {
    /* Gives what is kept under the digest, whatever that is; whoever asks checks it.  ERR_MISSING when there is no such
     * thing; the text says where it was looked for. */
    status (*read)(void *context, const struct image_blob *wanted, const struct image_sink *to, struct err *err);
    void *context;
};

#endif
