/* SPDX-License-Identifier: Apache-2.0 */
/* parse/bytes.h: bytes and their length as one value.
 *
 * A `bytes` borrows: whoever hands one out says how long the memory lives.  ptr NULL means absent, len 0 with a ptr
 * means present and empty; the two are different and have different predicates.
 */
#ifndef PARSE_BYTES_H
#define PARSE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const uint8_t *ptr;
    size_t len;
} bytes;

/*@ predicate bytes_readable(bytes b) = \valid_read(b.ptr + (0 .. b.len - 1)); */

#define BYTES(p, n)    ((bytes){(p), (n)})
#define BYTES_OF(a)    ((bytes){(a), sizeof(a)}) /* a whole array of uint8_t */
#define BYTES_LIT(lit) ((bytes){(const uint8_t *)(lit), sizeof(lit) - 1})
#define BYTES_ABSENT   ((bytes){NULL, 0})

/*@ assigns \nothing;
    ensures \result <==> b.ptr == \null; */
static inline bool bytes_is_absent(bytes b)
{
    return b.ptr == NULL;
}

/* Equal when both are present, of one length and of one content; an absent one equals nothing, not even itself. */
/*@ requires bytes_readable(a) && bytes_readable(b);
    assigns \nothing;
    ensures \result <==> a.ptr != \null && b.ptr != \null && a.len == b.len &&
                         \forall integer i; 0 <= i < a.len ==> a.ptr[i] == b.ptr[i]; */
static inline bool bytes_eq(bytes a, bytes b)
{
    return a.ptr && b.ptr && a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* As bytes_eq, in time that depends on the lengths only. */
/*@ requires bytes_readable(a) && bytes_readable(b);
    assigns \nothing; */
static inline bool bytes_eq_ct(bytes a, bytes b)
{
    if (!a.ptr || !b.ptr || a.len != b.len) return false;
    uint8_t diff = 0;
    /*@ loop invariant 0 <= i <= a.len;
        loop assigns i, diff;
        loop variant a.len - i; */
    for (size_t i = 0; i < a.len; i++)
        diff |= a.ptr[i] ^ b.ptr[i];
    return diff == 0;
}

/*@ requires bytes_readable(b);
    assigns \nothing;
    ensures \result <==> \forall integer i; 0 <= i < b.len ==> b.ptr[i] == 0; */
static inline bool bytes_are_zero(bytes b)
{
    /*@ loop invariant 0 <= i <= b.len && \forall integer j; 0 <= j < i ==> b.ptr[j] == 0;
        loop assigns i;
        loop variant b.len - i; */
    for (size_t i = 0; i < b.len; i++)
        if (b.ptr[i] != 0) return false;
    return true;
}

/* The `n` bytes from `from` on; absent when they do not all lie inside `b`. */
/*@ requires bytes_readable(b);
    assigns \nothing;
    ensures bytes_readable(\result);
    ensures b.ptr != \null && from + n <= b.len ==> \result.ptr == b.ptr + from && \result.len == n;
    ensures b.ptr == \null || from + n > b.len ==> \result.ptr == \null && \result.len == 0; */
static inline bytes bytes_slice(bytes b, size_t from, size_t n)
{
    if (!b.ptr || from > b.len || n > b.len - from) return BYTES_ABSENT;
    return (bytes){b.ptr + from, n};
}

#endif
