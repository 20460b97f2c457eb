/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/yaml_write.h"

#include <stdio.h>

#include "kube/text_out.h"
#include "parse/text.h"

enum { INDENT = 2 };

struct writer {
    const struct yaml_file *file;
    bytes input;
    size_t sequence_indent; /* of a sequence below its key, as the file has it */
    void *splices;
    size_t count, end; /* how many, and where the last one ends */
};

/* ---- places in the input ---------------------------------------------------------------------------------------- */

static bool is_break(uint8_t c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static size_t line_start(bytes in, size_t at)
{
    while (at > 0 && !is_break(in.ptr[at - 1]))
        at--;
    return at;
}

static size_t line_end(bytes in, size_t at)
{
    while (at < in.len && !is_break(in.ptr[at]))
        at++;
    return at;
}

/* Where the next line begins; a block scalar ends there already. */
static size_t after_line(bytes in, size_t at)
{
    if (at > 0 && is_break(in.ptr[at - 1])) return at;
    at = line_end(in, at);
    if (at < in.len && in.ptr[at] == '\r' && at + 1 < in.len && in.ptr[at + 1] == '\n') return at + 2;
    return at < in.len ? at + 1 : at;
}

/* The line break before `at`, or the nearest one behind. */
static const char *break_at(bytes in, size_t at)
{
    while (at > 0 && !is_break(in.ptr[at - 1]))
        at--;
    if (at == 0) {
        at = line_end(in, 0);
        if (at == in.len) return "\n";
        return in.ptr[at] == '\n' ? "\n" : at + 1 < in.len && in.ptr[at + 1] == '\n' ? "\r\n" : "\r";
    }
    if (in.ptr[at - 1] == '\r') return "\r";
    return at > 1 && in.ptr[at - 2] == '\r' ? "\r\n" : "\n";
}

static status refuse(size_t at, bytes in, struct err *err)
{
    return err_set(err, ERR_UNSUPPORTED, at,
                   "line %zu: cannot be changed in its place: write it as a block, each key and each item on a line of "
                   "its own",
                   text_place_of(in, at).line);
}

/* ---- text of new nodes ------------------------------------------------------------------------------------------ */

static void put_escaped(struct text_out *out, bytes text, size_t at, size_t n)
{
    uint32_t code = n == 1 ? text.ptr[at] : text.ptr[at] & (0x7fu >> n);
    char escape[16];
    for (size_t i = 1; i < n; i++)
        code = code << 6 | (text.ptr[at + i] & 0x3fu);
    snprintf(escape, sizeof escape, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)code);
    text_put_string(out, escape);
}

static void put_double_quoted(struct text_out *out, bytes text)
{
    text_put_string(out, "\"");
    for (size_t i = 0, n; i < text.len; i += n) {
        uint8_t c = text.ptr[i];
        n = utf8_length(text, i);
        if (n == 0) n = 1;
        if (c == '"' || c == '\\') text_put_string(out, "\\");
        if (c == '\n')
            text_put_string(out, "\\n");
        else if (c == '\t')
            text_put_string(out, "\\t");
        else if (c >= 0x20 && c < 0x7f)
            text_put(out, bytes_slice(text, i, 1));
        else
            put_escaped(out, text, i, n);
    }
    text_put_string(out, "\"");
}

static void put_single_quoted(struct text_out *out, bytes text)
{
    text_put_string(out, "'");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'') text_put_string(out, "'");
        text_put(out, bytes_slice(text, i, 1));
    }
    text_put_string(out, "'");
}

static void put_scalar(struct text_out *out, const struct yaml_node *n)
{
    if (n->style == YAML_PLAIN)
        text_put(out, n->text);
    else if (n->style == YAML_SINGLE_QUOTED)
        put_single_quoted(out, n->text);
    else
        put_double_quoted(out, n->text);
}

/* In one line, with brackets. */
static void put_flow(struct text_out *out, const struct yaml_node *n)
{
    bool is_map = n->kind == YAML_MAPPING;
    if (n->kind == YAML_TEXT) {
        put_scalar(out, n);
        return;
    }
    text_put_string(out, is_map ? "{" : "[");
    for (size_t i = 0; i < n->count; i++) {
        if (i > 0) text_put_string(out, is_map && i % 2 == 1 ? ": " : ", ");
        put_flow(out, n->items[i]);
    }
    text_put_string(out, is_map ? "}" : "]");
}

static bool is_in_line(const struct yaml_node *n)
{
    return n->kind == YAML_TEXT || n->count == 0 || n->is_flow;
}

struct block {
    struct text_out *out;
    size_t sequence_indent;
    const char *line_break;
};

static void put_block(const struct block *b, const struct yaml_node *n, size_t indent, bool has_indent);

