/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper.h"

#include <stdlib.h>

#include "ca/seed_share.h"
#include "coordinator/keeper_peers.h"
#include "coordinator/keeper_recover.h"
#include "coordinator/keeper_set.h"
#include "parse/mesh_api.h"
#include "parse/text.h"
#include "verify/report_data.h"

/* The first answer has a share of the seed for each owner; 512 bytes and a key of at most 2 KiB, as hex. */
#define LIMIT_SET_ANSWER_BYTES (2 << 20)

enum { FLAG_STALE = 1, FLAG_INSECURE = 2 };

struct keeper {
    struct keeper_options options;
    struct keeper_state *active;  /* NULL: no manifest */
    struct keeper_state *pending; /* NULL: none is being set */
    struct buffer pending_answer;
    struct keeper_peers *peers;
    uint64_t refused_peers;
    bool is_stale; /* there is a history whose secrets are not here */
};

/* One request, and what is to be said to it. */
struct exchange {
    struct keeper *k;
    int64_t now;
    const struct message *request;
    struct message answer; /* kind and id are filled in; parts borrow what lives in the keeper or in the exchange */
    enum refusal why;

    uint8_t generation[8], api_version[8], refused_peers[8], flags;
    uint8_t ticket[8], nonce[PEER_NONCE_BYTES];
    struct buffer made; /* an answer that is made for this exchange alone */
    struct keeper_wait *wait;
    struct keeper_peer_refusal peer;
};

typedef status keeper_verb(struct exchange *x, struct err *err);

static status refuse(struct exchange *x, enum refusal why, struct err *err, const char *text)
{
    x->why = why;
    return err_set(err, ERR_DENIED, 0, "%s", text);
}

static bytes pem_of(const struct authority_pem *pem)
{
    return BYTES((const uint8_t *)pem->text, pem->len);
}

static void add_part(struct exchange *x, bytes part)
{
    x->answer.parts[x->answer.part_count++] = bytes_is_absent(part) ? BYTES_LIT("") : part;
}

/* ---- state ------------------------------------------------------------------------------------------------------ */

static void put_u64be(uint64_t v, uint8_t out[8])
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(v >> (56 - 8 * i));
}

static void add_state(struct exchange *x)
{
    const struct keeper_state *s = x->k->active;
    put_u64be(s ? s->generation : 0, x->generation);
    put_u64be(s && s->manifest.minimum_api_version.ptr ? s->manifest.minimum_api_number : 0, x->api_version);
    put_u64be(x->k->refused_peers, x->refused_peers);
    x->flags = (uint8_t)((x->k->is_stale ? FLAG_STALE : 0) | (x->k->options.cas.by_hand ? FLAG_INSECURE : 0));
    add_part(x, BYTES_OF(x->generation));
    add_part(x, BYTES(&x->flags, 1));
    add_part(x, s ? BYTES(s->record, s->record_len) : BYTES_ABSENT);
    add_part(x, s ? pem_of(&s->secret_authority.root) : BYTES_ABSENT);
    add_part(x, s ? pem_of(&s->secret_authority.mesh) : BYTES_ABSENT);
    add_part(x, BYTES_OF(x->api_version));
    add_part(x, BYTES_OF(x->refused_peers));
}

static uint64_t get_u64be(bytes b)
{
    uint64_t v = 0;
    for (size_t i = 0; i < 8; i++)
        v = v << 8 | b.ptr[i];
    return v;
}

bool keeper_state_answer_read(const struct message *m, size_t first, struct keeper_state_answer *out)
{
    enum { STATE_PARTS = 7 };
    const bytes *p = m->parts + first;
    if (m->part_count != first + STATE_PARTS || p[0].len != 8 || p[1].len != 1 || p[5].len != 8 || p[6].len != 8)
        return false;
    *out = (struct keeper_state_answer){.generation = get_u64be(p[0]),
                                        .is_stale = (p[1].ptr[0] & FLAG_STALE) != 0,
                                        .is_insecure = (p[1].ptr[0] & FLAG_INSECURE) != 0,
                                        .record = p[2],
                                        .root_ca = p[3],
                                        .mesh_ca = p[4],
                                        .minimum_api_number = get_u64be(p[5]),
                                        .refused_peers = get_u64be(p[6])};
    return true;
}

