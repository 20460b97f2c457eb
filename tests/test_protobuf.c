/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/protobuf.h"

/* Reads the message to its end; the last field goes to `last`. */
static status read_all(bytes in, struct protobuf_field *last, size_t *count, struct err *err)
{
    struct cursor c = cursor_over(in);
    for (*count = 0; protobuf_next(&c, last); ++*count) {
    }
    return cursor_end(&c, err);
}

struct refused {
    const char *what;
    enum err_kind kind;
    bytes in;
};

Test(protobuf, malformed_fields_are_refused)
{
    static const struct refused rows[] = {
        {"field number 0", ERR_RANGE, BYTES_LIT("\x00\x01")},
        {"field number 2^29", ERR_RANGE, BYTES_LIT("\x80\x80\x80\x80\x10\x01")},
        {"tag of 64 bits", ERR_RANGE, BYTES_LIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01")},
        {"wire type 3, group", ERR_UNSUPPORTED, BYTES_LIT("\x0b\x0c")},
        {"wire type 4, end of group", ERR_UNSUPPORTED, BYTES_LIT("\x0c")},
        {"wire type 6", ERR_UNSUPPORTED, BYTES_LIT("\x0e\x01")},
        {"wire type 7", ERR_UNSUPPORTED, BYTES_LIT("\x0f\x01")},
        {"tag without value", ERR_TRUNCATED, BYTES_LIT("\x08")},
        {"varint without end", ERR_TRUNCATED, BYTES_LIT("\x08\xff\xff")},
        {"varint of 11 bytes", ERR_SYNTAX, BYTES_LIT("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")},
        {"varint of 65 bits", ERR_SYNTAX, BYTES_LIT("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")},
        {"0 in two bytes", ERR_SYNTAX, BYTES_LIT("\x08\x80\x00")},
        {"tag in two bytes", ERR_SYNTAX, BYTES_LIT("\x88\x00\x01")},
        {"length in two bytes", ERR_SYNTAX, BYTES_LIT("\x0a\x81\x00x")},
        {"length of one too many", ERR_TRUNCATED, BYTES_LIT("\x0a\x03xy")},
        {"length of 2 GiB", ERR_TRUNCATED, BYTES_LIT("\x0a\x80\x80\x80\x80\x08xy")},
        {"length of 2^64 - 1", ERR_TRUNCATED, BYTES_LIT("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01xy")},
        {"7 bytes of 64 bits", ERR_TRUNCATED, BYTES_LIT("\x09\x01\x02\x03\x04\x05\x06\x07")},
        {"3 bytes of 32 bits", ERR_TRUNCATED, BYTES_LIT("\x0d\x01\x02\x03")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct protobuf_field f = {.number = 77};
        struct err err = {0};
        size_t count = 0;
        cr_expect_eq(read_all(rows[i].in, &f, &count, &err).kind, rows[i].kind, "%s: %s", rows[i].what, err.text);
        cr_expect_eq(f.number, 77, "%s: output touched", rows[i].what);
        cr_expect_eq(count, 0, "%s", rows[i].what);
        cr_expect_neq(err.text[0], '\0', "%s", rows[i].what);
    }
}

Test(protobuf, failure_inside_a_message_names_the_offset_in_the_whole_input)
{
    struct cursor c = cursor_over(BYTES_LIT("\x08\x01\x12\x02\x08\x80"));
    struct protobuf_field f;
    cr_assert(protobuf_next(&c, &f));
    cr_assert(protobuf_next(&c, &f));
    struct cursor inner = protobuf_inside(&f);
    cr_assert_not(protobuf_next(&inner, &f));
    cursor_close(&c, &inner, "inner");
    struct err err = {0};
    cr_expect_eq(cursor_end(&c, &err).kind, ERR_TRUNCATED);
    cr_expect_eq(err.offset, 6, "%s", err.text);
}

Test(protobuf, a_number_is_no_message)
{
    struct cursor c = cursor_over(BYTES_LIT("\x08\x01"));
    struct protobuf_field f;
    cr_assert(protobuf_next(&c, &f));
    struct cursor inner = protobuf_inside(&f);
    cr_expect_eq(cursor_end(&inner, NULL).kind, ERR_SYNTAX);
}

Test(protobuf, second_occurrence_is_seen)
{
    struct protobuf_seen seen = {0};
    for (uint32_t n = 1; n < 64; n++)
        cr_expect(protobuf_once(&seen, n), "%u", n);
    for (uint32_t n = 1; n < 64; n++)
        cr_expect_not(protobuf_once(&seen, n), "%u", n);
    cr_expect(protobuf_once(&seen, 64));
    cr_expect(protobuf_once(&seen, 64));
}

/* The examples of protobuf.dev, "Encoding", and the ends of each range. */
Test(protobuf, values)
{
    static const struct {
        bytes in;
        uint32_t number;
        enum protobuf_type type;
        uint64_t value;
    } rows[] = {
        {BYTES_LIT("\x08\x96\x01"), 1, PROTOBUF_VARINT, 150},
        {BYTES_LIT("\x08\x00"), 1, PROTOBUF_VARINT, 0},
        {BYTES_LIT("\x18\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 3, PROTOBUF_VARINT, (uint64_t)-2},
        {BYTES_LIT("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 1, PROTOBUF_VARINT, UINT64_MAX},
        {BYTES_LIT("\xf8\xff\xff\xff\x0f\x05"), PROTOBUF_FIELD_NUMBER_MAX, PROTOBUF_VARINT, 5},
        {BYTES_LIT("\x11\x01\x02\x03\x04\x05\x06\x07\x88"), 2, PROTOBUF_I64, 0x8807060504030201},
        {BYTES_LIT("\x25\x01\x02\x03\x84"), 4, PROTOBUF_I32, 0x84030201},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct protobuf_field f = {0};
        size_t count = 0;
        cr_assert(is_ok(read_all(rows[i].in, &f, &count, NULL)), "row %zu", i);
        cr_expect_eq(count, 1);
        cr_expect_eq(f.number, rows[i].number, "row %zu", i);
        cr_expect_eq(f.type, rows[i].type, "row %zu", i);
        cr_expect_eq(f.value, rows[i].value, "row %zu", i);
        cr_expect(bytes_is_absent(f.view), "row %zu", i);
    }

    struct protobuf_field f = {0};
    size_t count = 0;
    cr_assert(is_ok(read_all(BYTES_LIT("\x12\x07testing"), &f, &count, NULL)));
    cr_expect_eq(f.number, 2);
    cr_expect_eq(f.offset, 2);
    cr_expect(bytes_eq(f.view, BYTES_LIT("testing")));

    cr_assert(is_ok(read_all(BYTES_LIT("\x12\x00"), &f, &count, NULL)));
    cr_expect_eq(f.view.len, 0);
    cr_expect_not(bytes_is_absent(f.view), "empty is present");

    cr_assert(is_ok(read_all(BYTES_LIT(""), &f, &count, NULL)));
    cr_expect_eq(count, 0, "the empty message has no fields");
}

/* A message of each wire type and a nested one; expected bytes by hand from the specification. */
static const char written[] = "\x08\x96\x01"
                              "\x12\x07testing"
                              "\x1a\x05\x0a\x03\x08\x96\x01"
                              "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";

Test(protobuf, every_prefix_is_refused_or_ends_between_fields)
{
    static const size_t borders[] = {0, 3, 12, 19};
    bytes whole = BYTES_LIT(written);
    for (size_t n = 0; n < whole.len; n++) {
        bool border = false;
        for (size_t i = 0; i < sizeof borders / sizeof borders[0]; i++)
            border = border || borders[i] == n;
        struct protobuf_field f;
        size_t count = 0;
        cr_expect_eq(is_ok(read_all(bytes_slice(whole, 0, n), &f, &count, NULL)), border, "prefix of %zu", n);
    }
}
