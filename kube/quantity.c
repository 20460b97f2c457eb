/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/quantity.h"

#include "parse/text.h"

/* 2^63 - 1 is as far as Kubernetes counts.  More digits than 10^-9 and this need say nothing that counts. */
#define UNITS_MAX  INT64_MAX
#define NANO       1000000000u
#define DIGITS_MAX 36

struct number {
    unsigned __int128 digits; /* without the point */
    size_t count, behind;     /* of digits, and of those behind the point */
    bool is_negative;
    bytes suffix;
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static status refuse(bytes text, struct err *err)
{
    return err_set(err, ERR_SYNTAX, 0, "want a quantity such as 700Mi or 1.5G, have %s", text_quote(text).s);
}

static status read_number(bytes text, struct number *out, struct err *err)
{
    struct number n = {0};
    size_t at = text.len > 0 && (text.ptr[0] == '+' || text.ptr[0] == '-');
    bool has_point = false;
    n.is_negative = at == 1 && text.ptr[0] == '-';
    for (; at < text.len && (is_digit(text.ptr[at]) || (text.ptr[at] == '.' && !has_point)); at++) {
        has_point = has_point || text.ptr[at] == '.';
        if (text.ptr[at] == '.') continue;
        if (n.count++ == DIGITS_MAX)
            return err_set(err, ERR_RANGE, 0, "want a quantity of at most %d digits, have %s", DIGITS_MAX,
                           text_quote(text).s);
        n.digits = n.digits * 10 + (text.ptr[at] - '0');
        n.behind += has_point;
    }
    n.suffix = bytes_slice(text, at, text.len - at);
    if (n.count == 0) return refuse(text, err);
    *out = n;
    return OK;
}

struct unit {
    int ten, two; /* the exponents */
};

static bool find_unit(bytes suffix, struct unit *out)
{
    static const struct {
        char name[3];
        struct unit unit;
    } units[] = {{"", {0, 0}},    {"n", {-9, 0}},  {"u", {-6, 0}},  {"m", {-3, 0}}, {"k", {3, 0}},   {"M", {6, 0}},
                 {"G", {9, 0}},   {"T", {12, 0}},  {"P", {15, 0}},  {"E", {18, 0}}, {"Ki", {0, 10}}, {"Mi", {0, 20}},
                 {"Gi", {0, 30}}, {"Ti", {0, 40}}, {"Pi", {0, 50}}, {"Ei", {0, 60}}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (bytes_eq(suffix, text_bytes(units[i].name))) {
            *out = units[i].unit;
            return true;
        }
    return false;
}

/* "e6", "E-3": at most two digits, for more would be out of range. */
static bool find_exponent(bytes suffix, struct unit *out)
{
    uint64_t exponent;
    if (suffix.len < 2 || (suffix.ptr[0] | 0x20) != 'e') return false;
    bool is_signed = suffix.ptr[1] == '+' || suffix.ptr[1] == '-';
    bytes digits = bytes_slice(suffix, 1 + is_signed, suffix.len - 1 - is_signed);
    if (!is_ok(decimal_parse(digits, 99, &exponent, NULL))) return false;
    *out = (struct unit){.ten = suffix.ptr[1] == '-' ? -(int)exponent : (int)exponent};
    return true;
}

static bool scale(struct number n, struct unit unit, unsigned __int128 *out)
{
    unsigned __int128 value = n.digits;
    int ten = unit.ten + 9 - (int)n.behind;
    bool is_exact = true;
    /* Powers of two first: nothing is lost by them. */
    if (__builtin_mul_overflow(value, (unsigned __int128)1 << unit.two, &value)) return false;
    for (; ten > 0 && value > 0; ten--)
        if (__builtin_mul_overflow(value, 10u, &value)) return false;
    for (; ten < 0; ten++) {
        is_exact = is_exact && value % 10 == 0;
        value /= 10;
    }
    *out = value + !is_exact;
    return true;
}

status quantity_parse(bytes text, struct quantity *out, struct err *err)
{
    struct number n = {0};
    struct unit unit;
    unsigned __int128 nano = 0;
    TRY(read_number(text, &n, err));
    if (!find_unit(n.suffix, &unit) && !find_exponent(n.suffix, &unit)) return refuse(text, err);
    bool fits = scale(n, unit, &nano) && nano <= (unsigned __int128)UNITS_MAX * NANO;
    if (!fits || (n.is_negative && nano > 0))
        return err_set(err, ERR_RANGE, 0, "want a quantity from 0 to 2^63 - 1, have %s", text_quote(text).s);
    *out = (struct quantity){nano};
    return OK;
}

uint64_t quantity_units(struct quantity q)
{
    return (uint64_t)(q.nano / NANO + (q.nano % NANO != 0));
}
