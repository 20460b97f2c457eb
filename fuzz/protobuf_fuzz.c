/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: protobuf_next protobuf_inside protobuf_once.
 *
 * Input: a message.  Each number has one spelling, the shortest, so a field takes as many bytes as its numbers need.
 */
#include <stdlib.h>

#include "parse/protobuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

enum { DEPTH = 2 };

static size_t varint_bytes(uint64_t v)
{
    size_t n = 1;
    for (; v >= 0x80; v >>= 7)
        n++;
    return n;
}

static size_t payload_bytes(const struct protobuf_field *f)
{
    switch (f->type) {
    case PROTOBUF_VARINT:
        return varint_bytes(f->value);
    case PROTOBUF_I64:
        return 8;
    case PROTOBUF_I32:
        return 4;
    case PROTOBUF_LEN:
        break;
    }
    return varint_bytes(f->view.len) + f->view.len;
}

/* Reads to the end, and goes into everything that reads as a message. */
static void read_fields(struct cursor *c, int depth)
{
    struct protobuf_field f = {0};
    struct protobuf_seen seen = {0};
    size_t start = c->pos;
    while (protobuf_next(c, &f)) {
        bool first = protobuf_once(&seen, f.number);
        require(first || f.number < 64);
        require(protobuf_once(&seen, f.number) == (f.number >= 64));
        require(f.number >= 1 && f.number <= PROTOBUF_FIELD_NUMBER_MAX);
        require(c->pos - start == varint_bytes((uint64_t)f.number << 3) + payload_bytes(&f));
        start = c->pos;

        require(bytes_is_absent(f.view) == (f.type != PROTOBUF_LEN));
        (void)bytes_are_zero(f.view);
        struct cursor inner = protobuf_inside(&f);
        require(cursor_failed(&inner) == (f.type != PROTOBUF_LEN));
        if (f.type != PROTOBUF_LEN) continue;
        require(f.offset + f.view.len == c->base + c->pos);
        if (depth > 0) read_fields(&inner, depth - 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over(BYTES(data, size));
    read_fields(&c, DEPTH);
    struct err err = {0};
    status s = cursor_end(&c, &err);
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] != '\0' && err.offset <= size);
    return 0;
}