static status tell_state(struct exchange *x, struct err *err)
{
    (void)err;
    add_state(x);
    return OK;
}

static status need_state(struct exchange *x, struct err *err)
{
    if (x->k->is_stale) return refuse(x, REFUSED_NEEDS_RECOVERY, err, "coordinator is in recovery mode");
    if (!x->k->active) return refuse(x, REFUSED_NO_MANIFEST, err, "no manifest configured");
    return OK;
}

/* ---- evidence --------------------------------------------------------------------------------------------------- */

/* The document comes first in the answer. */
static void await_document(struct exchange *x, const uint8_t report_data[REPORT_DATA_BYTES])
{
    x->wait->is_waiting = true;
    memcpy(x->wait->report_data, report_data, REPORT_DATA_BYTES);
    add_part(x, BYTES_LIT(""));
}

static status make_evidence(struct exchange *x, struct err *err)
{
    uint8_t report_data[REPORT_DATA_BYTES];
    bytes nonce = x->request->parts[0];
    if (nonce.len != KEEPER_NONCE_BYTES) return refuse(x, REFUSED_INVALID_ARGUMENT, err, "nonce: want 32 bytes");
    TRY(report_data_of_connection(x->request->parts[1], nonce.ptr, report_data, err));
    await_document(x, report_data);
    return OK;
}

static status attest(struct exchange *x, struct err *err)
{
    bytes nonce = x->request->parts[0], capabilities = x->request->parts[1];
    uint8_t report_data[REPORT_DATA_BYTES];
    if (nonce.len != KEEPER_NONCE_BYTES) return refuse(x, REFUSED_INVALID_ARGUMENT, err, "nonce: want 32 bytes");
    TRY(need_state(x, err));
    const struct keeper_state *s = x->k->active;
    const struct report_data_answer answer = {.nonce = nonce.ptr,
                                              .latest = s->latest,
                                              .root_ca = pem_of(&s->secret_authority.root),
                                              .mesh_ca = pem_of(&s->secret_authority.mesh),
                                              .capabilities = capabilities.len > 0 ? capabilities : BYTES_ABSENT};
    TRY(report_data_of_answer(&answer, report_data, err));
    await_document(x, report_data);
    add_state(x);
    return OK;
}

/* ---- setting a manifest ----------------------------------------------------------------------------------------- */

static void forget_pending(struct keeper *k)
{
    keeper_state_free(k->pending);
    k->pending = NULL;
    buffer_free(&k->pending_answer);
}

static status write_response(const struct user_set_manifest_response *r, struct buffer *out, struct err *err)
{
    struct protobuf_writer size = {0};
    uint8_t *room = NULL;
    user_set_manifest_response_write(&size, r);
    TRY(buffer_reserve(out, size.len, &room, err));
    struct protobuf_writer w = {.out = room, .cap = size.len};
    user_set_manifest_response_write(&w, r);
    TRY(protobuf_written(&w, err));
    buffer_commit(out, w.len);
    return OK;
}

static status add_shares(const struct keeper_state *s, struct user_set_manifest_response *r, struct buffer *out,
                         struct err *err)
{
    struct user_seed_share shares[LIMIT_MANIFEST_OWNERS];
    const struct manifest *m = &s->manifest;
    size_t cap = (m->seed_share_owner_key_count + 1) * SEED_SHARE_OWNER_BYTES;
    uint8_t *text = malloc(cap);
    if (!text) return err_set(err, ERR_NOMEM, 0, "out of memory");
    status done = seed_share_make(&s->secret_seeds.seed, &s->secret_seeds.salt, m->seed_share_owner_keys,
                                  m->seed_share_owner_key_count, shares, text, cap, &r->seed_shares, err);
    if (is_ok(done)) done = write_response(r, out, err);
    free(text);
    return done;
}

