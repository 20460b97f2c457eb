/* SPDX-License-Identifier: Apache-2.0 */
/* cli/batch.h: many files inspected by many threads, and reported in their order. */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "cli/report.h"
#include "cli/subject.h"

struct batch {
    const struct subject_list *subjects;
    const struct inspection_options *options; /* without caches: each thread has its own */
    const struct report_format *format;
    const struct palette *palette;
    bool quiet;
    unsigned jobs; /* threads; 0: one for each processor */
    FILE *out;
    bool shows_progress; /* on standard error */
};

/* Inspects all files and writes open, files and close of the format.  The worst exit code is in `totals`.  What cannot
 * be read is told on standard error as well and counts with the code of its error; the others are inspected all the
 * same.  ERR_NOMEM, or ERR_STATE when no thread can be started. */
MUST_USE status batch_run(const struct batch *b, struct report_totals *totals, struct err *err);

#endif
