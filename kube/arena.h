/* SPDX-License-Identifier: Apache-2.0 */
/* kube/arena.h: memory with one lifetime, freed as a whole.
 *
 * Zeroed memory is an empty arena.  What it hands out is zeroed, fit for any type, and lives until arena_free; there is
 * no way to give a piece back.  Not for threads at once.
 */
#ifndef KUBE_ARENA_H
#define KUBE_ARENA_H

#include "parse/bytes.h"
#include "parse/status.h"

struct arena_block;
struct arena {
    struct arena_block *newest;
};

/* `count` items of `size` bytes, at least one byte.  ERR_NOMEM, also when the product overflows. */
MUST_USE status arena_take(struct arena *a, size_t count, size_t size, void **out, struct err *err);

/* A copy of `in`; absent stays absent. */
MUST_USE status arena_copy(struct arena *a, bytes in, bytes *out, struct err *err);

/* Makes room for item `count` of an array that grows one by one: `*array` is moved, to twice its size, when `count` is
 * 0 or a power of two.  What it held before stays allocated. */
MUST_USE status arena_grow(struct arena *a, void **array, size_t count, size_t size, struct err *err);

void arena_free(struct arena *a);

#endif
