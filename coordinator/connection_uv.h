/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/connection_uv.h: what the files of one connection share.
 *
 * A connection is a pile of layers, each in a file of its own: the socket (connection_wire_uv.c), then attested TLS
 * (connection_tls_uv.c) with gRPC on it (connection_grpc_uv.c), or HTTP/1.1 alone (connection_http_uv.c).  The layers
 * know nothing of each other's insides: bytes lie in the buffers between them, and whenever bytes came, were written,
 * or a call was answered, connection_pump moves everything that can move.
 *
 * The trap: connection_close may be called from anywhere, any number of times; the memory is there until libuv has let
 * go of the socket, and what was asked of the keeper meanwhile finds the connection by its number or not at all.
 */
#ifndef COORDINATOR_CONNECTION_UV_H
#define COORDINATOR_CONNECTION_UV_H

#include "coordinator/front_uv.h"
#include "net/atls.h"
#include "net/grpc_server.h"
#include "net/http1_server.h"

/* Bytes of the peer that no layer has room for yet: what one read brings. */
#define LIMIT_UNREAD_BYTES 65536

/* Plaintext on its way from gRPC or HTTP to the peer. */
#define LIMIT_PLAIN_BYTES (256 << 10)

struct connection {
    uv_tcp_t tcp;
    uv_write_t writing;
    struct front *front;
    enum listener_kind kind;
    uint64_t number;
    char peer_name[64];
    int64_t began, moved; /* when bytes last came or went */
    struct connection *older, *newer;

    struct atls *tls;         /* NULL for HTTP */
    struct grpc_server *grpc; /* NULL for HTTP, and until the handshake is over */
    struct http1_server http;
    struct http1_server_options http_options;
    size_t calls;                              /* that are not answered yet */
    struct buffer unread, plain_out, wire_out; /* wire_out: of HTTP alone */
    bytes being_written;                       /* owned */

    uint8_t ticket[8]; /* of a peer of the Mesh API */
    void *completing;  /* whose evidence lacks something; NULL: none is waited for */
    bool has_ticket;
    bool has_asked, has_judge, has_pinged, is_writing;
    bool is_paused;            /* not read from, until there is room */
    bool is_pumping, has_news; /* news: something was answered while all was being moved */
    bool is_ending;            /* when all has been written */
    bool is_lingering;         /* all was, and what still comes is read, or the peer might lose the answer */
    uv_shutdown_t shutdown;
    bool is_closed;
};

/* ---- connection_uv.c ---- */

/* Moves everything that can move. */
void connection_pump(struct connection *c);

/* Ends it at once. */
void connection_close(struct connection *c);

/* It got somewhere: a handshake or a call was done.  Bytes that lead nowhere do not keep a connection young. */
void connection_renew(struct connection *c);

/* HTTP/1.1 without TLS. */
bool connection_is_http(const struct connection *c);

/* ---- the socket: connection_wire_uv.c ---- */

MUST_USE bool wire_open(struct connection *c); /* false: it cannot be read from */
void wire_write(struct connection *c);         /* what is due */
void wire_resume(struct connection *c);        /* reads on, when it was paused and there is room */
void wire_finish(struct connection *c);        /* after the last byte has been written */
void wire_free(struct connection *c);

/* ---- attested TLS: connection_tls_uv.c ---- */

/* A nonce is drawn first: by the keeper, when the peer's evidence has to answer it. */
MUST_USE status tls_open(struct connection *c, struct err *err);
MUST_USE status tls_step(struct connection *c, bool *has_moved, struct err *err);
void tls_close(struct connection *c); /* the keeper need not hold anything of the peer any more */

/* ---- gRPC: connection_grpc_uv.c ---- */

MUST_USE status grpc_open(struct connection *c, struct err *err);
MUST_USE status grpc_step(struct connection *c, bool *has_moved, struct err *err);
MUST_USE status grpc_grant(struct connection *c, const struct call *call, bytes answer, struct err *err);
MUST_USE status grpc_refuse(struct connection *c, const struct call *call, enum refusal why, bytes text,
                            struct err *err);
const char *grpc_name(const struct connection *c, const struct call *call);

/* ---- HTTP/1.1: connection_http_uv.c ---- */

void http_open(struct connection *c);
MUST_USE status http_step(struct connection *c, bool *has_moved, struct err *err);
MUST_USE status http_grant(struct connection *c, bytes answer, struct err *err);
MUST_USE status http_refuse(struct connection *c, enum refusal why, bytes text, struct err *err);
const char *http_name(const struct connection *c, const struct call *call);

#endif