/* The answer to SetManifest, formed before anything is stored: a key that no share can be made for is the client's
 * mistake. */
static status write_answer(const struct keeper_state *s, bool is_first, struct buffer *out, struct err *err)
{
    struct user_set_manifest_response r = {.root_ca = pem_of(&s->secret_authority.root),
                                           .mesh_ca = pem_of(&s->secret_authority.mesh),
                                           .has_seed_shares = is_first};
    return is_first ? add_shares(s, &r, out, err) : write_response(&r, out, err);
}

/* Takes the place of what was prepared before; takes over `next`, whatever comes of it. */
static status prepare(struct keeper *k, struct keeper_state *next, struct err *err)
{
    struct buffer answer = BUFFER("answer to SetManifest", LIMIT_SET_ANSWER_BYTES);
    status s = err_in(err, write_answer(next, !k->active, &answer, err), "initializing seed engine");
    if (is_ok(s)) {
        forget_pending(k);
        s = buffer_put(&k->pending_answer, buffer_view(&answer), err);
    }
    buffer_free(&answer);
    if (is_ok(s))
        k->pending = next;
    else
        keeper_state_free(next);
    return s;
}

/* A request that is refused leaves alone what waits to be put in force: its record may be in the store by now. */
static status set(struct exchange *x, struct err *err)
{
    struct keeper *k = x->k;
    bytes policies[LIMIT_MANIFEST_POLICIES];
    struct user_set_manifest_request request;
    struct keeper_state *next = NULL;
    if (k->is_stale) return refuse(x, REFUSED_NEEDS_RECOVERY, err, "coordinator is in recovery mode");
    x->why = REFUSED_INVALID_ARGUMENT;
    TRY(user_set_manifest_request_parse(x->request->parts[0], policies, LIMIT_MANIFEST_POLICIES, &request, err));
    TRY(keeper_set(&request, x->request->parts[1], k->active, x->now, &next, &x->why, err));
    x->why = REFUSED_INVALID_ARGUMENT;
    TRY(prepare(k, next, err));
    add_part(x, BYTES_OF(next->manifest_hash));
    add_part(x, BYTES_OF(next->transition));
    add_part(x, BYTES(next->record, next->record_len));
    add_part(x, k->active ? BYTES(k->active->record, k->active->record_len) : BYTES_ABSENT);
    return OK;
}

static status activate(struct exchange *x, struct err *err)
{
    struct keeper *k = x->k;
    if (!k->pending || !bytes_eq(x->request->parts[0], BYTES(k->pending->record, k->pending->record_len)))
        return refuse(x, REFUSED_MANIFEST_CONFLICT, err, "another manifest has been set meanwhile");
    keeper_state_free(k->active);
    k->active = k->pending;
    k->pending = NULL;
    add_part(x, buffer_view(&k->pending_answer));
    return OK;
}

/* ---- recovery --------------------------------------------------------------------------------------------------- */

bool keeper_is_stale(const struct keeper *k)
{
    return k->is_stale;
}

static status recover(struct exchange *x, struct err *err)
{
    struct keeper *k = x->k;
    struct user_recover_request_secret request;
    if (!k->is_stale && !k->active) return refuse(x, REFUSED_NO_MANIFEST, err, "no state to recover from");
    if (!k->is_stale) return refuse(x, REFUSED_ALREADY_RECOVERED, err, "coordinator is already recovered");
    x->why = REFUSED_INVALID_ARGUMENT;
    TRY(user_recover_request_parse(x->request->parts[0], &request, err));
    TRY(keeper_recover(k->options.past, &request, x->request->parts[1], x->now, &k->active, &x->why, err));
    k->is_stale = false;
    return OK;
}

/* ---- peers ------------------------------------------------------------------------------------------------------ */

