/* SPDX-License-Identifier: Apache-2.0 */
/* The writer of bundles, and the order of their parts. */
#include <stdio.h>

#include "parse/text.h"
#include "verify/bundle_format.h"

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
    const struct bundle_line line = bundle_line_of(name, digest);
    size_t at = w->lines_at + w->lines_len;
    if (at > w->tar.cap || line.len > w->tar.cap - at)
        return err_set(err, ERR_NOMEM, 0, SUMS ": does not fit into %zu bytes", w->tar.cap);
    memcpy(&w->tar.out[at], line.s, line.len);
    w->lines_len += line.len;
    return OK;
}

static status count_member(struct writer *w, const char *name, bytes content, struct err *err)
{
    if (bytes_is_absent(content))
        return err_rule(err, ERR_MISSING, BUNDLE_FORMAT_RULE, 0, "member %s: is absent", name);
    TRY(bundle_check_limit(content.len, LIMIT_BUNDLE_BYTES, "bytes", err));
    w->tar.len += USTAR_MEMBER_BYTES(content.len);
    w->lines_len += LINE_BYTES(strlen(name));
    return bundle_check_limit(w->tar.len, LIMIT_BUNDLE_BYTES, "bytes", err);
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
    TRY(bundle_sha256(content, &digest, err));
    return put_member(w, name, content, &digest, err);
}

static status put_description(struct writer *w, const struct bundle *b, struct err *err)
{
    enum { LITERALS = sizeof BEFORE_FORMAT FORMAT BEFORE_BINDING BEFORE_TIME BEFORE_TOOL AFTER_TOOL, BINDING = 16 };
    char time[TIME_TEXT_SIZE], text[LITERALS + BINDING + TIME_CHARS + LIMIT_BUNDLE_TOOL_BYTES];
    TRY(err_named(err, time_write_rfc3339(b->captured_at, time, err), BUNDLE_FORMAT_RULE));
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

static status count_folder(struct writer *w, const struct bundle_folder *f, const bytes *items, size_t count,
                           struct err *err)
{
    static const struct bundle_digest any = {{0}}; /* names are all of one length */
    TRY(bundle_check_limit(count, f->limit, f->prefix, err));
    for (size_t i = 0; i < count; i++)
        TRY(count_member(w, bundle_name_in(f, &any).s, items[i], err));
    return OK;
}

static status put_folder(struct writer *w, const struct bundle_folder *f, const bytes *items, size_t count,
                         struct err *err)
{
    struct bundle_digest digest, before = {{0}};
    if (counts(w)) return count_folder(w, f, items, count, err);
    for (size_t i = 0; i < count; i++) {
        TRY(bundle_sha256(items[i], &digest, err));
        if (i > 0) TRY(bundle_check_order(f, &before, &digest, err));
        TRY(put_member(w, bundle_name_in(f, &digest).s, items[i], &digest, err));
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
        TRY(put(w, bundle_name_of_manifest(i).s, b->manifests[i], err));
    TRY(put_folder(w, &bundle_policies, b->policies, b->policy_count, err));
    if (!bytes_is_absent(b->latest_transition)) TRY(put(w, LATEST, b->latest_transition, err));
    return put_folder(w, &bundle_collateral, b->collateral, b->collateral_count, err);
}

/* What put_all takes for granted, and what it leaves out although it is there. */
static status check(const struct bundle *b, struct err *err)
{
    if (!bundle_binding_name(b->binding)) return err_rule(err, ERR_RANGE, BUNDLE_FORMAT_RULE, 0, "binding: is none");
    if (!bytes_is_absent(b->capabilities) && b->binding != BUNDLE_ATTEST_V1)
        return err_rule(err, ERR_SYNTAX, BUNDLE_FORMAT_RULE, 0, "member " CAPABILITY ": only with binding attest-v1");
    if (!bytes_is_absent(b->tls_key) && b->binding != BUNDLE_ATLS)
        return err_rule(err, ERR_SYNTAX, BUNDLE_FORMAT_RULE, 0, "member " TLS_KEY ": only with binding atls");
    if (b->manifest_count == 0)
        return err_rule(err, ERR_MISSING, BUNDLE_FORMAT_RULE, 0, MANIFESTS ": want at least one");
    TRY(bundle_check_limit(b->manifest_count, LIMIT_HISTORY_MANIFESTS, MANIFESTS, err));
    if (!bytes_is_absent(b->latest_transition)) TRY(bundle_check_latest(b->latest_transition, err));
    return bundle_check_tool(b->tool, err);
}

/* Where SHA256SUMS goes, and the size of all. */
static status measure(const struct bundle *b, size_t *sums, size_t *len, struct err *err)
{
    struct writer w = {.tar = {0}};
    TRY(check(b, err));
    TRY(put_all(&w, b, err));
    *sums = w.tar.len;
    *len = w.tar.len + USTAR_MEMBER_BYTES(w.lines_len) + USTAR_END_BYTES;
    return bundle_check_limit(*len, LIMIT_BUNDLE_BYTES, "bytes", err);
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
        TRY(err_in(err, bundle_sha256(items[i], &digests[i], err), "bundle"));
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
