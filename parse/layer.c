/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layer.h"

#include "parse/text.h"

/* Of a header; POSIX.1-2017, pax, "ustar Interchange Format". */
enum {
    NAME_AT = 0,
    NAME_BYTES = 100,
    SIZE_AT = 124,
    SIZE_BYTES = 12,
    SUM_AT = 148,
    SUM_BYTES = 8,
    TYPE_AT = 156,
    MAGIC_AT = 257,
    MAGIC_BYTES = 6,
    PREFIX_AT = 345,
    PREFIX_BYTES = 155,
    SPARSE_MORE_AT = 482,       /* GNU: whether a block of the map follows */
    SPARSE_BLOCK_MORE_AT = 504, /* the same in such a block */
};

enum {
    TYPE_OLD_FILE = 0,
    TYPE_PAX = 'x',
    TYPE_PAX_GLOBAL = 'g',
    TYPE_LONG_NAME = 'L',
    TYPE_LONG_LINK = 'K',
    TYPE_SPARSE = 'S'
};

/* ---- names ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *path;
    enum layer_place place;
} places[] = {
    {"etc", LAYER_ETC},
    {"etc/passwd", LAYER_PASSWD},
    {"etc/group", LAYER_GROUP},
    {".wh.etc", LAYER_NO_ETC},
    {"etc/.wh.passwd", LAYER_NO_PASSWD},
    {"etc/.wh.group", LAYER_NO_GROUP},
    {".wh..wh..opq", LAYER_EMPTY_ROOT},
    {"etc/.wh..wh..opq", LAYER_EMPTY_ETC},
};

enum { PLACE_CHARACTERS = 24 }; /* more than any of them has */

/* A path without "." and "//", as far as it may be one of ours. */
struct path {
    uint8_t text[PLACE_CHARACTERS];
    size_t len;
    bool is_longer;
};

static void add_part(struct path *p, bytes part)
{
    size_t slash = p->len > 0;
    if (p->is_longer || part.len + slash > sizeof p->text - p->len) {
        p->is_longer = true;
        return;
    }
    if (slash) p->text[p->len++] = '/';
    memcpy(&p->text[p->len], part.ptr, part.len);
    p->len += part.len;
}

static status add_parts(struct path *p, bytes text, struct err *err)
{
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        end = at;
        while (end < text.len && text.ptr[end] != '/')
            end++;
        bytes part = bytes_slice(text, at, end - at);
        if (bytes_eq(part, BYTES_LIT("..")))
            return err_set(err, ERR_UNSUPPORTED, 0, "name %s: want none with ..", text_quote(text).s);
        if (part.len > 0 && !bytes_eq(part, BYTES_LIT("."))) add_part(p, part);
    }
    return OK;
}

static enum layer_place place_of(const struct path *p)
{
    for (size_t i = 0; !p->is_longer && i < sizeof places / sizeof places[0]; i++)
        if (bytes_eq(BYTES(p->text, p->len), text_bytes(places[i].path))) return places[i].place;
    return LAYER_ANYWHERE;
}

static bool ends_in_slash(bytes name)
{
    return name.len > 0 && name.ptr[name.len - 1] == '/';
}

static status set_name(struct layer_override *o, bytes name, struct err *err)
{
    struct path path = {.len = 0};
    if (o->has_name) return err_set(err, ERR_DUPLICATE, 0, "two long names for one entry");
    if (name.len == 0) return err_set(err, ERR_SYNTAX, 0, "a long name that is empty");
    if (text_find(name, 0, '\0') < name.len)
        return err_set(err, ERR_SYNTAX, 0, "name %s: want none with NUL", text_quote(name).s);
    TRY(add_parts(&path, name, err));
    o->has_name = true;
    o->place = place_of(&path);
    o->is_folder = ends_in_slash(name);
    return OK;
}

/* ---- fields of a header ----------------------------------------------------------------------------------------- */

static bytes field(const struct layer_scan *s, size_t at, size_t n)
{
    return bytes_slice(BYTES_OF(s->block), at, n);
}

/* Up to a NUL. */
static bytes text_field(const struct layer_scan *s, size_t at, size_t n)
{
    bytes f = field(s, at, n);
    size_t len = 0;
    while (len < f.len && f.ptr[len] != 0)
        len++;
    return bytes_slice(f, 0, len);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == 0;
}

