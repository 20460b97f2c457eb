/* SPDX-License-Identifier: Apache-2.0 */
/* parse/http1.h: the heads of HTTP/1.1 messages, read so that no other reader of the same bytes can see other messages.
 *
 * First http1_find_head in what has come so far, then http1_request_parse or http1_response_parse of that head.
 *
 * Refused, because implementations differ in them: line ends other than CR LF, CR, LF or NUL anywhere else, folded
 * lines, white space before a colon, Transfer-Encoding of any kind, a second Content-Length, Host, Content-Type or
 * Expect, a Content-Length that is no plain number, a target other than a path, anything in front of the request line.
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
 * head with its empty line, or 0: there is more to come.  ERR_SYNTAX for line ends that are none, ERR_LIMIT for more
 * than LIMIT_HTTP_HEAD_BYTES. */
MUST_USE status http1_find_head(bytes in, size_t *scanned, size_t *len, struct err *err);

/* What the two kinds of heads have in common. */
struct http1_fields {
    bool has_length;
    uint64_t content_length;
    bytes content_type; /* absent when there is none */
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
 * ERR_UNSUPPORTED (a version other than 1.0 and 1.1, Transfer-Encoding, an Expect other than 100-continue). */
MUST_USE status http1_request_parse(bytes head, struct http1_request *out, struct err *err);

struct http1_response {
    unsigned status; /* 100 to 599 */
    unsigned minor;
    struct http1_fields fields;
};

MUST_USE status http1_response_parse(bytes head, struct http1_response *out, struct err *err);

/* Whether the connection goes on after a request that said this. */
static inline bool http1_keeps_alive(const struct http1_request *r)
{
    return r->minor == 1 ? !r->fields.says_close : r->fields.says_keep_alive && !r->fields.says_close;
}

/* Whether `value` is the media type `type`, given in lower case, with parameters or without.  A value that is no media
 * type at all is ERR_SYNTAX. */
MUST_USE status http1_media_type_is(bytes value, const char *type, bool *out, struct err *err);

#endif
