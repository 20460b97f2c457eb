/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "net/address.h"
#include "parse/text.h"

static status parse(const char *text, struct address *out, struct err *err)
{
    return address_parse(text_bytes(text), 1313, out, err);
}

Test(address, refused)
{
    static const char *const rows[] = {
        "",         ":1313",      "host:",       "host:0",  "host:65536", "host:13x",    "host:01", "host:1:2",
        "::1",      "[::1",       "[::1]1313",   "[::1]:",  "[host]:1",   "[1.2.3.4]:1", "ho st:1", "host/:1",
        "host\n:1", "http://h:1", "user@host:1", "host:+1", "[]:1",       "h\xc3\xa9:1",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct address a = {.is_ip = true};
        struct err err = {0};
        cr_expect_not(is_ok(parse(rows[i], &a, &err)), "%s", rows[i]);
        cr_expect(err.text[0] && a.host[0] == '\0', "%s", rows[i]);
    }
    char name[300];
    memset(name, 'a', sizeof name);
    cr_expect(is_ok(address_parse(BYTES((uint8_t *)name, 253), 1, &(struct address){0}, NULL)));
    cr_expect_eq(address_parse(BYTES((uint8_t *)name, 254), 1, &(struct address){0}, NULL).kind, ERR_RANGE);
}

Test(address, values)
{
    static const struct {
        const char *in, *host, *port, *text;
        bool is_ip;
    } rows[] = {
        {"host", "host", "1313", "host:1313", false},
        {"a-b_c.example.:80", "a-b_c.example.", "80", "a-b_c.example.:80", false},
        {"127.0.0.1:65535", "127.0.0.1", "65535", "127.0.0.1:65535", true},
        {"[::1]:1", "::1", "1", "[::1]:1", true},
        {"[2001:db8::1]", "2001:db8::1", "1313", "[2001:db8::1]:1313", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct address a, b;
        cr_assert(is_ok(parse(rows[i].in, &a, NULL)), "%s", rows[i].in);
        cr_expect_str_eq(a.host, rows[i].host);
        cr_expect_str_eq(a.port, rows[i].port);
        cr_expect_str_eq(a.text, rows[i].text);
        cr_expect_eq(a.is_ip, rows[i].is_ip);
        address_with_port(&a, 1314, &b);
        cr_expect_str_eq(b.port, "1314");
        cr_expect_str_eq(b.host, a.host);
    }
}
