/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/http1.h"

static bytes text(const char *s)
{
    return BYTES((const uint8_t *)s, strlen(s));
}

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
        {"HTTP/2.0", ERR_UNSUPPORTED, BYTES_LIT("GET / HTTP/2.0\r\nHost: h\r\n\r\n")},
        {"HTTP/1.2", ERR_UNSUPPORTED, BYTES_LIT("GET / HTTP/1.2\r\nHost: h\r\n\r\n")},
        {"HTTP/1.10", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.10\r\nHost: h\r\n\r\n")},
        {"http/1.1", ERR_SYNTAX, BYTES_LIT("GET / http/1.1\r\nHost: h\r\n\r\n")},
        {"folded line", ERR_SYNTAX, BYTES_LIT(GET "X: a\r\n b\r\n\r\n")},
        {"folded line, tab", ERR_SYNTAX, BYTES_LIT(GET "X: a\r\n\tb\r\n\r\n")},
        {"space before the colon", ERR_SYNTAX, BYTES_LIT(GET "X : a\r\n\r\n")},
        {"space before the first field", ERR_SYNTAX, BYTES_LIT("GET / HTTP/1.1\r\n Host: h\r\n\r\n")},
        {"no colon", ERR_SYNTAX, BYTES_LIT(GET "X\r\n\r\n")},
        {"no name", ERR_SYNTAX, BYTES_LIT(GET ": a\r\n\r\n")},
        {"control character", ERR_SYNTAX, BYTES_LIT(GET "X: a\x1b[2J\r\n\r\n")},
        {"DEL", ERR_SYNTAX, BYTES_LIT(GET "X: a\x7f\r\n\r\n")},
        {"no Host", ERR_MISSING, BYTES_LIT("GET / HTTP/1.1\r\n\r\n")},
        {"two Hosts", ERR_DUPLICATE, BYTES_LIT(GET "host: h\r\n\r\n")},
        {"two lengths", ERR_DUPLICATE, BYTES_LIT(GET "Content-Length: 1\r\ncontent-length: 1\r\n\r\n")},
        {"a list of lengths", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 1, 1\r\n\r\n")},
        {"signed length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: +1\r\n\r\n")},
        {"hex length", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 0x1\r\n\r\n")},
        {"length with a zero", ERR_SYNTAX, BYTES_LIT(GET "Content-Length: 01\r\n\r\n")},
        {"empty length", ERR_TRUNCATED, BYTES_LIT(GET "Content-Length:\r\n\r\n")},
        {"length of 2^64", ERR_RANGE, BYTES_LIT(GET "Content-Length: 18446744073709551616\r\n\r\n")},
        {"length of 2^63", ERR_RANGE, BYTES_LIT(GET "Content-Length: 9223372036854775808\r\n\r\n")},
        {"chunked", ERR_UNSUPPORTED, BYTES_LIT(GET "Transfer-Encoding: chunked\r\n\r\n")},
        {"chunked and length", ERR_UNSUPPORTED,
         BYTES_LIT(GET "Content-Length: 4\r\ntransfer-encoding: identity\r\n\r\n")},
        {"two types", ERR_DUPLICATE, BYTES_LIT(GET "Content-Type: a/b\r\nContent-Type: a/b\r\n\r\n")},
        {"expects what we don't know", ERR_UNSUPPORTED, BYTES_LIT(GET "Expect: 200-maybe\r\n\r\n")},
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

Test(http1, responses_refused)
{
    static const char *const rows[] = {
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 600 High\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 2000\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 +20 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http1_response r = {.minor = 7};
        struct err err = {0};
        cr_expect_not(is_ok(http1_response_parse(text(rows[i]), &r, &err)), "%s", rows[i]);
        cr_expect(r.minor == 7 && err.text[0], "%s", rows[i]);
    }
}

Test(http1, media_types_refused)
{
    static const char *const rows[] = {"",      "json",  "/json", "application/", "application/json x",
                                       "a b/c", "a/b/c", ";"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is = true;
        cr_expect_eq(http1_media_type_is(text(rows[i]), "application/json", &is, NULL).kind, ERR_SYNTAX, "%s", rows[i]);
        cr_expect(is, "output touched");
    }
    cr_expect_eq(http1_media_type_is(BYTES_ABSENT, "a/b", &(bool){0}, NULL).kind, ERR_SYNTAX);
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
    cr_assert(is_ok(http1_request_parse(text(curl), &r, NULL)));
    cr_expect(bytes_eq(r.method, BYTES_LIT("POST")));
    cr_expect(bytes_eq(r.path, BYTES_LIT("/attest")) && bytes_eq(r.query, BYTES_LIT("x=1")));
    cr_expect(r.minor == 1 && http1_keeps_alive(&r) && !r.fields.expects_continue);
    cr_expect(r.fields.has_length && r.fields.content_length == 56 && r.fields.count == 5);
    cr_expect(bytes_eq(r.fields.content_type, BYTES_LIT("application/json; charset=utf-8")));
    cr_expect(bytes_eq(r.fields.host, BYTES_LIT("localhost:1314")));

    cr_assert(is_ok(http1_request_parse(text("GET /a HTTP/1.0\r\n\r\n"), &r, NULL)));
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
        cr_assert(is_ok(http1_request_parse(text(rows[i].in), &r, NULL)), "row %zu", i);
        cr_expect_eq(http1_keeps_alive(&r), rows[i].keeps, "row %zu", i);
    }
    struct http1_request r;
    cr_assert(is_ok(http1_request_parse(text(GET "Expect: 100-Continue\r\n\r\n"), &r, NULL)));
    cr_expect(r.fields.expects_continue);
}

Test(http1, response)
{
    struct http1_response r;
    cr_assert(
        is_ok(http1_response_parse(text("HTTP/1.0 412 Precondition Failed\r\nContent-Length: 3\r\n\r\n"), &r, NULL)));
    cr_expect(r.status == 412 && r.minor == 0 && r.fields.content_length == 3);
    cr_assert(is_ok(http1_response_parse(text("HTTP/1.1 200 \r\n\r\n"), &r, NULL)));
    cr_expect(r.status == 200 && !r.fields.has_length);
    cr_assert(is_ok(http1_response_parse(text("HTTP/1.1 200\r\n\r\n"), &r, NULL)));
}

Test(http1, media_types)
{
    bool is = false;
    cr_expect(is_ok(http1_media_type_is(text("Application/JSON"), "application/json", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text("application/json ; a=b"), "application/json", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text("application/json;"), "application/json", &is, NULL)) && is);
    cr_expect(is_ok(http1_media_type_is(text("application/jsonx"), "application/json", &is, NULL)) && !is);
    is = true;
    cr_expect(is_ok(http1_media_type_is(text("text/plain"), "application/json", &is, NULL)) && !is);
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
    cr_expect(is_ok(http1_find_head(text(in), &scanned, &len, NULL)));
    cr_expect_eq(len, strlen(curl));
}
