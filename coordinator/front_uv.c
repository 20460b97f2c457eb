/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/front_uv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/descriptor.h"
#include "net/listen_address.h"
#include "net/log.h"
#include "parse/text.h"

enum { TICK_MS = 250, BACKLOG = 1024, OTHER_DESCRIPTORS = 64 };

/* What the one connection of a child still has when the keeper has closed its channel. */
enum { LAST_MS = 1000 };

static const char *const listener_names[] = {
    [LISTEN_USER] = "user", [LISTEN_MESH] = "mesh", [LISTEN_HTTP] = "http", [LISTEN_PROBE] = "probe"};

int64_t front_now(const struct front *f)
{
    return (int64_t)uv_now(&f->loop);
}

/* ---- addresses -------------------------------------------------------------------------------------------------- */

static bool listen_at(int socket, const struct sockaddr_storage *at)
{
    socklen_t len = at->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    const int yes = 1;
    return setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
           bind(socket, (const struct sockaddr *)(const void *)at, len) == 0 && listen(socket, BACKLOG) == 0;
}

status front_bind(const char *address, int *out, struct err *err)
{
    struct sockaddr_storage at = {0};
    TRY(err_in(err, listen_address_parse(address, &at, err), "address"));
    int s = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s >= 0 && listen_at(s, &at)) {
        *out = s;
        return OK;
    }
    status failed = err_set(err, ERR_IO, 0, "address %s: %s", address, strerror(errno));
    if (s >= 0) close(s);
    return failed;
}

static void log_listener(const struct listener *l)
{
    struct sockaddr_storage at;
    int len = sizeof at;
    char host[64] = "", port[8] = "";
    if (uv_tcp_getsockname(&l->tcp, (struct sockaddr *)(void *)&at, &len) != 0) return;
    bool is_v6 = at.ss_family == AF_INET6;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)&at;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)&at;
    (void)(is_v6 ? uv_ip6_name(v6, host, sizeof host) : uv_ip4_name(v4, host, sizeof host));
    (void)snprintf(port, sizeof port, "%u", listen_address_port(&at));
    LOG("info", "listening", {"api", listener_names[l->kind]}, {"host", host}, {"port", port}, );
}

static void on_connection(uv_stream_t *server, int code)
{
    struct listener *l = server->data;
    if (code == 0) connection_accept(l);
}

static struct listener *open_listener(struct front *f, enum listener_kind kind)
{
    struct listener *l = &f->listeners[kind];
    l->kind = kind;
    l->front = f;
    l->tcp.data = l;
    uv_tcp_init(&f->loop, &l->tcp);
    l->is_open = true;
    return l;
}

static status listen_on(struct front *f, enum listener_kind kind, const char *address, struct err *err)
{
    struct sockaddr_storage at = {0};
    TRY(err_in(err, listen_address_parse(address, &at, err), "address"));
    struct listener *l = open_listener(f, kind);
    int code = uv_tcp_bind(&l->tcp, (const struct sockaddr *)(const void *)&at, 0);
    if (code == 0) code = uv_listen((uv_stream_t *)&l->tcp, BACKLOG, on_connection);
    if (code != 0) return err_set(err, ERR_IO, 0, "address %s: %s", address, uv_strerror(code));
    log_listener(l);
    return OK;
}

/* ---- recovery --------------------------------------------------------------------------------------------------- */

/* The socket listens already, and the nursery takes what comes. */
static status wait_for_recovery(struct front *f, struct err *err)
{
    struct listener *l = open_listener(f, LISTEN_USER);
    int code = uv_tcp_open(&l->tcp, f->options->user_socket);
    if (code != 0) return err_set(err, ERR_IO, 0, "socket of the User API: %s", uv_strerror(code));
    f->waits_for_recovery = true;
    log_listener(l);
    return OK;
}

static void state_came(void *context, const struct message *m)
{
    struct front *f = context;
    struct listener *l = &f->listeners[LISTEN_USER];
    struct keeper_state_answer s;
    f->has_asked = false;
    if (m->kind != ANSWER_DONE || !keeper_state_answer_read(m, 0, &s) || s.is_stale || !l->is_open) return;
    f->waits_for_recovery = false;
    front_note_state(f, &s);
    int code = uv_listen((uv_stream_t *)&l->tcp, BACKLOG, on_connection);
    if (code == 0)
        LOG("info", "recovered", );
    else
        LOG("error", "the User API cannot be served", {"cause", uv_strerror(code)}, );
}

static void look_for_recovery(struct front *f)
{
    struct message m = {.kind = KEEPER_STATE};
    if (f->waits_for_recovery && !f->has_asked) f->has_asked = is_ok(link_ask(&f->link, &m, state_came, f, NULL));
}

/* The one connection of a child. */
static void take_connection(struct front *f)
{
    struct listener *l = &f->listeners[LISTEN_RECOVERY];
    l->kind = LISTEN_RECOVERY;
    l->front = f;
    connection_accept(l);
}

