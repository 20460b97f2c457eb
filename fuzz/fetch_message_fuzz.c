/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: fetch_request_parse fetch_request_write fetch_answer_parse fetch_answer_write_head fetch_length_parse. */
#include <stdlib.h>

#include "parse/fetch_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refusal(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

static void check_request(bytes in)
{
    uint8_t out[FETCH_REQUEST_BYTES_MAX];
    struct fetch_request r = {.product = 77};
    struct err err = {0};
    status s = fetch_request_parse(in, &r, &err);
    if (!is_ok(s)) {
        require_refusal(s, &err, in.len);
        require(r.product == 77);
        return;
    }
    require(bytes_eq(BYTES(out, fetch_request_write(&r, out)), in));
}

static void check_answer(bytes in)
{
    uint8_t out[FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    struct fetch_answer a = {.retry_after_s = 77};
    struct err err = {0};
    status s = fetch_answer_parse(in, &a, &err);
    if (!is_ok(s)) {
        require_refusal(s, &err, in.len);
        require(a.retry_after_s == 77);
        return;
    }
    size_t head = fetch_answer_write_head(&a, out);
    require(bytes_eq(BYTES(out, head), bytes_slice(in, 0, head)));
    require(a.content.ptr == in.ptr + head && a.content.len == in.len - head);
}

static void check_length(bytes in)
{
    enum { LIMIT = 1000 };
    size_t n = 0;
    if (in.len < FETCH_LENGTH_BYTES) return;
    if (is_ok(fetch_length_parse(in.ptr, LIMIT, &n, NULL))) require(n >= 1 && n <= LIMIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_request(BYTES(data, size));
    check_answer(BYTES(data, size));
    check_length(BYTES(data, size));
    return 0;
}
