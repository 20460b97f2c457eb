/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/http1.h"
#include "parse/text.h"

/* ---- refusals --------------------------------------------------------------------------------------------------- */

#define GET "GET / HTTP/1.1\r\nHost: h\r\n"

Test(http1, requests_refused)
{
    static const struct {
        const char *what;
        enum err_kind kind;
        bytes in;
    } rows[] = {
        {"nothing", ERR_TRUNCATED, BYTES_LIT("")},
        {"no empty line", ERR_TRUNCATED, BYTES_LIT(GET)},
        {"a byte behind", ERR_TRAILING, BYTES_LIT(GET "\r\nx")},
        {"LF alone", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\nHost: h\n\n")},
        {"LF alone in the middle", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n")},
        {"CR alone", ERR_SYNTAX, BYTES_LIT(GET "X: a\rb\r\n\r\n")},
        {"CR CR LF", ERR_SYNTAX, BYTES_LIT(GET "X: a\r\r\n\r\n")},
        {"NUL", ERR_SYNTAX, BYTES_LIT(GET "X: a\0b\r\n\r\n")},
        {"empty line first", ERR_SYNTAX, BYTES_LIT("\r\n" GET "\r\n")},
        {"no target", ERR_SYNTAX, BYTES_LIT("GET HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"no version", ERR_SYNTAX, BYTES_LIT("GET /\r\nHost: h\r\n\r\n")},
        {"two spaces", ERR_SYNTAX, BYTES_LIT("GET  / HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"two spaces before the version", ERR_SYNTAX, BYTES_LIT("GET /  HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"space behind the version", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1 \r\nHost: h\r\n\r\n")},
        {"tab", ERR_SYNTAX, BYTES_LIT("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"no method", ERR_SYNTAX, BYTES_LIT(" / HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"method with a colon", ERR_SYNTAX, BYTES_LIT("GE:T / HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"absolute target", ERR_SYNTAX, BYTES_LIT("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"asterisk", ERR_SYNTAX, BYTES_LIT("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"fragment", ERR_SYNTAX, BYTES_LIT("GET /#a HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"target that is not ASCII", ERR_SYNTAX, BYTES_LIT("GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"HTTP/2.0", ERR_RANGE, BYTES_LIT("GET / HTTP/2.0\r\nHost: h\r\n\r\n")},
        {"HTTP/1.2", ERR_RANGE, BYTES_LIT("GET / HTTP/1.2\r\nHost: h\r\n\r\n")},
        {"HTTP/1.10", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.10\r\nHost: h\r\n\r\n")},
        {"http/1.1", ERR_SYNTAX, BYTES_LIT("GET / http/1.1\r\nHost: h\r\n\r\n")},
        {"folded line", ERR_SYNTAX, BYTES_LIT(GET "X: a\r\n b\r\n\r\n")},
        {"folded line, tab", ERR_SYNTAX, BYTES_LIT(GET "X: a\r\n\tb\r\n\r\n")},
        {"space before the colon", ERR_SYNTAX, BYTES_LIT(GET "X : a\r\n\r\n")},
        {"space before the first field", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\n Host: h\r\n\r\n")},
        {"no colon", ERR_SYNTAX, BYTES_LIT(GET "X\r\n\r\n")},
        {"no name", ERR_SYNTAX, BYTES_LIT(GET ": a\r\n\r\n")},
        {"authority as target", ERR_SYNTAX, BYTES_LIT("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"half an escape", ERR_SYNTAX, BYTES_LIT("GET /%2 HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"no escape", ERR_SYNTAX, BYTES_LIT("GET /%2g HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"backslash", ERR_SYNTAX, BYTES_LIT("GET /\\ HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"brackets in a path", ERR_SYNTAX, BYTES_LIT("GET /[a] HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"two targets", ERR_SYNTAX, BYTES_LIT("GET / /a HTTP/1.1\r\nHost: h\r\n\r\n")},
        {"the preface of HTTP/2", ERR_SYNTAX, BYTES_LIT("PRI * HTTP/2.0\r\n\r\n")},
        {"space in the name", ERR_SYNTAX, BYTES_LIT(GET "X Y: a\r\n\r\n")},
        {"tab before the colon", ERR_SYNTAX, BYTES_LIT(GET "X\t: a\r\n\r\n")},
        {"folded Host", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\n Host: h\r\nHost: h\r\n\r\n")},
        {"Host with a space", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\nHost: h i\r\n\r\n")},
        {"Host with a path", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\nHost: h/i\r\n\r\n")},
        {"Host with a user", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\nHost: i@h\r\n\r\n")},
        {"Connection that is no list", ERR_SYNTAX, BYTES_LIT(GET "Connection: a b\r\n\r\n")},
        {"negative length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: -1\r\n\r\n")},
        {"two numbers", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 1 1\r\n\r\n")},
        {"space behind Content-Length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length : 1\r\n\r\n")},
        {"Chunked and length", ERR_UNSUPPORTED,
         BYTES_LIT(GET "Transfer-Encoding: Chunked\r\nContent-Length: 4\r\n\r\n")},
        {"xchunked", ERR_UNSUPPORTED, BYTES_LIT(GET "Transfer-Encoding: xchunked\r\n\r\n")},
        {"empty coding", ERR_UNSUPPORTED, BYTES_LIT(GET "Transfer-Encoding:\r\n\r\n")},
        {"coding behind a tab", ERR_UNSUPPORTED, BYTES_LIT(GET "Transfer-Encoding:\tchunked\r\n\r\n")},
        {"coding in HTTP/1.0", ERR_UNSUPPORTED, BYTES_LIT("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")},
        {"two codings", ERR_DUPLICATE, BYTES_LIT(GET "Transfer-Encoding: a\r\nTransfer-Encoding: chunked\r\n\r\n")},
        {"space behind Transfer-Encoding", ERR_SYNTAX, BYTES_LIT(GET "Transfer-Encoding : chunked\r\n\r\n")},
        {"folded coding", ERR_SYNTAX, BYTES_LIT(GET "X: a\r\n Transfer-Encoding: chunked\r\n\r\n")},
        {"coding behind CR", ERR_SYNTAX, BYTES_LIT(GET "X: a\rTransfer-Encoding: chunked\r\n\r\n")},
        {"control character", ERR_SYNTAX, BYTES_LIT(GET "X: a\x1b[2J\r\n\r\n")},
        {"DEL", ERR_SYNTAX, BYTES_LIT(GET "X: a\x7f\r\n\r\n")},
        {"no Host", ERR_MISSING, BYTES_LIT("GET / HTTP/1.1\r\n\r\n")},
        {"two Hosts", ERR_DUPLICATE, BYTES_LIT(GET "host: h\r\n\r\n")},
        {"two lengths", ERR_DUPLICATE, BYTES_LIT(GET "Content-Length: 1\r\ncontent-length: 1\r\n\r\n")},
        {"a list of lengths", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 1, 1\r\n\r\n")},
        {"signed length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: +1\r\n\r\n")},
        {"hex length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 0x1\r\n\r\n")},
        {"length with a zero", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 01\r\n\r\n")},
        {"empty length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length:\r\n\r\n")},
        {"length of 2^64", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 18446744073709551616\r\n\r\n")},
        {"length of 2^63", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 9223372036854775808\r\n\r\n")},
        {"chunked", ERR_UNSUPPORTED, BYTES_LIT(GET "Transfer-Encoding: chunked\r\n\r\n")},
        {"chunked and length", ERR_UNSUPPORTED,
         BYTES_LIT(GET "Content-Length: 4\r\ntransfer-encoding: identity\r\n\r\n")},
        {"two types", ERR_DUPLICATE, BYTES_LIT(GET "Content-Type: a/b\r\nContent-Type: a/b\r\n\r\n")},
        {"expects what we don't know", ERR_MISMATCH, BYTES_LIT(GET "Expect: 200-maybe\r\n\r\n")},
        {"expects twice", ERR_DUPLICATE, BYTES_LIT(GET "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_request r = {.minor = 7};
        struct err err = {0};
        cr_expect_eq(http1_request_parse(rows[i].in, &r, &err).kind, rows[i].kind, "%s: %s", rows[i].what, err.text);
        cr_expect(r.minor == 7 && err.text[0] && err.offset <= rows[i].in.len, "%s", rows[i].what);
    }
}

Test(http1, heads_have_limits)
{
    static uint8_t in[LIMIT_HTTP_HEAD_BYTES + 100];
    struct http1_request r;
    static const char start[] = GET "X: ";
    memset(in, 'a', sizeof in);
    memcpy(in, start, strlen(start));
    memcpy(in + LIMIT_HTTP_HEAD_BYTES - 4, "\r\n\r\n", 4);
    cr_expect(is_ok(http1_request_parse(BYTES(in, LIMIT_HTTP_HEAD_BYTES), &r, NULL)));
    memset(in + LIMIT_HTTP_HEAD_BYTES - 4, 'a', 4);
    size_t scanned = 0, len = 0;
    cr_expect(is_ok(http1_find_head(BYTES(in, LIMIT_HTTP_HEAD_BYTES), &scanned, &len, NULL)) && len == 0);
    cr_expect_eq(http1_find_head(BYTES(in, LIMIT_HTTP_HEAD_BYTES + 1), &scanned, &len, NULL).kind, ERR_LIMIT);

    size_t n = strlen(GET);
    memcpy(in, GET, n);
    for (int i = 1; i < LIMIT_HTTP_FIELDS; i++, n += 6)
        memcpy(in + n, "X: y\r\n", 6);
    memcpy(in + n, "\r\n", 2);
    cr_expect(is_ok(http1_request_parse(BYTES(in, n + 2), &r, NULL)));
    cr_expect_eq(r.fields.count, LIMIT_HTTP_FIELDS);
    memcpy(in + n, "X: y\r\n\r\n", 8);
    cr_expect_eq(http1_request_parse(BYTES(in, n + 8), &r, NULL).kind, ERR_LIMIT);
}

#define R200 "HTTP/1.1 200 OK\r\n"

Test(http1, responses_refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"HTTP/1.1 99 Low\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 099 Low\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 600 High\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 20 OK\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1  200 OK\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1\t200 OK\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 200\tOK\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 2000\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1\r\n\r\n", ERR_SYNTAX},
        {"HTTP/2 200\r\n\r\n", ERR_SYNTAX},
        {"HTTP/2.0 200 OK\r\n\r\n", ERR_RANGE},
        {"ICY 200 OK\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 +20 OK\r\n\r\n", ERR_SYNTAX},
        {"\r\n" R200 "\r\n", ERR_SYNTAX},
        {R200 "A b\r\n\r\n", ERR_SYNTAX},
        {R200 "A : b\r\n\r\n", ERR_SYNTAX},
        {R200 "Content-Length: 5x\r\n\r\n", ERR_SYNTAX},
        {R200 "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", ERR_DUPLICATE},
        {R200 "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", ERR_SYNTAX},
        {R200 "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", ERR_DUPLICATE},
        {R200 "Transfer-Encoding: gzip, chunked\r\n\r\n", ERR_UNSUPPORTED},
        {R200 "Transfer-Encoding: chunked, identity\r\n\r\n", ERR_UNSUPPORTED},
        {R200 "Transfer-Encoding: gzip\r\n\r\n", ERR_UNSUPPORTED},
        {R200 "Transfer-Encoding:\r\n\r\n", ERR_UNSUPPORTED},
        {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ERR_UNSUPPORTED},
        {"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n", ERR_SYNTAX},
        {"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n", ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_response r = {.minor = 7};
        struct err err = {0};
        cr_expect_eq(http1_response_parse(text_bytes(rows[i].in), &r, &err).kind, rows[i].kind, "%s", rows[i].in);
        cr_expect(r.minor == 7 && err.text[0], "%s", rows[i].in);
    }
}

static status read_chunks(bytes in, size_t piece, char *out, size_t *total)
{
    struct http1_chunks c = {0};
    size_t at = 0;
    *total = 0;
    while (at < in.len && !http1_chunks_end(&c)) {
        bytes part = bytes_slice(in, at, in.len - at < piece ? in.len - at : piece), data;
        size_t used = 0;
        TRY(http1_chunks_next(&c, part, &used, &data, NULL));
        cr_assert(data.ptr && used > 0);
        memcpy(out + *total, data.ptr, data.len);
        *total += data.len;
        at += used;
    }
    if (!http1_chunks_end(&c)) return (status){ERR_TRUNCATED};
    return at == in.len ? OK : (status){ERR_TRAILING};
}

Test(http1, chunks_refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"\r\n", ERR_SYNTAX},
        {"g\r\n", ERR_SYNTAX},
        {"-1\r\n", ERR_SYNTAX},
        {"0x1\r\n", ERR_SYNTAX},
        {" 1\r\n", ERR_SYNTAX},
        {"1 \r\n", ERR_SYNTAX},
        {"1;a=b\r\n", ERR_SYNTAX},
        {"1\n", ERR_SYNTAX},
        {"1\rx", ERR_SYNTAX},
        {"1\r\naa", ERR_SYNTAX},
        {"1\r\na\n", ERR_SYNTAX},
        {"1\r\na\rx", ERR_SYNTAX},
        {"1\r\na0\r\n\r\n", ERR_SYNTAX},
        {"0\r\nA: b\r\n\r\n", ERR_SYNTAX},
        {"0\r\n\n", ERR_SYNTAX},
        {"0\r\n\rx", ERR_SYNTAX},
        {"000000001\r\na\r\n", ERR_LIMIT},
        {"ffffffff0\r\n", ERR_LIMIT},
        {"0\r\n\r\nx", ERR_TRAILING},
        {"ffffffff\r\na", ERR_TRUNCATED},
        {"", ERR_TRUNCATED},
    };
    char out[64];
    size_t total;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t piece = 1; piece < 8; piece++)
            cr_expect_eq(read_chunks(text_bytes(rows[i].in), piece, out, &total).kind, rows[i].kind, "%s, %zu",
                         rows[i].in, piece);
}

Test(http1, media_types_refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_SYNTAX},
        {"json", ERR_SYNTAX},
        {"/json", ERR_SYNTAX},
        {"application/", ERR_SYNTAX},
        {"application/json x", ERR_SYNTAX},
        {"application/json, text/plain", ERR_SYNTAX},
        {"a b/c", ERR_SYNTAX},
        {"a/b/c", ERR_SYNTAX},
        {" a/b", ERR_SYNTAX},
        {"a/b ", ERR_SYNTAX},
        {";", ERR_SYNTAX},
        {"a/b; charset", ERR_SYNTAX},
        {"a/b; charset=", ERR_SYNTAX},
        {"a/b; charset =utf-8", ERR_SYNTAX},
        {"a/b; charset= utf-8", ERR_SYNTAX},
        {"a/b; =utf-8", ERR_SYNTAX},
        {"a/b; charset=\"utf-8", ERR_SYNTAX},
        {"a/b; charset=\"utf-8\\", ERR_SYNTAX},
        {"a/b; charset=\"utf-8\\\"", ERR_SYNTAX},
        {"a/b; charset=\"a\"b", ERR_SYNTAX},
        {"a/b;; a=b", ERR_SYNTAX},
        {"a/b; a=b; A=c", ERR_DUPLICATE},
        {"a/b; a=b;b=b;c=b;d=b;e=b;f=b;g=b;h=b;i=b", ERR_LIMIT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is = true;
        struct err err = {0};
        cr_expect_eq(http1_media_type_is(text_bytes(rows[i].in), "a/b", &is, &err).kind, rows[i].kind, "%s",
                     rows[i].in);
        cr_expect(is && err.text[0], "output touched");
    }
    cr_expect_eq(http1_media_type_is(BYTES_ABSENT, "a/b", &(bool){0}, NULL).kind, ERR_SYNTAX);
}

static bool is_same(bytes a, bytes b)
{
    return bytes_eq(a, b) || (bytes_is_absent(a) && bytes_is_absent(b));
}

static bool are_same(const struct http1_request *a, const struct http1_request *b)
{
    return is_same(a->method, b->method) && is_same(a->path, b->path) && is_same(a->query, b->query) &&
           a->minor == b->minor && is_same(a->fields.host, b->fields.host) &&
           is_same(a->fields.content_type, b->fields.content_type) &&
           a->fields.content_length == b->fields.content_length && a->fields.says_close == b->fields.says_close;
}

/* In fields that are not read a change may pass; everywhere else it is refused or seen. */
Test(http1, changed_bytes_refused_or_seen)
{
    static const char whole[] = "POST /attest?a=1 HTTP/1.1\r\nHost: h:1314\r\nContent-Type: application/json\r\n"
                                "Content-Length: 10\r\nConnection: close\r\nAccept: */*\r\n\r\n";
    uint8_t in[sizeof whole - 1];
    struct http1_request before, after;
    size_t names = (size_t)(strstr(whole, "Host") - whole), accept = (size_t)(strstr(whole, "Accept") - whole);
    cr_assert(is_ok(http1_request_parse(text_bytes(whole), &before, NULL)));
    for (size_t i = 0; i < sizeof in; i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            memcpy(in, whole, sizeof in);
            in[i] ^= (uint8_t)flip;
            if (!is_ok(http1_request_parse(BYTES_OF(in), &after, NULL)) || !are_same(&before, &after)) continue;
            bool is_case = flip == 0x20 && i >= names, is_blank = (in[i] == '\t' || in[i] == ',') && whole[i] == ' ';
            cr_expect(is_case || is_blank || (i >= accept && i + 4 < sizeof in), "byte %zu ^ 0x%02x", i, flip);
        }
    }
}

Test(http1, refusals)
{
    cr_expect_eq(http1_refusal((status){ERR_LIMIT}), 431);
    cr_expect_eq(http1_refusal((status){ERR_UNSUPPORTED}), 501);
    cr_expect_eq(http1_refusal((status){ERR_RANGE}), 505);
    cr_expect_eq(http1_refusal((status){ERR_MISMATCH}), 417);
    cr_expect_eq(http1_refusal((status){ERR_SYNTAX}), 400);
    cr_expect_eq(http1_refusal((status){ERR_MISSING}), 400);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* As curl 7.88 sends it. */
static const char curl[] = "POST /attest?x=1 HTTP/1.1\r\n"
                           "Host: localhost:1314\r\n"
                           "User-Agent: curl/7.88.1\r\n"
                           "Accept: */*\r\n"
                           "content-type: application/json; charset=utf-8 \r\n"
                           "Content-Length:56\r\n"
                           "\r\n";

Test(http1, request)
{
    struct http1_request r;
    cr_assert(is_ok(http1_request_parse(text_bytes(curl), &r, NULL)));
    cr_expect(bytes_eq(r.method, BYTES_LIT("POST")));
    cr_expect(bytes_eq(r.path, BYTES_LIT("/attest")) && bytes_eq(r.query, BYTES_LIT("x=1")));
    cr_expect(r.minor == 1 && http1_keeps_alive(&r) && !r.fields.expects_continue);
    cr_expect(r.fields.has_length && r.fields.content_length == 56 && r.fields.count == 5);
    cr_expect(bytes_eq(r.fields.content_type, BYTES_LIT("application/json; charset=utf-8")));
    cr_expect(bytes_eq(r.fields.host, BYTES_LIT("localhost:1314")));

    cr_assert(is_ok(http1_request_parse(text_bytes("GET /a HTTP/1.0\r\n\r\n"), &r, NULL)));
    cr_expect(r.minor == 0 && !http1_keeps_alive(&r) && !r.fields.has_length);
    cr_expect(bytes_is_absent(r.query) && bytes_is_absent(r.fields.host) && bytes_is_absent(r.fields.content_type));
}

Test(http1, connections)
{
    static const struct {
        const char *in;
        bool keeps;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: h\r\nconnection: TE , Close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: closed\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_request r;
        cr_assert(is_ok(http1_request_parse(text_bytes(rows[i].in), &r, NULL)), "row %zu", i);
        cr_expect_eq(http1_keeps_alive(&r), rows[i].keeps, "row %zu", i);
    }
    struct http1_request r;
    cr_assert(is_ok(http1_request_parse(text_bytes(GET "Expect: 100-Continue\r\n\r\n"), &r, NULL)));
    cr_expect(r.fields.expects_continue);
}

Test(http1, response)
{
    struct http1_response r;
    cr_assert(is_ok(
        http1_response_parse(text_bytes("HTTP/1.0 412 Precondition Failed\r\nContent-Length: 3\r\n\r\n"), &r, NULL)));
    cr_expect(r.status == 412 && r.minor == 0 && r.fields.content_length == 3);
    cr_assert(is_ok(http1_response_parse(text_bytes("HTTP/1.1 200 \r\n\r\n"), &r, NULL)));
    cr_expect(r.status == 200 && !r.fields.has_length && r.framing == HTTP1_UNTIL_CLOSE);
    cr_assert(is_ok(http1_response_parse(text_bytes("HTTP/1.1 200\r\n\r\n"), &r, NULL)));
}

Test(http1, framings)
{
    static const struct {
        const char *in;
        enum http1_framing framing;
        uint64_t len;
    } rows[] = {
        {R200 "Content-Length: 5\r\n\r\n", HTTP1_LENGTH, 5},
        {R200 "Content-Length: 0\r\n\r\n", HTTP1_LENGTH, 0},
        {R200 "Transfer-Encoding: Chunked\r\n\r\n", HTTP1_CHUNKED, 0},
        {R200 "\r\n", HTTP1_UNTIL_CLOSE, 0},
        {"HTTP/1.1 100 Continue\r\n\r\n", HTTP1_LENGTH, 0},
        {"HTTP/1.1 204 No Content\r\n\r\n", HTTP1_LENGTH, 0},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", HTTP1_LENGTH, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_response r;
        cr_assert(is_ok(http1_response_parse(text_bytes(rows[i].in), &r, NULL)), "row %zu", i);
        cr_expect(r.framing == rows[i].framing && r.body_len == rows[i].len, "row %zu", i);
    }
}

Test(http1, chunks)
{
    static const char in[] = "5\r\nhello\r\n00000001\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n";
    char out[64];
    for (size_t piece = 1; piece <= sizeof in; piece++) {
        size_t total = 0;
        cr_assert(is_ok(read_chunks(text_bytes(in), piece, out, &total)), "%zu", piece);
        cr_expect(bytes_eq(BYTES((const uint8_t *)out, total), BYTES_LIT("hello 0123456789")));
    }
}

Test(http1, media_types)
{
    bool is = false;
    cr_expect(is_ok(http1_media_type_is(text_bytes("Application/JSON"), "application/json", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text_bytes("application/json ; a=b"), "application/json", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text_bytes("application/json;"), "application/json", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text_bytes("a/b; c=\"\\\"; d=e\";\tf=g ; "), "a/b", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text_bytes("application/jsonx"), "application/json", &is, NULL)) && !is);
    is = true;
    cr_expect(is_ok(http1_media_type_is(text_bytes("text/plain"), "application/json", &is, NULL)) && !is);
}

/* However the bytes arrive, the head ends at the same place. */
Test(http1, heads_are_found)
{
    char in[400];
    strcpy(in, curl);
    strcat(in, "body\r\n\r\n");
    size_t scanned = 0, len = 0;
    for (size_t n = 0; n < strlen(curl); n++) {
        cr_expect(is_ok(http1_find_head(BYTES((uint8_t *)in, n), &scanned, &len, NULL)));
        cr_expect_eq(len, 0, "prefix of %zu", n);
        cr_expect_not(is_ok(http1_request_parse(BYTES((uint8_t *)in, n), &(struct http1_request){0}, NULL)));
    }
    cr_expect(is_ok(http1_find_head(text_bytes(in), &scanned, &len, NULL)));
    cr_expect_eq(len, strlen(curl));
}
