/* SPDX-License-Identifier: Apache-2.0 */
/* net/grpc_server.h: the server's end of one HTTP/2 connection that carries unary gRPC calls.
 *
 * It touches no socket: bytes of the peer go in, bytes for the peer are appended to a buffer.  Complete requests are
 * taken with grpc_server_next and answered by the number of their stream, at once or much later, each exactly once.
 *
 *     grpc_server_step(s, now, in, &out, err)      whenever bytes came, an answer was given, or the time has come
 *     while (grpc_server_next(s, &request)) ...    grpc_server_answer or grpc_server_fail, now or later
 *
 * What a peer may make us keep is bounded before it is kept: a message by the limit of its method, all messages of the
 * connection together, calls at once, header lists.  A call counts until it was answered, also when the peer has reset
 * it meanwhile.  A peer that resets, or makes us reset, more than RESETS_AT_ONCE calls and RESETS_PER_SECOND after that
 * is sent away; so is one that sends too many CONTINUATION, SETTINGS or PING frames (nghttp2's limits).
 *
 * The traps: after an error of grpc_server_step what is in `out` is still due to the peer, then the connection is to be
 * closed.  A peer that does not read its answers keeps them here: the caller has to give up connections on which
 * nothing moves.  The peer's own deadline may be any, or none.
 *
 * Answers may hold secrets: all memory is wiped before it is given back, the library's too.  Texts of failures are
 * seen by the peer.
 * Source: "gRPC over HTTP2" of the grpc project, RFC 9113.
 */
#ifndef NET_GRPC_SERVER_H
#define NET_GRPC_SERVER_H

#include "net/buffer.h"
#include "parse/bytes.h"
#include "parse/grpc.h"
#include "parse/status.h"

enum { GRPC_RESETS_AT_ONCE = 100, GRPC_RESETS_PER_SECOND = 10 };

/* Room that `out` must have for anything to be written into it. */
enum { GRPC_OUTPUT_ROOM = 32768 };

#define GRPC_NO_DEADLINE INT64_MAX

struct grpc_method {
    const char *path; /* "/package.Service/Method" */
    size_t message_limit;
};

struct grpc_server_options {
    const struct grpc_method *methods; /* borrowed while the server lives */
    size_t method_count;
    size_t messages_limit; /* of all requests of the connection that are not answered, in bytes */
    uint32_t call_limit;   /* at once */
    uint32_t header_limit; /* of a header list, in bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts */
    int64_t request_ms;    /* from its headers to its last byte, whatever deadline the peer has */
};

struct grpc_server;

/* ERR_NOMEM. */
MUST_USE status grpc_server_open(const struct grpc_server_options *options, struct grpc_server **out, struct err *err);
void grpc_server_close(struct grpc_server *s);

/* Takes all of `in`, which may be empty, and writes what is due as far as `out` has room.  `now` is a clock in
 * milliseconds that never goes back.  Errors end the connection: ERR_SYNTAX (no HTTP/2), ERR_LIMIT, ERR_NOMEM. */
MUST_USE status grpc_server_step(struct grpc_server *s, int64_t now, bytes in, struct buffer *out, struct err *err);

struct grpc_request {
    int32_t stream;   /* says which one an answer is for */
    size_t method;    /* index in options.methods */
    bytes message;    /* until the request is answered */
    int64_t deadline; /* on the clock of `now`; GRPC_NO_DEADLINE */
};

/* The oldest complete request that was not taken yet. */
bool grpc_server_next(struct grpc_server *s, struct grpc_request *out);

/* Answers a request that was taken, with a copy of `message`.  Does nothing for one that the peer has given up.  After
 * an error (ERR_NOMEM, ERR_LIMIT: more than 4 GiB) nothing was answered. */
MUST_USE status grpc_server_answer(struct grpc_server *s, int32_t stream, bytes message, struct err *err);

/* Likewise with a failure; `code` is not GRPC_OK.  The text is cut to GRPC_MESSAGE_BYTES. */
MUST_USE status grpc_server_fail(struct grpc_server *s, int32_t stream, enum grpc_code code, bytes text,
                                 struct err *err);

/* Takes no further calls and tells the peer; those that were begun go on. */
MUST_USE status grpc_server_drain(struct grpc_server *s, struct err *err);

/* Whether the peer, or an idle connection, is to be asked for a sign of life; the next step sends a PING. */
MUST_USE status grpc_server_ping(struct grpc_server *s, struct err *err);

/* Something waits for room in `out`. */
bool grpc_server_has_output(const struct grpc_server *s);

/* Nothing more will be read or written: the connection can be closed. */
bool grpc_server_is_done(const struct grpc_server *s);

/* Calls that are open: received in part, taken, or whose answer is on its way. */
size_t grpc_server_calls(const struct grpc_server *s);

/* When grpc_server_step has to be called at the latest, for a request that does not come to its end. */
int64_t grpc_server_deadline(const struct grpc_server *s);

#endif
