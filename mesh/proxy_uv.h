/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/proxy_uv.h: what the proxy's parts know of each other. */
#ifndef MESH_PROXY_UV_H
#define MESH_PROXY_UV_H

#include <uv.h>

#include "mesh/proxy.h"
#include "mesh/session.h"
#include "net/log.h"

enum {
    PROXY_CONNECTIONS_MAX = 1024, /* open at once in one role; more are closed as they come */
    PROXY_HANDSHAKE_MS = 10000,   /* for the peer to show who it is */
    PROXY_CONNECT_MS = 5000,      /* for each address that is tried */
    PROXY_IDLE_MS = 3600000,      /* without a byte in either direction */
    PROXY_LISTENERS_MAX = LIMIT_MESH_ENTRIES + 2,
};

struct connection;

struct listener {
    struct proxy *proxy;
    uv_poll_t poll;
    int socket;
    enum session_role role;
    const struct mesh_egress_entry *egress; /* of SESSION_EGRESS */
};

struct proxy {
    uv_loop_t loop;
    uv_signal_t end, reload;
    uv_timer_t tick;
    const char *folder; /* the identity's */
    struct session_base *base;
    struct listener listeners[PROXY_LISTENERS_MAX];
    size_t listener_count;
    struct connection *connections;
    /* Each role has its own room: who fills up a port without certificates leaves that of pods, and the way out, open.
     */
    size_t connection_counts[SESSION_ROLES], connection_limit;
    uint64_t refused; /* above the limit */
    struct log_limit denials;
};

#endif
