/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/text.h"

#include <stdio.h>

/* `split` is for Eva, as in parse/cursor.c: each place is then a case of its own. */
size_t text_find(bytes text, size_t from, uint8_t c)
{
    while (from < text.len && text.ptr[from] != c)
        from++;
    //@ split from;
    return from < text.len ? from : text.len;
}

bytes text_take_part(bytes *rest, uint8_t separator)
{
    size_t n = text_find(*rest, 0, separator);
    bytes part = bytes_slice(*rest, 0, n);
    *rest = n < rest->len ? bytes_slice(*rest, n + 1, rest->len - n - 1) : BYTES_ABSENT;
    return part;
}

static const char hex_digits[16] = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

#define NOT_A_DIGIT 0xffu

static uint8_t hex_value(uint8_t c, enum hex_case letters)
{
    if (c >= '0' && c <= '9') return (uint8_t)(c - '0');
    if (c >= 'a' && c <= 'f') return (uint8_t)(c - 'a' + 10);
    if (letters == HEX_ANY_CASE && c >= 'A' && c <= 'F') return (uint8_t)(c - 'A' + 10);
    return NOT_A_DIGIT;
}

status hex_parse(bytes text, enum hex_case letters, uint8_t *out, size_t len, struct err *err)
{
    if (text.len / 2 != len || text.len % 2 != 0) {
        size_t offset = text.len / 2 < len ? text.len : 2 * len;
        return err_set(err, text.len / 2 < len ? ERR_TRUNCATED : ERR_TRAILING, offset,
                       "hex: want %zu digits (%zu bytes), have %zu characters", 2 * len, len, text.len);
    }
    for (size_t i = 0; i < text.len; i++) {
        if (hex_value(text.ptr[i], letters) != NOT_A_DIGIT) continue;
        return err_set(err, ERR_SYNTAX, i, "hex: not a %shex digit at byte %zu: %s",
                       letters == HEX_LOWER ? "lower-case " : "", i, text_quote(bytes_slice(text, i, 1)).s);
    }
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(hex_value(text.ptr[2 * i], letters) << 4 | hex_value(text.ptr[2 * i + 1], letters));
    return OK;
}

/* The two digits of each byte; the caller has seen to the room. */
static void put_hex(bytes in, char *out)
{
    for (size_t i = 0; i < in.len; i++) {
        out[2 * i] = hex_digits[in.ptr[i] >> 4];
        out[2 * i + 1] = hex_digits[in.ptr[i] & 15];
    }
    out[2 * in.len] = '\0';
}

status hex_write(bytes in, char *out, size_t cap, struct err *err)
{
    if (cap == 0 || in.len > (cap - 1) / 2)
        return err_set(err, ERR_NOMEM, 0, "hex: %zu bytes do not fit into %zu characters", in.len, cap);
    put_hex(in, out);
    return OK;
}

enum { BASE64_VALUE = 0x3f, IN_STANDARD = 0x40, IN_URL = 0x80 };

/* What each character stands for, and in which alphabets, from 0x20 to 0x7f. */
static const uint8_t base64_digits[6 * 16] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x7e, 0x00, 0xbe, 0x00, 0x7f, /* 0x20 */
    0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* 0x30 */
    0x00, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, /* 0x40 */
    0xcf, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0x00, 0x00, 0x00, 0x00, 0xbf, /* 0x50 */
    0x00, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, /* 0x60 */
    0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf2, 0xf3, 0x00, 0x00, 0x00, 0x00, 0x00, /* 0x70 */
};

static uint8_t base64_entry(uint8_t c)
{
    return c >= 0x20 && c < 0x80 ? base64_digits[c - 0x20] : 0;
}

static uint8_t base64_value(uint8_t c)
{
    return base64_entry(c) & BASE64_VALUE;
}

/* '=' at the end: 0, 1 or 2. */
static size_t base64_padding(bytes text)
{
    size_t n = 0;
    while (n < 2 && n < text.len && text.ptr[text.len - 1 - n] == '=')
        n++;
    return n;
}

static bool all_are_digits(bytes text, size_t digits, uint8_t alphabet)
{
    uint8_t all = alphabet;
    for (size_t i = 0; i < digits; i++)
        all &= base64_entry(text.ptr[i]);
    return all != 0;
}

static status refuse_digit(bytes text, uint8_t alphabet, struct err *err)
{
    size_t i = 0;
    while (i < text.len && (base64_entry(text.ptr[i]) & alphabet))
        i++;
    return err_set(err, ERR_SYNTAX, i, "base64: not a digit at byte %zu: %s", i, text_quote(bytes_slice(text, i, 1)).s);
}

