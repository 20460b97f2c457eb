/* SPDX-License-Identifier: Apache-2.0 */
/* cli/explain.h: what a check means, where it comes from, and what to do when it fails. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <stdio.h>

#include "verify/verdict.h"

/* One for each row of verify/checks.def. */
extern const char *const explain_advice[CHECK_COUNT];

/* All checks and warnings, a line each. */
void explain_list(FILE *out);

/* Those whose names begin so, which is not nothing; false when there are none. */
bool explain_group(const char *beginning, FILE *out);

/* One of them in full.  False when there is none of this name. */
bool explain_one(const char *name, FILE *out);

/* The names most like `name`, at most `cap`, the nearest first. */
size_t explain_nearest(const char *name, const char **nearest, size_t cap);

/* What checks make a verdict; no line end behind the last line. */
extern const char explain_verdict[];

/* docs/checks.md. */
void explain_markdown(FILE *out);

#endif
