/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/http_calls.h: the HTTP API, probes and metrics: their routes, and the calls behind them, step by step
 * (Contrast protocol, HTTP API, probes).
 *
 * Plain HTTP: what an answer is worth is what the evidence in it proves.
 */
#ifndef COORDINATOR_HTTP_CALLS_H
#define COORDINATOR_HTTP_CALLS_H

#include "coordinator/call.h"
#include "net/http1_server.h"

/* Today's answer to GET /capabilities: its exact bytes are what POST /v1/attest binds. */
#define CAPABILITIES_BODY "{\"api_versions\":[\"v1\"]}\n"

/* Routes and steps in the same order. */
struct http_api {
    const struct http1_route *routes;
    call_step *const *steps;
    size_t count;
};

extern const struct http_api http_api_public; /* 1314 */
extern const struct http_api http_api_probes; /* 9102 */

/* With GET /metrics. */
extern const struct http_api http_api_probes_and_metrics;

#endif
