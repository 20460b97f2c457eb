/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper_peers.h"

#include <stdio.h>
#include <stdlib.h>

#include "ca/random.h"

/* A document is at most what goes into a certificate. */
#define LIMIT_PEER_DOCUMENT_BYTES LIMIT_CERTIFICATE_BYTES

/* A connection may stay open for long; the CRL that came with its evidence does not stay good for ever. */
enum { JUDGED_FOR_S = 300 };

/* What a peer has shown, and when it was accepted. */
struct accepted {
    uint64_t generation; /* of the manifest that it was judged by */
    int64_t at;
    enum snp_product product;
    uint8_t report[SNP_REPORT_BYTES];
    uint8_t report_data[REPORT_DATA_BYTES];
    uint8_t key[KEY_SPKI_MAX];
    size_t key_len;
    size_t document_len;
    uint8_t document[];
};

struct peer {
    uint64_t ticket;
    bool is_judged;
    uint8_t nonce[PEER_NONCE_BYTES];
    struct accepted *accepted; /* NULL: not, or not yet */
};

struct keeper_peers {
    struct snp_ca_set cas;
    struct signature_cache leaf_cache, crl_cache;
    struct peer *by_slot[LIMIT_PEERS]; /* by ticket modulo that */
    uint64_t next;
    size_t count;
    struct peer_work work;
    struct verdict verdict;
};

status keeper_peers_open(const struct snp_ca_set *cas, struct keeper_peers **out, struct err *err)
{
    struct keeper_peers *p = calloc(1, sizeof *p);
    if (!p) return err_set(err, ERR_NOMEM, 0, "peers: out of memory");
    p->cas = *cas;
    p->next = 1;
    *out = p;
    return OK;
}

static void free_peer(struct peer *peer)
{
    free(peer->accepted);
    free(peer);
}

void keeper_peers_free(struct keeper_peers *p)
{
    if (!p) return;
    for (size_t i = 0; i < LIMIT_PEERS; i++)
        if (p->by_slot[i]) free_peer(p->by_slot[i]);
    free(p);
}

/* ---- tickets ---------------------------------------------------------------------------------------------------- */

static struct peer *find(struct keeper_peers *p, uint64_t ticket)
{
    struct peer *peer = p->by_slot[ticket % LIMIT_PEERS];
    return peer && peer->ticket == ticket ? peer : NULL;
}

status keeper_peers_draw(struct keeper_peers *p, uint64_t *ticket, uint8_t nonce[PEER_NONCE_BYTES], struct err *err)
{
    if (p->count == LIMIT_PEERS) return err_set(err, ERR_LIMIT, 0, "peers: want at most %d at once", LIMIT_PEERS);
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer) return err_set(err, ERR_NOMEM, 0, "peers: out of memory");
    status s = random_fill(peer->nonce, sizeof peer->nonce, err);
    if (!is_ok(s)) {
        free(peer);
        return s;
    }
    while (p->by_slot[p->next % LIMIT_PEERS])
        p->next++;
    peer->ticket = p->next++;
    p->by_slot[peer->ticket % LIMIT_PEERS] = peer;
    p->count++;
    *ticket = peer->ticket;
    memcpy(nonce, peer->nonce, sizeof peer->nonce);
    return OK;
}

void keeper_peers_release(struct keeper_peers *p, uint64_t ticket)
{
    struct peer *peer = find(p, ticket);
    if (!peer) return;
    p->by_slot[ticket % LIMIT_PEERS] = NULL;
    p->count--;
    free_peer(peer);
}

/* ---- judging ---------------------------------------------------------------------------------------------------- */

/* The first check that denies, as one sentence and taken apart. */
static status tell(const struct verdict *v, struct keeper_peer_refusal *why, struct err *err)
{
    for (size_t i = 0; i < verdict_rows(v); i++) {
        const struct check *c = &v->by_id[i];
        if (c->outcome != FAILED) continue;
        why->check = check_rows[i].name;
        why->want = value_text_of(&c->want);
        why->got = value_text_of(&c->got);
        return err_set(err, ERR_DENIED, 0, "peer not authorized: %s: %s%s%s", check_rows[i].name, check_rows[i].meaning,
                       c->note[0] ? ": " : "", c->note);
    }
    return err_set(err, ERR_DENIED, 0, "peer not authorized: not all checks could be made");
}

