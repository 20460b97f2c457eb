/* SPDX-License-Identifier: Apache-2.0 */
/* net/http_call.h: one HTTP request to a server, over a connection of its own, waiting for the answer. */
#ifndef NET_HTTP_CALL_H
#define NET_HTTP_CALL_H

#include "net/address.h"
#include "net/http1_client.h"

/* call->authority is ignored: it is the address.  `c` is closed by the caller after success, and holds the answer until
 * then.  What net/dial.h and net/http1_client.h say; `deadline` is on the clock of dial_now. */
MUST_USE status http_call(const struct address *to, const struct http1_client_call *call, int64_t deadline,
                          struct http1_client *c, struct http1_answer *out, struct err *err);

#endif
