/* SPDX-License-Identifier: Apache-2.0 */
/* net/http1_client.h: one HTTP request over one connection.
 *
 * It touches no socket.  The body of the answer has a length, comes in chunks, or ends with the connection.  The trap:
 * a body of the last kind that was cut off looks whole, so what is in it has to say where it ends, as JSON does.
 *
 * The peer is hostile: head and body are bounded before they are kept.  Deadlines are the caller's.
 * Specification: RFC 9112, RFC 9110.
 */
#ifndef NET_HTTP1_CLIENT_H
#define NET_HTTP1_CLIENT_H

#include "net/buffer.h"
#include "parse/bytes.h"
#include "parse/http1.h"
#include "parse/status.h"

struct http1_client_call {
    const char *method, *path;
    const char *authority;    /* host:port */
    const char *content_type; /* NULL: there is no body */
    bytes body;
    size_t answer_limit; /* of the body that comes, in bytes */
};

/* Its members are its own.  Not to be copied. */
struct http1_client {
    struct buffer request, head;
    struct buffer body;
    struct http1_chunks chunks;
    size_t scanned;
    bool is_head_read, has_answer;
    enum http1_framing framing;
    unsigned status, interim;
};

/* ERR_NOMEM; ERR_SYNTAX for a path, an authority or a type that is none. */
MUST_USE status http1_client_open(struct http1_client *c, const struct http1_client_call *call, struct err *err);
void http1_client_close(struct http1_client *c);

/* Takes all of `in`, which may be empty, and writes as much as `out` has room for.  What parse/http1.h says of heads;
 * ERR_LIMIT (the body, or LIMIT_HTTP_INTERIM), ERR_TRAILING (bytes behind the body), ERR_UNSUPPORTED (101), ERR_NOMEM.
 */
MUST_USE status http1_client_step(struct http1_client *c, bytes in, struct buffer *out, struct err *err);

/* The connection has ended.  ERR_TRUNCATED when the answer hasn't. */
MUST_USE status http1_client_end(struct http1_client *c, struct err *err);

bool http1_client_has_output(const struct http1_client *c);
bool http1_client_has_answer(const struct http1_client *c);

struct http1_answer {
    unsigned status;
    bytes body; /* until http1_client_close */
};

void http1_client_get_answer(const struct http1_client *c, struct http1_answer *out);

#endif