static status get_ticket(struct exchange *x, uint64_t *out, struct err *err)
{
    bytes b = x->request->parts[0];
    if (b.len != 8) return refuse(x, REFUSED_INVALID_ARGUMENT, err, "ticket: want 8 bytes");
    *out = get_u64be(b);
    return OK;
}

static status draw(struct exchange *x, struct err *err)
{
    uint64_t ticket = 0;
    TRY(need_state(x, err));
    TRY(keeper_peers_draw(x->k->peers, &ticket, x->nonce, err));
    put_u64be(ticket, x->ticket);
    add_part(x, BYTES_OF(x->ticket));
    add_part(x, BYTES_OF(x->nonce));
    return OK;
}

static status judge(struct exchange *x, struct err *err)
{
    uint64_t ticket = 0;
    TRY(get_ticket(x, &ticket, err));
    TRY(need_state(x, err));
    x->why = REFUSED_PERMISSION_DENIED;
    status s = keeper_peers_judge(x->k->peers, ticket, x->request->parts[1], x->request->parts[2], x->k->active, x->now,
                                  &x->peer, err);
    x->k->refused_peers += !is_ok(s);
    return s;
}

static status write_mesh_cert(struct exchange *x, const struct keeper_mesh_cert *c, struct err *err)
{
    const struct keeper_state *s = x->k->active;
    const struct mesh_new_cert_response_secret r = {.mesh_ca = pem_of(&s->secret_authority.mesh),
                                                    .cert_chain = BYTES((const uint8_t *)c->chain, c->chain_len),
                                                    .root_ca = pem_of(&s->secret_authority.root),
                                                    .workload_secret =
                                                        c->has_secret ? BYTES_OF(c->secret.secret) : BYTES_ABSENT};
    struct protobuf_writer size = {0};
    uint8_t *room = NULL;
    mesh_new_cert_response_write(&size, &r);
    TRY(buffer_reserve(&x->made, size.len, &room, err));
    struct protobuf_writer w = {.out = room, .cap = size.len};
    mesh_new_cert_response_write(&w, &r);
    buffer_commit(&x->made, size.len);
    add_part(x, buffer_view(&x->made));
    return OK;
}

static status certify(struct exchange *x, struct err *err)
{
    struct keeper_mesh_cert secret_cert = {0};
    uint64_t ticket = 0;
    TRY(get_ticket(x, &ticket, err));
    TRY(need_state(x, err));
    x->why = REFUSED_PERMISSION_DENIED;
    status s = keeper_peers_certify(x->k->peers, ticket, x->k->active, x->now, &secret_cert, &x->peer, err);
    if (is_ok(s)) s = write_mesh_cert(x, &secret_cert, err);
    keeper_mesh_cert_wipe(&secret_cert);
    return s;
}

