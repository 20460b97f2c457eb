/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/yaml.h"

#include "parse/text.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct yaml_node *yaml_follow(struct yaml_node *node)
{
    return node && node->kind == YAML_ALIAS ? node->target : node;
}

static size_t find_key(const struct yaml_node *map, bytes key)
{
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const struct yaml_node *k = yaml_follow(map->items[i]);
        if (k->kind == YAML_TEXT && bytes_eq(k->text, key)) return i;
    }
    return SIZE_MAX;
}

/* YAML 1.1, "<<": a mapping, or a sequence of which the first that has the key counts. */
static struct yaml_node *get(struct yaml_node *map, bytes key, unsigned *merges)
{
    map = yaml_follow(map);
    if (!map || map->kind != YAML_MAPPING) return NULL;
    size_t at = find_key(map, key);
    if (at != SIZE_MAX) return yaml_follow(map->items[at + 1]);
    at = find_key(map, BYTES_LIT("<<"));
    if (at == SIZE_MAX || map->items[at]->style != YAML_PLAIN) return NULL;
    struct yaml_node *merged = yaml_follow(map->items[at + 1]), *found = NULL;
    bool is_list = merged->kind == YAML_SEQUENCE;
    for (size_t i = 0; i < (is_list ? merged->count : 1) && !found && ++*merges <= LIMIT_YAML_MERGES; i++)
        found = get(is_list ? merged->items[i] : merged, key, merges);
    return found;
}

struct yaml_node *yaml_get(struct yaml_node *map, const char *key)
{
    unsigned merges = 0;
    return get(map, text_bytes(key), &merges);
}

struct yaml_node *yaml_get_key(struct yaml_node *map, const char *key)
{
    size_t at = map && map->kind == YAML_MAPPING ? find_key(map, text_bytes(key)) : SIZE_MAX;
    return at == SIZE_MAX ? NULL : map->items[at];
}

bytes yaml_text(struct yaml_node *node)
{
    node = yaml_follow(node);
    return node && node->kind == YAML_TEXT ? node->text : BYTES_ABSENT;
}

bool yaml_text_is(struct yaml_node *node, const char *want)
{
    return bytes_eq(yaml_text(node), text_bytes(want));
}

static bool is_among(bytes text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(text, text_bytes(words[i]))) return true;
    return false;
}

