/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "net/grpc_client.h"
#include "parse/text.h"
#include "tests/http2_frames.h"

/* A server that says what it likes.  What an honest one says is in test_grpc_server_nghttp2.c and tests/interop. */

enum { LIMIT = 1000, HEADERS = 2048 };

struct raw {
    struct grpc_client *client;
    struct h2_bytes in;
    struct buffer out;
};

static void raw_open(struct raw *r)
{
    const struct grpc_client_options options = {.message_limit = LIMIT, .header_limit = HEADERS};
    const struct grpc_call call = {"host:1313", "/p.S/Get", BYTES_LIT("abc"), 2500};
    *r = (struct raw){.out = BUFFER("output", 1 << 20)};
    cr_assert(is_ok(grpc_client_open(&options, &r->client, NULL)));
    cr_assert(is_ok(grpc_client_call(r->client, &call, NULL)));
    cr_assert(is_ok(grpc_client_step(r->client, BYTES_LIT(""), &r->out, NULL)));
    h2_frame(&r->in, H2_SETTINGS, 0, 0, BYTES_LIT(""));
}

static void raw_close(struct raw *r)
{
    grpc_client_close(r->client);
    buffer_free(&r->out);
}

static status raw_step(struct raw *r, struct err *err)
{
    status s = grpc_client_step(r->client, BYTES(r->in.data, r->in.len), &r->out, err);
    r->in.len = 0;
    return s;
}

struct header {
    const char *name, *value;
};

/* `headers` ends with an empty name. */
static void raw_headers(struct raw *r, unsigned flags, const struct header *headers)
{
    static struct h2_bytes block;
    block.len = 0;
    for (; headers->name; headers++)
        h2_header(&block, headers->name, headers->value);
    h2_frame(&r->in, H2_HEADERS, H2_END_HEADERS | flags, 1, BYTES(block.data, block.len));
}

#define GOOD {":status", "200"}, {"content-type", "application/grpc"}
#define END  {NULL, NULL}

enum { ROW_HEADERS = 6 };

struct row {
    struct header first[ROW_HEADERS];
    bytes data; /* absent: the first headers are all */
    struct header trailers[ROW_HEADERS];
    enum grpc_code code;
    const char *text;
};

static bool holds(bytes text, const char *part)
{
    for (size_t i = 0; i < text.len; i++) {
        bytes here = bytes_slice(text, i, strlen(part));
        if (bytes_eq(here, text_bytes(part))) return true;
    }
    return false;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

static const struct row refused[] = {
    {{{":status", "200"}, END}, BYTES_LIT("\0\0\0\0\0"), {{"grpc-status", "0"}, END}, GRPC_UNKNOWN, "other than gRPC"},
    {{{":status", "200"}, {"content-type", "application/json"}, END},
     BYTES_LIT("{}"),
     {{"grpc-status", "0"}, END},
     GRPC_UNKNOWN,
     "other than gRPC"},
    {{{":status", "503"}, {"content-type", "text/html"}, END}, {0}, {END}, GRPC_UNAVAILABLE, "HTTP error"},
    {{{":status", "404"}, END}, {0}, {END}, GRPC_UNIMPLEMENTED, "HTTP error"},
    {{{":status", "500"}, {"content-type", "application/grpc"}, {"grpc-status", "0"}, END},
     {0},
     {END},
     GRPC_UNKNOWN,
     "HTTP error"},
    {{GOOD, END}, BYTES_LIT("\0\0\0\0\0"), {{"x", "y"}, END}, GRPC_UNKNOWN, "no grpc-status"},
    {{GOOD, END}, {0}, {END}, GRPC_UNKNOWN, "no grpc-status"},
    {{GOOD, END}, BYTES_LIT("\0\0\0\0\0"), {{"grpc-status", "x"}, END}, GRPC_UNKNOWN, "grpc-status that is none"},
    {{GOOD, {"grpc-status", "0"}, END}, {0}, {END}, GRPC_INTERNAL, "no whole message"},
    {{GOOD, END}, BYTES_LIT("\0\0\0\0\2a"), {{"grpc-status", "0"}, END}, GRPC_INTERNAL, "no whole message"},
    {{GOOD, END}, BYTES_LIT("\0\0\0\0\1ab"), {{"grpc-status", "0"}, END}, GRPC_INTERNAL, "more than one"},
    {{GOOD, END}, BYTES_LIT("\1\0\0\0\1a"), {{"grpc-status", "0"}, END}, GRPC_INTERNAL, "compressed"},
    {{GOOD, {"grpc-encoding", "gzip"}, END},
     BYTES_LIT("\0\0\0\0\0"),
     {{"grpc-status", "0"}, END},
     GRPC_INTERNAL,
     "compresses"},
    {{GOOD, END},
     BYTES_LIT("\0\0\0\3\xe9"),
     {{"grpc-status", "0"}, END},
     GRPC_RESOURCE_EXHAUSTED,
     "want at most 1000 bytes, have 1001"},
    {{GOOD, END},
     BYTES_LIT("\0\0\0\0\0"),
     {{"grpc-status", "0"}, {"grpc-status", "0"}, END},
     GRPC_INTERNAL,
     "header twice"},
    {{GOOD, {"grpc-status", "0"}, END},
     BYTES_LIT("\0\0\0\0\0"),
     {{"grpc-status", "0"}, END},
     GRPC_INTERNAL,
     "header twice"},
};

Test(grpc_client, bad_answers_are_failures)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct raw r;
        struct grpc_answer a;
        const struct row *row = &refused[i];
        raw_open(&r);
        raw_headers(&r, row->data.ptr ? 0 : H2_END_STREAM, row->first);
        if (row->data.ptr) h2_frame(&r.in, H2_DATA, 0, 1, row->data);
        if (row->data.ptr) raw_headers(&r, H2_END_STREAM, row->trailers);
        cr_expect(is_ok(raw_step(&r, NULL)), "row %zu", i);
        cr_assert(grpc_client_has_answer(r.client), "row %zu", i);
        grpc_client_get_answer(r.client, &a);
        cr_expect_eq(a.code, row->code, "row %zu: %d", i, (int)a.code);
        cr_expect(holds(a.text, row->text), "row %zu: %.*s", i, (int)a.text.len, (const char *)a.text.ptr);
        cr_expect(bytes_is_absent(a.message), "row %zu", i);
        raw_close(&r);
    }
}

