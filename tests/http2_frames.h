/* SPDX-License-Identifier: Apache-2.0 */
/* tests/http2_frames.h: HTTP/2 frames made by hand, from RFC 9113 and RFC 7541, and taken apart again: what a peer
 * sends that no honest library would. */
#ifndef TESTS_HTTP2_FRAMES_H
#define TESTS_HTTP2_FRAMES_H

#include "parse/bytes.h"

enum h2_type {
    H2_DATA = 0,
    H2_HEADERS = 1,
    H2_RST_STREAM = 3,
    H2_SETTINGS = 4,
    H2_PING = 6,
    H2_GOAWAY = 7,
    H2_WINDOW_UPDATE = 8,
    H2_CONTINUATION = 9,
};
enum { H2_END_STREAM = 1, H2_ACK = 1, H2_END_HEADERS = 4, H2_HEAD_BYTES = 9 };

#define H2_PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

struct h2_bytes {
    uint8_t data[1 << 18];
    size_t len;
};

static inline void h2_put(struct h2_bytes *b, const void *p, size_t n)
{
    memcpy(b->data + b->len, p, n);
    b->len += n;
}

static inline void h2_frame(struct h2_bytes *b, enum h2_type type, unsigned flags, uint32_t stream, bytes payload)
{
    uint8_t head[H2_HEAD_BYTES] = {(uint8_t)(payload.len >> 16),
                                   (uint8_t)(payload.len >> 8),
                                   (uint8_t)payload.len,
                                   (uint8_t)type,
                                   (uint8_t)flags,
                                   (uint8_t)(stream >> 24),
                                   (uint8_t)(stream >> 16),
                                   (uint8_t)(stream >> 8),
                                   (uint8_t)stream};
    h2_put(b, head, sizeof head);
    h2_put(b, payload.ptr, payload.len);
}

/* A literal without indexing, nothing Huffman-coded; lengths below 127. */
static inline void h2_header(struct h2_bytes *block, const char *name, const char *value)
{
    uint8_t n = (uint8_t)strlen(name), v = (uint8_t)strlen(value);
    h2_put(block, "\0", 1);
    h2_put(block, &n, 1);
    h2_put(block, name, n);
    h2_put(block, &v, 1);
    h2_put(block, value, v);
}

struct h2_view {
    enum h2_type type;
    unsigned flags;
    uint32_t stream;
    bytes payload;
};

static inline uint32_t h2_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The frame at `*at`, which moves behind it; false at the end. */
static inline bool h2_next(bytes in, size_t *at, struct h2_view *out)
{
    bytes head = bytes_slice(in, *at, H2_HEAD_BYTES);
    if (!head.ptr) return false;
    size_t len = h2_u32(head.ptr) >> 8;
    *out = (struct h2_view){(enum h2_type)head.ptr[3], head.ptr[4], h2_u32(head.ptr + 5),
                            bytes_slice(in, *at + H2_HEAD_BYTES, len)};
    *at += H2_HEAD_BYTES + len;
    return out->payload.ptr != NULL;
}

/* The first frame of `type` on `stream`. */
static inline bool h2_find(bytes in, enum h2_type type, uint32_t stream, struct h2_view *out)
{
    for (size_t at = 0; h2_next(in, &at, out);)
        if (out->type == type && out->stream == stream) return true;
    return false;
}

#endif
