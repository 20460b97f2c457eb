/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/call.h: one request to a Coordinator on its way through a front.
 *
 * A call goes in steps: each step ends by asking the keeper (call_ask), by work that blocks and is done on another
 * thread (call_work), or by the end of the call (call_grant, call_refuse), and nothing follows in it.  The connection
 * may be gone before; then the end is silent.
 *
 * The trap: what a step is handed (the keeper's answer) is good during that step only.
 */
#ifndef COORDINATOR_CALL_H
#define COORDINATOR_CALL_H

#include "coordinator/history.h"
#include "coordinator/keeper.h"
#include "coordinator/metrics.h"
#include "coordinator/refusal.h"
#include "coordinator/store.h"

struct call;
typedef void call_step(struct call *c);
typedef status call_job(struct call *c, struct err *err);
typedef void call_end(struct call *c, bytes answer);

/* Where a call came from, to find the way back. */
struct call_origin {
    uint64_t connection; /* a number that is used once */
    int32_t stream;      /* of gRPC; 0 for HTTP/1.1 */
    size_t method;       /* index in the table of its API */
    size_t row;          /* of coordinator/metrics.h; METRICS_ROWS when it is not counted */
};

struct front;

struct call {
    struct front *front;
    struct call_origin origin;
    uint64_t began;    /* nanoseconds */
    bytes request;     /* message or body; owned, wiped with the call */
    bytes client_key;  /* SubjectPublicKeyInfo of an attested TLS connection; owned */
    uint8_t ticket[8]; /* of a peer of the Mesh API, as the keeper gave it */

    struct message answer; /* the keeper's, in a step that follows call_ask */
    struct err err;        /* why the keeper refused, or the work failed */
    enum refusal why;      /* with it; REFUSED_INTERNAL for work */
    bool failed;

    call_step *next;
    call_job *job;
    call_end *end;      /* how SetManifest's answer is given; NULL: as it is */
    struct call *after; /* the one that waits behind this one for the worker */
    call_step *after_history;
    bytes wanted_record; /* one of `kept` */

    /* what the calls of coordinator/user_calls.c and coordinator/http_calls.c keep from step to step */
    bytes kept[4];          /* owned copies */
    struct history history; /* loaded by a job */
};

/* One call at a time sets a manifest: between its preparation and its end another one would leave the store ahead of
 * the keeper.  False and the call is ended when it is not this one's turn; the turn ends with the call. */
bool call_take_turn(struct call *c);

/* Sends a request to the keeper; `next` runs with its answer. */
void call_ask(struct call *c, uint8_t kind, const bytes *parts, size_t count, call_step *next);

/* The keeper's state from the parts of its answer on from `first`, which the front remembers for its version gate;
 * false when it is not there. */
bool call_read_state(struct call *c, size_t first, struct keeper_state_answer *out);

/* Has the front ask for it by itself: a manifest has just come into force. */
void call_refresh_state(struct call *c);

/* Runs `job` on a worker thread, one at a time, then `next`.  Only jobs touch the store. */
void call_work(struct call *c, call_job *job, call_step *next);

/* The store, for jobs. */
struct store *call_store(struct call *c);

/* Loads the history that ends with `record`, one of c->kept, unless it is the one that was loaded last. */
void call_load_history(struct call *c, bytes record, call_step *next);

/* After call_load_history, until the step ends. */
const struct history *call_history(const struct call *c);

/* A copy in c->kept[i]; false and the call is ended when there is no memory. */
bool call_keep(struct call *c, size_t i, bytes value);

/* Puts another request in the place of the one that came; false and the call is ended when there is no memory. */
bool call_replace_request(struct call *c, bytes request);

/* Remembers the document that was shown last, to tell when it ends. */
void call_note_evidence(struct call *c, bytes document);

/* GET /metrics, appended to `out`; what `state` lacks is filled in.  ERR_LIMIT, ERR_NOMEM. */
MUST_USE status call_write_metrics(struct call *c, struct metrics_state *state, struct buffer *out, struct err *err);

/* Ends the call with a message (gRPC) or a body (HTTP). */
void call_grant(struct call *c, bytes answer);

/* Ends the call; the text is for the peer. */
void call_refuse(struct call *c, enum refusal why, const char *text);

/* Tells the log what the keeper says of a peer of the Mesh API that it has refused. */
void call_log_refused_peer(const struct call *c);

/* Ends the call as the keeper or the work that failed has it. */
void call_refuse_as_told(struct call *c);

#endif
