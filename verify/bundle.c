/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/bundle.h"

#include <stdio.h>

#include "parse/cursor.h"
#include "parse/text.h"
#include "parse/time.h"
#include "parse/transition_record.h"
#include "parse/ustar.h"

static const char format_rule[] = "bundle.format";
static const char digests_rule[] = "bundle.digests";

#define DESCRIPTION "contrast-bundle.json"
#define NONCE       "nonce"
#define DOCUMENT    "evidence.bin"
#define CAPABILITY  "capabilities.json"
#define TLS_KEY     "tls-key.der"
#define ROOT_CA     "root-ca.pem"
#define MESH_CA     "mesh-ca.pem"
#define MANIFESTS   "manifests/"
#define LATEST      "latest-transition"
#define SUMS        "SHA256SUMS"

/* The description is this text around three values, and no other JSON. */
#define FORMAT         "contrast.bundle/1"
#define BEFORE_FORMAT  "{\"format\":\""
#define BEFORE_BINDING "\",\"binding\":\""
#define BEFORE_TIME    "\",\"captured_at\":\""
#define BEFORE_TOOL    "\",\"tool\":\""
#define AFTER_TOOL     "\"}\n"

enum { HEX_CHARS = 2 * SHA256_BYTES, TIME_CHARS = TIME_TEXT_SIZE - 1 };
#define LINE_BYTES(name_len) (HEX_CHARS + 2 + (name_len) + 1)

const char *bundle_binding_name(enum bundle_binding binding)
{
    static const char *const names[] = {
        [BUNDLE_ATTEST] = "attest", [BUNDLE_ATTEST_V1] = "attest-v1", [BUNDLE_ATLS] = "atls"};
    return (size_t)binding < sizeof names / sizeof names[0] ? names[binding] : NULL;
}

bool bundle_is_likely(bytes in)
{
    bytes name = bytes_slice(in, 0, sizeof DESCRIPTION), magic = bytes_slice(in, 257, 5);
    return bytes_eq(name, BYTES((const uint8_t *)DESCRIPTION, sizeof DESCRIPTION)) ||
           bytes_eq(magic, BYTES_LIT("ustar"));
}

/* ---- what reading and writing share ----------------------------------------------------------------------------- */

struct text {
    char s[USTAR_NAME_BYTES + 1];
};

static bytes text_bytes(const char *s)
{
    return (bytes){(const uint8_t *)s, strlen(s)};
}

static struct text hex_of(const struct bundle_digest *digest)
{
    struct text t;
    (void)is_ok(hex_write(BYTES_OF(digest->sha256), t.s, sizeof t.s, NULL)); /* it fits */
    return t;
}

static struct text name_of_manifest(size_t index)
{
    struct text t;
    (void)snprintf(t.s, sizeof t.s, MANIFESTS "%06zu.json", index);
    return t;
}

/* A folder whose files are named after the SHA-256 of what they hold. */
struct folder {
    const char *prefix, *suffix;
    size_t limit;
};
static const struct folder policies = {"policies/", "", LIMIT_HISTORY_POLICIES};
static const struct folder collateral = {"collateral/", ".der", LIMIT_BUNDLE_COLLATERAL};

static struct text name_in(const struct folder *f, const struct bundle_digest *digest)
{
    struct text t;
    (void)snprintf(t.s, sizeof t.s, "%s%s%s", f->prefix, hex_of(digest).s, f->suffix);
    return t;
}

/* Of SHA256SUMS, as sha256sum writes it. */
struct line {
    uint8_t s[LINE_BYTES(USTAR_NAME_BYTES)];
    size_t len;
};

static struct line line_of(bytes name, const struct bundle_digest *digest)
{
    struct line line = {.len = LINE_BYTES(name.len)};
    memcpy(line.s, hex_of(digest).s, HEX_CHARS);
    memcpy(&line.s[HEX_CHARS], "  ", 2);
    memcpy(&line.s[HEX_CHARS + 2], name.ptr, name.len);
    line.s[line.len - 1] = '\n';
    return line;
}

static status sha256_of(bytes content, struct bundle_digest *out, struct err *err)
{
    return crypto_sha256(&content, 1, out->sha256, err);
}

static status check_limit(size_t count, size_t limit, const char *what, struct err *err)
{
    return count <= limit ? OK : err_rule(err, ERR_LIMIT, format_rule, 0, "%s: more than %zu", what, limit);
}