/* `-` and what follows it, or a key's value: on this line, or as a block on further ones. */
static void put_item(const struct block *b, const struct yaml_node *item, size_t indent)
{
    text_put_string(b->out, "- ");
    if (!is_in_line(item)) {
        put_block(b, item, indent + INDENT, true);
        return;
    }
    put_flow(b->out, item);
    text_put_string(b->out, b->line_break);
}

static void put_pair(const struct block *b, const struct yaml_node *key, const struct yaml_node *value, size_t indent)
{
    put_scalar(b->out, key);
    text_put_string(b->out, is_in_line(value) ? ": " : ":");
    if (is_in_line(value)) put_flow(b->out, value);
    text_put_string(b->out, b->line_break);
    if (!is_in_line(value))
        put_block(b, value, indent + (value->kind == YAML_SEQUENCE ? b->sequence_indent : INDENT), false);
}

static void put_block(const struct block *b, const struct yaml_node *n, size_t indent, bool has_indent)
{
    size_t step = n->kind == YAML_MAPPING ? 2 : 1;
    for (size_t i = 0; i < n->count; i += step) {
        if (!has_indent || i > 0) text_put_repeated(b->out, ' ', indent);
        if (step == 2)
            put_pair(b, n->items[i], n->items[i + 1], indent);
        else
            put_item(b, n->items[i], indent);
    }
}

/* ---- splices ---------------------------------------------------------------------------------------------------- */

static status add_splice(struct writer *w, size_t from, size_t to, bytes text, struct err *err)
{
    if (from < w->end || from > to) return refuse(from, w->input, err);
    TRY(arena_grow(w->file->memory, &w->splices, w->count, sizeof(struct yaml_splice), err));
    ((struct yaml_splice *)w->splices)[w->count++] = (struct yaml_splice){from, to, text};
    w->end = to;
    return OK;
}

static status splice_flow(struct writer *w, size_t from, size_t to, const char *before, struct yaml_node *const *nodes,
                          size_t count, bool is_map, const char *after, struct err *err)
{
    struct text_out out = {.memory = w->file->memory};
    bytes text;
    text_put_string(&out, before);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_put_string(&out, is_map && i % 2 == 1 ? ": " : ", ");
        put_flow(&out, nodes[i]);
    }
    text_put_string(&out, after);
    TRY(text_out_take(&out, &text, err));
    return add_splice(w, from, to, text, err);
}

/* Lines of `holder`'s kind in place of [from, to), which begins a line, or ends the file without one. */
static status splice_lines(struct writer *w, size_t from, size_t to, size_t indent, const struct yaml_node *holder,
                           struct err *err)
{
    struct text_out out = {.memory = w->file->memory};
    const struct block b = {.out = &out, .sequence_indent = w->sequence_indent, .line_break = break_at(w->input, from)};
    bool ends_file = from == w->input.len && from > 0 && !is_break(w->input.ptr[from - 1]);
    bytes text;
    if (ends_file) text_put_string(&out, b.line_break);
    put_block(&b, holder, indent, false);
    TRY(text_out_take(&out, &text, err));
    if (ends_file) text.len -= strlen(b.line_break);
    return add_splice(w, from, to, text, err);
}

static bool has_bracket(const struct writer *w, const struct yaml_node *n)
{
    return n->to > n->from + 1 && w->input.ptr[n->to - 1] == (n->kind == YAML_MAPPING ? '}' : ']');
}

/* ---- mappings --------------------------------------------------------------------------------------------------- */

static status write_node(struct writer *w, const struct yaml_node *n, struct err *err);

static status write_text(struct writer *w, const struct yaml_node *n, struct err *err)
{
    struct text_out out = {.memory = w->file->memory};
    bytes text;
    if (n->text.ptr == n->text_read.ptr) return OK;
    if (n->anchor.ptr) return refuse(n->from, w->input, err);
    if (n->from == n->to) text_put_string(&out, " ");
    put_scalar(&out, n);
    /* A block scalar has its last line break in it. */
    if (n->to > n->from && is_break(w->input.ptr[n->to - 1])) text_put_string(&out, break_at(w->input, n->to));
    TRY(text_out_take(&out, &text, err));
    return add_splice(w, n->from, n->to, text, err);
}

static status replace_value(struct writer *w, const struct yaml_node *map, const struct yaml_node *old,
                            struct yaml_node *value, struct err *err)
{
    if (old->anchor.ptr) return refuse(old->from, w->input, err);
    if (old->from != old->to || map->is_flow || is_in_line(value))
        return splice_flow(w, old->from, old->to, old->from == old->to ? " " : "", &value, 1, false, "", err);
    size_t at = after_line(w->input, old->to);
    size_t indent = map->read[0]->column + (value->kind == YAML_SEQUENCE ? w->sequence_indent : INDENT);
    return splice_lines(w, at, at, indent, value, err);
}

