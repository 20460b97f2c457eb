/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 of a connection: the routes of its listener, and the call that comes from a request. */
#include "coordinator/connection_uv.h"
#include "coordinator/http_calls.h"
#include "net/http_answer.h"
#include "parse/version.h"

/* A body that says why. */
#define LIMIT_REFUSAL_BYTES 8192

enum {
    HTTP_REQUEST_MS = 10000,
    HTTP_IDLE_MS = 30000,
    HTTP_REQUESTS = 1000, /* on one connection */
};

static const struct http_api *api_of(const struct connection *c)
{
    return c->kind == LISTEN_HTTP       ? &http_api_public
           : c->front->options->metrics ? &http_api_probes_and_metrics
                                        : &http_api_probes;
}

void http_open(struct connection *c)
{
    const struct http_api *api = api_of(c);
    c->http_options = (struct http1_server_options){.routes = api->routes,
                                                    .route_count = api->count,
                                                    .version = CONTRAST_VERSION,
                                                    .request_ms = HTTP_REQUEST_MS,
                                                    .idle_ms = HTTP_IDLE_MS,
                                                    .request_limit = HTTP_REQUESTS,
                                                    .least_version = &c->front->least_api_version};
    http1_server_open(&c->http, &c->http_options, front_now(c->front));
}

status http_step(struct connection *c, bool *has_moved, struct err *err)
{
    struct http1_call r;
    bytes in = buffer_view(&c->unread);
    TRY(http1_server_step(&c->http, front_now(c->front), in, &c->wire_out, err));
    buffer_drop(&c->unread, in.len);
    *has_moved = in.len > 0;
    if (http1_server_is_done(&c->http)) c->is_ending = true;
    if (!http1_server_next(&c->http, &r)) return OK;
    const struct call_origin origin = {.connection = c->number, .method = r.route, .row = METRICS_ROWS};
    struct call *call = call_open(c->front, &origin, r.body, BYTES_LIT(""));
    if (!call) return http1_server_answer(&c->http, 503, NULL, BYTES_LIT(""), err);
    c->calls++;
    *has_moved = true;
    api_of(c)->steps[r.route](call);
    return OK;
}

status http_grant(struct connection *c, bytes answer, struct err *err)
{
    const char *type = c->kind == LISTEN_HTTP ? "application/json"
                       : answer.len > 0       ? "text/plain; version=0.0.4"
                                              : NULL;
    return http1_server_answer(&c->http, 200, type, answer, err);
}

status http_refuse(struct connection *c, enum refusal why, bytes text, struct err *err)
{
    const struct refusal_codes *codes = refusal_find(why);
    struct buffer body = BUFFER("refusal", LIMIT_REFUSAL_BYTES);
    if (c->kind != LISTEN_HTTP) return http1_server_answer(&c->http, codes->http, NULL, BYTES_LIT(""), err);
    status s = http_error_write(CONTRAST_VERSION, codes->http, codes->name, text, &body, err);
    if (is_ok(s)) s = http1_server_answer(&c->http, codes->http, "application/json", buffer_view(&body), err);
    buffer_free(&body);
    return s;
}

const char *http_name(const struct connection *c, const struct call *call)
{
    return api_of(c)->routes[call->origin.method].path;
}
