/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/tar_mutate.h"

#include <stdio.h>

#include "fuzz/der_mutate.h"

bool tar_read(const uint8_t *data, size_t size, struct tar_members *out)
{
    struct ustar_reader r = {.in = BYTES(data, size)};
    struct ustar_member m;
    for (out->count = 0;; out->count++) {
        bool end = false;
        if (!is_ok(ustar_next(&r, &m, &end, NULL))) return false;
        if (end) return out->count > 0;
        if (out->count == TAR_MEMBERS_MAX) return false;
        memset(out->at[out->count].name, 0, sizeof out->at[0].name);
        memcpy(out->at[out->count].name, m.name.ptr, m.name.len);
        out->at[out->count].content = m.content;
    }
}

static void refill(bytes *content, unsigned seed)
{
    enum { GROWTH = 80 };
    static uint8_t buffer[TAR_BYTES_MAX];
    if (content->len + GROWTH > sizeof buffer) return;
    if (content->len > 0) memcpy(buffer, content->ptr, content->len);
    *content = BYTES(buffer, mutate_bytes(buffer, content->len, content->len + GROWTH, seed));
}

void tar_swap(struct tar_member *a, struct tar_member *b)
{
    const struct tar_member kept = *a;
    *a = *b;
    *b = kept;
}

void tar_change(struct tar_members *t, unsigned seed)
{
    const size_t which = seed / 8 % t->count, other = seed / 1024 % t->count;
    const char *text = t->at[which].name;
    switch (seed % 8) {
    case 0: /* away */
        t->count--;
        memmove(&t->at[which], &t->at[which + 1], (t->count - which) * sizeof t->at[0]);
        return;
    case 1: /* twice */
        if (t->count == TAR_MEMBERS_MAX) return;
        memmove(&t->at[which + 1], &t->at[which], (t->count - which) * sizeof t->at[0]);
        t->count++;
        return;
    case 2: /* to another place */
        tar_swap(&t->at[which], &t->at[other]);
        return;
    case 3:
        t->at[which].content = t->at[other].content;
        return;
    case 4:
        (void)mutate_bytes((uint8_t *)t->at[which].name, strlen(text), strlen(text), seed);
        return;
    default:
        refill(&t->at[which].content, seed);
    }
}

size_t tar_write(const struct tar_members *t, uint8_t *out, size_t max)
{
    static uint8_t buffer[TAR_BYTES_MAX];
    struct ustar_writer w = {.out = buffer, .cap = max < sizeof buffer ? max : sizeof buffer};
    for (size_t i = 0; i < t->count; i++) {
        bytes name = {(const uint8_t *)t->at[i].name, strlen(t->at[i].name)};
        if (!is_ok(ustar_put(&w, name, t->at[i].content, NULL))) return 0;
    }
    if (!is_ok(ustar_finish(&w, NULL))) return 0;
    memcpy(out, buffer, w.len);
    return w.len;
}

/* The checksum of the header at data[at], by its definition. */
static void put_checksum(uint8_t *header)
{
    char text[8];
    unsigned sum = 0;
    memset(&header[148], ' ', 8);
    for (size_t i = 0; i < USTAR_BLOCK_BYTES; i++)
        sum += header[i];
    (void)snprintf(text, sizeof text, "%06o", sum);
    memcpy(&header[148], text, 7);
}

size_t tar_mutate_bytes(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size = mutate_bytes(data, size, max, seed);
    for (size_t at = 0; size - at >= USTAR_BLOCK_BYTES && data[at] != 0;) {
        size_t content = 0;
        for (size_t i = 124; i < 135; i++)
            content = content * 8 + (data[at + i] & 7u);
        put_checksum(&data[at]);
        if (content > size - at - USTAR_BLOCK_BYTES) break;
        at += USTAR_MEMBER_BYTES(content);
        if (at > size) break;
    }
    return size;
}
