/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/connection_uv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* One connection with much to pass on must not keep the others waiting. */
enum { ROUNDS_MAX = 16, READ_BYTES = 16384 };

static void pump(struct connection *c, struct err *err);
static void connect_next(struct connection *c);

static void move_deadline(struct connection *c, uint64_t ms)
{
    c->deadline = uv_now(&c->proxy->loop) + ms;
}

static const char *direction(const struct connection *c)
{
    return c->listener->role == SESSION_EGRESS ? "egress" : "ingress";
}

/* ---- ending ----------------------------------------------------------------------------------------------------- */

static void free_when_unused(struct connection *c)
{
    if (c->handles > 0 || c->is_looking_up) return;
    relay_close(&c->relay);
    uv_freeaddrinfo(c->lookup.addrinfo);
    free(c);
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *c = ((struct end *)handle->data)->connection;
    free(handle);
    c->handles--;
    free_when_unused(c);
}

static void close_end(struct end *e)
{
    if (e->poll) {
        (void)uv_poll_stop(e->poll);
        uv_close((uv_handle_t *)e->poll, on_closed);
    }
    if (e->socket >= 0) close(e->socket);
    e->socket = -1;
    e->poll = NULL;
}

static void leave_list(struct connection *c)
{
    struct proxy *p = c->proxy;
    if (c->previous)
        c->previous->next = c->next;
    else
        p->connections = c->next;
    if (c->next) c->next->previous = c->previous;
    p->connection_counts[c->listener->role]--;
}