static status append_pairs(struct writer *w, const struct yaml_node *n, struct err *err)
{
    struct yaml_node *const *added = n->items + n->read_count;
    size_t count = n->count - n->read_count;
    if (n->is_flow) {
        if (!has_bracket(w, n)) return refuse(n->from, w->input, err);
        size_t at = n->read_count ? n->read[n->read_count - 1]->to : n->to - 1;
        return splice_flow(w, at, at, n->read_count ? ", " : "", added, count, true, "", err);
    }
    struct yaml_node holder = *n;
    holder.items = n->items + n->read_count;
    holder.count = count;
    size_t at = after_line(w->input, n->to);
    return splice_lines(w, at, at, n->read[0]->column, &holder, err);
}

static status write_mapping(struct writer *w, const struct yaml_node *n, struct err *err)
{
    for (size_t i = 0; i < n->read_count; i++) {
        if (n->items[i] == n->read[i])
            TRY(write_node(w, n->items[i], err));
        else
            TRY(replace_value(w, n, n->read[i], n->items[i], err));
    }
    return n->count > n->read_count ? append_pairs(w, n, err) : OK;
}

/* ---- sequences -------------------------------------------------------------------------------------------------- */

/* Where the `-` of item `at` stands: libyaml doesn't say. */
static status find_dash(const struct writer *w, const struct yaml_node *n, size_t at, size_t *out, struct err *err)
{
    bytes in = w->input;
    size_t i = at == 0 ? n->from : n->read[at - 1]->to;
    while (i < in.len && (is_blank(in.ptr[i]) || is_break(in.ptr[i]) || in.ptr[i] == '#'))
        i = in.ptr[i] == '#' ? line_end(in, i) : i + 1;
    if (i >= in.len || in.ptr[i] != '-') return refuse(n->from, in, err);
    for (size_t k = line_start(in, i); k < i; k++)
        if (in.ptr[k] != ' ') return refuse(i, in, err);
    *out = i;
    return OK;
}

/* The line below the key: a comment above the first item stays with it. */
static status find_top(const struct writer *w, const struct yaml_node *n, size_t dash, size_t *out, struct err *err)
{
    const struct yaml_node *in = n->parent;
    *out = line_start(w->input, dash);
    if (!in || in->kind != YAML_MAPPING) return OK;
    for (size_t i = 1; i < in->read_count; i += 2)
        if (in->read[i] == n) *out = after_line(w->input, in->read[i - 1]->to);
    return *out > dash ? refuse(dash, w->input, err) : OK;
}

struct run {
    const struct yaml_node *sequence;
    size_t from, count; /* of its items: new ones side by side */
    size_t before;      /* which item that was read they stand before */
    bool replaces;      /* which is taken out */
};

static status write_block_run(struct writer *w, const struct run *r, struct err *err)
{
    const struct yaml_node *n = r->sequence;
    struct yaml_node holder = {.kind = YAML_SEQUENCE, .items = n->items + r->from, .count = r->count};
    size_t dash = 0, at = 0, to = 0;
    TRY(find_dash(w, n, r->before < n->read_count ? r->before : r->before - 1, &dash, err));
    size_t indent = dash - line_start(w->input, dash);
    if (r->replaces) {
        at = line_start(w->input, dash);
        to = after_line(w->input, n->read[r->before]->to);
        bool lacks_break = to == w->input.len && !is_break(w->input.ptr[to - 1]);
        TRY(splice_lines(w, at, to, indent, &holder, err));
        struct yaml_splice *s = &((struct yaml_splice *)w->splices)[w->count - 1];
        if (lacks_break && s->text.len > 0) s->text.len -= strlen(break_at(w->input, at));
        return OK;
    }
    if (r->before > 0)
        at = after_line(w->input, n->read[r->before - 1]->to);
    else
        TRY(find_top(w, n, dash, &at, err));
    return splice_lines(w, at, at, indent, &holder, err);
}

