/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/manifest_reader.h"

#include <stdarg.h>
#include <stdio.h>

#include "parse/text.h"

/* ---- findings --------------------------------------------------------------------------------------------------- */

/* Appends "/member" to a pointer. */
static void add_member(struct json_path *p, const char *member)
{
    size_t used = strlen(p->s);
    (void)snprintf(p->s + used, sizeof p->s - used, "/%s", member);
}

/* The first failure is what the caller of manifest_parse is told. */
static void tell_first(struct manifest_reader *m, const struct manifest_finding *f)
{
    if (m->kind != ERR_NONE) return;
    m->kind = f->kind;
    status s = err_set(m->err, f->kind, f->offset, "%s", f->text);
    if (f->pointer.s[0]) s = err_in(m->err, s, "%s", f->pointer.s);
    (void)s;
}

static status record(struct manifest_reader *m, const struct manifest_finding *f)
{
    struct manifest_storage *room = m->room;
    if (room->finding_count < room->finding_cap) room->findings[room->finding_count++] = *f;
    bool is_full = room->finding_count >= room->finding_cap;
    if (is_full || !(m->is_draft && f->missing)) tell_first(m, f);
    if (!is_full) return OK;
    room->findings_cut = !m->is_stopped;
    m->is_stopped = true;
    return (status){f->kind};
}

PRINTF(5, 0)
static status record_text(struct manifest_reader *m, const char *member, enum err_kind kind, bool missing,
                          const char *fmt, va_list args)
{
    struct manifest_finding f = {
        .pointer = json_pointer(&m->json), .kind = kind, .offset = m->json.offset, .missing = missing};
    if (member) add_member(&f.pointer, member);
    if (vsnprintf(f.text, sizeof f.text, fmt, args) < 0) f.text[0] = '\0';
    return record(m, &f);
}

status manifest_refuse(struct manifest_reader *m, enum err_kind kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    status s = record_text(m, NULL, kind, false, fmt, args);
    va_end(args);
    return s;
}

status manifest_refuse_member(struct manifest_reader *m, const char *member, enum err_kind kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    status s = record_text(m, member, kind, false, fmt, args);
    va_end(args);
    return s;
}

PRINTF(3, 4)
static status record_unfilled(struct manifest_reader *m, const char *member, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    status s = record_text(m, member, ERR_MISSING, true, fmt, args);
    va_end(args);
    return s;
}

status manifest_refuse_unfilled(struct manifest_reader *m, const char *member, const char *want)
{
    return record_unfilled(m, member, "still to be filled in: want %s", want);
}

status manifest_stop(struct manifest_reader *m, enum err_kind kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    m->is_stopped = true;
    status s = record_text(m, NULL, kind, false, fmt, args);
    va_end(args);
    return is_ok(s) ? (status){kind} : s;
}

status manifest_check_room(struct manifest_reader *m, size_t count, size_t cap, size_t limit, const char *what)
{
    if (count >= limit) return manifest_stop(m, ERR_LIMIT, "want at most %zu %s, have more", limit, what);
    if (count >= cap) return manifest_stop(m, ERR_NOMEM, "no room for more than %zu %s", cap, what);
    return OK;
}

/* ---- one value -------------------------------------------------------------------------------------------------- */

status manifest_take_null(struct manifest_reader *m, bool *taken)
{
    enum json_kind have = JSON_END;
    struct json_event e;
    TRY(json_peek(&m->json, &have, &m->broken));
    *taken = have == JSON_NULL;
    return *taken ? json_next(&m->json, &e, &m->broken) : OK;
}

/* The next value, if it is of the kind; else a finding. */
static status take(struct manifest_reader *m, enum json_kind want, struct json_event *out, bool *got)
{
    enum json_kind have = JSON_END;
    *got = false;
    TRY(json_peek(&m->json, &have, &m->broken));
    if (have != want) {
        TRY(manifest_refuse(m, ERR_SYNTAX, "want %s, have %s", json_kind_name(want), json_kind_name(have)));
        return json_skip(&m->json, &m->broken);
    }
    TRY(json_next(&m->json, out, &m->broken));
    *got = true;
    return OK;
}

status manifest_enter(struct manifest_reader *m, enum json_kind object_or_array, bool *got)
{
    struct json_event e;
    return take(m, object_or_array, &e, got);
}

status manifest_get_text(struct manifest_reader *m, bytes *out, bool *got)
{
    struct json_event e = {0};
    TRY(take(m, JSON_STRING, &e, got));
    if (!*got) return OK;
    for (size_t i = 0; i < e.text.len && *got; i++)
        *got = e.text.ptr[i] != 0;
    if (!*got) return manifest_refuse(m, ERR_SYNTAX, "want no \\u0000, have %s", text_quote(e.text).s);
    *out = e.text;
    return OK;
}

status manifest_get_u64(struct manifest_reader *m, uint64_t max, uint64_t *out, bool *got)
{
    struct json_event e = {0};
    TRY(take(m, JSON_NUMBER, &e, got));
    if (!*got) return OK;
    *got = e.kind == JSON_INTEGER && !e.negative && e.magnitude <= max;
    if (!*got)
        return manifest_refuse(m, ERR_RANGE, "want an integer from 0 to %llu, have %s", (unsigned long long)max,
                               text_quote(e.text).s);
    *out = e.magnitude;
    return OK;
}

