/* SPDX-License-Identifier: Apache-2.0 */
/* The socket of a connection: bytes come into `unread`, and what is due is written, one write at a time. */
#include <stdlib.h>

#include "ca/secret.h"
#include "coordinator/connection_uv.h"

static void wipe_written(struct connection *c)
{
    if (c->being_written.ptr) secret_wipe((void *)(uintptr_t)c->being_written.ptr, c->being_written.len);
    free((void *)(uintptr_t)c->being_written.ptr);
    c->being_written = BYTES_ABSENT;
}

void wire_free(struct connection *c)
{
    buffer_free(&c->unread);
    buffer_free(&c->wire_out);
    wipe_written(c);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static struct buffer *due_bytes(struct connection *c)
{
    return c->tls ? atls_output(c->tls) : &c->wire_out;
}

static void on_written(uv_write_t *request, int code)
{
    struct connection *c = request->data;
    c->is_writing = false;
    wipe_written(c);
    c->moved = front_now(c->front);
    if (code < 0)
        connection_close(c);
    else
        connection_pump(c);
}

void wire_write(struct connection *c)
{
    bytes due = buffer_view(due_bytes(c));
    if (c->is_writing || due.len == 0) return;
    uint8_t *copy = malloc(due.len);
    if (!copy) {
        connection_close(c);
        return;
    }
    memcpy(copy, due.ptr, due.len);
    c->being_written = BYTES(copy, due.len);
    buffer_drop(due_bytes(c), due.len);
    uv_buf_t buf = uv_buf_init((char *)copy, (unsigned)due.len);
    c->writing.data = c;
    c->is_writing = uv_write(&c->writing, (uv_stream_t *)&c->tcp, &buf, 1, on_written) == 0;
    if (!c->is_writing) connection_close(c);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    static char room[LIMIT_UNREAD_BYTES]; /* libuv reads into it and calls take_bytes before anything else */
    struct connection *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(room, c->is_lingering ? sizeof room : (unsigned)buffer_room(&c->unread));
}

static void take_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct connection *c = stream->data;
    struct err err = {0};
    if (n == 0 || c->is_closed) return;
    if (c->is_lingering) {
        if (n < 0) connection_close(c);
        return;
    }
    if (n == UV_ENOBUFS) { /* unread bytes fill their buffer: what moves them on resumes the reading */
        c->is_paused = uv_read_stop(stream) == 0;
        return;
    }
    c->moved = front_now(c->front);
    c->has_pinged = false;
    if (n < 0 || !is_ok(buffer_put(&c->unread, BYTES((const uint8_t *)buf->base, (size_t)n), &err)))
        connection_close(c);
    else
        connection_pump(c);
}

static bool read_on(struct connection *c)
{
    return uv_read_start((uv_stream_t *)&c->tcp, give_room, take_bytes) == 0;
}

bool wire_open(struct connection *c)
{
    return uv_tcp_nodelay(&c->tcp, 1) == 0 && read_on(c);
}

static void on_shutdown(uv_shutdown_t *request, int code)
{
    if (code < 0) connection_close(request->data);
}

/* TLS tells the peer that all was said; HTTP has the end of the connection for that. */
void wire_finish(struct connection *c)
{
    c->shutdown.data = c;
    c->is_lingering = connection_is_http(c) && uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) == 0;
    c->moved = front_now(c->front);
    if (c->is_lingering && c->is_paused) (void)read_on(c);
    if (!c->is_lingering) connection_close(c);
}

void wire_resume(struct connection *c)
{
    if (!c->is_paused || c->is_closed || buffer_room(&c->unread) == 0) return;
    c->is_paused = false;
    if (!read_on(c)) connection_close(c);
}
