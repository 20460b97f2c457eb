/* SPDX-License-Identifier: Apache-2.0 */
/* A connection as a whole: how it begins and ends, how its layers are stepped, and how its calls are answered. */
#include "coordinator/connection_uv.h"

#include <stdlib.h>

#include "net/log.h"
#include "parse/text.h"

enum {
    HANDSHAKE_MS = 25000, /* Contrast protocol, constants: the whole of it, evidence included */
    PING_AFTER_MS = 15000,
    LINGER_MS = 2000,
    GIVE_UP_AFTER_MS = 45000, /* without a byte in either direction */
};

bool connection_is_http(const struct connection *c)
{
    return c->kind == LISTEN_HTTP || c->kind == LISTEN_PROBE;
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

struct connection *connection_find(struct front *f, uint64_t number)
{
    struct connection *c = f->connections[number % LIMIT_CONNECTION_SLOTS];
    return c && c->number == number && !c->is_closed ? c : NULL;
}

static void release(struct connection *c)
{
    if (connection_is_http(c)) http1_server_close(&c->http);
    atls_free(c->tls);
    grpc_server_close(c->grpc);
    buffer_free(&c->plain_out);
    wire_free(c);
    free(c);
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    c->front->connections[c->number % LIMIT_CONNECTION_SLOTS] = NULL;
    c->front->connection_count--;
    release(c);
}

/* It never came to be in the list. */
static void on_unlisted_closed(uv_handle_t *handle)
{
    release(handle->data);
}

/* ---- by age ----------------------------------------------------------------------------------------------------- */

static void unlink_age(struct connection *c)
{
    struct front *f = c->front;
    *(c->older ? &c->older->newer : &f->oldest) = c->newer;
    *(c->newer ? &c->newer->older : &f->newest) = c->older;
    c->older = c->newer = NULL;
}

static void link_newest(struct connection *c)
{
    struct front *f = c->front;
    c->older = f->newest;
    *(f->newest ? &f->newest->newer : &f->oldest) = c;
    f->newest = c;
}

void connection_renew(struct connection *c)
{
    if (c->is_closed) return;
    unlink_age(c);
    link_newest(c);
}

/* The calls that are under way are bounded, and so is what is walked over here. */
static void make_room(struct front *f)
{
    struct connection *c = f->oldest;
    while (c && c->calls > 0)
        c = c->newer;
    if (c) connection_close(c);
}

void connection_close(struct connection *c)
{
    if (c->is_closed) return;
    c->is_closed = true;
    unlink_age(c);
    c->front->open_count--;
    tls_close(c);
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* ---- all layers ------------------------------------------------------------------------------------------------- */

static status step(struct connection *c, bool *has_moved, struct err *err)
{
    *has_moved = false;
    if (connection_is_http(c)) return http_step(c, has_moved, err);
    if (!c->tls) return OK; /* its nonce is being drawn */
    TRY(tls_step(c, has_moved, err));
    return c->grpc && atls_state(c->tls) == ATLS_OPEN ? grpc_step(c, has_moved, err) : OK;
}

static void move_all(struct connection *c)
{
    struct err err = {0};
    bool has_moved = true;
    while (!c->is_ending && (has_moved || c->has_news)) {
        c->has_news = false;
        if (is_ok(step(c, &has_moved, &err))) continue;
        if (log_limit_take(&c->front->lines[LINES_OF_PEERS], front_now(c->front)))
            LOG("info", "a connection has failed", {"peer", c->peer_name}, {"cause", err.text}, );
        c->is_ending = true;
    }
}

void connection_pump(struct connection *c)
{
    c->has_news = true;
    if (c->is_pumping || c->is_closed || c->is_lingering) return;
    c->is_pumping = true;
    move_all(c);
    c->is_pumping = false;
    wire_write(c);
    if (c->is_ending && !c->is_writing)
        wire_finish(c);
    else
        wire_resume(c);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct connection *c, const struct call *call)
{
    return c->tls ? grpc_name(c, call) : http_name(c, call);
}

void connection_grant(struct connection *c, const struct call *call, bytes answer)
{
    struct err err = {0};
    status s = c->tls ? grpc_grant(c, call, answer, &err) : http_grant(c, answer, &err);
    if (!is_ok(s)) c->is_ending = true;
    c->calls--;
    connection_renew(c);
    connection_pump(c);
}

void connection_refuse(struct connection *c, const struct call *call, enum refusal why, const char *text)
{
    struct err err = {0};
    bytes t = text_bytes(text);
    if (why != REFUSED_NOT_READY && log_limit_take(&c->front->lines[LINES_OF_CALLS], front_now(c->front)))
        LOG("info", "a call was refused", {"call", name_of(c, call)}, {"cause", text}, );
    status s = c->tls ? grpc_refuse(c, call, why, t, &err) : http_refuse(c, why, t, &err);
    if (!is_ok(s)) c->is_ending = true;
    c->calls--;
    connection_renew(c);
    connection_pump(c);
}

/* ---- the beginning ---------------------------------------------------------------------------------------------- */

static status open_layers(struct connection *c, struct err *err)
{
    if (!connection_is_http(c)) return tls_open(c, err);
    http_open(c);
    return OK;
}

/* The peer's address, for the log. */
static void name_peer(struct connection *c)
{
    struct sockaddr_storage at;
    int len = sizeof at;
    if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)(void *)&at, &len) != 0) return;
    if (at.ss_family == AF_INET6)
        (void)uv_ip6_name((const struct sockaddr_in6 *)(const void *)&at, c->peer_name, sizeof c->peer_name);
    else
        (void)uv_ip4_name((const struct sockaddr_in *)(const void *)&at, c->peer_name, sizeof c->peer_name);
}

