/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST
#include <zlib.h>

#include "kube/gzip.h"
#include "kube/text_out.h"

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 9, PART = 65536 };

status gzip_write(bytes in, struct arena *memory, bytes *out, struct err *err)
{
    z_stream z = {.next_in = in.ptr, .avail_in = (uInt)in.len};
    void *room;
    if (in.len > UINT32_MAX) return err_set(err, ERR_LIMIT, 0, "gzip: %zu bytes are too many", in.len);
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return err_set(err, ERR_NOMEM, 0, "out of memory");
    size_t cap = deflateBound(&z, (uLong)in.len);
    status s = arena_take(memory, cap, 1, &room, err);
    z.next_out = room;
    z.avail_out = (uInt)cap;
    bool is_whole = is_ok(s) && deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t len = z.total_out;
    (void)deflateEnd(&z);
    TRY(s);
    if (!is_whole) return err_set(err, ERR_NOMEM, 0, "out of memory");
    *out = BYTES(room, len);
    return OK;
}

/* Until the end, or until there is more than `limit`. */
static status inflate_all(z_stream *z, size_t limit, struct text_out *out, struct err *err)
{
    uint8_t part[PART];
    for (;;) {
        z->next_out = part;
        z->avail_out = sizeof part;
        int code = inflate(z, Z_NO_FLUSH);
        size_t n = sizeof part - z->avail_out;
        if (code != Z_OK && code != Z_STREAM_END)
            return err_set(err, ERR_SYNTAX, 0, "gzip: %s", z->msg ? z->msg : "it ends too early");
        if (n > limit - out->len) return err_set(err, ERR_LIMIT, 0, "gzip: more than %zu bytes come out", limit);
        text_put(out, BYTES(part, n));
        if (code == Z_STREAM_END) return OK;
    }
}

status gzip_read(bytes in, size_t limit, struct arena *memory, bytes *out, struct err *err)
{
    z_stream z = {.next_in = in.ptr, .avail_in = (uInt)in.len};
    struct text_out text = {.memory = memory};
    if (in.len > UINT32_MAX) return err_set(err, ERR_LIMIT, 0, "gzip: %zu bytes are too many", in.len);
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK) return err_set(err, ERR_NOMEM, 0, "out of memory");
    status s = inflate_all(&z, limit, &text, err);
    size_t left = z.avail_in;
    (void)inflateEnd(&z);
    TRY(s);
    if (left > 0) return err_set(err, ERR_SYNTAX, in.len - left, "gzip: %zu bytes behind the end", left);
    return text_out_take(&text, out, err);
}
