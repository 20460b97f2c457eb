/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/cursor.h"

struct cursor cursor_over(bytes in)
{
    return (struct cursor){.in = in};
}

/* `split` is for Eva: with -eva-interprocedural-splits it follows each value of these by itself (docs/proofs.md). */
void cursor_fail(struct cursor *c, enum err_kind kind, const char *field)
{
    if (c->kind != ERR_NONE) return;
    c->kind = kind;
    c->fail_pos = c->base + c->pos;
    c->fail_field = field;
    //@ split c->kind;
}

size_t cursor_left(const struct cursor *c)
{
    return c->kind == ERR_NONE ? c->in.len - c->pos : 0;
}

bytes cursor_take(struct cursor *c, size_t n, const char *field)
{
    if (c->kind == ERR_NONE && n > c->in.len - c->pos) cursor_fail(c, ERR_TRUNCATED, field);
    if (c->kind != ERR_NONE) return BYTES_ABSENT;
    //@ split n;
    /* An empty view of an absent input is still a present, empty value. */
    static const uint8_t empty[1] = {0};
    bytes out = {c->in.ptr ? c->in.ptr + c->pos : empty, n};
    c->pos += n;
    //@ split c->pos;
    return out;
}

void cursor_copy(struct cursor *c, uint8_t *out, size_t n, const char *field)
{
    bytes b = cursor_take(c, n, field);
    if (b.ptr && n > 0) memcpy(out, b.ptr, n);
}

bytes cursor_rest(struct cursor *c)
{
    return cursor_take(c, cursor_left(c), "");
}

bool cursor_peek(const struct cursor *c, uint8_t *out)
{
    if (cursor_left(c) == 0) return false;
    *out = c->in.ptr[c->pos];
    return true;
}

/*@ requires \valid(c) && cursor_sound(*c) && 1 <= n <= 8;
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, n);
    ensures c->kind != ERR_NONE ==> \result == 0; */
static uint64_t take_le(struct cursor *c, size_t n, const char *field)
{
    bytes b = cursor_take(c, n, field);
    if (!b.ptr) return 0;
    uint64_t v = 0;
    /*@ loop invariant 0 <= i <= n;
        loop assigns i, v;
        loop variant i; */
    for (size_t i = n; i > 0; i--)
        v = v << 8 | b.ptr[i - 1];
    return v;
}

uint8_t cursor_u8(struct cursor *c, const char *field)
{
    bytes b = cursor_take(c, 1, field);
    return b.ptr ? b.ptr[0] : 0;
}
uint16_t cursor_u16le(struct cursor *c, const char *field)
{
    return (uint16_t)take_le(c, 2, field);
}
uint32_t cursor_u32le(struct cursor *c, const char *field)
{
    return (uint32_t)take_le(c, 4, field);
}
uint64_t cursor_u64le(struct cursor *c, const char *field)
{
    return take_le(c, 8, field);
}

struct cursor cursor_sub(struct cursor *c, size_t n, const char *field)
{
    size_t base = c->base + c->pos;
    struct cursor inner = cursor_over(cursor_take(c, n, field));
    inner.base = base;
    if (c->kind != ERR_NONE) cursor_fail(&inner, c->kind, field);
    return inner;
}

void cursor_close(struct cursor *outer, const struct cursor *inner, const char *field)
{
    if (outer->kind != ERR_NONE) return;
    if (inner->kind == ERR_NONE && inner->pos == inner->in.len) return;
    outer->kind = inner->kind == ERR_NONE ? ERR_TRAILING : inner->kind;
    outer->fail_pos = inner->kind == ERR_NONE ? inner->base + inner->pos : inner->fail_pos;
    outer->fail_field = inner->kind == ERR_NONE ? field : inner->fail_field;
}

status cursor_status(const struct cursor *c, struct err *err)
{
    if (c->kind == ERR_NONE) return OK;
    return err_set(err, c->kind, c->fail_pos, "%s: %s at byte %zu of %zu", c->fail_field, err_kind_name(c->kind),
                   c->fail_pos, c->base + c->in.len);
}

status cursor_end(const struct cursor *c, struct err *err)
{
    TRY(cursor_status(c, err));
    if (c->pos == c->in.len) return OK;
    return err_set(err, ERR_TRAILING, c->base + c->pos, "%zu bytes left over from byte %zu on", c->in.len - c->pos,
                   c->base + c->pos);
}
