/* SPDX-License-Identifier: Apache-2.0 */
/* Any request and any answer that ends at or next to a border of its form; what is read is written again.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/fetch_message.h"
#include "tests/prove/input.h"

enum { HEAD = 7, VCEK_HEAD = HEAD + 8, LONGEST = FETCH_REQUEST_BYTES_MAX + 1, TEXT = 2, CONTENT = 1 };

static void request(size_t n)
{
    uint8_t input[LONGEST], written[FETCH_REQUEST_BYTES_MAX];
    struct fetch_request r;
    struct err err = {0};
    if (!is_ok(fetch_request_parse(INPUT(input, n), &r, &err))) return;
    size_t len = fetch_request_write(&r, written);
    //@ assert whole: len == n;
    (void)bytes_are_zero(BYTES(written, len));
}

static void answer(size_t n)
{
    uint8_t input[FETCH_ANSWER_HEAD_BYTES + TEXT + CONTENT], written[FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    struct fetch_answer a;
    struct err err = {0};
    if (!is_ok(fetch_answer_parse(INPUT(input, n), &a, &err))) return;
    (void)bytes_are_zero(a.content);
    size_t len = fetch_answer_write_head(&a, written);
    //@ assert whole: len == n - a.content.len;
    (void)bytes_are_zero(BYTES(written, len));
}

/* A text that is longer than what fits. */
static void longest_text(void)
{
    uint8_t text[LIMIT_FETCH_TEXT_BYTES + 1], written[FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    struct fetch_answer a = {.outcome = FETCH_FAILED, .text = INPUT(text, LIMIT_FETCH_TEXT_BYTES + 1)};
    size_t len = fetch_answer_write_head(&a, written);
    //@ assert cut: len == FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES;
    (void)bytes_are_zero(BYTES(written, len));
}

int main(void)
{
    static const size_t requests[] = {HEAD, VCEK_HEAD + FETCH_CHIP_ID_BYTES_TURIN, VCEK_HEAD + FETCH_CHIP_ID_BYTES};
    uint8_t length[FETCH_LENGTH_BYTES];
    size_t len;
    struct err err = {0};
    UNKNOWN(length);
    if (is_ok(fetch_length_parse(length, 100, &len, &err))) {
        //@ assert in_range: 1 <= len <= 100;
        (void)len;
    }
    //@ loop unroll HEAD;
    for (size_t n = 0; n < HEAD; n++)
        request(n);
    //@ loop unroll 3;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        request(requests[i] - 1);
        request(requests[i]);
        request(requests[i] + 1);
    }
    //@ loop unroll FETCH_ANSWER_HEAD_BYTES + TEXT + CONTENT + 1;
    for (size_t n = 0; n <= FETCH_ANSWER_HEAD_BYTES + TEXT + CONTENT; n++)
        answer(n);
    longest_text();
    return 0;
}