/* Strictly ascending. */
static status check_order(const struct folder *f, const struct bundle_digest *before,
                          const struct bundle_digest *digest, struct err *err)
{
    int order = memcmp(before->sha256, digest->sha256, SHA256_BYTES);
    if (order < 0) return OK;
    return err_rule(err, order > 0 ? ERR_SYNTAX : ERR_DUPLICATE, format_rule, 0, "member %s: %s", name_in(f, digest).s,
                    order > 0 ? "is not in ascending order" : "comes twice");
}

static status check_tool(bytes tool, struct err *err)
{
    if (tool.len == 0 || tool.len > LIMIT_BUNDLE_TOOL_BYTES)
        return err_rule(err, ERR_RANGE, format_rule, 0, "tool: want 1 to %d characters, have %zu",
                        LIMIT_BUNDLE_TOOL_BYTES, tool.len);
    for (size_t i = 0; i < tool.len; i++) {
        uint8_t c = tool.ptr[i];
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
            return err_rule(err, ERR_SYNTAX, format_rule, 0, "tool: want printable ASCII, no '\"' and no '\\', have %s",
                            text_quote(tool).s);
    }
    return OK;
}

static status check_latest(bytes record, struct err *err)
{
    struct transition_record parsed;
    return err_named(err, transition_record_parse(record, &parsed, err), format_rule);
}

/* ---- reading: the small members --------------------------------------------------------------------------------- */

static void expect(struct cursor *c, bytes literal, const char *field)
{
    if (!bytes_eq(bytes_slice(c->in, c->pos, literal.len), literal)) cursor_fail(c, ERR_SYNTAX, field);
    (void)cursor_take(c, literal.len, field);
}

/* The characters between `before` and the next '"'. */
static bytes take_text(struct cursor *c, bytes before, const char *field)
{
    uint8_t next = '"';
    expect(c, before, field);
    size_t start = c->pos;
    while (cursor_peek(c, &next) && next != '"')
        (void)cursor_u8(c, field);
    return bytes_slice(c->in, start, c->pos - start);
}

static status read_binding(bytes text, enum bundle_binding *out, struct err *err)
{
    for (enum bundle_binding b = BUNDLE_ATTEST; b <= BUNDLE_ATLS; b++) {
        if (!bytes_eq(text, text_bytes(bundle_binding_name(b)))) continue;
        *out = b;
        return OK;
    }
    return err_rule(err, ERR_UNSUPPORTED, format_rule, 0, "binding: want attest, attest-v1 or atls, have %s",
                    text_quote(text).s);
}

/* Of the notations that parse/time.h reads, only the one with `Z` has so many characters. */
static status read_time(bytes text, int64_t *out, struct err *err)
{
    if (text.len != TIME_CHARS)
        return err_rule(err, ERR_SYNTAX, format_rule, 0, "captured_at: want a time like 2026-11-23T10:00:00Z, have %s",
                        text_quote(text).s);
    return err_in(err, err_named(err, time_parse_rfc3339(text, out, err), format_rule), "captured_at");
}

static status read_description(bytes in, struct bundle *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    bytes format = take_text(&c, BYTES_LIT(BEFORE_FORMAT), "format");
    if (!cursor_failed(&c) && !bytes_eq(format, BYTES_LIT(FORMAT)))
        return err_rule(err, ERR_UNSUPPORTED, format_rule, 0, "format: want " FORMAT ", have %s", text_quote(format).s);
    bytes binding = take_text(&c, BYTES_LIT(BEFORE_BINDING), "binding");
    bytes time = take_text(&c, BYTES_LIT(BEFORE_TIME), "captured_at");
    out->tool = take_text(&c, BYTES_LIT(BEFORE_TOOL), "tool");
    expect(&c, BYTES_LIT(AFTER_TOOL), "end");
    TRY(err_named(err, cursor_end(&c, err), format_rule));

    TRY(read_binding(binding, &out->binding, err));
    TRY(read_time(time, &out->captured_at, err));
    return check_tool(out->tool, err);
}