/* Octal digits between blanks. */
static bool read_octal(bytes f, uint64_t *out)
{
    uint64_t value = 0;
    while (f.len > 0 && is_blank(f.ptr[0]))
        f = bytes_slice(f, 1, f.len - 1);
    while (f.len > 0 && is_blank(f.ptr[f.len - 1]))
        f = bytes_slice(f, 0, f.len - 1);
    for (size_t i = 0; i < f.len; i++) {
        if (f.ptr[i] < '0' || f.ptr[i] > '7') return false;
        value = value << 3 | (uint64_t)(f.ptr[i] - '0');
    }
    *out = value;
    return true;
}

/* GNU's way: a number to the base 256 behind a byte 0x80. */
static bool read_binary(bytes f, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 1; i < f.len; i++) {
        if (value >> 55) return false;
        value = value << 8 | f.ptr[i];
    }
    *out = value;
    return f.ptr[0] == 0x80;
}

static status read_size(const struct layer_scan *s, uint64_t *out, struct err *err)
{
    bytes f = field(s, SIZE_AT, SIZE_BYTES);
    bool is_number = f.ptr[0] & 0x80 ? read_binary(f, out) : read_octal(f, out);
    if (!is_number) return err_set(err, ERR_SYNTAX, 0, "size: want a number, have %s", text_quote(f).s);
    return OK;
}

/* The sum of its bytes, where the sum itself counts as spaces; some have added them up as signed. */
static status check_sum(const struct layer_scan *s, struct err *err)
{
    uint64_t want = 0;
    int64_t plain = 0, with_signs = 0;
    for (size_t i = 0; i < sizeof s->block; i++) {
        uint8_t c = i >= SUM_AT && i < SUM_AT + SUM_BYTES ? ' ' : s->block[i];
        plain += c;
        with_signs += c < 0x80 ? c : (int64_t)c - 0x100;
    }
    bool is_number = read_octal(field(s, SUM_AT, SUM_BYTES), &want);
    if (is_number && ((int64_t)want == plain || (int64_t)want == with_signs)) return OK;
    return err_set(err, ERR_SYNTAX, 0, "no header of a tar archive: its sum is wrong");
}

/* POSIX parts a long name into two fields; GNU has something else in the first. */
static status place_in_header(const struct layer_scan *s, struct layer_override *o, struct err *err)
{
    bytes name = text_field(s, NAME_AT, NAME_BYTES), prefix = text_field(s, PREFIX_AT, PREFIX_BYTES);
    struct path path = {.len = 0};
    if (bytes_eq(field(s, MAGIC_AT, MAGIC_BYTES), BYTES_LIT("ustar\0"))) TRY(add_parts(&path, prefix, err));
    TRY(add_parts(&path, name, err));
    o->place = place_of(&path);
    o->is_folder = ends_in_slash(name);
    return OK;
}

/* ---- extended headers ------------------------------------------------------------------------------------------- */

static bool begins(bytes text, const char *with)
{
    return bytes_eq(bytes_slice(text, 0, strlen(with)), text_bytes(with));
}

static status take_record(struct layer_override *o, bytes key, bytes value, bool is_global, struct err *err)
{
    bool is_name = bytes_eq(key, BYTES_LIT("path")) || bytes_eq(key, BYTES_LIT("GNU.sparse.name"));
    bool is_size = bytes_eq(key, BYTES_LIT("size"));
    if (is_global && (is_name || is_size || begins(key, "GNU.sparse.")))
        return err_set(err, ERR_UNSUPPORTED, 0, "a global header with %s", text_quote(key).s);
    if (begins(key, "GNU.sparse.")) o->is_sparse = true;
    if (is_name) return set_name(o, value, err);
    if (!is_size) return OK;
    if (o->has_size) return err_set(err, ERR_DUPLICATE, 0, "two sizes for one entry");
    o->has_size = true;
    return err_in(err, decimal_parse(value, INT64_MAX, &o->size, err), "size");
}

/* "LENGTH KEY=VALUE\n", where the length is that of all of it. */
static status take_records(struct layer_override *o, bytes in, bool is_global, struct err *err)
{
    for (size_t at = 0; at < in.len;) {
        uint64_t length = 0;
        size_t space = at, equals;
        while (space < in.len && in.ptr[space] != ' ')
            space++;
        status s = decimal_parse(bytes_slice(in, at, space - at), in.len - at, &length, NULL);
        size_t end = at + (size_t)length;
        if (!is_ok(s) || end < space + 2 || in.ptr[end - 1] != '\n')
            return err_set(err, ERR_SYNTAX, 0, "want LENGTH KEY=VALUE in an extended header");
        for (equals = space + 1; equals < end - 1 && in.ptr[equals] != '=';)
            equals++;
        if (equals == end - 1) return err_set(err, ERR_SYNTAX, 0, "want LENGTH KEY=VALUE in an extended header");
        bytes key = bytes_slice(in, space + 1, equals - space - 1);
        TRY(take_record(o, key, bytes_slice(in, equals + 1, end - 1 - equals - 1), is_global, err));
        at = end;
    }
    return OK;
}

