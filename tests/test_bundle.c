/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "parse/time.h"
#include "parse/ustar.h"
#include "tests/fault.h"
#include "tests/scratch.h"
#include "verify/bundle.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

#define RECORD "0123456789abcdef0123456789ABCDEF\x30\x06\x02\x01\x01\x02\x01\x02"

/* ---- a bundle, and memory to read one --------------------------------------------------------------------------- */

enum { ROOM = 8, BIG = 1 << 16 };

struct memory {
    bytes manifests[ROOM], policies[ROOM], collateral[ROOM];
};

static struct bundle_storage lend(struct memory *m)
{
    return (struct bundle_storage){m->manifests, ROOM, m->policies, ROOM, m->collateral, ROOM};
}

/* In ascending order: sha256sum says f7.., ad.. and 42.. of rule 1, 2 and 3. */
static const bytes manifests[] = {BYTES_LIT("{\"example\":0}"), BYTES_LIT("{\"example\":1}")};
static const bytes policies[] = {BYTES_LIT("rule 3"), BYTES_LIT("rule 2"), BYTES_LIT("rule 1")};
static const bytes collateral[] = {BYTES_LIT("\x30\x03\x02\x01\x07")};

/* With everything that a bundle may have. */
static struct bundle full(void)
{
    struct bundle b = {.binding = BUNDLE_ATTEST_V1,
                       .captured_at = 1795428000, /* 2026-11-23T10:00:00Z */
                       .tool = BYTES_LIT("contrast 0.1.0"),
                       .document = BYTES_LIT("\x0a\x00\xff raw"),
                       .capabilities = BYTES_LIT("{\"api_versions\":[\"v1\"]}\n"),
                       .root_ca = BYTES_LIT("root\n"),
                       .mesh_ca = BYTES_LIT(""),
                       .latest_transition = BYTES_LIT(RECORD),
                       .manifests = manifests,
                       .manifest_count = COUNT(manifests),
                       .policies = policies,
                       .policy_count = COUNT(policies),
                       .collateral = collateral,
                       .collateral_count = COUNT(collateral)};
    for (size_t i = 0; i < sizeof b.nonce; i++)
        b.nonce[i] = (uint8_t)(i * 37);
    return b;
}

/* With nothing that may be left out. */
static struct bundle least(void)
{
    struct bundle b = full();
    b.binding = BUNDLE_ATTEST;
    b.capabilities = b.latest_transition = BYTES_ABSENT;
    b.manifest_count = 1;
    b.policy_count = b.collateral_count = 0;
    return b;
}

static bytes written(const struct bundle *b, uint8_t *out, size_t cap)
{
    size_t len = 0, size = 0;
    struct err err = {0};
    cr_assert(is_ok(bundle_write(b, out, cap, &len, &err)), "%s", err.text);
    cr_assert(is_ok(bundle_size(b, &size, &err)) && size == len, "%zu, not %zu", size, len);
    return BYTES(out, len);
}

static status reads(bytes in, struct err *err)
{
    struct memory m;
    struct bundle b;
    const struct bundle_storage lent = lend(&m);
    return bundle_parse(in, &lent, &b, err);
}

static void refused(bytes in, enum err_kind kind, const char *rule, const char *what)
{
    struct memory m;
    const struct bundle_storage lent = lend(&m);
    struct bundle b = {.captured_at = 77};
    struct err err = {0};
    cr_expect_eq(bundle_parse(in, &lent, &b, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, rule) == 0, "%s: rule %s: %s", what, err.rule ? err.rule : "none", err.text);
    cr_expect(strncmp(err.text, "bundle: ", 8) == 0 && err.offset <= in.len, "%s: %s", what, err.text);
    cr_expect(b.captured_at == 77 && bytes_is_absent(b.document), "%s: output touched", what);
}

/* ---- archives of any members with right digests ----------------------------------------------------------------- */

struct item {
    char name[USTAR_NAME_BYTES + 1];
    bytes content;
};

struct items {
    struct item at[32];
    size_t count;
};

/* The members of a bundle but SHA256SUMS; views of it. */
static struct items members(bytes in)
{
    struct items all = {.count = 0};
    struct ustar_reader r = {.in = in};
    struct ustar_member m;
    for (bool end = false;;) {
        cr_assert(is_ok(ustar_next(&r, &m, &end, NULL)));
        if (end) return all;
        if (bytes_eq(m.name, text_bytes("SHA256SUMS"))) continue;
        memcpy(all.at[all.count].name, m.name.ptr, m.name.len);
        all.at[all.count++].content = m.content;
    }
}

static size_t find(const struct items *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strncmp(all->at[i].name, name, strlen(name)) == 0) return i;
    cr_assert(false, "no %s", name);
    return 0;
}

static void take_away(struct items *all, size_t i)
{
    memmove(&all->at[i], &all->at[i + 1], (--all->count - i) * sizeof all->at[0]);
}

static void insert(struct items *all, size_t i, const char *name, bytes content)
{
    memmove(&all->at[i + 1], &all->at[i], (all->count++ - i) * sizeof all->at[0]);
    (void)snprintf(all->at[i].name, sizeof all->at[i].name, "%s", name);
    all->at[i].content = content;
}

static char *sums_of(const struct items *all, char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < all->count; i++) {
        uint8_t digest[SHA256_BYTES];
        char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
        cr_assert(is_ok(crypto_sha256(&all->at[i].content, 1, digest, NULL)));
        cr_assert(is_ok(hex_write(BYTES_OF(digest), hex, sizeof hex, NULL)));
        n += (size_t)snprintf(out + n, cap - n, "%s  %s\n", hex, all->at[i].name);
    }
    return out;
}

