/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/yaml.h"

#include <yaml.h>

#include "parse/text.h"

struct reader {
    struct yaml_file *file;
    struct arena *memory;
    yaml_parser_t parser;
    size_t events, aliases;
    size_t mark_length;               /* of the byte order mark */
    size_t mark_character, mark_byte; /* of the last mark that was looked up, without it and with it */
    struct yaml_node *open[LIMIT_YAML_DEPTH];
    size_t depth;
    struct yaml_node *anchors[LIMIT_YAML_ANCHORS]; /* of this document */
    size_t anchor_count;
};

/* ---- places ----------------------------------------------------------------------------------------------------- */

/* libyaml counts characters.  Marks come in ascending order, so that each byte is looked at once. */
static size_t byte_of(struct reader *r, const yaml_mark_t *mark)
{
    bytes in = r->file->input;
    if (mark->index < r->mark_character) {
        r->mark_character = 0;
        r->mark_byte = r->mark_length;
    }
    for (; r->mark_character < mark->index && r->mark_byte < in.len; r->mark_character++) {
        size_t n = utf8_length(in, r->mark_byte);
        r->mark_byte += n ? n : 1;
    }
    return r->mark_byte;
}

static status refuse(struct reader *r, struct err *err)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem ? p->problem : "not YAML", *context = p->context;
    if (p->error == YAML_MEMORY_ERROR) return err_set(err, ERR_NOMEM, 0, "out of memory");
    if (p->error == YAML_READER_ERROR) {
        size_t at = p->problem_offset + r->mark_length;
        if (at > r->file->input.len) at = r->file->input.len;
        return err_set(err, ERR_SYNTAX, at, "%s at byte %zu", problem, at);
    }
    size_t at = byte_of(r, &p->problem_mark);
    return err_set(err, ERR_SYNTAX, at, "%s%s%s", problem, context ? ", " : "", context ? context : "");
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

static status copy_text(struct reader *r, const yaml_char_t *text, size_t len, bytes *out, struct err *err)
{
    return arena_copy(r->memory, BYTES(text, len), out, err);
}

static status copy_name(struct reader *r, const yaml_char_t *name, bytes *out, struct err *err)
{
    *out = BYTES_ABSENT;
    return name ? copy_text(r, name, strlen((const char *)name), out, err) : OK;
}

/* Puts the node into the collection that is open, or makes it the document's root. */
static status attach(struct reader *r, struct yaml_node *node, struct err *err)
{
    if (r->depth == 0) {
        r->file->documents[r->file->count - 1].root = node;
        return OK;
    }
    struct yaml_node *in = r->open[r->depth - 1];
    void *items = in->items;
    TRY(arena_grow(r->memory, &items, in->count, sizeof(struct yaml_node *), err));
    in->items = items;
    in->items[in->count++] = node;
    node->parent = in;
    return OK;
}

static status add_node(struct reader *r, const yaml_event_t *e, enum yaml_kind kind, const yaml_char_t *anchor,
                       struct yaml_node **out, struct err *err)
{
    void *memory;
    TRY(arena_take(r->memory, 1, sizeof(struct yaml_node), &memory, err));
    struct yaml_node *node = memory;
    node->kind = kind;
    node->from = byte_of(r, &e->start_mark);
    node->column = e->start_mark.column;
    TRY(copy_name(r, anchor, &node->anchor, err));
    TRY(attach(r, node, err));
    if (node->anchor.ptr && kind != YAML_ALIAS) {
        if (r->anchor_count == LIMIT_YAML_ANCHORS)
            return err_set(err, ERR_LIMIT, node->from, "want at most %d anchors in a document", LIMIT_YAML_ANCHORS);
        r->anchors[r->anchor_count++] = node;
    }
    *out = node;
    return OK;
}

static status add_text(struct reader *r, const yaml_event_t *e, struct err *err)
{
    static const enum yaml_style styles[] = {
        [YAML_ANY_SCALAR_STYLE] = YAML_PLAIN,
        [YAML_PLAIN_SCALAR_STYLE] = YAML_PLAIN,
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = YAML_SINGLE_QUOTED,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = YAML_DOUBLE_QUOTED,
        [YAML_LITERAL_SCALAR_STYLE] = YAML_LITERAL,
        [YAML_FOLDED_SCALAR_STYLE] = YAML_FOLDED,
    };
    struct yaml_node *node;
    TRY(add_node(r, e, YAML_TEXT, e->data.scalar.anchor, &node, err));
    TRY(copy_name(r, e->data.scalar.tag, &node->tag, err));
    TRY(copy_text(r, e->data.scalar.value, e->data.scalar.length, &node->text, err));
    node->text_read = node->text;
    node->style = styles[e->data.scalar.style];
    node->to = byte_of(r, &e->end_mark);
    return OK;
}

