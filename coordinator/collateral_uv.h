/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/collateral_uv.h: what the evidence of a peer lacks, got by contrast-fetch (net/fetch.h) before the keeper
 * is asked to judge.
 *
 * The front does not judge what comes: it goes into the peer's document, in which the keeper believes nothing but
 * signatures.  Without an answer the document stays as it is, and the keeper says what is missing.
 *
 * Anyone can show a report that names any chip, so the service is asked COLLATERAL_REQUESTS times in a window and
 * no more; the program's cache is asked always.  One request at a time: the program has no more time
 * for one than a handshake has.
 */
#ifndef COORDINATOR_COLLATERAL_UV_H
#define COORDINATOR_COLLATERAL_UV_H

#include <uv.h>

#include "net/buffer.h"
#include "net/lacks.h"
#include "net/log.h"

/* Documents that wait, of peers whose evidence lacks something; more are judged as they are. */
#define LIMIT_COLLATERAL_JOBS 64

/* Requests to the service for strangers, in so much time. */
enum { COLLATERAL_REQUESTS = 30, COLLATERAL_WINDOW_MS = 60000 };

struct collateral_job;

/* Zeroed; opened once. */
struct collateral {
    uv_pipe_t program;
    bool is_open;
    struct buffer in;
    struct collateral_job *first, *last; /* the first one's request is under way */
    size_t count;
    int64_t asked_at; /* of the first one's request */
    int64_t window;   /* of those to the service */
    unsigned requests;
    struct log_limit lines;
};

/* `file`: of fetch_detach, taken over. */
MUST_USE status collateral_open(struct collateral *c, uv_loop_t *loop, int file, struct err *err);
void collateral_close(struct collateral *c); /* forgets who waits */

/* Now and then: gives up a program that does not answer. */
void collateral_tick(struct collateral *c, int64_t now);

/* `document` as it came, or filled in; a view for the time of the call. */
typedef void collateral_done(void *context, bytes document);

/* Calls `done` once, at once when nothing is lacking or can be got.  `peer` is for the log. */
void collateral_complete(struct collateral *c, bytes document, const char *peer, collateral_done *done, void *context);

#endif
