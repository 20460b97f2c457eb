/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/http2_mutate.h"

#include <string.h>

#include "fuzz/der_mutate.h"

/* As in der_mutate.c. */
#pragma clang attribute push(__attribute__((no_sanitize("coverage", "address", "undefined"))), apply_to = function)

enum { LENGTH_BYTES = 3, HEAD_BYTES = 6, FRAME_BYTES = LENGTH_BYTES + HEAD_BYTES, FRAMES_MAX = 64 };
enum { PREFIX_BYTES = 5, TYPE_DATA = 0, GROWTH = 40, BUFFER_BYTES = 1 << 16 };

struct frame {
    uint8_t head[HEAD_BYTES]; /* type, flags, stream */
    const uint8_t *payload;
    size_t len;
};

struct frames {
    struct frame at[FRAMES_MAX];
    size_t count;
};

static void put_length(uint8_t *out, size_t octets, size_t len)
{
    for (size_t i = 0; i < octets; i++)
        out[i] = (uint8_t)(len >> (8 * (octets - 1 - i)));
}

/* The last frame has what there is of it. */
static void read_frames(const uint8_t *data, size_t size, struct frames *out)
{
    out->count = 0;
    for (size_t at = 0; size - at >= FRAME_BYTES && out->count < FRAMES_MAX; out->count++) {
        struct frame *f = &out->at[out->count];
        f->len = (size_t)data[at] << 16 | (size_t)data[at + 1] << 8 | data[at + 2];
        memcpy(f->head, data + at + LENGTH_BYTES, HEAD_BYTES);
        at += FRAME_BYTES;
        if (f->len > size - at) f->len = size - at;
        f->payload = data + at;
        at += f->len;
    }
}

/* The new size; what does not fit is left out. */
static size_t write_frames(const struct frames *frames, uint8_t *out, size_t max)
{
    static uint8_t buffer[BUFFER_BYTES];
    size_t n = 0;
    if (max > sizeof buffer) max = sizeof buffer;
    for (const struct frame *f = frames->at; f < frames->at + frames->count; f++) {
        if (FRAME_BYTES + f->len > max - n) break;
        put_length(buffer + n, LENGTH_BYTES, f->len);
        memcpy(buffer + n + LENGTH_BYTES, f->head, HEAD_BYTES);
        memcpy(buffer + n + FRAME_BYTES, f->payload, f->len);
        n += FRAME_BYTES + f->len;
    }
    memcpy(out, buffer, n);
    return n;
}

/* Three times in four the message of a DATA frame alone, whose prefix says how long it is. */
static void refill(struct frame *f, unsigned seed)
{
    static uint8_t buffer[BUFFER_BYTES];
    const size_t from = f->head[0] == TYPE_DATA && f->len >= PREFIX_BYTES && seed % 4 ? PREFIX_BYTES : 0;
    if (f->len + GROWTH > sizeof buffer) return;
    memcpy(buffer, f->payload, f->len);
    const size_t n = mutate_bytes(buffer + from, f->len - from, f->len - from + GROWTH, seed / 4);
    if (from > 0) put_length(buffer + 1, from - 1, n);
    f->payload = buffer;
    f->len = from + n;
}

static void change(struct frames *f, unsigned seed)
{
    const size_t which = seed / 8 % f->count, other = seed / 512 % f->count;
    const struct frame kept = f->at[which];
    switch (seed % 8) {
    case 0: /* away */
        f->count--;
        memmove(&f->at[which], &f->at[which + 1], (f->count - which) * sizeof kept);
        return;
    case 1: /* twice */
        if (f->count == FRAMES_MAX) return;
        memmove(&f->at[which + 1], &f->at[which], (f->count - which) * sizeof kept);
        f->count++;
        return;
    case 2: /* to another place */
        f->at[which] = f->at[other];
        f->at[other] = kept;
        return;
    case 3:
        (void)mutate_bytes(f->at[which].head, HEAD_BYTES, HEAD_BYTES, seed / 8);
        return;
    default:
        refill(&f->at[which], seed / 512);
    }
}

size_t http2_mutate(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    static struct frames frames;
    read_frames(data + 1, size > 0 ? size - 1 : 0, &frames);
    if (frames.count == 0 || seed % 4 == 0) return mutate_bytes(data, size, max, seed / 4);
    change(&frames, seed / 4);
    return 1 + write_frames(&frames, data + 1, max - 1);
}

#pragma clang attribute pop
