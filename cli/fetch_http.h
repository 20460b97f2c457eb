/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_http.h: one GET, without cookies or compression; it follows no redirection by itself.
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

enum { FETCH_HTTP_URL_BYTES = 4096, FETCH_HTTP_FIELD_BYTES = 4096 };

struct fetch_http_request {
    const char *url;
    bool is_loopback;
    int64_t until;                    /* on the clock of dial_now */
    const char *accept;               /* NULL: anything */
    const char *secret_authorization; /* NULL: none */

    struct buffer *body; /* is empty and has the limit */

    /* Or, for what is too large to be kept: parts of an answer of status 200 or 206 alone, from byte `from` on.  Then
     * `until` is for its beginning, and what comes must not stop for long. */
    status (*take)(void *context, bytes part, struct err *err);
    void *context;
    uint64_t from;

    bool takes_elsewhere; /* a redirection is an answer */
};

struct fetch_http_answer {
    unsigned http_status;
    uint32_t retry_after_s;                 /* 0: it was not said */
    char elsewhere[FETCH_HTTP_URL_BYTES];   /* where it sends us, absolute; empty: nowhere */
    char challenge[FETCH_HTTP_FIELD_BYTES]; /* of WWW-Authenticate, Bearer before others; empty: none */
};

/* GETs it.  ERR_LIMIT when the body is longer than its buffer; ERR_DENIED when the server is not who it should be;
 * ERR_UNSUPPORTED when it sends us elsewhere and that is no answer; ERR_IO for what another try may mend; ERR_NOMEM;
 * what `take` says. */
MUST_USE status fetch_http_get(const struct fetch_http_request *request, struct fetch_http_answer *out,
                               struct err *err);

#endif
