/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/protobuf_write.h"

#include "parse/protobuf.h"

static void put(struct protobuf_writer *w, const uint8_t *p, size_t n)
{
    if (w->len <= w->cap && n <= w->cap - w->len && n > 0) memcpy(w->out + w->len, p, n);
    w->len += n;
}

static void put_varint(struct protobuf_writer *w, uint64_t v)
{
    uint8_t text[PROTOBUF_VARINT_BYTES];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        text[n++] = (uint8_t)(v | 0x80);
    text[n++] = (uint8_t)v;
    put(w, text, n);
}

static void put_tag(struct protobuf_writer *w, uint32_t number, enum protobuf_type type)
{
    put_varint(w, (uint64_t)number << 3 | type);
}

void protobuf_put_head(struct protobuf_writer *w, uint32_t number, size_t len)
{
    put_tag(w, number, PROTOBUF_LEN);
    put_varint(w, len);
}

void protobuf_put_item(struct protobuf_writer *w, uint32_t number, bytes value)
{
    protobuf_put_head(w, number, value.len);
    put(w, value.ptr, value.len);
}

void protobuf_put_bytes(struct protobuf_writer *w, uint32_t number, bytes value)
{
    if (value.len > 0) protobuf_put_item(w, number, value);
}

void protobuf_put_bool(struct protobuf_writer *w, uint32_t number, bool value)
{
    if (!value) return;
    put_tag(w, number, PROTOBUF_VARINT);
    put_varint(w, 1);
}

void protobuf_put_number(struct protobuf_writer *w, uint32_t number, uint64_t value)
{
    if (value == 0) return;
    put_tag(w, number, PROTOBUF_VARINT);
    put_varint(w, value);
}

status protobuf_written(const struct protobuf_writer *w, struct err *err)
{
    if (w->len <= w->cap) return OK;
    return err_set(err, ERR_NOMEM, 0, "protobuf message of %zu bytes: room for %zu", w->len, w->cap);
}
