/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/time.h"

#include <stdio.h>

#include "parse/text.h"

#define DAY_SECONDS  86400
#define DAYS_TO_1970 719528 /* from 0000-01-01 to 1970-01-01 */
#define DAYS_IN_400Y 146097

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 0000-01-01 to the first of January of `year`, which is at most 9999 and a leap year when it is 0. */
static unsigned days_before_year(unsigned year)
{
    if (year == 0) return 0;
    unsigned past = year - 1;
    return 365 * year + past / 4 - past / 100 + past / 400 + 1;
}

status time_from_civil(const struct time_civil *civil, int64_t *out, struct err *err)
{
    const struct time_civil c = *civil;
    if (c.year > 9999) return err_set(err, ERR_RANGE, 0, "year: want at most 9999, have %u", c.year);
    if (c.month < 1 || c.month > 12) return err_set(err, ERR_RANGE, 0, "month: want 1 to 12, have %u", c.month);
    if (c.day < 1 || c.day > days_in_month(c.year, c.month))
        return err_set(err, ERR_RANGE, 0, "day: want 1 to %u in month %u of %u, have %u",
                       days_in_month(c.year, c.month), c.month, c.year, c.day);
    if (c.hour > 23 || c.minute > 59 || c.second > 59)
        return err_set(err, ERR_RANGE, 0, "time of day: want at most 23:59:59, have %02u:%02u:%02u", c.hour, c.minute,
                       c.second);
    int64_t days = (int64_t)days_before_year(c.year) + (c.day - 1) - DAYS_TO_1970;
    for (unsigned m = 1; m < c.month; m++)
        days += days_in_month(c.year, m);
    *out = days * DAY_SECONDS + (int64_t)(c.hour * 3600 + c.minute * 60 + c.second);
    return OK;
}

status time_to_civil(int64_t time, struct time_civil *out, struct err *err)
{
    if (time < TIME_MIN || time > TIME_MAX)
        return err_set(err, ERR_RANGE, 0, "time: want a point in the years 0 to 9999, have %lld seconds",
                       (long long)time);
    uint64_t since = (uint64_t)(time - TIME_MIN);
    unsigned day = (unsigned)(since / DAY_SECONDS), second = (unsigned)(since % DAY_SECONDS);

    /* The quotient is the year or the one after it, since a year is at most a little shorter than the average. */
    unsigned year = (unsigned)((uint64_t)day * 400 / DAYS_IN_400Y);
    if (days_before_year(year) > day)
        year--;
    else if (days_before_year(year + 1) <= day)
        year++;
    unsigned month = 1, left = day - days_before_year(year);
    while (month < 12 && left >= days_in_month(year, month))
        left -= days_in_month(year, month++);
    *out = (struct time_civil){year, month, left + 1, second / 3600, second / 60 % 60, second % 60};
    return OK;
}

/* A form says what each byte is: one of these letters a digit of that field, '+' either sign, any other character
 * itself.  It is shown to the user as it stands. */
enum field { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, OFFSET_HOUR, OFFSET_MINUTE, FIELD_COUNT };

static const char field_letters[FIELD_COUNT] = {'Y', 'M', 'D', 'h', 'm', 's', 'H', 'N'};

#define FORM_UTC         "YYYY-MM-DDThh:mm:ssZ"
#define FORM_OFFSET      "YYYY-MM-DDThh:mm:ss+HH:NN"
#define FORM_UTCTIME     "YYMMDDhhmmssZ"
#define FORM_GENERALIZED "YYYYMMDDhhmmssZ"

static size_t field_of(char letter)
{
    size_t f = 0;
    while (f < FIELD_COUNT && field_letters[f] != letter)
        f++;
    return f;
}

static bool fits_form(char form, uint8_t have)
{
    if (field_of(form) < FIELD_COUNT) return have >= '0' && have <= '9';
    return have == (uint8_t)form || (form == '+' && have == '-');
}

static status read_form(bytes text, const char *form, unsigned value[FIELD_COUNT], struct err *err)
{
    size_t len = strlen(form), common = text.len < len ? text.len : len;
    for (size_t i = 0; i < common; i++) {
        if (!fits_form(form[i], text.ptr[i]))
            return err_set(err, ERR_SYNTAX, i, "time: want %s, have %s", form, text_quote(text).s);
        size_t f = field_of(form[i]);
        if (f < FIELD_COUNT) value[f] = 10 * value[f] + (unsigned)(text.ptr[i] - '0');
    }
    if (text.len == len) return OK;
    return err_set(err, text.len < len ? ERR_TRUNCATED : ERR_TRAILING, common, "time: want %s, have %s", form,
                   text_quote(text).s);
}

static status from_fields(const unsigned value[FIELD_COUNT], bytes text, int64_t *out, struct err *err)
{
    struct time_civil civil = {value[YEAR], value[MONTH], value[DAY], value[HOUR], value[MINUTE], value[SECOND]};
    return err_in(err, time_from_civil(&civil, out, err), "time %s", text_quote(text).s);
}

static status apply_offset(const unsigned value[FIELD_COUNT], bool west, bytes text, int64_t *time, struct err *err)
{
    if (value[OFFSET_HOUR] > 23 || value[OFFSET_MINUTE] > 59)
        return err_set(err, ERR_RANGE, 19, "time %s: offset: want at most 23:59", text_quote(text).s);
    int64_t offset = (int64_t)(value[OFFSET_HOUR] * 3600 + value[OFFSET_MINUTE] * 60);
    int64_t utc = west ? *time + offset : *time - offset;
    if (utc < TIME_MIN || utc > TIME_MAX)
        return err_set(err, ERR_RANGE, 19, "time %s: outside the years 0 to 9999 in UTC", text_quote(text).s);
    *time = utc;
    return OK;
}

status time_parse_rfc3339(bytes text, int64_t *out, struct err *err)
{
    bool west = text.len > 19 && text.ptr[19] == '-', east = text.len > 19 && text.ptr[19] == '+';
    unsigned value[FIELD_COUNT] = {0};
    TRY(read_form(text, west || east ? FORM_OFFSET : FORM_UTC, value, err));
    int64_t time = 0;
    TRY(from_fields(value, text, &time, err));
    TRY(apply_offset(value, west, text, &time, err));
    *out = time;
    return OK;
}

status time_parse_utctime(bytes text, int64_t *out, struct err *err)
{
    unsigned value[FIELD_COUNT] = {0};
    TRY(read_form(text, FORM_UTCTIME, value, err));
    value[YEAR] += value[YEAR] >= 50 ? 1900 : 2000;
    return from_fields(value, text, out, err);
}

status time_parse_generalizedtime(bytes text, int64_t *out, struct err *err)
{
    unsigned value[FIELD_COUNT] = {0};
    TRY(read_form(text, FORM_GENERALIZED, value, err));
    return from_fields(value, text, out, err);
}

status time_write_rfc3339(int64_t time, char out[TIME_TEXT_SIZE], struct err *err)
{
    struct time_civil c = {0};
    TRY(time_to_civil(time, &c, err));
    (void)snprintf(out, TIME_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", c.year % 10000, c.month % 100, c.day % 100,
                   c.hour % 100, c.minute % 100, c.second % 100);
    return OK;
}
