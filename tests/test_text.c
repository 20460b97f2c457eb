/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "parse/text.h"

/* ---- hex ---- */

Test(hex, refuses_what_is_not_exactly_lower_case_digits)
{
    static const struct {
        const char *text;
        enum err_kind kind;
        size_t offset;
    } rows[] = {
        {"", ERR_TRUNCATED, 0},     {"0", ERR_TRUNCATED, 1},     {"0a", ERR_TRUNCATED, 2},   {"0a1", ERR_TRUNCATED, 3},
        {"0a1b2", ERR_TRAILING, 4}, {"0a1b2c", ERR_TRAILING, 4}, {"0a1b ", ERR_TRAILING, 4}, {"0a1B", ERR_SYNTAX, 3},
        {"0A1b", ERR_SYNTAX, 1},    {"0x1b", ERR_SYNTAX, 1},     {" a1b", ERR_SYNTAX, 0},    {"0a1g", ERR_SYNTAX, 3},
        {"0a1\x1b", ERR_SYNTAX, 3}, {"0a`b", ERR_SYNTAX, 2},     {"0a:b", ERR_SYNTAX, 2},    {"0a/b", ERR_SYNTAX, 2},
        {"0a@b", ERR_SYNTAX, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[2] = {0x55, 0x66};
        struct err err = {0};
        status s = hex_parse(text_bytes(rows[i].text), HEX_LOWER, out, sizeof out, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].text, err.text);
        cr_expect_eq(err.offset, rows[i].offset, "%s: %zu", rows[i].text, err.offset);
        cr_expect(out[0] == 0x55 && out[1] == 0x66, "%s wrote", rows[i].text);
    }
}

Test(hex, refuses_a_nul_inside)
{
    uint8_t out[2];
    struct err err = {0};
    cr_expect_eq(hex_parse(BYTES_LIT("0a\0b"), HEX_LOWER, out, 2, &err).kind, ERR_SYNTAX);
    cr_expect_str_eq(err.text, "hex: not a lower-case hex digit at byte 2: \"\\x00\"");
}

Test(hex, accepts_exactly_16_or_22_digits)
{
    int lower = 0, any = 0;
    for (int c = 0; c < 256; c++) {
        uint8_t text[2] = {'0', (uint8_t)c}, out;
        lower += is_ok(hex_parse(BYTES_OF(text), HEX_LOWER, &out, 1, NULL));
        any += is_ok(hex_parse(BYTES_OF(text), HEX_ANY_CASE, &out, 1, NULL));
    }
    cr_expect_eq(lower, 16);
    cr_expect_eq(any, 22);
}

