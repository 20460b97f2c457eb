/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/cursor.h"

static const uint8_t nine[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

Test(cursor, a_truncated_field_is_named)
{
    struct cursor c = cursor_over(BYTES(nine, 5));
    struct err err = {0};
    cr_assert_eq(cursor_u16le(&c, "first"), 0x0201);
    cr_assert_eq(cursor_u32le(&c, "second"), 0);
    cr_assert(cursor_failed(&c));
    cr_assert_eq(cursor_end(&c, &err).kind, ERR_TRUNCATED);
    cr_assert_eq(err.kind, ERR_TRUNCATED);
    cr_assert_eq(err.offset, 2);
    cr_assert_str_eq(err.text, "second: truncated at byte 2 of 5");
}

/* After a failure nothing is read any more, even where a smaller field would still fit. */
Test(cursor, the_first_failure_sticks)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    uint8_t copy[2] = {0xee, 0xee};
    uint8_t peeked = 0xee;
    (void)cursor_u8(&c, "fits");
    (void)cursor_take(&c, 9, "too long");

    cr_assert_eq(cursor_u8(&c, "later"), 0);
    cr_assert_eq(cursor_u16le(&c, "later"), 0);
    cr_assert_eq(cursor_u32le(&c, "later"), 0);
    cr_assert_eq(cursor_u64le(&c, "later"), 0);
    cr_assert(bytes_is_absent(cursor_take(&c, 1, "later")));
    cr_assert(bytes_is_absent(cursor_take(&c, 0, "later")));
    cr_assert(bytes_is_absent(cursor_rest(&c)));
    cr_assert_eq(cursor_left(&c), 0);
    cr_assert_not(cursor_peek(&c, &peeked));
    cr_assert_eq(peeked, 0xee);
    cursor_copy(&c, copy, sizeof copy, "later");
    cr_assert_eq(copy[0], 0xee);
    cr_assert_eq(copy[1], 0xee);
    cursor_fail(&c, ERR_RANGE, "later");

    struct err err = {0};
    cr_assert_eq(cursor_end(&c, &err).kind, ERR_TRUNCATED);
    cr_assert_str_eq(err.text, "too long: truncated at byte 1 of 9");
}

Test(cursor, leftovers_are_refused_by_end_alone)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct err err = {0};
    (void)cursor_u64le(&c, "eight");
    cr_assert(is_ok(cursor_status(&c, &err)));
    cr_assert_eq(cursor_end(&c, &err).kind, ERR_TRAILING);
    cr_assert_eq(err.offset, 8);
    cr_assert_str_eq(err.text, "1 bytes left over from byte 8 on");
}

Test(cursor, a_count_as_large_as_can_be_does_not_wrap)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    (void)cursor_u8(&c, "one");
    cr_assert(bytes_is_absent(cursor_take(&c, SIZE_MAX, "huge")));
    cr_assert_eq(c.kind, ERR_TRUNCATED);
    cr_assert_eq(c.pos, 1);
}

Test(cursor, a_failure_of_the_callers_is_reported_at_its_place)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct err err = {0};
    (void)cursor_take(&c, 3, "head");
    cursor_fail(&c, ERR_RANGE, "version");
    cr_assert_eq(cursor_status(&c, &err).kind, ERR_RANGE);
    cr_assert_eq(err.offset, 3);
    cr_assert_str_eq(err.text, "version: range at byte 3 of 9");
}

Test(cursor, a_block_does_not_read_behind_its_end)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct err err = {0};
    (void)cursor_u8(&c, "tag");
    struct cursor inner = cursor_sub(&c, 3, "block");
    cr_assert_eq(cursor_u16le(&inner, "a"), 0x0302);
    cr_assert_eq(cursor_u16le(&inner, "b"), 0);
    cursor_close(&c, &inner, "block");
    cr_assert_eq(cursor_end(&c, &err).kind, ERR_TRUNCATED);
    cr_assert_eq(err.offset, 3, "offsets count in the outermost input");
    cr_assert_str_eq(err.text, "b: truncated at byte 3 of 9");
}

