/* SPDX-License-Identifier: Apache-2.0 */
/* parse/grpc.h: the small notations of gRPC: the prefix of a message, statuses, timeouts, percent-encoded messages.
 *
 * Source: "gRPC over HTTP2" and "HTTP to gRPC status code mapping" of the grpc project.
 */
#ifndef PARSE_GRPC_H
#define PARSE_GRPC_H

#include "parse/bytes.h"
#include "parse/status.h"

enum grpc_code {
    GRPC_OK,
    GRPC_CANCELLED,
    GRPC_UNKNOWN,
    GRPC_INVALID_ARGUMENT,
    GRPC_DEADLINE_EXCEEDED,
    GRPC_NOT_FOUND,
    GRPC_ALREADY_EXISTS,
    GRPC_PERMISSION_DENIED,
    GRPC_RESOURCE_EXHAUSTED,
    GRPC_FAILED_PRECONDITION,
    GRPC_ABORTED,
    GRPC_OUT_OF_RANGE,
    GRPC_UNIMPLEMENTED,
    GRPC_INTERNAL,
    GRPC_UNAVAILABLE,
    GRPC_DATA_LOSS,
    GRPC_UNAUTHENTICATED,
    GRPC_CODES,
};

/* "PERMISSION_DENIED" and so on; "UNKNOWN" for what is none. */
const char *grpc_code_name(enum grpc_code code);

/* The value of grpc-status.  A number without a name is GRPC_UNKNOWN; ERR_SYNTAX and ERR_RANGE for no number. */
MUST_USE status grpc_code_parse(bytes text, enum grpc_code *out, struct err *err);

/* What an answer of something that does not speak gRPC means. */
enum grpc_code grpc_code_of_http(unsigned http_status);

/* ---- the prefix of a message ---- */

enum { GRPC_PREFIX_BYTES = 5 };

/* How long the message is.  ERR_UNSUPPORTED for a compressed one, ERR_LIMIT above `limit`. */
MUST_USE status grpc_prefix_parse(const uint8_t in[GRPC_PREFIX_BYTES], size_t limit, size_t *len, struct err *err);
void grpc_prefix_write(uint32_t len, uint8_t out[GRPC_PREFIX_BYTES]);

/* ---- headers ---- */

/* application/grpc, alone or with a suffix (+proto) or parameters. */
bool grpc_content_type_is_ours(bytes text);

/* The value of grpc-timeout, in milliseconds, rounded up: one to eight digits and H, M, S, m, u or n. */
MUST_USE status grpc_timeout_parse(bytes text, uint64_t *ms, struct err *err);

enum { GRPC_TIMEOUT_SIZE = 11 };

/* What fits is exact; more than 99999999 ms is written in seconds, rounded down. */
void grpc_timeout_write(uint64_t ms, char out[GRPC_TIMEOUT_SIZE]);

enum { GRPC_MESSAGE_BYTES = 1024 }; /* of an error's text, before it is encoded */
#define GRPC_MESSAGE_TEXT_SIZE(n) (3 * (n) + 1)

/* The value of grpc-message: printable ASCII but for '%' as it is, all else as %XX, and a NUL.  `in` is cut to what
 * fits. */
void grpc_message_write(bytes in, char *out, size_t cap);

/* Back again.  A '%' without two digits stands for itself, as the specification wants it.  A view of `buf`, cut to what
 * fits; whatever came may be in it. */
bytes grpc_message_parse(bytes in, uint8_t *buf, size_t cap);

#endif
