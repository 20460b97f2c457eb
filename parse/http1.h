/* SPDX-License-Identifier: Apache-2.0 */
/* parse/http1.h: the heads of HTTP/1.1 messages, read so that no other reader of the same bytes can see other messages.
 *
 * First http1_find_head in what has come so far, then http1_request_parse or http1_response_parse of that head.
 *
 * Refused, because implementations differ in them: line ends other than CR LF, control characters anywhere else, folded
 * lines, white space before a colon, a second Content-Length, Host, Content-Type, Transfer-Encoding or Expect, a
 * Content-Length that is no plain number, Transfer-Encoding of requests, together with a length or other than
 * "chunked", extensions and trailers of chunks, a target other than a path, anything in front of the first line.
 *
 * Names of headers are compared without case.  Views of the head.  Error texts may be shown to the peer.
 * Not checked here: what target, Host and media types mean; methods.
 * Specification: RFC 9112, RFC 9110.
 */
#ifndef PARSE_HTTP1_H
#define PARSE_HTTP1_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

/* Looks for the end of a head in `in`, from `*scanned` on, which begins at 0 and is moved.  `*len` is the length of the
 * head with its empty line, or 0: there is more to come.  Refuses as soon as the bytes cannot become a head: ERR_SYNTAX
 * for line ends that are none, control characters and an empty first line, ERR_LIMIT for more than
 * LIMIT_HTTP_HEAD_BYTES. */
MUST_USE status http1_find_head(bytes in, size_t *scanned, size_t *len, struct err *err);

/* What the two kinds of heads have in common. */
struct http1_fields {
    bool has_length;
    uint64_t content_length;
    bytes content_type;      /* absent when there is none */
    bytes transfer_encoding; /* likewise */
    bytes host;
    bool says_close;
    bool says_keep_alive;
    bool expects_continue;
    size_t count; /* of all fields */
};

struct http1_request {
    bytes method;
    bytes path;     /* from '/' to a '?', not decoded */
    bytes query;    /* behind the '?'; absent */
    unsigned minor; /* 0 or 1, of HTTP/1.x */
    struct http1_fields fields;
};

/* `head` is a whole head.  ERR_SYNTAX, ERR_DUPLICATE, ERR_MISSING (Host), ERR_LIMIT (LIMIT_HTTP_FIELDS),
 * ERR_RANGE (a version other than 1.0 and 1.1), ERR_UNSUPPORTED (Transfer-Encoding), ERR_MISMATCH (an Expect other than
 * 100-continue). */
MUST_USE status http1_request_parse(bytes head, struct http1_request *out, struct err *err);

/* The status to refuse a request with that http1_find_head or http1_request_parse did not take: 400, 417, 431, 501 or
 * 505. */
unsigned http1_refusal(status s);

enum http1_framing { HTTP1_LENGTH, HTTP1_CHUNKED, HTTP1_UNTIL_CLOSE };

struct http1_response {
    unsigned status; /* 100 to 599 */
    unsigned minor;
    struct http1_fields fields;
    enum http1_framing framing;
    uint64_t body_len; /* with HTTP1_LENGTH, else 0; 0 also where the status has no body, whatever the length says */
};

/* The head of an answer to a request other than HEAD or CONNECT. */

MUST_USE status http1_response_parse(bytes head, struct http1_response *out, struct err *err);

/* A chunked body, taken apart while its bytes come in.  Starts zeroed; what is in it is the reader's own. */
struct http1_chunks {
    enum http1_chunk_phase {
        HTTP1_CHUNK_SIZE,
        HTTP1_CHUNK_SIZE_LF,
        HTTP1_CHUNK_DATA,
        HTTP1_CHUNK_CR,
        HTTP1_CHUNK_LF,
        HTTP1_CHUNK_END,
    } phase;
    unsigned digits;
    size_t left; /* of the chunk that is being read */
    bool is_last;
};

/* Takes `*used` bytes from the front of `in`.  `*data`, possibly empty, is the part of the body in them.  Call it again
 * with the rest until nothing is left or http1_chunks_end.  Sizes have 1 to 8 digits of either case. */
MUST_USE status http1_chunks_next(struct http1_chunks *c, bytes in, size_t *used, bytes *data, struct err *err);

/* The body is complete: bytes that follow do not belong to it. */
static inline bool http1_chunks_end(const struct http1_chunks *c)
{
    return c->phase == HTTP1_CHUNK_END;
}

/* Whether the connection goes on after a request that said this. */
static inline bool http1_keeps_alive(const struct http1_request *r)
{
    return r->minor == 1 ? !r->fields.says_close : r->fields.says_keep_alive && !r->fields.says_close;
}

/* Whether `value` is the media type `type`, given in lower case, with parameters or without.  A value that is no media
 * type at all, or has parameters that are none, is ERR_SYNTAX; a parameter that comes twice ERR_DUPLICATE, and more
 * than LIMIT_HTTP_PARAMETERS ERR_LIMIT. */
MUST_USE status http1_media_type_is(bytes value, const char *type, bool *out, struct err *err);

/* For whoever writes a request: a path with or without a query; host or host:port.  ERR_SYNTAX. */
MUST_USE status http1_target_check(bytes target, struct err *err);
MUST_USE status http1_host_check(bytes host, struct err *err);

#endif
