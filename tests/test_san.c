/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/san.h"
#include "parse/text.h"

Test(san, refuses)
{
    static const char *const rows[] = {
        "",    " ",          "a b",       "a/b",        "web\n",  "\xc3\xbc", "web?",     ":8080",
        "1:2", "1.2.3.4:80", "[::1]",     "http://a b", "h:\x7f", "1::2::3",  "::1%eth0", "1:2:3:4:5:6:7:8:9",
        ":::", "12345::",    "1.2.3.4::",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct san s = {.ip_len = 77};
        struct err err = {0};
        cr_expect_eq(san_parse(text_bytes(rows[i]), &s, &err).kind, ERR_SYNTAX, "%s", rows[i]);
        cr_expect(s.ip_len == 77 && err.text[0], "%s", rows[i]);
    }
    struct san s;
    cr_expect(!is_ok(san_parse(BYTES_LIT("a\0b"), &s, NULL)));
}

Test(san, names_and_uris)
{
    static const struct {
        const char *text;
        enum san_kind kind;
    } rows[] = {
        {"web", SAN_DNS},           {"*", SAN_DNS},
        {"*.example.com", SAN_DNS}, {"a_b-c.d", SAN_DNS},
        {"1.2.3", SAN_DNS},         {"1.2.3.4.5", SAN_DNS},
        {"256.1.1.1", SAN_DNS},     {"01.2.3.4", SAN_DNS},
        {"1.2.3.4.", SAN_DNS},      {"127.1", SAN_DNS},
        {"web:8080", SAN_URI},      {"spiffe://a/b?c", SAN_URI},
        {"a+b-c.1:", SAN_URI},      {"fe80::1%eth0", SAN_URI},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct san s = {0};
        struct err err = {0};
        cr_assert(is_ok(san_parse(text_bytes(rows[i].text), &s, &err)), "%s: %s", rows[i].text, err.text);
        cr_expect_eq(s.kind, rows[i].kind, "%s", rows[i].text);
        cr_expect(s.ip_len == 0 && bytes_eq(s.text, text_bytes(rows[i].text)), "%s", rows[i].text);
    }
}

/* Values as inet_pton has them, but that an IPv4 address is one however it is written. */
Test(san, addresses)
{
    static const struct {
        const char *text, *hex;
    } rows[] = {
        {"0.0.0.0", "00000000"},
        {"203.0.113.7", "cb007107"},
        {"255.255.255.255", "ffffffff"},
        {"::", "00000000000000000000000000000000"},
        {"::1", "00000000000000000000000000000001"},
        {"1::", "00010000000000000000000000000000"},
        {"2001:DB8::8:800:200c:417a", "20010db80000000000080800200c417a"},
        {"1:2:3:4:5:6:7:8", "00010002000300040005000600070008"},
        {"1:2:3:4:5:6:7::", "00010002000300040005000600070000"},
        {"::2:3:4:5:6:7:8", "00000002000300040005000600070008"},
        {"64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"},
        {"1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"},
        {"::ffff:192.0.2.1", "c0000201"},
        {"::ffff:c000:0201", "c0000201"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct san s = {0};
        struct err err = {0};
        char hex[HEX_TEXT_SIZE(16)];
        cr_assert(is_ok(san_parse(text_bytes(rows[i].text), &s, &err)), "%s: %s", rows[i].text, err.text);
        cr_expect_eq(s.kind, SAN_IP, "%s", rows[i].text);
        cr_assert(is_ok(hex_write(BYTES(s.ip, s.ip_len), hex, sizeof hex, NULL)));
        cr_expect_str_eq(hex, rows[i].hex, "%s", rows[i].text);
    }
}
