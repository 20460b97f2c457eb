/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/protobuf.h"

static uint64_t take_varint(struct cursor *c, const char *field)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < PROTOBUF_VARINT_BYTES - 1; i++) {
        uint8_t b = cursor_u8(c, field);
        /* A zero in the last place is a longer form of a shorter number. */
        if (b == 0 && i > 0) cursor_fail(c, ERR_SYNTAX, field);
        if (cursor_failed(c)) return 0;
        v |= (uint64_t)(b & 0x7f) << (7 * i);
        if (b < 0x80) return v;
    }
    /* The last one holds bit 63 alone. */
    if (cursor_u8(c, field) != 1) cursor_fail(c, ERR_SYNTAX, field);
    return cursor_failed(c) ? 0 : v | (uint64_t)1 << 63;
}

static void take_payload(struct cursor *c, struct protobuf_field *f)
{
    f->offset = c->base + c->pos;
    switch (f->type) {
    case PROTOBUF_VARINT:
        f->value = take_varint(c, "protobuf varint");
        return;
    case PROTOBUF_I64:
        f->value = cursor_u64le(c, "protobuf 64-bit value");
        return;
    case PROTOBUF_I32:
        f->value = cursor_u32le(c, "protobuf 32-bit value");
        return;
    case PROTOBUF_LEN: {
        uint64_t n = take_varint(c, "protobuf length");
        f->offset = c->base + c->pos;
        if (n > cursor_left(c)) cursor_fail(c, ERR_TRUNCATED, "protobuf length-delimited value");
        f->view = cursor_take(c, (size_t)n, "protobuf length-delimited value");
        return;
    }
    }
    cursor_fail(c, ERR_UNSUPPORTED, "protobuf wire type");
}

bool protobuf_next(struct cursor *c, struct protobuf_field *out)
{
    if (cursor_left(c) == 0) return false;

    uint64_t tag = take_varint(c, "protobuf tag");
    if (tag >> 3 == 0 || tag >> 3 > PROTOBUF_FIELD_NUMBER_MAX) cursor_fail(c, ERR_RANGE, "protobuf field number");
    struct protobuf_field f = {.number = (uint32_t)(tag >> 3), .type = (enum protobuf_type)(tag & 7)};
    take_payload(c, &f);
    if (cursor_failed(c)) return false;
    *out = f;
    return true;
}

struct cursor protobuf_inside(const struct protobuf_field *field)
{
    struct cursor c = cursor_over(field->view);
    c.base = field->offset;
    if (field->type != PROTOBUF_LEN) cursor_fail(&c, ERR_SYNTAX, "protobuf message");
    return c;
}

bool protobuf_once(struct protobuf_seen *seen, uint32_t number)
{
    if (number >= 64) return true;
    uint64_t bit = (uint64_t)1 << number;
    bool first = (seen->numbers & bit) == 0;
    seen->numbers |= bit;
    return first;
}
