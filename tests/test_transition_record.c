/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/transition_record.h"

#define HASH "0123456789abcdef0123456789ABCDEF" /* any 32 bytes */
#define R1   "\x30\x06\x02\x01\x01\x02\x01\x02" /* r = 1, s = 2 */

static void refused(bytes in, enum err_kind kind, const char *what)
{
    struct transition_record r = {.hash = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(transition_record_parse(in, &r, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] && err.offset <= in.len, "%s: byte %zu", what, err.offset);
    cr_expect(bytes_eq(r.hash, BYTES_LIT("untouched")) && bytes_is_absent(r.signature), "%s: output touched", what);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(transition_record, record_refused)
{
    const struct {
        bytes in;
        enum err_kind kind;
        const char *what;
    } rows[] = {
        {BYTES_LIT(HASH), ERR_TRUNCATED, "no signature"},
        {BYTES_LIT(HASH R1 "\0"), ERR_TRAILING, "a byte behind the signature"},
        {BYTES_LIT(HASH "\x30\0"), ERR_TRUNCATED, "no integers"},
        {BYTES_LIT(HASH "\x31\x06\x02\x01\x01\x02\x01\x02"), ERR_SYNTAX, "a set"},
        {BYTES_LIT(HASH "\x30\x81\x06\x02\x01\x01\x02\x01\x02"), ERR_SYNTAX, "a length that is not minimal"},
        {BYTES_LIT(HASH "\x30\x80\x02\x01\x01\x02\x01\x02\0\0"), ERR_SYNTAX, "indefinite length"},
        {BYTES_LIT(HASH "\x30\x07\x02\x02\0\x01\x02\x01\x02"), ERR_SYNTAX, "r with a leading zero"},
        {BYTES_LIT(HASH "\x30\x06\x02\x01\x81\x02\x01\x02"), ERR_SYNTAX, "r is negative"},
        {BYTES_LIT(HASH "\x30\x06\x02\x01\0\x02\x01\x02"), ERR_RANGE, "r is 0"},
        {BYTES_LIT(HASH "\x30\x06\x02\x01\x01\x02\x01\0"), ERR_RANGE, "s is 0"},
        {BYTES_LIT(HASH "\x30\x05\x02\0\x02\x01\x02"), ERR_SYNTAX, "r is empty"},
        {BYTES_LIT(HASH "\x30\x03\x02\x01\x01"), ERR_TRUNCATED, "no s"},
        {BYTES_LIT(HASH "\x30\x09\x02\x01\x01\x02\x01\x02\x02\x01\x03"), ERR_TRAILING, "three integers"},
        {BYTES_ABSENT, ERR_TRUNCATED, "absent"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refused(rows[i].in, rows[i].kind, rows[i].what);

    const bytes whole = BYTES_LIT(HASH R1);
    for (size_t n = 0; n < whole.len; n++)
        refused(bytes_slice(whole, 0, n), ERR_TRUNCATED, "prefix");
}

/* r of `len` bytes from 01 on, and s = 1. */
static bytes with_r(size_t len, uint8_t first, uint8_t *out)
{
    memcpy(out, HASH, 32);
    memcpy(&out[32], (uint8_t[]){0x30, (uint8_t)(len + 5), 0x02, (uint8_t)len, first}, 5);
    memset(&out[37], 0xff, len - 1);
    memcpy(&out[36 + len], "\x02\x01\x01", 3);
    return BYTES(out, 39 + len);
}

Test(transition_record, scalars_have_48_bytes)
{
    uint8_t out[128];
    struct transition_record r;
    cr_expect(is_ok(transition_record_parse(with_r(48, 0x7f, out), &r, NULL)), "48 bytes");
    cr_expect(is_ok(transition_record_parse(with_r(49, 0x00, out), &r, NULL)), "48 bytes and the sign octet");
    refused(with_r(49, 0x01, out), ERR_RANGE, "49 bytes");
    refused(with_r(50, 0x00, out), ERR_RANGE, "49 bytes and the sign octet");
}

Test(transition_record, transition_refused)
{
    uint8_t in[TRANSITION_BYTES + 1] = {0};
    for (size_t n = 0; n <= sizeof in; n++) {
        struct transition t = {{7}, {7}};
        struct err err = {0};
        enum err_kind want = n < TRANSITION_BYTES ? ERR_TRUNCATED : n == TRANSITION_BYTES ? ERR_NONE : ERR_TRAILING;
        cr_expect_eq(transition_parse(BYTES(in, n), &t, &err).kind, want, "%zu bytes: %s", n, err.text);
        cr_expect_eq(t.manifest[0], n == TRANSITION_BYTES ? 0 : 7, "%zu bytes", n);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(transition_record, record)
{
    struct transition_record r;
    const bytes in = BYTES_LIT(HASH R1);
    cr_assert(is_ok(transition_record_parse(in, &r, NULL)));
    cr_expect(bytes_eq(r.hash, BYTES_LIT(HASH)) && bytes_eq(r.signature, BYTES_LIT(R1)));
    cr_expect(r.hash.ptr == in.ptr && r.signature.ptr == in.ptr + 32, "views");
}

/* The second vector of the protocol's chapter on transitions: the hash of the manifest, then the previous one. */
Test(transition_record, transition)
{
    static const uint8_t in[] = {
        0x2c, 0xf2, 0x4d, 0xba, 0x5f, 0xb0, 0xa3, 0x0e, 0x26, 0xe8, 0x3b, 0x2a, 0xc5, 0xb9, 0xe2, 0x9e,
        0x1b, 0x16, 0x1e, 0x5c, 0x1f, 0xa7, 0x42, 0x5e, 0x73, 0x04, 0x33, 0x62, 0x93, 0x8b, 0x98, 0x24,
        0x48, 0x6e, 0xa4, 0x62, 0x24, 0xd1, 0xbb, 0x4f, 0xb6, 0x80, 0xf3, 0x4f, 0x7c, 0x9a, 0xd9, 0x6a,
        0x8f, 0x24, 0xec, 0x88, 0xbe, 0x73, 0xea, 0x8e, 0x5a, 0x6c, 0x65, 0x26, 0x0e, 0x9c, 0xb8, 0xa7,
    };
    uint8_t out[TRANSITION_BYTES];
    struct transition t;
    cr_assert(is_ok(transition_parse(BYTES_OF(in), &t, NULL)));
    cr_expect(t.manifest[0] == 0x2c && t.manifest[31] == 0x24 && t.previous[0] == 0x48 && t.previous[31] == 0xa7);
    transition_write(&t, out);
    cr_expect(bytes_eq(BYTES_OF(out), BYTES_OF(in)));
}
