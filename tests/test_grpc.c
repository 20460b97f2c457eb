/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/grpc.h"
#include "parse/text.h"

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(grpc, timeouts_refused)
{
    static const char *const rows[] = {"",     "S",   "1",    "1s", "-1S",        "+1S", " 1S", "1 S",
                                       "1.5S", "1SS", "0x1S", "1h", "123456789S", "1S ", "S1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t ms = 7;
        struct err err = {0};
        cr_expect_eq(grpc_timeout_parse(text_bytes(rows[i]), &ms, &err).kind, ERR_SYNTAX, "%s", rows[i]);
        cr_expect(ms == 7 && err.text[0]);
    }
    cr_expect_eq(grpc_timeout_parse(BYTES_ABSENT, &(uint64_t){0}, NULL).kind, ERR_SYNTAX);
}

Test(grpc, prefixes_refused)
{
    static const struct {
        uint8_t in[GRPC_PREFIX_BYTES];
        enum err_kind kind;
    } rows[] = {
        {{1, 0, 0, 0, 1}, ERR_UNSUPPORTED},
        {{0x80, 0, 0, 0, 1}, ERR_UNSUPPORTED},
        {{0, 0, 0, 1, 1}, ERR_LIMIT},
        {{0, 0xff, 0xff, 0xff, 0xff}, ERR_LIMIT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = 7;
        struct err err = {0};
        cr_expect_eq(grpc_prefix_parse(rows[i].in, 256, &len, &err).kind, rows[i].kind, "row %zu", i);
        cr_expect(len == 7 && err.text[0]);
    }
}

Test(grpc, codes_refused)
{
    static const char *const rows[] = {"", "-1", "00", "1x", "0x1", " 0", "4294967296"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum grpc_code code = GRPC_DATA_LOSS;
        cr_expect_not(is_ok(grpc_code_parse(text_bytes(rows[i]), &code, NULL)), "%s", rows[i]);
        cr_expect_eq(code, GRPC_DATA_LOSS);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(grpc, timeouts)
{
    static const struct {
        const char *text;
        uint64_t ms;
    } rows[] = {{"0S", 0},
                {"1H", 3600000},
                {"2M", 120000},
                {"30S", 30000},
                {"5m", 5},
                {"1u", 1},
                {"1000u", 1},
                {"1001u", 2},
                {"1n", 1},
                {"99999999n", 100},
                {"0n", 0},
                {"00000001S", 1000},
                {"99999999H", 359999996400000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t ms = 7;
        cr_expect(is_ok(grpc_timeout_parse(text_bytes(rows[i].text), &ms, NULL)));
        cr_expect_eq(ms, rows[i].ms, "%s: %llu", rows[i].text, (unsigned long long)ms);
    }
    char out[GRPC_TIMEOUT_SIZE];
    grpc_timeout_write(0, out);
    cr_expect_str_eq(out, "0m");
    grpc_timeout_write(99999999, out);
    cr_expect_str_eq(out, "99999999m");
    grpc_timeout_write(100000999, out);
    cr_expect_str_eq(out, "100000S");
    grpc_timeout_write(UINT64_MAX, out);
    cr_expect_str_eq(out, "99999999S");
}

Test(grpc, prefixes)
{
    uint8_t out[GRPC_PREFIX_BYTES];
    size_t len = 7;
    grpc_prefix_write(0x01020304, out);
    cr_expect(bytes_eq(BYTES_OF(out), BYTES_LIT("\0\1\2\3\4")));
    cr_expect(is_ok(grpc_prefix_parse(out, 0x01020304, &len, NULL)));
    cr_expect_eq(len, 0x01020304);
    cr_expect(is_ok(grpc_prefix_parse((const uint8_t *)"\0\0\0\0\0", 0, &len, NULL)));
    cr_expect_eq(len, 0);
}

/* The percent-encoding of the specification: 0x20 to 0x7e but for '%' stand for themselves. */
Test(grpc, messages)
{
    char out[64];
    uint8_t back[64];
    grpc_message_write(BYTES_LIT("100% \"\x7f\x1f\n\xc3\xa9~"), out, sizeof out);
    cr_expect_str_eq(out, "100%25 \"%7F%1F%0A%C3%A9~");
    cr_expect(bytes_eq(grpc_message_parse(BYTES((uint8_t *)out, strlen(out)), back, sizeof back),
                       BYTES_LIT("100% \"\x7f\x1f\n\xc3\xa9~")));
    cr_expect(
        bytes_eq(grpc_message_parse(BYTES_LIT("%c3%A9%%4%zz%"), back, sizeof back), BYTES_LIT("\xc3\xa9%%4%zz%")));
    cr_expect_eq(grpc_message_parse(BYTES_ABSENT, back, sizeof back).len, 0);

    grpc_message_write(BYTES_LIT("ab\xff"), out, 6);
    cr_expect_str_eq(out, "ab%FF");
    grpc_message_write(BYTES_LIT("ab\xff"), out, 5);
    cr_expect_str_eq(out, "ab", "no half of an escape");
    cr_expect_eq(grpc_message_parse(BYTES_LIT("abc"), back, 2).len, 2);
}

Test(grpc, codes)
{
    enum grpc_code code = GRPC_DATA_LOSS;
    cr_expect(is_ok(grpc_code_parse(BYTES_LIT("0"), &code, NULL)) && code == GRPC_OK);
    cr_expect(is_ok(grpc_code_parse(BYTES_LIT("16"), &code, NULL)) && code == GRPC_UNAUTHENTICATED);
    cr_expect(is_ok(grpc_code_parse(BYTES_LIT("17"), &code, NULL)) && code == GRPC_UNKNOWN);
    cr_expect_str_eq(grpc_code_name(GRPC_FAILED_PRECONDITION), "FAILED_PRECONDITION");
    cr_expect_str_eq(grpc_code_name((enum grpc_code)99), "UNKNOWN");
    cr_expect_eq(GRPC_UNAVAILABLE, 14);
    cr_expect_eq(grpc_code_of_http(404), GRPC_UNIMPLEMENTED);
    cr_expect_eq(grpc_code_of_http(503), GRPC_UNAVAILABLE);
    cr_expect_eq(grpc_code_of_http(418), GRPC_UNKNOWN);
}

Test(grpc, content_types)
{
    cr_expect(grpc_content_type_is_ours(BYTES_LIT("application/grpc")));
    cr_expect(grpc_content_type_is_ours(BYTES_LIT("application/grpc+proto")));
    cr_expect(grpc_content_type_is_ours(BYTES_LIT("application/grpc;charset=utf-8")));
    cr_expect_not(grpc_content_type_is_ours(BYTES_LIT("application/grpc-web")));
    cr_expect_not(grpc_content_type_is_ours(BYTES_LIT("application/json")));
    cr_expect_not(grpc_content_type_is_ours(BYTES_LIT("application/grp")));
    cr_expect_not(grpc_content_type_is_ours(BYTES_ABSENT));
}
