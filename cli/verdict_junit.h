/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verdict_junit.h: a verdict for build servers: a test suite, with a test case for each check.
 *
 * Failed and "not run" checks are failures; waived checks, and those that had nothing to do, are skipped.
 */
#ifndef CLI_VERDICT_JUNIT_H
#define CLI_VERDICT_JUNIT_H

#include <stdio.h>

#include "verify/verdict.h"

/* `command` is the one whose verdict it is, `result` the sentence that follows from it. */
void verdict_junit_suite(FILE *out, const struct verdict *v, const char *name, const char *command, const char *result);

/* What XML 1.0 has no way to write, and all that is not ASCII, comes as \xNN. */
void verdict_junit_text(FILE *out, const char *text);

/* name="value" with a space in front. */
void verdict_junit_attribute(FILE *out, const char *name, const char *value);

#endif
