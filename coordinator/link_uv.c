/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/link_uv.h"

#include <stdlib.h>

#include "ca/secret.h"
#include "coordinator/keeper_loop.h"

/* One frame, and what was read with it. */
#define LIMIT_INPUT_BYTES (LIMIT_MESSAGE_BYTES + 65536)

enum { NO_WAITER = UINT32_MAX };

static status failed(const char *what, int code, struct err *err)
{
    return err_set(err, ERR_IO, 0, "keeper: %s: %s", what, uv_strerror(code));
}

/* ---- who waits -------------------------------------------------------------------------------------------------- */

static status grow(struct link *l, struct err *err)
{
    uint32_t cap = l->cap ? 2 * l->cap : 64;
    if (cap > LIMIT_LINK_REQUESTS)
        return err_set(err, ERR_LIMIT, 0, "keeper: want at most %d requests at once", LIMIT_LINK_REQUESTS);
    struct link_waiter *more = realloc(l->waiters, cap * sizeof *more);
    if (!more) return err_set(err, ERR_NOMEM, 0, "keeper: out of memory");
    for (uint32_t i = l->cap; i < cap; i++)
        more[i] = (struct link_waiter){.id = i, .next_free = i + 1 < cap ? i + 1 : NO_WAITER};
    l->first_free = l->cap;
    l->waiters = more;
    l->cap = cap;
    return OK;
}

static status take_waiter(struct link *l, struct link_waiter **out, struct err *err)
{
    if (l->first_free == NO_WAITER) TRY(grow(l, err));
    *out = &l->waiters[l->first_free];
    l->first_free = (*out)->next_free;
    l->count++;
    return OK;
}

static void release(struct link *l, struct link_waiter *w)
{
    w->answered = NULL;
    w->next_free = l->first_free;
    l->first_free = w->id;
    l->count--;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static void lost(struct link *l, const char *why)
{
    if (l->lost) l->lost(l->context, why);
}

static status deliver(struct link *l, bytes frame, struct err *err)
{
    struct message m;
    TRY(message_parse(frame, &m, err));
    if (m.kind == KEEPER_DRAIN) {
        l->drain(l->context);
        return OK;
    }
    if (m.id >= l->cap || !l->waiters[m.id].answered)
        return err_set(err, ERR_STATE, 0, "keeper: answers request %u, which nobody has asked", m.id);
    struct link_waiter w = l->waiters[m.id];
    release(l, &l->waiters[m.id]);
    w.answered(w.context, &m);
    return OK;
}

static status deliver_all(struct link *l, struct err *err)
{
    size_t len = 0;
    for (;;) {
        bytes in = buffer_view(&l->in);
        TRY(message_frame(in, &len, err));
        if (len == 0 || in.len < len) return OK;
        TRY(deliver(l, bytes_slice(in, 0, len), err));
        buffer_drop(&l->in, len);
    }
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    /* libuv reads into it and calls take_bytes before anything else.  A channel for recovery gives whole messages and
     * drops what there is no room for: as large as the largest of them, which is evidence. */
    static char room[128 << 10];
    (void)handle, (void)suggested;
    *buf = uv_buf_init(room, sizeof room);
}

static void take_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct link *l = stream->data;
    struct err err = {0};
    if (n == 0) return;
    status s = n < 0 ? failed("pipe", (int)n, &err) : buffer_put(&l->in, BYTES((uint8_t *)buf->base, (size_t)n), &err);
    if (n > 0) secret_wipe(buf->base, (size_t)n);
    if (is_ok(s)) s = deliver_all(l, &err);
    if (!is_ok(s)) lost(l, err.text);
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

struct writing {
    uv_write_t request;
    struct link *link;
    size_t len;
    uint8_t frame[];
};

static void written(uv_write_t *request, int code)
{
    struct writing *w = request->data;
    if (code < 0 && code != UV_ECANCELED) lost(w->link, uv_strerror(code));
    secret_wipe(w->frame, w->len);
    free(w);
}

static status send_frame(struct link *l, const struct message *m, struct err *err)
{
    size_t len = 0;
    TRY(message_size(m, &len, err));
    struct writing *w = malloc(sizeof *w + len);
    if (!w) return err_set(err, ERR_NOMEM, 0, "keeper: out of memory");
    w->link = l;
    w->len = len;
    w->request.data = w;
    message_write(m, w->frame);
    uv_buf_t buf = uv_buf_init((char *)w->frame, (unsigned)len);
    int code = uv_write(&w->request, (uv_stream_t *)&l->to, &buf, 1, written);
    if (code == 0) return OK;
    secret_wipe(w->frame, len);
    free(w);
    return failed("pipe", code, err);
}

status link_ask(struct link *l, struct message *m, link_answered *answered, void *context, struct err *err)
{
    struct link_waiter *w = NULL;
    TRY(take_waiter(l, &w, err));
    w->answered = answered;
    w->context = context;
    m->id = w->id;
    status s = send_frame(l, m, err);
    if (!is_ok(s)) release(l, w);
    return s;
}

status link_open(struct link *l, uv_loop_t *loop, int from, int to, struct err *err)
{
    l->in = BUFFER("answers of the keeper", LIMIT_INPUT_BYTES);
    l->first_free = NO_WAITER;
    uv_pipe_init(loop, &l->from, 0);
    uv_pipe_init(loop, &l->to, 0);
    l->from.data = l->to.data = l;
    int code = uv_pipe_open(&l->from, from);
    if (code == 0) code = uv_pipe_open(&l->to, to);
    if (code == 0) code = uv_read_start((uv_stream_t *)&l->from, give_room, take_bytes);
    return code == 0 ? OK : failed("pipe", code, err);
}

void link_close(struct link *l)
{
    l->lost = NULL;
    uv_close((uv_handle_t *)&l->from, NULL);
    uv_close((uv_handle_t *)&l->to, NULL);
    buffer_free(&l->in);
    free(l->waiters);
    l->waiters = NULL;
    l->cap = 0;
}
