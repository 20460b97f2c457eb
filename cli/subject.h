/* SPDX-License-Identifier: Apache-2.0 */
/* cli/subject.h: what the operands of `contrast inspect` lead to: files to inspect, and names that cannot be.
 *
 * One bad name must not keep the others from being judged, so it is a subject too, with the reason, and has its own
 * place among the results.
 */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/collateral.h"
#include "cli/option.h"

struct subject {
    const char *path;
    const struct err *refused; /* why it cannot be inspected; NULL: it is to be */
};

struct subject_list {
    struct subject *items;
    size_t count;
};

/* A subject for each operand that is no folder, and for each file below one that is, in order.  What lies in a folder
 * is added to the collateral when it can be; everything else is taken for a report.  A folder without any is a subject
 * that is refused.  What `out` points to borrows the operands and `memory`.  ERR_NOMEM. */
MUST_USE status subject_find(const struct text_list *operands, struct collateral *collateral, struct arena *memory,
                             struct subject_list *out, struct err *err);

#endif
