/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_text.h: an inspection as text for a person. */
#ifndef CLI_REPORT_TEXT_H
#define CLI_REPORT_TEXT_H

#include <stdio.h>

#include "cli/inspection.h"

enum { VALUE_TEXT_SIZE = 320 };

/* A value of a verdict as one line of text. */
void value_write_text(const struct value *value, char out[VALUE_TEXT_SIZE]);

void report_text(const struct inspection *i, FILE *out);

#endif
