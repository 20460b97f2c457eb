/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/keeper_peers.h: the peers of the Mesh API, from the nonce that one is given to the certificate it gets.
 *
 * A peer is a ticket: drawn with a nonce for one connection, judged once by evidence over that nonce and the key of the
 * connection, and then good for certificates of that key until the front lets it go.  When another manifest has come
 * into force meanwhile, the evidence is judged again by that one before anything is issued.
 *
 * The trap: a front says which key and which document belong to a ticket.  One that lies gets a certificate for a key
 * only with evidence that binds that key and the nonce.
 *
 * Source: Contrast protocol, aTLS verification, NewMeshCert.
 */
#ifndef COORDINATOR_KEEPER_PEERS_H
#define COORDINATOR_KEEPER_PEERS_H

#include "coordinator/keeper_state.h"
#include "program/value_text.h"
#include "verify/peer.h"

/* Connections to the Mesh API at once, each with a ticket. */
#define LIMIT_PEERS 16384

enum { PEER_NONCE_BYTES = REPORT_DATA_NONCE_BYTES };

struct keeper_peers;

/* ERR_NOMEM. */
MUST_USE status keeper_peers_open(const struct snp_ca_set *cas, struct keeper_peers **out, struct err *err);
void keeper_peers_free(struct keeper_peers *p);

/* A ticket, never 0, and its nonce.  ERR_LIMIT. */
MUST_USE status keeper_peers_draw(struct keeper_peers *p, uint64_t *ticket, uint8_t nonce[PEER_NONCE_BYTES],
                                  struct err *err);

/* Why evidence was refused, for the log: the first check that failed.  What it got is the peer's word. */
struct keeper_peer_refusal {
    const char *check;     /* a row of verify/checks.def; NULL: it was not a check */
    struct value_text pod; /* HOST_DATA, the hash of its policy; empty when there was no report */
    struct value_text want, got;
};

/* Judges the document by the manifest in force, but for HOST_DATA, which keeper_peers_certify looks up.  ERR_DENIED
 * with the first check that failed, and `why` says more; ERR_STATE for a ticket that is not there or was judged before.
 * The nonce is used up in any case. */
MUST_USE status keeper_peers_judge(struct keeper_peers *p, uint64_t ticket, bytes key, bytes document,
                                   const struct keeper_state *state, int64_t now, struct keeper_peer_refusal *why,
                                   struct err *err);

/* What the answer to NewMeshCert is made of; wiped by keeper_mesh_cert_wipe. */
struct keeper_mesh_cert {
    char chain[AUTHORITY_CHAIN_MAX];
    size_t chain_len;
    bool has_secret;
    struct secret_seed secret;
};

void keeper_mesh_cert_wipe(struct keeper_mesh_cert *c);

/* A certificate for the key of a peer that was accepted.  ERR_STATE for one that was not, ERR_DENIED when the manifest
 * that is now in force does not accept it or does not name its policy: then `why` says more. */
MUST_USE status keeper_peers_certify(struct keeper_peers *p, uint64_t ticket, const struct keeper_state *state,
                                     int64_t now, struct keeper_mesh_cert *out, struct keeper_peer_refusal *why,
                                     struct err *err);

/* The connection is over.  A ticket that is not there is fine. */
void keeper_peers_release(struct keeper_peers *p, uint64_t ticket);

#endif
