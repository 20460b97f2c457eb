/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "net/http1_client.h"
#include "net/http1_server.h"
#include "net/http_answer.h"
#include "parse/limits.h"
#include "parse/text.h"

enum { ATTEST, CAPABILITIES, PROBE, BELOW };

static const struct http1_route routes[] = {{"/attest", "POST", 16, true, true, 1},
                                            {"/capabilities", "GET", 0, false, false, 0},
                                            {"/probe/startup", NULL, 0, false, false, 0},
                                            {"/below/*", "GET", 0, false, false, 0}};
static uint64_t least_version;
static const struct http1_server_options options = {.routes = routes,
                                                    .route_count = 4,
                                                    .version = "1.2.3<",
                                                    .request_ms = 5000,
                                                    .idle_ms = 60000,
                                                    .request_limit = 3,
                                                    .least_version = &least_version};

struct run {
    struct http1_server server;
    struct buffer out;
    int64_t now;
};

static void open_run(struct run *r)
{
    *r = (struct run){.out = BUFFER("output", 1 << 20), .now = 1000};
    http1_server_open(&r->server, &options, r->now);
}

static void close_run(struct run *r)
{
    http1_server_close(&r->server);
    buffer_free(&r->out);
}

static void say(struct run *r, const char *in)
{
    cr_assert(is_ok(http1_server_step(&r->server, r->now, text_bytes(in), &r->out, NULL)));
}

/* What was answered since the last time. */
static const char *heard(struct run *r)
{
    static char out[4096];
    bytes v = buffer_view(&r->out);
    cr_assert_lt(v.len, sizeof out);
    memcpy(out, v.ptr, v.len);
    out[v.len] = '\0';
    buffer_drop(&r->out, v.len);
    return out;
}

