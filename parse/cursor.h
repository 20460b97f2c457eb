/* SPDX-License-Identifier: Apache-2.0 */
/* parse/cursor.h: the one reader that does bounds arithmetic on input.
 *
 * Get as many fields as you like; after the first failure every getter returns 0 or an absent view, and cursor_end
 * reports that first failure.  No getter reads outside `in`.  A cursor borrows its input and the field names (static
 * strings); views it hands out live as long as the input does.
 *
 * Not checked here: what a field means.
 */
#ifndef PARSE_CURSOR_H
#define PARSE_CURSOR_H

#include "parse/bytes.h"
#include "parse/status.h"

struct cursor {
    bytes in;
    size_t pos;
    size_t base;        /* offset of in.ptr[0] in the outermost input, for error texts */
    enum err_kind kind; /* first failure; sticky */
    size_t fail_pos;
    const char *fail_field;
};

/* Inside its input, or failed: what every function here asks of a cursor and keeps. */
/*@ predicate cursor_sound(struct cursor c) =
      bytes_readable(c.in) && c.pos <= c.in.len && c.base + c.in.len <= SIZE_MAX; */

/* What a getter does to a cursor: it moves by `n` bytes or fails, and stays failed. */
/*@ predicate cursor_moved{Before, After}(struct cursor *c, integer n) =
      \at(c->in, After) == \at(c->in, Before) && \at(c->base, After) == \at(c->base, Before) &&
      (\at(c->kind, Before) == ERR_NONE && n <= \at(c->in.len, Before) - \at(c->pos, Before) ?
         \at(c->kind, After) == ERR_NONE && \at(c->pos, After) == \at(c->pos, Before) + n :
         \at(c->kind, After) != ERR_NONE && \at(c->pos, After) == \at(c->pos, Before)) &&
      (\at(c->kind, Before) != ERR_NONE ==> \at(*c, After) == \at(*c, Before)); */

/*@ requires bytes_readable(in);
    assigns \nothing;
    ensures cursor_sound(\result) && \result.in == in && \result.base == 0 && \result.pos == 0 && \result.kind ==
   ERR_NONE; */
struct cursor cursor_over(bytes in);

/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, 1);
    ensures c->kind != ERR_NONE ==> \result == 0; */
uint8_t cursor_u8(struct cursor *c, const char *field);
/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, 2);
    ensures c->kind != ERR_NONE ==> \result == 0; */
uint16_t cursor_u16le(struct cursor *c, const char *field);
/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, 4);
    ensures c->kind != ERR_NONE ==> \result == 0; */
uint32_t cursor_u32le(struct cursor *c, const char *field);
/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, 8);
    ensures c->kind != ERR_NONE ==> \result == 0; */
uint64_t cursor_u64le(struct cursor *c, const char *field);

/* The next `n` bytes as a view; absent after a failure. */
/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, n) && bytes_readable(\result);
    ensures c->kind == ERR_NONE ==> \result.len == n && \result.ptr != \null;
    ensures c->kind == ERR_NONE && n > 0 ==> \result.ptr == c->in.ptr + \old(c->pos);
    ensures c->kind != ERR_NONE ==> \result.len == 0 && \result.ptr == \null; */
bytes cursor_take(struct cursor *c, size_t n, const char *field);

/* The next `n` bytes into out[0..n).  Nothing is written after a failure. */
/*@ requires \valid(c) && cursor_sound(*c) && \valid(out + (0 .. n - 1));
    requires \separated(out + (0 .. n - 1), c, c->in.ptr + (0 .. c->in.len - 1));
    assigns *c, out[0 .. n - 1];
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, n);
    ensures c->kind != ERR_NONE ==> \forall integer i; 0 <= i < n ==> out[i] == \old(out[i]); */
void cursor_copy(struct cursor *c, uint8_t *out, size_t n, const char *field);

/* Everything that is left, possibly empty. */
/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && bytes_readable(\result) && c->kind == \old(c->kind) && c->in == \old(c->in);
    ensures c->kind == ERR_NONE ==> c->pos == c->in.len && \result.len == c->in.len - \old(c->pos); */
bytes cursor_rest(struct cursor *c);

/* The next byte without taking it; false at the end or after a failure. */
/*@ requires \valid_read(c) && cursor_sound(*c) && \valid(out);
    assigns *out;
    ensures \result <==> c->kind == ERR_NONE && c->pos < c->in.len;
    ensures \result ==> *out == \old(c->in.ptr[c->pos]);
    ensures !\result ==> *out == \old(*out); */
bool cursor_peek(const struct cursor *c, uint8_t *out);

/*@ requires \valid_read(c) && cursor_sound(*c);
    assigns \nothing;
    ensures \result == (c->kind == ERR_NONE ? c->in.len - c->pos : 0); */
size_t cursor_left(const struct cursor *c);

/* A block of `n` bytes with a cursor of its own; finish it with cursor_close. */
/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c) && cursor_moved{Old, Here}(c, n);
    ensures cursor_sound(\result) && \result.pos == 0 && \result.kind == c->kind;
    ensures c->kind == ERR_NONE ==> \result.in.len == n; */
struct cursor cursor_sub(struct cursor *c, size_t n, const char *field);

/* A failure of `inner`, or bytes left over in it, fail `outer`. */
/*@ requires \valid(outer) && cursor_sound(*outer) && \valid_read(inner) && cursor_sound(*inner);
    requires \separated(outer, inner);
    assigns *outer;
    ensures cursor_sound(*outer) && outer->in == \old(outer->in) && outer->pos == \old(outer->pos);
    ensures outer->kind == ERR_NONE <==>
            \old(outer->kind) == ERR_NONE && inner->kind == ERR_NONE && inner->pos == inner->in.len; */
void cursor_close(struct cursor *outer, const struct cursor *inner, const char *field);

/* Fails the cursor at its position, unless it has failed before. */
/*@ requires \valid(c) && cursor_sound(*c);
    assigns c->kind, c->fail_pos, c->fail_field;
    ensures c->kind == (\old(c->kind) == ERR_NONE ? kind : \old(c->kind)); */
void cursor_fail(struct cursor *c, enum err_kind kind, const char *field);

/*@ requires \valid_read(c);
    assigns \nothing;
    ensures \result <==> c->kind != ERR_NONE; */
static inline bool cursor_failed(const struct cursor *c)
{
    return c->kind != ERR_NONE;
}

/* The one check: the first failure, or ERR_TRAILING when input is left over. */
/*@ requires \valid_read(c) && cursor_sound(*c) && err_sound(err) && \separated(c, err);
    assigns *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE <==> c->kind == ERR_NONE && c->pos == c->in.len; */
MUST_USE status cursor_end(const struct cursor *c, struct err *err);

/* As cursor_end without the check for leftovers. */
/*@ requires \valid_read(c) && cursor_sound(*c) && err_sound(err) && \separated(c, err);
    assigns *err;
    ensures err_sound(err) && \result.kind == c->kind; */
MUST_USE status cursor_status(const struct cursor *c, struct err *err);

#endif
