/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/message.h"

#include "parse/cursor.h"

enum { BODY_HEAD_BYTES = 5, PART_HEAD_BYTES = 4 };

static uint32_t get_u32be(bytes b)
{
    return (uint32_t)b.ptr[0] << 24 | (uint32_t)b.ptr[1] << 16 | (uint32_t)b.ptr[2] << 8 | b.ptr[3];
}

static uint8_t *put_u32be(uint8_t *out, size_t v)
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (24 - 8 * i));
    return out + 4;
}

static uint32_t take_u32be(struct cursor *c, const char *field)
{
    bytes b = cursor_take(c, 4, field);
    return bytes_is_absent(b) ? 0 : get_u32be(b);
}

status message_frame(bytes in, size_t *len, struct err *err)
{
    if (in.len < MESSAGE_HEAD_BYTES) {
        *len = 0;
        return OK;
    }
    uint32_t body = get_u32be(in);
    if (body > LIMIT_MESSAGE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "message: want at most %d bytes, have %u", LIMIT_MESSAGE_BYTES, body);
    *len = MESSAGE_HEAD_BYTES + (size_t)body;
    return OK;
}

status message_parse(bytes in, struct message *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct cursor body = cursor_sub(&c, take_u32be(&c, "length"), "body");
    struct message m = {.kind = cursor_u8(&body, "kind"), .id = take_u32be(&body, "id")};
    while (!cursor_failed(&body) && cursor_left(&body) > 0) {
        if (m.part_count == MESSAGE_PARTS)
            return err_set(err, ERR_LIMIT, body.base + body.pos, "message: want at most %d parts", MESSAGE_PARTS);
        m.parts[m.part_count++] = cursor_take(&body, take_u32be(&body, "length of a part"), "part");
    }
    cursor_close(&c, &body, "body");
    TRY(err_in(err, cursor_end(&c, err), "message"));
    *out = m;
    return OK;
}

status message_size(const struct message *m, size_t *len, struct err *err)
{
    size_t body = BODY_HEAD_BYTES;
    for (size_t i = 0; i < m->part_count; i++) {
        if (m->parts[i].len > LIMIT_MESSAGE_BYTES - PART_HEAD_BYTES - body)
            return err_set(err, ERR_LIMIT, 0, "message: want at most %d bytes", LIMIT_MESSAGE_BYTES);
        body += PART_HEAD_BYTES + m->parts[i].len;
    }
    *len = MESSAGE_HEAD_BYTES + body;
    return OK;
}

void message_write(const struct message *m, uint8_t *out)
{
    uint8_t *body = out + MESSAGE_HEAD_BYTES;
    uint8_t *at = body;
    *at++ = m->kind;
    at = put_u32be(at, m->id);
    for (size_t i = 0; i < m->part_count; i++) {
        at = put_u32be(at, m->parts[i].len);
        if (m->parts[i].len > 0) memcpy(at, m->parts[i].ptr, m->parts[i].len);
        at += m->parts[i].len;
    }
    put_u32be(out, (size_t)(at - body));
}
