/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "tests/coordinator_manifest.h"
#include "tests/simulated.h"
#include "verify/peer.h"

enum { NOW = 1782864000 }; /* 2026-07-01 */

static struct verdict v;
static struct peer_work work;

static void judge(bytes document)
{
    static struct snp_ca cas[SIMULATED_CAS];
    static struct manifest_room room;
    static uint8_t text[16384];
    struct manifest m;
    struct err err = {0};
    struct manifest_storage lent = manifest_storage_of(&room, text, sizeof text);
    cr_assert(is_ok(manifest_parse(coordinator_manifest("p", ""), &lent, &m, &err)), "%s", err.text);
    const struct manifest_judge_question question = {.manifest = &m, .policies = JUDGE_ANY_POLICY};
    const struct authenticate_options options = {.cas = simulated_cas(cas), .now = NOW};
    peer_judge(document, &question, &options, &work, &v);
    cr_expect_eq(verdict_decide(&v), DENY); /* its measurement is that of no report */
}

static bytes made(const char *line, enum sim_file file)
{
    return sim_file(simulated(0, line), file);
}

/* A host may put a leaf where the other kind belongs: it is taken when there is none in its own place. */
Test(peer, is_authenticated_by_its_leaf_wherever_that_lies)
{
    static const char *const lines[] = {"--envelope protobuf", "--envelope protobuf --kind vlek",
                                        "--envelope table --include leaf-other",
                                        "--envelope table --kind vlek --include leaf-other"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        judge(made(lines[i], SIM_FILE_EVIDENCE));
        cr_expect_eq(v.by_id[CHECK_REPORT_SIGNATURE].outcome, PASSED, "%s", lines[i]);
    }
}

Test(peer, without_a_leaf_or_a_readable_report_is_refused)
{
    judge(made("--envelope raw", SIM_FILE_EVIDENCE));
    cr_expect_eq(v.by_id[CHECK_LEAF_PRESENT].outcome, FAILED);
    judge(made("--envelope raw --kind vlek", SIM_FILE_EVIDENCE));
    cr_expect_eq(v.by_id[CHECK_LEAF_PRESENT].outcome, FAILED);
    judge(made("--envelope raw --report-version 9", SIM_FILE_EVIDENCE));
    cr_expect_eq(v.by_id[CHECK_REPORT_VERSION].outcome, FAILED);
}

/* Certificates alone are an envelope, too: there is nothing in it to judge. */
Test(peer, without_a_report_is_not_judged)
{
    judge(made("", SIM_FILE_LEAF_PEM));
    cr_expect_eq(v.by_id[CHECK_REPORT_SIGNATURE].outcome, NOT_RUN);
    cr_expect_eq(v.by_id[CHECK_HOST_DATA].outcome, NOT_RUN);
    judge(BYTES_LIT("nothing"));
    cr_expect_eq(v.by_id[CHECK_EVIDENCE_ENVELOPE].outcome, FAILED);
}
