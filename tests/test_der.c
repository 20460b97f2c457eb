/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/der.h"

static void expect_failed(const struct cursor *c, enum err_kind kind, const char *what)
{
    struct err err = {0};
    cr_expect_eq(cursor_end(c, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect_leq(err.offset, c->in.len, "%s", what);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(der, lengths_that_are_not_definite_and_minimal_are_refused)
{
    static const struct {
        const char *what;
        bytes in;
        enum err_kind kind;
    } rows[] = {
        {"nothing", {(const uint8_t *)"", 0}, ERR_TRUNCATED},
        {"tag alone", {(const uint8_t *)"\x04", 1}, ERR_TRUNCATED},
        {"length alone", {(const uint8_t *)"\x04\x01", 2}, ERR_TRUNCATED},
        {"one byte short", {(const uint8_t *)"\x04\x02X", 3}, ERR_TRUNCATED},
        {"long form cut", {(const uint8_t *)"\x04\x81", 2}, ERR_TRUNCATED},
        {"long form of two cut", {(const uint8_t *)"\x04\x82\x01", 3}, ERR_TRUNCATED},
        {"indefinite", {(const uint8_t *)"\x04\x80\0\0", 4}, ERR_SYNTAX},
        {"long form of 1", {(const uint8_t *)"\x04\x81\x01X", 4}, ERR_SYNTAX},
        {"long form of 0", {(const uint8_t *)"\x04\x81\x00", 3}, ERR_SYNTAX},
        {"leading zero", {(const uint8_t *)"\x04\x82\x00\x01X", 5}, ERR_SYNTAX},
        {"four octets for 1", {(const uint8_t *)"\x04\x84\0\0\0\x01X", 7}, ERR_SYNTAX},
        {"five octets", {(const uint8_t *)"\x04\x85\x01\0\0\0\0", 7}, ERR_SYNTAX},
        {"127 octets", {(const uint8_t *)"\x04\xff\x01", 3}, ERR_SYNTAX},
        {"4 GiB less one", {(const uint8_t *)"\x04\x84\xff\xff\xff\xff", 6}, ERR_TRUNCATED},
        {"2 GiB", {(const uint8_t *)"\x04\x84\x80\0\0\0", 6}, ERR_TRUNCATED},
        {"another tag", {(const uint8_t *)"\x05\x00", 2}, ERR_SYNTAX},
        {"constructed string", {(const uint8_t *)"\x24\x03\x04\x01X", 5}, ERR_SYNTAX},
        {"bytes behind", {(const uint8_t *)"\x04\x01X\0", 4}, ERR_TRAILING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c = cursor_over(rows[i].in);
        bytes b = der_get(&c, DER_OCTET_STRING, "x");
        if (rows[i].kind != ERR_TRAILING) cr_expect(bytes_is_absent(b), "%s", rows[i].what);
        expect_failed(&c, rows[i].kind, rows[i].what);
    }
}

Test(der, a_length_of_128_needs_the_long_form_and_256_needs_two_octets)
{
    uint8_t in[4 + 256] = {0x04, 0x81, 0x80};
    struct cursor c = cursor_over(BYTES(in, 3 + 128));
    cr_expect_eq(der_get(&c, DER_OCTET_STRING, "x").len, 128u);
    cr_expect(is_ok(cursor_end(&c, NULL)));

    memcpy(in, "\x04\x82\x00\x80", 4);
    c = cursor_over(BYTES(in, 4 + 128));
    der_get(&c, DER_OCTET_STRING, "x");
    expect_failed(&c, ERR_SYNTAX, "128 in two octets");

    memcpy(in, "\x04\x82\x00\xff", 4);
    c = cursor_over(BYTES(in, 4 + 255));
    der_get(&c, DER_OCTET_STRING, "x");
    expect_failed(&c, ERR_SYNTAX, "255 in two octets");

    memcpy(in, "\x04\x82\x01\x00", 4);
    c = cursor_over(BYTES(in, 4 + 256));
    cr_expect_eq(der_get(&c, DER_OCTET_STRING, "x").len, 256u);
    cr_expect(is_ok(cursor_end(&c, NULL)));
}

Test(der, tags_of_several_octets_and_end_of_contents_are_refused)
{
    static const uint8_t tags[] = {0x1f, 0x3f, 0x5f, 0x7f, 0x9f, 0xbf, 0xdf, 0xff, 0x00};
    for (size_t i = 0; i < sizeof tags; i++) {
        uint8_t in[] = {tags[i], 0x00, 0x00};
        struct cursor c = cursor_over(BYTES(in, 2));
        cr_expect(bytes_is_absent(der_get_element(&c, 0, "x")), "tag 0x%02x", tags[i]);
        expect_failed(&c, ERR_SYNTAX, "any tag");
        if (tags[i] == 0) continue; /* asks for any tag */
        c = cursor_over(BYTES(in, 2));
        cr_expect(bytes_is_absent(der_get(&c, tags[i], "x")), "tag 0x%02x", tags[i]);
        expect_failed(&c, ERR_SYNTAX, "the tag itself");
    }
}

Test(der, integers_that_are_empty_negative_or_padded_are_refused)
{
    static const bytes rows[] = {
        {(const uint8_t *)"\x02\x00", 2},
        {(const uint8_t *)"\x02\x01\x80", 3},
        {(const uint8_t *)"\x02\x01\xff", 3},
        {(const uint8_t *)"\x02\x02\xff\x00", 4},
        {(const uint8_t *)"\x02\x02\xff\x80", 4},
        {(const uint8_t *)"\x02\x02\x00\x00", 4},
        {(const uint8_t *)"\x02\x02\x00\x01", 4},
        {(const uint8_t *)"\x02\x02\x00\x7f", 4},
        {(const uint8_t *)"\x02\x03\x00\x00\x80", 5},
        {(const uint8_t *)"\x02\x0a\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff", 12},
        {(const uint8_t *)"\x03\x01\x01", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c = cursor_over(rows[i]);
        cr_expect(bytes_is_absent(der_get_unsigned(&c, "n")), "row %zu", i);
        expect_failed(&c, ERR_SYNTAX, "unsigned");
        c = cursor_over(rows[i]);
        cr_expect_eq(der_get_u64(&c, UINT64_MAX, "n"), 0u, "row %zu", i);
        expect_failed(&c, ERR_SYNTAX, "u64");
    }
}

Test(der, integers_above_the_maximum_are_refused)
{
    static const struct {
        bytes in;
        uint64_t max;
    } rows[] = {
        {{(const uint8_t *)"\x02\x01\x01", 3}, 0},
        {{(const uint8_t *)"\x02\x02\x01\x00", 4}, 255},
        {{(const uint8_t *)"\x02\x02\x00\xff", 4}, 254},
        {{(const uint8_t *)"\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff", 11}, UINT64_MAX - 1},
        {{(const uint8_t *)"\x02\x09\x01\x00\x00\x00\x00\x00\x00\x00\x00", 11}, UINT64_MAX},
        {{(const uint8_t *)"\x02\x09\x7f\x00\x00\x00\x00\x00\x00\x00\x01", 11}, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c = cursor_over(rows[i].in);
        cr_expect_eq(der_get_u64(&c, rows[i].max, "n"), 0u, "row %zu", i);
        expect_failed(&c, ERR_RANGE, "u64");
    }
}

Test(der, booleans_are_00_or_ff)
{
    for (unsigned v = 0; v < 256; v++) {
        const uint8_t in[] = {0x01, 0x01, (uint8_t)v};
        struct cursor c = cursor_over(BYTES_OF(in));
        cr_expect_eq(der_get_bool(&c, "b"), v == 0xff);
        cr_expect_eq(is_ok(cursor_end(&c, NULL)), v == 0x00 || v == 0xff, "0x%02x", v);
    }
    static const bytes rows[] = {{(const uint8_t *)"\x01\x00", 2}, {(const uint8_t *)"\x01\x02\xff\xff", 4}};
    for (size_t i = 0; i < 2; i++) {
        struct cursor c = cursor_over(rows[i]);
        cr_expect_not(der_get_bool(&c, "b"));
        expect_failed(&c, ERR_SYNTAX, "length");
    }
}

Test(der, bit_strings_with_unused_bits_or_without_their_count_are_refused)
{
    static const bytes rows[] = {{(const uint8_t *)"\x03\x00", 2},
                                 {(const uint8_t *)"\x03\x02\x01\x06", 4},
                                 {(const uint8_t *)"\x03\x02\x08\x00", 4},
                                 {(const uint8_t *)"\x23\x04\x03\x02\x00\x01", 6}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c = cursor_over(rows[i]);
        cr_expect(bytes_is_absent(der_get_octet_bits(&c, "bits")), "row %zu", i);
        expect_failed(&c, ERR_SYNTAX, "bits");
    }
}

Test(der, object_identifiers_that_are_empty_open_or_padded_are_refused)
{
    static const bytes rows[] = {
        {(const uint8_t *)"\x06\x00", 2},
        {(const uint8_t *)"\x06\x01\x80", 3},
        {(const uint8_t *)"\x06\x02\x2a\x86", 4},
        {(const uint8_t *)"\x06\x03\x80\x2a\x01", 5},
        {(const uint8_t *)"\x06\x04\x2a\x80\x86\x48", 6},
        {(const uint8_t *)"\x06\x05\x2a\x86\x48\x80\x01", 7},
        {(const uint8_t *)"\x04\x01\x2a", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c = cursor_over(rows[i]);
        cr_expect(bytes_is_absent(der_get_oid(&c, "oid")), "row %zu", i);
        expect_failed(&c, ERR_SYNTAX, "oid");
    }
}

Test(der, a_failure_inside_a_block_is_that_of_the_outer_one)
{
    struct cursor c = cursor_over(BYTES_LIT("\x30\x04\x02\x01\x05\x00"));
    struct cursor inner = der_enter(&c, DER_SEQUENCE, "s");
    cr_expect_eq(der_get_u64(&inner, 9, "n"), 5u);
    cursor_close(&c, &inner, "s");
    expect_failed(&c, ERR_TRAILING, "a byte left over in the block");

    c = cursor_over(BYTES_LIT("\x30\x03\x02\x02\x05\x05"));
    inner = der_enter(&c, DER_SEQUENCE, "s");
    cr_expect(bytes_is_absent(der_get(&inner, DER_INTEGER, "n")));
    cursor_close(&c, &inner, "s");
    struct err err = {0};
    cr_expect_eq(cursor_end(&c, &err).kind, ERR_TRUNCATED, "the integer reaches out of its block");
    cr_expect_eq(err.offset, 4u);
}

Test(der, after_a_failure_nothing_is_taken)
{
    struct cursor c = cursor_over(BYTES_LIT("\x05\x00\x02\x01\x01"));
    cr_expect(bytes_is_absent(der_get(&c, DER_INTEGER, "n")));
    cr_expect(bytes_is_absent(der_get(&c, DER_INTEGER, "n")));
    cr_expect(bytes_is_absent(der_get_element(&c, 0, "n")));
    cr_expect_eq(der_get_u64(&c, 9, "n"), 0u);
    cr_expect_not(der_get_bool(&c, "b"));
    cr_expect(bytes_is_absent(der_get_octet_bits(&c, "bits")));
    cr_expect(bytes_is_absent(der_get_oid(&c, "oid")));
    cr_expect_not(der_next_is(&c, DER_INTEGER));
    struct cursor inner = der_enter(&c, DER_SEQUENCE, "s");
    cr_expect(cursor_failed(&inner));
    expect_failed(&c, ERR_SYNTAX, "the first failure");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(der, integers)
{
    static const struct {
        bytes in;
        uint64_t value;
        size_t octets;
    } rows[] = {
        {{(const uint8_t *)"\x02\x01\x00", 3}, 0, 1},
        {{(const uint8_t *)"\x02\x01\x7f", 3}, 127, 1},
        {{(const uint8_t *)"\x02\x02\x00\x80", 4}, 128, 1},
        {{(const uint8_t *)"\x02\x02\x00\xdb", 4}, 219, 1},
        {{(const uint8_t *)"\x02\x02\x01\x00", 4}, 256, 2},
        {{(const uint8_t *)"\x02\x03\x01\x00\x01", 5}, 65537, 3},
        {{(const uint8_t *)"\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff", 11}, UINT64_MAX, 8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cursor c = cursor_over(rows[i].in);
        cr_expect_eq(der_get_u64(&c, rows[i].value, "n"), rows[i].value, "row %zu", i);
        cr_expect(is_ok(cursor_end(&c, NULL)));
        c = cursor_over(rows[i].in);
        bytes b = der_get_unsigned(&c, "n");
        cr_expect_eq(b.len, rows[i].octets, "row %zu", i);
        cr_expect_eq(b.ptr + b.len, rows[i].in.ptr + rows[i].in.len, "row %zu: a view into the input", i);
    }
}

/* Every INTEGER of one or two octets of contents: accepted exactly when X.690 8.3.2 allows it and it is not negative.
 */
Test(der, all_short_integers)
{
    size_t accepted = 0;
    for (unsigned v = 0; v < 0x10000; v++) {
        const uint8_t two[] = {0x02, 0x02, (uint8_t)(v >> 8), (uint8_t)v};
        struct cursor c = cursor_over(BYTES_OF(two));
        uint64_t have = der_get_u64(&c, UINT64_MAX, "n");
        bool ok = is_ok(cursor_end(&c, NULL));
        cr_assert_eq(ok, v >= 0x80 && v < 0x8000, "%04x", v);
        if (ok) cr_assert_eq(have, v);
        accepted += ok;
    }
    cr_expect_eq(accepted, 0x8000u - 0x80);
}

Test(der, blocks_elements_and_peeks)
{
    bytes in = BYTES_LIT("\x30\x09\x06\x02\x2a\x03\x03\x03\x00\xab\xcd\xa0\x00");
    struct cursor c = cursor_over(in);
    cr_expect(der_next_is(&c, DER_SEQUENCE));
    cr_expect_not(der_next_is(&c, DER_SET));
    struct cursor s = der_enter(&c, DER_SEQUENCE, "s");
    cr_expect(bytes_eq(der_get_oid(&s, "oid"), BYTES_LIT("\x2a\x03")));
    cr_expect(bytes_eq(der_get_octet_bits(&s, "bits"), BYTES_LIT("\xab\xcd")));
    cursor_close(&c, &s, "s");
    cr_expect(bytes_eq(der_get_element(&c, DER_CONTEXT(0), "x"), BYTES_LIT("\xa0\x00")));
    cr_expect(is_ok(cursor_end(&c, NULL)));
    cr_expect_not(der_next_is(&c, DER_SEQUENCE));

    c = cursor_over(in);
    cr_expect(bytes_eq(der_get_element(&c, 0, "x"), bytes_slice(in, 0, 11)), "any tag");
    c = cursor_over(BYTES_LIT("\x04\x00"));
    bytes empty = der_get(&c, DER_OCTET_STRING, "x");
    cr_expect(!bytes_is_absent(empty) && empty.len == 0, "present and empty");
    c = cursor_over(BYTES_LIT("\x03\x01\x00"));
    empty = der_get_octet_bits(&c, "x");
    cr_expect(!bytes_is_absent(empty) && empty.len == 0);
}

Test(der, every_prefix_of_nested_elements_is_refused)
{
    bytes in = BYTES_LIT("\x30\x0b\x30\x06\x02\x01\x05\x01\x01\xff\x02\x01\x07");
    for (size_t len = 0; len <= in.len; len++) {
        struct cursor c = cursor_over(BYTES(in.ptr, len));
        struct cursor a = der_enter(&c, DER_SEQUENCE, "a"), b = der_enter(&a, DER_SEQUENCE, "b");
        uint64_t five = der_get_u64(&b, 9, "five");
        bool yes = der_get_bool(&b, "yes");
        cursor_close(&a, &b, "b");
        uint64_t seven = der_get_u64(&a, 9, "seven");
        cursor_close(&c, &a, "a");
        bool ok = is_ok(cursor_end(&c, NULL));
        cr_expect_eq(ok, len == in.len, "prefix of %zu", len);
        if (ok) cr_expect(five == 5 && yes && seven == 7);
    }
}
