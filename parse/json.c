/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parse/text.h"

/* ---- messages ---- */

#define NAME_CHARS 32

/* A key that can stand in a path as it is. */
static bool is_name(bytes key)
{
    for (size_t i = 0; i < key.len; i++) {
        uint8_t c = key.ptr[i], lower = c | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && c != '_' && c != '-' && !(i > 0 && c >= '0' && c <= '9')) return false;
    }
    return key.len > 0 && key.len <= NAME_CHARS;
}

/* Appends to p->s[0..*used), which stays a string and ends in ".." when something had to be left out. */
static void put_bytes(struct json_path *p, size_t *used, bytes text)
{
    size_t room = sizeof p->s - 1 - *used, n = text.len < room ? text.len : room;
    if (n > 0) memcpy(&p->s[*used], text.ptr, n);
    *used += n;
    p->s[*used] = '\0';
    if (n < text.len) memcpy(&p->s[sizeof p->s - 3], "..", 3);
}

static void put_path(struct json_path *p, size_t *used, const char *text)
{
    put_bytes(p, used, text_bytes(text));
}

static void put_key(struct json_path *p, size_t *used, bytes key)
{
    if (*used > 0) put_path(p, used, ".");
    char name[NAME_CHARS + 1] = "";
    if (is_name(key)) memcpy(name, key.ptr, key.len);
    put_path(p, used, name[0] ? name : text_quote(key).s);
}

struct json_path json_path(const struct json_reader *r)
{
    struct json_path p = {""};
    size_t used = 0;
    for (size_t i = 0; i < r->depth; i++) {
        const struct json_level *level = &r->levels[i];
        if (!level->is_object) {
            char index[24];
            (void)snprintf(index, sizeof index, "[%zu]", level->index);
            put_path(&p, &used, index);
        } else if (!bytes_is_absent(level->key)) {
            put_key(&p, &used, level->key);
        }
    }
    return p;
}

static bool is_plain_in_pointer(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e && c != '~' && c != '/';
}

/* A key in a JSON pointer: runs of plain bytes, and between them one that is written otherwise. */
static void put_pointer_key(struct json_path *p, size_t *used, bytes key)
{
    for (size_t from = 0; from < key.len && from < sizeof p->s;) {
        size_t n = 0;
        while (from + n < key.len && is_plain_in_pointer(key.ptr[from + n]))
            n++;
        put_bytes(p, used, bytes_slice(key, from, n));
        from += n;
        if (from == key.len) return;
        uint8_t c = key.ptr[from++];
        char text[5];
        (void)snprintf(text, sizeof text, "\\x%02x", c);
        put_path(p, used, c == '~' ? "~0" : c == '/' ? "~1" : text);
    }
}

struct json_path json_pointer(const struct json_reader *r)
{
    struct json_path p = {""};
    size_t used = 0;
    for (size_t i = 0; i < r->depth; i++) {
        const struct json_level *level = &r->levels[i];
        bytes key = level->is_object ? level->key : BYTES_ABSENT;
        char index[24] = "";
        if (!level->is_object) (void)snprintf(index, sizeof index, "/%zu", level->index);
        put_path(&p, &used, bytes_is_absent(key) ? index : "/");
        put_pointer_key(&p, &used, key);
    }
    return p;
}

static status in_path(const struct json_reader *r, struct err *err, status s)
{
    if (!err) return s;
    const struct json_path path = json_path(r);
    return path.s[0] ? err_in(err, s, "%s", path.s) : s;
}

status json_refuse(const struct json_reader *r, struct err *err, enum err_kind kind, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return in_path(r, err, err_set(err, kind, r->offset, "%s", n < 0 ? "" : text));
}

/* The byte at `at` is not what it has to be. */
static status refuse_byte(const struct json_reader *r, size_t at, const char *want, struct err *err)
{
    if (at >= r->in.len)
        return in_path(r, err, err_set(err, ERR_TRUNCATED, r->in.len, "byte %zu: want %s, have the end", at, want));
    return in_path(
        r, err,
        err_set(err, ERR_SYNTAX, at, "byte %zu: want %s, have %s", at, want, text_quote(bytes_slice(r->in, at, 1)).s));
}

