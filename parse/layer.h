/* SPDX-License-Identifier: Apache-2.0 */
/* parse/layer.h: what a layer of an image does to /etc/passwd and /etc/group, as its unpacked tar archive goes by.
 *
 * The archive comes in parts of any length and is never kept: memory is that of the two files and of one extended
 * header.  POSIX's ustar and pax formats, GNU's and the one before them are read; what tars do not agree upon is
 * refused: a name with "..", an entry without content that has a size, two long names for one entry, a global header
 * that names a file, types that nobody unpacks.  So nobody finds another file under a name than we do.
 *
 * Names are taken from the root, with or without "/" or "./" in front.  A file that is whited out in the layer that
 * has it, or is a link, comes out as LAYER_OTHER: whoever wants its content has to refuse.
 *
 * Not checked here: that the archive is the one that was meant, and that its end has been reached: layers without the
 * two blocks of zeros at their end are unpacked by all, so only their digest says whether something is missing.
 * Specification: POSIX.1-2017, pax; GNU tar, "Basic Tar Format"; OCI image specification 1.1, "image layer".
 */
#ifndef PARSE_LAYER_H
#define PARSE_LAYER_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum { LAYER_BLOCK_BYTES = 512 };

enum layer_change {
    LAYER_UNTOUCHED,
    LAYER_FILE,  /* has it, as a regular file */
    LAYER_GONE,  /* takes away what lower layers had */
    LAYER_OTHER, /* has something else there */
};

struct layer_file {
    uint8_t *content; /* lent */
    size_t cap;       /* a longer file is ERR_LIMIT */
    size_t len;       /* of LAYER_FILE */
    enum layer_change change;
};

enum layer_place {
    LAYER_ANYWHERE,
    LAYER_ETC,
    LAYER_PASSWD,
    LAYER_GROUP,
    LAYER_NO_ETC, /* whiteouts */
    LAYER_NO_PASSWD,
    LAYER_NO_GROUP,
    LAYER_EMPTY_ROOT,
    LAYER_EMPTY_ETC,
};

/* What extended headers say of the next entry. */
struct layer_override {
    bool is_there, has_name, has_size, is_sparse;
    enum layer_place place;
    bool is_folder; /* the name ends in '/' */
    uint64_t size;
};

struct layer_scan {
    struct layer_file passwd, group;
    uint8_t *extension; /* lent, for one extended header; a longer one is ERR_LIMIT */
    size_t extension_cap;

    /* Of /etc: LAYER_GONE when lower layers' is, LAYER_OTHER when it is no folder. */
    enum layer_change etc;

    /* the rest is the scan's own and starts zeroed */
    uint8_t block[LAYER_BLOCK_BYTES];
    size_t filled;         /* of the block */
    uint64_t left;         /* of a content */
    size_t padding;        /* behind it */
    uint8_t type;          /* of the entry whose content goes by */
    struct layer_file *to; /* where it goes; NULL: nowhere */
    size_t extension_len;
    bool has_more; /* sparse headers */
    struct layer_override next;
    bool no_passwd, no_group, is_etc_empty;
    unsigned end_blocks;
    uint64_t entries;
    uint64_t offset;   /* in the archive */
    uint64_t block_at; /* where the block, or the entry around it, begins */
};

/* The next part of the archive.  ERR_SYNTAX, ERR_RANGE, ERR_UNSUPPORTED, ERR_DUPLICATE, ERR_LIMIT, ERR_TRAILING.  After
 * an error the scan is of no further use. */
MUST_USE status layer_scan_put(struct layer_scan *s, bytes part, struct err *err);

/* The archive is at its end, and `passwd`, `group` and `etc` say what it does.  ERR_TRUNCATED inside an entry. */
MUST_USE status layer_scan_finish(struct layer_scan *s, struct err *err);

#endif