static status release(struct exchange *x, struct err *err)
{
    uint64_t ticket = 0;
    TRY(get_ticket(x, &ticket, err));
    keeper_peers_release(x->k->peers, ticket);
    return OK;
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

static const struct verb {
    size_t parts;
    keeper_verb *run;
} verbs[KEEPER_KINDS] = {
    [KEEPER_STATE] = {0, tell_state}, [KEEPER_EVIDENCE] = {2, make_evidence}, [KEEPER_ATTEST] = {2, attest},
    [KEEPER_SET] = {2, set},          [KEEPER_ACTIVATE] = {1, activate},      [KEEPER_DRAW] = {0, draw},
    [KEEPER_JUDGE] = {3, judge},      [KEEPER_CERTIFY] = {1, certify},        [KEEPER_RELEASE] = {1, release},
    [KEEPER_RECOVER] = {2, recover},
};

static status put_message(const struct message *m, struct buffer *out, struct err *err)
{
    size_t len = 0;
    uint8_t *room = NULL;
    TRY(message_size(m, &len, err));
    TRY(buffer_reserve(out, len, &room, err));
    message_write(m, room);
    buffer_commit(out, len);
    return OK;
}

static bytes text_of(const char *s)
{
    return text_bytes(s);
}

static status put_refusal(const struct exchange *x, const struct err *why, struct buffer *out, struct err *err)
{
    uint8_t code = (uint8_t)x->why;
    const struct keeper_peer_refusal *p = &x->peer;
    struct message m = {.kind = ANSWER_REFUSED,
                        .id = x->request->id,
                        .parts = {BYTES(&code, 1), text_of(why->text)},
                        .part_count = REFUSED_PARTS};
    if (p->check) {
        const bytes more[] = {text_of(p->check), text_of(p->pod.s), text_of(p->want.s), text_of(p->got.s)};
        for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
            m.parts[m.part_count++] = more[i];
    }
    return put_message(&m, out, err);
}

status keeper_answer(struct keeper *k, int64_t now, bytes frame, struct buffer *out, struct keeper_wait *wait,
                     struct err *err)
{
    struct message request;
    TRY(message_parse(frame, &request, err));
    const struct verb *v = request.kind < KEEPER_KINDS ? &verbs[request.kind] : &verbs[0];
    if (!v->run || request.part_count != v->parts)
        return err_set(err, ERR_SYNTAX, 0, "keeper: no request has the kind %u and %zu parts", request.kind,
                       request.part_count);
    struct exchange x = {.k = k,
                         .now = now,
                         .request = &request,
                         .answer = {.kind = ANSWER_DONE, .id = request.id},
                         .made = BUFFER("answer", LIMIT_DOCUMENT_BYTES),
                         .wait = wait};
    struct err why = {0};
    *wait = (struct keeper_wait){.answer = BUFFER("answer that waits", LIMIT_DOCUMENT_BYTES)};
    status done = v->run(&x, &why);
    if (wait->is_waiting) out = &wait->answer;
    done = is_ok(done) ? put_message(&x.answer, out, err) : put_refusal(&x, &why, out, err);
    buffer_free(&x.made);
    return done;
}

/* ---- requests that wait ----------------------------------------------------------------------------------------- */

void keeper_wait_free(struct keeper_wait *wait)
{
    buffer_free(&wait->answer);
    wait->is_waiting = false;
}

status keeper_wait_grant(struct keeper_wait *wait, bytes document, struct buffer *out, struct err *err)
{
    struct message answer;
    status s = message_parse(buffer_view(&wait->answer), &answer, err);
    if (is_ok(s)) {
        answer.parts[0] = document;
        s = put_message(&answer, out, err);
    }
    keeper_wait_free(wait);
    return s;
}

status keeper_wait_refuse(struct keeper_wait *wait, const char *why, struct buffer *out, struct err *err)
{
    struct message answer = {0};
    struct err text = {0};
    uint8_t code = REFUSED_INTERNAL;
    status s = message_parse(buffer_view(&wait->answer), &answer, err);
    (void)!is_ok(err_set(&text, ERR_DENIED, 0, "issuing evidence: %s", why));
    const struct message refusal = {.kind = ANSWER_REFUSED,
                                    .id = answer.id,
                                    .parts = {BYTES(&code, 1), text_of(text.text)},
                                    .part_count = REFUSED_PARTS};
    if (is_ok(s)) s = put_message(&refusal, out, err);
    keeper_wait_free(wait);
    return s;
}

/* ---- the keeper ------------------------------------------------------------------------------------------------- */

status keeper_open(const struct keeper_options *options, struct keeper **out, struct err *err)
{
    struct keeper *k = malloc(sizeof *k);
    if (!k) return err_set(err, ERR_NOMEM, 0, "keeper: out of memory");
    *k = (struct keeper){.options = *options,
                         .is_stale = options->past != NULL,
                         .pending_answer = BUFFER("answer to SetManifest", LIMIT_SET_ANSWER_BYTES)};
    status s = keeper_peers_open(&options->cas, &k->peers, err);
    if (is_ok(s))
        *out = k;
    else
        free(k);
    return s;
}

void keeper_free(struct keeper *k)
{
    if (!k) return;
    forget_pending(k);
    keeper_state_free(k->active);
    keeper_peers_free(k->peers);
    free(k);
}
