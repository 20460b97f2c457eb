/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: json_next json_peek json_enter_object json_enter_array json_next_key json_next_field
 * json_next_item json_get_text json_get_u64 json_get_bool json_skip json_finish json_refuse.
 *
 * Input: a byte for the room for keys (odd: the schema skips unknown keys), a byte for the room for text (odd: read by
 * the schema, even: skip the whole), and the document.
 */
#include <stdlib.h>
#include <string.h>

#include "parse/json.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DOCUMENT_MAX 4096

static bytes keys[DOCUMENT_MAX];
static uint8_t room[6 * DOCUMENT_MAX];

static void require(bool holds)
{
    if (!holds) abort();
}

static struct json_reader over(bytes in)
{
    return (struct json_reader){.in = in, .keys = keys, .key_cap = DOCUMENT_MAX, .text = room, .text_cap = sizeof room};
}

/* A document written anew: no white space, as few escapes as there can be. */
struct written {
    uint8_t text[6 * DOCUMENT_MAX];
    size_t len;
};

static void put(struct written *w, uint8_t c)
{
    require(w->len < sizeof w->text);
    w->text[w->len++] = c;
}

static void put_text(struct written *w, const char *text)
{
    for (size_t i = 0; text[i]; i++)
        put(w, (uint8_t)text[i]);
}

static void put_string(struct written *w, bytes s)
{
    static const char digits[] = "0123456789abcdef";
    put(w, '"');
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c == '"' || c == '\\') put(w, '\\');
        if (c >= 0x20) {
            put(w, c);
            continue;
        }
        put_text(w, "\\u00");
        put(w, (uint8_t)digits[c >> 4]);
        put(w, (uint8_t)digits[c & 15]);
    }
    put(w, '"');
}

static void put_event(struct written *w, const struct json_event *e)
{
    static const char *const fixed[] = {
        [JSON_OBJECT] = "{", [JSON_OBJECT_END] = "}", [JSON_ARRAY] = "[", [JSON_ARRAY_END] = "]", [JSON_NULL] = "null"};
    bool closes = e->kind == JSON_END || e->kind == JSON_OBJECT_END || e->kind == JSON_ARRAY_END;
    uint8_t last = w->len > 0 ? w->text[w->len - 1] : '[';
    if (!closes && last != '[' && last != '{' && last != ':') put(w, ',');
    switch (e->kind) {
    case JSON_END:
        break;
    case JSON_KEY:
    case JSON_STRING:
        put_string(w, e->text);
        if (e->kind == JSON_KEY) put(w, ':');
        break;
    case JSON_INTEGER:
    case JSON_NUMBER:
        for (size_t i = 0; i < e->text.len; i++)
            put(w, e->text.ptr[i]);
        break;
    case JSON_BOOL:
        put_text(w, e->truth ? "true" : "false");
        break;
    default:
        put_text(w, fixed[e->kind]);
    }
}

static bool lies_in(bytes view, bytes in)
{
    return view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len;
}

static void require_event(const struct json_reader *r, const struct json_event *e, enum json_kind peeked)
{
    require(e->kind == peeked || (e->kind == JSON_INTEGER && peeked == JSON_NUMBER));
    require(e->offset <= r->in.len && r->pos <= r->in.len && r->text_used <= r->text_cap && r->key_count <= r->key_cap);
    bool number = e->kind == JSON_NUMBER || e->kind == JSON_INTEGER,
         text = e->kind == JSON_KEY || e->kind == JSON_STRING;
    require(bytes_is_absent(e->text) == !(number || text));
    if (number) require(lies_in(e->text, r->in));
    if (text) require(is_ok(utf8_check(e->text, NULL)));
    if (text) require(lies_in(e->text, r->in) || lies_in(e->text, BYTES(r->text, r->text_used)));
}

/* Reads the document as events. */
static status read_events(struct json_reader r, struct written *w)
{
    struct err err = {0};
    w->len = 0;
    for (;;) {
        struct json_event e = {0};
        enum json_kind peeked = JSON_END;
        size_t before = r.pos;
        bool seen = is_ok(json_peek(&r, &peeked, NULL));
        status s = json_next(&r, &e, &err);
        require(r.pos >= before);
        require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] && err.offset <= r.in.len);
        if (!is_ok(s)) return s;
        require(seen);
        require_event(&r, &e, peeked);
        put_event(w, &e);
        if (e.kind == JSON_END) return s;
    }
}

/* One value as a schema would read it, an object with its members. */
static status read_schema(struct json_reader *r, bool skip_unknown, struct err *err)
{
    static const struct json_field table[] = {{"t", true}, {"u", false}, {"b", false}, {"a", false}};
    struct json_fields f = {.table = table, .count = 4, .skip_unknown = skip_unknown};
    bytes text;
    uint64_t number;
    bool truth, end = false;
    TRY(json_enter_object(r, err));
    for (size_t field = 0;;) {
        TRY(json_next_field(r, &f, &field, &end, err));
        if (end) break;
        require(field < 4 && (f.seen >> field & 1));
        if (field == 0) TRY(json_get_text(r, &text, err));
        if (field == 1) TRY(json_get_u64(r, 255, &number, err));
        if (field == 2) TRY(json_get_bool(r, &truth, err));
        if (field != 3) continue;
        TRY(json_enter_array(r, err));
        for (bool last = false; !last;) {
            TRY(json_next_item(r, &last, err));
            if (!last) TRY(json_skip(r, err));
        }
    }
    require(f.seen & 1);
    return json_finish(r, err);
}

static void try_schema(bytes in, bool skip_unknown, bool well_formed)
{
    struct json_reader r = over(in);
    struct err err = {0};
    status s = read_schema(&r, skip_unknown, &err);
    require(is_ok(s) ? well_formed : err.kind == s.kind && err.text[0] && err.offset <= in.len);
}

static void try_skip(bytes in, bool well_formed)
{
    struct json_reader r = over(in);
    require(well_formed == (is_ok(json_skip(&r, NULL)) && is_ok(json_finish(&r, NULL))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct written once, twice;
    if (size < 2 || size - 2 > DOCUMENT_MAX) return 0;
    const bytes in = {data + 2, size - 2};

    struct json_reader r = over(in);
    r.text_cap = in.len; /* always enough */
    status s = read_events(r, &once);
    require(s.kind != ERR_NOMEM);

    /* With less memory: the same, or told so. */
    struct json_reader small = over(in);
    small.key_cap = data[0];
    small.text_cap = data[1];
    status t = read_events(small, &twice);
    require(t.kind == s.kind || t.kind == ERR_NOMEM);
    require(!is_ok(t) || (once.len == twice.len && memcmp(once.text, twice.text, once.len) == 0));

    if (data[1] & 1)
        try_schema(in, data[0] & 1, is_ok(s));
    else
        try_skip(in, is_ok(s));
    if (!is_ok(s)) return 0;

    require(is_ok(utf8_check(in, NULL)));
    require(is_ok(read_events(over(BYTES(once.text, once.len)), &twice)));
    require(once.len == twice.len && memcmp(once.text, twice.text, once.len) == 0);
    return 0;
}