Test(grpc_client, resets_are_failures)
{
    static const struct {
        uint8_t reset;
        enum grpc_code code;
    } rows[] = {{1, GRPC_INTERNAL},
                {7, GRPC_UNAVAILABLE},
                {8, GRPC_CANCELLED},
                {0xb, GRPC_RESOURCE_EXHAUSTED},
                {0xc, GRPC_PERMISSION_DENIED},
                {0, GRPC_INTERNAL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct raw r;
        struct grpc_answer a;
        raw_open(&r);
        h2_frame(&r.in, H2_RST_STREAM, 0, 1, BYTES(((uint8_t[]){0, 0, 0, rows[i].reset}), 4));
        cr_expect(is_ok(raw_step(&r, NULL)));
        cr_assert(grpc_client_has_answer(r.client));
        grpc_client_get_answer(r.client, &a);
        cr_expect_eq(a.code, rows[i].code, "row %zu", i);
        raw_close(&r);
    }
}

Test(grpc_client, goaway_before_the_answer)
{
    struct raw r;
    struct grpc_answer a;
    raw_open(&r);
    h2_frame(&r.in, H2_GOAWAY, 0, 0, BYTES_LIT("\0\0\0\0\0\0\0\0"));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(grpc_client_has_answer(r.client));
    grpc_client_get_answer(r.client, &a);
    cr_expect_eq(a.code, GRPC_UNAVAILABLE, "it was not begun");
    const struct grpc_call again = {"host:1313", "/p.S/Get", BYTES_LIT("abc"), 0};
    cr_expect_eq(grpc_client_call(r.client, &again, NULL).kind, ERR_STATE);
    raw_close(&r);
}

Test(grpc_client, endless_headers_are_given_up)
{
    static const struct header early[] = {{":status", "103"}, {"link", "01234567890123456789"}, END};
    struct raw r;
    struct grpc_answer a;
    raw_open(&r);
    for (int i = 0; i < 100 && !grpc_client_has_answer(r.client); i++) {
        raw_headers(&r, 0, early);
        cr_assert(is_ok(raw_step(&r, NULL)));
    }
    cr_assert(grpc_client_has_answer(r.client));
    grpc_client_get_answer(r.client, &a);
    cr_expect_eq(a.code, GRPC_RESOURCE_EXHAUSTED);
    raw_close(&r);
}

Test(grpc_client, connections_that_fail)
{
    static const struct {
        bytes in;
        enum err_kind kind;
    } rows[] = {
        {BYTES_LIT("HTTP/1.1 400 Bad Request\r\n\r\n"), ERR_SYNTAX},
        {BYTES_LIT("\0\0\0\x06\0\0\0\0\0"), ERR_SYNTAX},                         /* no SETTINGS first */
        {BYTES_LIT("\0\0\0\4\1\0\0\0\0\0\0\4\5\4\0\0\0\1\0\0\0\2"), ERR_SYNTAX}, /* PUSH_PROMISE */
        {BYTES_LIT("\0\x7f\xff\0\0\0\0\0\1"), ERR_SYNTAX},                       /* a frame that is too long */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct raw r;
        struct err err = {0};
        raw_open(&r);
        if (i < 2) r.in.len = 0;
        h2_put(&r.in, rows[i].in.ptr, rows[i].in.len);
        cr_expect_eq(raw_step(&r, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
        cr_expect_neq(err.text[0], '\0');
        cr_expect_eq(raw_step(&r, NULL).kind, ERR_STATE);
        raw_close(&r);
    }
    struct raw r;
    raw_open(&r);
    for (int i = 0; i < 200; i++)
        h2_frame(&r.in, H2_PING, 0, 0, BYTES_LIT("12345678"));
    cr_expect_eq(raw_step(&r, NULL).kind, ERR_LIMIT, "PING");
    raw_close(&r);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(grpc_client, request)
{
    struct raw r;
    struct h2_view f;
    raw_open(&r);
    bytes out = buffer_view(&r.out);
    cr_expect(bytes_eq(bytes_slice(out, 0, strlen(H2_PREFACE)), BYTES_LIT(H2_PREFACE)));
    out = bytes_slice(out, strlen(H2_PREFACE), out.len - strlen(H2_PREFACE));
    cr_assert(h2_find(out, H2_SETTINGS, 0, &f));
    cr_expect(bytes_eq(bytes_slice(f.payload, 0, 6), BYTES_LIT("\0\2\0\0\0\0")), "no push");
    cr_assert(h2_find(out, H2_HEADERS, 1, &f));
    cr_assert(h2_find(out, H2_DATA, 1, &f));
    cr_expect(f.flags == H2_END_STREAM && bytes_eq(f.payload, BYTES_LIT("\0\0\0\0\3abc")));
    raw_close(&r);
}

Test(grpc_client, answers)
{
    struct raw r;
    struct grpc_answer a;
    static const struct header early[] = {{":status", "103"}, {"grpc-status", "7"}, END};
    static const struct header first[] = {{":status", "200"}, {"content-type", "application/grpc+proto"}, END};
    static const struct header last[] = {{"grpc-status", "0"}, {"grpc-message", ""}, END};
    raw_open(&r);
    raw_headers(&r, 0, early);
    raw_headers(&r, 0, first);
    h2_frame(&r.in, H2_DATA, 0, 1, BYTES_LIT("\0\0\0"));
    h2_frame(&r.in, H2_DATA, 0, 1, BYTES_LIT("\0\2h"));
    h2_frame(&r.in, H2_DATA, 0, 1, BYTES_LIT("i"));
    raw_headers(&r, H2_END_STREAM, last);
    h2_frame(&r.in, H2_PING, 0, 0, BYTES_LIT("abcdefgh"));
    buffer_drop(&r.out, r.out.len);
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(grpc_client_has_answer(r.client));
    grpc_client_get_answer(r.client, &a);
    cr_expect_eq(a.code, GRPC_OK, "%d: %.*s", (int)a.code, (int)a.text.len, (const char *)a.text.ptr);
    cr_expect(bytes_eq(a.message, BYTES_LIT("hi")));
    struct h2_view f;
    cr_expect(h2_find(buffer_view(&r.out), H2_PING, 0, &f) && f.flags == H2_ACK);

    static const struct header failure[] = {GOOD, {"grpc-status", "99"}, {"grpc-message", "a%20b%0a"}, END};
    const struct grpc_call again = {"host:1313", "/p.S/Get", BYTES_LIT(""), 0};
    cr_assert(is_ok(grpc_client_call(r.client, &again, NULL)));
    cr_expect_not(grpc_client_has_answer(r.client));
    cr_expect(is_ok(raw_step(&r, NULL)));
    static struct h2_bytes block;
    block.len = 0;
    for (size_t i = 0; failure[i].name; i++)
        h2_header(&block, failure[i].name, failure[i].value);
    h2_frame(&r.in, H2_HEADERS, H2_END_HEADERS | H2_END_STREAM, 3, BYTES(block.data, block.len));
    cr_expect(is_ok(raw_step(&r, NULL)));
    cr_assert(grpc_client_has_answer(r.client));
    grpc_client_get_answer(r.client, &a);
    cr_expect_eq(a.code, GRPC_UNKNOWN, "99 is no code that we know");
    cr_expect(bytes_eq(a.text, BYTES_LIT("a b\n")));
    raw_close(&r);
}
