/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/grpc_client.h"
#include "net/grpc_server.h"
#include "parse/text.h"
#include "tests/http2_frames.h"

enum { SET, GET, METHODS };
enum { SMALL = 1000, LARGE = 4 << 20, CALLS = 4, HEADERS = 4096 };

static const struct grpc_method methods[METHODS] = {{"/p.S/Set", LARGE}, {"/p.S/Get", SMALL}};

static const struct grpc_server_options options = {.methods = methods,
                                                   .method_count = METHODS,
                                                   .messages_limit = LARGE,
                                                   .call_limit = CALLS,
                                                   .header_limit = HEADERS,
                                                   .request_ms = 5000};

/* ---- a peer that says what it likes ---- */

struct raw {
    struct grpc_server *server;
    struct h2_bytes in;
    struct buffer out;
    int64_t now;
};

static void raw_open(struct raw *r)
{
    *r = (struct raw){.out = BUFFER("output", 1 << 22), .now = 1000};
    cr_assert(is_ok(grpc_server_open(&options, &r->server, NULL)));
    h2_put(&r->in, H2_PREFACE, strlen(H2_PREFACE));
    h2_frame(&r->in, H2_SETTINGS, 0, 0, BYTES_LIT(""));
}

static void raw_close(struct raw *r)
{
    grpc_server_close(r->server);
    buffer_free(&r->out);
}

static status raw_step(struct raw *r, struct err *err)
{
    status s = grpc_server_step(r->server, r->now, BYTES(r->in.data, r->in.len), &r->out, err);
    r->in.len = 0;
    return s;
}

struct header {
    const char *name, *value;
};

static void raw_headers(struct raw *r, uint32_t stream, unsigned flags, const struct header *headers, size_t count)
{
    static struct h2_bytes block;
    block.len = 0;
    for (size_t i = 0; i < count; i++)
        h2_header(&block, headers[i].name, headers[i].value);
    h2_frame(&r->in, H2_HEADERS, H2_END_HEADERS | flags, stream, BYTES(block.data, block.len));
}

static const struct header usual[] = {
    {":method", "POST"}, {":scheme", "https"}, {":path", "/p.S/Get"},
    {":authority", "h"}, {"te", "trailers"},   {"content-type", "application/grpc"},
};
enum { USUAL = sizeof usual / sizeof usual[0] };

static void raw_call(struct raw *r, uint32_t stream)
{
    raw_headers(r, stream, 0, usual, USUAL);
}

static void raw_data(struct raw *r, uint32_t stream, unsigned flags, bytes data)
{
    h2_frame(&r->in, H2_DATA, flags, stream, data);
}

/* The value of a header in what the server has answered on `stream`; "" when it isn't there. */
static const char *answered(const struct raw *r, uint32_t stream, const char *wanted)
{
    static char value[4096];
    nghttp2_hd_inflater *inflater;
    struct h2_view f;
    value[0] = '\0';
    cr_assert_eq(nghttp2_hd_inflate_new(&inflater), 0);
    for (size_t at = 0; h2_next(buffer_view(&r->out), &at, &f);) {
        if (f.type != H2_HEADERS) continue;
        for (bytes left = f.payload;;) {
            nghttp2_nv nv;
            int flags = 0;
            ssize_t n = nghttp2_hd_inflate_hd2(inflater, &nv, &flags, left.ptr, left.len, 1);
            cr_assert(n >= 0);
            left = bytes_slice(left, (size_t)n, left.len - (size_t)n);
            bool is_it = flags & NGHTTP2_HD_INFLATE_EMIT && f.stream == stream && nv.namelen == strlen(wanted) &&
                         memcmp(nv.name, wanted, nv.namelen) == 0;
            if (is_it) snprintf(value, sizeof value, "%.*s", (int)nv.valuelen, (const char *)nv.value);
            if (flags & NGHTTP2_HD_INFLATE_FINAL) break;
        }
        nghttp2_hd_inflate_end_headers(inflater);
    }
    nghttp2_hd_inflate_del(inflater);
    return value;
}

