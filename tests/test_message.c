/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "coordinator/message.h"

/* Written by hand: kind 7, id 0x01020304, the parts "ab" and "". */
static const uint8_t sample[] = {0, 0, 0, 15, 7, 1, 2, 3, 4, 0, 0, 0, 2, 'a', 'b', 0, 0, 0, 0};

static const struct message sample_message = {
    .kind = 7, .id = 0x01020304, .parts = {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"", 0}}, .part_count = 2};

Test(message, is_written_as_the_header_says)
{
    uint8_t out[sizeof sample];
    size_t len = 0;
    cr_assert(is_ok(message_size(&sample_message, &len, NULL)));
    cr_assert_eq(len, sizeof sample);
    message_write(&sample_message, out);
    cr_expect_arr_eq(out, sample, sizeof sample);
}

Test(message, is_read_as_the_header_says)
{
    struct message m;
    struct err err = {0};
    size_t len = 0;
    cr_assert(is_ok(message_frame(BYTES_OF(sample), &len, &err)));
    cr_expect_eq(len, sizeof sample);
    cr_assert(is_ok(message_parse(BYTES_OF(sample), &m, &err)), "%s", err.text);
    cr_expect_eq(m.kind, 7);
    cr_expect_eq(m.id, 0x01020304);
    cr_assert_eq(m.part_count, 2);
    cr_expect(bytes_eq(m.parts[0], BYTES_LIT("ab")));
    cr_expect(bytes_eq(m.parts[1], BYTES_LIT("")));
}

Test(message, every_prefix_and_one_byte_more_are_refused)
{
    uint8_t longer[sizeof sample + 1] = {0};
    memcpy(longer, sample, sizeof sample);
    struct message m;
    for (size_t n = 0; n <= sizeof longer; n++)
        cr_expect_eq(is_ok(message_parse(BYTES(longer, n), &m, NULL)), n == sizeof sample, "%zu bytes", n);
}

Test(message, the_length_of_a_frame_needs_its_head)
{
    size_t len = 1;
    for (size_t n = 0; n < MESSAGE_HEAD_BYTES; n++) {
        cr_assert(is_ok(message_frame(BYTES(sample, n), &len, NULL)));
        cr_expect_eq(len, 0);
    }
}

Test(message, a_frame_above_the_limit_is_refused_by_its_head)
{
    static const uint8_t head[] = {0x01, 0x10, 0, 1};
    size_t len = 0;
    struct err err = {0};
    cr_expect_eq(message_frame(BYTES_OF(head), &len, &err).kind, ERR_LIMIT);
    struct message m = {.parts = {{sample, LIMIT_MESSAGE_BYTES - 8}}, .part_count = 1};
    cr_expect_eq(message_size(&m, &len, NULL).kind, ERR_LIMIT);
    m.parts[0].len = LIMIT_MESSAGE_BYTES - 9;
    cr_expect(is_ok(message_size(&m, &len, NULL)));
}

Test(message, a_ninth_part_is_refused)
{
    uint8_t frame[4 + 5 + 9 * 4] = {0, 0, 0, 5 + 9 * 4, 1};
    struct message m;
    cr_expect_eq(message_parse(BYTES_OF(frame), &m, NULL).kind, ERR_LIMIT);
    frame[3] = 5 + 8 * 4;
    cr_expect(is_ok(message_parse(BYTES(frame, sizeof frame - 4), &m, NULL)));
    cr_expect_eq(m.part_count, MESSAGE_PARTS);
}
