/* SPDX-License-Identifier: Apache-2.0 */
#include "net/buffer.h"

#include <stdlib.h>

#include "ca/secret.h"

enum {
    SMALLEST = 512,  /* less than that isn't worth asking the allocator for */
    KEPT_MAX = 4096, /* an empty queue with more than that gives it back: most connections idle most of the time */
};

static size_t grown(const struct buffer *b, size_t need)
{
    size_t cap = b->cap < SMALLEST ? SMALLEST : b->cap;
    while (cap < need)
        cap = cap > b->limit / 2 ? b->limit : 2 * cap;
    return cap < b->limit ? cap : b->limit;
}

/* realloc would leave a copy behind that nobody wipes. */
static status move_to(struct buffer *b, size_t cap, struct err *err)
{
    uint8_t *data = malloc(cap);
    if (!data) return err_set(err, ERR_NOMEM, 0, "%s: no memory for %zu bytes", b->name, cap);
    if (b->len > 0) memcpy(data, b->data + b->from, b->len);
    secret_wipe(b->data, b->cap);
    free(b->data);
    b->data = data;
    b->cap = cap;
    b->from = 0;
    return OK;
}

static void move_to_front(struct buffer *b)
{
    memmove(b->data, b->data + b->from, b->len);
    secret_wipe(b->data + b->len, b->from);
    b->from = 0;
}

status buffer_reserve(struct buffer *b, size_t n, uint8_t **out, struct err *err)
{
    if (n > buffer_room(b))
        return err_set(err, ERR_LIMIT, 0, "%s: want at most %zu bytes, have %zu and %zu more", b->name, b->limit,
                       b->len, n);
    if (b->from > 0 && b->from + b->len + n > b->cap) move_to_front(b);
    if (b->len + n > b->cap) TRY(move_to(b, grown(b, b->len + n), err));
    *out = b->data + b->from + b->len;
    return OK;
}

void buffer_commit(struct buffer *b, size_t n)
{
    b->len += n;
}

status buffer_put(struct buffer *b, bytes in, struct err *err)
{
    if (in.len == 0) return OK;
    uint8_t *at;
    TRY(buffer_reserve(b, in.len, &at, err));
    memcpy(at, in.ptr, in.len);
    buffer_commit(b, in.len);
    return OK;
}

size_t buffer_room(const struct buffer *b)
{
    return b->limit - b->len;
}

bytes buffer_view(const struct buffer *b)
{
    return b->len > 0 ? BYTES(b->data + b->from, b->len) : BYTES_LIT("");
}

void buffer_drop(struct buffer *b, size_t n)
{
    if (n > b->len) n = b->len;
    if (n == 0) return;
    secret_wipe(b->data + b->from, n);
    b->len -= n;
    b->from = b->len > 0 ? b->from + n : 0;
    if (b->len == 0 && b->cap > KEPT_MAX) buffer_free(b);
}

void buffer_free(struct buffer *b)
{
    secret_wipe(b->data, b->cap);
    free(b->data);
    *b = BUFFER(b->name, b->limit);
}