static status read_nonce(bytes in, uint8_t out[BUNDLE_NONCE_BYTES], struct err *err)
{
    struct cursor c = cursor_over(in);
    bytes hex = cursor_take(&c, (size_t)2 * BUNDLE_NONCE_BYTES, "hex");
    expect(&c, BYTES_LIT("\n"), "line end");
    TRY(err_named(err, cursor_end(&c, err), format_rule));
    return err_named(err, hex_parse(hex, HEX_LOWER, out, BUNDLE_NONCE_BYTES, err), format_rule);
}

/* ---- reading: the archive --------------------------------------------------------------------------------------- */

struct walk {
    struct ustar_reader tar;
    struct ustar_member next; /* not taken yet; nothing but an offset at the end */
    struct ustar_member sums;
    size_t line; /* where in SHA256SUMS the line of `next` begins */
};

/* The last member, once all have been read. */
static status find_sums(bytes in, struct ustar_member *out, struct err *err)
{
    struct ustar_reader tar = {.in = in};
    for (bool end = false; !end;)
        TRY(err_named(err, ustar_next(&tar, out, &end, err), format_rule));
    if (bytes_eq(out->name, BYTES_LIT(SUMS))) return OK;
    return err_rule(err, ERR_MISSING, format_rule, out->offset, "want " SUMS " as the last member, have %s",
                    text_quote(out->name).s);
}

/* find_sums has read all members, so that this cannot fail; if it did, none would be next. */
static void advance(struct walk *w)
{
    bool end = false;
    w->next = (struct ustar_member){.offset = w->tar.pos};
    (void)is_ok(ustar_next(&w->tar, &w->next, &end, NULL));
}

static bool next_is(const struct walk *w, const char *name)
{
    return bytes_eq(w->next.name, text_bytes(name));
}

static bool next_is_in(const struct walk *w, const char *folder)
{
    return bytes_eq(bytes_slice(w->next.name, 0, strlen(folder)), text_bytes(folder));
}

/* Takes the next member, whose name has been checked and whose content has this digest: SHA256SUMS has to say so. */
static status accept(struct walk *w, const struct bundle_digest *digest, bytes *out, struct err *err)
{
    const struct line line = line_of(w->next.name, digest);
    bytes want = BYTES(line.s, line.len), have = bytes_slice(w->sums.content, w->line, line.len);
    if (!bytes_eq(bytes_slice(have, HEX_CHARS, want.len - HEX_CHARS),
                  bytes_slice(want, HEX_CHARS, want.len - HEX_CHARS)))
        return err_rule(err, ERR_SYNTAX, format_rule, w->sums.offset, SUMS ": byte %zu: want a line for %s", w->line,
                        text_quote(w->next.name).s);
    if (!bytes_eq(have, want))
        return err_rule(err, ERR_MISMATCH, digests_rule, w->next.offset,
                        "member %s: " SUMS " has %s.., its content %.16s..", text_quote(w->next.name).s,
                        text_quote(bytes_slice(have, 0, 16)).s, hex_of(digest).s);
    w->line += want.len;
    *out = w->next.content;
    advance(w);
    return OK;
}

/* Takes the member that must come next. */
static status take(struct walk *w, const char *name, bytes *out, struct err *err)
{
    struct bundle_digest digest;
    if (!next_is(w, name))
        return err_rule(err, ERR_MISSING, format_rule, w->next.offset, "want member %s, have %s", name,
                        text_quote(w->next.name).s);
    TRY(sha256_of(w->next.content, &digest, err));
    return accept(w, &digest, out, err);
}

static status check_room(size_t count, size_t cap, const char *what, struct err *err)
{
    return count < cap ? OK : err_rule(err, ERR_NOMEM, format_rule, 0, "%s: room for %zu", what, cap);
}

static status take_manifests(struct walk *w, const struct bundle_storage *lent, size_t *count, struct err *err)
{
    size_t n = 0;
    do {
        TRY(check_limit(n + 1, LIMIT_HISTORY_MANIFESTS, MANIFESTS, err));
        TRY(check_room(n, lent->manifest_cap, MANIFESTS, err));
        TRY(take(w, name_of_manifest(n).s, &lent->manifests[n], err));
        n++;
    } while (next_is_in(w, MANIFESTS));
    *count = n;
    return OK;
}

