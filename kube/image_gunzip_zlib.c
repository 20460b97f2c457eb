/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <zlib.h>

#include "kube/image_gunzip.h"

/* RFC 1952 alone, with the largest window. */
enum { GZIP_WINDOW = 16 + 15, OUT_BYTES = 65536, IN_BYTES = 1 << 30 };

struct gunzip {
    z_stream stream;
    bool is_open;    /* inside a member */
    bool has_member; /* one has ended */
    uint8_t out[OUT_BYTES];
};

status gunzip_open(struct gunzip **out, struct err *err)
{
    struct gunzip *g = calloc(1, sizeof *g);
    if (g && inflateInit2(&g->stream, GZIP_WINDOW) == Z_OK) {
        *out = g;
        return OK;
    }
    free(g);
    return err_set(err, ERR_NOMEM, 0, "gzip: out of memory");
}

/* Unpacks until the output is full or the input used up; the next member begins anew. */
static status step(struct gunzip *g, const struct image_sink *to, struct err *err)
{
    g->stream.next_out = g->out;
    g->stream.avail_out = sizeof g->out;
    g->is_open = true;
    int code = inflate(&g->stream, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) return err_set(err, ERR_NOMEM, 0, "gzip: out of memory");
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return err_set(err, ERR_SYNTAX, 0, "gzip: %s", g->stream.msg ? g->stream.msg : "a preset dictionary");
    if (code == Z_STREAM_END) {
        g->is_open = false;
        g->has_member = true;
        if (inflateReset(&g->stream) != Z_OK) return err_set(err, ERR_BUG, 0, "gzip: cannot begin anew");
    }
    return to->put(to->context, BYTES(g->out, sizeof g->out - g->stream.avail_out), err);
}

static status put_piece(struct gunzip *g, bytes piece, const struct image_sink *to, struct err *err)
{
    g->stream.next_in = (z_const Bytef *)(uintptr_t)piece.ptr;
    g->stream.avail_in = (uInt)piece.len;
    do {
        TRY(step(g, to, err));
    } while (g->stream.avail_in > 0 || (g->is_open && g->stream.avail_out == 0));
    return OK;
}

status gunzip_put(struct gunzip *g, bytes part, const struct image_sink *to, struct err *err)
{
    while (part.len > 0) {
        size_t n = part.len < IN_BYTES ? part.len : IN_BYTES;
        TRY(put_piece(g, bytes_slice(part, 0, n), to, err));
        part = bytes_slice(part, n, part.len - n);
    }
    return OK;
}

status gunzip_finish(const struct gunzip *g, struct err *err)
{
    return g->has_member && !g->is_open ? OK : err_set(err, ERR_TRUNCATED, 0, "gzip: ends in a member");
}

void gunzip_free(struct gunzip *g)
{
    if (g) inflateEnd(&g->stream);
    free(g);
}
