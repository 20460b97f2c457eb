/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/bundle.h"

#include "parse/cursor.h"
#include "parse/text.h"
#include "verify/bundle_format.h"

bool bundle_is_likely(bytes in)
{
    bytes name = bytes_slice(in, 0, sizeof DESCRIPTION), magic = bytes_slice(in, 257, 5);
    return bytes_eq(name, BYTES((const uint8_t *)DESCRIPTION, sizeof DESCRIPTION)) ||
           bytes_eq(magic, BYTES_LIT("ustar"));
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
    return err_rule(err, ERR_UNSUPPORTED, BUNDLE_FORMAT_RULE, 0, "binding: want attest, attest-v1 or atls, have %s",
                    text_quote(text).s);
}

/* Of the notations that parse/time.h reads, only the one with `Z` has so many characters. */
static status read_time(bytes text, int64_t *out, struct err *err)
{
    if (text.len != TIME_CHARS)
        return err_rule(err, ERR_SYNTAX, BUNDLE_FORMAT_RULE, 0,
                        "captured_at: want a time like 2026-11-23T10:00:00Z, have %s", text_quote(text).s);
    return err_in(err, err_named(err, time_parse_rfc3339(text, out, err), BUNDLE_FORMAT_RULE), "captured_at");
}

static status read_description(bytes in, struct bundle *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    bytes format = take_text(&c, BYTES_LIT(BEFORE_FORMAT), "format");
    if (!cursor_failed(&c) && !bytes_eq(format, BYTES_LIT(FORMAT)))
        return err_rule(err, ERR_UNSUPPORTED, BUNDLE_FORMAT_RULE, 0, "format: want " FORMAT ", have %s",
                        text_quote(format).s);
    bytes binding = take_text(&c, BYTES_LIT(BEFORE_BINDING), "binding");
    bytes time = take_text(&c, BYTES_LIT(BEFORE_TIME), "captured_at");
    out->tool = take_text(&c, BYTES_LIT(BEFORE_TOOL), "tool");
    expect(&c, BYTES_LIT(AFTER_TOOL), "end");
    TRY(err_named(err, cursor_end(&c, err), BUNDLE_FORMAT_RULE));

    TRY(read_binding(binding, &out->binding, err));
    TRY(read_time(time, &out->captured_at, err));
    return bundle_check_tool(out->tool, err);
}

