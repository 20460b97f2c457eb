/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/image.h"

#include "parse/text.h"

enum { NAME_MAX_BYTES = 255, TAG_MAX_BYTES = 128, DIGEST_DIGITS = 64 };

static bool is_lower(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_word(uint8_t c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Letters and digits, parted by ".", "_", "__" or any number of "-". */
static bool is_component(bytes c)
{
    size_t separators = 0;
    if (c.len == 0 || !is_lower(c.ptr[0]) || !is_lower(c.ptr[c.len - 1])) return false;
    for (size_t i = 0; i < c.len; i++) {
        uint8_t was = i > 0 ? c.ptr[i - 1] : 'a', is = c.ptr[i];
        separators = is_lower(is) ? 0 : separators + 1;
        if (separators == 0) continue;
        if (is != '.' && is != '_' && is != '-') return false;
        if (separators > 1 && (is != was || is == '.' || (is == '_' && separators > 2))) return false;
    }
    return true;
}

/* A registry: what is in front of the first '/' and has a dot, a port or a capital in it, or is "localhost". */
static bool is_registry(bytes first)
{
    return text_find(first, 0, '.') < first.len || text_find(first, 0, ':') < first.len ||
           bytes_eq(first, BYTES_LIT("localhost"));
}

static bool is_host(bytes host)
{
    size_t colon = text_find(host, 0, ':');
    uint64_t port;
    bool has_port = colon < host.len;
    if (has_port && !is_ok(decimal_parse(bytes_slice(host, colon + 1, host.len - colon - 1), 65535, &port, NULL)))
        return false;
    for (size_t i = 0; i < colon; i++) {
        uint8_t c = host.ptr[i];
        bool is_edge = i == 0 || i + 1 == colon || host.ptr[i - 1] == '.' || host.ptr[i + 1] == '.';
        if (!(is_word(c) && c != '_') && !((c == '-' || c == '.') && !is_edge)) {
            bool is_dot_inside = c == '.' && i > 0 && i + 1 < colon && host.ptr[i - 1] != '.' && host.ptr[i + 1] != '.';
            if (!is_dot_inside) return false;
        }
    }
    return colon > 0;
}

static bool is_name(bytes name)
{
    size_t at = 0, slash = text_find(name, 0, '/');
    bytes first = bytes_slice(name, 0, slash);
    if (slash < name.len && is_registry(first)) {
        if (!is_host(first)) return false;
        at = slash + 1;
    }
    for (bool last = false; !last; at = slash + 1) {
        slash = text_find(name, at, '/');
        last = slash == name.len;
        if (!is_component(bytes_slice(name, at, slash - at))) return false;
    }
    return name.len <= NAME_MAX_BYTES;
}

static bool is_tag(bytes tag)
{
    for (size_t i = 0; i < tag.len; i++)
        if (!is_word(tag.ptr[i]) && (i == 0 || (tag.ptr[i] != '.' && tag.ptr[i] != '-'))) return false;
    return tag.len > 0 && tag.len <= TAG_MAX_BYTES;
}

static status read_digest(bytes text, bytes *out, struct err *err)
{
    uint8_t digest[DIGEST_DIGITS / 2];
    size_t colon = text_find(text, 0, ':');
    if (!bytes_eq(bytes_slice(text, 0, colon), BYTES_LIT("sha256")))
        return err_set(err, ERR_UNSUPPORTED, 0, "want @sha256: and 64 hex digits, have @%s", text_quote(text).s);
    *out = bytes_slice(text, colon + 1, text.len - colon - 1);
    return err_in(err, hex_parse(*out, HEX_LOWER, digest, sizeof digest, err), "digest");
}

status image_reference_parse(bytes text, struct image_reference *out, struct err *err)
{
    struct image_reference r = {.name = text};
    size_t at = text_find(text, 0, '@'), colon = at;
    if (at < text.len) TRY(read_digest(bytes_slice(text, at + 1, text.len - at - 1), &r.digest, err));
    /* The last ':' behind the last '/'. */
    while (colon > 0 && text.ptr[colon - 1] != ':' && text.ptr[colon - 1] != '/')
        colon--;
    bool has_tag = colon > 0 && text.ptr[colon - 1] == ':';
    if (has_tag) r.tag = bytes_slice(text, colon, at - colon);
    r.name = bytes_slice(text, 0, has_tag ? colon - 1 : at);
    if (!is_name(r.name) || (has_tag && !is_tag(r.tag)))
        return err_set(err, ERR_SYNTAX, 0, "want NAME:TAG@sha256:DIGEST, have %s", text_quote(text).s);
    *out = r;
    return OK;
}

/* ---- replacements ----------------------------------------------------------------------------------------------- */

static bytes trim(bytes text)
{
    size_t from = 0, to = text.len;
    while (from < to && (text.ptr[from] == ' ' || text.ptr[from] == '\t'))
        from++;
    while (to > from && (text.ptr[to - 1] == ' ' || text.ptr[to - 1] == '\t' || text.ptr[to - 1] == '\r'))
        to--;
    return bytes_slice(text, from, to - from);
}

static bool has_blank(bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] >= 0x7f) return true;
    return false;
}

static status read_line(bytes line, struct image_replacement *out, struct err *err)
{
    size_t equals = text_find(line, 0, '=');
    struct image_reference r;
    if (equals == line.len)
        return err_set(err, ERR_SYNTAX, 0, "want ORIGINAL=REPLACEMENT, have %s", text_quote(line).s);
    out->from = trim(bytes_slice(line, 0, equals));
    out->to = trim(bytes_slice(line, equals + 1, line.len - equals - 1));
    if (out->from.len == 0 || has_blank(out->from))
        return err_set(err, ERR_SYNTAX, 0, "want ORIGINAL=REPLACEMENT, have %s", text_quote(line).s);
    return image_reference_parse(out->to, &r, err);
}

/* What is replaced twice would change with each run. */
static status refuse_chains(const struct image_replacement *all, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (i != k && bytes_eq(all[i].to, all[k].from))
                return err_set(err, ERR_DUPLICATE, 0, "%s is a replacement and has one itself",
                               text_quote(all[i].to).s);
    return OK;
}

status image_replacements_parse(bytes in, struct arena *memory, struct image_replacements *out, struct err *err)
{
    void *items = NULL;
    size_t count = 0, number = 0;
    for (size_t at = 0, end; at < in.len; at = end + 1) {
        end = text_find(in, at, '\n');
        bytes line = trim(bytes_slice(in, at, end - at));
        number++;
        if (line.len == 0 || line.ptr[0] == '#') continue;
        struct image_replacement r;
        TRY(err_in(err, read_line(line, &r, err), "line %zu", number));
        TRY(arena_grow(memory, &items, count, sizeof r, err));
        struct image_replacement *all = items;
        for (size_t i = 0; i < count; i++)
            if (bytes_eq(all[i].from, r.from))
                return err_set(err, ERR_DUPLICATE, at, "line %zu: %s has a replacement already", number,
                               text_quote(r.from).s);
        all[count++] = r;
    }
    TRY(refuse_chains(items, count, err));
    *out = (struct image_replacements){.items = items, .count = count};
    return OK;
}

bytes image_replace(const struct image_replacements *r, bytes image)
{
    for (size_t i = 0; i < r->count; i++)
        if (bytes_eq(r->items[i].from, image)) return r->items[i].to;
    return image;
}
