/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verdict_text.h: a verdict, and what it is about, for a person at a terminal. */
#ifndef CLI_VERDICT_TEXT_H
#define CLI_VERDICT_TEXT_H

#include "cli/describe.h"
#include "cli/exit_code.h"
#include "cli/layout.h"

void verdict_text_description(FILE *out, const struct description *d, const struct palette *p);

/* Every check with what was wanted and what was there; then the warnings. */
void verdict_text_checks(FILE *out, const struct verdict *v, const struct palette *p);

/* The same of a deployment, under a heading for each thing that is checked, with what came of it. */
void verdict_text_tree(FILE *out, const struct verdict *v, const struct palette *p);

/* "path: result", coloured by what follows from the verdict. */
void verdict_text_line(FILE *out, const struct verdict *v, const char *path, const char *result,
                       const struct palette *p);

#endif