/* ---- tokens ---- */

/* 0 behind the end; NUL is in no place of the grammar. */
static uint8_t byte_at(const struct json_reader *r, size_t at)
{
    return at < r->in.len ? r->in.ptr[at] : 0;
}

static void skip_space(struct json_reader *r)
{
    size_t at = r->pos;
    for (; at < r->in.len; at++) {
        uint8_t c = r->in.ptr[at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') break;
    }
    r->pos = at;
}

/* One character of a string: in the text, as UTF-8, and where the next one starts. */
struct character {
    uint8_t utf8[4];
    size_t len;
    size_t next;
};

/* \uXXXX at `at`; false when there is none. */
static bool utf16_unit(const struct json_reader *r, size_t at, uint32_t *out)
{
    uint8_t unit[2];
    if (byte_at(r, at) != '\\' || byte_at(r, at + 1) != 'u') return false;
    if (!is_ok(hex_parse(bytes_slice(r->in, at + 2, 4), HEX_ANY_CASE, unit, 2, NULL))) return false;
    *out = (uint32_t)unit[0] << 8 | unit[1];
    return true;
}

/* \uXXXX at `at`, or a surrogate pair of two of them. */
static status read_code_point(const struct json_reader *r, size_t at, struct character *out, struct err *err)
{
    uint32_t high = 0, low = 0;
    if (!utf16_unit(r, at, &high)) return refuse_byte(r, at, "four hex digits after \\u", err);
    if (high < 0xd800 || high > 0xdfff) {
        out->len = utf8_encode(high, out->utf8);
        out->next = at + 6;
        return OK;
    }
    if (high > 0xdbff || !utf16_unit(r, at + 6, &low) || low < 0xdc00 || low > 0xdfff)
        return refuse_byte(r, at, "both halves of a surrogate pair", err);
    out->len = utf8_encode(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), out->utf8);
    out->next = at + 12;
    return OK;
}

static status read_escape(const struct json_reader *r, size_t at, struct character *out, struct err *err)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (byte_at(r, at + 1) == 'u') return read_code_point(r, at, out, err);
    for (size_t i = 0; letters[i]; i++) {
        if (byte_at(r, at + 1) != (uint8_t)letters[i]) continue;
        *out = (struct character){{(uint8_t)values[i]}, 1, at + 2};
        return OK;
    }
    return refuse_byte(r, at + 1, "one of \"\\/bfnrtu after \\", err);
}

static status read_character(const struct json_reader *r, size_t at, struct character *out, struct err *err)
{
    uint8_t c = byte_at(r, at);
    if (c == '\\') return read_escape(r, at, out, err);
    if (c < 0x20) return refuse_byte(r, at, "a string without control characters", err);
    size_t len = utf8_length(r->in, at);
    if (len == 0) return refuse_byte(r, at, "UTF-8", err);
    memcpy(out->utf8, &r->in.ptr[at], len);
    out->len = len;
    out->next = at + len;
    return OK;
}

#define EACH_BYTE(c) ((uint64_t)0x0101010101010101 * (c))

/* Whether each of eight bytes of ASCII is `c` at least: those below do not carry into their top bit. */
static bool all_from(uint64_t eight, uint8_t c)
{
    return ((eight + EACH_BYTE(0x80u - c)) & EACH_BYTE(0x80)) == EACH_BYTE(0x80);
}

/* Eight bytes of ASCII that all stand for themselves in a string. */
static bool are_plain(const uint8_t *from)
{
    uint64_t eight;
    memcpy(&eight, from, sizeof eight);
    return (eight & EACH_BYTE(0x80)) == 0 && all_from(eight, 0x20) && all_from(eight ^ EACH_BYTE('"'), 1) &&
           all_from(eight ^ EACH_BYTE('\\'), 1);
}

