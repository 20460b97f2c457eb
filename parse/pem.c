/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/pem.h"

#include <string.h>

#include "parse/text.h"

#define LINE_CHARS 64
#define LINE_BYTES 48

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char close_mark[] = "-----";

static bool has_text(bytes in, size_t at, const char *text)
{
    return bytes_eq(bytes_slice(in, at, strlen(text)), text_bytes(text));
}

/* Length of the marker line at `at` without its line end; 0 when there is another one or none. */
static size_t marker_length(bytes in, size_t at, const char *mark, const char *label)
{
    size_t label_at = at + strlen(mark), close_at = label_at + strlen(label);
    if (!has_text(in, at, mark) || !has_text(in, label_at, label) || !has_text(in, close_at, close_mark)) return 0;
    return close_at + strlen(close_mark) - at;
}

struct line {
    bytes text;  /* without its end */
    size_t next; /* where the next one starts */
    bool ended;
};

static struct line line_at(bytes in, size_t at)
{
    size_t end = text_find(in, at, '\n');
    //@ split end;
    bool ended = end < in.len;
    size_t len = end - at;
    if (ended && len > 0 && in.ptr[end - 1] == '\r') len--;
    return (struct line){bytes_slice(in, at, len), ended ? end + 1 : end, ended};
}

static bool is_blank(uint8_t c)
{
    return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* Moves to the next byte that is neither blank nor in a comment. */
static void skip_outside(struct pem_reader *r)
{
    while (r->pos < r->in.len) {
        bool line_start = r->pos == 0 || r->in.ptr[r->pos - 1] == '\n';
        if (is_blank(r->in.ptr[r->pos]))
            r->pos++;
        else if (r->comments && line_start && r->in.ptr[r->pos] == '#')
            r->pos = line_at(r->in, r->pos).next;
        else
            break;
    }
    //@ split r->pos;
}

/* The BEGIN line at r->pos; moves behind it. */
static status read_begin(struct pem_reader *r, size_t *label, struct err *err)
{
    bytes line = line_at(r->in, r->pos).text;
    bool line_start = r->pos == 0 || r->in.ptr[r->pos - 1] == '\n';
    if (!line_start || !has_text(r->in, r->pos, begin_mark))
        return err_set(err, ERR_SYNTAX, r->pos, "PEM: byte %zu outside the blocks: %s", r->pos, text_quote(line).s);

    for (size_t i = 0; i < r->label_count; i++) {
        size_t len = marker_length(r->in, r->pos, begin_mark, r->labels[i]);
        if (len == 0) continue;
        struct line rest = line_at(r->in, r->pos + len);
        if (!rest.ended || rest.text.len > 0)
            return err_set(err, rest.ended ? ERR_SYNTAX : ERR_TRUNCATED, r->pos + len,
                           "PEM: byte %zu: want a line end after BEGIN, have %s", r->pos + len,
                           text_quote(rest.text).s);
        *label = i;
        r->pos = rest.next;
        return OK;
    }
    return err_set(err, ERR_UNSUPPORTED, r->pos, "PEM: byte %zu: want a block of %s%s, have %s", r->pos,
                   r->label_count > 0 ? r->labels[0] : "no kind", r->label_count > 1 ? " or the like" : "",
                   text_quote(line).s);
}

/* A line of the body at r->pos, appended to buf[0..*used). */
static status read_body_line(struct pem_reader *r, uint8_t *buf, size_t cap, size_t *used, struct err *err)
{
    struct line line = line_at(r->in, r->pos);
    if (!line.ended) return err_set(err, ERR_TRUNCATED, r->in.len, "PEM: ends inside a block");
    if (line.text.len == 0 || line.text.len > LINE_CHARS)
        return err_set(err, ERR_SYNTAX, r->pos, "PEM: byte %zu: want a line of 4 to 64 base64 characters, have %zu",
                       r->pos, line.text.len);

    bytes decoded;
    struct err inner = {0};
    status s = base64_parse(line.text, BASE64_STANDARD, &buf[*used], cap - *used, &decoded, &inner);
    if (!is_ok(s)) return err_set(err, s.kind, r->pos + inner.offset, "PEM: line at byte %zu: %s", r->pos, inner.text);
    if (decoded.len > LIMIT_PEM_BLOCK_BYTES - *used)
        return err_set(err, ERR_LIMIT, r->pos, "PEM: block of more than %d bytes", LIMIT_PEM_BLOCK_BYTES);
    *used += decoded.len;
    r->pos = line.next;
    return OK;
}

/* The lines after BEGIN and the END line; moves behind its marker. */
static status read_body(struct pem_reader *r, const char *label, uint8_t *buf, size_t cap, size_t *used,
                        struct err *err)
{
    while (!has_text(r->in, r->pos, end_mark)) {
        if (*used % LINE_BYTES != 0)
            return err_set(err, ERR_SYNTAX, r->pos, "PEM: byte %zu: want END after a line of fewer than %d bytes",
                           r->pos, LINE_BYTES);
        TRY(read_body_line(r, buf, cap, used, err));
    }
    size_t len = marker_length(r->in, r->pos, end_mark, label);
    bytes line = line_at(r->in, r->pos).text;
    if (len == 0)
        return err_set(err, ERR_MISMATCH, r->pos, "PEM: byte %zu: want the END of %s, have %s", r->pos, label,
                       text_quote(line).s);
    if (*used == 0) return err_set(err, ERR_MISSING, r->pos, "PEM: byte %zu: empty block", r->pos);
    r->pos += len;
    return OK;
}

status pem_next(struct pem_reader *r, uint8_t *buf, size_t cap, struct pem_block *out, bool *end, struct err *err)
{
    skip_outside(r);
    if (r->pos == r->in.len) {
        *end = true;
        return OK;
    }
    if (r->blocks >= LIMIT_PEM_BLOCKS)
        return err_set(err, ERR_LIMIT, r->pos, "PEM: more than %d blocks", LIMIT_PEM_BLOCKS);

    size_t label = 0, used = 0, offset = r->pos;
    TRY(read_begin(r, &label, err));
    TRY(read_body(r, r->labels[label], buf, cap, &used, err));
    r->blocks++;
    *out = (struct pem_block){label, offset, {buf, used}};
    *end = false;
    return OK;
}

status pem_parse(bytes in, const char *label, bytes *out, size_t count, uint8_t *buf, size_t cap, struct err *err)
{
    struct pem_reader r = {.in = in, .labels = &label, .label_count = 1};
    struct pem_block block = {0};
    size_t used = 0;
    bool end = false;
    for (size_t i = 0; i < count; i++) {
        TRY(pem_next(&r, &buf[used], cap - used, &block, &end, err));
        if (end) return err_set(err, ERR_MISSING, r.pos, "PEM: want %zu of %s, have %zu", count, label, i);
        out[i] = block.der;
        used += block.der.len;
    }
    TRY(pem_next(&r, &buf[used], cap - used, &block, &end, err));
    if (end) return OK;
    return err_set(err, ERR_TRAILING, block.offset, "PEM: want %zu of %s, have more", count, label);
}

/* Text appended to out[0..*at), which the caller knows to fit. */
static void put_text(const char *text, char *out, size_t *at)
{
    size_t len = strlen(text);
    memcpy(&out[*at], text, len + 1);
    *at += len;
}

static void put_marker(const char *mark, const char *label, char *out, size_t *at)
{
    put_text(mark, out, at);
    put_text(label, out, at);
    put_text(close_mark, out, at);
    put_text("\n", out, at);
}

status pem_write(bytes der, const char *label, char *out, size_t cap, struct err *err)
{
    if (der.len == 0 || der.len > LIMIT_PEM_BLOCK_BYTES)
        return err_set(err, ERR_LIMIT, 0, "PEM: want 1 to %d bytes, have %zu", LIMIT_PEM_BLOCK_BYTES, der.len);
    size_t need = PEM_TEXT_SIZE(der.len, strlen(label));
    if (need > cap) return err_set(err, ERR_NOMEM, 0, "PEM: %zu characters do not fit into %zu", need, cap);

    size_t at = 0;
    put_marker(begin_mark, label, out, &at);
    for (size_t from = 0; from < der.len; from += LINE_BYTES) {
        bytes line = bytes_slice(der, from, der.len - from < LINE_BYTES ? der.len - from : LINE_BYTES);
        TRY(base64_write(line, BASE64_STANDARD, &out[at], cap - at, err));
        at += strlen(&out[at]);
        put_text("\n", out, &at);
    }
    put_marker(end_mark, label, out, &at);
    return OK;
}
