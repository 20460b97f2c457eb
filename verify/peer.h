/* SPDX-License-Identifier: Apache-2.0 */
/* verify/peer.h: is the peer of an attested TLS connection a guest that a manifest accepts.
 *
 * A Coordinator asks this of pods, and of other Coordinators.  Leaf and CRL are those that came with the evidence: the
 * peer has them, or is not accepted.
 *
 * The trap: which policy a guest has stands in HOST_DATA, and what it may have follows from that alone.  Asked with
 * JUDGE_ANY_POLICY, a guest is accepted whose policy the manifest does not know, and which may have nothing.
 *
 * Not checked here: that REPORT_DATA was formed of a nonce drawn for this connection, and used once.
 */
#ifndef VERIFY_PEER_H
#define VERIFY_PEER_H

#include "snp/evidence.h"
#include "verify/authenticate.h"
#include "verify/manifest_judge.h"

/* Memory that the caller lends, in any state.  The verdict borrows it, and the document. */
struct peer_work {
    struct snp_evidence_storage storage;
    uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
    struct snp_evidence envelope;
    struct evidence evidence;
    struct manifest_judge_work judging;
};

/* Reads, authenticates and judges; `v` is made anew, its subject is a report.  The evidence is work->evidence. */
void peer_judge(bytes document, const struct manifest_judge_question *question,
                const struct authenticate_options *options, struct peer_work *work, struct verdict *v);

#endif