/* Where those that stand for themselves end, or up to seven bytes before.  Nearly all of a document is such a run. */
static size_t skip_plain(const struct json_reader *r, size_t at)
{
    while (at + 8 <= r->in.len && are_plain(&r->in.ptr[at]))
        at += 8;
    return at;
}

/* The `len` bytes that the string at `at` unescapes to, appended to the lent text. */
static status unescape(struct json_reader *r, size_t at, size_t len, bytes *out, struct err *err)
{
    if (len > r->text_cap - r->text_used)
        return json_refuse(r, err, ERR_NOMEM, "string of %zu bytes does not fit into the %zu left", len,
                           r->text_cap - r->text_used);
    uint8_t *to = &r->text[r->text_used];
    for (size_t done = 0; done < len;) {
        struct character c;
        TRY(read_character(r, at, &c, err));
        memcpy(&to[done], c.utf8, c.len);
        r->has_nul = r->has_nul || c.utf8[0] == 0;
        done += c.len;
        at = c.next;
    }
    r->text_used += len;
    *out = (bytes){to, len};
    return OK;
}

/* The string whose quote is at r->pos; moves behind it. */
static status read_string(struct json_reader *r, bytes *out, struct err *err)
{
    size_t first = r->pos + 1, at = first, len = 0;
    r->has_nul = false;
    for (;;) {
        size_t end = skip_plain(r, at);
        len += end - at;
        at = end;
        if (byte_at(r, at) == '"') break;
        struct character c;
        TRY(read_character(r, at, &c, err));
        len += c.len;
        at = c.next;
    }
    bytes raw = bytes_slice(r->in, first, at - first);
    /* An escape is always longer than what it stands for. */
    if (raw.len == len)
        *out = raw;
    else
        TRY(unescape(r, first, len, out, err));
    r->pos = at + 1;
    return OK;
}

/* At least one digit at `*at`; moves behind the last. */
static status read_digits(const struct json_reader *r, size_t *at, struct err *err)
{
    size_t from = *at;
    while (byte_at(r, *at) >= '0' && byte_at(r, *at) <= '9')
        ++*at;
    return *at > from ? OK : refuse_byte(r, *at, "a digit", err);
}

/* What may follow the digits of an integer: a fraction, an exponent, both. */
static status read_fraction(const struct json_reader *r, size_t *at, struct err *err)
{
    if (byte_at(r, *at) == '.') {
        ++*at;
        TRY(read_digits(r, at, err));
    }
    if ((byte_at(r, *at) | 0x20) == 'e') {
        ++*at;
        if (byte_at(r, *at) == '+' || byte_at(r, *at) == '-') ++*at;
        TRY(read_digits(r, at, err));
    }
    return OK;
}

static status read_number(struct json_reader *r, struct json_event *e, struct err *err)
{
    e->negative = byte_at(r, r->pos) == '-';
    size_t first = r->pos + e->negative, at = first;
    TRY(read_digits(r, &at, err));
    bytes digits = bytes_slice(r->in, first, at - first);
    if (digits.len > 1 && digits.ptr[0] == '0') return refuse_byte(r, first, "a number without leading 0", err);
    TRY(read_fraction(r, &at, err));

    e->text = bytes_slice(r->in, r->pos, at - r->pos);
    bool integer = at - first == digits.len;
    uint64_t max = e->negative ? (uint64_t)1 << 63 : UINT64_MAX;
    e->kind = integer && is_ok(decimal_parse(digits, max, &e->magnitude, NULL)) ? JSON_INTEGER : JSON_NUMBER;
    if (e->kind == JSON_NUMBER) e->negative = false;
    r->pos = at;
    return OK;
}

static status read_literal(struct json_reader *r, const char *word, struct err *err)
{
    for (size_t i = 0; word[i]; i++)
        if (byte_at(r, r->pos + i) != (uint8_t)word[i]) return refuse_byte(r, r->pos + i, word, err);
    r->pos += strlen(word);
    return OK;
}

/* ---- structure ---- */

static struct json_level *current(struct json_reader *r)
{
    return &r->levels[r->depth - 1];
}

static uint8_t closing_byte(struct json_reader *r)
{
    return current(r)->is_object ? '}' : ']';
}

