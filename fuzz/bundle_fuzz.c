/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: bundle_parse bundle_size bundle_write bundle_sort bundle_is_likely.
 *
 * The digests are those of fuzz/stub_crypto.c; the mutator makes them, and the names that follow from them, right again
 * after most of its changes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/stub_crypto.h"
#include "fuzz/tar_mutate.h"
#include "parse/text.h"
#include "verify/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { ROOM = 16 };

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

static bytes manifests[ROOM], policies[ROOM], collateral[ROOM];
static const struct bundle_storage lent = {manifests, ROOM, policies, ROOM, collateral, ROOM};

static void require_inside(bytes view, bytes in, bool may_be_absent)
{
    if (bytes_is_absent(view) && may_be_absent) return;
    require(view.ptr >= in.ptr + USTAR_BLOCK_BYTES && view.ptr + view.len <= in.ptr + in.len - USTAR_END_BYTES);
}

static void require_all_inside(const bytes *items, size_t count, bytes in)
{
    require(count <= ROOM);
    for (size_t i = 0; i < count; i++)
        require_inside(items[i], in, false);
}

static void require_sound(const struct bundle *b, bytes in)
{
    require(bundle_is_likely(in) && bundle_binding_name(b->binding) && b->manifest_count > 0);
    require_inside(b->tool, in, false);
    require_inside(b->document, in, false);
    require_inside(b->root_ca, in, false);
    require_inside(b->mesh_ca, in, false);
    require_inside(b->capabilities, in, b->binding != BUNDLE_ATTEST_V1);
    require_inside(b->tls_key, in, b->binding != BUNDLE_ATLS);
    require_inside(b->latest_transition, in, true);
    require_all_inside(b->manifests, b->manifest_count, in);
    require_all_inside(b->policies, b->policy_count, in);
    require_all_inside(b->collateral, b->collateral_count, in);
}

/* Something that a change anywhere in the input moves. */
static size_t pick(bytes in)
{
    size_t at = 0;
    for (size_t i = 0; i < in.len; i += 61)
        at = at * 31 + in.ptr[i];
    return at;
}

/* What was read is written in one way, and needs the room that was said. */
static void require_canonical(const struct bundle *b, bytes in)
{
    static uint8_t out[TAR_BYTES_MAX];
    size_t len = 0, size = 0;
    require(is_ok(bundle_size(b, &size, NULL)) && size == in.len);
    require(is_ok(bundle_write(b, out, size, &len, NULL)) && bytes_eq(BYTES(out, len), in));
    require(bundle_write(b, out, pick(in) % size, &len, NULL).kind == ERR_NOMEM);
}

enum change {
    NO_BINDING,
    OTHER_BINDING,
    NO_DOCUMENT,
    LONG_DOCUMENT,
    NO_ROOT_CA,
    NO_MESH_CA,
    NO_MANIFEST,
    MANY_MANIFESTS,
    MANY_POLICIES,
    MANY_COLLATERAL,
    LATE,
    NO_TOOL,
    WRONG_TOOL,
    WRONG_RECORD,
    CHANGES,
};

static struct bundle changed(struct bundle b, enum change c)
{
    switch (c) {
    case NO_BINDING:
        b.binding = (enum bundle_binding)0;
        break;
    case OTHER_BINDING:
        b.binding = b.binding == BUNDLE_ATLS ? BUNDLE_ATTEST_V1 : BUNDLE_ATLS;
        break;
    case NO_DOCUMENT:
        b.document = BYTES_ABSENT;
        break;
    case LONG_DOCUMENT:
        b.document.len = LIMIT_BUNDLE_BYTES - 512;
        break;
    case NO_ROOT_CA:
        b.root_ca = BYTES_ABSENT;
        break;
    case NO_MESH_CA:
        b.mesh_ca = BYTES_ABSENT;
        break;
    case NO_MANIFEST:
        b.manifest_count = 0;
        break;
    case MANY_MANIFESTS:
        b.manifest_count = LIMIT_HISTORY_MANIFESTS + 1;
        break;
    case MANY_POLICIES:
        b.policy_count = LIMIT_HISTORY_POLICIES + 1;
        break;
    case MANY_COLLATERAL:
        b.collateral_count = LIMIT_BUNDLE_COLLATERAL + 1;
        break;
    case LATE:
        b.captured_at = INT64_MAX;
        break;
    case NO_TOOL:
        b.tool = BYTES_ABSENT;
        break;
    case WRONG_TOOL:
        b.tool = BYTES_LIT("\"");
        break;
    default:
        b.latest_transition = BYTES_LIT("x");
    }
    return b;
}

