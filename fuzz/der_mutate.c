/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/der_mutate.h"

#include <stdbool.h>
#include <string.h>

/* A mutator runs between the executions: no coverage of the target, and no time to be lost. */
#pragma clang attribute push(__attribute__((no_sanitize("coverage", "address", "undefined"))), apply_to = function)

enum { ELEMENTS_MAX = 160, DEPTH_MAX = 12, BUFFER_BYTES = 1 << 17 };

struct element {
    size_t start, header, contents;
    int parent; /* -1: none */
    int depth;
};

struct tree {
    uint8_t *data;
    size_t size, max;
    struct element at[ELEMENTS_MAX];
    int count;
    uint32_t random;
};

static uint32_t draw(struct tree *t, uint32_t below)
{
    t->random = t->random * 1664525u + 1013904223u;
    return below ? (t->random >> 8) % below : 0;
}

/* The element at data[at..end); false when its header is none or its contents reach out. */
static bool read_element(const uint8_t *data, size_t at, size_t end, struct element *out)
{
    if (end - at < 2) return false;
    *out = (struct element){.start = at, .header = 2, .contents = data[at + 1]};
    if (out->contents >= 0x80) {
        size_t octets = out->contents & 0x7f;
        if (octets == 0 || octets > 3 || end - at < 2 + octets) return false;
        out->contents = 0;
        for (size_t i = 0; i < octets; i++)
            out->contents = out->contents << 8 | data[at + 2 + i];
        out->header += octets;
    }
    return out->contents <= end - at - out->header;
}

static size_t end_of(const struct element *e)
{
    return e->start + e->header + e->contents;
}

/* Whether something may stand inside: constructed elements, and OCTET STRINGs that hold exactly one. */
static bool has_children(const struct tree *t, const struct element *e)
{
    struct element inner;
    if (t->data[e->start] & 0x20) return true;
    return t->data[e->start] == 0x04 && read_element(t->data, e->start + e->header, end_of(e), &inner) &&
           end_of(&inner) == end_of(e);
}

/* Lists the elements breadth first. */
static void read_tree(struct tree *t)
{
    t->count = 0;
    if (!read_element(t->data, 0, t->size, &t->at[0])) return;
    t->at[0].parent = -1;
    t->at[0].depth = 0;
    t->count = 1;
    for (int i = 0; i < t->count; i++) {
        const struct element outer = t->at[i];
        if (outer.depth >= DEPTH_MAX || !has_children(t, &outer)) continue;
        size_t at = outer.start + outer.header;
        while (t->count < ELEMENTS_MAX && at < end_of(&outer)) {
            struct element *child = &t->at[t->count];
            if (!read_element(t->data, at, end_of(&outer), child)) break;
            child->parent = i;
            child->depth = outer.depth + 1;
            at = end_of(child);
            t->count++;
        }
    }
}

static size_t put_header(uint8_t out[5], uint8_t tag, size_t len)
{
    size_t octets = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
    out[0] = tag;
    out[1] = (uint8_t)(octets ? 0x80 | octets : len);
    for (size_t i = 0; i < octets; i++)
        out[2 + i] = (uint8_t)(len >> (8 * (octets - 1 - i)));
    return 2 + octets;
}

/* Puts with[0..n) in place of the `gone` bytes at `at`; false when it does not fit. */
static bool splice(struct tree *t, size_t at, size_t gone, const uint8_t *with, size_t n)
{
    if (t->size - gone + n > t->max) return false;
    memmove(t->data + at + n, t->data + at + gone, t->size - at - gone);
    if (n > 0) memcpy(t->data + at, with, n);
    t->size = t->size - gone + n;
    return true;
}

/* Sets the lengths of the element `parent` and of all around it right after they have grown by `more`. */
static void fix_lengths(struct tree *t, int parent, long more)
{
    for (; parent >= 0; parent = t->at[parent].parent) {
        const struct element *e = &t->at[parent];
        uint8_t header[5];
        size_t n = put_header(header, t->data[e->start], (size_t)((long)e->contents + more));
        if (!splice(t, e->start, e->header, header, n)) return;
        more += (long)n - (long)e->header;
    }
}

static void replace(struct tree *t, int which, const uint8_t *with, size_t n)
{
    const struct element *e = &t->at[which];
    size_t gone = e->header + e->contents;
    if (splice(t, e->start, gone, with, n)) fix_lengths(t, e->parent, (long)n - (long)gone);
}

static void insert(struct tree *t, int before, const uint8_t *element, size_t n)
{
    const struct element *e = &t->at[before];
    if (e->parent >= 0 && splice(t, e->start, 0, element, n)) fix_lengths(t, e->parent, (long)n);
}

static void refill(struct tree *t, int which)
{
    static uint8_t element[BUFFER_BYTES];
    enum { HEADER_MAX = 5, GROWTH = 80 };
    const struct element *e = &t->at[which];
    if (e->contents + HEADER_MAX + GROWTH > sizeof element) return;
    memcpy(element + HEADER_MAX, t->data + e->start + e->header, e->contents);
    size_t len = mutate_bytes(element + HEADER_MAX, e->contents, e->contents + GROWTH, draw(t, UINT32_MAX));
    uint8_t header[HEADER_MAX];
    size_t n = put_header(header, t->data[e->start], len);
    memcpy(element + HEADER_MAX - n, header, n);
    replace(t, which, element + HEADER_MAX - n, n + len);
}

static void change(struct tree *t)
{
    static const uint8_t tags[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13,
                                   0x16, 0x17, 0x18, 0x30, 0x31, 0xa0, 0xa3};
    static uint8_t copy[BUFFER_BYTES];
    int which = (int)draw(t, (uint32_t)t->count), other = (int)draw(t, (uint32_t)t->count);
    const struct element *from = &t->at[other];
    size_t n = from->header + from->contents;
    if (n > sizeof copy) return;
    memcpy(copy, t->data + from->start, n);
    switch (draw(t, 8)) {
    case 0:
        replace(t, which, NULL, 0);
        return;
    case 1:
        insert(t, which, copy, n);
        return;
    case 2:
        replace(t, which, copy, n);
        return;
    case 3:
        t->data[t->at[which].start] = tags[draw(t, sizeof tags)];
        return;
    default:
        refill(t, which);
    }
}

size_t mutate_bytes(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    if (LLVMFuzzerMutate) return LLVMFuzzerMutate(data, size, max);
    if (size > 0) data[seed % size] ^= (uint8_t)(1u << (seed >> 16) % 8);
    return size;
}

size_t der_mutate(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    static struct tree t;
    t.data = data;
    t.size = size;
    t.max = max;
    t.random = seed;
    read_tree(&t);
    if (t.count == 0) return mutate_bytes(data, size, max, seed);
    change(&t);
    return t.size > 0 ? t.size : mutate_bytes(data, size, max, seed);
}

#pragma clang attribute pop