static bool enroll(struct front *f, struct connection *c)
{
    if (f->open_count >= f->open_limit) make_room(f);
    if (f->connection_count == LIMIT_CONNECTION_SLOTS) return false;
    do
        c->number = f->next_number++;
    while (f->connections[c->number % LIMIT_CONNECTION_SLOTS]);
    f->connections[c->number % LIMIT_CONNECTION_SLOTS] = c;
    f->connection_count++;
    f->open_count++;
    link_newest(c);
    return true;
}

static void log_not_taken(struct front *f, const char *why)
{
    if (log_limit_take(&f->lines[LINES_OF_PEERS], front_now(f)))
        LOG("warning", "a connection was not taken", {"cause", why}, );
}

void connection_accept(struct listener *l)
{
    struct front *f = l->front;
    struct err err = {0};
    struct connection *c = calloc(1, sizeof *c);
    if (!c) {
        if (l->is_open) spare_drop(&f->spare, (uv_stream_t *)&l->tcp);
        log_not_taken(f, "out of memory");
        return;
    }
    *c = (struct connection){.front = f,
                             .kind = l->kind,
                             .began = front_now(f),
                             .moved = front_now(f),
                             .unread = BUFFER("unread bytes", LIMIT_UNREAD_BYTES),
                             .plain_out = BUFFER("answers", LIMIT_PLAIN_BYTES),
                             .wire_out = BUFFER("answers", LIMIT_PLAIN_BYTES)};
    uv_tcp_init(&f->loop, &c->tcp);
    c->tcp.data = c;
    bool is_here = l->is_open ? uv_accept((uv_stream_t *)&l->tcp, (uv_stream_t *)&c->tcp) == 0
                              : uv_tcp_open(&c->tcp, f->options->connection) == 0;
    bool is_listed = enroll(f, c);
    if (is_here) name_peer(c);
    if (is_here && is_listed && is_ok(open_layers(c, &err)) && wire_open(c)) return;
    log_not_taken(f, is_listed ? err.text : "too many connections");
    if (is_listed)
        connection_close(c);
    else
        uv_close((uv_handle_t *)&c->tcp, on_unlisted_closed);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

static void tick(struct connection *c, int64_t now)
{
    struct err err = {0};
    bool is_open = connection_is_http(c) || c->grpc;
    bool is_idle = is_open && c->calls == 0;
    bool is_late = now - c->moved > (c->is_lingering ? LINGER_MS : GIVE_UP_AFTER_MS);
    if ((!is_open && now - c->began > HANDSHAKE_MS) || is_late || (is_idle && c->front->is_draining)) {
        connection_close(c);
        return;
    }
    if (is_idle && c->grpc && !c->has_pinged && now - c->moved > PING_AFTER_MS)
        c->has_pinged = is_ok(grpc_server_ping(c->grpc, &err));
    connection_pump(c);
}

void connections_tick(struct front *f)
{
    for (size_t i = 0; i < LIMIT_CONNECTION_SLOTS; i++)
        if (f->connections[i] && !f->connections[i]->is_closed) tick(f->connections[i], front_now(f));
}

void connections_close(struct front *f)
{
    for (size_t i = 0; i < LIMIT_CONNECTION_SLOTS; i++)
        if (f->connections[i]) connection_close(f->connections[i]);
}
