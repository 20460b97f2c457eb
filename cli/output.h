/* SPDX-License-Identifier: Apache-2.0 */
/* cli/output.h: where results go: standard output, or a file that is there whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

#include "cli/option.h"

struct output {
    FILE *stream;
    const char *path; /* NULL: standard output */
    char *temporary;  /* beside `path`, on the same file system; in the arena */
};

/* Refuses a file that is one of `inputs` or lies in one of them that is a folder: what was read would be gone.  A
 * `path` that is NULL or not there yet is fine.  ERR_STATE. */
MUST_USE status output_check(const char *path, const struct text_list *inputs, struct err *err);

/* Whether two names, each not NULL, lead to one file, or would if it were there: the same name in the same folder. */
bool output_is_same(const char *a, const char *b);

/* `path` NULL: standard output.  What is there already has to be a regular file, for it is replaced: a link, a pipe or
 * a device such as /dev/null stays.  ERR_IO, ERR_STATE. */
MUST_USE status output_open(struct output *o, const char *path, struct arena *memory, struct err *err);

/* Everything is written and the file has its name, or ERR_IO and nothing is left behind. */
MUST_USE status output_finish(struct output *o, struct err *err);

/* A whole file at once, by the same rules. */
MUST_USE status output_write(const char *path, bytes content, struct arena *memory, struct err *err);

/* Leaves nothing behind; for the way out after a failure. */
void output_abandon(struct output *o);

#endif
