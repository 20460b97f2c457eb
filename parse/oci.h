/* SPDX-License-Identifier: Apache-2.0 */
/* parse/oci.h: the documents of a container image: index, manifest and config, in OCI's and Docker's forms.
 *
 * What kind a document is says its content, for nothing else is covered by its digest: one that is an index and a
 * manifest at once, or is called otherwise than what it holds, is refused.  Members that are not ours are passed over;
 * one that differs from ours in nothing but case is refused, for other readers take it for ours.  null is the same as
 * none.  Digests are SHA-256 alone.
 *
 * The trap: a manifest says how large a layer is and what is in it, and nothing of that is true until the bytes have
 * been held against their digest.
 *
 * Not checked here: that a document is the one that was asked for, that config and manifest have as many layers, what a
 * variable or a user of the config means.
 *
 * Views of the input and of what was lent.  Errors: those of parse/json.h; ERR_UNSUPPORTED for what is no image for
 * Linux on amd64; ERR_LIMIT, and ERR_NOMEM when what was lent is full.
 * Specification: OCI image specification 1.1; Docker's image manifest version 2, schema 2.
 */
#ifndef PARSE_OCI_H
#define PARSE_OCI_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum { OCI_DIGEST_BYTES = 32 };

enum oci_media {
    OCI_MEDIA_OTHER,
    OCI_MEDIA_INDEX,
    OCI_MEDIA_MANIFEST,
    OCI_MEDIA_CONFIG,
    OCI_MEDIA_LAYER,
    OCI_MEDIA_LAYER_GZIP,
    OCI_MEDIA_LAYER_ZSTD,
};

struct oci_digest {
    uint8_t sha256[OCI_DIGEST_BYTES];
};

/* "sha256:" and 64 digits of lower case.  ERR_SYNTAX, ERR_UNSUPPORTED. */
MUST_USE status oci_digest_parse(bytes text, struct oci_digest *out, struct err *err);

struct oci_descriptor {
    bytes media_type;
    enum oci_media media;
    struct oci_digest digest;
    uint64_t size;
    bytes os, architecture; /* of an index's entry; absent when it does not say */
};

struct oci_storage {
    bytes *keys;
    size_t key_cap; /* LIMIT_OCI_KEYS is always enough */
    uint8_t *text;
    size_t text_cap; /* the input's length is always enough */
    struct oci_descriptor *descriptors;
    size_t descriptor_cap; /* LIMIT_OCI_DESCRIPTORS is always enough */
    struct oci_digest *digests;
    size_t digest_cap; /* LIMIT_OCI_LAYERS is always enough */
    bytes *texts;
    size_t texts_cap; /* LIMIT_OCI_TEXTS is always enough */
};

struct oci_document {
    enum oci_media media;         /* OCI_MEDIA_INDEX or OCI_MEDIA_MANIFEST */
    struct oci_descriptor config; /* of a manifest; OCI_MEDIA_CONFIG */
    /* Of an index: what it lists, of whatever kind.  Of a manifest: its layers, the lowest first. */
    const struct oci_descriptor *items;
    size_t count;
};

/* An index or a manifest, of LIMIT_OCI_DOCUMENT_BYTES at most. */
MUST_USE status oci_document_parse(bytes in, const struct oci_storage *lent, struct oci_document *out, struct err *err);

/* The index's manifest for linux/amd64.  ERR_MISSING; ERR_DUPLICATE when there are two different ones, for another
 * reader may choose the other. */
MUST_USE status oci_index_choose(const struct oci_document *index, struct oci_descriptor *out, struct err *err);

struct oci_texts {
    const bytes *items; /* without NUL */
    size_t count;
};

struct oci_config {
    bytes user;        /* absent when there is none or it is empty */
    bytes working_dir; /* likewise */
    struct oci_texts env, entrypoint, cmd;
    struct oci_texts volumes;          /* paths, each once, as they come */
    const struct oci_digest *diff_ids; /* of the unpacked layers, the lowest first */
    size_t layer_count;
};

/* The config of an image for linux/amd64, of LIMIT_OCI_DOCUMENT_BYTES at most. */
MUST_USE status oci_config_parse(bytes in, const struct oci_storage *lent, struct oci_config *out, struct err *err);

/* The file oci-layout in a folder of images: ERR_UNSUPPORTED unless it is of version 1.0.0. */
MUST_USE status oci_layout_check(bytes in, struct err *err);

#endif
