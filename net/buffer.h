/* SPDX-License-Identifier: Apache-2.0 */
/* net/buffer.h: a queue of bytes on the heap, between whoever makes them and whoever takes them.
 *
 * One side puts, the other looks and drops.  A queue never grows past the limit it was made with: whoever fills it from
 * a peer has to name how much a peer may make us keep.
 *
 * The trap: a view is good until the next call that changes the buffer; put, drop and free all move or wipe what it
 * points at.
 *
 * What passes through may be plaintext of an attested channel, so memory that is given up is wiped first: on drop, on
 * growth and on free.  Not checked here: what the bytes mean.  Not for two threads at once.
 */
#ifndef NET_BUFFER_H
#define NET_BUFFER_H

#include "parse/bytes.h"
#include "parse/status.h"

/* Made by BUFFER; owns `data` until buffer_free.  Not to be copied. */
struct buffer {
    const char *name; /* for error texts; a static string */
    size_t limit;     /* of bytes kept at once */
    uint8_t *data;
    size_t cap;
    size_t from; /* the queue is data[from .. from + len) */
    size_t len;
};

/* An empty buffer without memory.  `name_` is a string literal. */
#define BUFFER(name_, limit_) ((struct buffer){.name = (name_), .limit = (limit_)})

/* Appends a copy of `in`, which must not lie inside `b`.  All or nothing: ERR_LIMIT when the limit would be passed,
 * ERR_NOMEM when there is no memory; the buffer is as it was then. */
MUST_USE status buffer_put(struct buffer *b, bytes in, struct err *err);

/* Room for `n` more bytes at the end, for a library that writes by itself; buffer_commit says how many it wrote.  The
 * errors of buffer_put. */
MUST_USE status buffer_reserve(struct buffer *b, size_t n, uint8_t **out, struct err *err);

/* The first `n` of the bytes reserved last count from now on; `n` is at most what was reserved. */
void buffer_commit(struct buffer *b, size_t n);

/* How many bytes may still be put. */
size_t buffer_room(const struct buffer *b);

/* All bytes in order; present and empty when there is none. */
bytes buffer_view(const struct buffer *b);

/* Takes away the first `n` bytes, or all when there are fewer. */
void buffer_drop(struct buffer *b, size_t n);

/* Wipes and frees; the buffer is empty and can be used again. */
void buffer_free(struct buffer *b);

#endif
