/* SPDX-License-Identifier: Apache-2.0 */
/* cli/inspection.h: one file of evidence, read, authenticated and judged. */
#ifndef CLI_INSPECTION_H
#define CLI_INSPECTION_H

#include "cli/collateral.h"
#include "verify/authenticate.h"
#include "verify/judge.h"

struct inspection {
    const char *path; /* borrowed */
    bytes content;    /* owned */
    struct evidence evidence;
    struct verdict verdict;
};

struct inspection_options {
    struct authenticate_options authenticate;
    struct reference reference;
    const struct collateral *collateral;
};

/* Reads and judges `path`.  An error means that the file could not be read; everything else is in the verdict. */
MUST_USE status inspection_run(const char *path, const struct inspection_options *options, struct inspection *out,
                               struct err *err);

void inspection_free(struct inspection *inspection);

#endif