static status check_base64(bytes text, size_t digits, uint8_t alphabet, struct err *err)
{
    if (!all_are_digits(text, digits, alphabet)) return refuse_digit(text, alphabet, err);
    if (text.len % 4 != 0)
        return err_set(err, ERR_TRUNCATED, text.len, "base64: %zu characters are not a multiple of 4", text.len);
    /* 2 digits hold 12 bits for 1 byte, 3 hold 18 for 2: what is left over says nothing and must say it in one way. */
    uint8_t unused = digits % 4 == 2 ? 0x0f : digits % 4 == 3 ? 0x03 : 0;
    if (unused && base64_value(text.ptr[digits - 1]) & unused)
        return err_set(err, ERR_SYNTAX, digits - 1, "base64: unused bits of the last digit, byte %zu, are not 0",
                       digits - 1);
    return OK;
}

/* Four digits to three bytes, as often as that goes, and what is left over. */
static void put_base64(bytes text, uint8_t *out, size_t len)
{
    size_t at = 0, i = 0;
    for (; len - i >= 3; at += 4, i += 3) {
        uint32_t bits = (uint32_t)base64_value(text.ptr[at]) << 18 | (uint32_t)base64_value(text.ptr[at + 1]) << 12 |
                        (uint32_t)base64_value(text.ptr[at + 2]) << 6 | base64_value(text.ptr[at + 3]);
        out[i] = (uint8_t)(bits >> 16);
        out[i + 1] = (uint8_t)(bits >> 8);
        out[i + 2] = (uint8_t)bits;
    }
    for (unsigned shift = 4; i < len; at++, i++, shift -= 2) {
        unsigned pair = (unsigned)base64_value(text.ptr[at]) << 6 | base64_value(text.ptr[at + 1]);
        out[i] = (uint8_t)(pair >> shift);
    }
}

status base64_parse(bytes text, enum base64_alphabet alphabet, uint8_t *buf, size_t cap, bytes *out, struct err *err)
{
    size_t digits = text.len - base64_padding(text);
    TRY(check_base64(text, digits, alphabet == BASE64_URL ? IN_URL : IN_STANDARD, err));

    size_t len = digits / 4 * 3 + digits % 4 * 3 / 4;
    if (len > cap) return err_set(err, ERR_NOMEM, 0, "base64: %zu bytes do not fit into %zu", len, cap);
    put_base64(text, buf, len);
    *out = (bytes){buf, len};
    return OK;
}

static char base64_digit(unsigned value, enum base64_alphabet alphabet)
{
    if (value < 26) return (char)('A' + value);
    if (value < 52) return (char)('a' + (value - 26));
    if (value < 62) return (char)('0' + (value - 52));
    if (value == 62) return alphabet == BASE64_URL ? '-' : '+';
    return alphabet == BASE64_URL ? '_' : '/';
}

status base64_write(bytes in, enum base64_alphabet alphabet, char *out, size_t cap, struct err *err)
{
    size_t groups = in.len / 3 + (in.len % 3 != 0);
    if (cap == 0 || groups > (cap - 1) / 4)
        return err_set(err, ERR_NOMEM, 0, "base64: %zu bytes do not fit into %zu characters", in.len, cap);
    for (size_t g = 0; g < groups; g++) {
        size_t from = 3 * g, have = in.len - from < 3 ? in.len - from : 3;
        unsigned bits = (unsigned)in.ptr[from] << 16;
        if (have > 1) bits |= (unsigned)in.ptr[from + 1] << 8;
        if (have > 2) bits |= in.ptr[from + 2];
        for (size_t k = 0; k < 4; k++)
            out[4 * g + k] = k <= have ? base64_digit(bits >> (18 - 6 * k) & 63, alphabet) : '=';
    }
    out[4 * groups] = '\0';
    return OK;
}

status decimal_parse(bytes text, uint64_t max, uint64_t *out, struct err *err)
{
    if (text.len == 0) return err_set(err, ERR_TRUNCATED, 0, "number: empty, want decimal digits");
    uint64_t value = 0;
    bool fits = true;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return err_set(err, ERR_SYNTAX, i, "number: not a decimal digit at byte %zu: %s", i, text_quote(text).s);
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        fits = fits && value <= (UINT64_MAX - digit) / 10;
        if (fits) value = 10 * value + digit;
    }
    if (text.len > 1 && text.ptr[0] == '0')
        return err_set(err, ERR_SYNTAX, 0, "number: leading 0: %s", text_quote(text).s);
    if (!fits || value > max)
        return err_set(err, ERR_RANGE, 0, "number: want at most %llu, have %s", (unsigned long long)max,
                       text_quote(text).s);
    *out = value;
    return OK;
}