static bytes pack(const struct items *all, const char *sums, uint8_t *out)
{
    struct ustar_writer w = {.out = out, .cap = BIG};
    for (size_t i = 0; i < all->count; i++)
        cr_assert(is_ok(ustar_put(&w, text_bytes(all->at[i].name), all->at[i].content, NULL)));
    if (sums) cr_assert(is_ok(ustar_put(&w, text_bytes("SHA256SUMS"), text_bytes(sums), NULL)));
    cr_assert(is_ok(ustar_finish(&w, NULL)));
    return BYTES(out, w.len);
}

static bytes pack_rightly(const struct items *all, uint8_t *out)
{
    char sums[8192];
    return pack(all, sums_of(all, sums, sizeof sums), out);
}

static struct items full_members(void)
{
    static uint8_t out[BIG];
    const struct bundle b = full();
    return members(written(&b, out, sizeof out));
}

static uint8_t packed[BIG];

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(bundle, every_prefix_and_one_more_byte_are_refused)
{
    uint8_t out[BIG] = {0};
    const struct bundle b = full();
    bytes in = written(&b, out, sizeof out);
    cr_assert(is_ok(reads(in, NULL)));
    for (size_t n = 0; n < in.len; n++)
        cr_assert_not(is_ok(reads(bytes_slice(in, 0, n), NULL)), "prefix of %zu", n);
    refused(BYTES(out, in.len + 1), ERR_TRAILING, "bundle.format", "one byte more");
    refused(BYTES(out, in.len + USTAR_BLOCK_BYTES), ERR_TRAILING, "bundle.format", "a block more");
}