static status write_flow_run(struct writer *w, const struct run *r, struct err *err)
{
    const struct yaml_node *n = r->sequence;
    struct yaml_node *const *nodes = n->items + r->from;
    if (!has_bracket(w, n)) return refuse(n->from, w->input, err);
    if (r->replaces && r->count > 0) {
        const struct yaml_node *old = n->read[r->before];
        return splice_flow(w, old->from, old->to, "", nodes, r->count, false, "", err);
    }
    if (r->replaces) {
        size_t i = r->before;
        if (i + 1 < n->read_count)
            return splice_flow(w, n->read[i]->from, n->read[i + 1]->from, "", NULL, 0, 0, "", err);
        return splice_flow(w, i > 0 ? n->read[i - 1]->to : n->read[i]->from, n->read[i]->to, "", NULL, 0, 0, "", err);
    }
    if (n->read_count == 0) return splice_flow(w, n->to - 1, n->to - 1, "", nodes, r->count, false, "", err);
    size_t at = r->before == 0 ? n->read[0]->from : n->read[r->before - 1]->to;
    return splice_flow(w, at, at, r->before ? ", " : "", nodes, r->count, false, r->before ? "" : ", ", err);
}

static status write_sequence(struct writer *w, const struct yaml_node *n, struct err *err)
{
    size_t i = 0, j = 0;
    if (n->count == 0 && n->read_count > 0 && !n->is_flow) return refuse(n->from, w->input, err);
    while (i < n->count || j < n->read_count) {
        struct run r = {.sequence = n, .from = i, .before = j};
        while (i < n->count && n->items[i]->is_new)
            i++;
        r.count = i - r.from;
        bool is_kept = i < n->count && j < n->read_count && n->items[i] == n->read[j];
        r.replaces = j < n->read_count && !is_kept;
        if (r.count > 0 || r.replaces) TRY(n->is_flow ? write_flow_run(w, &r, err) : write_block_run(w, &r, err));
        if (is_kept) TRY(write_node(w, n->items[i], err));
        i += is_kept;
        j += is_kept || r.replaces;
    }
    return OK;
}

static status write_node(struct writer *w, const struct yaml_node *n, struct err *err)
{
    switch (n->kind) {
    case YAML_TEXT:
        return write_text(w, n, err);
    case YAML_MAPPING:
        return write_mapping(w, n, err);
    case YAML_SEQUENCE:
        return write_sequence(w, n, err);
    case YAML_ALIAS:
        break;
    }
    return OK;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* How far the first block sequence of a mapping is to the right of its key; SIZE_MAX when there is none. */
static size_t indent_of_sequences(const struct yaml_node *n)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < n->read_count && found == SIZE_MAX; i++) {
        const struct yaml_node *item = n->read[i];
        bool is_value = n->kind == YAML_MAPPING && i % 2 == 1;
        if (is_value && item->kind == YAML_SEQUENCE && !item->is_flow && item->column >= n->read[0]->column)
            found = item->column - n->read[0]->column;
        else
            found = indent_of_sequences(item);
    }
    return found;
}

static status join(const struct writer *w, bytes *output, struct err *err)
{
    const struct yaml_splice *splices = w->splices;
    struct text_out out = {.memory = w->file->memory};
    size_t at = 0;
    for (size_t i = 0; i < w->count; i++) {
        text_put(&out, bytes_slice(w->input, at, splices[i].from - at));
        text_put(&out, splices[i].text);
        at = splices[i].to;
    }
    text_put(&out, bytes_slice(w->input, at, w->input.len - at));
    return text_out_take(&out, output, err);
}

static bool says(const struct yaml_file *have, const struct yaml_file *want)
{
    bool same = have->count == want->count;
    for (size_t i = 0; i < want->count && same; i++) {
        const struct yaml_document *a = &have->documents[i], *b = &want->documents[i];
        same = a->has_start == b->has_start && a->has_end == b->has_end && yaml_is_equal(a->root, b->root);
    }
    return same;
}

/* The proof of the work: what was written says what was meant. */
static status read_again(const struct writer *w, bytes output, struct err *err)
{
    struct arena memory = {0};
    struct yaml_file again;
    status s = yaml_parse(output, &memory, &again, NULL);
    bool same = is_ok(s) && says(&again, w->file);
    arena_free(&memory);
    if (s.kind == ERR_NOMEM || s.kind == ERR_LIMIT) return err_set(err, s.kind, 0, "the changed file is too large");
    return same ? OK : refuse(((const struct yaml_splice *)w->splices)[0].from, w->input, err);
}

status yaml_write(const struct yaml_file *file, struct yaml_changes *out, struct err *err)
{
    struct writer w = {.file = file, .input = file->input};
    bytes output = file->input;
    for (size_t i = 0; i < file->count; i++) {
        struct yaml_node *root = file->documents[i].root;
        size_t indent = indent_of_sequences(root);
        w.sequence_indent = indent == SIZE_MAX ? 0 : indent;
        TRY(write_node(&w, root, err));
    }
    if (w.count > 0) {
        TRY(join(&w, &output, err));
        TRY(read_again(&w, output, err));
    }
    *out = (struct yaml_changes){.splices = w.splices, .count = w.count, .output = output};
    return OK;
}