Test(hex, reads_and_writes)
{
    static const uint8_t want[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    uint8_t out[8] = {0};
    char text[HEX_TEXT_SIZE(8)];
    cr_assert(is_ok(hex_parse(text_bytes("0123456789abcdef"), HEX_LOWER, out, 8, NULL)));
    cr_expect_arr_eq(out, want, 8);
    memset(out, 0, sizeof out);
    cr_assert(is_ok(hex_parse(text_bytes("0123456789AbCdEF"), HEX_ANY_CASE, out, 8, NULL)));
    cr_expect_arr_eq(out, want, 8);
    cr_assert(is_ok(hex_write(BYTES_OF(want), text, sizeof text, NULL)));
    cr_expect_str_eq(text, "0123456789abcdef");
    cr_expect(is_ok(hex_parse(text_bytes(""), HEX_LOWER, out, 0, NULL)));
}

Test(hex, write_needs_room_for_the_nul)
{
    static const uint8_t in[2] = {0xff, 0x00};
    for (size_t cap = 0; cap < HEX_TEXT_SIZE(2); cap++) {
        char text[HEX_TEXT_SIZE(2)] = "####";
        struct err err = {0};
        cr_expect_eq(hex_write(BYTES_OF(in), text, cap, &err).kind, ERR_NOMEM);
        cr_expect_neq(err.text[0], '\0');
        cr_expect_str_eq(text, "####");
    }
}

/* ---- base64 ---- */

Test(base64, refuses_every_other_spelling)
{
    static const struct {
        const char *text;
        enum err_kind kind;
    } rows[] = {
        {"Z", ERR_TRUNCATED},     {"Zg", ERR_TRUNCATED},    {"Zg=", ERR_TRUNCATED},       {"Zm8", ERR_TRUNCATED},
        {"====", ERR_SYNTAX},     {"Z===", ERR_SYNTAX},     {"=Zg=", ERR_SYNTAX},         {"Zg=a", ERR_SYNTAX},
        {"Zg==Zg==", ERR_SYNTAX}, {"Zh==", ERR_SYNTAX},     {"Zv==", ERR_SYNTAX},         {"Zm9=", ERR_SYNTAX},
        {"Zm/=", ERR_SYNTAX},     {"Zm9v\n", ERR_SYNTAX},   {"Zm9v\r\nYg", ERR_SYNTAX},   {"Zm 9", ERR_SYNTAX},
        {" Zm9", ERR_SYNTAX},     {"Zm9v====", ERR_SYNTAX}, {"Zm9vYg==AAAA", ERR_SYNTAX}, {"-_-_", ERR_SYNTAX},
        {"Zm9\x80", ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t buf[16] = {0};
        bytes out = BYTES_ABSENT;
        struct err err = {0};
        status s = base64_parse(text_bytes(rows[i].text), BASE64_STANDARD, buf, sizeof buf, &out, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].text, err.text);
        cr_expect(err.offset <= strlen(rows[i].text) && err.text[0]);
        cr_expect(bytes_is_absent(out) && bytes_are_zero(BYTES_OF(buf)), "%s wrote", rows[i].text);
    }
}

Test(base64, alphabets_do_not_mix)
{
    uint8_t buf[3];
    bytes out;
    cr_expect(is_ok(base64_parse(text_bytes("+/+/"), BASE64_STANDARD, buf, 3, &out, NULL)));
    cr_expect(is_ok(base64_parse(text_bytes("-_-_"), BASE64_URL, buf, 3, &out, NULL)));
    cr_expect_not(is_ok(base64_parse(text_bytes("+/+/"), BASE64_URL, buf, 3, &out, NULL)));
    cr_expect_not(is_ok(base64_parse(text_bytes("+_+_"), BASE64_URL, buf, 3, &out, NULL)));
    for (int alphabet = BASE64_STANDARD; alphabet <= BASE64_URL; alphabet++) {
        int digits = 0;
        for (int c = 0; c < 256; c++) {
            uint8_t text[4] = {'A', 'A', (uint8_t)c, 'A'};
            digits += is_ok(base64_parse(BYTES_OF(text), (enum base64_alphabet)alphabet, buf, 3, &out, NULL));
        }
        cr_expect_eq(digits, 64);
    }
}

Test(base64, a_small_buffer_is_no_memory_and_untouched)
{
    for (size_t cap = 0; cap < 6; cap++) {
        uint8_t buf[6] = {0};
        bytes out = BYTES_ABSENT;
        struct err err = {0};
        cr_expect_eq(base64_parse(text_bytes("Zm9vYmFy"), BASE64_STANDARD, buf, cap, &out, &err).kind, ERR_NOMEM);
        cr_expect(err.text[0] && bytes_is_absent(out) && bytes_are_zero(BYTES_OF(buf)));
    }
    for (size_t cap = 0; cap < BASE64_TEXT_SIZE(4); cap++) {
        char text[BASE64_TEXT_SIZE(4)] = "#";
        cr_expect_eq(base64_write(text_bytes("foob"), BASE64_STANDARD, text, cap, NULL).kind, ERR_NOMEM);
        cr_expect_str_eq(text, "#");
    }
}

/* RFC 4648 section 10. */
Test(base64, rfc_4648_vectors)
{
    static const struct {
        const char *plain, *text;
    } rows[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t buf[6];
        bytes out = BYTES_ABSENT;
        char text[9];
        cr_assert(is_ok(base64_parse(text_bytes(rows[i].text), BASE64_STANDARD, buf, sizeof buf, &out, NULL)));
        cr_expect(bytes_eq(out, text_bytes(rows[i].plain)), "%s", rows[i].text);
        cr_assert(is_ok(base64_write(text_bytes(rows[i].plain), BASE64_STANDARD, text, sizeof text, NULL)));
        cr_expect_str_eq(text, rows[i].text);
    }
}

/* The value of each digit, by RFC 4648 tables 1 and 2: four digits that hold 0 to 63 in turn. */
Test(base64, every_digit_has_its_value)
{
    static const char *const tables[] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};
    for (int alphabet = BASE64_STANDARD; alphabet <= BASE64_URL; alphabet++) {
        uint8_t buf[48];
        bytes out;
        char text[65];
        cr_assert(
            is_ok(base64_parse(text_bytes(tables[alphabet]), (enum base64_alphabet)alphabet, buf, 48, &out, NULL)));
        cr_assert_eq(out.len, 48);
        for (unsigned i = 0; i < 64; i++) {
            unsigned first = i * 6 / 8, shift = i * 6 % 8;
            unsigned pair = (unsigned)buf[first] << 8 | (first + 1 < 48 ? buf[first + 1] : 0);
            cr_expect_eq(pair >> (10 - shift) & 63, i);
        }
        cr_assert(is_ok(base64_write(out, (enum base64_alphabet)alphabet, text, sizeof text, NULL)));
        cr_expect_str_eq(text, tables[alphabet]);
    }
}