/* ---- all listeners ---------------------------------------------------------------------------------------------- */

static status listen_on_all(struct front *f, struct err *err)
{
    for (unsigned kind = 0; kind < LISTENER_KINDS; kind++) {
        const char *address = f->options->addresses[kind];
        bool is_waiting = kind == LISTEN_USER && f->options->waits_for_recovery;
        if (!address || strcmp(address, "off") == 0) continue;
        TRY(is_waiting ? wait_for_recovery(f, err) : listen_on(f, (enum listener_kind)kind, address, err));
    }
    return OK;
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

static void close_listeners(struct front *f)
{
    for (unsigned kind = 0; kind < LISTENER_KINDS; kind++) {
        if (f->listeners[kind].is_open) uv_close((uv_handle_t *)&f->listeners[kind].tcp, NULL);
        f->listeners[kind].is_open = false;
    }
}

static void drain_within(struct front *f, int64_t ms)
{
    if (f->is_draining) return;
    f->is_draining = true;
    f->drain_by = front_now(f) + ms;
    close_listeners(f);
}

static void drain(void *context)
{
    drain_within(context, DRAIN_MS);
    LOG("info", "draining", );
}

static void lost(void *context, const char *why)
{
    struct front *f = context;
    if (f->options->has_connection) { /* recovery is over: what was answered is still to be sent */
        drain_within(f, LAST_MS);
        return;
    }
    if (f->is_lost) return;
    f->is_lost = true;
    (void)!is_ok(err_set(&f->why_lost, ERR_IO, 0, "the keeper is gone: %s", why));
    uv_stop(&f->loop);
}

static void on_tick(uv_timer_t *timer)
{
    struct front *f = timer->data;
    connections_tick(f);
    look_for_recovery(f);
    collateral_tick(&f->collateral, front_now(f));
    for (size_t i = 0; i < LINE_KINDS; i++)
        log_limit_tick(&f->lines[i], front_now(f));
    if (!f->is_draining && !f->options->has_connection) return;
    bool is_late = f->is_draining && front_now(f) >= f->drain_by;
    if (f->connection_count == 0 || is_late) uv_stop(&f->loop);
}

/* ---- the process ------------------------------------------------------------------------------------------------ */

/* As many descriptors as may be had, but for those of everything else. */
static size_t lend_descriptors(void)
{
    const size_t limit = descriptor_raise_limit();
    if (limit >= LIMIT_CONNECTION_SLOTS + OTHER_DESCRIPTORS) return LIMIT_CONNECTIONS;
    LOG("warning", "few descriptors: want a limit (ulimit -n) of 16064", );
    return limit > 2 * OTHER_DESCRIPTORS ? (limit - OTHER_DESCRIPTORS) / 4 * 3 : OTHER_DESCRIPTORS;
}

static status open_front(struct front *f, struct err *err)
{
    const struct front_options *o = f->options;
    (void)setenv("UV_USE_IO_URING", "0", 1); /* what goes through such a ring, no filter of system calls sees */
    if (uv_loop_init(&f->loop) != 0) return err_set(err, ERR_NOMEM, 0, "event loop: out of memory");
    f->open_limit = lend_descriptors();
    f->connections = calloc(LIMIT_CONNECTION_SLOTS, sizeof *f->connections);
    if (!f->connections) return err_set(err, ERR_NOMEM, 0, "connections: out of memory");
    f->link = (struct link){.lost = lost, .drain = drain, .context = f};
    TRY(link_open(&f->link, &f->loop, o->keeper.from, o->keeper.to, err));
    if (o->has_fetch) TRY(collateral_open(&f->collateral, &f->loop, o->fetch, err));
    uv_timer_init(&f->loop, &f->tick);
    f->tick.data = f;
    uv_timer_start(&f->tick, on_tick, TICK_MS, TICK_MS);
    if (o->has_connection) take_connection(f);
    TRY(listen_on_all(f, err));
    return lockdown_front(&o->needs, err);
}

status front_run(const struct front_options *options, struct err *err)
{
    struct front *f = calloc(1, sizeof *f);
    if (!f) return err_set(err, ERR_NOMEM, 0, "front: out of memory");
    f->options = options;
    f->shown = BUFFER("evidence", LIMIT_DOCUMENT_BYTES);
    grpc_name_metrics(options->metrics);
    f->lines[LINES_OF_PEERS].what = "peers that were not let in, handshakes and connections that failed";
    f->lines[LINES_OF_REFUSED_PEERS].what = "refused peers";
    f->lines[LINES_OF_CALLS].what = "refused calls";
    status s = open_front(f, err);
    if (is_ok(s)) uv_run(&f->loop, UV_RUN_DEFAULT);
    if (is_ok(s) && f->is_lost) s = err_set(err, ERR_IO, 0, "%s", f->why_lost.text);
    connections_close(f);
    collateral_close(&f->collateral);
    history_free(&f->history);
    buffer_free(&f->shown);
    free(f->connections);
    free(f);
    return s; /* the process ends: what the loop still holds goes with it */
}
