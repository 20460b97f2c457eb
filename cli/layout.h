/* SPDX-License-Identifier: Apache-2.0 */
/* cli/layout.h: text for a terminal: wrapped lines, foreign text made harmless, colour where it is wanted. */
#ifndef CLI_LAYOUT_H
#define CLI_LAYOUT_H

#include <stdio.h>

#include "parse/bytes.h"

enum { LAYOUT_COLUMNS = 100 };

/* Writes `text` word by word from column `at` on (the caller has written up to there) and ends the line.  Lines after
 * the first begin in column `indent`; none is longer than `columns` unless a single word is. */
void layout_wrap(FILE *out, const char *text, unsigned at, unsigned indent, unsigned columns);

/* Foreign text in full: as it is when all of it is printable ASCII, else in quotes and escaped.  Nothing that comes out
 * can steer a terminal or end the line. */
void layout_foreign(FILE *out, bytes text);

/* Escape sequences, or empty strings. */
struct palette {
    const char *bold, *dim, *good, *bad, *doubtful, *end;
};

extern const struct palette palette_plain;

/* Colours when `out` is a terminal that is not called "dumb" and NO_COLOR is not set (https://no-color.org). */
const struct palette *palette_for(FILE *out);

#endif