static status read_nonce(bytes in, uint8_t out[BUNDLE_NONCE_BYTES], struct err *err)
{
    struct cursor c = cursor_over(in);
    bytes hex = cursor_take(&c, (size_t)2 * BUNDLE_NONCE_BYTES, "hex");
    expect(&c, BYTES_LIT("\n"), "line end");
    TRY(err_named(err, cursor_end(&c, err), BUNDLE_FORMAT_RULE));
    return err_named(err, hex_parse(hex, HEX_LOWER, out, BUNDLE_NONCE_BYTES, err), BUNDLE_FORMAT_RULE);
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
        TRY(err_named(err, ustar_next(&tar, out, &end, err), BUNDLE_FORMAT_RULE));
    if (bytes_eq(out->name, BYTES_LIT(SUMS))) return OK;
    return err_rule(err, ERR_MISSING, BUNDLE_FORMAT_RULE, out->offset, "want " SUMS " as the last member, have %s",
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
    const struct bundle_line line = bundle_line_of(w->next.name, digest);
    bytes want = BYTES(line.s, line.len), have = bytes_slice(w->sums.content, w->line, line.len);
    if (!bytes_eq(bytes_slice(have, HEX_CHARS, want.len - HEX_CHARS),
                  bytes_slice(want, HEX_CHARS, want.len - HEX_CHARS)))
        return err_rule(err, ERR_SYNTAX, BUNDLE_FORMAT_RULE, w->sums.offset, SUMS ": byte %zu: want a line for %s",
                        w->line, text_quote(w->next.name).s);
    if (!bytes_eq(have, want))
        return err_rule(err, ERR_MISMATCH, BUNDLE_DIGESTS_RULE, w->next.offset,
                        "member %s: " SUMS " has %s.., its content %.16s..", text_quote(w->next.name).s,
                        text_quote(bytes_slice(have, 0, 16)).s, bundle_hex_of(digest).s);
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
        return err_rule(err, ERR_MISSING, BUNDLE_FORMAT_RULE, w->next.offset, "want member %s, have %s", name,
                        text_quote(w->next.name).s);
    TRY(bundle_sha256(w->next.content, &digest, err));
    return accept(w, &digest, out, err);
}

static status check_room(size_t count, size_t cap, const char *what, struct err *err)
{
    return count < cap ? OK : err_rule(err, ERR_NOMEM, BUNDLE_FORMAT_RULE, 0, "%s: room for %zu", what, cap);
}

static status take_manifests(struct walk *w, const struct bundle_storage *lent, size_t *count, struct err *err)
{
    size_t n = 0;
    do {
        TRY(bundle_check_limit(n + 1, LIMIT_HISTORY_MANIFESTS, MANIFESTS, err));
        TRY(check_room(n, lent->manifest_cap, MANIFESTS, err));
        TRY(take(w, bundle_name_of_manifest(n).s, &lent->manifests[n], err));
        n++;
    } while (next_is_in(w, MANIFESTS));
    *count = n;
    return OK;
}

static status take_folder(struct walk *w, const struct bundle_folder *f, bytes *items, size_t cap, size_t *count,
                          struct err *err)
{
    struct bundle_digest digest, before = {{0}};
    size_t n = 0;
    for (; next_is_in(w, f->prefix); n++) {
        TRY(bundle_check_limit(n + 1, f->limit, f->prefix, err));
        TRY(check_room(n, cap, f->prefix, err));
        TRY(bundle_sha256(w->next.content, &digest, err));
        if (!next_is(w, bundle_name_in(f, &digest).s))
            return err_rule(err, ERR_MISMATCH, BUNDLE_DIGESTS_RULE, w->next.offset,
                            "member %s: the SHA-256 of its content is %s", text_quote(w->next.name).s,
                            bundle_hex_of(&digest).s);
        if (n > 0) TRY(bundle_check_order(f, &before, &digest, err));
        TRY(accept(w, &digest, &items[n], err));
        before = digest;
    }
    *count = n;
    return OK;
}

static status take_end(struct walk *w, struct err *err)
{
    if (!next_is(w, SUMS))
        return err_rule(err, ERR_MISSING, BUNDLE_FORMAT_RULE, w->next.offset, "want member " SUMS ", have %s",
                        text_quote(w->next.name).s);
    if (w->next.offset != w->sums.offset)
        return err_rule(err, ERR_DUPLICATE, BUNDLE_FORMAT_RULE, w->next.offset, "member " SUMS ": comes twice");
    if (w->line != w->sums.content.len)
        return err_rule(err, ERR_TRAILING, BUNDLE_FORMAT_RULE, w->sums.offset, SUMS ": byte %zu: want no more lines",
                        w->line);
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
    TRY(take_folder(w, &bundle_policies, lent->policies, lent->policy_cap, &out->policy_count, err));
    if (next_is(w, LATEST)) {
        TRY(take(w, LATEST, &out->latest_transition, err));
        TRY(bundle_check_latest(out->latest_transition, err));
    }
    TRY(take_folder(w, &bundle_collateral, lent->collateral, lent->collateral_cap, &out->collateral_count, err));
    return take_end(w, err);
}

static status parse_all(bytes in, const struct bundle_storage *lent, struct bundle *out, struct err *err)
{
    if (in.len > LIMIT_BUNDLE_BYTES)
        return err_rule(err, ERR_LIMIT, BUNDLE_FORMAT_RULE, 0, "want at most %d bytes, have %zu", LIMIT_BUNDLE_BYTES,
                        in.len);
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