/* A change of one character is refused or changes the value; so is a missing or an extra one. */
Test(base64, has_one_spelling_for_each_value)
{
    static const char text[] = "Zm9vYmE=";
    uint8_t buf[8], other[8];
    bytes want, out;
    cr_assert(is_ok(base64_parse(text_bytes(text), BASE64_STANDARD, buf, sizeof buf, &want, NULL)));
    for (size_t i = 0; i < 8; i++) {
        uint8_t changed[8];
        for (int c = 0; c < 256; c++) {
            memcpy(changed, text, 8);
            if (changed[i] == c) continue;
            changed[i] = (uint8_t)c;
            if (!is_ok(base64_parse(BYTES_OF(changed), BASE64_STANDARD, other, sizeof other, &out, NULL))) continue;
            cr_expect_not(bytes_eq(out, want), "byte %zu as %d", i, c);
        }
        if (i % 4)
            cr_expect_not(is_ok(base64_parse(BYTES((const uint8_t *)text, i), BASE64_STANDARD, other, 8, &out, NULL)));
    }
}

/* ---- decimal ---- */

Test(decimal, refuses)
{
    static const struct {
        const char *text;
        uint64_t max;
        enum err_kind kind;
    } rows[] = {
        {"", UINT64_MAX, ERR_TRUNCATED},
        {"00", UINT64_MAX, ERR_SYNTAX},
        {"01", UINT64_MAX, ERR_SYNTAX},
        {"+1", UINT64_MAX, ERR_SYNTAX},
        {"-1", UINT64_MAX, ERR_SYNTAX},
        {"-0", UINT64_MAX, ERR_SYNTAX},
        {" 1", UINT64_MAX, ERR_SYNTAX},
        {"1 ", UINT64_MAX, ERR_SYNTAX},
        {"1\n", UINT64_MAX, ERR_SYNTAX},
        {"0x1", UINT64_MAX, ERR_SYNTAX},
        {"1e3", UINT64_MAX, ERR_SYNTAX},
        {"1.0", UINT64_MAX, ERR_SYNTAX},
        {"1_0", UINT64_MAX, ERR_SYNTAX},
        {"256", 255, ERR_RANGE},
        {"1", 0, ERR_RANGE},
        {"18446744073709551616", UINT64_MAX, ERR_RANGE},
        {"18446744073709551620", UINT64_MAX, ERR_RANGE},
        {"36893488147419103232", UINT64_MAX, ERR_RANGE}, /* 2 * 2^64: wraps to 0 unless checked */
        {"99999999999999999999999999999999999999999", UINT64_MAX, ERR_RANGE},
        {"99999999999999999999999999999999999999999x", UINT64_MAX, ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t out = 77;
        struct err err = {0};
        cr_expect_eq(decimal_parse(text_bytes(rows[i].text), rows[i].max, &out, &err).kind, rows[i].kind, "%s: %s",
                     rows[i].text, err.text);
        cr_expect(out == 77 && err.text[0] && err.offset <= strlen(rows[i].text));
    }
}

Test(decimal, reads)
{
    static const struct {
        const char *text;
        uint64_t max, want;
    } rows[] = {
        {"0", 0, 0},
        {"0", UINT64_MAX, 0},
        {"9", 9, 9},
        {"10", 10, 10},
        {"255", 255, 255},
        {"65535", 65535, 65535},
        {"9007199254740993", UINT64_MAX, 9007199254740993u}, /* no double */
        {"18446744073709551615", UINT64_MAX, UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t out = 77;
        cr_expect(is_ok(decimal_parse(text_bytes(rows[i].text), rows[i].max, &out, NULL)), "%s", rows[i].text);
        cr_expect_eq(out, rows[i].want);
    }
}

/* ---- UTF-8 ---- */

static size_t encode_utf8(uint32_t code, uint8_t *out)
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i > 1; i--, code >>= 6)
        out[i - 1] = (uint8_t)(0x80 | (code & 0x3f));
    out[0] = (uint8_t)(0xf00 >> n | code);
    return n;
}