/* Each of them also with a capital, and in capitals alone; YAML 1.1, types null, bool and float. */
static bool is_reserved(bytes text)
{
    static const char *const words[] = {"~",   "null", "y",    "n",     "yes",  "no",    "on",    "off",
                                        "nan", ".nan", "true", "false", ".inf", "-.inf", "+.inf", "inf"};
    char lower[8];
    if (text.len == 0 || text.len >= sizeof lower) return text.len == 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        lower[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return is_among(BYTES((uint8_t *)lower, text.len), words, sizeof words / sizeof words[0]);
}

bool yaml_is_null(struct yaml_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    node = yaml_follow(node);
    if (!node) return true;
    return node->kind == YAML_TEXT && node->style == YAML_PLAIN && bytes_is_absent(node->tag) &&
           is_among(node->text, words, sizeof words / sizeof words[0]);
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(bytes t, size_t at, const char *digits)
{
    while (at < t.len && (t.ptr[at] == '_' || memchr(digits, t.ptr[at], strlen(digits))))
        at++;
    return at;
}

/* "0x1f", "0b01", "0o7" behind a sign. */
static bool is_based_number(bytes t, size_t at)
{
    static const struct {
        char mark;
        const char *digits;
    } bases[] = {{'x', "0123456789abcdefABCDEF"}, {'b', "01"}, {'o', "01234567"}};
    if (at + 2 >= t.len || t.ptr[at] != '0') return false;
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++)
        if (t.ptr[at + 1] == bases[i].mark) return skip_digits(t, at + 2, bases[i].digits) == t.len;
    return false;
}

/* "1", "1.5", ".5e-3", and to the base of 60 "12:30:45.5". */
static bool is_number(bytes t)
{
    static const char decimal[] = "0123456789";
    size_t at = t.len > 0 && (t.ptr[0] == '+' || t.ptr[0] == '-'), from = at;
    if (is_based_number(t, at)) return true;
    at = skip_digits(t, at, decimal);
    while (at > from && at < t.len && t.ptr[at] == ':')
        at = skip_digits(t, at + 1, decimal);
    if (at < t.len && t.ptr[at] == '.') at = skip_digits(t, at + 1, decimal);
    bool has_digit = false;
    for (size_t i = from; i < at; i++)
        has_digit = has_digit || is_digit(t.ptr[i]);
    if (!has_digit) return false;
    if (at + 1 < t.len && (t.ptr[at] | 0x20) == 'e') {
        at += t.ptr[at + 1] == '+' || t.ptr[at + 1] == '-' ? 2 : 1;
        if (at < t.len) at = skip_digits(t, at, decimal);
    }
    return at == t.len;
}

/* "2001-12-14", with or without a time of day. */
static bool is_time(bytes t)
{
    static const char decimal[] = "0123456789";
    size_t year = skip_digits(t, 0, decimal), month, day;
    if (year != 4 || year == t.len || t.ptr[year] != '-') return false;
    month = skip_digits(t, year + 1, decimal);
    if (month == year + 1 || month == t.len || t.ptr[month] != '-') return false;
    day = skip_digits(t, month + 1, decimal);
    return day > month + 1 && (day == t.len || memchr("Tt \t", t.ptr[day], 4));
}

bool yaml_is_string(const struct yaml_node *node)
{
    if (node->kind != YAML_TEXT) return false;
    if (node->tag.ptr)
        return bytes_eq(node->tag, BYTES_LIT("tag:yaml.org,2002:str")) || bytes_eq(node->tag, BYTES_LIT("!"));
    if (node->style != YAML_PLAIN) return true;
    bytes t = node->text;
    return !is_reserved(t) && !bytes_eq(t, BYTES_LIT("<<")) && !bytes_eq(t, BYTES_LIT("=")) && !is_number(t) &&
           !is_time(t);
}

bool yaml_plain_is_safe(bytes text)
{
    if (is_reserved(text) || !(is_letter(text.ptr[0]) || text.ptr[0] == '/')) return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (!is_letter(c) && !is_digit(c) && !memchr("-_./@+=:", c, 8)) return false;
    }
    return text.ptr[text.len - 1] != ':';
}

static bool is_plain(const struct yaml_node *n)
{
    return n->kind == YAML_TEXT && n->style == YAML_PLAIN;
}

static bool is_same(bytes a, bytes b)
{
    return bytes_eq(a, b) || (bytes_is_absent(a) && bytes_is_absent(b));
}

bool yaml_is_equal(const struct yaml_node *a, const struct yaml_node *b)
{
    if (!a || !b) return a == b;
    if (a->kind != b->kind || is_plain(a) != is_plain(b) || !is_same(a->text, b->text) || !is_same(a->tag, b->tag) ||
        !is_same(a->anchor, b->anchor) || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!yaml_is_equal(a->items[i], b->items[i])) return false;
    return true;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

static struct text_place place_of(const struct yaml_file *file, const struct yaml_node *node)
{
    return text_place_of(file->input, node->from);
}

static status want_own(const struct yaml_file *file, const struct yaml_node *node, struct err *err)
{
    if (node->kind == YAML_ALIAS)
        return err_set(err, ERR_UNSUPPORTED, node->from, "line %zu: an alias would have to be changed: write it out",
                       place_of(file, node).line);
    if (node->tag.ptr)
        return err_set(err, ERR_UNSUPPORTED, node->from, "line %zu: what has to be changed has the tag %s",
                       place_of(file, node).line, text_quote(node->tag).s);
    for (const struct yaml_node *n = node; n; n = n->parent)
        if (n->is_shared)
            return err_set(err, ERR_UNSUPPORTED, node->from,
                           "line %zu: what has to be changed is used in other places too, by the anchor %s: write it "
                           "out in each place",
                           place_of(file, node).line, text_quote(n->anchor).s);
    return OK;
}

status yaml_set_text(struct yaml_file *file, struct yaml_node *scalar, bytes text, struct err *err)
{
    if (scalar->kind != YAML_TEXT) return err_set(err, ERR_MISMATCH, scalar->from, "want a scalar to change");
    if (bytes_eq(scalar->text, text) && yaml_is_string(scalar)) return OK;
    TRY(want_own(file, scalar, err));
    TRY(arena_copy(file->memory, text, &scalar->text, err));
    if (scalar->style == YAML_PLAIN ? !yaml_plain_is_safe(text) : scalar->style != YAML_SINGLE_QUOTED)
        scalar->style = YAML_DOUBLE_QUOTED;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] >= 0x7f) scalar->style = YAML_DOUBLE_QUOTED;
    return OK;
}

