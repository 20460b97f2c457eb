/* SPDX-License-Identifier: Apache-2.0 */
/* cli/manifest_view.h: one manifest read for a person: what it says, what is wrong with it and what is lawful but may
 * not be meant. */
#ifndef CLI_MANIFEST_VIEW_H
#define CLI_MANIFEST_VIEW_H

#include <stdio.h>

#include "cli/layout.h"
#include "kube/arena.h"
#include "parse/manifest.h"
#include "parse/text.h"

enum manifest_warning_id {
    MANIFEST_WARNS_MEASUREMENT_UNSET,
    MANIFEST_WARNS_MINIMUM_TCB_ZERO,
    MANIFEST_WARNS_PLATFORM_INFO_UNSET,
    MANIFEST_WARNS_ANY_CHIP,
    MANIFEST_WARNS_ANY_NAME,
    MANIFEST_WARNS_SHARED_SECRET,
    MANIFEST_WARNS_TWO_OWNER_LISTS,
    MANIFEST_WARNS_TDX,
    MANIFEST_WARNING_COUNT,
};

/* The names are part of the formats for machines. */
extern const struct manifest_warning_row {
    const char *name;
    const char *text;
} manifest_warning_rows[MANIFEST_WARNING_COUNT];

struct manifest_warning {
    size_t count;             /* places that it holds for; 0: none */
    struct json_path pointer; /* the first of them */
};

/* Zeroed before use.  Everything is borrowed from `content`, `path` and the arena. */
struct manifest_view {
    const char *path;
    bytes content;
    uint8_t sha256[MANIFEST_HASH_BYTES];
    struct manifest_storage storage; /* with its findings */
    bool is_readable;                /* below is what it says: nothing is wrong but values still to be filled in */
    struct manifest manifest;
    struct manifest_digest *owners; /* SHA-256 of manifest.owner_keys */
    struct manifest_digest *seed_share_owners;
    struct manifest_warning warnings[MANIFEST_WARNING_COUNT];
};

/* A manifest that is not acceptable is no failure; see storage.finding_count.  ERR_NOMEM, ERR_BUG. */
MUST_USE status manifest_view_read(const char *path, bytes content, struct arena *memory, struct manifest_view *out,
                                   struct err *err);

/* ---- on paper --------------------------------------------------------------------------------------------------- */

struct manifest_style {
    const struct palette *palette; /* of the text format */
    bool quiet;                    /* text: without what a manifest says */
    bool first;                    /* nothing was printed before this file */
};

/* ERR_NOMEM: nothing of the file is written. */
struct manifest_format {
    void (*open)(FILE *out);
    status (*file)(FILE *out, const struct manifest_view *v, const struct manifest_style *style, struct err *err);
    /* What could not be read. */
    status (*unread)(FILE *out, const char *path, const struct err *why, const struct manifest_style *style,
                     struct err *err);
    void (*close)(FILE *out);
};

/* In the order of report_format_names. */
extern const struct manifest_format *const manifest_formats[];
extern const struct manifest_format manifest_text, manifest_json, manifest_junit;

const char *manifest_product_name(enum manifest_product product);

/* "EC P-256" */
struct manifest_key_text {
    char s[32];
};
struct manifest_key_text manifest_ec_key_text(bytes der);
struct manifest_key_text manifest_rsa_key_text(bytes der);

#endif