status manifest_get_bool(struct manifest_reader *m, bool *out, bool *got)
{
    struct json_event e = {0};
    TRY(take(m, JSON_BOOL, &e, got));
    if (*got) *out = e.truth;
    return OK;
}

/* A string with escapes is longer in the input than what it says. */
static bool has_escapes(const struct manifest_reader *m, bytes text)
{
    return !bytes_eq(bytes_slice(m->json.in, m->json.offset + 1, text.len), text);
}

status manifest_parse_hex(struct manifest_reader *m, bytes text, uint8_t *out, size_t len, bool *got)
{
    struct err why = {0};
    status s = hex_parse(text, HEX_LOWER, out, len, &why);
    *got = is_ok(s) && !has_escapes(m, text);
    if (is_ok(s) && !*got) return manifest_refuse(m, ERR_SYNTAX, "hex: want digits without escapes");
    return is_ok(s) ? OK : manifest_refuse(m, s.kind, "%s", why.text);
}

status manifest_get_hex(struct manifest_reader *m, uint8_t *out, size_t len, bool *got)
{
    bytes text = BYTES_ABSENT;
    TRY(manifest_get_text(m, &text, got));
    return *got ? manifest_parse_hex(m, text, out, len, got) : OK;
}

status manifest_get_hex_bytes(struct manifest_reader *m, bytes *out, bool *got)
{
    struct json_reader *r = &m->json;
    bytes text = BYTES_ABSENT;
    size_t used = r->text_used;
    TRY(manifest_get_text(m, &text, got));
    if (!*got) return OK;
    if (r->text_used != used) { /* unescaped and decoded it would take more than it has in the input */
        *got = false;
        return manifest_refuse(m, ERR_SYNTAX, "want hex digits without escapes");
    }
    size_t len = text.len / 2;
    if (len > r->text_cap - r->text_used)
        return manifest_stop(m, ERR_NOMEM, "%zu bytes do not fit into the %zu left", len, r->text_cap - r->text_used);
    uint8_t *to = &r->text[r->text_cap - len];
    TRY(manifest_parse_hex(m, text, to, len, got));
    if (!*got) return OK;
    r->text_cap -= len;
    *out = (bytes){to, len};
    return OK;
}

/* ---- containers ------------------------------------------------------------------------------------------------- */

static bool is_same_but_case(bytes a, bytes b)
{
    bool same = a.len == b.len;
    for (size_t i = 0; same && i < a.len; i++) {
        uint8_t differ = a.ptr[i] ^ b.ptr[i], lower = b.ptr[i] | 0x20;
        same = differ == 0 || (differ == 0x20 && lower >= 'a' && lower <= 'z');
    }
    return same;
}

/* A spelling that is about, and what it stands for. */
struct alias {
    const char *seen, *meant;
};

static const struct alias aliases[] = {
    {"SeedshareOwnerKeys", "SeedshareOwnerPubKeys"}, /* a page of upstream's documentation */
    {"WorkloadOwnerKeys", "WorkloadOwnerPubKeys"},
};

static bool is_alias(bytes key, bytes name)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (bytes_eq(key, text_bytes(aliases[i].seen)) && bytes_eq(name, text_bytes(aliases[i].meant))) return true;
    return false;
}

/* The known name that was probably meant, or NULL. */
static const char *find_meant(const struct manifest_members *f, bytes key)
{
    const char *meant = NULL;
    size_t least = key.len / 4 + 2; /* so many letters are too many to be a slip */
    for (size_t i = 0; i < f->count; i++) {
        bytes name = text_bytes(f->names[i]);
        size_t distance = is_same_but_case(key, name) || is_alias(key, name) ? 0 : text_distance(key, name);
        if (distance >= least) continue;
        least = distance;
        meant = f->names[i];
    }
    return meant;
}

static status refuse_unknown(struct manifest_reader *m, const struct manifest_members *f, bytes key)
{
    const char *meant = find_meant(f, key);
    if (meant)
        return manifest_refuse(m, ERR_UNSUPPORTED, "unknown key %s, did you mean \"%s\"?", text_quote(key).s, meant);
    return manifest_refuse(m, ERR_UNSUPPORTED, "unknown key %s", text_quote(key).s);
}

status manifest_next_member(struct manifest_reader *m, struct manifest_members *f, size_t *member, bool *end)
{
    for (;;) {
        bytes key = BYTES_ABSENT;
        TRY(json_next_key(&m->json, &key, end, &m->broken));
        if (*end) return OK;
        for (size_t i = 0; i < f->count; i++) {
            if (!bytes_eq(key, text_bytes(f->names[i]))) continue;
            f->seen |= (uint32_t)1 << i;
            *member = i;
            return OK;
        }
        TRY(refuse_unknown(m, f, key));
        TRY(json_skip(&m->json, &m->broken));
    }
}

status manifest_next_item(struct manifest_reader *m, bool *end)
{
    return json_next_item(&m->json, end, &m->broken);
}
