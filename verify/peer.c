/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/peer.h"

#include "verify/envelope.h"

/* Of the kind that has signed; one of the other kind shows what is wrong. */
static bytes choose_leaf(const struct snp_evidence *e)
{
    struct snp_report report;
    bool by_vlek =
        is_ok(snp_report_read(e->report, &report, NULL)) && snp_report_signing_key(&report) == SNP_SIGNED_BY_VLEK;
    bytes right = by_vlek ? e->vlek : e->vcek;
    return right.ptr ? right : by_vlek ? e->vcek : e->vlek;
}

void peer_judge(bytes document, const struct manifest_judge_question *question,
                const struct authenticate_options *options, struct peer_work *work, struct verdict *v)
{
    struct err broken = {0};
    *v = (struct verdict){.subject = SUBJECT_REPORT};
    work->storage.buffer = work->buffer;
    work->storage.cap = sizeof work->buffer;
    work->evidence = (struct evidence){0};
    if (!is_ok(snp_evidence_parse(document, &work->storage, &work->envelope, &broken))) {
        envelope_failed(&broken, v);
        return;
    }
    const struct snp_evidence *e = &work->envelope;
    envelope_check(e, v);
    if (bytes_is_absent(e->report)) return;
    const struct evidence_input in = {.report = e->report, .leaf = choose_leaf(e), .crl = e->crl};
    evidence_read(&in, &work->evidence, v);
    evidence_authenticate(&work->evidence, options, v);
    manifest_judge(&work->evidence, question, &work->judging, v);
}
