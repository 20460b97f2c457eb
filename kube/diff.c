/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/diff.h"

#include <stdio.h>

#include "parse/text.h"

enum { CONTEXT = 3 };

/* Whole lines: [from, to) of the input become [new_from, new_to) of the output. */
struct block {
    size_t from, to, new_from, new_to;
};

static size_t line_start(bytes in, size_t at)
{
    while (at > 0 && in.ptr[at - 1] != '\n')
        at--;
    return at;
}

static size_t next_line(bytes in, size_t at)
{
    size_t end = text_find(in, at, '\n');
    return end < in.len ? end + 1 : end;
}

static size_t count_lines(bytes in, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += in.ptr[i] == '\n';
    return n + (to > from && in.ptr[to - 1] != '\n');
}

/* The lines that a splice touches; none of the input's when whole lines are put between two. */
static struct block block_of(bytes in, const struct yaml_splice *s, size_t grown)
{
    bool ends_line = s->text.len == 0 || s->text.ptr[s->text.len - 1] == '\n';
    struct block b = {.from = line_start(in, s->from), .to = s->to};
    bool begins_line = b.from == s->from;
    bool is_whole = begins_line && ends_line && line_start(in, s->to) == s->to;
    if (!is_whole) b.to = next_line(in, s->to);
    b.new_from = b.from + grown;
    b.new_to = b.to + grown + s->text.len - (s->to - s->from);
    return b;
}

static status find_blocks(bytes in, const struct yaml_changes *c, struct arena *memory, struct block **out,
                          size_t *count, struct err *err)
{
    void *room;
    size_t n = 0, grown = 0; /* modulo 2^64 when it shrinks */
    TRY(arena_take(memory, c->count, sizeof(struct block), &room, err));
    struct block *blocks = room;
    for (size_t i = 0; i < c->count; i++) {
        const struct yaml_splice *s = &c->splices[i];
        struct block b = block_of(in, s, grown);
        grown += s->text.len - (s->to - s->from);
        if (n > 0 && b.from <= blocks[n - 1].to) {
            if (b.to < blocks[n - 1].to) b.to = blocks[n - 1].to;
            blocks[n - 1].to = b.to;
            blocks[n - 1].new_to = b.to + grown;
        } else {
            blocks[n++] = b;
        }
    }
    *out = blocks;
    *count = n;
    return OK;
}

static void put_lines(struct text_out *out, const char *sign, bytes in, size_t from, size_t to)
{
    for (size_t at = from, end; at < to; at = end) {
        end = next_line(in, at);
        if (end > to) end = to;
        text_put_string(out, sign);
        text_put(out, bytes_slice(in, at, end - at));
        if (in.ptr[end - 1] != '\n') text_put_string(out, "\n\\ No newline at end of file\n");
    }
}

/* "-12,3"; of no lines the one before is named. */
static void put_range(struct text_out *out, const char *sign, size_t line, size_t count)
{
    char text[64];
    snprintf(text, sizeof text, "%s%zu,%zu", sign, count ? line + 1 : line, count);
    text_put_string(out, text);
}

static size_t back(bytes in, size_t at, size_t least)
{
    for (unsigned i = 0; i < CONTEXT && at > least; i++)
        at = line_start(in, at - 1);
    return at < least ? least : at;
}

static size_t forward(bytes in, size_t at)
{
    for (unsigned i = 0; i < CONTEXT; i++)
        at = next_line(in, at);
    return at;
}

static void put_hunk(struct text_out *out, bytes in, bytes output, const struct block *b, size_t count)
{
    const struct block *last = &b[count - 1];
    size_t from = back(in, b->from, 0), to = forward(in, last->to);
    size_t new_from = b->new_from - (b->from - from), new_to = last->new_to + (to - last->to);
    text_put_string(out, "@@ ");
    put_range(out, "-", count_lines(in, 0, from), count_lines(in, from, to));
    put_range(out, " +", count_lines(output, 0, new_from), count_lines(output, new_from, new_to));
    text_put_string(out, " @@\n");
    for (size_t i = 0, at = from; i <= count; i++) {
        put_lines(out, " ", in, at, i < count ? b[i].from : to);
        if (i == count) break;
        put_lines(out, "-", in, b[i].from, b[i].to);
        put_lines(out, "+", output, b[i].new_from, b[i].new_to);
        at = b[i].to;
    }
}

status diff_put(const char *path, bytes input, const struct yaml_changes *changes, struct text_out *out,
                struct err *err)
{
    struct block *blocks;
    size_t count;
    if (changes->count == 0) return OK;
    TRY(find_blocks(input, changes, out->memory, &blocks, &count, err));
    text_put_string(out, "--- ");
    text_put_string(out, path);
    text_put_string(out, "\n+++ ");
    text_put_string(out, path);
    text_put_string(out, "\n");
    for (size_t i = 0, n; i < count; i += n) {
        for (n = 1; i + n < count && back(input, blocks[i + n].from, 0) <= forward(input, blocks[i + n - 1].to); n++)
            ;
        put_hunk(out, input, changes->output, &blocks[i], n);
    }
    return out->has_failed ? err_set(err, ERR_NOMEM, 0, "out of memory") : OK;
}