Test(utf8, refuses_malformed)
{
    static const char *const bad[] = {
        "\x80", /* stray continuation */
        "\xbf",
        "\xc2", /* cut short */
        "\xe1\x80",
        "\xf1\x80\x80",
        "\xc2 ", /* continuation missing */
        "\xe1\x80 ",
        "\xf1\x80\x80 ",
        "\xc0\x80", /* overlong NUL */
        "\xc1\xbf",
        "\xe0\x80\xaf", /* overlong slash */
        "\xe0\x9f\xbf",
        "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80", /* surrogates */
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80", /* five and six bytes */
        "\xfc\x84\x80\x80\x80\x80",
        "\xfe",
        "\xff",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[16] = "ab";
        strcat(text, bad[i]);
        struct err err = {0};
        cr_expect_eq(utf8_check(text_bytes(text), &err).kind, ERR_SYNTAX, "row %zu", i);
        cr_expect_eq(err.offset, 2);
    }
}

/* Every two-byte sequence, and every code point in its one form: 0x110000 less 2 048 surrogates are well-formed. */
Test(utf8, accepts_exactly_the_scalar_values)
{
    uint32_t accepted = 0;
    for (uint32_t code = 0; code <= 0x1fffff; code++) {
        uint8_t text[4];
        size_t n = encode_utf8(code, text);
        bool good = utf8_length(BYTES(text, n), 0) == n;
        accepted += good;
        if (good != (code < 0xd800 || (code > 0xdfff && code < 0x110000))) cr_assert_fail("U+%04X", code);
        if (n > 1 && utf8_length(BYTES(text, n - 1), 0) != 0) cr_assert_fail("U+%04X cut", code);
    }
    cr_expect_eq(accepted, 0x110000 - 2048);

    int pairs = 0;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        uint8_t text[2] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        pairs += utf8_length(BYTES_OF(text), 0) == 2;
    }
    cr_expect_eq(pairs, 0x800 - 0x80);
}

Test(utf8, reads)
{
    cr_expect(is_ok(utf8_check(BYTES_LIT(""), NULL)));
    cr_expect(is_ok(utf8_check(BYTES_LIT("a\0b\x7f"), NULL)));
    cr_expect(is_ok(utf8_check(BYTES_LIT("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"), NULL)));
    cr_expect_eq(utf8_length(BYTES_LIT("a"), 1), 0);
    cr_expect_eq(utf8_length(BYTES_LIT("a"), 2), 0);
}

/* ---- for messages ---- */

Test(quote, makes_terminal_escapes_harmless)
{
    cr_expect_str_eq(text_quote(BYTES_LIT("a\x1b[2J\x07")).s, "\"a\\x1b[2J\\x07\"");
    cr_expect_str_eq(text_quote(BYTES_LIT("\x9b"
                                          "31m"))
                         .s,
                     "\"\\x9b31m\"");                                                 /* CSI as one byte */
    cr_expect_str_eq(text_quote(BYTES_LIT("\xc2\x9b")).s, "\"\\xc2\\x9b\"");          /* and in UTF-8 */
    cr_expect_str_eq(text_quote(BYTES_LIT("\xe2\x80\xae")).s, "\"\\xe2\\x80\\xae\""); /* right-to-left override */
    cr_expect_str_eq(text_quote(BYTES_LIT("ok\ncontrast: verified\r\t")).s, "\"ok\\ncontrast: verified\\r\\t\"");
    cr_expect_str_eq(text_quote(BYTES_LIT("\"\\\0")).s, "\"\\\"\\\\\\x00\"");
    cr_expect_str_eq(text_quote(BYTES_LIT("%s%n")).s, "\"%s%n\"");
    for (int c = 0; c < 256; c++) {
        uint8_t one = (uint8_t)c;
        const struct text_quoted q = text_quote(BYTES(&one, 1));
        for (size_t i = 0; q.s[i]; i++)
            cr_expect(q.s[i] >= 0x20 && q.s[i] < 0x7f, "%02x", c);
    }
}

Test(quote, tells_different_bytes_apart)
{
    struct text_quoted all[256];
    for (int c = 0; c < 256; c++) {
        uint8_t one = (uint8_t)c;
        all[c] = text_quote(BYTES(&one, 1));
        for (int d = 0; d < c; d++)
            cr_expect_str_neq(all[c].s, all[d].s);
    }
}