static bool in_range(bytes text, size_t at, uint8_t least, uint8_t most)
{
    return at < text.len && text.ptr[at] >= least && text.ptr[at] <= most;
}

/* The Unicode Standard, table 3-7: the second byte alone tells an overlong form, a surrogate and a too large one. */
size_t utf8_length(bytes text, size_t at)
{
    static const struct {
        uint8_t first, last, least, most, length;
    } forms[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    if (at >= text.len) return 0;
    if (text.ptr[at] < 0x80) return 1;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!in_range(text, at, forms[i].first, forms[i].last)) continue;
        if (!in_range(text, at + 1, forms[i].least, forms[i].most)) return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if (!in_range(text, at + k, 0x80, 0xbf)) return 0;
        return forms[i].length;
    }
    return 0;
}

size_t utf8_encode(uint32_t code, uint8_t out[4])
{
    static const uint8_t first[5] = {0, 0x00, 0xc0, 0xe0, 0xf0};
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        out[i] = (uint8_t)(0x80 | (code & 0x3f));
    out[0] = (uint8_t)(first[len] | code);
    return len;
}

status utf8_check(bytes text, struct err *err)
{
    for (size_t at = 0; at < text.len;) {
        size_t n = utf8_length(text, at);
        if (n == 0) return err_set(err, ERR_SYNTAX, at, "not UTF-8 at byte %zu", at);
        at += n;
    }
    return OK;
}

struct text_place text_place_of(bytes text, size_t offset)
{
    struct text_place place = {1, 1};
    for (size_t i = 0; i < offset && i < text.len; i++) {
        bool ends_line = text.ptr[i] == '\n';
        place.line += ends_line;
        place.column = ends_line ? 1 : place.column + 1;
    }
    return place;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t text_distance(bytes a, bytes b)
{
    size_t row_above[TEXT_DISTANCE_MAX + 1];
    if (a.len > TEXT_DISTANCE_MAX || b.len > TEXT_DISTANCE_MAX) return SIZE_MAX;
    for (size_t k = 0; k <= b.len; k++)
        row_above[k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row_above[0];
        row_above[0] = i;
        for (size_t k = 1; k <= b.len; k++) {
            size_t replaced = diagonal + (a.ptr[i - 1] != b.ptr[k - 1]);
            diagonal = row_above[k];
            row_above[k] = least(replaced, least(row_above[k], row_above[k - 1]) + 1);
        }
    }
    return row_above[b.len];
}

/* One byte as it may appear in a message; returns how many characters of out[0..4) it took. */
static size_t put_quoted(uint8_t c, char *out)
{
    char letter = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c == '"' || c == '\\' ? (char)c : '\0';
    if (letter) {
        out[0] = '\\';
        out[1] = letter;
        return 2;
    }
    if (c >= 0x20 && c < 0x7f) {
        out[0] = (char)c;
        return 1;
    }
    out[0] = '\\';
    out[1] = 'x';
    out[2] = hex_digits[c >> 4];
    out[3] = hex_digits[c & 15];
    return 4;
}

struct text_quoted text_quote(bytes in)
{
    if (bytes_is_absent(in)) return (struct text_quoted){"absent"};
    struct text_quoted q = {""};
    size_t n = 0;
    q.s[n++] = '"';
    for (size_t i = 0; i < in.len && i < TEXT_QUOTE_BYTES; i++)
        n += put_quoted(in.ptr[i], &q.s[n]);
    q.s[n++] = '"';
    q.s[n] = '\0';
    if (in.len > TEXT_QUOTE_BYTES) (void)snprintf(&q.s[n], sizeof q.s - n, "..(%zu)", in.len);
    return q;
}

struct text_hexed text_hex(bytes in)
{
    if (bytes_is_absent(in)) return (struct text_hexed){"absent"};
    struct text_hexed h = {""};
    size_t shown = in.len < TEXT_HEX_BYTES ? in.len : TEXT_HEX_BYTES;
    put_hex((bytes){in.ptr, shown}, h.s);
    if (in.len > shown) (void)snprintf(&h.s[2 * shown], sizeof h.s - 2 * shown, "..(%zu)", in.len);
    return h;
}
