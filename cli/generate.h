/* SPDX-License-Identifier: Apache-2.0 */
/* cli/generate.h: the files of `contrast generate`: which are read, how findings are told, and how all are written at
 * once. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include <stdio.h>

#include "cli/image_registry.h"
#include "cli/workspace.h"
#include "kube/image_layout.h"
#include "kube/prepare.h"

struct generate {
    struct arena *memory;
    const char **paths;
    bytes *inputs;
    size_t count;
    struct image_layout layout;
    struct image_registry registry;
    struct image_source images;
    struct prepare_options options;
    struct preparation prepared;
    struct workspace workspace; /* without policies there is nothing in it */
};

/* All files named, and those of folders below, whose names end in .yaml or .yml, in the order of their names.
 * ERR_MISSING when there is none. */
MUST_USE status generate_read(struct generate *g, const struct text_list *operands, struct err *err);

/* ORIGINAL=REPLACEMENT, a line each. */
MUST_USE status generate_read_replacements(struct generate *g, const char *path, struct err *err);

/* "FILE:LINE:COLUMN: error: TEXT [RULE]" to stderr, and what to do about each rule once. */
void generate_tell(const struct generate *g);

/* Each workload, a line each: file, kind, name, and what was done. */
void generate_table(const struct generate *g, FILE *out);

/* A unified diff of all files to standard output. */
MUST_USE status generate_diff(const struct generate *g, struct err *err);

/* All changed files, whole, and those of the workspace; they get their names when all are on disk.  They keep their
 * modes.  With `one` all YAML is written to that file, and the inputs stay as they are. */
MUST_USE status generate_write(const struct generate *g, const char *one, struct err *err);

/* What somebody has to fill into the manifest, a line each. */
void generate_tell_missing(const struct generate *g);

#endif
