/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_serve_uv.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "net/http1_server.h"
#include "net/listen_address.h"
#include "net/spare_uv.h"
#include "parse/text.h"
#include "parse/version.h"
#include "snp/kds.h"

enum {
    BACKLOG = 128,
    TICK_MS = 250,
    REQUEST_MS = 10000,
    IDLE_MS = 30000,
    STUCK_MS = 30000, /* a peer that does not take its answer */
    REQUESTS = 100,   /* on one connection */
    ASK_MS = 20000,   /* the peers' own deadlines are thirty seconds */
    OUTPUT_BYTES = 2 * LIMIT_FETCH_CONTENT_BYTES,
};

/* All that begin with this are read by kds_target_parse. */
static const struct http1_route routes[] = {{.path = "/vcek/v1/*", .method = "GET"}};
static const struct http1_server_options http_options = {.routes = routes,
                                                         .route_count = 1,
                                                         .version = CONTRAST_VERSION,
                                                         .request_ms = REQUEST_MS,
                                                         .idle_ms = IDLE_MS,
                                                         .request_limit = REQUESTS};

struct client {
    uv_tcp_t tcp;
    uv_write_t writing;
    uv_shutdown_t shutdown;
    struct server *server;
    struct client *previous, *next; /* of all */
    struct client *after;           /* of those that wait for the worker */
    struct http1_server http;
    struct buffer out;
    bytes being_written; /* owned */
    int64_t moved;
    bool is_writing, is_ending, is_closed, is_waiting;

    struct fetch_request wanted;
    uint8_t chip_id[FETCH_CHIP_ID_BYTES];
};

struct server {
    uv_loop_t loop;
    uv_tcp_t listener;
    struct spare spare;
    uv_timer_t tick;
    uv_work_t work;
    bool is_working; /* or its end is being dealt with */
    const struct fetch_kds *kds;
    struct client *clients;
    size_t count;
    struct client *first, *last; /* that wait; the first one's request is under way */
    struct arena memory;         /* of that request */
    struct fetch_answer answer;
};

static void pump(struct client *c);

static int64_t now_of(const struct server *s)
{
    return (int64_t)uv_now(&s->loop);
}

/* ---- begin and end ---------------------------------------------------------------------------------------------- */

static void free_client(struct client *c)
{
    http1_server_close(&c->http);
    buffer_free(&c->out);
    free((void *)(uintptr_t)c->being_written.ptr);
    free(c);
}

/* Who has gone waits no more, but for the one whose request is under way. */
static void leave(struct server *s, struct client *c)
{
    struct client *before = s->first;
    if (before == c && s->is_working) return;
    while (before != c && before->after != c)
        before = before->after;
    if (before == c)
        s->first = c->after;
    else
        before->after = c->after;
    if (s->last == c) s->last = before == c ? NULL : before;
    c->is_waiting = false;
}

static void on_closed(uv_handle_t *handle)
{
    struct client *c = handle->data;
    struct server *s = c->server;
    if (c->previous) c->previous->next = c->next;
    if (s->clients == c) s->clients = c->next;
    if (c->next) c->next->previous = c->previous;
    s->count--;
    c->server = NULL;
    if (c->is_waiting) leave(s, c);
    if (!c->is_waiting) free_client(c); /* or else take_first does */
}