static void value_done(struct json_reader *r)
{
    r->expect = r->depth > 0 ? JSON_EXPECT_COMMA : JSON_EXPECT_END;
}

static status open_level(struct json_reader *r, bool is_object, struct err *err)
{
    if (r->depth >= LIMIT_JSON_DEPTH)
        return json_refuse(r, err, ERR_LIMIT, "nested deeper than %d levels", LIMIT_JSON_DEPTH);
    r->levels[r->depth++] = (struct json_level){.is_object = is_object, .first_key = r->key_count};
    r->expect = JSON_EXPECT_FIRST;
    r->pos++;
    return OK;
}

static enum json_kind close_level(struct json_reader *r)
{
    const struct json_level *level = current(r);
    enum json_kind kind = level->is_object ? JSON_OBJECT_END : JSON_ARRAY_END;
    r->key_count = level->first_key;
    r->depth--;
    r->pos++;
    value_done(r);
    return kind;
}

/* Moves to the first byte of the next event; then `expect` is value, key, close or end. */
static status settle(struct json_reader *r, struct err *err)
{
    skip_space(r);
    if (r->expect != JSON_EXPECT_FIRST && r->expect != JSON_EXPECT_COMMA) return OK;
    struct json_level *level = current(r);
    if (byte_at(r, r->pos) == closing_byte(r)) {
        r->expect = JSON_EXPECT_CLOSE;
        return OK;
    }
    if (r->expect == JSON_EXPECT_COMMA) {
        if (byte_at(r, r->pos) != ',')
            return refuse_byte(r, r->pos, level->is_object ? "',' or '}'" : "',' or ']'", err);
        r->pos++;
        level->index++;
        level->key = BYTES_ABSENT;
        skip_space(r);
    }
    bool after_comma = r->expect == JSON_EXPECT_COMMA;
    r->expect = level->is_object ? JSON_EXPECT_KEY : JSON_EXPECT_VALUE;
    if (!after_comma || byte_at(r, r->pos) != closing_byte(r)) return OK;
    return refuse_byte(r, r->pos, level->is_object ? "another key after ','" : "another item after ','", err);
}

/* By length first: any order will do, and most keys differ in it. */
static int compare_keys(bytes a, bytes b)
{
    if (a.len != b.len) return a.len < b.len ? -1 : 1;
    return a.len == 0 ? 0 : memcmp(a.ptr, b.ptr, a.len);
}

