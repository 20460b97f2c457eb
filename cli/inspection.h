/* SPDX-License-Identifier: Apache-2.0 */
/* cli/inspection.h: one file of evidence, taken out of its envelope, read, authenticated and judged. */
#ifndef CLI_INSPECTION_H
#define CLI_INSPECTION_H

#include "cli/collateral.h"
#include "verify/authenticate.h"
#include "verify/envelope.h"
#include "verify/judge.h"

struct inspection_options {
    struct authenticate_options authenticate;
    struct reference reference;
    const struct collateral *collateral; /* sealed */
};

/* Large, and pointed into by its own members: not to be copied, and not for a small stack. */
struct inspection {
    const char *path; /* borrowed */
    const struct inspection_options *options;
    bytes content;                        /* of inspection_run: owned */
    const char *leaf_source, *crl_source; /* where they came from; NULL: there is none */
    struct snp_evidence envelope;
    struct evidence evidence;
    struct reference reference; /* as it was applied */
    struct verdict verdict;
    struct snp_evidence_storage storage;
    uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
};

/* Reads and judges `path`.  An error means that the file could not be read; everything else is in the verdict.  Free
 * `out` after success only. */
MUST_USE status inspection_run(const char *path, const struct inspection_options *options, struct inspection *out,
                               struct err *err);

/* The same without file and judge: takes `evidence`, which is borrowed, apart, reads and authenticates it.  `subject`
 * is that of the verdict. */
void inspection_begin(bytes evidence, const struct inspection_options *options, enum verdict_subject subject,
                      struct inspection *out);

void inspection_free(struct inspection *inspection);

#endif
