/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: http1_find_head http1_request_parse http1_response_parse http1_chunks_next http1_media_type_is.
 *
 * Input: what a peer sends, a head and what follows it, which is also read as chunks; or a media type.  Where its parts
 * end does not depend on how they arrive.
 */
#include <stdlib.h>

#include "parse/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refused(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

static void require_inside(bytes part, bytes in)
{
    if (bytes_is_absent(part)) return;
    require(part.ptr >= in.ptr && part.ptr + part.len <= in.ptr + in.len);
    for (size_t i = 0; i < part.len; i++)
        require(part.ptr[i] == '\t' || (part.ptr[i] >= 0x20 && part.ptr[i] != 0x7f));
}

static void check_fields(const struct http1_fields *f, bytes head)
{
    bool is = false;
    require(f->count <= LIMIT_HTTP_FIELDS && (f->has_length || f->content_length == 0));
    require_inside(f->content_type, head);
    require_inside(f->host, head);
    (void)is_ok(http1_media_type_is(f->content_type, "application/json", &is, NULL));
}

static void check_head(bytes head)
{
    struct http1_request q = {0};
    struct http1_response a = {0};
    struct err err = {0};
    status s = http1_request_parse(head, &q, &err);
    if (is_ok(s)) {
        require(q.method.len > 0 && q.path.len > 0 && q.path.ptr[0] == '/' && q.minor <= 1);
        require_inside(q.method, head);
        require_inside(q.path, head);
        require_inside(q.query, head);
        require(bytes_is_absent(q.fields.transfer_encoding) && (q.minor == 0 || !bytes_is_absent(q.fields.host)));
        check_fields(&q.fields, head);
    } else {
        require_refused(s, &err, head.len);
        require(http1_refusal(s) >= 400 && http1_refusal(s) <= 505);
    }
    struct err other = {0};
    s = http1_response_parse(head, &a, &other);
    if (is_ok(s)) {
        require(a.status >= 100 && a.status <= 599 && a.minor <= 1);
        require(a.framing == HTTP1_LENGTH || a.body_len == 0);
        require(a.status >= 200 || (a.framing == HTTP1_LENGTH && a.body_len == 0));
        require(q.method.len == 0); /* nothing is both */
        check_fields(&a.fields, head);
    } else {
        require_refused(s, &other, head.len);
    }
}

struct body {
    status result;
    size_t len, sum, used;
};

static struct body read_chunks(bytes in, size_t piece)
{
    struct http1_chunks c = {0};
    struct body b = {.result = OK};
    while (b.used < in.len && !http1_chunks_end(&c)) {
        bytes part = bytes_slice(in, b.used, in.len - b.used < piece ? in.len - b.used : piece), data = BYTES_ABSENT;
        size_t used = 0;
        b.result = http1_chunks_next(&c, part, &used, &data, NULL);
        if (!is_ok(b.result)) return b;
        require(used > 0 && used <= part.len && data.ptr >= part.ptr && data.ptr + data.len <= part.ptr + part.len);
        for (size_t i = 0; i < data.len; i++)
            b.sum = b.sum * 31 + data.ptr[i];
        b.len += data.len;
        b.used += used;
    }
    if (!http1_chunks_end(&c)) b.result = (status){ERR_TRUNCATED};
    return b;
}

static void check_chunks(bytes in)
{
    struct body whole = read_chunks(in, in.len), pieces = read_chunks(in, 3);
    require(whole.result.kind == pieces.result.kind);
    if (is_ok(whole.result)) require(whole.len == pieces.len && whole.sum == pieces.sum && whole.used == pieces.used);
}

static void check_media_type(bytes in)
{
    bool is = false;
    struct err err = {0};
    status s = http1_media_type_is(in, "application/json", &is, &err);
    if (!is_ok(s)) require_refused(s, &err, in.len);
    require(is_ok(s) || !is);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    size_t scanned = 0, len = 0;
    struct err err = {0};
    status s = http1_find_head(in, &scanned, &len, &err);
    require(scanned <= size && len <= scanned);
    if (!is_ok(s)) require_refused(s, &err, size);

    size_t pieces = 0, found = 0;
    status t = OK;
    for (size_t n = 0; n <= size && is_ok(t) && found == 0; n++)
        t = http1_find_head(bytes_slice(in, 0, n), &pieces, &found, NULL);
    require(s.kind == t.kind && found == len);
    if (is_ok(s) && len > 0) check_head(bytes_slice(in, 0, len));
    check_chunks(bytes_slice(in, len, size - len));
    check_media_type(in);
    return 0;
}