static status add_alias(struct reader *r, const yaml_event_t *e, struct err *err)
{
    struct yaml_node *node;
    if (++r->aliases > LIMIT_YAML_ALIASES)
        return err_set(err, ERR_LIMIT, byte_of(r, &e->start_mark), "want at most %d aliases", LIMIT_YAML_ALIASES);
    TRY(add_node(r, e, YAML_ALIAS, NULL, &node, err));
    TRY(copy_name(r, e->data.alias.anchor, &node->text, err));
    node->to = byte_of(r, &e->end_mark);
    /* An anchor may be given anew: the last one counts. */
    for (size_t i = r->anchor_count; i > 0 && !node->target; i--)
        if (bytes_eq(r->anchors[i - 1]->anchor, node->text)) node->target = r->anchors[i - 1];
    if (!node->target) return err_set(err, ERR_MISSING, node->from, "alias %s of no anchor", text_quote(node->text).s);
    for (const struct yaml_node *n = node->parent; n; n = n->parent)
        if (n == node->target)
            return err_set(err, ERR_UNSUPPORTED, node->from, "alias %s inside of what its anchor names",
                           text_quote(node->text).s);
    node->target->is_shared = true;
    return OK;
}

static status open_collection(struct reader *r, const yaml_event_t *e, struct err *err)
{
    bool is_map = e->type == YAML_MAPPING_START_EVENT;
    struct yaml_node *node;
    if (r->depth == LIMIT_YAML_DEPTH)
        return err_set(err, ERR_LIMIT, byte_of(r, &e->start_mark), "want at most %d levels", LIMIT_YAML_DEPTH);
    TRY(add_node(r, e, is_map ? YAML_MAPPING : YAML_SEQUENCE,
                 is_map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor, &node, err));
    TRY(copy_name(r, is_map ? e->data.mapping_start.tag : e->data.sequence_start.tag, &node->tag, err));
    node->is_flow = is_map ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                           : e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    node->to = byte_of(r, &e->end_mark); /* of an anchor or a tag in front of a block, or of a bracket */
    r->open[r->depth++] = node;
    return OK;
}

/* Where libyaml says that a block ends, the next token begins, behind any comment between. */
static void close_collection(struct reader *r, const yaml_event_t *e)
{
    struct yaml_node *node = r->open[--r->depth];
    if (node->is_flow)
        node->to = byte_of(r, &e->end_mark);
    else if (node->count > 0)
        node->to = node->items[node->count - 1]->to;
    node->read = node->items;
    node->read_count = node->count;
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

static status open_document(struct reader *r, const yaml_event_t *e, struct err *err)
{
    struct yaml_file *f = r->file;
    void *documents = f->documents;
    if (f->count == LIMIT_YAML_DOCUMENTS)
        return err_set(err, ERR_LIMIT, byte_of(r, &e->start_mark), "want at most %d documents", LIMIT_YAML_DOCUMENTS);
    TRY(arena_grow(r->memory, &documents, f->count, sizeof *f->documents, err));
    f->documents = documents;
    f->documents[f->count++] = (struct yaml_document){.has_start = !e->data.document_start.implicit};
    r->anchor_count = 0;
    return OK;
}

/* One without content is a plain scalar of no bytes. */
static void close_document(struct reader *r, const yaml_event_t *e)
{
    struct yaml_document *d = &r->file->documents[r->file->count - 1];
    d->has_end = !e->data.document_end.implicit;
}

static status take_event(struct reader *r, const yaml_event_t *e, struct err *err)
{
    if (++r->events > LIMIT_YAML_EVENTS)
        return err_set(err, ERR_LIMIT, byte_of(r, &e->start_mark), "want at most %d scalars and brackets",
                       LIMIT_YAML_EVENTS);
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        return open_document(r, e, err);
    case YAML_DOCUMENT_END_EVENT:
        close_document(r, e);
        return OK;
    case YAML_SCALAR_EVENT:
        return add_text(r, e, err);
    case YAML_ALIAS_EVENT:
        return add_alias(r, e, err);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(r, e, err);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        close_collection(r, e);
        return OK;
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_NO_EVENT:
        break;
    }
    return OK;
}

static status read_events(struct reader *r, struct err *err)
{
    for (bool at_end = false; !at_end;) {
        yaml_event_t e;
        if (!yaml_parser_parse(&r->parser, &e)) return refuse(r, err);
        at_end = e.type == YAML_STREAM_END_EVENT;
        status s = take_event(r, &e, err);
        yaml_event_delete(&e);
        TRY(s);
    }
    return OK;
}

status yaml_parse(bytes in, struct arena *memory, struct yaml_file *out, struct err *err)
{
    if (in.len > LIMIT_YAML_BYTES)
        return err_set(err, ERR_LIMIT, LIMIT_YAML_BYTES, "want at most %d bytes", LIMIT_YAML_BYTES);
    void *room; /* the tables are too large for a stack */
    struct yaml_file file = {.input = in, .memory = memory};
    TRY(arena_take(memory, 1, sizeof(struct reader), &room, err));
    struct reader *r = room;
    r->file = &file;
    r->memory = memory;
    r->mark_length = r->mark_byte = bytes_eq(bytes_slice(in, 0, 3), BYTES_LIT("\xef\xbb\xbf")) ? 3 : 0;
    bytes text = bytes_slice(in, r->mark_length, in.len - r->mark_length);
    if (!yaml_parser_initialize(&r->parser)) return err_set(err, ERR_NOMEM, 0, "out of memory");
    /* Without this libyaml takes UTF-16 and counts in other units; with it a byte order mark would be a column. */
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, text.ptr ? text.ptr : (const uint8_t *)"", text.len);
    status s = read_events(r, err);
    yaml_parser_delete(&r->parser);
    TRY(s);
    *out = file;
    return OK;
}