static void close_client(struct client *c)
{
    if (c->is_closed) return;
    c->is_closed = true;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static const unsigned of_outcome[FETCH_OUTCOMES] = {
    [FETCH_FOUND] = 200,       [FETCH_STALE] = 200,   [FETCH_ABSENT] = 404,     [FETCH_LIMITED] = 429,
    [FETCH_UNREACHABLE] = 502, [FETCH_REFUSED] = 502, [FETCH_NOT_CACHED] = 502, [FETCH_FAILED] = 500,
};

/* A stale CRL says by itself that it is. */
static void answer(struct client *c, const struct fetch_answer *a)
{
    const char *type = c->wanted.kind == FETCH_VCEK ? "application/pkix-cert" : "application/pkix-crl";
    unsigned http_status = of_outcome[a->outcome];
    struct err err = {0};
    status s;
    if (a->outcome == FETCH_LIMITED)
        s = http1_server_answer_later(&c->http, http_status, a->retry_after_s, &err);
    else if (a->content.len > 0)
        s = http1_server_answer(&c->http, http_status, type, a->content, &err);
    else
        s = http1_server_answer(&c->http, http_status, "text/plain", a->text, &err);
    if (!is_ok(s)) close_client(c);
}

/* ---- the worker ------------------------------------------------------------------------------------------------- */

static void ask_service(uv_work_t *work)
{
    struct server *s = work->data;
    fetch_kds_answer(s->kds, &s->first->wanted, &s->memory, &s->answer);
}

static void put_last(struct client *c)
{
    struct server *s = c->server;
    c->is_waiting = true;
    c->after = NULL;
    if (s->last)
        s->last->after = c;
    else
        s->first = c;
    s->last = c;
}

/* Off the front of those that wait; NULL when its connection is gone. */
static struct client *take_first(struct server *s)
{
    struct client *c = s->first;
    s->first = c->after;
    if (!s->first) s->last = NULL;
    c->is_waiting = false;
    if (c->server) return c;
    free_client(c);
    return NULL;
}

static void start_work(struct server *s);

static bool is_same(const struct fetch_request *a, const struct fetch_request *b)
{
    return a->kind == b->kind && a->product == b->product && a->tcb == b->tcb &&
           (a->kind == FETCH_CRL || bytes_eq(a->chip_id, b->chip_id));
}

/* Who waits for the same has the same answer, be it a refusal; the others go on waiting. */
static void work_done(uv_work_t *work, int code)
{
    struct server *s = work->data;
    struct fetch_request wanted = s->first->wanted;
    uint8_t chip_id[FETCH_CHIP_ID_BYTES];
    struct client *last = s->last, *c;
    bool is_last = false;
    (void)code;
    memcpy(chip_id, s->first->chip_id, sizeof chip_id); /* its client goes first */
    if (wanted.kind == FETCH_VCEK) wanted.chip_id.ptr = chip_id;
    while (!is_last) {
        is_last = s->first == last;
        bool has_answer = is_same(&s->first->wanted, &wanted);
        c = take_first(s);
        if (c && !c->is_closed && !has_answer) put_last(c);
        if (c && !c->is_closed && has_answer) answer(c, &s->answer);
        if (c && !c->is_closed && has_answer) pump(c);
    }
    arena_free(&s->memory);
    start_work(s);
}

static void start_work(struct server *s)
{
    s->answer = (struct fetch_answer){0};
    s->work.data = s;
    while (s->first && !s->first->server)
        (void)take_first(s);
    s->is_working = s->first != NULL;
    if (s->is_working) (void)uv_queue_work(&s->loop, &s->work, ask_service, work_done);
}

static void wait_for_work(struct client *c)
{
    bool is_idle = !c->server->is_working;
    c->wanted.from_cache = false;
    c->wanted.wait_ms = ASK_MS;
    put_last(c);
    if (is_idle) start_work(c->server);
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

static void begin(struct client *c, const struct http1_call *call)
{
    struct arena memory = {0};
    struct fetch_answer a = {0};
    struct err err = {0};
    status s = kds_target_parse(call->target, c->chip_id, &c->wanted, &err);
    if (!is_ok(s)) {
        unsigned http_status = s.kind == ERR_UNSUPPORTED ? 404 : 400;
        if (!is_ok(http1_server_answer(&c->http, http_status, "text/plain", text_bytes(err.text), NULL)))
            close_client(c);
        return;
    }
    c->wanted.from_cache = true;
    fetch_kds_answer(c->server->kds, &c->wanted, &memory, &a);
    if (a.outcome == FETCH_FOUND)
        answer(c, &a);
    else
        wait_for_work(c);
    arena_free(&memory);
}

/* ---- the socket ------------------------------------------------------------------------------------------------- */

static void on_written(uv_write_t *request, int code)
{
    struct client *c = request->data;
    c->is_writing = false;
    c->moved = now_of(c->server);
    free((void *)(uintptr_t)c->being_written.ptr);
    c->being_written = BYTES_ABSENT;
    if (code < 0)
        close_client(c);
    else
        pump(c);
}

static void write_out(struct client *c)
{
    bytes due = buffer_view(&c->out);
    if (c->is_writing || c->is_closed || due.len == 0) return;
    uint8_t *copy = malloc(due.len);
    if (!copy) {
        close_client(c);
        return;
    }
    memcpy(copy, due.ptr, due.len);
    c->being_written = BYTES(copy, due.len);
    buffer_drop(&c->out, due.len);
    uv_buf_t buf = uv_buf_init((char *)copy, (unsigned)due.len);
    c->writing.data = c;
    c->is_writing = uv_write(&c->writing, (uv_stream_t *)&c->tcp, &buf, 1, on_written) == 0;
    if (!c->is_writing) close_client(c);
}

static void on_shutdown(uv_shutdown_t *request, int code)
{
    struct client *c = request->data;
    if (code < 0 && !c->is_closed) close_client(c);
}

/* Closed for writing; what still comes is read for a moment, or the peer might lose the answer. */
static void end(struct client *c)
{
    if (c->is_ending || c->is_closed || c->is_writing) return;
    c->is_ending = true;
    c->moved = now_of(c->server);
    c->shutdown.data = c;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) != 0) close_client(c);
}

