/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_http.h: one GET, without cookies, redirections, passwords or compression.
 *
 * Proxies come from the environment, as curl takes them; a service on this machine is asked without.  Servers are
 * checked by the system's CA certificates, or those of $SSL_CERT_FILE.  Nothing is kept beyond the limit, and memory
 * grows with what came.
 */
#ifndef CLI_FETCH_HTTP_H
#define CLI_FETCH_HTTP_H

#include "net/buffer.h"

/* Starts the library; once, before anything else of it. */
MUST_USE status fetch_http_open(struct err *err);
void fetch_http_close(void);

struct fetch_http_answer {
    unsigned http_status;
    uint32_t retry_after_s; /* 0: it was not said */
};

/* GETs `url`; the body goes into `body`, which is empty and has the limit.  `until` is on the clock of dial_now.
 * ERR_LIMIT when the body is longer; ERR_DENIED when the server is not who it should be; ERR_UNSUPPORTED when it sends
 * us elsewhere; ERR_IO for what another try may mend; ERR_NOMEM. */
MUST_USE status fetch_http_get(const char *url, bool is_loopback, int64_t until, struct buffer *body,
                               struct fetch_http_answer *out, struct err *err);

#endif