/* Where `key` belongs among the keys of the open object: before the first that is not less. */
static size_t find_place(struct json_reader *r, bytes key)
{
    size_t low = current(r)->first_key, high = r->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(r->keys[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Refuses a key that the object has already had; keeps it otherwise, in its place. */
static status keep_key(struct json_reader *r, bytes key, struct err *err)
{
    size_t place = find_place(r, key);
    if (place < r->key_count && bytes_eq(r->keys[place], key))
        return json_refuse(r, err, ERR_DUPLICATE, "key %s occurs twice", text_quote(key).s);
    if (r->key_count - current(r)->first_key >= LIMIT_JSON_KEYS)
        return json_refuse(r, err, ERR_LIMIT, "object of more than %d keys", LIMIT_JSON_KEYS);
    if (r->key_count >= r->key_cap) return json_refuse(r, err, ERR_NOMEM, "no room for more than %zu keys", r->key_cap);
    memmove(&r->keys[place + 1], &r->keys[place], (r->key_count - place) * sizeof *r->keys);
    r->keys[place] = key;
    r->key_count++;
    return OK;
}

static status read_key(struct json_reader *r, struct json_event *e, struct err *err)
{
    if (byte_at(r, r->pos) != '"') return refuse_byte(r, r->pos, "a key in quotes", err);
    TRY(read_string(r, &e->text, err));
    TRY(keep_key(r, e->text, err));
    skip_space(r);
    if (byte_at(r, r->pos) != ':') return refuse_byte(r, r->pos, "':'", err);
    r->pos++;
    current(r)->key = e->text;
    e->kind = JSON_KEY;
    r->expect = JSON_EXPECT_VALUE;
    return OK;
}

/* The kind of value that starts with `c`, JSON_END for none. */
static enum json_kind kind_of_byte(uint8_t c)
{
    if (c == '-' || (c >= '0' && c <= '9')) return JSON_NUMBER;
    switch (c) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
    case 'f':
        return JSON_BOOL;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_END;
    }
}

static status read_scalar(struct json_reader *r, struct json_event *e, struct err *err)
{
    switch (e->kind) {
    case JSON_STRING:
        return read_string(r, &e->text, err);
    case JSON_NUMBER:
        return read_number(r, e, err);
    case JSON_BOOL:
        e->truth = byte_at(r, r->pos) == 't';
        return read_literal(r, e->truth ? "true" : "false", err);
    case JSON_NULL:
        return read_literal(r, "null", err);
    default:
        return refuse_byte(r, r->pos, "a value", err);
    }
}

static status read_value(struct json_reader *r, struct json_event *e, struct err *err)
{
    e->kind = kind_of_byte(byte_at(r, r->pos));
    if (e->kind == JSON_OBJECT || e->kind == JSON_ARRAY) return open_level(r, e->kind == JSON_OBJECT, err);
    TRY(read_scalar(r, e, err));
    value_done(r);
    return OK;
}

static status read_event(struct json_reader *r, struct json_event *e, struct err *err)
{
    switch (r->expect) {
    case JSON_EXPECT_KEY:
        return read_key(r, e, err);
    case JSON_EXPECT_CLOSE:
        e->kind = close_level(r);
        return OK;
    case JSON_EXPECT_END:
        e->kind = JSON_END;
        return r->pos == r->in.len ? OK
                                   : json_refuse(r, err, ERR_TRAILING, "byte %zu: leftover after the document", r->pos);
    default:
        return read_value(r, e, err);
    }
}

status json_next(struct json_reader *r, struct json_event *out, struct err *err)
{
    TRY(settle(r, err));
    r->offset = r->pos;
    struct json_event e = {.offset = r->pos};
    TRY(read_event(r, &e, err));
    *out = e;
    return OK;
}

status json_peek(struct json_reader *r, enum json_kind *out, struct err *err)
{
    TRY(settle(r, err));
    r->offset = r->pos;
    switch (r->expect) {
    case JSON_EXPECT_KEY:
        *out = JSON_KEY;
        return OK;
    case JSON_EXPECT_CLOSE:
        *out = current(r)->is_object ? JSON_OBJECT_END : JSON_ARRAY_END;
        return OK;
    case JSON_EXPECT_END:
        *out = JSON_END;
        return OK;
    default:
        break;
    }
    enum json_kind kind = kind_of_byte(byte_at(r, r->pos));
    if (kind == JSON_END) return refuse_byte(r, r->pos, "a value", err);
    *out = kind;
    return OK;
}

/* In the string that was read last; only an escape can stand for it. */
static status refuse_nul(const struct json_reader *r, bytes text, struct err *err)
{
    if (r->has_nul) return json_refuse(r, err, ERR_SYNTAX, "want no \\u0000, have %s", text_quote(text).s);
    return OK;
}

/* ---- what must come next ---- */

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {
        [JSON_END] = "the end",
        [JSON_OBJECT] = "an object",
        [JSON_OBJECT_END] = "the end of the object",
        [JSON_ARRAY] = "an array",
        [JSON_ARRAY_END] = "the end of the array",
        [JSON_KEY] = "a key",
        [JSON_STRING] = "a string",
        [JSON_INTEGER] = "an integer",
        [JSON_NUMBER] = "a number",
        [JSON_BOOL] = "true or false",
        [JSON_NULL] = "null",
    };
    return names[kind];
}

/* Reads the next event if it is of the kind. */
static status take(struct json_reader *r, enum json_kind want, struct json_event *out, struct err *err)
{
    enum json_kind have;
    TRY(json_peek(r, &have, err));
    if (have != want)
        return json_refuse(r, err, ERR_SYNTAX, "want %s, have %s", json_kind_name(want), json_kind_name(have));
    return json_next(r, out, err);
}

status json_enter_object(struct json_reader *r, struct err *err)
{
    struct json_event e;
    return take(r, JSON_OBJECT, &e, err);
}

status json_enter_array(struct json_reader *r, struct err *err)
{
    struct json_event e;
    return take(r, JSON_ARRAY, &e, err);
}

status json_next_key(struct json_reader *r, bytes *key, bool *end, struct err *err)
{
    enum json_kind have;
    struct json_event e;
    TRY(json_peek(r, &have, err));
    bool closes = have == JSON_OBJECT_END;
    TRY(take(r, closes ? JSON_OBJECT_END : JSON_KEY, &e, err));
    *end = closes;
    if (closes) return OK;
    TRY(refuse_nul(r, e.text, err));
    *key = e.text;
    return OK;
}

static size_t find_field(const struct json_fields *f, bytes key)
{
    size_t i = 0;
    while (i < f->count && !bytes_eq(key, text_bytes(f->table[i].name)))
        i++;
    return i;
}

/* At the end of an object. */
static status check_required(const struct json_reader *r, const struct json_fields *f, struct err *err)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->table[i].required && !(f->seen >> i & 1))
            return json_refuse(r, err, ERR_MISSING, "want key \"%s\", have none", f->table[i].name);
    return OK;
}

