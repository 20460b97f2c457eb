/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/protobuf.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

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

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct protobuf_writer protobuf_writer_over(uint8_t *out, size_t cap)
{
    return (struct protobuf_writer){.out = out, .cap = cap};
}

/* Shortest form into tmp; returns its length. */
static size_t make_varint(uint8_t tmp[PROTOBUF_VARINT_BYTES], uint64_t v)
{
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        tmp[n++] = (uint8_t)((v & 0x7f) | 0x80);
    tmp[n++] = (uint8_t)v;
    return n;
}

static void put(struct protobuf_writer *w, const uint8_t *p, size_t n)
{
    if (w->full || n > w->cap - w->len) {
        w->full = true;
        return;
    }
    if (n > 0) memcpy(w->out + w->len, p, n);
    w->len += n;
}

static void put_number(struct protobuf_writer *w, uint64_t v)
{
    uint8_t tmp[PROTOBUF_VARINT_BYTES];
    size_t n = make_varint(tmp, v);
    put(w, tmp, n);
}

static void put_tag(struct protobuf_writer *w, uint32_t number, enum protobuf_type type)
{
    put_number(w, (uint64_t)number << 3 | (uint64_t)type);
}

void protobuf_put_varint(struct protobuf_writer *w, uint32_t number, uint64_t value)
{
    put_tag(w, number, PROTOBUF_VARINT);
    put_number(w, value);
}

void protobuf_put_bytes(struct protobuf_writer *w, uint32_t number, bytes value)
{
    put_tag(w, number, PROTOBUF_LEN);
    put_number(w, value.len);
    put(w, value.ptr, value.len);
}

size_t protobuf_begin(struct protobuf_writer *w, uint32_t number)
{
    put_tag(w, number, PROTOBUF_LEN);
    return w->len;
}

/* The length comes before the body and its own size is known only now: the body moves up. */
void protobuf_end(struct protobuf_writer *w, size_t mark)
{
    if (w->full) return;
    uint8_t tmp[PROTOBUF_VARINT_BYTES];
    size_t body = w->len - mark;
    size_t n = make_varint(tmp, body);
    if (n > w->cap - w->len) {
        w->full = true;
        return;
    }
    memmove(w->out + mark + n, w->out + mark, body);
    memcpy(w->out + mark, tmp, n);
    w->len += n;
}

status protobuf_finish(const struct protobuf_writer *w, size_t *len, struct err *err)
{
    if (w->full) return err_set(err, ERR_NOMEM, w->len, "protobuf message: more than the %zu bytes lent", w->cap);
    *len = w->len;
    return OK;
}
