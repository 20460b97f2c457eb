/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "parse/text.h"
#include "parse/time.h"

typedef status parse_fn(bytes text, int64_t *out, struct err *err);

struct refusal {
    const char *text;
    enum err_kind kind;
};

static void expect_refused(parse_fn *parse, const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t out = 77;
        struct err err = {0};
        cr_expect_eq(parse(text_bytes(rows[i].text), &out, &err).kind, rows[i].kind, "%s: %s", rows[i].text, err.text);
        cr_expect(out == 77 && err.text[0] && err.offset <= strlen(rows[i].text), "%s", rows[i].text);
    }
}

/* Every prefix is refused, so is an extra byte; another byte anywhere is refused or means another time. */
static void expect_one_spelling(parse_fn *parse, const char *text)
{
    size_t len = strlen(text);
    int64_t want = 0, out = 0;
    uint8_t copy[32];
    cr_assert(is_ok(parse(text_bytes(text), &want, NULL)));
    for (size_t n = 0; n < len; n++)
        cr_expect_not(is_ok(parse(BYTES((const uint8_t *)text, n), &out, NULL)), "%.*s", (int)n, text);
    for (int c = 0; c < 256; c++) {
        memcpy(copy, text, len);
        copy[len] = (uint8_t)c;
        cr_expect_not(is_ok(parse(BYTES(copy, len + 1), &out, NULL)), "%s and %02x", text, c);
        for (size_t i = 0; i < len; i++) {
            memcpy(copy, text, len);
            copy[i] = (uint8_t)c;
            if (copy[i] == (uint8_t)text[i] || !is_ok(parse(BYTES(copy, len), &out, NULL))) continue;
            cr_expect_neq(out, want, "%s with %02x at %zu", text, c, i);
        }
    }
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- RFC 3339 ---- */

Test(time, rfc3339_refuses)
{
    static const struct refusal rows[] = {
        {"", ERR_TRUNCATED},
        {"2026-11-23", ERR_TRUNCATED},
        {"2026-11-23T00:00:00", ERR_TRUNCATED},
        {"2026-11-23T00:00:00+01", ERR_TRUNCATED},
        {"2026-11-23T00:00:00Z ", ERR_TRAILING},
        {"2026-11-23T00:00:00+01:00Z", ERR_TRAILING},
        {"2026-11-23t00:00:00Z", ERR_SYNTAX},
        {"2026-11-23T00:00:00z", ERR_SYNTAX},
        {"2026-11-23 00:00:00Z", ERR_SYNTAX},
        {"2026-11-23T00:00:00.5Z", ERR_SYNTAX},
        {"2026-11-23T00:00:00+0100", ERR_SYNTAX},
        {"+026-11-23T00:00:00Z", ERR_SYNTAX},
        {"2026-1-023T00:00:00Z", ERR_SYNTAX},
        {" 2026-11-23T00:00:00Z", ERR_SYNTAX},
        {"2026-11-23T00:00:00\x1bZ", ERR_SYNTAX},
        {"2026-00-23T00:00:00Z", ERR_RANGE},
        {"2026-13-23T00:00:00Z", ERR_RANGE},
        {"2026-11-00T00:00:00Z", ERR_RANGE},
        {"2026-11-31T00:00:00Z", ERR_RANGE},
        {"2026-02-29T00:00:00Z", ERR_RANGE},
        {"1900-02-29T00:00:00Z", ERR_RANGE},
        {"2026-11-23T24:00:00Z", ERR_RANGE},
        {"2026-11-23T00:60:00Z", ERR_RANGE},
        {"2026-11-23T00:00:60Z", ERR_RANGE}, /* no leap seconds */
        {"2016-12-31T23:59:60Z", ERR_RANGE}, /* not even a true one */
        {"2026-11-23T00:00:00+24:00", ERR_RANGE},
        {"2026-11-23T00:00:00+00:60", ERR_RANGE},
        {"0000-01-01T00:00:00+00:01", ERR_RANGE},
        {"9999-12-31T23:59:59-00:01", ERR_RANGE},
    };
    expect_refused(time_parse_rfc3339, rows, COUNT(rows));
}

/* Values from `date -u -d TEXT +%s` and Python's datetime. */
Test(time, rfc3339_reads)
{
    static const struct {
        const char *text;
        int64_t want;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2026-11-23T00:00:00Z", 1795392000},
        {"2026-11-23T01:00:00+01:00", 1795392000},
        {"2026-11-22T18:30:00-05:30", 1795392000},
        {"2026-11-23T23:59:00+23:59", 1795392000},
        {"2026-11-23T00:00:00+00:00", 1795392000},
        {"2026-11-23T00:00:00-00:00", 1795392000},
        {"2000-02-29T12:34:56Z", 951827696},
        {"2024-02-29T23:59:59Z", 1709251199},
        {"2038-01-19T03:14:08Z", 2147483648},
        {"2100-03-01T00:00:00Z", 4107542400},
        {"0001-01-01T00:00:00Z", -62135596800},
        {"0000-01-01T00:00:00Z", TIME_MIN},
        {"9999-12-31T23:59:59Z", TIME_MAX},
        {"1990-12-31T15:59:59-08:00", 662687999},   /* RFC 3339 section 5.8, a second earlier */
        {"1937-01-01T12:00:27+00:20", -1041337173}, /* the same, without its fraction */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t out = 77;
        struct err err = {0};
        cr_expect(is_ok(time_parse_rfc3339(text_bytes(rows[i].text), &out, &err)), "%s", err.text);
        cr_expect_eq(out, rows[i].want, "%s: %lld", rows[i].text, (long long)out);
    }
}

Test(time, rfc3339_has_one_spelling_for_each_offset)
{
    expect_one_spelling(time_parse_rfc3339, "2026-11-23T04:05:06Z");
    expect_one_spelling(time_parse_rfc3339, "2026-11-23T04:05:06+01:30");
}

Test(time, error_text_is_safe)
{
    struct err err = {0};
    int64_t out;
    cr_expect_not(is_ok(time_parse_rfc3339(text_bytes("2026-11-31T00:00:00Z"), &out, &err)));
    cr_expect_str_eq(err.text, "time \"2026-11-31T00:00:00Z\": day: want 1 to 30 in month 11 of 2026, have 31");
    err = (struct err){0};
    cr_expect_not(is_ok(time_parse_rfc3339(text_bytes("\x1b[31m"), &out, &err)));
    cr_expect_str_eq(err.text, "time: want YYYY-MM-DDThh:mm:ssZ, have \"\\x1b[31m\"");
}

Test(time, writes)
{
    static const struct {
        int64_t time;
        const char *want;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},          {-1, "1969-12-31T23:59:59Z"},
        {1795392000, "2026-11-23T00:00:00Z"}, {951827696, "2000-02-29T12:34:56Z"},
        {4107542399, "2100-02-28T23:59:59Z"}, {-2203891200, "1900-03-01T00:00:00Z"},
        {TIME_MIN, "0000-01-01T00:00:00Z"},   {TIME_MAX, "9999-12-31T23:59:59Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[TIME_TEXT_SIZE];
        cr_assert(is_ok(time_write_rfc3339(rows[i].time, text, NULL)));
        cr_expect_str_eq(text, rows[i].want);
    }
    static const int64_t outside[] = {TIME_MIN - 1, TIME_MAX + 1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT(outside); i++) {
        char text[TIME_TEXT_SIZE] = "#";
        struct err err = {0};
        cr_expect_eq(time_write_rfc3339(outside[i], text, &err).kind, ERR_RANGE);
        cr_expect(err.text[0] && text[0] == '#');
    }
}

/* ---- the forms of X.509 ---- */

Test(time, utctime_refuses)
{
    static const struct refusal rows[] = {
        {"", ERR_TRUNCATED},
        {"2611230000Z", ERR_SYNTAX}, /* BER allows to leave the seconds out */
        {"261123000000", ERR_TRUNCATED},
        {"261123000000+0100", ERR_SYNTAX},
        {"261123000000ZZ", ERR_TRAILING},
        {"261123000000z", ERR_SYNTAX},
        {"20261123000000Z", ERR_SYNTAX},
        {"26112300000 Z", ERR_SYNTAX},
        {"261323000000Z", ERR_RANGE},
        {"260023000000Z", ERR_RANGE},
        {"260229000000Z", ERR_RANGE},
        {"261123240000Z", ERR_RANGE},
        {"261123006000Z", ERR_RANGE},
        {"161231235960Z", ERR_RANGE},
    };
    expect_refused(time_parse_utctime, rows, COUNT(rows));
    expect_one_spelling(time_parse_utctime, "261123040506Z");
}

Test(time, generalizedtime_refuses)
{
    static const struct refusal rows[] = {
        {"", ERR_TRUNCATED},
        {"202611230000Z", ERR_SYNTAX},
        {"20261123000000", ERR_TRUNCATED},
        {"20261123000000.5Z", ERR_SYNTAX},
        {"20261123000000,5Z", ERR_SYNTAX},
        {"20261123000000+0100", ERR_SYNTAX},
        {"20261123000000ZZ", ERR_TRAILING},
        {"261123000000Z", ERR_SYNTAX},
        {"20261323000000Z", ERR_RANGE},
        {"21000229000000Z", ERR_RANGE},
        {"20161231235960Z", ERR_RANGE},
    };
    expect_refused(time_parse_generalizedtime, rows, COUNT(rows));
    expect_one_spelling(time_parse_generalizedtime, "20611123040506Z");
}

Test(time, x509_forms_read)
{
    int64_t out = 0;
    cr_expect(is_ok(time_parse_utctime(text_bytes("500101000000Z"), &out, NULL)));
    cr_expect_eq(out, -631152000, "50 is 1950");
    cr_expect(is_ok(time_parse_utctime(text_bytes("491231235959Z"), &out, NULL)));
    cr_expect_eq(out, 2524607999, "49 is 2049");
    cr_expect(is_ok(time_parse_utctime(text_bytes("991231235959Z"), &out, NULL)));
    cr_expect_eq(out, 946684799);
    cr_expect(is_ok(time_parse_utctime(text_bytes("000229000000Z"), &out, NULL)));
    cr_expect_eq(out, 951782400);
    cr_expect(is_ok(time_parse_generalizedtime(text_bytes("20261123000000Z"), &out, NULL)));
    cr_expect_eq(out, 1795392000);
    cr_expect(is_ok(time_parse_generalizedtime(text_bytes("99991231235959Z"), &out, NULL)), "RFC 5280: no expiry");
    cr_expect_eq(out, TIME_MAX);
}

/* ---- the calendar ---- */

static bool leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Walks the 3 652 425 days of the calendar by adding one day after the other. */
Test(time, every_day_of_ten_thousand_years)
{
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct time_civil day = {0, 1, 1, 0, 0, 0};
    int64_t at = TIME_MIN;
    for (unsigned n = 0; day.year < 10000; n++, at += 86400) {
        int64_t got = 0;
        struct time_civil back = {0};
        int64_t second = at + n % 86400;
        if (!is_ok(time_from_civil(&day, &got, NULL)) || got != at)
            cr_assert_fail("%u-%u-%u", day.year, day.month, day.day);
        if (!is_ok(time_to_civil(second, &back, NULL))) cr_assert_fail("%lld", (long long)second);
        if (back.year != day.year || back.month != day.month || back.day != day.day ||
            back.hour * 3600 + back.minute * 60 + back.second != n % 86400 || back.minute > 59 || back.second > 59)
            cr_assert_fail("%lld", (long long)second);
        if (day.day++ < lengths[day.month - 1] + (day.month == 2 && leap(day.year))) continue;
        day.day = 1;
        if (day.month++ < 12) continue;
        day.month = 1;
        day.year++;
    }
    cr_expect_eq(at, TIME_MAX + 1);
}

Test(time, civil_fields_are_checked)
{
    static const struct time_civil bad[] = {
        {10000, 1, 1, 0, 0, 0},      {2026, 0, 1, 0, 0, 0},          {2026, 13, 1, 0, 0, 0},
        {2026, 1, 0, 0, 0, 0},       {2026, 1, 32, 0, 0, 0},         {2026, 2, 29, 0, 0, 0},
        {2026, 1, 1, 24, 0, 0},      {2026, 1, 1, 0, 60, 0},         {2026, 1, 1, 0, 0, 60},
        {UINT32_MAX, 1, 1, 0, 0, 0}, {2026, UINT32_MAX, 1, 0, 0, 0}, {2026, 1, UINT32_MAX, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t out = 77;
        struct err err = {0};
        cr_expect_eq(time_from_civil(&bad[i], &out, &err).kind, ERR_RANGE, "row %zu", i);
        cr_expect(out == 77 && err.text[0]);
    }
}
