/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/arena.h"

#include <stdalign.h>
#include <stdlib.h>

/* Small enough not to be felt at start-up, large enough for every option of a usual call. */
enum { BLOCK_BYTES = 8192 };

struct arena_block {
    struct arena_block *older;
    size_t used, cap;
    alignas(max_align_t) uint8_t memory[];
};

static status add_block(struct arena *a, size_t wanted, struct err *err)
{
    size_t cap = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES, n;
    struct arena_block *b = __builtin_add_overflow(sizeof *b, cap, &n) ? NULL : calloc(1, n);
    if (!b) return err_set(err, ERR_NOMEM, 0, "out of memory");
    *b = (struct arena_block){.older = a->newest, .cap = cap};
    a->newest = b;
    return OK;
}

status arena_take(struct arena *a, size_t count, size_t size, void **out, struct err *err)
{
    const size_t unit = alignof(max_align_t);
    size_t n;
    if (__builtin_mul_overflow(count, size, &n) || n > PTRDIFF_MAX - BLOCK_BYTES) /* no object is larger */
        return err_set(err, ERR_NOMEM, 0, "out of memory");
    n = n == 0 ? unit : (n + unit - 1) / unit * unit;
    if (!a->newest || n > a->newest->cap - a->newest->used) TRY(add_block(a, n, err));
    *out = a->newest->memory + a->newest->used;
    a->newest->used += n;
    return OK;
}

status arena_copy(struct arena *a, bytes in, bytes *out, struct err *err)
{
    void *p = NULL;
    if (in.ptr) TRY(arena_take(a, in.len, 1, &p, err));
    if (in.len > 0) memcpy(p, in.ptr, in.len);
    *out = BYTES(p, in.len);
    return OK;
}

status arena_grow(struct arena *a, void **array, size_t count, size_t size, struct err *err)
{
    if ((count & (count - 1)) != 0) return OK;
    void *bigger;
    size_t cap;
    if (__builtin_mul_overflow(count ? count : 1, (size_t)2, &cap)) return err_set(err, ERR_NOMEM, 0, "out of memory");
    TRY(arena_take(a, cap, size, &bigger, err));
    if (count > 0) memcpy(bigger, *array, count * size);
    *array = bigger;
    return OK;
}

void arena_free(struct arena *a)
{
    while (a->newest) {
        struct arena_block *b = a->newest;
        a->newest = b->older;
        free(b);
    }
}