static status take_long_name(struct layer_override *o, bytes in, struct err *err)
{
    if (in.len > 0 && in.ptr[in.len - 1] == 0) in.len--;
    return set_name(o, in, err);
}

static status take_extension(struct layer_scan *s, struct err *err)
{
    bytes in = BYTES(s->extension, s->extension_len);
    if (s->type != TYPE_PAX_GLOBAL) s->next.is_there = true;
    if (s->type == TYPE_LONG_NAME) return take_long_name(&s->next, in, err);
    if (s->type == TYPE_LONG_LINK) return OK;
    return take_records(&s->next, in, s->type == TYPE_PAX_GLOBAL, err);
}

/* ---- entries ---------------------------------------------------------------------------------------------------- */

static bool is_extension(uint8_t type)
{
    return type == TYPE_PAX || type == TYPE_PAX_GLOBAL || type == TYPE_LONG_NAME || type == TYPE_LONG_LINK;
}

static bool is_file(uint8_t type)
{
    return type == TYPE_OLD_FILE || type == '0' || type == '7';
}

/* Links, devices, folders and pipes. */
static bool is_bare(uint8_t type)
{
    return type >= '1' && type <= '6';
}

/* A file and its whiteout in one layer: which of the two is left depends on who unpacks it. */
static void take_file(struct layer_scan *s, struct layer_file *f, bool is_gone, bool is_regular)
{
    f->len = 0;
    f->change = is_regular && !is_gone ? LAYER_FILE : LAYER_OTHER;
    s->to = f->change == LAYER_FILE ? f : NULL;
}

static void take_whiteout(struct layer_file *f, bool *is_gone)
{
    *is_gone = true;
    f->change = f->change == LAYER_UNTOUCHED || f->change == LAYER_GONE ? LAYER_GONE : LAYER_OTHER;
}

static void take_place(struct layer_scan *s, const struct layer_override *o)
{
    bool is_regular = is_file(s->type) && !o->is_sparse && !o->is_folder,
         is_folder = s->type == '5' || (is_file(s->type) && o->is_folder);
    switch (o->place) {
    case LAYER_ETC:
        if (!is_folder) s->etc = LAYER_OTHER;
        break;
    case LAYER_PASSWD:
        take_file(s, &s->passwd, s->no_passwd, is_regular);
        break;
    case LAYER_GROUP:
        take_file(s, &s->group, s->no_group, is_regular);
        break;
    case LAYER_NO_PASSWD:
        take_whiteout(&s->passwd, &s->no_passwd);
        break;
    case LAYER_NO_GROUP:
        take_whiteout(&s->group, &s->no_group);
        break;
    case LAYER_NO_ETC:
    case LAYER_EMPTY_ROOT:
        if (s->etc == LAYER_UNTOUCHED) s->etc = LAYER_GONE;
        break;
    case LAYER_EMPTY_ETC:
        s->is_etc_empty = true;
        break;
    case LAYER_ANYWHERE:
    default:
        break;
    }
}

static status check_size(struct layer_scan *s, const struct layer_override *o, struct err *err)
{
    if (o->size > LIMIT_LAYER_BYTES)
        return err_set(err, ERR_LIMIT, 0, "size: want at most %llu, have %llu", (unsigned long long)LIMIT_LAYER_BYTES,
                       (unsigned long long)o->size);
    if (is_bare(s->type) && o->size > 0)
        return err_set(err, ERR_UNSUPPORTED, 0, "an entry of type %c that has content", s->type);
    if (is_extension(s->type) && o->size > s->extension_cap)
        return err_set(err, ERR_LIMIT, 0, "extended header: want at most %zu bytes, have %llu", s->extension_cap,
                       (unsigned long long)o->size);
    if (s->to && o->size > s->to->cap)
        return err_set(err, ERR_LIMIT, 0, "/etc/%s: want at most %zu bytes, have %llu",
                       s->to == &s->passwd ? "passwd" : "group", s->to->cap, (unsigned long long)o->size);
    return OK;
}