static status take_folder(struct walk *w, const struct folder *f, bytes *items, size_t cap, size_t *count,
                          struct err *err)
{
    struct bundle_digest digest, before = {{0}};
    size_t n = 0;
    for (; next_is_in(w, f->prefix); n++) {
        TRY(check_limit(n + 1, f->limit, f->prefix, err));
        TRY(check_room(n, cap, f->prefix, err));
        TRY(sha256_of(w->next.content, &digest, err));
        if (!next_is(w, name_in(f, &digest).s))
            return err_rule(err, ERR_MISMATCH, digests_rule, w->next.offset,
                            "member %s: the SHA-256 of its content is %s", text_quote(w->next.name).s,
                            hex_of(&digest).s);
        if (n > 0) TRY(check_order(f, &before, &digest, err));
        TRY(accept(w, &digest, &items[n], err));
        before = digest;
    }
    *count = n;
    return OK;
}

static status take_end(struct walk *w, struct err *err)
{
    if (!next_is(w, SUMS))
        return err_rule(err, ERR_MISSING, format_rule, w->next.offset, "want member " SUMS ", have %s",
                        text_quote(w->next.name).s);
    if (w->next.offset != w->sums.offset)
        return err_rule(err, ERR_DUPLICATE, format_rule, w->next.offset, "member " SUMS ": comes twice");
    if (w->line != w->sums.content.len)
        return err_rule(err, ERR_TRAILING, format_rule, w->sums.offset, SUMS ": byte %zu: want no more lines", w->line);
    return OK;
}

static status take_all(struct walk *w, const struct bundle_storage *lent, struct bundle *out, struct err *err)
{
    bytes description = BYTES_ABSENT, nonce = BYTES_ABSENT;
    TRY(take(w, DESCRIPTION, &description, err));
    TRY(err_in(err, read_description(description, out, err), DESCRIPTION));
    TRY(take(w, NONCE, &nonce, err));
    TRY(err_in(err, read_nonce(nonce, out->nonce, err), NONCE));
    TRY(take(w, DOCUMENT, &out->document, err));
    if (out->binding == BUNDLE_ATTEST_V1) TRY(take(w, CAPABILITY, &out->capabilities, err));
    if (out->binding == BUNDLE_ATLS) TRY(take(w, TLS_KEY, &out->tls_key, err));
    TRY(take(w, ROOT_CA, &out->root_ca, err));
    TRY(take(w, MESH_CA, &out->mesh_ca, err));
    TRY(take_manifests(w, lent, &out->manifest_count, err));
    TRY(take_folder(w, &policies, lent->policies, lent->policy_cap, &out->policy_count, err));
    if (next_is(w, LATEST)) {
        TRY(take(w, LATEST, &out->latest_transition, err));
        TRY(check_latest(out->latest_transition, err));
    }
    TRY(take_folder(w, &collateral, lent->collateral, lent->collateral_cap, &out->collateral_count, err));
    return take_end(w, err);
}

static status parse_all(bytes in, const struct bundle_storage *lent, struct bundle *out, struct err *err)
{
    if (in.len > LIMIT_BUNDLE_BYTES)
        return err_rule(err, ERR_LIMIT, format_rule, 0, "want at most %d bytes, have %zu", LIMIT_BUNDLE_BYTES, in.len);
    struct walk w = {.tar = {.in = in}};
    TRY(find_sums(in, &w.sums, err));
    advance(&w);
    return take_all(&w, lent, out, err);
}

