/* SPDX-License-Identifier: Apache-2.0 */
/* cli/describe.h: all that a piece of evidence says, as a list of named values, for every format to print in its way.
 *
 * Names are AMD's, in upper case; documents for machines write them in lower case.  An item with items one deeper
 * behind it contains them: a word and its bits.  Nothing here judges.
 */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include "cli/inspection.h"

struct item {
    unsigned depth;   /* 0: the head of a section */
    const char *name; /* static */
    struct value value;
    bool is_flag;        /* value is 0 or 1 */
    const char *meaning; /* of this value; static; may be NULL */
};

enum { DESCRIPTION_MAX = 160 };

/* Borrows the inspection. */
struct description {
    struct item items[DESCRIPTION_MAX];
    size_t count;
    uint8_t fingerprint[SHA256_BYTES]; /* of the leaf */
};

/* What does not fit is left out. */
void description_add(struct description *d, unsigned depth, const char *name, struct value value, const char *meaning);

/* Behind what is there already. */
void describe(const struct inspection *i, struct description *out);

#endif