static void take(struct client *c, bytes in)
{
    struct http1_call call;
    struct err err = {0};
    if (!is_ok(http1_server_step(&c->http, now_of(c->server), in, &c->out, &err))) {
        close_client(c);
        return;
    }
    if (http1_server_next(&c->http, &call)) begin(c, &call);
}

static void pump(struct client *c)
{
    /* Each turn that goes on has answered a request that was there already. */
    do {
        take(c, BYTES_LIT(""));
        write_out(c);
    } while (!c->is_closed && !c->is_writing && http1_server_has_output(&c->http));
    if (!c->is_closed && http1_server_is_done(&c->http)) end(c);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    static char room[16384]; /* libuv reads into it and calls take_bytes before anything else */
    (void)handle, (void)suggested;
    *buf = uv_buf_init(room, sizeof room);
}

static void take_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct client *c = stream->data;
    if (n == 0 || c->is_closed) return;
    if (n < 0) {
        close_client(c);
        return;
    }
    if (c->is_ending) return;
    c->moved = now_of(c->server);
    take(c, BYTES((const uint8_t *)buf->base, (size_t)n));
    if (!c->is_closed) pump(c);
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

static void on_connection(uv_stream_t *listener, int code)
{
    struct server *s = listener->data;
    struct client *c = code == 0 ? calloc(1, sizeof *c) : NULL;
    if (!c) {
        if (code == 0) spare_drop(&s->spare, listener);
        return;
    }
    uv_tcp_init(&s->loop, &c->tcp);
    c->tcp.data = c;
    c->server = s;
    c->out = BUFFER("HTTP output", OUTPUT_BYTES);
    c->moved = now_of(s);
    http1_server_open(&c->http, &http_options, c->moved);
    c->next = s->clients;
    if (c->next) c->next->previous = c;
    s->clients = c;
    s->count++;
    bool is_taken = uv_accept(listener, (uv_stream_t *)&c->tcp) == 0 && s->count <= LIMIT_SERVE_CLIENTS;
    if (!is_taken || uv_read_start((uv_stream_t *)&c->tcp, give_room, take_bytes) != 0) close_client(c);
}

static void on_tick(uv_timer_t *timer)
{
    struct server *s = timer->data;
    int64_t now = now_of(s);
    struct client *next;
    for (struct client *c = s->clients; c; c = next) {
        next = c->next;
        bool is_stuck = (c->is_writing || c->is_ending) && now - c->moved > STUCK_MS;
        if (is_stuck) close_client(c);
        if (!c->is_closed && now >= http1_server_deadline(&c->http)) pump(c);
    }
}

static status tell(struct server *s, const char *listen, struct err *err)
{
    struct sockaddr_storage name;
    int len = sizeof name;
    if (uv_tcp_getsockname(&s->listener, (struct sockaddr *)(void *)&name, &len) != 0)
        return err_set(err, ERR_IO, 0, "%s: no address", listen);
    (void)printf("listening on http://%.*s:%u\n", (int)(strrchr(listen, ':') - listen), listen,
                 listen_address_port(&name));
    return fflush(stdout) == 0 ? OK : err_set(err, ERR_IO, 0, "standard output: cannot be written");
}

static status listen_on(struct server *s, const char *listen, struct err *err)
{
    struct sockaddr_storage name = {0};
    TRY(err_in(err, listen_address_parse(listen, &name, err), "--listen"));
    uv_tcp_init(&s->loop, &s->listener);
    s->listener.data = s;
    int code = uv_tcp_bind(&s->listener, (const struct sockaddr *)(const void *)&name, 0);
    if (code == 0) code = uv_listen((uv_stream_t *)&s->listener, BACKLOG, on_connection);
    if (code != 0) return err_set(err, ERR_IO, 0, "%s: %s", listen, uv_strerror(code));
    return tell(s, listen, err);
}

status fetch_serve(const struct fetch_kds *kds, const char *listen, struct err *err)
{
    static struct server s; /* until the process ends */
    s = (struct server){.kds = kds};
    if (uv_loop_init(&s.loop) != 0) return err_set(err, ERR_NOMEM, 0, "event loop: out of memory");
    TRY(listen_on(&s, listen, err));
    uv_timer_init(&s.loop, &s.tick);
    s.tick.data = &s;
    uv_timer_start(&s.tick, on_tick, TICK_MS, TICK_MS);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    return err_set(err, ERR_IO, 0, "the event loop has ended");
}
