/* SPDX-License-Identifier: Apache-2.0 */
/* Attested TLS of a connection.  What has to be said about the peer or to it, the keeper says: it draws the nonce,
 * makes the evidence and judges that of the peer. */
#include <stdlib.h>
#include <time.h>

#include "ca/random.h"
#include "coordinator/connection_uv.h"
#include "net/log.h"

/* ---- asking the keeper ------------------------------------------------------------------------------------------ */

/* Who waits for the keeper; the connection may be gone by then. */
struct waiting {
    struct front *front;
    uint64_t number;
};

static struct waiting *open_waiting(const struct connection *c)
{
    struct waiting *w = malloc(sizeof *w);
    if (w) *w = (struct waiting){.front = c->front, .number = c->number};
    return w;
}

/* Sends a request whose answer finds its way back to this connection. */
static bool ask(struct connection *c, struct message *m, link_answered *answered)
{
    struct waiting *w = open_waiting(c);
    struct err err = {0};
    if (w && is_ok(link_ask(&c->front->link, m, answered, w, &err))) return true;
    free(w);
    return false;
}

/* The connection that has asked, or NULL when it is gone. */
static struct connection *take_waiting(void *context)
{
    struct waiting w = *(struct waiting *)context;
    free(context);
    return connection_find(w.front, w.number);
}

/* Part of an answer as text; empty when it is not there. */
struct part_text {
    char s[ERR_TEXT_MAX];
};

static struct part_text part_of(const struct message *m, size_t i)
{
    struct part_text out = {""};
    bytes b = m->kind == ANSWER_REFUSED && i < m->part_count ? m->parts[i] : BYTES_ABSENT;
    if (b.ptr) memcpy(out.s, b.ptr, b.len < sizeof out.s ? b.len : sizeof out.s - 1);
    return out;
}

/* What the keeper says of a refusal. */
static void log_refusal(struct connection *c, const char *what, const struct message *m)
{
    if (log_limit_take(&c->front->lines[LINES_OF_PEERS], front_now(c->front)))
        LOG("warning", what, {"peer", c->peer_name}, {"cause", part_of(m, 1).s}, );
}

void connection_log_refused_peer(struct connection *c, const struct message *m)
{
    if (m->part_count != REFUSED_PEER_PARTS)
        log_refusal(c, "a peer was refused", m);
    else if (log_limit_take(&c->front->lines[LINES_OF_REFUSED_PEERS], front_now(c->front)))
        LOG("warning", "a peer was refused", {"peer", c->peer_name}, {"check", part_of(m, 2).s},
            {"pod", part_of(m, 3).s}, {"want", part_of(m, 4).s}, {"got", part_of(m, 5).s},
            {"cause", part_of(m, 1).s}, );
}

static void ignore(void *context, const struct message *m)
{
    (void)context, (void)m;
}

static void release_ticket(struct front *f, bytes ticket)
{
    struct message m = {.kind = KEEPER_RELEASE, .parts = {ticket}, .part_count = 1};
    (void)!is_ok(link_ask(&f->link, &m, ignore, NULL, NULL));
}

void tls_close(struct connection *c)
{
    if (c->has_ticket) release_ticket(c->front, BYTES_OF(c->ticket));
    c->has_ticket = false;
    if (c->completing && collateral_cancel(&c->front->collateral, c->completing)) free(c->completing);
    c->completing = NULL;
}

/* ---- the nonce -------------------------------------------------------------------------------------------------- */

