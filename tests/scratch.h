/* SPDX-License-Identifier: Apache-2.0 */
/* tests/scratch.h: a folder below build/run for one test, and other programs that look at what lies there. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "parse/bytes.h"

struct scratch {
    char path[64];
};

/* A new, empty folder. */
struct scratch scratch_open(void);

/* Removes it with all that is in it.  A test that fails leaves it behind. */
void scratch_close(const struct scratch *s);

/* The file `name` in it, which may lie in one further folder, made when it is not there. */
void scratch_write(const struct scratch *s, const char *name, bytes content);

/* The same read; allocated with malloc: the caller frees `ptr`. */
bytes scratch_read(const struct scratch *s, const char *name);

/* Runs a line of shell in it.  The test fails unless the line succeeds. */
void scratch_run(const struct scratch *s, const char *line);

#endif
