/* SPDX-License-Identifier: Apache-2.0 */
/* program/value_text.h: a value of a verdict or of a description as one line of text, the same in every format. */
#ifndef PROGRAM_VALUE_TEXT_H
#define PROGRAM_VALUE_TEXT_H

#include "verify/verdict.h"

/* Fits a public key in hex, and foreign text as text_quote cuts it. */
enum { VALUE_TEXT_SIZE = 448 };

struct value_text {
    char s[VALUE_TEXT_SIZE];
};

/* Empty for VALUE_NONE.  Foreign text comes quoted and escaped unless it is made of letters, digits and
 * -_.=/ alone; bytes beyond 200 are cut, with their number. */
struct value_text value_text_of(const struct value *value);

/* The same for a table: hex beyond 16 bytes is cut, all-zero bytes are said in words. */
struct value_text value_text_short(const struct value *value);

#endif
