/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: http1_find_head http1_request_parse http1_response_parse http1_media_type_is.
 *
 * Input: what a peer sends.  Where its head ends does not depend on how it arrives.
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
    (void)http1_media_type_is(f->content_type, "application/json", &is, NULL);
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
        check_fields(&q.fields, head);
    } else {
        require_refused(s, &err, head.len);
    }
    struct err other = {0};
    s = http1_response_parse(head, &a, &other);
    if (is_ok(s)) {
        require(a.status >= 100 && a.status <= 599 && a.minor <= 1);
        require(q.method.len == 0); /* nothing is both */
        check_fields(&a.fields, head);
    } else {
        require_refused(s, &other, head.len);
    }
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
    return 0;
}