/* What was read stays where it is, for yaml_write. */
static status set_items(struct yaml_file *file, struct yaml_node *node, size_t count, struct err *err)
{
    void *items;
    TRY(arena_take(file->memory, count, sizeof(struct yaml_node *), &items, err));
    size_t keep = node->count < count ? node->count : count;
    if (keep > 0) memcpy(items, node->items, keep * sizeof(struct yaml_node *));
    node->items = items;
    return OK;
}

status yaml_put(struct yaml_file *file, struct yaml_node *map, const char *key, struct yaml_node *value,
                struct err *err)
{
    if (map->kind != YAML_MAPPING) return err_set(err, ERR_MISMATCH, map->from, "want a mapping to change");
    size_t at = find_key(map, text_bytes(key));
    TRY(want_own(file, map, err));
    if (at != SIZE_MAX) TRY(want_own(file, map->items[at + 1], err));
    bool is_there = at != SIZE_MAX;
    TRY(set_items(file, map, map->count + (is_there ? 0 : 2), err));
    if (!is_there) {
        at = map->count;
        struct yaml_node *name;
        TRY(yaml_new_text(file, text_bytes(key), &name, err));
        name->parent = map;
        map->items[at] = name;
        map->count += 2;
    }
    map->items[at + 1] = value;
    value->parent = map;
    return OK;
}

status yaml_insert(struct yaml_file *file, struct yaml_node *sequence, size_t at, struct yaml_node *item,
                   struct err *err)
{
    if (sequence->kind != YAML_SEQUENCE) return err_set(err, ERR_MISMATCH, sequence->from, "want a sequence to change");
    TRY(want_own(file, sequence, err));
    TRY(set_items(file, sequence, sequence->count + 1, err));
    memmove(&sequence->items[at + 1], &sequence->items[at], (sequence->count - at) * sizeof(struct yaml_node *));
    sequence->items[at] = item;
    sequence->count++;
    item->parent = sequence;
    return OK;
}

/* Whether an alias names anything in it. */
static bool holds_shared(const struct yaml_node *node)
{
    bool found = node->is_shared;
    for (size_t i = 0; i < node->count && !found; i++)
        found = holds_shared(node->items[i]);
    return found;
}

status yaml_remove(struct yaml_file *file, struct yaml_node *sequence, size_t at, struct err *err)
{
    TRY(want_own(file, sequence, err));
    if (holds_shared(sequence->items[at]))
        return err_set(err, ERR_UNSUPPORTED, sequence->items[at]->from,
                       "line %zu: what has to be taken out is used in other places too, by an anchor in it",
                       place_of(file, sequence->items[at]).line);
    TRY(set_items(file, sequence, sequence->count, err));
    memmove(&sequence->items[at], &sequence->items[at + 1], (sequence->count - at - 1) * sizeof(struct yaml_node *));
    sequence->count--;
    return OK;
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

status yaml_new_text(struct yaml_file *file, bytes text, struct yaml_node **out, struct err *err)
{
    void *memory;
    TRY(arena_take(file->memory, 1, sizeof(struct yaml_node), &memory, err));
    struct yaml_node *node = memory;
    *node = (struct yaml_node){.kind = YAML_TEXT, .is_new = true};
    TRY(arena_copy(file->memory, text, &node->text, err));
    node->style = yaml_plain_is_safe(text) ? YAML_PLAIN : YAML_DOUBLE_QUOTED;
    *out = node;
    return OK;
}

static void make_new(struct yaml_node *node)
{
    node->is_new = true;
    node->read = NULL;
    node->read_count = node->from = node->to = 0;
    for (size_t i = 0; i < node->count; i++)
        make_new(node->items[i]);
}

status yaml_new(struct yaml_file *file, const char *source, struct yaml_node **out, struct err *err)
{
    struct yaml_file made;
    TRY(yaml_parse(text_bytes(source), file->memory, &made, err));
    *out = made.documents[0].root;
    make_new(*out);
    return OK;
}
