/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "net/buffer.h"

static void refused(struct buffer *b, size_t n, enum err_kind kind)
{
    static const uint8_t in[64];
    bytes before = buffer_view(b);
    struct err err = {0};
    cr_expect_eq(buffer_put(b, BYTES(in, n), &err).kind, kind);
    cr_expect_neq(err.text[0], '\0');
    cr_expect(bytes_eq(buffer_view(b), before), "a refused put changes nothing");
}

Test(buffer, what_passes_the_limit_is_refused_whole)
{
    struct buffer b = BUFFER("queue", 10);
    cr_assert(is_ok(buffer_put(&b, BYTES_LIT("abcdef"), NULL)));
    refused(&b, 5, ERR_LIMIT);
    refused(&b, SIZE_MAX / 2, ERR_LIMIT);
    cr_assert(is_ok(buffer_put(&b, BYTES_LIT("ghij"), NULL)));
    refused(&b, 1, ERR_LIMIT);
    cr_expect(bytes_eq(buffer_view(&b), BYTES_LIT("abcdefghij")));
    buffer_drop(&b, 1);
    cr_assert(is_ok(buffer_put(&b, BYTES_LIT("k"), NULL)), "what was dropped makes room");
    cr_expect(bytes_eq(buffer_view(&b), BYTES_LIT("bcdefghijk")));
    buffer_free(&b);
}

Test(buffer, a_limit_of_nothing_takes_nothing)
{
    struct buffer b = BUFFER("queue", 0);
    cr_assert(is_ok(buffer_put(&b, BYTES_LIT(""), NULL)));
    refused(&b, 1, ERR_LIMIT);
    buffer_free(&b);
}

Test(buffer, an_empty_one_is_present)
{
    struct buffer b = BUFFER("queue", 10);
    cr_expect(!bytes_is_absent(buffer_view(&b)));
    cr_expect_eq(buffer_view(&b).len, 0);
    buffer_drop(&b, 5);
    buffer_free(&b);
    buffer_free(&b);
    cr_expect_eq(buffer_room(&b), 10);
}

Test(buffer, reserved_bytes_count_when_committed)
{
    struct buffer b = BUFFER("queue", 100);
    uint8_t *at;
    cr_assert(is_ok(buffer_reserve(&b, 100, &at, NULL)));
    memcpy(at, "xyz", 3);
    cr_expect_eq(buffer_view(&b).len, 0);
    buffer_commit(&b, 3);
    cr_expect(bytes_eq(buffer_view(&b), BYTES_LIT("xyz")));
    buffer_free(&b);
}

/* A long run of puts and drops of all sizes keeps the order: the bytes are those of a counter. */
Test(buffer, order_is_kept)
{
    struct buffer b = BUFFER("queue", 3000);
    uint8_t next_in = 0, next_out = 0;
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525 + 1013904223;
        size_t n = random >> 22;
        uint8_t in[1024];
        if (random >> 8 & 1) {
            for (size_t j = 0; j < n; j++)
                in[j] = (uint8_t)(next_in + j);
            if (is_ok(buffer_put(&b, BYTES(in, n), NULL))) next_in = (uint8_t)(next_in + n);
            cr_assert_leq(b.len, 3000);
            continue;
        }
        bytes all = buffer_view(&b);
        if (n > all.len) n = all.len;
        for (size_t j = 0; j < n; j++)
            cr_assert_eq(all.ptr[j], next_out++);
        buffer_drop(&b, n);
    }
    buffer_free(&b);
}

/* Dropped bytes are wiped while the memory is still ours: what is not in the queue is 0. */
Test(buffer, what_was_dropped_is_wiped)
{
    struct buffer b = BUFFER("queue", 1000);
    uint8_t secret[600];
    memset(secret, 0xa5, sizeof secret);
    cr_assert(is_ok(buffer_put(&b, BYTES_OF(secret), NULL)));
    buffer_drop(&b, 500);
    cr_expect(bytes_are_zero(BYTES(b.data, 500)), "by a drop");
    cr_assert(is_ok(buffer_put(&b, BYTES(secret, 450), NULL)), "which moves the rest to the front, or elsewhere");
    cr_expect_eq(b.from, 0);
    cr_expect_eq(b.len, 550);
    buffer_drop(&b, 550);
    cr_expect(bytes_are_zero(BYTES(b.data, 600)), "and by a move within the memory");
    buffer_free(&b);
}

/* Idle connections cost little: large memory goes with the last byte, small memory stays. */
Test(buffer, an_emptied_one_keeps_little)
{
    static const uint8_t many[20000];
    struct buffer b = BUFFER("queue", 30000);
    cr_assert(is_ok(buffer_put(&b, BYTES_OF(many), NULL)));
    buffer_drop(&b, sizeof many - 1);
    cr_expect_geq(b.cap, sizeof many);
    buffer_drop(&b, 1);
    cr_expect_eq(b.cap, 0);
    cr_assert(is_ok(buffer_put(&b, BYTES(many, 100), NULL)));
    buffer_drop(&b, 100);
    cr_expect_gt(b.cap, 0);
    buffer_free(&b);
}
