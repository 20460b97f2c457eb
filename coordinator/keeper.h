/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/keeper.h: who holds the secrets of a deployment: seed, derived keys, CA keys, and the manifest in force.
 *
 * The keeper has no socket, no file and no network; it is asked by fronts (coordinator/message.h), one message at a
 * time, and answers each before it takes the next, but for those that need evidence of its own: somebody has that made,
 * which takes a while.  It alone draws nonces for peers, forms REPORT_DATA, has evidence
 * made, judges that of peers, and signs.  What a front says is hostile: it may have been taken over.  It then can lie
 * to its clients, and it can drop what it was to store; but not read what lies in here, not have a certificate without
 * evidence over a nonce that was drawn here and used once, and not extend or undo a history.
 *
 * A manifest is set in two steps, so that a store can refuse it: KEEPER_SET forms and signs the transition, the front
 * stores it by compare-and-swap, KEEPER_ACTIVATE puts it in force.  A KEEPER_SET that is granted forgets the one
 * before.
 *
 * A keeper that is opened on a history without secrets is in recovery mode: it gives evidence of connections and
 * nothing else, until KEEPER_RECOVER has brought the seed.
 *
 * `now` and the making of evidence are the caller's, so that tests drive a keeper without a clock or a machine.
 *
 * Source: Contrast protocol, SetManifest, recovery, CA.
 */
#ifndef COORDINATOR_KEEPER_H
#define COORDINATOR_KEEPER_H

#include "coordinator/message.h"
#include "coordinator/refusal.h"
#include "net/buffer.h"
#include "snp/ca.h"

/* Kinds of requests with their parts -> those of the answer. */
enum keeper_kind {
    /* -> generation (u64, big-endian; 0: no manifest), flags (u8: 1 stale, 2 under a root given by hand), record of the
     * latest transition, root CA (PEM), mesh CA (PEM), MinimumAPIVersion as a number (u64; 0: none), peers refused
     * (u64)
     */
    KEEPER_STATE = 1,
    /* nonce of the peer (32), SubjectPublicKeyInfo of the front's connection -> document */
    KEEPER_EVIDENCE,
    /* nonce (32), body of /capabilities, empty for POST /attest -> document, then as KEEPER_STATE */
    KEEPER_ATTEST,
    /* SetManifestRequest, SubjectPublicKeyInfo of the client or empty -> manifest's hash (32), transition (64), record,
     * and the record that it replaces or empty */
    KEEPER_SET,
    /* the record that was stored -> SetManifestResponse */
    KEEPER_ACTIVATE,
    /* -> ticket (u64), nonce for a peer of the Mesh API (32) */
    KEEPER_DRAW,
    /* ticket, SubjectPublicKeyInfo of the peer, its document -> nothing */
    KEEPER_JUDGE,
    /* ticket -> NewMeshCertResponse, which holds a secret */
    KEEPER_CERTIFY,
    /* ticket -> nothing */
    KEEPER_RELEASE,
    /* RecoverRequest, SubjectPublicKeyInfo of the client or empty -> nothing */
    KEEPER_RECOVER,
    KEEPER_KINDS,
};

/* Kinds of answers. */
enum {
    ANSWER_DONE = 0x80,
    ANSWER_REFUSED = 0x81, /* parts: enum refusal (u8), text; of evidence: and check, pod, want, got */
};

/* Of ANSWER_REFUSED: without and with what is said of evidence. */
enum { REFUSED_PARTS = 2, REFUSED_PEER_PARTS = 6 };

/* What KEEPER_STATE is answered, as a front reads it; views of the answer. */
struct keeper_state_answer {
    uint64_t generation;
    bool is_stale, is_insecure;
    bytes record, root_ca, mesh_ca;
    uint64_t minimum_api_number;
    uint64_t refused_peers;
};

/* From the parts of `m` on from `first`; false when they are not there. */
bool keeper_state_answer_read(const struct message *m, size_t first, struct keeper_state_answer *out);

/* A document with certificates and a CRL has about 8 KiB. */
#define LIMIT_DOCUMENT_BYTES 65536

enum { KEEPER_NONCE_BYTES = 32, KEEPER_REPORT_DATA_BYTES = 64 };

/* A history without its secrets, as a store has it: hostile until a seed has vouched for it. */
struct keeper_past {
    bytes record;   /* of the latest transition */
    bytes digests;  /* SHA-256 of each manifest, 32 bytes each, the first one first */
    bytes manifest; /* the last one */
};

struct keeper_options {
    struct snp_ca_set cas;          /* whose evidence of peers is believed; borrowed */
    const struct keeper_past *past; /* what the store holds, and no seed for it is here; borrowed; NULL: nothing */
};

struct keeper;

/* The caller frees it.  ERR_NOMEM. */
MUST_USE status keeper_open(const struct keeper_options *options, struct keeper **out, struct err *err);

/* Wipes and frees; NULL is fine. */
void keeper_free(struct keeper *k);

/* Whether there is a history that KEEPER_RECOVER has not brought back yet. */
bool keeper_is_stale(const struct keeper *k);

/* A request that waits for evidence.  Zeroed; ended by keeper_wait_grant, keeper_wait_refuse or keeper_wait_free. */
struct keeper_wait {
    bool is_waiting;
    uint8_t report_data[KEEPER_REPORT_DATA_BYTES]; /* what the evidence has to be over */
    struct buffer answer;                          /* all of it but the document, as it is true now */
};

/* Answers one request, in whole frames: appended to `out`, or `wait` says what its answer waits for.  An error is ours
 * (ERR_NOMEM) or says that the front speaks another language: it is to be dropped. */
MUST_USE status keeper_answer(struct keeper *k, int64_t now, bytes frame, struct buffer *out, struct keeper_wait *wait,
                              struct err *err);

/* Ends the wait with the document, or with the reason why there is none: appended to `out`.  ERR_NOMEM, ERR_LIMIT. */
MUST_USE status keeper_wait_grant(struct keeper_wait *wait, bytes document, struct buffer *out, struct err *err);
MUST_USE status keeper_wait_refuse(struct keeper_wait *wait, const char *why, struct buffer *out, struct err *err);

void keeper_wait_free(struct keeper_wait *wait);

#endif