status bundle_parse(bytes in, const struct bundle_storage *lent, struct bundle *out, struct err *err)
{
    struct bundle b = {.manifests = lent->manifests, .policies = lent->policies, .collateral = lent->collateral};
    TRY(err_in(err, parse_all(in, lent, &b, err), "bundle"));
    *out = b;
    return OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Members go to the front, their lines of SHA256SUMS to where these will stand.  Without memory all is but counted. */
struct writer {
    struct ustar_writer tar; /* out NULL: count */
    size_t lines_at;         /* where the lines of SHA256SUMS begin in `out` */
    size_t lines_len;
};

static bool counts(const struct writer *w)
{
    return w->tar.out == NULL;
}

static status put_line(struct writer *w, bytes name, const struct bundle_digest *digest, struct err *err)
{
    const struct line line = line_of(name, digest);
    size_t at = w->lines_at + w->lines_len;
    if (at > w->tar.cap || line.len > w->tar.cap - at)
        return err_set(err, ERR_NOMEM, 0, SUMS ": does not fit into %zu bytes", w->tar.cap);
    memcpy(&w->tar.out[at], line.s, line.len);
    w->lines_len += line.len;
    return OK;
}

static status count_member(struct writer *w, const char *name, bytes content, struct err *err)
{
    if (bytes_is_absent(content)) return err_rule(err, ERR_MISSING, format_rule, 0, "member %s: is absent", name);
    TRY(check_limit(content.len, LIMIT_BUNDLE_BYTES, "bytes", err));
    w->tar.len += USTAR_MEMBER_BYTES(content.len);
    w->lines_len += LINE_BYTES(strlen(name));
    return check_limit(w->tar.len, LIMIT_BUNDLE_BYTES, "bytes", err);
}

static status put_member(struct writer *w, const char *name, bytes content, const struct bundle_digest *digest,
                         struct err *err)
{
    TRY(ustar_put(&w->tar, text_bytes(name), content, err));
    return put_line(w, text_bytes(name), digest, err);
}

static status put(struct writer *w, const char *name, bytes content, struct err *err)
{
    struct bundle_digest digest;
    if (counts(w)) return count_member(w, name, content, err);
    TRY(sha256_of(content, &digest, err));
    return put_member(w, name, content, &digest, err);
}

static status put_description(struct writer *w, const struct bundle *b, struct err *err)
{
    enum { LITERALS = sizeof BEFORE_FORMAT FORMAT BEFORE_BINDING BEFORE_TIME BEFORE_TOOL AFTER_TOOL, BINDING = 16 };
    char time[TIME_TEXT_SIZE], text[LITERALS + BINDING + TIME_CHARS + LIMIT_BUNDLE_TOOL_BYTES];
    TRY(err_named(err, time_write_rfc3339(b->captured_at, time, err), format_rule));
    int n = snprintf(text, sizeof text, "%s%s%s%s%s%.*s%s", BEFORE_FORMAT FORMAT BEFORE_BINDING,
                     bundle_binding_name(b->binding), BEFORE_TIME, time, BEFORE_TOOL, (int)b->tool.len,
                     (const char *)b->tool.ptr, AFTER_TOOL);
    return put(w, DESCRIPTION, BYTES((const uint8_t *)text, (size_t)n), err);
}

static status put_nonce(struct writer *w, const struct bundle *b, struct err *err)
{
    char text[HEX_TEXT_SIZE(BUNDLE_NONCE_BYTES)];
    (void)is_ok(hex_write(BYTES_OF(b->nonce), text, sizeof text, NULL)); /* it fits */
    text[sizeof text - 1] = '\n';
    return put(w, NONCE, BYTES((const uint8_t *)text, sizeof text), err);
}

static status count_folder(struct writer *w, const struct folder *f, const bytes *items, size_t count, struct err *err)
{
    static const struct bundle_digest any = {{0}}; /* names are all of one length */
    TRY(check_limit(count, f->limit, f->prefix, err));
    for (size_t i = 0; i < count; i++)
        TRY(count_member(w, name_in(f, &any).s, items[i], err));
    return OK;
}

static status put_folder(struct writer *w, const struct folder *f, const bytes *items, size_t count, struct err *err)
{
    struct bundle_digest digest, before = {{0}};
    if (counts(w)) return count_folder(w, f, items, count, err);
    for (size_t i = 0; i < count; i++) {
        TRY(sha256_of(items[i], &digest, err));
        if (i > 0) TRY(check_order(f, &before, &digest, err));
        TRY(put_member(w, name_in(f, &digest).s, items[i], &digest, err));
        before = digest;
    }
    return OK;
}

static status put_all(struct writer *w, const struct bundle *b, struct err *err)
{
    TRY(put_description(w, b, err));
    TRY(put_nonce(w, b, err));
    TRY(put(w, DOCUMENT, b->document, err));
    if (b->binding == BUNDLE_ATTEST_V1) TRY(put(w, CAPABILITY, b->capabilities, err));
    if (b->binding == BUNDLE_ATLS) TRY(put(w, TLS_KEY, b->tls_key, err));
    TRY(put(w, ROOT_CA, b->root_ca, err));
    TRY(put(w, MESH_CA, b->mesh_ca, err));
    for (size_t i = 0; i < b->manifest_count; i++)
        TRY(put(w, name_of_manifest(i).s, b->manifests[i], err));
    TRY(put_folder(w, &policies, b->policies, b->policy_count, err));
    if (!bytes_is_absent(b->latest_transition)) TRY(put(w, LATEST, b->latest_transition, err));
    return put_folder(w, &collateral, b->collateral, b->collateral_count, err);
}

/* What put_all takes for granted, and what it leaves out although it is there. */
static status check(const struct bundle *b, struct err *err)
{
    if (!bundle_binding_name(b->binding)) return err_rule(err, ERR_RANGE, format_rule, 0, "binding: is none");
    if (!bytes_is_absent(b->capabilities) && b->binding != BUNDLE_ATTEST_V1)
        return err_rule(err, ERR_SYNTAX, format_rule, 0, "member " CAPABILITY ": only with binding attest-v1");
    if (!bytes_is_absent(b->tls_key) && b->binding != BUNDLE_ATLS)
        return err_rule(err, ERR_SYNTAX, format_rule, 0, "member " TLS_KEY ": only with binding atls");
    if (b->manifest_count == 0) return err_rule(err, ERR_MISSING, format_rule, 0, MANIFESTS ": want at least one");
    TRY(check_limit(b->manifest_count, LIMIT_HISTORY_MANIFESTS, MANIFESTS, err));
    if (!bytes_is_absent(b->latest_transition)) TRY(check_latest(b->latest_transition, err));
    return check_tool(b->tool, err);
}

/* Where SHA256SUMS goes, and the size of all. */
static status measure(const struct bundle *b, size_t *sums, size_t *len, struct err *err)
{
    struct writer w = {.tar = {0}};
    TRY(check(b, err));
    TRY(put_all(&w, b, err));
    *sums = w.tar.len;
    *len = w.tar.len + USTAR_MEMBER_BYTES(w.lines_len) + USTAR_END_BYTES;
    return check_limit(*len, LIMIT_BUNDLE_BYTES, "bytes", err);
}

status bundle_size(const struct bundle *in, size_t *len, struct err *err)
{
    size_t sums = 0, n = 0;
    TRY(err_in(err, measure(in, &sums, &n, err), "bundle"));
    *len = n;
    return OK;
}

static status write_all(const struct bundle *b, uint8_t *out, size_t cap, size_t *len, struct err *err)
{
    size_t sums = 0, n = 0;
    TRY(measure(b, &sums, &n, err));
    struct writer w = {.tar = {.out = out, .cap = cap}, .lines_at = sums + USTAR_BLOCK_BYTES};
    TRY(put_all(&w, b, err));
    TRY(ustar_put(&w.tar, BYTES_LIT(SUMS), BYTES(&out[w.lines_at], w.lines_len), err));
    TRY(ustar_finish(&w.tar, err));
    *len = w.tar.len;
    return OK;
}

status bundle_write(const struct bundle *in, uint8_t *out, size_t cap, size_t *len, struct err *err)
{
    return err_in(err, write_all(in, out, cap, len, err), "bundle");
}

/* ---- order ------------------------------------------------------------------------------------------------------ */

static void swap(bytes *items, struct bundle_digest *digests, size_t a, size_t b)
{
    const bytes item = items[a];
    const struct bundle_digest digest = digests[a];
    items[a] = items[b];
    digests[a] = digests[b];
    items[b] = item;
    digests[b] = digest;
}

static bool is_less(const struct bundle_digest *digests, size_t a, size_t b)
{
    return memcmp(digests[a].sha256, digests[b].sha256, SHA256_BYTES) < 0;
}

/* Heap sort: lets the item at `top` sink in the heap of `count`. */
static void sink(bytes *items, struct bundle_digest *digests, size_t top, size_t count)
{
    for (size_t child = 2 * top + 1; child < count; child = 2 * top + 1) {
        if (child + 1 < count && is_less(digests, child, child + 1)) child++;
        if (!is_less(digests, top, child)) return;
        swap(items, digests, top, child);
        top = child;
    }
}

status bundle_sort(bytes *items, struct bundle_digest *digests, size_t *count, struct err *err)
{
    const size_t n = *count;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        TRY(err_in(err, sha256_of(items[i], &digests[i], err), "bundle"));
    for (size_t i = n / 2; i > 0; i--)
        sink(items, digests, i - 1, n);
    for (size_t last = n; last > 1; last--) {
        swap(items, digests, 0, last - 1);
        sink(items, digests, 0, last - 1);
    }
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || is_less(digests, kept - 1, i)) swap(items, digests, kept++, i);
    *count = kept;
    return OK;
}
