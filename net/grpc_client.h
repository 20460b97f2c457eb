/* SPDX-License-Identifier: Apache-2.0 */
/* net/grpc_client.h: the client's end of one HTTP/2 connection that carries unary gRPC calls, one after the other.
 *
 * It touches no socket: bytes of the peer go in, bytes for the peer are appended to a buffer.
 *
 *     grpc_client_call(c, &call, err);
 *     while (!grpc_client_has_answer(c)) ... grpc_client_step(c, in, &out, err) ...
 *     grpc_client_get_answer(c, &answer);
 *
 * The peer is hostile: its headers, message and text are bounded before they are kept.  Deadlines are the caller's;
 * the peer is told of one.  A failure of the call is an answer, with a code; an error of grpc_client_step is one of the
 * connection, of which nothing more can be expected.
 *
 * Answers may hold secrets: all memory is wiped before it is given back, the library's too.
 * Source: "gRPC over HTTP2" of the grpc project, RFC 9113.
 */
#ifndef NET_GRPC_CLIENT_H
#define NET_GRPC_CLIENT_H

#include "net/buffer.h"
#include "parse/bytes.h"
#include "parse/grpc.h"
#include "parse/status.h"

struct grpc_client_options {
    size_t message_limit;  /* of an answer, in bytes */
    uint32_t header_limit; /* of all headers of an answer, in bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts */
};

struct grpc_client;

/* ERR_NOMEM. */
MUST_USE status grpc_client_open(const struct grpc_client_options *options, struct grpc_client **out, struct err *err);
void grpc_client_close(struct grpc_client *c);

struct grpc_call {
    const char *authority; /* host:port */
    const char *path;      /* "/package.Service/Method" */
    bytes message;
    uint64_t timeout_ms; /* what the peer is told; 0: nothing */
};

/* Begins a call; `call` is copied.  ERR_STATE while another one has no answer, or when the peer takes no more. */
MUST_USE status grpc_client_call(struct grpc_client *c, const struct grpc_call *call, struct err *err);

/* Takes all of `in`, which may be empty, and writes what is due as far as `out` has room (GRPC_OUTPUT_ROOM of
 * net/grpc_server.h).  ERR_SYNTAX (no HTTP/2), ERR_LIMIT, ERR_NOMEM. */
MUST_USE status grpc_client_step(struct grpc_client *c, bytes in, struct buffer *out, struct err *err);

/* Something waits for room in `out`. */
bool grpc_client_has_output(const struct grpc_client *c);

bool grpc_client_has_answer(const struct grpc_client *c);

struct grpc_answer {
    enum grpc_code code;
    bytes text;    /* of a failure; foreign: whatever came may be in it */
    bytes message; /* when the code is GRPC_OK, else absent */
};

/* Views, until the next call or grpc_client_close. */
void grpc_client_get_answer(const struct grpc_client *c, struct grpc_answer *out);

#endif
