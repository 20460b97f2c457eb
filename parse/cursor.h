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

struct cursor cursor_over(bytes in);

uint8_t cursor_u8(struct cursor *c, const char *field);
uint16_t cursor_u16le(struct cursor *c, const char *field);
uint32_t cursor_u32le(struct cursor *c, const char *field);
uint64_t cursor_u64le(struct cursor *c, const char *field);

/* The next `n` bytes as a view; absent after a failure. */
bytes cursor_take(struct cursor *c, size_t n, const char *field);

/* The next `n` bytes into out[0..n).  Nothing is written after a failure. */
void cursor_copy(struct cursor *c, uint8_t *out, size_t n, const char *field);

/* Everything that is left, possibly empty. */
bytes cursor_rest(struct cursor *c);

/* The next byte without taking it; false at the end or after a failure. */
bool cursor_peek(const struct cursor *c, uint8_t *out);

size_t cursor_left(const struct cursor *c);

/* A block of `n` bytes with a cursor of its own; finish it with cursor_close. */
struct cursor cursor_sub(struct cursor *c, size_t n, const char *field);

/* A failure of `inner`, or bytes left over in it, fail `outer`. */
void cursor_close(struct cursor *outer, const struct cursor *inner, const char *field);

/* Fails the cursor at its position, unless it has failed before. */
void cursor_fail(struct cursor *c, enum err_kind kind, const char *field);

static inline bool cursor_failed(const struct cursor *c)
{
    return c->kind != ERR_NONE;
}

/* The one check: the first failure, or ERR_TRAILING when input is left over. */
MUST_USE status cursor_end(const struct cursor *c, struct err *err);

/* As cursor_end without the check for leftovers. */
MUST_USE status cursor_status(const struct cursor *c, struct err *err);

#endif
