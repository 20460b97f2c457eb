/* SPDX-License-Identifier: Apache-2.0 */
/* net/http1_server.h: the server's end of one HTTP/1.1 connection, for small bodies with a length.
 *
 * It touches no socket: bytes of the peer go in, bytes for the peer are appended to a buffer.  Requests come one after
 * the other, the next one is looked at when the answer to the one before is on its way; each is answered exactly once.
 * What comes ahead of that is kept up to HTTP1_AHEAD_BYTES; who sends more gets the answer that is due, and the
 * connection ends.  No body is kept beyond the limit of its route, and memory grows with what came, not with what was
 * announced.
 *
 *     http1_server_step(&s, now, in, &out, err)     whenever bytes came, an answer was given, or the time has come
 *     if (http1_server_next(&s, &request)) ...      http1_server_answer, now or later
 *
 * What is not answered by the caller, because there is no such route, method, media type or length, or because
 * parse/http1.h refuses it, is answered here with an error body of the protocol (net/http_answer.h), and the connection
 * ends: what follows may not be what it seems.
 *
 * The traps: after an error of http1_server_step the connection is to be closed.  When http1_server_is_done, close it
 * for writing, and read what still comes for a moment, or the peer may lose the answer.  A peer that does not read
 * its answers keeps them here, and no deadline is set for that: give up connections on which nothing moves.
 *
 * Specification: RFC 9112, RFC 9110; Contrast protocol, HTTP API.
 */
#ifndef NET_HTTP1_SERVER_H
#define NET_HTTP1_SERVER_H

#include "net/buffer.h"
#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

#define HTTP1_NO_DEADLINE INT64_MAX

/* Bytes that are kept before what they belong to is known: one more than a head may have. */
enum { HTTP1_AHEAD_BYTES = LIMIT_HTTP_HEAD_BYTES + 1 };

struct http1_route {
    const char *path;   /* without a query, which is ignored; with * at its end: of all that begin so */
    const char *method; /* NULL: any */
    size_t body_limit;
    bool wants_json; /* its media type is application/json, or the request is refused */
    bool is_gated;   /* refused before anything else is looked at when `version` is below least_version */
    unsigned version;
};

struct http1_server_options {
    const struct http1_route *routes; /* borrowed while the server lives, as is all below */
    size_t route_count;
    const char *version; /* of the program, in error bodies */
    int64_t request_ms;  /* from the first byte of a request to its last */
    int64_t idle_ms;     /* between two requests, and before the first */
    unsigned request_limit;
    const uint64_t *least_version; /* of the API, as it is when a request comes; NULL: any */
};

/* What a request to a route below the least version is told. */
#define HTTP1_TOO_OLD "the manifest in force demands a later version of the API"

enum http1_state { HTTP1_HEAD, HTTP1_BODY, HTTP1_WHOLE, HTTP1_TAKEN, HTTP1_CLOSING };

/* Zeroed before http1_server_open; its members are its own.  Not to be copied. */
struct http1_server {
    const struct http1_server_options *options;
    struct buffer in, out;
    enum http1_state state;
    size_t scanned, head_len, body_len, route;
    size_t target_at, target_len; /* in `in` */
    bool is_head_request, keeps_alive;
    unsigned requests;
    int64_t now, deadline;
};

void http1_server_open(struct http1_server *s, const struct http1_server_options *options, int64_t now);
void http1_server_close(struct http1_server *s);

/* Takes all of `in`, which may be empty, and writes as much as `out` has room for.  `now` is a clock in milliseconds
 * that never goes back.  ERR_NOMEM. */
MUST_USE status http1_server_step(struct http1_server *s, int64_t now, bytes in, struct buffer *out, struct err *err);

struct http1_call {
    size_t route; /* index in options.routes */
    bytes body;   /* this and the next until it is answered, or the next step */
    bytes target; /* path and query, not decoded */
};

/* The request that waits to be taken. */
bool http1_server_next(struct http1_server *s, struct http1_call *out);

/* Answers the request that was taken.  `content_type` NULL: there is no body.  ERR_NOMEM. */
MUST_USE status http1_server_answer(struct http1_server *s, unsigned http_status, const char *content_type, bytes body,
                                    struct err *err);

/* The same that asks to come again later: with Retry-After. */
MUST_USE status http1_server_answer_later(struct http1_server *s, unsigned http_status, unsigned seconds,
                                          struct err *err);

/* The request that is being received, if any, is the last one. */
void http1_server_drain(struct http1_server *s);

/* Something waits for room in `out`. */
bool http1_server_has_output(const struct http1_server *s);

/* Nothing more will be read or written. */
bool http1_server_is_done(const struct http1_server *s);

/* When http1_server_step has to be called at the latest: for a request that does not come to its end, or none at all.
 * HTTP1_NO_DEADLINE while a request waits for its answer, or an answer for room. */
int64_t http1_server_deadline(const struct http1_server *s);

#endif