static int64_t wall_clock(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

static status open_session(struct connection *c, const uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    const struct atls_server_config config = {
        .nonce = nonce, .require_evidence = c->kind == LISTEN_MESH, .now = wall_clock()};
    return atls_server_new(&config, &c->tls, err);
}

static void ticket_came(void *context, const struct message *m)
{
    struct front *f = ((const struct waiting *)context)->front;
    struct connection *c = take_waiting(context);
    struct err err = {0};
    bool is_there = m->kind == ANSWER_DONE && m->part_count == 2 && m->parts[0].len == sizeof c->ticket &&
                    m->parts[1].len == ATLS_NONCE_BYTES;
    if (!c) { /* it was faster: nobody else will give back what was drawn for it */
        if (is_there) release_ticket(f, m->parts[0]);
        return;
    }
    if (!is_there) {
        log_refusal(c, "a peer was not let in", m);
        connection_close(c);
        return;
    }
    memcpy(c->ticket, m->parts[0].ptr, sizeof c->ticket);
    c->has_ticket = true;
    if (!is_ok(open_session(c, m->parts[1].ptr, &err))) c->is_ending = true;
    connection_pump(c);
}

status tls_open(struct connection *c, struct err *err)
{
    uint8_t nonce[ATLS_NONCE_BYTES];
    struct message m = {.kind = KEEPER_DRAW};
    if (c->kind == LISTEN_MESH)
        return ask(c, &m, ticket_came) ? OK : err_set(err, ERR_IO, 0, "the keeper cannot be asked");
    /* Evidence of clients of the User API is not asked for, so that this nonce binds nothing. */
    TRY(random_fill(nonce, sizeof nonce, err));
    return open_session(c, nonce, err);
}

/* ---- the handshake ---------------------------------------------------------------------------------------------- */

static void evidence_came(void *context, const struct message *m)
{
    struct connection *c = take_waiting(context);
    struct err err = {0};
    if (!c) return;
    if (m->kind == ANSWER_DONE && m->part_count == 1) front_note_evidence(c->front, m->parts[0]);
    if (m->kind != ANSWER_DONE || m->part_count != 1) {
        log_refusal(c, "no evidence for a handshake", m);
        atls_refuse(c->tls);
    } else if (!is_ok(atls_answer(c->tls, m->parts[0], &err))) {
        if (log_limit_take(&c->front->lines[LINES_OF_PEERS], front_now(c->front)))
            LOG("warning", "a handshake has failed", {"peer", c->peer_name}, {"cause", err.text}, );
    }
    connection_pump(c);
}

static void ask_for_evidence(struct connection *c)
{
    struct atls_request r = atls_request(c->tls);
    struct message m = {.kind = KEEPER_EVIDENCE, .parts = {r.nonce, r.spki}, .part_count = 2};
    c->has_asked = true;
    if (!ask(c, &m, evidence_came)) atls_refuse(c->tls);
}

static status accept_peer(struct connection *c, struct err *err)
{
    TRY(atls_accept(c->tls, err));
    return grpc_open(c, err);
}

static void judgement_came(void *context, const struct message *m)
{
    struct connection *c = take_waiting(context);
    struct err err = {0};
    if (!c) return;
    if (m->kind != ANSWER_DONE) {
        connection_log_refused_peer(c, m);
        atls_refuse(c->tls);
    } else if (!is_ok(accept_peer(c, &err))) {
        c->is_ending = true;
    }
    connection_pump(c);
}

/* The peer's evidence, with what it lacked. */
static void document_came(void *context, bytes document)
{
    struct connection *c = take_waiting(context);
    if (!c) return;
    c->completing = NULL;
    struct message m = {
        .kind = KEEPER_JUDGE, .parts = {BYTES_OF(c->ticket), atls_peer(c->tls).spki, document}, .part_count = 3};
    if (ask(c, &m, judgement_came)) return;
    c->is_ending = true;
    connection_pump(c);
}

/* Anyone may ask the User API; who may set a manifest is decided by the key that was shown here, or by a signature. */
static status judge_peer(struct connection *c, bool *has_moved, struct err *err)
{
    struct atls_peer p = atls_peer(c->tls);
    if (c->kind != LISTEN_MESH) {
        *has_moved = true;
        return accept_peer(c, err);
    }
    if (c->has_judge) return OK;
    c->has_judge = true;
    struct waiting *w = open_waiting(c);
    if (!w) return err_set(err, ERR_NOMEM, 0, "peer: out of memory");
    c->completing = w;
    collateral_complete(&c->front->collateral, p.evidence, c->peer_name, document_came, w);
    return OK;
}

status tls_step(struct connection *c, bool *has_moved, struct err *err)
{
    size_t room = atls_input_room(c->tls);
    bytes in = buffer_view(&c->unread);
    if (in.len > room) in.len = room;
    TRY(atls_step(c->tls, in, err));
    *has_moved = in.len > 0;
    buffer_drop(&c->unread, in.len);
    switch (atls_state(c->tls)) {
    case ATLS_WANT_EVIDENCE:
        if (!c->has_asked) ask_for_evidence(c);
        return OK;
    case ATLS_WANT_JUDGEMENT:
        return judge_peer(c, has_moved, err);
    case ATLS_CLOSED:
    case ATLS_FAILED:
        c->is_ending = true;
        return OK;
    default:
        return OK;
    }
}