Test(cursor, a_block_with_bytes_left_over_fails_the_outer_cursor)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct err err = {0};
    struct cursor inner = cursor_sub(&c, 4, "block");
    (void)cursor_u8(&inner, "a");
    cursor_close(&c, &inner, "block");
    cr_assert_eq(cursor_u8(&c, "after"), 0);
    cr_assert_eq(cursor_end(&c, &err).kind, ERR_TRAILING);
    cr_assert_eq(err.offset, 1);
    cr_assert_str_eq(err.text, "block: trailing at byte 1 of 9");
}

Test(cursor, a_block_longer_than_the_input_fails_both)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct cursor inner = cursor_sub(&c, 10, "block");
    cr_assert(cursor_failed(&c));
    cr_assert(cursor_failed(&inner));
    cr_assert_eq(cursor_u8(&inner, "a"), 0);
    cursor_close(&c, &inner, "block");
    cr_assert_eq(cursor_end(&c, NULL).kind, ERR_TRUNCATED);
}

Test(cursor, the_outer_failure_is_older_than_the_inner_one)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct err err = {0};
    struct cursor inner = cursor_sub(&c, 2, "block");
    cursor_fail(&c, ERR_SYNTAX, "outer");
    cursor_fail(&inner, ERR_RANGE, "inner");
    cursor_close(&c, &inner, "block");
    cr_assert_eq(cursor_end(&c, &err).kind, ERR_SYNTAX);
}

Test(cursor, integers_are_little_endian)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    cr_assert_eq(cursor_u64le(&c, "u64"), UINT64_C(0x0807060504030201));
    cr_assert_eq(cursor_u8(&c, "u8"), 9);
    cr_assert(is_ok(cursor_end(&c, NULL)));

    c = cursor_over(BYTES_OF(nine));
    cr_assert_eq(cursor_u32le(&c, "u32"), UINT32_C(0x04030201));
    cr_assert_eq(cursor_u16le(&c, "u16"), 0x0605);
    cr_assert_eq(cursor_left(&c), 3);
}

Test(cursor, views_lie_in_the_input)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    uint8_t copy[2] = {0};
    uint8_t peeked = 0;
    bytes head = cursor_take(&c, 4, "head");
    cr_assert_eq(head.ptr, nine);
    cr_assert_eq(head.len, 4);
    cr_assert(cursor_peek(&c, &peeked));
    cr_assert_eq(peeked, 5);
    cursor_copy(&c, copy, sizeof copy, "pair");
    cr_assert_eq(copy[0], 5);
    cr_assert_eq(copy[1], 6);
    bytes rest = cursor_rest(&c);
    cr_assert_eq(rest.ptr, nine + 6);
    cr_assert_eq(rest.len, 3);
    cr_assert_not(cursor_peek(&c, &peeked));
    cr_assert(is_ok(cursor_end(&c, NULL)));
}

Test(cursor, blocks_nest)
{
    struct cursor c = cursor_over(BYTES_OF(nine));
    struct err err = {0};
    (void)cursor_u8(&c, "tag");
    struct cursor outer = cursor_sub(&c, 6, "outer");
    (void)cursor_u8(&outer, "tag");
    struct cursor inner = cursor_sub(&outer, 5, "inner");
    cr_assert_eq(cursor_rest(&inner).ptr, nine + 2);
    cursor_close(&outer, &inner, "inner");
    cursor_close(&c, &outer, "outer");
    cr_assert_eq(cursor_u16le(&c, "tail"), 0x0908);
    cr_assert(is_ok(cursor_end(&c, &err)));
    cr_assert_str_eq(err.text, "");
}

Test(cursor, empty_and_absent_inputs)
{
    struct cursor c = cursor_over(BYTES(nine, 0));
    bytes none = cursor_take(&c, 0, "none");
    cr_assert_not(bytes_is_absent(none));
    cr_assert_eq(none.len, 0);
    cr_assert(is_ok(cursor_end(&c, NULL)));

    c = cursor_over(BYTES_ABSENT);
    cr_assert(is_ok(cursor_end(&c, NULL)));
    cr_assert_not(bytes_is_absent(cursor_rest(&c)));
    cr_assert_eq(cursor_u8(&c, "first"), 0);
    cr_assert_eq(cursor_end(&c, NULL).kind, ERR_TRUNCATED);
}
