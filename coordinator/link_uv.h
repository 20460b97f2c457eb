/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/link_uv.h: a front's end of the pipes to the keeper: requests out, answers back to whoever asked. */
#ifndef COORDINATOR_LINK_UV_H
#define COORDINATOR_LINK_UV_H

#include <uv.h>

#include "coordinator/message.h"
#include "net/buffer.h"

/* Requests that are under way at once: one for each call and each handshake of a front. */
#define LIMIT_LINK_REQUESTS 32768

/* An answer, good during the call. */
typedef void link_answered(void *context, const struct message *answer);

struct link_waiter {
    link_answered *answered; /* NULL: free */
    void *context;
    uint32_t id, next_free;
};

struct link {
    uv_pipe_t from, to;
    struct buffer in;
    struct link_waiter *waiters;
    uint32_t cap, first_free, count;
    void (*lost)(void *context, const char *why); /* the keeper is gone, or has said what it may not */
    void (*drain)(void *context);
    void *context;
};

/* Takes over both descriptors.  ERR_IO, ERR_NOMEM. */
MUST_USE status link_open(struct link *l, uv_loop_t *loop, int from, int to, struct err *err);

/* Sends a request; `m->id` is set here.  ERR_LIMIT, ERR_NOMEM, ERR_IO: then there will be no answer. */
MUST_USE status link_ask(struct link *l, struct message *m, link_answered *answered, void *context, struct err *err);

/* Closes the pipes; what was asked is not answered any more. */
void link_close(struct link *l);

#endif