static uint32_t reset_code(const struct raw *r, uint32_t stream)
{
    struct h2_view f;
    return h2_find(buffer_view(&r->out), H2_RST_STREAM, stream, &f) ? h2_u32(f.payload.ptr) : UINT32_MAX;
}

static uint32_t goaway_code(const struct raw *r)
{
    struct h2_view f;
    return h2_find(buffer_view(&r->out), H2_GOAWAY, 0, &f) ? h2_u32(f.payload.ptr + 4) : UINT32_MAX;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(grpc_server, bad_headers_are_refused)
{
    static const struct {
        struct header change; /* replaces the one of this name, or comes behind */
        bool twice;
        const char *http, *grpc;
    } rows[] = {
        {{":method", "GET"}, false, "405", ""},
        {{"content-type", "application/json"}, false, "415", ""},
        {{"content-type", "application/grpc-web"}, false, "415", ""},
        {{"content-type", NULL}, false, "415", ""},
        {{"content-type", "application/grpc"}, true, "400", ""},
        {{":path", "/p.S/Other"}, false, "200", "12"},
        {{":path", "/p.S/Get/"}, false, "200", "12"},
        {{"grpc-encoding", "gzip"}, false, "200", "12"},
        {{"grpc-timeout", "5"}, false, "200", "13"},
        {{"grpc-timeout", "-1S"}, false, "200", "13"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header headers[USUAL + 1];
        size_t n = 0;
        bool placed = rows[i].twice;
        for (size_t k = 0; k < USUAL; k++) {
            bool same = !rows[i].twice && strcmp(usual[k].name, rows[i].change.name) == 0;
            placed = placed || same;
            if (!same || rows[i].change.value) headers[n++] = same ? rows[i].change : usual[k];
        }
        if (!placed || rows[i].twice) headers[n++] = rows[i].change;

        struct raw r;
        raw_open(&r);
        raw_headers(&r, 1, 0, headers, n);
        raw_data(&r, 1, H2_END_STREAM, BYTES_LIT("\0\0\0\0\2ab"));
        cr_expect(is_ok(raw_step(&r, NULL)), "row %zu", i);
        cr_expect_str_eq(answered(&r, 1, ":status"), rows[i].http, "row %zu", i);
        cr_expect_str_eq(answered(&r, 1, "grpc-status"), rows[i].grpc, "row %zu", i);
        cr_expect_eq(reset_code(&r, 1), UINT32_MAX, "row %zu: clients take a reset for a failure", i);
        cr_expect_not(grpc_server_next(r.server, &(struct grpc_request){0}));
        cr_expect_eq(grpc_server_calls(r.server), 0, "row %zu", i);
        raw_close(&r);
    }
}

Test(grpc_server, bad_messages_are_refused)
{
    static const struct {
        bytes data;
        const char *grpc, *text;
    } rows[] = {
        {BYTES_LIT(""), "13", "the message is cut off"},
        {BYTES_LIT("\0\0\0\0"), "13", "the message is cut off"},
        {BYTES_LIT("\0\0\0\0\2a"), "13", "the message is cut off"},
        {BYTES_LIT("\0\0\0\0\1ab"), "13", "more than one message"},
        {BYTES_LIT("\0\0\0\0\0\0\0\0\0\0"), "13", "more than one message"},
        {BYTES_LIT("\1\0\0\0\1a"), "12", "message: compressed, which was not offered"},
        {BYTES_LIT("\0\0\0\3\xe9"), "8", "message: want at most 1000 bytes, have 1001"},
        {BYTES_LIT("\0\xff\xff\xff\xff"), "8", "message: want at most 1000 bytes, have 4294967295"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct raw r;
        raw_open(&r);
        raw_call(&r, 1);
        raw_data(&r, 1, H2_END_STREAM, rows[i].data);
        cr_expect(is_ok(raw_step(&r, NULL)), "row %zu", i);
        cr_expect_str_eq(answered(&r, 1, "grpc-status"), rows[i].grpc, "row %zu", i);
        cr_expect_str_eq(answered(&r, 1, "grpc-message"), rows[i].text, "row %zu", i);
        cr_expect_not(grpc_server_next(r.server, &(struct grpc_request){0}));
        cr_expect_eq(grpc_server_calls(r.server), 0);
        raw_close(&r);
    }
}

Test(grpc_server, messages_of_all_calls_are_bounded_together)
{
    struct raw r;
    raw_open(&r);
    static const struct header set[] = {{":method", "POST"},
                                        {":scheme", "https"},
                                        {":path", "/p.S/Set"},
                                        {":authority", "h"},
                                        {"content-type", "application/grpc"}};
    raw_headers(&r, 1, 0, set, 5);
    raw_data(&r, 1, 0, BYTES_LIT("\0\0\x40\0\0a")); /* 4 MiB are announced, one byte is there */
    raw_call(&r, 3);
    raw_data(&r, 3, H2_END_STREAM, BYTES_LIT("\0\0\0\0\1a"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_str_eq(answered(&r, 3, "grpc-status"), "8");
    cr_expect_str_eq(answered(&r, 1, "grpc-status"), "", "the first one goes on");

    h2_frame(&r.in, H2_RST_STREAM, 0, 1, BYTES_LIT("\0\0\0\x08"));
    raw_call(&r, 5);
    raw_data(&r, 5, H2_END_STREAM, BYTES_LIT("\0\0\0\0\1a"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect(grpc_server_next(r.server, &(struct grpc_request){0}), "what the first one had is free again");
    raw_close(&r);
}

Test(grpc_server, calls_at_once_are_bounded_and_those_given_up_count)
{
    struct raw r;
    struct grpc_request q;
    raw_open(&r);
    for (uint32_t i = 0; i < CALLS; i++) {
        raw_call(&r, 2 * i + 1);
        raw_data(&r, 2 * i + 1, H2_END_STREAM, BYTES_LIT("\0\0\0\0\0"));
    }
    cr_expect(is_ok(raw_step(&r, NULL)));
    for (uint32_t i = 0; i < CALLS; i++)
        cr_expect(grpc_server_next(r.server, &q) && q.stream == (int32_t)(2 * i + 1), "oldest first");

    /* Reset by the peer while somebody works on them: they still cost as much. */
    for (uint32_t i = 0; i < CALLS; i++)
        h2_frame(&r.in, H2_RST_STREAM, 0, 2 * i + 1, BYTES_LIT("\0\0\0\x08"));
    raw_call(&r, 21);
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(reset_code(&r, 21), NGHTTP2_REFUSED_STREAM);
    cr_expect_eq(grpc_server_calls(r.server), CALLS);

    cr_expect(is_ok(grpc_server_answer(r.server, 1, BYTES_LIT("late"), NULL)), "for nobody");
    cr_expect(is_ok(grpc_server_fail(r.server, 3, GRPC_INTERNAL, BYTES_LIT("late"), NULL)));
    cr_expect_eq(grpc_server_calls(r.server), CALLS - 2);
    raw_call(&r, 23);
    raw_data(&r, 23, H2_END_STREAM, BYTES_LIT("\0\0\0\0\0"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect(grpc_server_next(r.server, &q) && q.stream == 23);
    raw_close(&r);
}

Test(grpc_server, rapid_reset_ends_the_connection)
{
    struct raw r;
    struct err err = {0};
    raw_open(&r);
    for (uint32_t i = 0; i <= GRPC_RESETS_AT_ONCE; i++) {
        raw_call(&r, 2 * i + 1);
        h2_frame(&r.in, H2_RST_STREAM, 0, 2 * i + 1, BYTES_LIT("\0\0\0\x08"));
    }
    cr_expect_eq(raw_step(&r, &err).kind, ERR_LIMIT);
    cr_expect(strstr(err.text, "reset"), "%s", err.text);
    cr_expect_eq(goaway_code(&r), NGHTTP2_ENHANCE_YOUR_CALM);
    cr_expect(grpc_server_is_done(r.server));
    cr_expect_eq(raw_step(&r, NULL).kind, ERR_STATE);
    raw_close(&r);
}

Test(grpc_server, resets_are_forgiven_with_time)
{
    struct raw r;
    raw_open(&r);
    for (uint32_t i = 0; i < 3 * GRPC_RESETS_AT_ONCE / 2; i++) {
        if (i == GRPC_RESETS_AT_ONCE / 2) r.now += 1000 * GRPC_RESETS_AT_ONCE / GRPC_RESETS_PER_SECOND;
        raw_call(&r, 2 * i + 1);
        raw_data(&r, 2 * i + 1, 0, BYTES_LIT("\0\0\0\3\xe9")); /* too long: answered at once, no reset of the peer's */
        h2_frame(&r.in, H2_WINDOW_UPDATE, 0, 2 * i + 1, BYTES_LIT("\x7f\xff\xff\xff")); /* an overflow: ours */
        cr_assert(is_ok(raw_step(&r, NULL)), "%u", i);
    }
    raw_close(&r);
}

Test(grpc_server, header_lists_are_bounded)
{
    struct raw r;
    raw_open(&r);
    struct header headers[USUAL + 60];
    memcpy(headers, usual, sizeof usual);
    for (size_t i = USUAL; i < USUAL + 60; i++)
        headers[i] = (struct header){"x-filler", "0123456789012345678901234567890123456789"};
    raw_headers(&r, 1, 0, headers, USUAL + 60);
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(reset_code(&r, 1), NGHTTP2_INTERNAL_ERROR);
    cr_expect_eq(grpc_server_calls(r.server), 0);
    raw_close(&r);
}

Test(grpc_server, floods_end_the_connection)
{
    struct raw r;
    struct err err = {0};
    raw_open(&r);
    h2_frame(&r.in, H2_HEADERS, 0, 1, BYTES_LIT("\0\1a\1b"));
    for (int i = 0; i < 20; i++)
        h2_frame(&r.in, H2_CONTINUATION, 0, 1, BYTES_LIT("\0\1a\1b"));
    cr_expect_neq(raw_step(&r, &err).kind, ERR_NONE, "CONTINUATION");
    cr_expect_neq(err.text[0], '\0');
    raw_close(&r);

    raw_open(&r);
    for (int i = 0; i < 200; i++)
        h2_frame(&r.in, H2_PING, 0, 0, BYTES_LIT("12345678"));
    cr_expect_eq(raw_step(&r, NULL).kind, ERR_LIMIT, "PING");
    raw_close(&r);

    raw_open(&r);
    for (int i = 0; i < 200; i++)
        h2_frame(&r.in, H2_SETTINGS, 0, 0, BYTES_LIT(""));
    cr_expect_eq(raw_step(&r, NULL).kind, ERR_LIMIT, "SETTINGS");
    raw_close(&r);
}

Test(grpc_server, what_is_no_http2_ends_the_connection)
{
    static const char *const rows[] = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",
                                       "\x16\x03\x01\x02"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct raw r;
        struct err err = {0};
        raw_open(&r);
        bytes in = text_bytes(rows[i]);
        cr_expect_eq(grpc_server_step(r.server, 0, in, &r.out, &err).kind, ERR_SYNTAX, "row %zu", i);
        cr_expect_neq(err.text[0], '\0');
        raw_close(&r);
    }
}

Test(grpc_server, slow_requests_are_given_up)
{
    struct raw r;
    raw_open(&r);
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(grpc_server_deadline(r.server), GRPC_NO_DEADLINE);
    raw_call(&r, 1);
    raw_data(&r, 1, 0, BYTES_LIT("\0\0\0\0\2a"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(grpc_server_deadline(r.server), 1000 + 5000);
    r.now = 5999;
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_str_eq(answered(&r, 1, "grpc-status"), "");
    r.now = 6000;
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_str_eq(answered(&r, 1, "grpc-status"), "4");
    cr_expect_eq(reset_code(&r, 1), UINT32_MAX);
    r.now = grpc_server_deadline(r.server);
    cr_expect_eq(r.now, 7000);
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(reset_code(&r, 1), NGHTTP2_NO_ERROR);
    cr_expect_eq(grpc_server_calls(r.server), 0);
    raw_close(&r);
}

/* What comes behind an answer is ignored, up to a limit and for a while. */
Test(grpc_server, late_data_is_stopped)
{
    static const uint8_t more[16384];
    struct raw r;
    raw_open(&r);
    raw_call(&r, 1);
    raw_data(&r, 1, 0, BYTES_LIT("\0\0\0\3\xe9")); /* too long */
    for (int i = 0; i < 4; i++) {
        raw_data(&r, 1, 0, BYTES_OF(more));
        cr_expect(is_ok(raw_step(&r, NULL)));
        cr_expect_eq(reset_code(&r, 1), UINT32_MAX, "piece %d", i);
    }
    cr_expect_str_eq(answered(&r, 1, "grpc-status"), "8");
    cr_expect_eq(grpc_server_calls(r.server), 1);
    raw_data(&r, 1, 0, BYTES(more, 1));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(reset_code(&r, 1), NGHTTP2_NO_ERROR);
    cr_expect_eq(grpc_server_calls(r.server), 0);

    raw_call(&r, 3);
    raw_data(&r, 3, 0, BYTES_LIT("\0\0\0\3\xe9"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(grpc_server_deadline(r.server), 6000, "answered, and yet it is a call until its end");
    r.now = 6000;
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(reset_code(&r, 3), NGHTTP2_NO_ERROR);
    cr_expect_eq(grpc_server_calls(r.server), 0);
    raw_close(&r);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(grpc_server, timeout_of_the_peer_is_handed_on)
{
    struct raw r;
    struct grpc_request q;
    struct header headers[USUAL + 1];
    memcpy(headers, usual, sizeof usual);
    headers[USUAL] = (struct header){"grpc-timeout", "250m"};
    raw_open(&r);
    raw_headers(&r, 1, 0, headers, USUAL + 1);
    raw_data(&r, 1, H2_END_STREAM, BYTES_LIT("\0\0\0\0\1a"));
    headers[USUAL].value = "99999999H";
    raw_headers(&r, 3, 0, headers, USUAL + 1);
    raw_data(&r, 3, H2_END_STREAM, BYTES_LIT("\0\0\0\0\1a"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(grpc_server_next(r.server, &q));
    cr_expect_eq(q.deadline, 1250);
    cr_assert(grpc_server_next(r.server, &q));
    cr_expect_eq(q.deadline, 1000 + 359999996400000);
    raw_close(&r);
}

Test(grpc_server, answer_ends_in_trailers)
{
    struct raw r;
    struct grpc_request q;
    struct h2_view f;
    raw_open(&r);
    raw_call(&r, 1);
    raw_data(&r, 1, 0, BYTES_LIT("\0\0"));
    raw_data(&r, 1, 0, BYTES_LIT("\0\0\3a"));
    raw_data(&r, 1, H2_END_STREAM, BYTES_LIT("bc"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(grpc_server_next(r.server, &q));
    cr_expect_eq(q.method, GET);
    cr_expect(bytes_eq(q.message, BYTES_LIT("abc")));
    cr_expect_eq(q.deadline, GRPC_NO_DEADLINE);
    buffer_drop(&r.out, r.out.len);

    cr_expect(is_ok(grpc_server_answer(r.server, 1, BYTES_LIT("xy"), NULL)));
    cr_expect(grpc_server_has_output(r.server));
    cr_expect(is_ok(raw_step(&r, NULL)));
    bytes out = buffer_view(&r.out);
    size_t at = 0;
    cr_assert(h2_next(out, &at, &f));
    cr_expect(f.type == H2_HEADERS && f.flags == H2_END_HEADERS && f.stream == 1);
    cr_assert(h2_next(out, &at, &f));
    cr_expect(f.type == H2_DATA && f.flags == 0 && bytes_eq(f.payload, BYTES_LIT("\0\0\0\0\2xy")));
    cr_assert(h2_next(out, &at, &f));
    cr_expect(f.type == H2_HEADERS && f.flags == (H2_END_HEADERS | H2_END_STREAM));
    cr_expect_not(h2_next(out, &at, &f));
    cr_expect_eq(grpc_server_calls(r.server), 0);
    raw_close(&r);
}

Test(grpc_server, ping_is_answered_and_sent)
{
    struct raw r;
    struct h2_view f;
    raw_open(&r);
    cr_expect(is_ok(raw_step(&r, NULL)));
    buffer_drop(&r.out, r.out.len);
    h2_frame(&r.in, H2_PING, 0, 0, BYTES_LIT("abcdefgh"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(h2_find(buffer_view(&r.out), H2_PING, 0, &f));
    cr_expect(f.flags == H2_ACK && bytes_eq(f.payload, BYTES_LIT("abcdefgh")));
    buffer_drop(&r.out, r.out.len);

    cr_expect(is_ok(grpc_server_ping(r.server, NULL)));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(h2_find(buffer_view(&r.out), H2_PING, 0, &f));
    cr_expect_eq(f.flags, 0);
    raw_close(&r);
}

Test(grpc_server, draining_ends_what_was_begun)
{
    struct raw r;
    struct grpc_request q;
    raw_open(&r);
    raw_call(&r, 1);
    raw_data(&r, 1, H2_END_STREAM, BYTES_LIT("\0\0\0\0\0"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(grpc_server_next(r.server, &q));
    cr_expect(is_ok(grpc_server_drain(r.server, NULL)));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_eq(goaway_code(&r), NGHTTP2_NO_ERROR);
    cr_expect_not(grpc_server_is_done(r.server));

    raw_call(&r, 3);
    raw_data(&r, 3, H2_END_STREAM, BYTES_LIT("\0\0\0\0\0"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_not(grpc_server_next(r.server, &q));
    cr_expect(is_ok(grpc_server_answer(r.server, 1, BYTES_LIT("x"), NULL)));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_expect_str_eq(answered(&r, 1, "grpc-status"), "0");
    cr_expect(grpc_server_is_done(r.server));
    raw_close(&r);
}

/* ---- with our client -------------------------------------------------------------------------------------------- */

struct pair {
    struct grpc_server *server;
    struct grpc_client *client;
    struct buffer to_server, to_client;
    size_t piece; /* bytes handed over at once */
};

static void pair_open(struct pair *p, size_t room)
{
    const struct grpc_client_options mine = {.message_limit = LARGE, .header_limit = HEADERS};
    *p = (struct pair){
        .to_server = BUFFER("to server", room), .to_client = BUFFER("to client", room), .piece = SIZE_MAX};
    cr_assert(is_ok(grpc_server_open(&options, &p->server, NULL)));
    cr_assert(is_ok(grpc_client_open(&mine, &p->client, NULL)));
}

static void pair_close(struct pair *p)
{
    grpc_client_close(p->client);
    grpc_server_close(p->server);
    buffer_free(&p->to_server);
    buffer_free(&p->to_client);
}

/* What stands at the front of `b`, at most a piece, is taken out of it. */
static bytes take_piece(struct buffer *b, size_t piece, uint8_t *room)
{
    bytes in = buffer_view(b);
    size_t n = in.len < piece ? in.len : piece;
    memcpy(room, in.ptr, n);
    buffer_drop(b, n);
    return BYTES(room, n);
}

/* Until neither has anything to say. */
static void pair_run(struct pair *p)
{
    static uint8_t room[LARGE + 100000];
    for (;;) {
        cr_assert(is_ok(grpc_client_step(p->client, take_piece(&p->to_client, p->piece, room), &p->to_server, NULL)));
        cr_assert(
            is_ok(grpc_server_step(p->server, 0, take_piece(&p->to_server, p->piece, room), &p->to_client, NULL)));
        bool waits = grpc_client_has_output(p->client) || grpc_server_has_output(p->server);
        if (!waits && p->to_server.len == 0 && p->to_client.len == 0) return;
    }
}

static void call(struct pair *p, const char *path, bytes message)
{
    const struct grpc_call c = {"host:1", path, message, 0};
    cr_assert(is_ok(grpc_client_call(p->client, &c, NULL)));
    cr_expect_eq(grpc_client_call(p->client, &c, NULL).kind, ERR_STATE, "one at a time");
    pair_run(p);
}

Test(grpc_server, calls_of_our_client)
{
    static const size_t sizes[] = {0, 1, 1000, 16384, 65536, 1000000, LARGE};
    static const size_t pieces[] = {SIZE_MAX, 1000, 1};
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        struct pair p;
        pair_open(&p, k == 0 ? 1 << 23 : GRPC_OUTPUT_ROOM + 1); /* with as little room as there may be, too */
        p.piece = pieces[k];
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && sizes[i] <= (k == 2 ? 16384 : LARGE); i++) {
            struct grpc_request q;
            struct grpc_answer a;
            uint8_t *message = malloc(sizes[i] + 1);
            for (size_t j = 0; j < sizes[i]; j++)
                message[j] = (uint8_t)(j * 31 + j / 256);
            call(&p, "/p.S/Set", BYTES(message, sizes[i]));
            cr_assert(grpc_server_next(p.server, &q));
            cr_expect(bytes_eq(q.message, BYTES(message, sizes[i])));
            cr_expect_eq(q.method, SET);
            cr_expect_not(grpc_client_has_answer(p.client));
            cr_expect(is_ok(grpc_server_answer(p.server, q.stream, BYTES(message, sizes[i]), NULL)));
            pair_run(&p);
            cr_assert(grpc_client_has_answer(p.client));
            grpc_client_get_answer(p.client, &a);
            cr_expect_eq(a.code, GRPC_OK);
            cr_expect(bytes_eq(a.message, BYTES(message, sizes[i])), "%zu bytes in pieces of %zu", sizes[i], pieces[k]);
            cr_expect_eq(grpc_server_calls(p.server), 0);
            free(message);
        }
        pair_close(&p);
    }
}

Test(grpc_server, failures_reach_our_client)
{
    struct pair p;
    struct grpc_request q;
    struct grpc_answer a;
    pair_open(&p, 1 << 20);
    call(&p, "/p.S/Get", BYTES_LIT(""));
    cr_assert(grpc_server_next(p.server, &q));
    bytes text = BYTES_LIT("100% na\xc3\xafve\nline");
    cr_expect(is_ok(grpc_server_fail(p.server, q.stream, GRPC_PERMISSION_DENIED, text, NULL)));
    pair_run(&p);
    grpc_client_get_answer(p.client, &a);
    cr_expect_eq(a.code, GRPC_PERMISSION_DENIED);
    cr_expect(bytes_eq(a.text, text) && bytes_is_absent(a.message));

    call(&p, "/p.S/None", BYTES_LIT("abc"));
    grpc_client_get_answer(p.client, &a);
    cr_expect_eq(a.code, GRPC_UNIMPLEMENTED);
    cr_expect(bytes_eq(a.text, BYTES_LIT("no such method")));

    static const uint8_t large[SMALL + 1];
    call(&p, "/p.S/Get", BYTES_OF(large));
    grpc_client_get_answer(p.client, &a);
    cr_expect_eq(a.code, GRPC_RESOURCE_EXHAUSTED);

    uint8_t longer[2000];
    memset(longer, '\n', sizeof longer);
    call(&p, "/p.S/Get", BYTES_LIT("x"));
    cr_assert(grpc_server_next(p.server, &q));
    cr_expect(is_ok(grpc_server_fail(p.server, q.stream, GRPC_INTERNAL, BYTES_OF(longer), NULL)));
    pair_run(&p);
    grpc_client_get_answer(p.client, &a);
    cr_expect(a.code == GRPC_INTERNAL && a.text.len == GRPC_MESSAGE_BYTES);
    pair_close(&p);
}