#define POST "POST /attest HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(http1_server, refused)
{
    static const struct {
        const char *in, *status;
    } rows[] = {
        {"GET /attest HTTP/1.1\r\nHost: h\r\n\r\n", "405"},
        {"HEAD /capabilities HTTP/1.1\r\nHost: h\r\n\r\n", "405"},
        {"POST /capabilities HTTP/1.1\r\nHost: h\r\n\r\n", "405"},
        {"GET /other HTTP/1.1\r\nHost: h\r\n\r\n", "404"},
        {"GET /capabilities/ HTTP/1.1\r\nHost: h\r\n\r\n", "404"},
        {"POST /attest HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST /attest HTTP/1.1\r\nHost: h\r\nContent-Type: json\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST /attest HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", "415"},
        {POST "Content-Length: 17\r\n\r\n", "413"},
        {POST "Content-Length: 9223372036854775807\r\n\r\n", "413"},
        {POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {POST "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "501"},
        {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505"},
        {"GET /capabilities HTTP/1.1\r\nHost: h\r\nExpect: much\r\n\r\n", "417"},
        {"GET / HTTP/1.1\nHost: h\n\n", "400"},
        {"\x16\x03\x01\x02\n", "400"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run r;
        open_run(&r);
        say(&r, rows[i].in);
        const char *out = heard(&r);
        cr_expect(strncmp(out, "HTTP/1.1 ", 9) == 0 && strncmp(out + 9, rows[i].status, 3) == 0, "row %zu: %s", i, out);
        cr_expect(strstr(out, "\r\nConnection: close\r\n"), "row %zu", i);
        const char *body = strstr(out, "\r\n\r\n") + 4;
        bool is_405 = strcmp(rows[i].status, "405") == 0;
        cr_expect(is_405 ? body[0] == '\0' : strstr(body, "{\"version\":\"1.2.3\\u003c\",\"status_code\":") == body,
                  "row %zu: %s", i, body);
        cr_expect(http1_server_is_done(&r.server) && !http1_server_next(&r.server, &(struct http1_call){0}));
        say(&r, "GET /capabilities HTTP/1.1\r\nHost: h\r\n\r\n");
        cr_expect_str_eq(heard(&r), "", "row %zu: nothing is read any more", i);
        close_run(&r);
    }
}

/* Contrast protocol, POST /attest: the version gate comes before method, media type, size and content. */
Test(http1_server, a_version_that_is_too_old_is_told_first)
{
    static const char *const requests[] = {"GET /attest HTTP/1.1\r\nHost: h\r\n\r\n",
                                           "POST /attest HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
                                           POST "Content-Length: 17\r\n\r\n", POST "Content-Length: 2\r\n\r\n{}"};
    struct run r;
    least_version = 2;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        open_run(&r);
        say(&r, requests[i]);
        const char *answer = heard(&r);
        cr_expect(strncmp(answer, "HTTP/1.1 403 ", 13) == 0 && strstr(answer, "\"code\":\"api_version_too_old\""),
                  "%s: %s", requests[i], answer);
        close_run(&r);
    }
    open_run(&r);
    say(&r, "GET /capabilities HTTP/1.1\r\nHost: h\r\n\r\n");
    struct http1_call q;
    cr_expect(http1_server_next(&r.server, &q));
    close_run(&r);
    least_version = 1;
    open_run(&r);
    say(&r, requests[0]);
    cr_expect(strncmp(heard(&r), "HTTP/1.1 405 ", 13) == 0);
    close_run(&r);
    least_version = 0;
}

Test(http1_server, long_heads_are_refused)
{
    static char in[4 * LIMIT_HTTP_HEAD_BYTES];
    memset(in, 'a', sizeof in - 1);
    for (size_t len = LIMIT_HTTP_HEAD_BYTES + 1; len > 0; len = len < sizeof in - 1 ? sizeof in - 1 : 0) {
        struct run r;
        open_run(&r);
        cr_expect(is_ok(http1_server_step(&r.server, 0, BYTES((uint8_t *)in, LIMIT_HTTP_HEAD_BYTES), &r.out, NULL)));
        cr_expect_eq(r.out.len, 0);
        cr_expect(
            is_ok(http1_server_step(&r.server, 0, BYTES((uint8_t *)in, len - LIMIT_HTTP_HEAD_BYTES), &r.out, NULL)));
        cr_expect(strstr(heard(&r), "HTTP/1.1 431 ") != NULL && http1_server_is_done(&r.server));
        close_run(&r);
    }
}

/* What comes while a request waits is bounded, whatever another route would take; the answer that is due is the last.
 */
Test(http1_server, too_much_ahead)
{
    static char in[LIMIT_HTTP_HEAD_BYTES];
    memset(in, 'a', sizeof in);
    for (size_t take = 0; take < 2; take++) {
        struct run r;
        struct http1_call q;
        open_run(&r);
        say(&r, POST "Content-Length: 5\r\n\r\nhello");
        if (take) cr_assert(http1_server_next(&r.server, &q) && bytes_eq(q.body, BYTES_LIT("hello")));
        for (int i = 0; i < 1000; i++)
            cr_assert(is_ok(http1_server_step(&r.server, 0, BYTES((uint8_t *)in, sizeof in), &r.out, NULL)));
        cr_expect_leq(r.server.in.len, 2 * LIMIT_HTTP_HEAD_BYTES);
        if (!take) cr_assert(http1_server_next(&r.server, &q) && bytes_eq(q.body, BYTES_LIT("hello")));
        cr_expect(is_ok(http1_server_answer(&r.server, 200, NULL, BYTES_LIT(""), NULL)));
        say(&r, "");
        cr_expect_str_eq(heard(&r), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        cr_expect(http1_server_is_done(&r.server));
        close_run(&r);
    }
}

/* Who asks and asks and does not read gets no second answer made. */
Test(http1_server, answers_that_are_not_read)
{
    static const char get[] = "GET /capabilities HTTP/1.1\r\nHost: h\r\n\r\n";
    struct run r;
    struct http1_call q;
    struct buffer small = BUFFER("output", 10);
    open_run(&r);
    say(&r, get);
    cr_assert(http1_server_next(&r.server, &q));
    cr_assert(is_ok(http1_server_answer(&r.server, 200, "application/json", BYTES_LIT("[]"), NULL)));
    cr_assert(is_ok(http1_server_step(&r.server, 0, text_bytes(get), &small, NULL)));
    cr_expect(http1_server_has_output(&r.server) && !http1_server_next(&r.server, &q));
    cr_expect_eq(http1_server_deadline(&r.server), HTTP1_NO_DEADLINE);
    r.now += 1000000;
    for (size_t i = 0; i < 10000 && http1_server_has_output(&r.server); i++) {
        cr_assert(is_ok(http1_server_step(&r.server, r.now, BYTES_LIT(""), &small, NULL)));
        buffer_drop(&small, small.len);
    }
    say(&r, "");
    cr_expect(http1_server_next(&r.server, &q));
    cr_assert(is_ok(http1_server_answer(&r.server, 200, "application/json", BYTES_LIT("[]"), NULL)));
    small.limit = 0;
    buffer_free(&small);
    for (size_t i = 0; i < 2000; i++)
        cr_assert(is_ok(http1_server_step(&r.server, r.now, text_bytes(get), &small, NULL)));
    cr_expect_leq(r.server.in.len, LIMIT_HTTP_HEAD_BYTES + 1);
    say(&r, "");
    cr_expect(http1_server_is_done(&r.server), "more was asked ahead than is kept");
    close_run(&r);
}

Test(http1_server, slow_requests_are_given_up)
{
    struct run r;
    open_run(&r);
    cr_expect_eq(http1_server_deadline(&r.server), 61000);
    r.now = 61000;
    say(&r, "");
    cr_expect(http1_server_is_done(&r.server));
    cr_expect_str_eq(heard(&r), "", "an idle connection just ends");
    close_run(&r);

    open_run(&r);
    r.now = 2000;
    say(&r, "P");
    cr_expect_eq(http1_server_deadline(&r.server), 7000);
    r.now = 6999;
    say(&r, "OST /attest HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n1234");
    cr_expect_eq(http1_server_deadline(&r.server), 7000, "bytes that come don't buy time");
    r.now = 7000;
    say(&r, "");
    cr_expect(strstr(heard(&r), "HTTP/1.1 408 ") != NULL && http1_server_is_done(&r.server));
    close_run(&r);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(http1_server, requests_in_any_pieces)
{
    static const char in[] = POST "Content-Length: 5\r\n\r\nhello";
    for (size_t piece = 1; piece <= strlen(in); piece++) {
        struct run r;
        struct http1_call q;
        open_run(&r);
        for (size_t at = 0; at < strlen(in); at += piece) {
            cr_expect_not(http1_server_next(&r.server, &q));
            bytes part = bytes_slice(text_bytes(in), at, at + piece < strlen(in) ? piece : strlen(in) - at);
            cr_assert(is_ok(http1_server_step(&r.server, r.now, part, &r.out, NULL)));
        }
        cr_assert(http1_server_next(&r.server, &q));
        cr_expect(q.route == ATTEST && bytes_eq(q.body, BYTES_LIT("hello")));
        cr_expect_eq(http1_server_deadline(&r.server), HTTP1_NO_DEADLINE);
        cr_expect_not(http1_server_next(&r.server, &q));
        cr_expect(is_ok(http1_server_answer(&r.server, 200, "application/json", BYTES_LIT("{}\n"), NULL)));
        cr_expect_eq(http1_server_answer(&r.server, 200, NULL, BYTES_LIT(""), NULL).kind, ERR_STATE, "only once");
        say(&r, "");
        cr_expect_str_eq(heard(&r),
                         "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: application/json\r\n\r\n{}\n");
        close_run(&r);
    }
}

/* One after the other, and no more than the limit. */
Test(http1_server, pipelined_requests)
{
    struct run r;
    struct http1_call q;
    open_run(&r);
    say(&r, POST "Content-Length: 1\r\n\r\n1GET /capabilities?x HTTP/1.1\r\nHost: h\r\n\r\n"
                 "GET /capabilities HTTP/1.1\r\nHost: h\r\n\r\nGET /capabilities HTTP/1.1\r\nHost: h\r\n\r\n");
    for (int i = 0; i < 3; i++) {
        cr_assert(http1_server_next(&r.server, &q), "request %d", i);
        cr_expect(q.route == (i == 0 ? ATTEST : CAPABILITIES) && q.body.len == (i == 0));
        cr_expect(is_ok(http1_server_answer(&r.server, 200, "application/json", BYTES_LIT("[]"), NULL)));
        say(&r, "");
        cr_expect_eq(strstr(heard(&r), "Connection: close") != NULL, i == 2);
    }
    cr_expect_not(http1_server_next(&r.server, &q));
    cr_expect(http1_server_is_done(&r.server));
    close_run(&r);
}

Test(http1_server, continue_is_said_when_it_is_waited_for)
{
    struct run r;
    struct http1_call q;
    open_run(&r);
    say(&r, POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    cr_expect_str_eq(heard(&r), "HTTP/1.1 100 Continue\r\n\r\n");
    say(&r, "{}");
    cr_expect(http1_server_next(&r.server, &q) && bytes_eq(q.body, BYTES_LIT("{}")));
    close_run(&r);
    open_run(&r);
    say(&r, POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{");
    cr_expect_str_eq(heard(&r), "HTTP/1.1 100 Continue\r\n\r\n", "however the bytes were cut");
    close_run(&r);
    open_run(&r);
    say(&r, POST "Expect: 100-continue\r\nContent-Length: 200\r\n\r\n");
    cr_expect(strstr(heard(&r), "HTTP/1.1 413 ") != NULL);
    close_run(&r);
}

Test(http1_server, probes_have_no_body)
{
    static const char *const rows[] = {"GET", "HEAD", "PUT"};
    for (size_t i = 0; i < 3; i++) {
        struct run r;
        struct http1_call q;
        char in[200] = "";
        strcat(strcat(in, rows[i]), " /probe/startup HTTP/1.0\r\n\r\n");
        open_run(&r);
        say(&r, in);
        cr_assert(http1_server_next(&r.server, &q) && q.route == PROBE);
        cr_expect(is_ok(http1_server_answer(&r.server, 503, NULL, BYTES_LIT(""), NULL)));
        say(&r, "");
        cr_expect_str_eq(heard(&r),
                         "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        cr_expect(http1_server_is_done(&r.server));
        close_run(&r);
    }
}

Test(http1_server, draining)
{
    struct run r;
    struct http1_call q;
    open_run(&r);
    http1_server_drain(&r.server);
    cr_expect(http1_server_is_done(&r.server), "nothing had been begun");
    close_run(&r);
    open_run(&r);
    say(&r, "GET /capabilities HTTP/1.1\r\nHost: h\r\n\r\n");
    cr_assert(http1_server_next(&r.server, &q));
    http1_server_drain(&r.server);
    cr_expect(is_ok(http1_server_answer(&r.server, 200, NULL, BYTES_LIT(""), NULL)));
    say(&r, "");
    cr_expect(strstr(heard(&r), "Connection: close") != NULL && http1_server_is_done(&r.server));
    close_run(&r);
}

/* ---- our client ------------------------------------------------------------------------------------------------- */

static const struct http1_client_call call = {"POST", "/attest", "host:1314", "application/json", BYTES_LIT("hello"),
                                              10};

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define INTERIM "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

static status hear(struct http1_client *c, const char *in, struct err *err)
{
    struct buffer out = BUFFER("output", 4096);
    status s = http1_client_open(c, &call, err);
    if (is_ok(s)) s = http1_client_step(c, text_bytes(in), &out, err);
    buffer_free(&out);
    return s;
}

Test(http1_client, refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", ERR_LIMIT},
        {"HTTP/1.1 200 OK\r\n\r\n01234567890", ERR_LIMIT},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", ERR_TRAILING},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", ERR_UNSUPPORTED},
        {CHUNKED "b\r\n01234567890\r\n0\r\n\r\n", ERR_LIMIT},
        {CHUNKED "8\r\n01234567\r\n3\r\n890", ERR_LIMIT},
        {CHUNKED "1\r\na\r\n0\r\n\r\nb", ERR_TRAILING},
        {CHUNKED "1;a=b\r\na\r\n0\r\n\r\n", ERR_SYNTAX},
        {CHUNKED "1\r\na\r\n0\r\nA: b\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", ERR_UNSUPPORTED},
        {INTERIM INTERIM INTERIM INTERIM INTERIM INTERIM INTERIM INTERIM INTERIM, ERR_LIMIT},
        {"HTTP/1.1 200 OK\n\n", ERR_SYNTAX},
        {"nonsense\r\n\r\n", ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_client c;
        struct err err = {0};
        cr_expect_eq(hear(&c, rows[i].in, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
        cr_expect_not(http1_client_has_answer(&c));
        http1_client_close(&c);
    }
    static const char *const cut[] = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
                                      INTERIM, CHUNKED "1\r\na\r\n0\r\n\r"};
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        struct http1_client c;
        cr_expect(is_ok(hear(&c, cut[i], NULL)));
        cr_expect_eq(http1_client_end(&c, NULL).kind, ERR_TRUNCATED, "row %zu", i);
        cr_expect_not(http1_client_has_answer(&c));
        http1_client_close(&c);
    }
    struct http1_client c;
    struct http1_client_call bad[5] = {call, call, call, call, call};
    bad[0].authority = "host\r\nX: y";
    bad[1].authority = "user@host";
    bad[2].path = "/a HTTP/1.1\r\nX: y";
    bad[3].path = "http://host/";
    bad[4].content_type = "a/b\nX: y";
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(http1_client_open(&c, &bad[i], NULL).kind, ERR_SYNTAX, "row %zu", i);
}

Test(http1_client, answers)
{
    static const struct {
        const char *in;
        bool at_end;
        unsigned status;
        const char *body;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", false, 200, "ab"},
        {"HTTP/1.0 412 No\r\n\r\nab", true, 412, "ab"},
        {"HTTP/1.0 200 OK\r\n\r\n", true, 200, ""},
        {"HTTP/1.1 204 No Content\r\n\r\n", false, 204, ""},
        {CHUNKED "2\r\nab\r\n0\r\n\r\n", false, 200, "ab"},
        {CHUNKED "0\r\n\r\n", false, 200, ""},
        {INTERIM INTERIM CHUNKED "a\r\n0123456789\r\n0\r\n\r\n", false, 200, "0123456789"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_client c;
        struct http1_answer a;
        cr_expect(is_ok(hear(&c, rows[i].in, NULL)), "row %zu", i);
        cr_expect_eq(http1_client_has_answer(&c), !rows[i].at_end, "row %zu", i);
        cr_expect(is_ok(http1_client_end(&c, NULL)), "row %zu", i);
        cr_assert(http1_client_has_answer(&c), "row %zu", i);
        http1_client_get_answer(&c, &a);
        cr_expect(a.status == rows[i].status && bytes_eq(a.body, text_bytes(rows[i].body)), "row %zu", i);
        http1_client_close(&c);
    }
}

/* However the bytes are cut, the answer is the same. */
Test(http1_client, answers_in_pieces)
{
    static const char in[] = INTERIM CHUNKED "2\r\nab\r\n03\r\ncde\r\n0\r\n\r\n";
    for (size_t piece = 1; piece <= strlen(in); piece++) {
        struct http1_client c;
        struct http1_answer a;
        cr_assert(is_ok(hear(&c, "", NULL)));
        struct buffer out = BUFFER("output", 4096);
        for (size_t at = 0; at < strlen(in); at += piece) {
            cr_expect_not(http1_client_has_answer(&c));
            bytes part = bytes_slice(text_bytes(in), at, at + piece < strlen(in) ? piece : strlen(in) - at);
            cr_assert(is_ok(http1_client_step(&c, part, &out, NULL)));
        }
        cr_assert(http1_client_has_answer(&c));
        http1_client_get_answer(&c, &a);
        cr_expect(a.status == 200 && bytes_eq(a.body, BYTES_LIT("abcde")));
        http1_client_close(&c);
        buffer_free(&out);
    }
}

Test(http1_client, request)
{
    struct http1_client c;
    struct buffer out = BUFFER("output", 4096);
    cr_assert(is_ok(http1_client_open(&c, &call, NULL)));
    cr_assert(is_ok(http1_client_step(&c, BYTES_LIT(""), &out, NULL)));
    cr_expect(
        bytes_eq(buffer_view(&out), BYTES_LIT("POST /attest HTTP/1.1\r\nHost: host:1314\r\nUser-Agent: contrast\r\n"
                                              "Connection: close\r\nContent-Type: application/json\r\n"
                                              "Content-Length: 5\r\n\r\nhello")));
    http1_client_close(&c);
    buffer_free(&out);
}

Test(http1_client, with_our_server)
{
    struct run r;
    struct http1_client c;
    struct http1_call q;
    struct http1_answer a;
    struct buffer out = BUFFER("output", 7); /* a trickle */
    open_run(&r);
    cr_assert(is_ok(http1_client_open(&c, &call, NULL)));
    while (http1_client_has_output(&c)) {
        cr_assert(is_ok(http1_client_step(&c, BYTES_LIT(""), &out, NULL)));
        cr_assert(is_ok(http1_server_step(&r.server, 0, buffer_view(&out), &r.out, NULL)));
        buffer_drop(&out, out.len);
    }
    cr_assert(http1_server_next(&r.server, &q) && bytes_eq(q.body, BYTES_LIT("hello")));
    cr_expect(is_ok(http1_server_answer(&r.server, 200, "application/json", BYTES_LIT("{\"a\":1}\n"), NULL)));
    while (http1_server_has_output(&r.server)) {
        cr_assert(is_ok(http1_server_step(&r.server, 0, BYTES_LIT(""), &out, NULL)));
        cr_assert(is_ok(http1_client_step(&c, buffer_view(&out), &r.out, NULL)));
        buffer_drop(&out, out.len);
    }
    cr_expect(http1_server_is_done(&r.server));
    cr_assert(http1_client_has_answer(&c));
    http1_client_get_answer(&c, &a);
    cr_expect(a.status == 200 && bytes_eq(a.body, BYTES_LIT("{\"a\":1}\n")));
    http1_client_close(&c);
    buffer_free(&out);
    close_run(&r);
}

/* ---- bodies ----------------------------------------------------------------------------------------------------- */

static void expect_body(struct buffer *b, const char *want)
{
    cr_expect(bytes_eq(buffer_view(b), text_bytes(want)), "%.*s", (int)b->len, (const char *)buffer_view(b).ptr);
    buffer_free(b);
}

/* As Go's encoder writes it: encoding/json, HTMLEscape. */
Test(http_answer, errors)
{
    struct buffer b = BUFFER("body", 4096);
    bytes text_ = BYTES_LIT("a<b>&\"\\\n\t\x01\xff\xe2\x80\xa8\xe2\x82\xac\x7f");
    cr_expect(is_ok(http_error_write("v1", 412, "no_manifest", text_, &b, NULL)));
    expect_body(&b, "{\"version\":\"v1\",\"status_code\":412,\"code\":\"no_manifest\",\"error\":"
                    "\"a\\u003cb\\u003e\\u0026\\\"\\\\\\n\\t\\u0001\\ufffd\\u2028\xe2\x82\xac\x7f\"}\n");
    struct buffer small = BUFFER("body", 20);
    struct err err = {0};
    cr_expect_eq(http_error_write("v1", 412, "no_manifest", text_, &small, &err).kind, ERR_LIMIT);
    buffer_free(&small);
    cr_expect_str_eq(http_error_code(403), "permission_denied");
    cr_expect_str_eq(http_error_code(415), "invalid_argument");
    cr_expect_str_eq(http_error_code(503), "internal");
    cr_expect_eq(http_status_of(GRPC_FAILED_PRECONDITION), 412);
    cr_expect_eq(http_status_of(GRPC_UNKNOWN), 500);
}

Test(http_answer, attest_is_read_again)
{
    const bytes manifests[] = {BYTES_LIT("{\"example\":0}"), BYTES_LIT("{\"example\":1}")},
                policies[] = {BYTES_LIT("p")};
    const struct attest_answer in = {.version = BYTES_LIT("<v>"),
                                     .document = BYTES_LIT("doc"),
                                     .type = {1, 3, 9901, 2, 1},
                                     .type_count = 5,
                                     .manifests = manifests,
                                     .manifest_count = 2,
                                     .policies = policies,
                                     .policy_count = 1,
                                     .root_ca = BYTES_LIT("ROOT\n"),
                                     .mesh_ca = BYTES_LIT("MESH\n")};
    struct buffer b = BUFFER("body", 1 << 16);
    cr_assert(is_ok(http_attest_answer_write(&in, &b, NULL)));
    bytes m[2], p[1];
    uint8_t room[1024];
    const struct attest_answer_storage lent = {m, 2, p, 1, room, sizeof room};
    struct attest_answer out;
    cr_assert(is_ok(attest_answer_parse(buffer_view(&b), &lent, &out, NULL)));
    cr_expect(bytes_eq(out.manifests[1], manifests[1]) && bytes_eq(out.policies[0], policies[0]));
    cr_expect(bytes_eq(out.document, in.document) && bytes_eq(out.mesh_ca, in.mesh_ca) && out.type[2] == 9901);
    expect_body(&b, "{\"version\":\"<v>\",\"raw_attestation_doc\":\"ZG9j\",\"attestation_type\":[1,3,9901,2,1],"
                    "\"manifests\":[\"eyJleGFtcGxlIjowfQ==\",\"eyJleGFtcGxlIjoxfQ==\"],\"policies\":[\"cA==\"],"
                    "\"root_ca\":\"Uk9PVAo=\",\"mesh_ca\":\"TUVTSAo=\"}\n");
}

Test(http_answer, manifest)
{
    const struct user_seed_share shares[] = {{BYTES_LIT("30aB"), BYTES_LIT("sealed")},
                                             {BYTES_LIT("31"), BYTES_LIT("x")}};
    struct user_set_manifest_response in = {.root_ca = BYTES_LIT("ROOT\n"), .mesh_ca = BYTES_LIT("MESH\n")};
    struct buffer b = BUFFER("body", 4096);
    cr_assert(is_ok(http_manifest_answer_write("v1", &in, &b, NULL)));
    expect_body(&b, "{\"version\":\"v1\",\"root_ca\":\"Uk9PVAo=\",\"mesh_ca\":\"TUVTSAo=\"}\n");
    in.has_seed_shares = true;
    in.seed_shares = (struct user_seed_shares){shares, 2, BYTES_LIT("salt")};
    cr_assert(is_ok(http_manifest_answer_write("v1", &in, &b, NULL)));
    expect_body(&b, "{\"version\":\"v1\",\"root_ca\":\"Uk9PVAo=\",\"mesh_ca\":\"TUVTSAo=\",\"seed_shares_doc\":"
                    "{\"seed_shares\":[{\"public_key\":\"30aB\",\"encrypted_seed\":\"c2VhbGVk\"},"
                    "{\"public_key\":\"31\",\"encrypted_seed\":\"eA==\"}],\"salt\":\"c2FsdA==\"}}\n");
}

/* A route of all that begin so: whoever has it reads the rest of the target. */
Test(http1_server, targets)
{
    static const struct {
        const char *target, *want;
    } rows[] = {{"/below/", "/below/"},
                {"/below/a/b", "/below/a/b"},
                {"/below/a?b=1&c", "/below/a?b=1&c"},
                {"/below/?", "/below/?"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run r;
        struct http1_call q;
        char in[128];
        open_run(&r);
        (void)snprintf(in, sizeof in, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", rows[i].target);
        say(&r, in);
        cr_assert(http1_server_next(&r.server, &q));
        cr_expect(q.route == BELOW && bytes_eq(q.target, text_bytes(rows[i].want)), "%s", rows[i].target);
        cr_expect(is_ok(http1_server_answer_later(&r.server, 429, 30, NULL)));
        say(&r, "");
        cr_expect_str_eq(heard(&r), "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 30\r\n\r\n");
        close_run(&r);
    }
    struct run r;
    open_run(&r);
    say(&r, "GET /below HTTP/1.1\r\nHost: h\r\n\r\n");
    cr_expect(strstr(heard(&r), " 404 ") != NULL);
    close_run(&r);
}
