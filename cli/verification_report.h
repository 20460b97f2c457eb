/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verification_report.h: the verdict on a deployment on paper, in three formats (docs/verify.md describes them). */
#ifndef CLI_VERIFICATION_REPORT_H
#define CLI_VERIFICATION_REPORT_H

#include <stdio.h>

#include "cli/layout.h"
#include "cli/verification.h"

struct verification_style {
    const char *path; /* of the evidence; text and junit say it, json does not, for it is no part of the verdict */
    const struct palette *palette;
    bool quiet;      /* text: one line */
    bool at_capture; /* judged at the time that the bundle claims */
};

/* ERR_NOMEM: nothing is written.  What the stream fails to take, its owner sees. */
typedef status verification_format(FILE *out, const struct verification *v, const struct verification_style *style,
                                   struct err *err);

/* In the order of report_format_names. */
extern verification_format *const verification_formats[];

verification_format verification_text, verification_json, verification_junit;

/* "ALLOW: ..." or "DENY: ...", in one line.  Fits `cap`, cut at the end. */
void verification_result(const struct verification *v, const struct verification_style *style, char *out, size_t cap);

struct not_proven {
    const char *name;
    const char *text;
};

/* The next row that goes with this verdict, from *row on; NULL behind the last. */
const struct not_proven *verification_not_proven(const struct verification *v, size_t *row);

#endif
