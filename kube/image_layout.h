/* SPDX-License-Identifier: Apache-2.0 */
/* kube/image_layout.h: images in a folder, as an OCI image layout: blobs/sha256/DIGEST, and a file oci-layout.
 *
 * Its index.json is not read: who has a digest needs no list of names.
 * Specification: OCI image specification 1.1, "image layout".
 */
#ifndef KUBE_IMAGE_LAYOUT_H
#define KUBE_IMAGE_LAYOUT_H

#include "kube/image_store.h"

struct image_layout {
    const char *folder;
};

/* Whether the folder is one.  ERR_IO, and what oci_layout_check says; the text names the folder. */
MUST_USE status image_layout_open(struct image_layout *l, const char *folder, struct err *err);

/* The folder as a store; `l` is borrowed. */
struct image_store image_layout_store(struct image_layout *l);

#endif
