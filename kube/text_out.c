/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/text_out.h"

#include "parse/text.h"

static void make_room(struct text_out *out, size_t n)
{
    size_t cap = out->cap ? out->cap : 128;
    void *bigger;
    while (cap - out->len < n && cap <= SIZE_MAX / 4)
        cap *= 2;
    if (cap == out->cap) return;
    if (cap - out->len < n || !is_ok(arena_take(out->memory, cap, 1, &bigger, NULL))) {
        out->has_failed = true;
        return;
    }
    if (out->len > 0) memcpy(bigger, out->text, out->len);
    out->text = bigger;
    out->cap = cap;
}

void text_put(struct text_out *out, bytes text)
{
    if (text.len > out->cap - out->len || !out->text) make_room(out, text.len);
    if (out->has_failed || text.len == 0) return;
    memcpy(out->text + out->len, text.ptr, text.len);
    out->len += text.len;
}

void text_put_string(struct text_out *out, const char *text)
{
    text_put(out, text_bytes(text));
}

void text_put_repeated(struct text_out *out, char c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_put(out, BYTES((const uint8_t *)&c, 1));
}

status text_out_take(struct text_out *out, bytes *text, struct err *err)
{
    text_put(out, BYTES_ABSENT);
    if (out->has_failed) return err_set(err, ERR_NOMEM, 0, "out of memory");
    *text = BYTES(out->text, out->len);
    return OK;
}