Test(quote, cuts_at_64_bytes)
{
    char text[200], want[300];
    memset(text, 'x', sizeof text);
    (void)snprintf(want, sizeof want, "\"%.64s\"", text);
    cr_expect_str_eq(text_quote(BYTES((const uint8_t *)text, 64)).s, want);
    (void)snprintf(want, sizeof want, "\"%.64s\"..(65)", text);
    cr_expect_str_eq(text_quote(BYTES((const uint8_t *)text, 65)).s, want);
}

Test(quote, longest_text_fits)
{
    uint8_t escapes[65];
    memset(escapes, 0x1b, sizeof escapes);
    const struct text_quoted q = text_quote(BYTES_OF(escapes));
    cr_expect_eq(strlen(q.s), 4 * 64 + 2 + 6);
    cr_expect_str_eq(q.s + 4 * 64, "b\"..(65)");
    /* only the first 64 bytes are read */
    cr_expect_eq(strlen(text_quote((bytes){escapes, SIZE_MAX}).s), 4 * 64 + 2 + strlen("..(18446744073709551615)"));
    cr_expect_eq(strlen(text_hex((bytes){escapes, SIZE_MAX}).s), 2 * 16 + strlen("..(18446744073709551615)"));
}

Test(quote, tells_absent_from_empty)
{
    cr_expect_str_eq(text_quote(BYTES_ABSENT).s, "absent");
    cr_expect_str_eq(text_quote(BYTES_LIT("")).s, "\"\"");
    cr_expect_str_eq(text_hex(BYTES_ABSENT).s, "absent");
    cr_expect_str_eq(text_hex(BYTES_LIT("")).s, "");
}

Test(quote, hex_is_cut_with_its_length)
{
    static const uint8_t value[48] = {0x6f, 0x3a, 0x00, 0xff};
    cr_expect_str_eq(text_hex(BYTES(value, 4)).s, "6f3a00ff");
    cr_expect_str_eq(text_hex(BYTES(value, 16)).s, "6f3a00ff000000000000000000000000");
    cr_expect_str_eq(text_hex(BYTES_OF(value)).s, "6f3a00ff000000000000000000000000..(48)");
}

/* ---- distance ---- */

Test(text, find)
{
    bytes text = BYTES_LIT("a.b.");
    cr_expect_eq(text_find(text, 0, '.'), 1);
    cr_expect_eq(text_find(text, 1, '.'), 1);
    cr_expect_eq(text_find(text, 2, '.'), 3);
    cr_expect_eq(text_find(text, 0, 'x'), text.len);
    cr_expect_eq(text_find(text, 9, '.'), text.len, "behind the end");
    cr_expect_eq(text_find(BYTES_ABSENT, 0, '.'), 0);
}

Test(text, take_part)
{
    static const char *const parts[] = {"a", "", "b", ""};
    bytes rest = BYTES_LIT("a..b.");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        cr_expect(bytes_eq(text_take_part(&rest, '.'), text_bytes(parts[i])), "part %zu", i);
    cr_expect(bytes_is_absent(rest) && bytes_is_absent(text_take_part(&rest, '.')), "nothing is left");
    rest = BYTES_LIT("");
    cr_expect(!bytes_is_absent(text_take_part(&rest, '.')), "the empty text is one part");
}

Test(text, distance)
{
    static const struct {
        const char *a, *b;
        size_t want;
    } rows[] = {
        {"", "", 0},
        {"a", "", 1},
        {"", "abc", 3},
        {"kitten", "sitting", 3},
        {"flaw", "lawn", 2},
        {"snp", "SNP", 3},
        {"ab", "ba", 2},
        {"saturday", "sunday", 3},
        {"MrSeam", "MrSeam", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes a = text_bytes(rows[i].a);
        bytes b = text_bytes(rows[i].b);
        cr_expect_eq(text_distance(a, b), rows[i].want, "%s, %s", rows[i].a, rows[i].b);
        cr_expect_eq(text_distance(b, a), rows[i].want, "%s, %s", rows[i].b, rows[i].a);
    }
    static const uint8_t zeros[TEXT_DISTANCE_MAX + 1];
    cr_expect_eq(text_distance(BYTES(zeros, TEXT_DISTANCE_MAX), BYTES_LIT("")), TEXT_DISTANCE_MAX);
    cr_expect_eq(text_distance(BYTES_OF(zeros), BYTES_LIT("")), SIZE_MAX);
    cr_expect_eq(text_distance(BYTES_LIT(""), BYTES_OF(zeros)), SIZE_MAX);
}
