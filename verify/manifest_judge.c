/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/manifest_judge.h"

#include <stdio.h>

#include "verify/judge.h"

/* The hashes of the policies of Coordinators; how many. */
static size_t list_coordinators(const struct manifest *m, bytes out[LIMIT_MANIFEST_POLICIES])
{
    size_t count = 0;
    for (size_t i = 0; i < m->policy_count; i++)
        if (m->policies[i].role == MANIFEST_ROLE_COORDINATOR) out[count++] = BYTES_OF(m->policies[i].hash);
    return count;
}

static struct expect_bytes expect_policy(const struct manifest_judge_question *q, bytes out[LIMIT_MANIFEST_POLICIES])
{
    if (q->policies == JUDGE_ANY_POLICY) return (struct expect_bytes){.mode = EXPECT_ANYTHING};
    return (struct expect_bytes){.mode = EXPECT_VALUE,
                                 .source = "Policies, role coordinator",
                                 .any_of = out,
                                 .count = list_coordinators(q->manifest, out)};
}

static size_t count_failures(const struct verdict *v)
{
    size_t count = 0;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        count += v->by_id[i].outcome == FAILED || v->by_id[i].outcome == NOT_RUN;
    return count;
}

static void try_entry(const struct evidence *e, const struct manifest_judge_question *q, size_t i,
                      struct manifest_judge_work *w, const struct verdict *before)
{
    char *source = w->sources[i];
    (void)snprintf(source, sizeof w->sources[i], "ReferenceValues.snp[%zu]", i);
    struct reference r = reference_of_manifest(q->manifest, &q->manifest->snp[i], &w->lists, source);
    r.host_data = expect_policy(q, w->host_data);
    w->report_data = BYTES(q->report_data, REPORT_DATA_BYTES);
    if (q->report_data)
        r.report_data = (struct expect_bytes){
            .mode = EXPECT_VALUE, .source = q->report_data_source, .any_of = &w->report_data, .count = 1};
    w->trial = *before;
    evidence_judge(e, &r, &w->trial);
}

void manifest_judge(const struct evidence *e, const struct manifest_judge_question *q, struct manifest_judge_work *w,
                    struct verdict *v)
{
    size_t fewest = SIZE_MAX;
    for (size_t i = 0; i < q->manifest->snp_count && fewest > 0; i++) {
        try_entry(e, q, i, w, v);
        size_t failures = count_failures(&w->trial);
        if (failures >= fewest) continue;
        fewest = failures;
        w->best = w->trial;
    }
    if (q->manifest->snp_count > 0) *v = w->best;
}