/* Not in order: the application must not take what it has for all there was. */
static void reset_app(struct connection *c)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    int s = c->ends[RELAY_APP].socket;
    if (s >= 0) (void)setsockopt(s, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void connection_close(struct connection *c)
{
    if (c->is_closing) return;
    c->is_closing = true;
    if (relay_state(&c->relay) != RELAY_DONE) reset_app(c);
    leave_list(c);
    for (size_t i = 0; i < RELAY_SIDES; i++)
        close_end(&c->ends[i]);
    if (c->is_looking_up) (void)uv_cancel((uv_req_t *)&c->lookup);
    free_when_unused(c);
}

static void deny(struct connection *c, const char *cause)
{
    if (log_limit_take(&c->proxy->denials, (int64_t)uv_now(&c->proxy->loop)))
        LOG("warning", "a connection was cut", {"direction", direction(c)}, {"cause", cause}, );
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static bool must_wait(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* Both return whether anything has moved; errors are in the relay's state, or have closed the connection. */
static bool read_side(struct connection *c, enum relay_side side, struct err *err)
{
    struct end *e = &c->ends[side];
    uint8_t buf[READ_BYTES];
    size_t room = relay_room(&c->relay, side);
    if (e->socket < 0 || e->is_connecting || !e->can_read || room == 0) return false;
    ssize_t n = recv(e->socket, buf, room < sizeof buf ? room : sizeof buf, 0);
    if (n > 0) return is_ok(relay_take(&c->relay, side, BYTES(buf, (size_t)n), err));
    if (n < 0 && must_wait()) {
        e->can_read = false;
        return false;
    }
    e->can_read = false;
    if (n == 0) return is_ok(relay_end(&c->relay, side, err));
    connection_close(c);
    return false;
}

static bool write_side(struct connection *c, enum relay_side side, struct err *err)
{
    struct end *e = &c->ends[side];
    bytes due = relay_due(&c->relay, side);
    if (c->is_closing || e->socket < 0 || e->is_connecting || !e->can_write || due.len == 0) return false;
    ssize_t n = send(e->socket, due.ptr, due.len, MSG_NOSIGNAL);
    if (n > 0) return is_ok(relay_sent(&c->relay, side, (size_t)n, err));
    e->can_write = false;
    if (n < 0 && must_wait()) return false;
    connection_close(c);
    return false;
}

static bool pass_on(struct connection *c, struct err *err)
{
    bool moved = false;
    for (enum relay_side side = 0; side < RELAY_SIDES && !c->is_closing; side++) {
        moved |= read_side(c, side, err);
        moved |= write_side(c, side, err);
    }
    return moved && !c->is_closing;
}

/* A close_notify is the wire's end; its connection stays for what still comes. */
static void shut_sides(struct connection *c)
{
    (void)relay_wants_shut(&c->relay, RELAY_WIRE);
    if (c->ends[RELAY_APP].socket >= 0 && !c->ends[RELAY_APP].is_connecting && relay_wants_shut(&c->relay, RELAY_APP))
        (void)shutdown(c->ends[RELAY_APP].socket, SHUT_WR);
}

/* ---- watching --------------------------------------------------------------------------------------------------- */

static void give_up_address(struct connection *c, struct end *e, int why)
{
    close_end(e);
    c->why = why;
    connect_next(c);
}

static void finish_connecting(struct connection *c, struct end *e)
{
    int code = 0;
    socklen_t len = sizeof code;
    if (getsockopt(e->socket, SOL_SOCKET, SO_ERROR, &code, &len) != 0) code = errno;
    if (code != 0) {
        give_up_address(c, e, code);
        return;
    }
    e->is_connecting = false;
    e->can_read = e->can_write = true;
    move_deadline(c, e->side == RELAY_WIRE ? PROXY_HANDSHAKE_MS : PROXY_IDLE_MS);
    struct err err = {0};
    if (e->side == RELAY_WIRE) (void)is_ok(relay_take(&c->relay, RELAY_WIRE, BYTES_LIT(""), &err)); /* pump sees it */
    pump(c, &err);
}

static void on_event(uv_poll_t *poll, int code, int events)
{
    struct end *e = poll->data;
    struct connection *c = e->connection;
    struct err err = {0};
    if (e->is_connecting) {
        finish_connecting(c, e);
        return;
    }
    if (code < 0 || events & UV_READABLE) e->can_read = true;
    if (code < 0 || events & UV_WRITABLE) e->can_write = true;
    pump(c, &err);
}

static int wanted_events(const struct connection *c, const struct end *e)
{
    if (e->is_connecting) return UV_WRITABLE;
    int events = 0;
    if (relay_room(&c->relay, e->side) > 0) events |= UV_READABLE;
    if (relay_due(&c->relay, e->side).len > 0) events |= UV_WRITABLE;
    return events;
}

static bool make_poll(struct connection *c, struct end *e)
{
    uv_poll_t *poll = malloc(sizeof *poll);
    if (!poll || uv_poll_init(&c->proxy->loop, poll, e->socket) != 0) {
        free(poll);
        return false;
    }
    poll->data = e;
    e->poll = poll;
    c->handles++;
    return true;
}

static bool watch(struct connection *c, struct end *e)
{
    if (e->socket < 0) return true;
    if (!e->poll && !make_poll(c, e)) return false;
    int events = wanted_events(c, e);
    return (events ? uv_poll_start(e->poll, events, on_event) : uv_poll_stop(e->poll)) == 0;
}

/* ---- connecting ------------------------------------------------------------------------------------------------- */

static void set_options(int s)
{
    const int yes = 1;
    (void)setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    (void)setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
}

static bool start_connecting(struct connection *c, enum relay_side side, const struct sockaddr *to, socklen_t len)
{
    struct end *e = &c->ends[side];
    e->socket = socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (e->socket < 0) return false;
    set_options(e->socket);
    e->is_connecting = true;
    move_deadline(c, PROXY_CONNECT_MS);
    return (connect(e->socket, to, len) == 0 || errno == EINPROGRESS) && watch(c, e);
}

/* The peer's addresses, one after the other. */
static void connect_next(struct connection *c)
{
    while (c->next_address) {
        const struct addrinfo *a = c->next_address;
        c->next_address = a->ai_next;
        if (start_connecting(c, RELAY_WIRE, a->ai_addr, a->ai_addrlen)) return;
        c->why = errno;
        close_end(&c->ends[RELAY_WIRE]);
    }
    deny(c, c->why ? strerror(c->why) : "its name was not found");
    connection_close(c);
}

static void connect_app(struct connection *c)
{
    const struct sockaddr *to = (const struct sockaddr *)(const void *)&c->target;
    if (!start_connecting(c, RELAY_APP, to, sizeof(struct sockaddr_in6)))
        give_up_address(c, &c->ends[RELAY_APP], errno);
}

static void on_found(uv_getaddrinfo_t *lookup, int code, struct addrinfo *found)
{
    struct connection *c = lookup->data;
    (void)found;
    c->is_looking_up = false;
    if (c->is_closing) {
        free_when_unused(c);
        return;
    }
    c->next_address = code == 0 ? lookup->addrinfo : NULL;
    connect_next(c);
}

static bool look_up(struct connection *c)
{
    const struct mesh_egress_entry *e = c->listener->egress;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV};
    char host[256], port[8];
    (void)snprintf(host, sizeof host, "%.*s", (int)e->host.len, (const char *)e->host.ptr);
    (void)snprintf(port, sizeof port, "%u", e->port);
    c->lookup.data = c;
    c->is_looking_up = uv_getaddrinfo(&c->proxy->loop, &c->lookup, on_found, host, port, &hints) == 0;
    move_deadline(c, PROXY_CONNECT_MS);
    return c->is_looking_up;
}

/* ---- going on --------------------------------------------------------------------------------------------------- */

/* What tells the peer why is sent as far as it can be at once. */
static void fail(struct connection *c, const char *cause)
{
    struct err ignored = {0};
    deny(c, cause);
    (void)write_side(c, RELAY_WIRE, &ignored);
    connection_close(c);
}

static void pump(struct connection *c, struct err *err)
{
    bool has_moved = false;
    for (int i = 0; i < ROUNDS_MAX && pass_on(c, err); i++)
        has_moved = true;
    if (c->is_closing) return;
    enum relay_state state = relay_state(&c->relay);
    if (state == RELAY_OPEN) {
        shut_sides(c);
        state = relay_state(&c->relay);
    }
    if (state == RELAY_FAILED) {
        fail(c, err->text);
        return;
    }
    if (state == RELAY_DONE) {
        connection_close(c);
        return;
    }
    if (state == RELAY_OPEN && c->ends[RELAY_APP].socket < 0) {
        connect_app(c);
        if (c->is_closing) return;
    } else if (state == RELAY_OPEN && has_moved && !c->ends[RELAY_APP].is_connecting) {
        move_deadline(c, PROXY_IDLE_MS);
    }
    for (size_t i = 0; i < RELAY_SIDES; i++) {
        if (watch(c, &c->ends[i])) continue;
        connection_close(c);
        return;
    }
}

void connection_tick(struct connection *c)
{
    if (uv_now(&c->proxy->loop) < c->deadline) return;
    for (size_t i = 0; i < RELAY_SIDES; i++) {
        if (!c->ends[i].is_connecting) continue;
        give_up_address(c, &c->ends[i], ETIMEDOUT);
        return;
    }
    deny(c, relay_state(&c->relay) == RELAY_HANDSHAKE ? "the peer was too slow to show who it is"
                                                      : "nothing came for too long");
    connection_close(c);
}

/* ---- beginning -------------------------------------------------------------------------------------------------- */

/* Where the peer wanted to go; false when that is the proxy itself. */
static bool take_target(struct connection *c, int socket)
{
    socklen_t len = sizeof c->target;
    if (getsockname(socket, (struct sockaddr *)(void *)&c->target, &len) != 0) return false;
    unsigned port = ntohs(((const struct sockaddr_in6 *)(const void *)&c->target)->sin6_port);
    return port != MESH_PORT_INGRESS && port != MESH_PORT_INGRESS_OPEN;
}

static void join_list(struct connection *c)
{
    struct proxy *p = c->proxy;
    c->next = p->connections;
    if (c->next) c->next->previous = c;
    p->connections = c;
    p->connection_counts[c->listener->role]++;
}

static bool begin(struct connection *c, int socket)
{
    bool is_egress = c->listener->role == SESSION_EGRESS;
    struct end *e = &c->ends[is_egress ? RELAY_APP : RELAY_WIRE];
    struct err err = {0};
    e->socket = socket;
    e->can_read = e->can_write = true;
    set_options(socket);
    move_deadline(c, PROXY_HANDSHAKE_MS);
    if (!is_egress && !take_target(c, socket)) return false;
    if (!is_ok(relay_open(&c->relay, c->proxy->base, c->listener->role, (int64_t)time(NULL), &err))) return false;
    return is_egress ? look_up(c) : watch(c, e);
}

void connection_open(struct listener *l, int socket)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c) {
        close(socket);
        return;
    }
    c->proxy = l->proxy;
    c->listener = l;
    for (enum relay_side side = 0; side < RELAY_SIDES; side++)
        c->ends[side] = (struct end){.connection = c, .side = side, .socket = -1};
    join_list(c);
    if (!begin(c, socket)) connection_close(c);
}
