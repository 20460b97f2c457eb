/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/proxy_uv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mesh/connection_uv.h"
#include "mesh/listen_linux.h"
#include "net/descriptor.h"

enum { TICK_MS = 1000, ACCEPTS_MAX = 64, OTHER_DESCRIPTORS = 64 };

/* ---- listening -------------------------------------------------------------------------------------------------- */

static void add_listener(struct proxy *p, int socket, enum session_role role, const struct mesh_egress_entry *egress)
{
    p->listeners[p->listener_count++] = (struct listener){.proxy = p, .socket = socket, .role = role, .egress = egress};
}

static status listen_ingress(struct proxy *p, unsigned port, enum session_role role, struct err *err)
{
    int socket = -1;
    TRY(err_in(err, listen_transparent(port, &socket, err), "ingress"));
    add_listener(p, socket, role, NULL);
    return OK;
}

static status listen_all(struct proxy *p, const struct mesh_ingress *ingress, const struct mesh_egress *egress,
                         struct err *err)
{
    if (!ingress->is_disabled) {
        TRY(listen_ingress(p, MESH_PORT_INGRESS, SESSION_INGRESS, err));
        TRY(listen_ingress(p, MESH_PORT_INGRESS_OPEN, SESSION_INGRESS_OPEN, err));
    }
    for (size_t i = 0; i < egress->count; i++) {
        int socket = -1;
        TRY(err_in(err, listen_egress(&egress->entries[i], &socket, err), "egress"));
        add_listener(p, socket, SESSION_EGRESS, &egress->entries[i]);
    }
    return OK;
}

/* Each connection has two descriptors.  Without this limit accept would fail for ever while somebody waits. */
static status set_limit(struct proxy *p, struct err *err)
{
    const size_t others = p->listener_count + OTHER_DESCRIPTORS, limit = descriptor_raise_limit();
    const size_t each = limit < others ? 0 : (limit - others) / 2 / SESSION_ROLES;
    if (each == 0) return err_set(err, ERR_LIMIT, 0, "want more descriptors than %zu", limit);
    p->connection_limit = each < PROXY_CONNECTIONS_MAX ? each : PROXY_CONNECTIONS_MAX;
    if (p->connection_limit < PROXY_CONNECTIONS_MAX)
        LOG("warning", "few descriptors: fewer connections are taken than could be", );
    return OK;
}

static void on_connection(uv_poll_t *poll, int code, int events)
{
    struct listener *l = poll->data;
    struct proxy *p = l->proxy;
    (void)events;
    for (int i = 0; i < ACCEPTS_MAX && code == 0; i++) {
        int socket = listen_accept(l->socket);
        if (socket < 0) return;
        if (p->connection_counts[l->role] < p->connection_limit) {
            connection_open(l, socket);
            continue;
        }
        close(socket);
        if (p->refused++ % p->connection_limit == 0) LOG("warning", "too many connections: the newest are closed", );
    }
}

/* ---- the identity ------------------------------------------------------------------------------------------------ */

/* For new connections; those that are open keep theirs. */
static status load(struct proxy *p, struct err *err)
{
    static struct identity id;
    struct session_base *base = NULL;
    TRY(identity_load(p->folder, (int64_t)time(NULL), &id, err));
    status s = session_base_new(&id, &base, err);
    identity_wipe(&id);
    if (!is_ok(s)) return s;
    session_base_release(p->base);
    p->base = base;
    return OK;
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

static void on_tick(uv_timer_t *timer)
{
    struct proxy *p = timer->data;
    for (struct connection *c = p->connections, *next; c; c = next) {
        next = c->next;
        connection_tick(c);
    }
    log_limit_tick(&p->denials, (int64_t)uv_now(&p->loop));
}

static void on_end(uv_signal_t *signal, int number)
{
    (void)number;
    uv_stop(signal->loop);
}

static void on_reload(uv_signal_t *signal, int number)
{
    struct proxy *p = signal->data;
    struct err err = {0};
    (void)number;
    if (is_ok(load(p, &err)))
        LOG("info", "the identity was loaded anew", );
    else
        LOG("error", "the identity was not loaded anew", {"cause", err.text}, );
}

static bool start_all(struct proxy *p)
{
    p->tick.data = p->end.data = p->reload.data = p;
    bool good = uv_timer_init(&p->loop, &p->tick) == 0 && uv_signal_init(&p->loop, &p->end) == 0 &&
                uv_signal_init(&p->loop, &p->reload) == 0 && uv_timer_start(&p->tick, on_tick, TICK_MS, TICK_MS) == 0 &&
                uv_signal_start(&p->end, on_end, SIGTERM) == 0 && uv_signal_start(&p->reload, on_reload, SIGHUP) == 0;
    for (size_t i = 0; good && i < p->listener_count; i++) {
        struct listener *l = &p->listeners[i];
        l->poll.data = l;
        good = uv_poll_init(&p->loop, &l->poll, l->socket) == 0 &&
               uv_poll_start(&l->poll, UV_READABLE, on_connection) == 0;
    }
    return good;
}

/* ---- the proxy -------------------------------------------------------------------------------------------------- */

static status begin(struct proxy *p, const struct mesh_ingress *ingress, const struct mesh_egress *egress,
                    struct err *err)
{
    TRY(session_open(err));
    TRY(load(p, err));
    TRY(listen_all(p, ingress, egress, err));
    TRY(set_limit(p, err));
    return start_all(p) ? OK : err_set(err, ERR_IO, 0, "the event loop does not start");
}

status proxy_open(const char *folder, const struct mesh_ingress *ingress, const struct mesh_egress *egress,
                  struct proxy **out, struct err *err)
{
    struct proxy *p = calloc(1, sizeof *p);
    if (!p || uv_loop_init(&p->loop) != 0) {
        free(p);
        return err_set(err, ERR_NOMEM, 0, "no memory for the proxy");
    }
    p->folder = folder;
    p->denials.what = "connections that were cut";
    status s = begin(p, ingress, egress, err);
    if (is_ok(s))
        *out = p;
    else
        proxy_close(p);
    return s;
}

void proxy_run(struct proxy *p)
{
    (void)uv_run(&p->loop, UV_RUN_DEFAULT);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

void proxy_close(struct proxy *p)
{
    if (!p) return;
    while (p->connections)
        connection_close(p->connections);
    uv_walk(&p->loop, close_handle, NULL);
    (void)uv_run(&p->loop, UV_RUN_DEFAULT);
    for (size_t i = 0; i < p->listener_count; i++)
        close(p->listeners[i].socket);
    session_base_release(p->base);
    (void)uv_loop_close(&p->loop);
    free(p);
}
