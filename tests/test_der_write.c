/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/der_write.h"

static uint8_t memory[70000];

static struct der_out over(size_t cap)
{
    return (struct der_out){.buf = memory, .cap = cap};
}

static void expect(const struct der_out *o, bytes want, const char *what)
{
    bytes have;
    struct err err = {0};
    cr_assert(is_ok(der_finish(o, what, &have, &err)), "%s", err.text);
    cr_expect(bytes_eq(have, want), "%s", what);
}

static void refused(const struct der_out *o, enum err_kind kind)
{
    bytes untouched = BYTES_LIT("untouched"), out = untouched;
    struct err err = {0};
    cr_expect_eq(der_finish(o, "thing", &out, &err).kind, kind, "%s", err.text);
    cr_expect(strncmp(err.text, "thing: ", 7) == 0, "%s", err.text);
    cr_expect(bytes_eq(out, untouched));
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

static void put_something(struct der_out *o)
{
    uint8_t long_text[200] = {0};
    size_t outer = der_begin(o, DER_SEQUENCE), inner = der_begin(o, DER_SET);
    der_add_unsigned(o, BYTES_LIT("\xff"));
    der_add_time(o, 0);
    der_end(o, inner);
    der_add_octet_bits(o, BYTES_OF(long_text));
    der_end(o, outer);
}

Test(der_write, memory_too_small_by_any_number_of_bytes)
{
    struct der_out whole = over(sizeof memory);
    put_something(&whole);
    bytes want;
    cr_assert(is_ok(der_finish(&whole, "thing", &want, NULL)));
    for (size_t cap = 0; cap < want.len; cap++) {
        memset(memory, 0xee, sizeof memory);
        struct der_out o = over(cap);
        put_something(&o);
        refused(&o, ERR_NOMEM);
        cr_expect_eq(memory[cap], 0xee, "a byte behind %zu", cap);
    }
    struct der_out o = over(want.len);
    put_something(&o);
    cr_expect(is_ok(der_finish(&o, "thing", &want, NULL)));
}

Test(der_write, open_elements)
{
    struct der_out o = over(100);
    size_t outer = der_begin(&o, DER_SEQUENCE), inner = der_begin(&o, DER_SEQUENCE);
    refused(&o, ERR_BUG);
    der_end(&o, inner);
    refused(&o, ERR_BUG);
    der_end(&o, outer);
    expect(&o, BYTES_LIT("\x30\x02\x30\x00"), "nested");
}

Test(der_write, times_that_cannot_be_said)
{
    const int64_t times[] = {INT64_MIN, -631152001 /* 1949-12-31T23:59:59Z */, 253402300800 /* year 10000 */,
                             INT64_MAX};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct der_out o = over(100);
        der_add_time(&o, times[i]);
        refused(&o, ERR_RANGE);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(der_write, integers)
{
    const struct {
        bytes in, want;
    } rows[] = {
        {BYTES_ABSENT, BYTES_LIT("\x02\x01\x00")},
        {BYTES_LIT("\0"), BYTES_LIT("\x02\x01\x00")},
        {BYTES_LIT("\0\0\0"), BYTES_LIT("\x02\x01\x00")},
        {BYTES_LIT("\x7f"), BYTES_LIT("\x02\x01\x7f")},
        {BYTES_LIT("\x80"), BYTES_LIT("\x02\x02\x00\x80")},
        {BYTES_LIT("\0\0\x80\x01"), BYTES_LIT("\x02\x03\x00\x80\x01")},
        {BYTES_LIT("\0\x01\x00"), BYTES_LIT("\x02\x02\x01\x00")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct der_out o = over(100);
        der_add_unsigned(&o, rows[i].in);
        expect(&o, rows[i].want, "number");
    }
    struct der_out o = over(100);
    der_add_u64(&o, 0);
    der_add_u64(&o, 255);
    der_add_u64(&o, UINT64_MAX);
    expect(&o, BYTES_LIT("\x02\x01\x00\x02\x02\x00\xff\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff"), "small ones");
}

Test(der_write, lengths_are_minimal)
{
    static uint8_t zeros[66000];
    const struct {
        size_t len;
        bytes head;
    } rows[] = {
        {0, BYTES_LIT("\x04\x00")},
        {127, BYTES_LIT("\x04\x7f")},
        {128, BYTES_LIT("\x04\x81\x80")},
        {255, BYTES_LIT("\x04\x81\xff")},
        {256, BYTES_LIT("\x04\x82\x01\x00")},
        {65535, BYTES_LIT("\x04\x82\xff\xff")},
        {65536, BYTES_LIT("\x04\x83\x01\x00\x00")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct der_out o = over(sizeof memory);
        der_add_element(&o, DER_OCTET_STRING, BYTES(zeros, rows[i].len));
        bytes have;
        cr_assert(is_ok(der_finish(&o, "string", &have, NULL)));
        cr_expect(bytes_eq(bytes_slice(have, 0, rows[i].head.len), rows[i].head), "%zu", rows[i].len);
        struct cursor c = cursor_over(have);
        cr_expect_eq(der_get(&c, DER_OCTET_STRING, "string").len, rows[i].len);
        cr_expect(is_ok(cursor_end(&c, NULL)));
    }
}

Test(der_write, times)
{
    const struct {
        int64_t time;
        bytes want;
    } rows[] = {
        {0, BYTES_LIT("\x17\x0d"
                      "700101000000Z")},
        {-631152000, BYTES_LIT("\x17\x0d"
                               "500101000000Z")},
        {2524607999, BYTES_LIT("\x17\x0d"
                               "491231235959Z")},
        {2524608000, BYTES_LIT("\x18\x0f"
                               "20500101000000Z")},
        {253402300799, BYTES_LIT("\x18\x0f"
                                 "99991231235959Z")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct der_out o = over(100);
        der_add_time(&o, rows[i].time);
        expect(&o, rows[i].want, "time");
    }
}

Test(der_write, others)
{
    struct der_out o = over(100);
    der_add_bool(&o, true);
    der_add_bool(&o, false);
    der_add_octet_bits(&o, BYTES_LIT("ab"));
    der_add_element(&o, DER_UTF8_STRING, BYTES_LIT("c"));
    der_add(&o, BYTES_ABSENT);
    expect(&o,
           BYTES_LIT("\x01\x01\xff\x01\x01\x00\x03\x03\x00"
                     "ab\x0c\x01"
                     "c"),
           "others");
}
