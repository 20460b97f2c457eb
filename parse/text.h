/* SPDX-License-Identifier: Apache-2.0 */
/* parse/text.h: the small notations: hex, base64, decimal, UTF-8, and bytes made fit for a message.
 *
 * Each value has one spelling: what a parser accepts is exactly what the writer of that notation would write, with the
 * one exception of HEX_ANY_CASE.  Two spellings of one value are how a list of forbidden or expected values is passed
 * by.
 *
 * Texts are borrowed for the call only.  Offsets in errors count from the start of the text that was handed in.  A
 * buffer that is too small is ERR_NOMEM; an output is touched on success only, and must not overlap the input.
 */
#ifndef PARSE_TEXT_H
#define PARSE_TEXT_H

#include <string.h>

#include "parse/bytes.h"
#include "parse/status.h"

/* A string without its NUL. */
static inline bytes text_bytes(const char *s)
{
    return BYTES((const uint8_t *)s, strlen(s));
}

/* Where the first `c` at or behind `from` stands; text.len when there is none. */
size_t text_find(bytes text, size_t from, uint8_t c);

/* Takes the text up to the next `separator`, or all, off the front of `rest`, and the separator with it; absent when
 * nothing is left.  Text that ends in a separator has an empty part behind it. */
bytes text_take_part(bytes *rest, uint8_t separator);

enum hex_case {
    HEX_LOWER,    /* 0-9a-f, what we write */
    HEX_ANY_CASE, /* where a specification allows both; the value then has more than one spelling */
};

/* Exactly 2 * `len` digits, nothing else, into out[0..len). */
MUST_USE status hex_parse(bytes text, enum hex_case letters, uint8_t *out, size_t len, struct err *err);

#define HEX_TEXT_SIZE(n) (2 * (n) + 1) /* characters of hex_write's output with its NUL */

/* Lower-case digits and a NUL into out[0..cap). */
MUST_USE status hex_write(bytes in, char *out, size_t cap, struct err *err);

/* RFC 4648 sections 4 and 5. */
enum base64_alphabet {
    BASE64_STANDARD, /* ends in '+' and '/' */
    BASE64_URL,      /* ends in '-' and '_' */
};

/* Bytes that `n` characters of base64 hold at most. */
#define BASE64_BYTES_MAX(n) ((n) / 4 * 3)

/* Padded base64 without white space; the bits that fill up the last digit must be 0.  `*out` is a view of buf, which
 * is not NULL; the empty text is the empty value. */
MUST_USE status base64_parse(bytes text, enum base64_alphabet alphabet, uint8_t *buf, size_t cap, bytes *out,
                             struct err *err);

#define BASE64_TEXT_SIZE(n) (((n) + 2) / 3 * 4 + 1) /* characters of base64_write's output with its NUL */

/* Padded base64 in one line and a NUL into out[0..cap). */
MUST_USE status base64_write(bytes in, enum base64_alphabet alphabet, char *out, size_t cap, struct err *err);

/* A decimal number: digits only, no sign, no white space, no leading 0.  ERR_RANGE above `max`. */
MUST_USE status decimal_parse(bytes text, uint64_t max, uint64_t *out, struct err *err);

/* Length (1 to 4) of the UTF-8 character at `at`, or 0 when there is none: the end, a stray or missing continuation
 * byte, an overlong form, a surrogate or a code point above U+10FFFF. */
size_t utf8_length(bytes text, size_t at);

/* The character of a code point into out[0..4); its length, or 0 for a surrogate or what is above U+10FFFF. */
size_t utf8_encode(uint32_t code, uint8_t out[4]);

/* Well-formed UTF-8 throughout.  NUL and other control characters are well-formed. */
MUST_USE status utf8_check(bytes text, struct err *err);

/* Where a byte of a text stands, both from 1; a column is a byte. */
struct text_place {
    size_t line, column;
};

/* An offset behind the end is that of the end. */
struct text_place text_place_of(bytes text, size_t offset);

#define TEXT_DISTANCE_MAX 64

/* How many single characters have to be put in, taken out or replaced to make `b` of `a`: Levenshtein's distance, for
 * "did you mean".  SIZE_MAX when one of them is longer than TEXT_DISTANCE_MAX: nothing that is looked up is. */
size_t text_distance(bytes a, bytes b);

#define TEXT_QUOTE_BYTES 64 /* of foreign text in a message */
#define TEXT_HEX_BYTES   16 /* of a value in a message */

struct text_quoted {
    char s[4 * TEXT_QUOTE_BYTES + 32];
};

/* Foreign bytes for a message: "a\x1b[2J"..(5000): in quotes, printable ASCII as it is, everything else escaped, so
 * that nothing can steer a terminal, forge a line or reorder text; the first 64 bytes and, if there are more, how many
 * there were.  `absent` for an absent value.  Use it in place: err_set(err, ..., "%s", text_quote(name).s). */
struct text_quoted text_quote(bytes in);

struct text_hexed {
    char s[2 * TEXT_HEX_BYTES + 32];
};

/* A value for a message: its first 16 bytes in hex and, if there are more, how many there are: 00112233..(48). */
struct text_hexed text_hex(bytes in);

#endif
