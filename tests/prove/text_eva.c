/* SPDX-License-Identifier: Apache-2.0 */
/* Any text of up to 6 characters in each notation, and any bytes written in it.
 *
 * Eva: -eva-slevel 60 -eva-min-loop-unroll 12 */
#include "parse/text.h"
#include "tests/prove/input.h"

enum { LONGEST = 6 };

static void parse(size_t n)
{
    uint8_t text[LONGEST], raw[LONGEST];
    struct err err = {0};
    bytes in = INPUT(text, n), view;
    uint64_t number;
    enum hex_case letters = any(0, 1) ? HEX_LOWER : HEX_ANY_CASE;
    enum base64_alphabet alphabet = any(0, 1) ? BASE64_STANDARD : BASE64_URL;

    (void)is_ok(hex_parse(in, letters, raw + LONGEST - n / 2, n / 2, &err));
    (void)is_ok(hex_parse(in, letters, raw, n / 2 + 1, &err));
    UNKNOWN(raw);
    if (is_ok(base64_parse(in, alphabet, raw, LONGEST, &view, &err))) (void)bytes_are_zero(view);
    if (is_ok(base64_parse(in, alphabet, raw + LONGEST - n / 2, n / 2, &view, &err))) {
        //@ assert inside: view.len <= n / 2;
        (void)bytes_are_zero(view);
    }
    if (is_ok(decimal_parse(in, 1000, &number, &err))) {
        //@ assert at_most: number <= 1000;
        (void)number;
    }
    (void)is_ok(utf8_check(in, &err));
    bytes rest = in;
    (void)bytes_are_zero(text_take_part(&rest, '.'));
    struct text_place place = text_place_of(in, (size_t)any(0, LONGEST + 1));
    //@ assert on_paper: 1 <= place.line <= n + 1 && 1 <= place.column <= n + 1;
    (void)place;
}

static void write(size_t n)
{
    uint8_t raw[LONGEST];
    char hex[HEX_TEXT_SIZE(LONGEST)], base64[BASE64_TEXT_SIZE(LONGEST)];
    struct err err = {0};
    bytes in = INPUT(raw, n);
    size_t hex_size = HEX_TEXT_SIZE(n), base64_size = BASE64_TEXT_SIZE(n);
    if (is_ok(hex_write(in, hex + sizeof hex - hex_size, hex_size, &err))) (void)strlen(hex + sizeof hex - hex_size);
    (void)is_ok(hex_write(in, hex, hex_size - 1, &err));
    enum base64_alphabet alphabet = any(0, 1) ? BASE64_STANDARD : BASE64_URL;
    if (is_ok(base64_write(in, alphabet, base64 + sizeof base64 - base64_size, base64_size, &err)))
        (void)strlen(base64 + sizeof base64 - base64_size);
    (void)is_ok(base64_write(in, alphabet, base64, base64_size - 1, &err));
}

static void compare(size_t n)
{
    uint8_t text[LONGEST], other[TEXT_DISTANCE_MAX + 1];
    (void)text_distance(INPUT(text, n), INPUT(other, 2));
    size_t distance = text_distance(INPUT(text, n), INPUT(other, TEXT_DISTANCE_MAX + 1));
    //@ assert too_long: distance == SIZE_MAX;
}

static void encode(void)
{
    uint8_t out[4];
    size_t n = utf8_encode((uint32_t)any(0, INT_MAX), out);
    //@ assert at_most: n <= 4;
}

int main(void)
{
    encode();
    //@ loop unroll LONGEST + 1;
    for (size_t n = 0; n <= LONGEST; n++) {
        parse(n);
        write(n);
        compare(n);
    }
    return 0;
}
