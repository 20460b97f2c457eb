/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: http1_server_open http1_server_step http1_server_next http1_server_answer http1_server_answer_later
 * http1_server_drain.
 *
 * Input: what a peer sends.  The first byte says how it is cut into pieces and how much room the output has.  The same
 * requests reach the caller and the same bytes go back as when all of it comes at once.
 */
#include <stdlib.h>

#include "net/http1_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BODY = 32, REQUESTS = 8 };

static const struct http1_route routes[] = {{.path = "/a", .method = "POST", .body_limit = BODY, .wants_json = true},
                                            {.path = "/g", .method = "GET"},
                                            {.path = "/p", .body_limit = 4},
                                            {.path = "/b*", .method = "GET"},
                                            {.path = "/old", .is_gated = true},
                                            {.path = "/new", .is_gated = true, .version = 1}};
enum { LATER = 3, OLD, ROUTES = sizeof routes / sizeof routes[0] };

static const uint64_t least_version = 1;
static const struct http1_server_options options = {.routes = routes,
                                                    .route_count = ROUTES,
                                                    .least_version = &least_version,
                                                    .version = "v",
                                                    .request_ms = 1000,
                                                    .idle_ms = 5000,
                                                    .request_limit = REQUESTS};

/* What came of one run. */
struct seen {
    struct http1_server server;
    struct buffer out, all; /* what there is room for, and all of it so far */
    size_t requests, sum;
};

static void require(bool holds)
{
    if (!holds) abort();
}

static void move_output(struct seen *s)
{
    require(is_ok(buffer_put(&s->all, buffer_view(&s->out), NULL)));
    buffer_drop(&s->out, s->out.len);
}

static void step(struct seen *s, int64_t now, bytes in)
{
    require(is_ok(http1_server_step(&s->server, now, in, &s->out, NULL)));
    require(s->server.in.len <= BODY + 2 * HTTP1_AHEAD_BYTES);
    move_output(s);
}

static void answer(struct seen *s, const struct http1_call *q)
{
    require(q->route < ROUTES && q->route != OLD && q->target.ptr && q->target.len > 0 && q->target.ptr[0] == '/' &&
            q->body.ptr && q->body.len <= routes[q->route].body_limit);
    require(http1_server_deadline(&s->server) == HTTP1_NO_DEADLINE);
    s->requests++;
    s->sum = s->sum * 31 + q->route;
    for (size_t i = 0; i < q->body.len; i++)
        s->sum = s->sum * 31 + q->body.ptr[i];
    for (size_t i = 0; i < q->target.len; i++)
        s->sum = s->sum * 31 + q->target.ptr[i];
    bytes body = q->route == 2 ? BYTES_LIT("") : BYTES_LIT("{}\n");
    const char *type = q->route == 2 ? NULL : "application/json";
    require(is_ok(q->route == LATER ? http1_server_answer_later(&s->server, 429, 7, NULL)
                                    : http1_server_answer(&s->server, 200, type, body, NULL)));
    require(http1_server_answer(&s->server, 200, type, body, NULL).kind == ERR_STATE);
}

/* Answers all that can be answered, and lets it out. */
static void serve(struct seen *s, int64_t now)
{
    struct http1_call q;
    do {
        if (http1_server_next(&s->server, &q)) answer(s, &q);
        step(s, now, BYTES_LIT(""));
    } while (http1_server_has_output(&s->server) || s->server.state == HTTP1_WHOLE);
    require(s->requests <= REQUESTS);
}

static void run(struct seen *s, bytes in, size_t piece, size_t room)
{
    *s = (struct seen){.out = BUFFER("output", room), .all = BUFFER("all output", 1 << 20)};
    http1_server_open(&s->server, &options, 0);
    for (size_t at = 0; at < in.len; at += piece) {
        step(s, 1, bytes_slice(in, at, in.len - at < piece ? in.len - at : piece));
        serve(s, 1);
    }
    bool is_done = http1_server_is_done(&s->server);
    require(is_done == (http1_server_deadline(&s->server) == HTTP1_NO_DEADLINE));
}

static void end(struct seen *s, bool drains)
{
    if (drains) http1_server_drain(&s->server);
    step(s, 10000, BYTES_LIT(""));
    serve(s, 10000);
    require(http1_server_is_done(&s->server));
    step(s, 10000, BYTES_LIT("GET /g HTTP/1.1\r\nHost: a\r\n\r\n"));
    require(http1_server_is_done(&s->server) && s->out.len == 0);
    http1_server_close(&s->server);
    buffer_free(&s->out);
    buffer_free(&s->all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    bytes in = BYTES(data + 1, size - 1);
    struct seen whole, pieces;
    run(&whole, in, in.len, 1 << 20);
    run(&pieces, in, 1 + data[0] % 16 * 3, data[0] & 0x80 ? 50 : 1 << 20);
    bool is_ahead = in.len > HTTP1_AHEAD_BYTES; /* what is thrown away depends on when it came */
    require(is_ahead || (whole.requests == pieces.requests && whole.sum == pieces.sum));
    require(is_ahead || bytes_eq(buffer_view(&whole.all), buffer_view(&pieces.all)));
    require(is_ahead || http1_server_is_done(&whole.server) == http1_server_is_done(&pieces.server));
    end(&whole, false);
    end(&pieces, data[0] & 0x40);
    return 0;
}
