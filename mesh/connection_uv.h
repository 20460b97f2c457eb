/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/connection_uv.h: one connection that the proxy passes on: two sockets and a relay between them.
 *
 * Ingress: the peer's TLS comes first; the application is connected to when the peer has shown who it is, at the
 * address that the peer asked for.  Egress: the application's connection is there; the peer is connected to, at each
 * address of its name in turn, and then shown who we are.
 *
 * A connection belongs to its proxy and frees itself.
 */
#ifndef MESH_CONNECTION_UV_H
#define MESH_CONNECTION_UV_H

#include "mesh/proxy_uv.h"
#include "mesh/relay.h"

struct end {
    struct connection *connection;
    enum relay_side side;
    int socket; /* -1: none yet */
    bool is_connecting;
    bool can_read, can_write; /* as far as we know: until the kernel says to wait */
    uv_poll_t *poll;          /* its own memory, which the loop gives back later than the socket; NULL: none */
};

struct connection {
    struct proxy *proxy;
    const struct listener *listener;
    struct connection *next, *previous;
    struct relay relay;
    struct end ends[RELAY_SIDES];
    uv_getaddrinfo_t lookup;
    bool is_looking_up, is_closing;
    unsigned handles;                    /* of the loop's; it is freed with the last one */
    struct sockaddr_storage target;      /* of the application, that the peer asked for; ingress */
    const struct addrinfo *next_address; /* of the peer, in the lookup's answer; egress */
    int why;                             /* errno of the last address that did not answer */
    uint64_t deadline;                   /* of the loop's clock: handshake, connect or idle, whichever is next */
};

/* Takes over an accepted socket; closes it when it cannot be served. */
void connection_open(struct listener *l, int socket);

/* Ends it when its time is over. */
void connection_tick(struct connection *c);

/* Cuts both sides. */
void connection_close(struct connection *c);

#endif
