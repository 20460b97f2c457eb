/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/front_uv.h: what the files of a front share: its loop, its link to the keeper, its connections. */
#ifndef COORDINATOR_FRONT_UV_H
#define COORDINATOR_FRONT_UV_H

#include <uv.h>

#include "coordinator/call.h"
#include "coordinator/collateral_uv.h"
#include "coordinator/front.h"
#include "coordinator/link_uv.h"
#include "net/log.h"
#include "net/spare_uv.h"

/* Connections at once.  One more makes the oldest that waits for nothing of ours go; the process may also be lent fewer
 * descriptors.  Each costs its TLS state and small buffers. */
#define LIMIT_CONNECTIONS 11264

/* With those that are closed already and not let go of yet: as many more as come in one turn of the loop. */
#define LIMIT_CONNECTION_SLOTS 16000

/* Calls at once whose requests are complete, of all connections. */
#define LIMIT_CALLS 256

/* From being told to end to doing so, whatever is still under way. */
enum { DRAIN_MS = 20000 };

struct connection;

struct listener {
    uv_tcp_t tcp;
    enum listener_kind kind;
    struct front *front;
    bool is_open; /* else there is one connection, of the options */
};

/* Kinds of lines in the log that strangers can cause. */
enum front_lines { LINES_OF_PEERS, LINES_OF_REFUSED_PEERS, LINES_OF_CALLS, LINE_KINDS };

struct front {
    const struct front_options *options;
    struct log_limit lines[LINE_KINDS];
    uv_loop_t loop;
    uv_timer_t tick;
    struct link link;
    struct collateral collateral;
    struct listener listeners[LISTENER_KINDS];
    struct spare spare;

    struct connection **connections; /* LIMIT_CONNECTION_SLOTS; by number modulo that */
    uint64_t next_number;
    size_t connection_count; /* with those that are closed already */
    size_t open_count, open_limit;
    struct connection *oldest, *newest; /* of those that are open, by when they last got anywhere */
    size_t call_count;
    const struct call *setter; /* whose turn it is to set a manifest; NULL: nobody's */

    /* work that blocks: one job at a time */
    uv_work_t work;
    struct call *working, *first_waiting, *last_waiting;

    uint64_t least_api_version; /* of the manifest in force, as last heard */
    struct history history;     /* the last that was loaded */
    struct buffer shown;        /* the document of our own that was shown last */
    bool is_draining, is_lost;
    bool waits_for_recovery, has_asked; /* whether that is over */
    int64_t drain_by;
    struct err why_lost;
};

/* Takes a connection that has come.  It frees itself when it is over. */
void connection_accept(struct listener *l);

/* Ends those whose time is up, or all that do nothing while the front is draining. */
void connections_tick(struct front *f);

/* Ends all, at once. */
void connections_close(struct front *f);

/* The connection with this number, or NULL when it is gone. */
struct connection *connection_find(struct front *f, uint64_t number);

/* Ends a call on its connection. */
void connection_grant(struct connection *c, const struct call *call, bytes answer);
void connection_refuse(struct connection *c, const struct call *call, enum refusal why, const char *text);

/* The keeper has refused a peer of the Mesh API; of evidence it says what was wrong with it. */
void connection_log_refused_peer(struct connection *c, const struct message *m);

/* A new call with a copy of `request`; NULL when there are too many or there is no memory. */
struct call *call_open(struct front *f, const struct call_origin *origin, bytes request, bytes client_key);

/* Remembers least_api_version. */
void front_note_state(struct front *f, const struct keeper_state_answer *s);

/* Asks the keeper for its state, to remember that. */
void front_refresh_state(struct front *f);

/* Remembers the document of our own that was shown last. */
void front_note_evidence(struct front *f, bytes document);

/* Tells what the rows of each method count. */
void grpc_name_metrics(struct metrics *m);

/* Milliseconds on a clock that never goes back. */
int64_t front_now(const struct front *f);

#endif