/* One that is no extended header of another. */
static status take_entry(struct layer_scan *s, struct layer_override *o, struct err *err)
{
    if (!o->has_name) TRY(place_in_header(s, o, err));
    s->has_more = s->type == TYPE_SPARSE && s->block[SPARSE_MORE_AT] != 0;
    take_place(s, o);
    s->next = (struct layer_override){.is_there = false};
    return OK;
}

static status take_header(struct layer_scan *s, struct err *err)
{
    struct layer_override o = s->next;
    uint64_t size = 0;
    TRY(check_sum(s, err));
    TRY(read_size(s, &size, err));
    s->type = s->block[TYPE_AT];
    s->to = NULL;
    s->extension_len = 0;
    if (++s->entries > LIMIT_LAYER_ENTRIES)
        return err_set(err, ERR_LIMIT, 0, "more than %d entries", LIMIT_LAYER_ENTRIES);
    if (!is_extension(s->type) && !is_file(s->type) && !is_bare(s->type) && s->type != TYPE_SPARSE)
        return err_set(err, ERR_UNSUPPORTED, 0, "an entry of type 0x%02x", s->type);
    if (is_extension(s->type) || !o.has_size) o.size = size;
    if (!is_extension(s->type)) TRY(take_entry(s, &o, err));
    TRY(check_size(s, &o, err));
    s->left = o.size;
    s->padding = (LAYER_BLOCK_BYTES - o.size % LAYER_BLOCK_BYTES) % LAYER_BLOCK_BYTES;
    if (is_extension(s->type) && o.size == 0) return take_extension(s, err);
    return OK;
}

/* A block that is no content. */
static status take_block(struct layer_scan *s, struct err *err)
{
    bool is_end = bytes_are_zero(BYTES_OF(s->block));
    if (s->has_more) {
        s->has_more = s->block[SPARSE_BLOCK_MORE_AT] != 0;
        return OK;
    }
    if (s->end_blocks >= 2) return is_end ? OK : err_set(err, ERR_TRAILING, 0, "something behind the archive's end");
    if (is_end) {
        s->end_blocks++;
        return OK;
    }
    if (s->end_blocks > 0) return err_set(err, ERR_SYNTAX, 0, "a block of zeros between entries");
    return take_header(s, err);
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static size_t least(size_t a, uint64_t b)
{
    return b < a ? (size_t)b : a;
}

/* Content that goes by; how much of the part it is. */
static status take_content(struct layer_scan *s, bytes part, size_t *used, struct err *err)
{
    size_t n = least(part.len, s->left);
    uint8_t *to = is_extension(s->type) ? &s->extension[s->extension_len] : s->to ? &s->to->content[s->to->len] : NULL;
    if (to) memcpy(to, part.ptr, n);
    if (is_extension(s->type))
        s->extension_len += n;
    else if (s->to)
        s->to->len += n;
    s->left -= n;
    *used = n;
    return s->left == 0 && is_extension(s->type) ? take_extension(s, err) : OK;
}

static status take_some(struct layer_scan *s, bytes part, size_t *used, struct err *err)
{
    if (s->has_more || (s->left == 0 && s->padding == 0)) {
        if (s->filled == 0) s->block_at = s->offset;
        *used = least(part.len, sizeof s->block - s->filled);
        memcpy(&s->block[s->filled], part.ptr, *used);
        s->filled += *used;
        if (s->filled < sizeof s->block) return OK;
        s->filled = 0;
        return take_block(s, err);
    }
    if (s->left > 0) return take_content(s, part, used, err);
    *used = least(part.len, s->padding);
    s->padding -= *used;
    return OK;
}

status layer_scan_put(struct layer_scan *s, bytes part, struct err *err)
{
    while (part.len > 0) {
        size_t used = 0;
        TRY(err_in(err, take_some(s, part, &used, err), "byte %llu", (unsigned long long)s->block_at));
        s->offset += used;
        part = bytes_slice(part, used, part.len - used);
    }
    return OK;
}

status layer_scan_finish(struct layer_scan *s, struct err *err)
{
    struct layer_file *files[] = {&s->passwd, &s->group};
    if (s->left > 0 || s->padding > 0 || s->filled > 0 || s->has_more || s->next.is_there)
        return err_set(err, ERR_TRUNCATED, (size_t)s->offset, "byte %llu: ends in an entry",
                       (unsigned long long)s->offset);
    for (size_t i = 0; i < 2; i++)
        if (files[i]->change == LAYER_UNTOUCHED && (s->etc == LAYER_GONE || s->is_etc_empty))
            files[i]->change = LAYER_GONE;
    return OK;
}
