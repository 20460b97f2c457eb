/* SPDX-License-Identifier: Apache-2.0 */
/* cli/output.h: where results go: standard output, or a file that is there whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

#include "cli/arena.h"

struct output {
    FILE *stream;
    const char *path; /* NULL: standard output */
    char *temporary;  /* beside `path`, on the same file system; in the arena */
};

/* `path` NULL: standard output.  ERR_IO. */
MUST_USE status output_open(struct output *o, const char *path, struct arena *memory, struct err *err);

/* Everything is written and the file has its name, or ERR_IO and nothing is left behind. */
MUST_USE status output_finish(struct output *o, struct err *err);

/* Leaves nothing behind; for the way out after a failure. */
void output_abandon(struct output *o);

#endif