status json_next_field(struct json_reader *r, struct json_fields *f, size_t *field, bool *end, struct err *err)
{
    if (f->count > JSON_FIELDS_MAX) return json_refuse(r, err, ERR_BUG, "table of more than %d keys", JSON_FIELDS_MAX);
    for (;;) {
        bytes key;
        bool closes;
        TRY(json_next_key(r, &key, &closes, err));
        if (closes) {
            TRY(check_required(r, f, err));
            *end = true;
            return OK;
        }
        size_t found = find_field(f, key);
        if (found < f->count) {
            f->seen |= (uint64_t)1 << found;
            *field = found;
            *end = false;
            return OK;
        }
        if (!f->skip_unknown) return json_refuse(r, err, ERR_UNSUPPORTED, "unknown key");
        TRY(json_skip(r, err));
    }
}

status json_next_item(struct json_reader *r, bool *end, struct err *err)
{
    enum json_kind have;
    struct json_event e;
    TRY(json_peek(r, &have, err));
    bool closes = have == JSON_ARRAY_END;
    if (closes) TRY(json_next(r, &e, err));
    *end = closes;
    return OK;
}

status json_get_text(struct json_reader *r, bytes *out, struct err *err)
{
    struct json_event e;
    TRY(take(r, JSON_STRING, &e, err));
    TRY(refuse_nul(r, e.text, err));
    *out = e.text;
    return OK;
}

status json_get_u64(struct json_reader *r, uint64_t max, uint64_t *out, struct err *err)
{
    struct json_event e;
    TRY(take(r, JSON_NUMBER, &e, err));
    if (e.kind != JSON_INTEGER || e.negative || e.magnitude > max)
        return json_refuse(r, err, ERR_RANGE, "want an integer from 0 to %llu, have %s", (unsigned long long)max,
                           text_quote(e.text).s);
    *out = e.magnitude;
    return OK;
}

status json_get_bool(struct json_reader *r, bool *out, struct err *err)
{
    struct json_event e;
    TRY(take(r, JSON_BOOL, &e, err));
    *out = e.truth;
    return OK;
}

status json_skip(struct json_reader *r, struct err *err)
{
    size_t depth = r->depth;
    struct json_event e;
    do {
        TRY(json_next(r, &e, err));
        if (r->depth < depth || e.kind == JSON_END)
            return json_refuse(r, err, ERR_SYNTAX, "want a value, have %s", json_kind_name(e.kind));
    } while (r->depth > depth || e.kind == JSON_KEY);
    return OK;
}

status json_finish(struct json_reader *r, struct err *err)
{
    struct json_event e;
    return take(r, JSON_END, &e, err);
}
