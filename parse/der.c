/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/der.h"

/* Takes tag and length octets; the length of the contents, or 0 after a failure. */
static size_t take_header(struct cursor *c, uint8_t tag, const char *field)
{
    uint8_t have = cursor_u8(c, field);
    if (cursor_failed(c)) return 0;
    if ((tag != 0 && have != tag) || (have & 0x1f) == 0x1f || have == 0) cursor_fail(c, ERR_SYNTAX, field);

    uint8_t first = cursor_u8(c, field);
    if (first < 0x80) return first;

    size_t octets = first & 0x7f;
    if (octets == 0 || octets > 4) cursor_fail(c, ERR_SYNTAX, field); /* indefinite, or absurd */
    uint64_t len = 0;
    for (size_t i = 0; i < octets && !cursor_failed(c); i++) {
        uint8_t b = cursor_u8(c, field);
        if (i == 0 && b == 0) cursor_fail(c, ERR_SYNTAX, field);
        len = len << 8 | b;
    }
    if (len < 0x80) cursor_fail(c, ERR_SYNTAX, field); /* the short form would do */
    return cursor_failed(c) ? 0 : (size_t)len;
}

bytes der_get(struct cursor *c, uint8_t tag, const char *field)
{
    size_t len = take_header(c, tag, field);
    return cursor_take(c, len, field);
}

bytes der_get_element(struct cursor *c, uint8_t tag, const char *field)
{
    size_t start = c->pos;
    der_get(c, tag, field);
    return cursor_failed(c) ? BYTES_ABSENT : bytes_slice(c->in, start, c->pos - start);
}

struct cursor der_enter(struct cursor *c, uint8_t tag, const char *field)
{
    size_t len = take_header(c, tag, field);
    return cursor_sub(c, len, field);
}

bool der_next_is(const struct cursor *c, uint8_t tag)
{
    uint8_t have = 0;
    return cursor_peek(c, &have) && have == tag;
}

bytes der_get_unsigned(struct cursor *c, const char *field)
{
    bytes b = der_get(c, DER_INTEGER, field);
    if (cursor_failed(c)) return BYTES_ABSENT;
    bool padded = b.len > 1 && b.ptr[0] == 0;
    if (b.len == 0 || b.ptr[0] >= 0x80 || (padded && b.ptr[1] < 0x80)) {
        cursor_fail(c, ERR_SYNTAX, field); /* empty, negative, or not minimal */
        return BYTES_ABSENT;
    }
    return padded ? bytes_slice(b, 1, b.len - 1) : b;
}

uint64_t der_get_u64(struct cursor *c, uint64_t max, const char *field)
{
    bytes b = der_get_unsigned(c, field);
    if (b.len > 8) cursor_fail(c, ERR_RANGE, field);
    if (cursor_failed(c)) return 0;
    uint64_t v = 0;
    for (size_t i = 0; i < b.len; i++)
        v = v << 8 | b.ptr[i];
    if (v > max) cursor_fail(c, ERR_RANGE, field);
    return v > max ? 0 : v;
}

bool der_get_bool(struct cursor *c, const char *field)
{
    bytes b = der_get(c, DER_BOOLEAN, field);
    if (cursor_failed(c)) return false;
    if (b.len != 1 || (b.ptr[0] != 0x00 && b.ptr[0] != 0xff)) cursor_fail(c, ERR_SYNTAX, field);
    return !cursor_failed(c) && b.ptr[0] == 0xff;
}

bytes der_get_oid(struct cursor *c, const char *field)
{
    bytes b = der_get(c, DER_OID, field);
    bool begins = true; /* a number of the identifier; the last octet of one has its top bit clear */
    for (size_t i = 0; i < b.len && !cursor_failed(c); i++) {
        if (begins && b.ptr[i] == 0x80) cursor_fail(c, ERR_SYNTAX, field);
        begins = b.ptr[i] < 0x80;
    }
    if (b.len == 0 || !begins) cursor_fail(c, ERR_SYNTAX, field);
    return cursor_failed(c) ? BYTES_ABSENT : b;
}

bytes der_get_octet_bits(struct cursor *c, const char *field)
{
    bytes b = der_get(c, DER_BIT_STRING, field);
    if (cursor_failed(c)) return BYTES_ABSENT;
    if (b.len == 0 || b.ptr[0] != 0) {
        cursor_fail(c, ERR_SYNTAX, field);
        return BYTES_ABSENT;
    }
    return bytes_slice(b, 1, b.len - 1);
}
