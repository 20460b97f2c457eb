/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/collateral_uv.h: what the evidence of a peer lacks, got by contrast-fetch (net/fetch.h) before the keeper
 * is asked to judge.
 *
 * The front does not judge what comes: it goes into the peer's document, in which the keeper believes nothing but
 * signatures.  Without an answer the document stays as it is, and the keeper says what is missing.
 *
 * There are two lanes, each with a program of its own (coordinator/fetcher.h), which is asked one thing at a time: one
 * looks into the cache alone, so that who lacks what is there does not wait for the service; the other one looks again,
 * for somebody may have got it meanwhile, and asks the service.
 *
 * Anyone can show a report that names any chip, so the service is asked COLLATERAL_REQUESTS times in a window and no
 * more, and so many wait for it and no more; the caches are asked always.
 */
#ifndef COORDINATOR_COLLATERAL_UV_H
#define COORDINATOR_COLLATERAL_UV_H

#include <uv.h>

#include "coordinator/fetcher.h"
#include "net/buffer.h"
#include "net/lacks.h"
#include "net/log.h"

/* Documents of peers whose evidence lacks something, on both lanes; more are judged as they are. */
#define LIMIT_COLLATERAL_JOBS 256

/* Those of them that wait for the service: more than it has answers for in the time of a handshake. */
#define LIMIT_COLLATERAL_SERVICE 64

/* Requests to the service for strangers, in so much time. */
enum { COLLATERAL_REQUESTS = 30, COLLATERAL_WINDOW_MS = 60000 };

struct collateral;
struct collateral_job;

struct collateral_lane {
    uv_pipe_t program;
    struct collateral *of;
    bool is_open, is_asking; /* asking: the first one's request is under way */
    struct buffer in;
    struct collateral_job *first;
    size_t count;
    int64_t asked_at;
};

/* Zeroed; opened once. */
struct collateral {
    struct collateral_lane lanes[FETCH_LANES];
    size_t count;
    int64_t window; /* of the requests to the service */
    unsigned requests;
    struct log_limit lines;
};

/* `files`: where the programs are, taken over. */
MUST_USE status collateral_open(struct collateral *c, uv_loop_t *loop, const int files[FETCH_LANES], struct err *err);
void collateral_close(struct collateral *c); /* forgets who waits */

/* Now and then: gives up a lane that does not answer. */
void collateral_tick(struct collateral *c, int64_t now);

/* `document` as it came, or filled in; a view for the time of the call. */
typedef void collateral_done(void *context, bytes document);

/* Calls `done` once, at once when nothing is lacking or can be got.  `peer` is for the log. */
void collateral_complete(struct collateral *c, bytes document, const char *peer, collateral_done *done, void *context);

/* Whoever waits with this context waits no more, and `done` is not called.  False when nobody does. */
bool collateral_cancel(struct collateral *c, const void *context);

#endif
