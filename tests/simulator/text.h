/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/text.h: the small syntaxes of the simulator's knobs. */
#ifndef TESTS_SIMULATOR_TEXT_H
#define TESTS_SIMULATOR_TEXT_H

#include "parse/status.h"
#include "tests/simulator/out.h"

/* HEX or HEX*COUNT: bytes, COUNT times over.  ERR_SYNTAX. */
MUST_USE status sim_text_hex(const char *text, struct out *out, struct err *err);

/* Decimal, 0x hexadecimal; the whole text.  ERR_SYNTAX. */
MUST_USE status sim_text_number(const char *text, uint64_t *out, struct err *err);

/* NAME=VALUE or NAME^VALUE, cut at the first of the two signs. */
struct sim_pair {
    char name[40];
    char sign;
    const char *value; /* into the text */
};
MUST_USE status sim_text_pair(const char *text, struct sim_pair *out, struct err *err);

/* The edit OFFSET=HEX, OFFSET^HEX (exclusive or), cut=LENGTH or append=HEX of `file`.  An offset below 0 counts from
 * the end.  ERR_RANGE when it is not inside the file. */
MUST_USE status sim_text_edit(const struct sim_pair *edit, struct out *file, struct err *err);

/* Applies those edits FILE:EDIT of the list that name `file`; a text without FILE: is about report.bin. */
MUST_USE status sim_text_edits(const char *const *texts, size_t count, const char *name, struct out *file,
                               struct err *err);

#endif