/* The writer refuses what the reader would. */
static void require_refusals(const struct bundle *b)
{
    for (enum change c = 0; c < CHANGES; c++) {
        const struct bundle other = changed(*b, c);
        struct err err = {0};
        size_t len = 77;
        require(!is_ok(bundle_size(&other, &len, &err)) && len == 77);
        require(err.rule && err.text[0] != '\0');
    }
}

/* Policies come in the order that sorting gives, each once, and in no other. */
static void require_sorted(const struct bundle *b)
{
    static uint8_t out[TAR_BYTES_MAX];
    struct bundle_digest digests[ROOM];
    bytes items[ROOM];
    size_t n = b->policy_count, len;
    for (size_t i = 0; i < n; i++)
        items[i] = b->policies[n - 1 - i];
    struct bundle other = *b;
    other.policies = items;
    if (n > 1) require(bundle_write(&other, out, sizeof out, &len, NULL).kind == ERR_SYNTAX);
    require(is_ok(bundle_sort(items, digests, &n, NULL)) && n == b->policy_count);
    for (size_t i = 0; i < n; i++)
        require(items[i].ptr == b->policies[i].ptr);
}

/* No bundle is another one with a bit changed. */
static void require_no_neighbour(bytes in)
{
    static uint8_t copy[TAR_BYTES_MAX];
    struct bundle b;
    const size_t at = pick(in);
    memcpy(copy, in.ptr, in.len);
    copy[at % in.len] ^= (uint8_t)(1u << at / in.len % 8);
    require(!is_ok(bundle_parse(BYTES(copy, in.len), &lent, &b, NULL)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    struct bundle b = {.captured_at = 77};
    struct err err = {0};
    status s = bundle_parse(in, &lent, &b, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
        require(b.captured_at == 77 && bytes_is_absent(b.document));
        return 0;
    }
    require_sound(&b, in);
    if (size > TAR_BYTES_MAX) return 0;
    require_canonical(&b, in);
    require_refusals(&b);
    require_sorted(&b);
    require_no_neighbour(in);
    return 0;
}

/* ---- mutation --------------------------------------------------------------------------------------------------- */

static bool is_in(const char *name, const char *folder)
{
    return strncmp(name, folder, strlen(folder)) == 0;
}

/* The names in the folders whose files are named after their digests. */
static void put_names(struct tar_members *t)
{
    for (size_t i = 0; i < t->count; i++) {
        char *name = t->at[i].name;
        bool policy = is_in(name, "policies/");
        if (!policy && !is_in(name, "collateral/")) continue;
        uint8_t digest[SHA256_BYTES];
        char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
        require(is_ok(crypto_sha256(&t->at[i].content, 1, digest, NULL)));
        require(is_ok(hex_write(BYTES_OF(digest), hex, sizeof hex, NULL)));
        (void)snprintf(name, sizeof t->at[0].name, "%s%s%s", policy ? "policies/" : "collateral/", hex,
                       policy ? "" : ".der");
    }
}

/* Puts members of one folder that stand beside each other in the order of their names. */
static void put_in_order(struct tar_members *t)
{
    for (size_t i = 1; i < t->count; i++)
        for (size_t k = i; k > 0; k--) {
            char *a = t->at[k - 1].name, *b = t->at[k].name;
            if (!(is_in(a, "policies/") && is_in(b, "policies/")) && !(is_in(a, "coll") && is_in(b, "coll"))) break;
            if (strcmp(a, b) <= 0) break;
            tar_swap(&t->at[k - 1], &t->at[k]);
        }
}

/* The lines of all members before the last, which is called SHA256SUMS then. */
static void put_sums(struct tar_members *t)
{
    static char text[TAR_MEMBERS_MAX * 200];
    size_t n = 0;
    for (size_t i = 0; i + 1 < t->count; i++) {
        uint8_t digest[SHA256_BYTES];
        char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
        require(is_ok(crypto_sha256(&t->at[i].content, 1, digest, NULL)));
        require(is_ok(hex_write(BYTES_OF(digest), hex, sizeof hex, NULL)));
        n += (size_t)snprintf(text + n, sizeof text - n, "%s  %s\n", hex, t->at[i].name);
    }
    (void)snprintf(t->at[t->count - 1].name, sizeof t->at[0].name, "SHA256SUMS");
    t->at[t->count - 1].content = BYTES((uint8_t *)text, n);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    static struct tar_members t;
    size_t len = 0;
    if (seed % 8 && tar_read(data, size, &t)) {
        tar_change(&t, seed / 8);
        if (seed % 8 > 1) put_names(&t);
        if (seed % 8 > 2) put_in_order(&t);
        if (seed % 8 > 3 && t.count > 0) put_sums(&t);
        len = tar_write(&t, data, max);
    }
    return len > 0 ? len : tar_mutate_bytes(data, size, max, seed);
}
