/* SPDX-License-Identifier: Apache-2.0 */
/* net/http_answer.h: the JSON bodies that a Coordinator answers over HTTP, as Go's encoder writes them: one line, its
 * end, '<', '>' and '&' escaped in errors only.
 *
 * What they are appended to has to have room: ERR_LIMIT, ERR_NOMEM.
 * Specification: Contrast protocol, HTTP API.
 */
#ifndef NET_HTTP_ANSWER_H
#define NET_HTTP_ANSWER_H

#include "net/buffer.h"
#include "parse/attest_answer.h"
#include "parse/grpc.h"
#include "parse/status.h"
#include "parse/user_api.h"

/* {"version":...,"status_code":...,"code":...,"error":...} */
MUST_USE status http_error_write(const char *version, unsigned http_status, const char *code, bytes text,
                                 struct buffer *out, struct err *err);

/* The code of an error that has none of its own. */
const char *http_error_code(unsigned http_status);

/* The status of what gRPC calls so. */
unsigned http_status_of(enum grpc_code code);

/* The answer to POST /attest and /v1/attest.  The type is always written. */
MUST_USE status http_attest_answer_write(const struct attest_answer *in, struct buffer *out, struct err *err);

/* The answer to POST /v1/manifest. */
MUST_USE status http_manifest_answer_write(const char *version, const struct user_set_manifest_response *in,
                                           struct buffer *out, struct err *err);

#endif