/* No bit of a bundle is without meaning, and none can be changed alone. */
Test(bundle, every_changed_bit_is_refused)
{
    uint8_t out[BIG];
    const struct bundle b = least();
    bytes in = written(&b, out, sizeof out);
    for (size_t bit = 0; bit < in.len * 8; bit++) {
        out[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_assert_not(is_ok(reads(in, NULL)), "bit %zu of byte %zu", bit % 8, bit / 8);
        out[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_assert(is_ok(reads(in, NULL)));
}

Test(bundle, every_changed_byte_of_a_full_one_is_refused)
{
    uint8_t out[BIG];
    const struct bundle b = full();
    bytes in = written(&b, out, sizeof out);
    for (size_t i = 0; i < in.len; i++) {
        out[i] ^= (uint8_t)(1u << i % 8);
        cr_assert_not(is_ok(reads(in, NULL)), "byte %zu", i);
        out[i] ^= (uint8_t)(1u << i % 8);
    }
}

Test(bundle, each_member_is_required_or_may_be_left_out)
{
    const struct items all = full_members();
    for (size_t i = 0; i < all.count; i++) {
        const char *name = all.at[i].name;
        bool optional = strncmp(name, "policies/", 9) == 0 || strncmp(name, "collateral/", 11) == 0 ||
                        strcmp(name, "latest-transition") == 0 || strcmp(name, "manifests/000001.json") == 0;
        struct items some = all;
        take_away(&some, i);
        if (optional)
            cr_expect(is_ok(reads(pack_rightly(&some, packed), NULL)), "without %s", name);
        else
            refused(pack_rightly(&some, packed), ERR_MISSING, "bundle.format", name);
    }
    refused(pack(&all, NULL, packed), ERR_MISSING, "bundle.format", "without SHA256SUMS");
    const struct items none = {.count = 0};
    refused(pack(&none, NULL, packed), ERR_MISSING, "bundle.format", "no member at all");
    refused(pack(&none, "", packed), ERR_MISSING, "bundle.format", "an empty SHA256SUMS alone");
}

Test(bundle, members_have_one_order)
{
    const struct items all = full_members();
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = i + 1; k < all.count; k++) {
            struct items other = all;
            other.at[i] = all.at[k];
            other.at[k] = all.at[i];
            struct err err = {0};
            cr_expect_not(is_ok(reads(pack_rightly(&other, packed), &err)), "%s for %s", all.at[i].name,
                          all.at[k].name);
            cr_expect(err.rule && strcmp(err.rule, "bundle.format") == 0, "%s", err.text);
        }
    struct items other = all;
    size_t first = find(&all, "policies/");
    other.at[first] = all.at[first + 1];
    other.at[first + 1] = all.at[first];
    refused(pack_rightly(&other, packed), ERR_SYNTAX, "bundle.format", "policies that do not ascend");
}

Test(bundle, no_member_comes_twice)
{
    const struct items all = full_members();
    for (size_t i = 0; i < all.count; i++) {
        struct items more = all;
        insert(&more, i, all.at[i].name, all.at[i].content);
        struct err err = {0};
        cr_expect_not(is_ok(reads(pack_rightly(&more, packed), &err)), "%s", all.at[i].name);
        cr_expect(err.rule && strcmp(err.rule, "bundle.format") == 0, "%s", err.text);
    }
    struct items more = all;
    insert(&more, find(&all, "policies/"), all.at[find(&all, "policies/")].name, policies[0]);
    refused(pack_rightly(&more, packed), ERR_DUPLICATE, "bundle.format", "a policy twice");

    char sums[8192];
    more = all;
    insert(&more, all.count, "SHA256SUMS", text_bytes(sums_of(&all, sums, sizeof sums)));
    refused(pack(&more, sums, packed), ERR_DUPLICATE, "bundle.format", "SHA256SUMS twice");
}

Test(bundle, no_other_member_is_let_in)
{
    static const char *const names[] = {"README",
                                        "capabilities.json",
                                        "tls-key.der",
                                        "manifests/2.json",
                                        "manifests/000002.txt",
                                        "manifests/000003.json",
                                        "policies",
                                        "crl.der"};
    const struct items all = full_members();
    for (size_t k = 0; k < COUNT(names); k++)
        for (size_t i = 0; i <= all.count; i++) {
            struct items more = all;
            insert(&more, i, names[k], text_bytes("x"));
            struct err err = {0};
            cr_expect_not(is_ok(reads(pack_rightly(&more, packed), &err)), "%s before %zu", names[k], i);
            cr_expect(err.rule && strcmp(err.rule, "bundle.format") == 0, "%s", err.text);
        }
}

Test(bundle, a_content_has_the_digest_that_names_it)
{
    struct items all = full_members();
    all.at[find(&all, "policies/")].content = text_bytes("rule 4");
    refused(pack_rightly(&all, packed), ERR_MISMATCH, "bundle.digests", "policy");
    all = full_members();
    all.at[find(&all, "collateral/")].content = text_bytes("rule 4");
    refused(pack_rightly(&all, packed), ERR_MISMATCH, "bundle.digests", "collateral");

    all = full_members();
    char *name = all.at[find(&all, "policies/ad")].name;
    name[strlen("policies/")] = 'A';
    refused(pack_rightly(&all, packed), ERR_MISMATCH, "bundle.digests", "upper-case hex");
    all = full_members();
    name = all.at[find(&all, "collateral/")].name;
    name[strlen(name) - 4] = '\0';
    refused(pack_rightly(&all, packed), ERR_MISMATCH, "bundle.digests", "no suffix");
}

Test(bundle, sums_are_those_of_the_members)
{
    const struct items all = full_members();
    char right[8192], sums[8192];
    (void)sums_of(&all, right, sizeof right);
    cr_assert(is_ok(reads(pack(&all, right, packed), NULL)));

    for (size_t i = 0; i < all.count; i++) { /* each line's digest */
        memcpy(sums, right, sizeof sums);
        char *line = strstr(sums, all.at[i].name) - 66;
        line[i] = line[i] == '0' ? '1' : '0';
        refused(pack(&all, sums, packed), ERR_MISMATCH, "bundle.digests", all.at[i].name);
        line[i] = 'A';
        refused(pack(&all, sums, packed), ERR_MISMATCH, "bundle.digests", "upper case");
    }
    static const struct {
        size_t at;
        char c;
        const char *what;
    } rows[] = {
        {65, '*', "binary mode"}, {64, '\t', "a tab"}, {66, 'C', "another name"}, {86, '\r', "another line end"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        memcpy(sums, right, sizeof sums);
        sums[rows[i].at] = rows[i].c;
        refused(pack(&all, sums, packed), ERR_SYNTAX, "bundle.format", rows[i].what);
    }
    refused(pack(&all, "", packed), ERR_SYNTAX, "bundle.format", "empty");
    memcpy(sums, right, sizeof sums);
    sums[strlen(sums) - 1] = '\0';
    refused(pack(&all, sums, packed), ERR_SYNTAX, "bundle.format", "no last line end");
    (void)snprintf(sums, sizeof sums, "%s\n", right);
    refused(pack(&all, sums, packed), ERR_TRAILING, "bundle.format", "an empty line more");
    (void)snprintf(sums, sizeof sums, "%s%.87s", right, right);
    refused(pack(&all, sums, packed), ERR_TRAILING, "bundle.format", "a line twice");
}

#define J(format, binding, time, tool)                                                                                 \
    "{\"format\":\"" format "\",\"binding\":\"" binding "\",\"captured_at\":\"" time "\",\"tool\":\"" tool "\"}\n"
#define F1   "contrast.bundle/1"
#define T1   "2026-11-23T10:00:00Z"
#define C10  "0123456789"
#define GOOD J(F1, "attest-v1", T1, "contrast 0.1.0")

Test(bundle, descriptions_refused)
{
    static const struct {
        const char *text;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_SYNTAX},
        {"{}\n", ERR_SYNTAX},
        {" " GOOD, ERR_SYNTAX},
        {GOOD " ", ERR_TRAILING},
        {GOOD "\n", ERR_TRAILING},
        {"{\"format\": \"" F1 "\"", ERR_SYNTAX},
        {"{\"binding\":\"attest-v1\",\"format\":\"" F1 "\"", ERR_SYNTAX},
        {J("contrast.bundle/2", "attest-v1", T1, "x"), ERR_UNSUPPORTED},
        {J("contrast.bundle/10", "attest-v1", T1, "x"), ERR_UNSUPPORTED},
        {J("", "attest-v1", T1, "x"), ERR_UNSUPPORTED},
        {J(F1, "attest-v2", T1, "x"), ERR_UNSUPPORTED},
        {J(F1, "Attest", T1, "x"), ERR_UNSUPPORTED},
        {J(F1, "", T1, "x"), ERR_UNSUPPORTED},
        {J(F1, "attest-v1", "2026-11-23T11:00:00+01:00", "x"), ERR_SYNTAX},
        {J(F1, "attest-v1", "2026-11-23T10:00:00.0Z", "x"), ERR_SYNTAX},
        {J(F1, "attest-v1", "2026-11-23 10:00:00Z", "x"), ERR_SYNTAX},
        {J(F1, "attest-v1", "2026-11-31T10:00:00Z", "x"), ERR_RANGE},
        {J(F1, "attest-v1", "", "x"), ERR_SYNTAX},
        {J(F1, "attest-v1", T1, ""), ERR_RANGE},
        {J(F1, "attest-v1", T1, C10 C10 C10 C10 C10 C10 "12345"), ERR_RANGE},
        {J(F1, "attest-v1", T1, "a\\nb"), ERR_SYNTAX},
        {J(F1, "attest-v1", T1, "a\nb"), ERR_SYNTAX},
        {J(F1, "attest-v1", T1, "a\x7f"), ERR_SYNTAX},
        {J(F1, "attest-v1", T1, "\xc3\xa4"), ERR_SYNTAX},
        {J(F1, "attest-v1", T1, "x\",\"more\":\"y"), ERR_SYNTAX},
    };
    struct items all = full_members();
    cr_assert(bytes_eq(all.at[0].content, text_bytes(GOOD)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        all.at[0].content = text_bytes(rows[i].text);
        refused(pack_rightly(&all, packed), rows[i].kind, "bundle.format", rows[i].text);
    }
    for (size_t n = 0; n < strlen(GOOD); n++) {
        all.at[0].content = bytes_slice(text_bytes(GOOD), 0, n);
        cr_expect_not(is_ok(reads(pack_rightly(&all, packed), NULL)), "prefix of %zu", n);
    }
}

/* What is right for one binding is not for another. */
Test(bundle, members_follow_the_binding)
{
    struct items all = full_members();
    all.at[0].content = text_bytes(J(F1, "attest", T1, "x"));
    refused(pack_rightly(&all, packed), ERR_MISSING, "bundle.format", "capabilities.json with attest");
    all.at[0].content = text_bytes(J(F1, "atls", T1, "x"));
    refused(pack_rightly(&all, packed), ERR_MISSING, "bundle.format", "capabilities.json with atls");

    size_t i = find(&all, "capabilities.json");
    (void)snprintf(all.at[i].name, sizeof all.at[i].name, "tls-key.der");
    cr_expect(is_ok(reads(pack_rightly(&all, packed), NULL)), "tls-key.der with atls");
    all.at[0].content = text_bytes(J(F1, "attest-v1", T1, "x"));
    refused(pack_rightly(&all, packed), ERR_MISSING, "bundle.format", "tls-key.der with attest-v1");

    take_away(&all, i);
    all.at[0].content = text_bytes(J(F1, "attest", T1, "x"));
    cr_expect(is_ok(reads(pack_rightly(&all, packed), NULL)), "neither with attest");
    all.at[0].content = text_bytes(J(F1, "atls", T1, "x"));
    refused(pack_rightly(&all, packed), ERR_MISSING, "bundle.format", "neither with atls");
}

Test(bundle, nonces_refused)
{
#define HEX62 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"
    static const struct {
        const char *text;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_TRUNCATED},          {HEX62, ERR_TRUNCATED},         {HEX62 "1f", ERR_SYNTAX},
        {HEX62 "1f\r\n", ERR_SYNTAX}, {HEX62 "1f\n\n", ERR_TRAILING}, {HEX62 "1F\n", ERR_SYNTAX},
        {HEX62 "1\n", ERR_SYNTAX},    {HEX62 "1f00\n", ERR_SYNTAX},   {"0x" HEX62 "\n", ERR_SYNTAX},
    };
    struct items all = full_members();
    for (size_t i = 0; i < COUNT(rows); i++) {
        all.at[1].content = text_bytes(rows[i].text);
        refused(pack_rightly(&all, packed), rows[i].kind, "bundle.format", rows[i].text);
    }
    all.at[1].content = text_bytes(HEX62 "1f\n");
    cr_expect(is_ok(reads(pack_rightly(&all, packed), NULL)));
}

Test(bundle, a_record_that_is_none_is_refused)
{
    struct items all = full_members();
    size_t i = find(&all, "latest-transition");
    all.at[i].content = BYTES_LIT("0123456789abcdef0123456789ABCDEF");
    refused(pack_rightly(&all, packed), ERR_TRUNCATED, "bundle.format", "no signature");
    all.at[i].content = BYTES_LIT(RECORD "\0");
    refused(pack_rightly(&all, packed), ERR_TRAILING, "bundle.format", "a byte more");
}

Test(bundle, room_that_is_not_there)
{
    uint8_t out[BIG];
    const struct bundle b = full();
    bytes in = written(&b, out, sizeof out);
    struct memory m;
    struct bundle again;
    for (size_t i = 0; i < 3; i++) {
        struct bundle_storage lent = {m.manifests, 2, m.policies, 3, m.collateral, 1};
        cr_expect(is_ok(bundle_parse(in, &lent, &again, NULL)));
        size_t *cap = i == 0 ? &lent.manifest_cap : i == 1 ? &lent.policy_cap : &lent.collateral_cap;
        for (*cap -= 1;; --*cap) {
            cr_expect_eq(bundle_parse(in, &lent, &again, NULL).kind, ERR_NOMEM, "array %zu of %zu", i, *cap);
            if (*cap == 0) break;
        }
    }
    refused(BYTES(out, LIMIT_BUNDLE_BYTES + 1), ERR_LIMIT, "bundle.format", "too large, before a byte is read");
}

/* A bundle with `count` members in a folder; the sums are right. */
static bytes many(const char *folder, size_t count, const struct bundle *b, uint8_t *out, size_t cap)
{
    struct ustar_writer w = {.out = out, .cap = cap};
    char *sums = calloc(1, (count + 20) * 200);
    const struct items base = members(written(b, packed, sizeof packed));
    size_t n = 0, next = 0;
    struct bundle_digest digest;
    char(*contents)[8] = calloc(count, 8);
    bytes *items = calloc(count, sizeof *items);
    struct bundle_digest *digests = calloc(count, sizeof *digests);
    for (size_t i = 0; i < count; i++)
        items[i] = BYTES((uint8_t *)contents[i], (size_t)snprintf(contents[i], 8, "%07zu", i));
    bool by_digest = strcmp(folder, "manifests/") != 0;
    if (by_digest) cr_assert(is_ok(bundle_sort(items, digests, &count, NULL)));

    for (size_t i = 0; i < base.count; i++) {
        const bool here = strncmp(base.at[i].name, folder, strlen(folder)) == 0;
        for (size_t k = 0; k < (here ? count : 1); k++) {
            char name[USTAR_NAME_BYTES + 1], hex[HEX_TEXT_SIZE(SHA256_BYTES)];
            bytes content = here ? items[k] : base.at[i].content;
            cr_assert(is_ok(crypto_sha256(&content, 1, digest.sha256, NULL)));
            cr_assert(is_ok(hex_write(BYTES_OF(digest.sha256), hex, sizeof hex, NULL)));
            if (!here)
                memcpy(name, base.at[i].name, sizeof name);
            else if (by_digest)
                (void)snprintf(name, sizeof name, "%s%s%s", folder, hex, folder[0] == 'c' ? ".der" : "");
            else
                (void)snprintf(name, sizeof name, "%s%06zu.json", folder, next++);
            n += (size_t)snprintf(sums + n, 200, "%s  %s\n", hex, name);
            cr_assert(is_ok(ustar_put(&w, text_bytes(name), content, NULL)));
        }
    }
    cr_assert(is_ok(ustar_put(&w, text_bytes("SHA256SUMS"), text_bytes(sums), NULL)));
    cr_assert(is_ok(ustar_finish(&w, NULL)));
    free(sums);
    free(contents);
    free(items);
    free(digests);
    return BYTES(out, w.len);
}

Test(bundle, limits)
{
    static const struct {
        const char *folder;
        size_t limit;
    } rows[] = {{"manifests/", LIMIT_HISTORY_MANIFESTS},
                {"policies/", LIMIT_HISTORY_POLICIES},
                {"collateral/", LIMIT_BUNDLE_COLLATERAL}};
    enum { CAP = 1 << 25 };
    uint8_t *out = calloc(1, CAP), *again = calloc(1, CAP);
    struct bundle_storage lent = {calloc(LIMIT_HISTORY_MANIFESTS + 1, sizeof(bytes)), LIMIT_HISTORY_MANIFESTS + 1,
                                  calloc(LIMIT_HISTORY_POLICIES + 1, sizeof(bytes)),  LIMIT_HISTORY_POLICIES + 1,
                                  calloc(LIMIT_BUNDLE_COLLATERAL + 1, sizeof(bytes)), LIMIT_BUNDLE_COLLATERAL + 1};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bundle one = full(), b;
        one.manifest_count = one.policy_count = 1;
        size_t len = 0;
        struct err err = {0};
        bytes in = many(rows[i].folder, rows[i].limit, &one, out, CAP);
        cr_assert(is_ok(bundle_parse(in, &lent, &b, &err)), "%s: %s", rows[i].folder, err.text);
        cr_expect(is_ok(bundle_write(&b, again, CAP, &len, NULL)) && bytes_eq(BYTES(again, len), in), "%s",
                  rows[i].folder);

        in = many(rows[i].folder, rows[i].limit + 1, &one, out, CAP);
        cr_expect_eq(bundle_parse(in, &lent, &b, &err).kind, ERR_LIMIT, "%s", rows[i].folder);
        cr_expect_str_eq(err.rule, "bundle.format");
    }
    free(out);
    free(again);
    free(lent.manifests);
    free(lent.policies);
    free(lent.collateral);
}

/* ---- writing: refusals ------------------------------------------------------------------------------------------ */

static void not_written(const struct bundle *b, enum err_kind kind, const char *what)
{
    static uint8_t out[BIG];
    size_t len = 77;
    struct err err = {0};
    cr_expect_eq(bundle_write(b, out, sizeof out, &len, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, "bundle.format") == 0, "%s: %s", what, err.text);
    cr_expect(strncmp(err.text, "bundle: ", 8) == 0 && len == 77, "%s: %s", what, err.text);
}

static void not_sized(const struct bundle *b, enum err_kind kind, const char *what)
{
    size_t len = 77;
    cr_expect_eq(bundle_size(b, &len, NULL).kind, kind, "%s", what);
    cr_expect_eq(len, 77);
    not_written(b, kind, what);
}

Test(bundle, writer_refuses_what_the_reader_would)
{
    struct bundle b = {0};
    not_sized(&b, ERR_RANGE, "zeroed");
    b = full();
    b.binding = (enum bundle_binding)4;
    not_sized(&b, ERR_RANGE, "binding");
    b = full();
    b.capabilities = BYTES_ABSENT;
    not_sized(&b, ERR_MISSING, "capabilities");
    b = full();
    b.binding = BUNDLE_ATTEST;
    not_sized(&b, ERR_SYNTAX, "capabilities with attest");
    b = full();
    b.tls_key = text_bytes("key");
    not_sized(&b, ERR_SYNTAX, "TLS key with attest-v1");
    b = least();
    b.binding = BUNDLE_ATLS;
    not_sized(&b, ERR_MISSING, "TLS key");

    bytes *const required[] = {&b.document, &b.root_ca, &b.mesh_ca};
    for (size_t i = 0; i < COUNT(required); i++) {
        b = full();
        *required[i] = BYTES_ABSENT;
        not_sized(&b, ERR_MISSING, "required");
    }
    const bytes absent[] = {BYTES_ABSENT};
    b = full();
    b.manifests = absent;
    not_sized(&b, ERR_MISSING, "a manifest");
    b = full();
    b.policies = absent;
    not_sized(&b, ERR_MISSING, "a policy");
    b = full();
    b.collateral = absent;
    not_sized(&b, ERR_MISSING, "collateral");

    b = full();
    b.manifest_count = 0;
    not_sized(&b, ERR_MISSING, "no manifest");
    b.manifest_count = LIMIT_HISTORY_MANIFESTS + 1; /* refused before one is looked at */
    not_sized(&b, ERR_LIMIT, "manifests");
    b = full();
    b.policy_count = LIMIT_HISTORY_POLICIES + 1;
    not_sized(&b, ERR_LIMIT, "policies");
    b = full();
    b.collateral_count = LIMIT_BUNDLE_COLLATERAL + 1;
    not_sized(&b, ERR_LIMIT, "collateral");

    b = full();
    b.latest_transition = text_bytes("");
    not_sized(&b, ERR_TRUNCATED, "record");
    b = full();
    b.captured_at = TIME_MAX + 1;
    not_sized(&b, ERR_RANGE, "time");
    b = full();
    b.tool = BYTES_ABSENT;
    not_sized(&b, ERR_RANGE, "no tool");
    b.tool = text_bytes("a\"b");
    not_sized(&b, ERR_SYNTAX, "tool");
}

/* Refused by their lengths, before a byte is read. */
Test(bundle, writer_keeps_to_the_size)
{
    struct bundle b = least();
    b.document = BYTES(packed, SIZE_MAX);
    not_sized(&b, ERR_LIMIT, "a member");
    b = least();
    b.document = b.root_ca = BYTES(packed, LIMIT_BUNDLE_BYTES / 2);
    not_sized(&b, ERR_LIMIT, "two members");
    b = least();
    size_t size = 0;
    b.document = BYTES(packed, 512);
    cr_assert(is_ok(bundle_size(&b, &size, NULL)));
    b.document.len += LIMIT_BUNDLE_BYTES - size;
    cr_expect(is_ok(bundle_size(&b, &size, NULL)) && size == LIMIT_BUNDLE_BYTES, "as large as allowed");
    b.document.len++;
    not_sized(&b, ERR_LIMIT, "one byte more");
}

Test(bundle, writer_wants_order)
{
    const bytes swapped[] = {policies[1], policies[0]}, twice[] = {policies[0], policies[0]};
    struct bundle b = full();
    b.policies = swapped;
    b.policy_count = 2;
    not_written(&b, ERR_SYNTAX, "policies swapped");
    b.policies = twice;
    not_written(&b, ERR_DUPLICATE, "a policy twice");
}

Test(bundle, writer_needs_room)
{
    static uint8_t out[BIG];
    struct bundle b = full();
    for (int round = 0; round < 2; round++) {
        size_t size = 0, len = 77;
        cr_assert(is_ok(bundle_size(&b, &size, NULL)));
        for (size_t cap = 0; cap < size; cap += cap + 1200 < size ? 13 : 1)
            cr_assert_eq(bundle_write(&b, out, cap, &len, NULL).kind, ERR_NOMEM, "room for %zu", cap);
        cr_expect_eq(len, 77);
        cr_expect(is_ok(bundle_write(&b, out, size, &len, NULL)) && len == size);
        b.binding = BUNDLE_ATLS;
        b.tls_key = b.capabilities;
        b.capabilities = BYTES_ABSENT;
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool same(bytes a, bytes b)
{
    return bytes_eq(a, b) || (bytes_is_absent(a) && bytes_is_absent(b));
}

static void expect_same(const struct bundle *a, const struct bundle *b)
{
    cr_expect(a->binding == b->binding && a->captured_at == b->captured_at && same(a->tool, b->tool));
    cr_expect(memcmp(a->nonce, b->nonce, sizeof a->nonce) == 0);
    cr_expect(same(a->document, b->document) && same(a->capabilities, b->capabilities) && same(a->tls_key, b->tls_key));
    cr_expect(same(a->root_ca, b->root_ca) && same(a->mesh_ca, b->mesh_ca));
    cr_expect(same(a->latest_transition, b->latest_transition));
    cr_assert(a->manifest_count == b->manifest_count && a->policy_count == b->policy_count &&
              a->collateral_count == b->collateral_count);
    for (size_t i = 0; i < a->manifest_count; i++)
        cr_expect(same(a->manifests[i], b->manifests[i]));
    for (size_t i = 0; i < a->policy_count; i++)
        cr_expect(same(a->policies[i], b->policies[i]));
    for (size_t i = 0; i < a->collateral_count; i++)
        cr_expect(same(a->collateral[i], b->collateral[i]));
}

Test(bundle, what_is_written_is_read_and_written_again)
{
    struct bundle rows[] = {full(), least(), least(), least()};
    rows[2].binding = BUNDLE_ATLS;
    rows[2].tls_key = text_bytes("key");
    rows[3].captured_at = TIME_MIN;
    rows[3].tool = text_bytes(" !#[]~");
    rows[3].document = rows[3].root_ca = text_bytes("");
    for (size_t i = 0; i < COUNT(rows); i++) {
        static uint8_t out[BIG], again[BIG];
        struct memory m;
        const struct bundle_storage lent = lend(&m);
        struct bundle b;
        struct err err = {0};
        bytes in = written(&rows[i], out, sizeof out);
        cr_assert(is_ok(bundle_parse(in, &lent, &b, &err)), "%s", err.text);
        expect_same(&rows[i], &b);
        cr_expect(bytes_eq(written(&b, again, sizeof again), in), "bundle %zu", i);
        cr_expect(b.document.ptr > in.ptr && b.document.ptr < in.ptr + in.len, "a view");
        cr_expect(bundle_is_likely(in));
    }
}

Test(bundle, likely)
{
    cr_expect_not(bundle_is_likely(BYTES_ABSENT));
    cr_expect_not(bundle_is_likely(text_bytes("{\"format\":\"contrast.bundle/1\"}")));
    cr_expect_not(bundle_is_likely(text_bytes("contrast-bundle.jsonl")));
    cr_expect_not(bundle_is_likely(text_bytes("contrast-bundle.json")), "a NUL follows");
    cr_expect(bundle_is_likely(BYTES_LIT("contrast-bundle.json\0")));
    uint8_t archive[512] = {0};
    cr_expect_not(bundle_is_likely(BYTES_OF(archive)));
    memcpy(archive + 257, "ustar", 5);
    cr_expect(bundle_is_likely(BYTES_OF(archive)), "any archive");
    cr_expect_not(bundle_is_likely(BYTES(archive, 261)), "cut in the magic");
}

Test(bundle, binding_names)
{
    cr_expect_str_eq(bundle_binding_name(BUNDLE_ATTEST), "attest");
    cr_expect_str_eq(bundle_binding_name(BUNDLE_ATTEST_V1), "attest-v1");
    cr_expect_str_eq(bundle_binding_name(BUNDLE_ATLS), "atls");
    cr_expect_null(bundle_binding_name((enum bundle_binding)0));
    cr_expect_null(bundle_binding_name((enum bundle_binding)4));
}

Test(bundle, sort)
{
    enum { N = 100 };
    char contents[N][8];
    for (size_t count = 0; count <= N; count += count < 10 ? 1 : 45) {
        bytes items[N];
        struct bundle_digest digests[N];
        size_t n = count;
        for (size_t i = 0; i < count; i++)
            items[i] = BYTES((uint8_t *)contents[i], (size_t)snprintf(contents[i], 8, "%zu", i % 50));
        cr_assert(is_ok(bundle_sort(items, digests, &n, NULL)));
        cr_expect_eq(n, count < 50 ? count : 50, "%zu of %zu", n, count);
        for (size_t i = 0; i < n; i++) {
            uint8_t digest[SHA256_BYTES];
            cr_assert(is_ok(crypto_sha256(&items[i], 1, digest, NULL)));
            cr_expect(memcmp(digest, digests[i].sha256, sizeof digest) == 0);
            if (i > 0) cr_expect(memcmp(digests[i - 1].sha256, digests[i].sha256, sizeof digest) < 0);
        }
        bool seen[50] = {false};
        for (size_t i = 0; i < n; i++)
            seen[atoi((const char *)items[i].ptr)] = true;
        for (size_t i = 0; i < n; i++)
            cr_expect(seen[i], "%zu is lost", i);
    }
}

/* The crypto library fails at its n-th call, for every n. */
Test(bundle, faults)
{
    static uint8_t out[BIG], other[BIG];
    const struct bundle b = full();
    bytes in = written(&b, out, sizeof out);
    bytes items[] = {policies[2], policies[1]};
    for (int what = 0; what < 3; what++) {
        unsigned nth = 1;
        for (;; nth++) {
            struct err err = {0};
            size_t len = 2;
            struct bundle_digest digests[2];
            fault_arm(nth);
            status s = what == 0   ? reads(in, &err)
                       : what == 1 ? bundle_write(&b, other, sizeof other, &len, &err)
                                   : bundle_sort(items, digests, &len, &err);
            if (!fault_came()) break;
            cr_expect(s.kind == ERR_BUG && len == 2 && err.rule == NULL, "%d, call %u: %s", what, nth, err.text);
            cr_expect(bytes_eq(items[0], policies[2]));
        }
        fault_arm(0);
        cr_expect_eq(nth, what == 2 ? 3 : 14, "%d: %u calls", what, nth - 1);
    }
}

/* ---- other programs --------------------------------------------------------------------------------------------- */

/* What docs/bundle.md says of tar and sha256sum: they open a bundle, and make the same bytes. */
Test(bundle, tar_and_sha256sum)
{
    static uint8_t out[BIG];
    const struct bundle b = full();
    struct scratch s = scratch_open();
    bytes ours = written(&b, out, sizeof out);
    scratch_write(&s, "ours.tar", ours);
    scratch_run(&s, "mkdir out && cd out && tar xf ../ours.tar && sha256sum --strict --quiet -c SHA256SUMS");
    scratch_run(&s, "cd out && find . -type f | wc -l | grep -qx 14 && test $(wc -l <SHA256SUMS) = 13");
    scratch_run(&s, "cd out && for f in policies/*; do test $(sha256sum <$f | cut -c 1-64) = ${f#*/} || exit 1; done");
    scratch_run(&s, "cd out && printf '{\"example\":1}' | cmp - manifests/000001.json");
    scratch_run(&s, "cd out && cut -c 67- SHA256SUMS >../list && echo SHA256SUMS >>../list");
    scratch_run(&s, "cd out && grep -v SHA256SUMS ../list | xargs sha256sum >SHA256SUMS");
    scratch_run(&s, "tar --format=ustar -b1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 -C out"
                    " -T list -cf theirs.tar");
    bytes theirs = scratch_read(&s, "theirs.tar");
    cr_expect(bytes_eq(theirs, ours));
    cr_expect(is_ok(reads(theirs, NULL)));
    free((void *)theirs.ptr);
    scratch_close(&s);
}

/* What docs/bundle.md says of openssl.  The transition is that of the protocol's first vector. */
Test(bundle, by_hand)
{
    static const char script[] =
        "set -eu -o pipefail\n"
        "mkdir bundle && cd bundle && tar xf ../ours.tar\n"
        "head -c 32 /dev/zero >../t\n"
        "for m in manifests/*; do\n"
        "    { openssl dgst -sha256 -binary $m; cat ../t; } | openssl dgst -sha256 -binary >../next && mv ../next "
        "../t\n"
        "done\n"
        "test $(od -An -v -tx1 ../t | tr -d ' \\n') = "
        "0f95ca156fcdc865a4f0fde62ca9d3e017963696e2b768a9f1da79aac4c180e2\n"
        "tail -c +33 latest-transition | openssl asn1parse -inform DER | grep -c INTEGER | grep -qx 2\n"
        "{ printf \"$(sed 's/../\\\\x&/g' nonce)\"; cat ../t\n"
        "  openssl dgst -sha256 -binary root-ca.pem; openssl dgst -sha256 -binary mesh-ca.pem\n"
        "  openssl dgst -sha256 -binary capabilities.json\n"
        "} | sha256sum | cut -c 1-64 >../report-data\n";
    static const char check[] = "import hashlib\n"
                                "h = lambda b: hashlib.sha256(b).digest()\n"
                                "r = lambda n: open('bundle/' + n, 'rb').read()\n"
                                "t = h(h(r('manifests/000001.json')) + h(h(r('manifests/000000.json')) + bytes(32)))\n"
                                "d = h(bytes.fromhex(r('nonce').decode()) + t + h(r('root-ca.pem')) + "
                                "h(r('mesh-ca.pem')) + h(r('capabilities.json')))\n"
                                "assert d.hex() == open('report-data').read().strip()\n";
    static uint8_t out[BIG];
    const struct bundle b = full();
    struct scratch s = scratch_open();
    scratch_write(&s, "ours.tar", written(&b, out, sizeof out));
    scratch_write(&s, "script.sh", text_bytes(script));
    scratch_write(&s, "check.py", text_bytes(check));
    scratch_run(&s, "bash script.sh && python3 check.py");
    scratch_close(&s);
}

/* A bundle that python makes from the words of docs/bundle.md, with none of our code, is what we write. */
Test(bundle, python)
{
    static const char script[] =
        "import hashlib, io, tarfile\n"
        "sha = lambda b: hashlib.sha256(b).hexdigest()\n"
        "policies = sorted((b'rule 1', b'rule 2', b'rule 3'), key=sha)\n"
        "m = [('contrast-bundle.json', b'{\"format\":\"contrast.bundle/1\",\"binding\":\"attest-v1\",'\n"
        "      b'\"captured_at\":\"2026-11-23T10:00:00Z\",\"tool\":\"contrast 0.1.0\"}\\n'),\n"
        "     ('nonce', bytes(i * 37 & 255 for i in range(32)).hex().encode() + b'\\n'),\n"
        "     ('evidence.bin', b'\\x0a\\x00\\xff raw'),\n"
        "     ('capabilities.json', b'{\"api_versions\":[\"v1\"]}\\n'),\n"
        "     ('root-ca.pem', b'root\\n'), ('mesh-ca.pem', b''),\n"
        "     ('manifests/000000.json', b'{\"example\":0}'), ('manifests/000001.json', b'{\"example\":1}'),\n"
        "     *(('policies/' + sha(p), p) for p in policies),\n"
        "     ('latest-transition', b'0123456789abcdef0123456789ABCDEF' + bytes.fromhex('3006020101020102')),\n"
        "     ('collateral/' + sha(bytes.fromhex('3003020107')) + '.der', bytes.fromhex('3003020107'))]\n"
        "m.append(('SHA256SUMS', ''.join('%s  %s\\n' % (sha(c), n) for n, c in m).encode()))\n"
        "out = b''\n"
        "for name, content in m:\n"
        "    t = tarfile.TarInfo(name)\n"
        "    t.size, t.mode = len(content), 0o644\n"
        "    head = bytearray(t.tobuf(tarfile.USTAR_FORMAT))\n"
        "    head[329:345] = b'0000000\\0' * 2\n"
        "    head[148:156] = b'%06o\\0 ' % tarfile.calc_chksums(head)[0]\n"
        "    out += head + content + bytes(-len(content) % 512)\n"
        "open('theirs.tar', 'wb').write(out + bytes(1024))\n";
    static uint8_t out[BIG];
    const struct bundle b = full();
    struct scratch s = scratch_open();
    scratch_write(&s, "script.py", text_bytes(script));
    scratch_run(&s, "python3 script.py");
    bytes theirs = scratch_read(&s, "theirs.tar");
    cr_expect(bytes_eq(theirs, written(&b, out, sizeof out)));
    struct err err = {0};
    cr_expect(is_ok(reads(theirs, &err)), "%s", err.text);
    free((void *)theirs.ptr);
    scratch_close(&s);
}