static status judge(struct keeper_peers *p, struct accepted *a, const struct keeper_state *state, int64_t now,
                    struct keeper_peer_refusal *why, struct err *err)
{
    const struct manifest_judge_question question = {.manifest = &state->manifest,
                                                     .policies = JUDGE_ANY_POLICY,
                                                     .report_data = a->report_data,
                                                     .report_data_source = "nonce and key of the connection"};
    const struct authenticate_options options = {.cas = p->cas,
                                                 .now = now,
                                                 .revocation = REVOCATION_REQUIRED,
                                                 .leaf_cache = &p->leaf_cache,
                                                 .crl_cache = &p->crl_cache};
    peer_judge(BYTES(a->document, a->document_len), &question, &options, &p->work, &p->verdict);
    *why = (struct keeper_peer_refusal){0};
    const struct value pod = value_hex(p->work.evidence.report.host_data);
    if (pod.as.b.ptr) why->pod = value_text_of(&pod);
    if (verdict_decide(&p->verdict) != ALLOW) return tell(&p->verdict, why, err);
    a->generation = state->generation;
    a->at = now;
    a->product = p->work.evidence.product;
    memcpy(a->report, p->work.envelope.report.ptr, sizeof a->report);
    return OK;
}

static status remember(const struct peer *peer, bytes key, bytes document, struct accepted **out, struct err *err)
{
    if (key.len == 0 || key.len > KEY_SPKI_MAX)
        return err_set(err, ERR_LIMIT, 0, "peer: want a key of 1 to %d bytes, have %zu", KEY_SPKI_MAX, key.len);
    if (document.len == 0 || document.len > LIMIT_PEER_DOCUMENT_BYTES)
        return err_set(err, ERR_LIMIT, 0, "peer: want evidence of 1 to %d bytes, have %zu", LIMIT_PEER_DOCUMENT_BYTES,
                       document.len);
    struct accepted *a = malloc(sizeof *a + document.len);
    if (!a) return err_set(err, ERR_NOMEM, 0, "peer: out of memory");
    a->key_len = key.len;
    a->document_len = document.len;
    memcpy(a->key, key.ptr, key.len);
    memcpy(a->document, document.ptr, document.len);
    status s = report_data_of_connection(key, peer->nonce, a->report_data, err);
    if (is_ok(s))
        *out = a;
    else
        free(a);
    return s;
}

status keeper_peers_judge(struct keeper_peers *p, uint64_t ticket, bytes key, bytes document,
                          const struct keeper_state *state, int64_t now, struct keeper_peer_refusal *why,
                          struct err *err)
{
    struct peer *peer = find(p, ticket);
    if (!peer || peer->is_judged) return err_set(err, ERR_STATE, 0, "peer: no nonce of its own waits for evidence");
    peer->is_judged = true;
    struct accepted *a = NULL;
    TRY(remember(peer, key, document, &a, err));
    status s = judge(p, a, state, now, why, err);
    if (is_ok(s))
        peer->accepted = a;
    else
        free(a);
    return s;
}

/* ---- issuing ---------------------------------------------------------------------------------------------------- */

void keeper_mesh_cert_wipe(struct keeper_mesh_cert *c)
{
    secret_seed_wipe(&c->secret);
}

static status refuse_policy(const struct snp_report *report, struct keeper_peer_refusal *why, struct err *err)
{
    const struct value have = value_hex(report->host_data), want = value_text("a policy of the manifest");
    *why = (struct keeper_peer_refusal){.check = check_rows[CHECK_HOST_DATA].name,
                                        .pod = value_text_of(&have),
                                        .want = value_text_of(&want),
                                        .got = value_text_of(&have)};
    return err_set(err, ERR_DENIED, 0, "policy hash %s not found in manifest", why->got.s);
}

static status issue(const struct accepted *a, const struct keeper_state *state, int64_t now,
                    struct keeper_mesh_cert *out, struct keeper_peer_refusal *why, struct err *err)
{
    struct snp_report report;
    TRY(snp_report_read(BYTES_OF(a->report), &report, err));
    const struct manifest *m = &state->manifest;
    const struct manifest_policy *policy = manifest_find_policy(m, report.host_data);
    if (!policy) return refuse_policy(&report, why, err);
    const struct certificate_request request = {.spki = BYTES(a->key, a->key_len),
                                                .sans = m->sans + policy->first_san,
                                                .san_count = policy->san_count,
                                                .report = &report,
                                                .product = a->product,
                                                .workload_secret_id = policy->workload_secret_id};
    TRY(authority_issue(&state->secret_authority, &request, now, out->chain, sizeof out->chain, &out->chain_len, err));
    out->has_secret = policy->workload_secret_id.len > 0;
    if (!out->has_secret) return OK;
    return seed_workload_secret(&state->secret_seeds, policy->workload_secret_id, SEED_ID_STRICT, &out->secret, err);
}

status keeper_peers_certify(struct keeper_peers *p, uint64_t ticket, const struct keeper_state *state, int64_t now,
                            struct keeper_mesh_cert *out, struct keeper_peer_refusal *why, struct err *err)
{
    struct peer *peer = find(p, ticket);
    if (!peer || !peer->accepted) return err_set(err, ERR_STATE, 0, "peer: has not been accepted");
    struct accepted *a = peer->accepted;
    bool is_fresh = a->generation == state->generation && now - a->at <= JUDGED_FOR_S && now >= a->at;
    if (!is_fresh) TRY(judge(p, a, state, now, why, err));
    return issue(a, state, now, out, why, err);
}
