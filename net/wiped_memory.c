/* SPDX-License-Identifier: Apache-2.0 */
#include "net/wiped_memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* In front of each block: its size, in as much room as keeps what follows aligned. */
union head {
    size_t size;
    max_align_t align;
};

static union head *head_of(void *p)
{
    return (union head *)p - 1;
}

void *wiped_malloc(size_t size, void *user)
{
    (void)user;
    if (size > SIZE_MAX - sizeof(union head)) return NULL;
    union head *h = malloc(sizeof *h + size);
    if (!h) return NULL;
    h->size = size;
    return h + 1;
}

void *wiped_calloc(size_t count, size_t size, void *user)
{
    size_t whole;
    if (__builtin_mul_overflow(count, size, &whole)) return NULL;
    void *p = wiped_malloc(whole, user);
    if (p) memset(p, 0, whole);
    return p;
}

void *wiped_realloc(void *p, size_t size, void *user)
{
    void *moved = wiped_malloc(size, user);
    if (!moved || !p) return moved;
    size_t old = head_of(p)->size;
    memcpy(moved, p, old < size ? old : size);
    wiped_free(p, user);
    return moved;
}

void wiped_free(void *p, void *user)
{
    (void)user;
    if (!p) return;
    memset(p, 0, head_of(p)->size);
    __asm__ volatile("" : : "r"(p) : "memory"); /* or the compiler drops a memset that nobody reads */
    free(head_of(p));
}
