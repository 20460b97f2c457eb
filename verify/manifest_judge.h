/* SPDX-License-Identifier: Apache-2.0 */
/* verify/manifest_judge.h: is a report one that a manifest accepts: under any of its reference values, with a policy of
 * those that are asked for.
 *
 * The trap: a manifest without an entry for SNP accepts none, and leaves the verdict as it is: what was not judged
 * stays "not run", which denies.
 */
#ifndef VERIFY_MANIFEST_JUDGE_H
#define VERIFY_MANIFEST_JUDGE_H

#include "parse/manifest.h"
#include "verify/evidence_read.h"
#include "verify/reference_manifest.h"
#include "verify/report_data.h"

enum manifest_judge_policies {
    JUDGE_COORDINATORS = 0, /* HOST_DATA is the policy of a Coordinator */
    JUDGE_ANY_POLICY,       /* anything: whoever asks looks HOST_DATA up in the manifest by himself */
};

struct manifest_judge_question {
    const struct manifest *manifest;
    enum manifest_judge_policies policies;
    const uint8_t *report_data; /* REPORT_DATA_BYTES; NULL: not known, so that the report is not accepted */
    const char *report_data_source;
};

/* Memory that the caller lends, in any state.  The verdict borrows it. */
struct manifest_judge_work {
    char sources[LIMIT_MANIFEST_REFERENCE_VALUES][40];
    bytes host_data[LIMIT_MANIFEST_POLICIES];
    bytes report_data;
    struct reference_manifest_lists lists;
    struct verdict trial, best;
};

/* Runs evidence_judge against each reference value, and keeps in `v` the verdict under the first that is met, or else
 * under the one that fewest checks fail. */
void manifest_judge(const struct evidence *e, const struct manifest_judge_question *q, struct manifest_judge_work *w,
                    struct verdict *v);

#endif
