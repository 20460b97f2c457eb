/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "kube/text_out.h"
#include "kube/yaml_write.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static struct arena memory;

static void free_memory(void)
{
    arena_free(&memory);
}

TestSuite(yaml, .fini = free_memory);
TestSuite(yaml_write, .fini = free_memory);

static bytes lit(const char *s)
{
    return BYTES((const uint8_t *)s, strlen(s));
}

static bytes repeated(const char *s, size_t count, const char *end)
{
    struct text_out out = {.memory = &memory};
    bytes text;
    for (size_t i = 0; i < count; i++)
        text_put_string(&out, s);
    text_put_string(&out, end);
    cr_assert(is_ok(text_out_take(&out, &text, NULL)));
    return text;
}

/* ---- what is refused -------------------------------------------------------------------------------------------- */

static void refused(bytes in, enum err_kind kind, size_t offset, const char *says)
{
    struct yaml_file f = {.count = 77};
    struct err err = {0};
    cr_expect_eq(yaml_parse(in, &memory, &f, &err).kind, kind, "%.40s: %s", (const char *)in.ptr, err.text);
    cr_expect(strstr(err.text, says), "%.40s: want %s, have %s", (const char *)in.ptr, says, err.text);
    cr_expect_eq(err.offset, offset, "%.40s: want %zu, have %zu", (const char *)in.ptr, offset, err.offset);
    cr_expect_eq(f.count, 77);
}

Test(yaml, refuses_what_is_none)
{
    static const struct {
        const char *in;
        size_t offset;
        const char *says;
    } rows[] = {
        {"a: b: c\n", 4, "mapping values are not allowed"},
        {"a:\n\t- b\n", 3, "cannot start any token"},
        {"a: [b\n", 6, "did not find expected ',' or ']'"},
        {"a: \"b\n", 6, "unexpected end of stream"},
        {"a: 'b\\'c'\n", 7, "did not find expected"},
        {"- a\n b: c\n", 6, "mapping values are not allowed"},
        {"a: \xff\n", 3, "invalid leading UTF-8 octet"},
        {"a: \xc3\n", 4, "invalid trailing UTF-8 octet"},
        {"a: \xed\xa0\x80\n", 3, "invalid Unicode character"},
        {"a: b\x01\n", 4, "control characters are not allowed"},
        {"\xff\xfe"
         "a\n",
         0, "invalid leading UTF-8 octet"},
        {"a: @b\n", 3, "cannot start any token"},
        {"a: !x!y z\n", 3, "found undefined tag handle"},
        {"%YAML 2.0\n---\na\n", 0, "incompatible YAML document"},
        {"- a: \xc3\xa4\n  - b\n", 10, "did not find expected key"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        refused(lit(rows[i].in), ERR_SYNTAX, rows[i].offset, rows[i].says);
    refused(BYTES((const uint8_t *)"a: b\0c", 6), ERR_SYNTAX, 4, "control characters are not allowed");
}

Test(yaml, refuses_aliases_without_anchors_and_circles)
{
    refused(lit("a: *b\n"), ERR_MISSING, 3, "alias \"b\" of no anchor");
    refused(lit("a: *b\nc: &b d\n"), ERR_MISSING, 3, "alias \"b\" of no anchor");
    refused(lit("a: &b c\n---\nd: *b\n"), ERR_MISSING, 15, "alias \"b\" of no anchor");
    refused(lit("&a [*a]\n"), ERR_UNSUPPORTED, 4, "alias \"a\" inside of what its anchor names");
    refused(lit("&a\nb: {c: [d, *a]}\n"), ERR_UNSUPPORTED, 14, "inside");
}

Test(yaml, refuses_more_than_its_limits)
{
    struct yaml_file f;
    cr_expect(is_ok(yaml_parse(repeated("[", LIMIT_YAML_DEPTH, "") /* not closed */, &memory, &f, NULL)) == false);
    refused(repeated("[", LIMIT_YAML_DEPTH + 1, "\n"), ERR_LIMIT, LIMIT_YAML_DEPTH, "want at most 128 levels");
    refused(repeated("- ", LIMIT_YAML_DEPTH + 1, "a\n"), ERR_LIMIT, 2 * LIMIT_YAML_DEPTH, "want at most 128 levels");
    cr_expect(is_ok(yaml_parse(repeated("- ", LIMIT_YAML_DEPTH, "a\n"), &memory, &f, NULL)));
    refused(repeated("- &a b\n", LIMIT_YAML_ANCHORS + 1, ""), ERR_LIMIT, 7 * LIMIT_YAML_ANCHORS + 2,
            "want at most 1024 anchors");
    bytes aliases = repeated("- *a\n", LIMIT_YAML_ALIASES + 1, "");
    struct text_out out = {.memory = &memory};
    text_put_string(&out, "- &a b\n");
    text_put(&out, aliases);
    cr_assert(is_ok(text_out_take(&out, &aliases, NULL)));
    refused(aliases, ERR_LIMIT, aliases.len - 3, "want at most 1024 aliases");
    refused(repeated("--- a\n", LIMIT_YAML_DOCUMENTS + 1, ""), ERR_LIMIT, 6 * (size_t)LIMIT_YAML_DOCUMENTS,
            "want at most 65536 documents");
    refused(repeated("-\n", LIMIT_YAML_EVENTS, ""), ERR_LIMIT, 2 * (LIMIT_YAML_EVENTS - 3) + 1,
            "want at most 1048576 scalars and brackets");
    refused(BYTES((const uint8_t *)"", LIMIT_YAML_BYTES + 1), ERR_LIMIT, LIMIT_YAML_BYTES,
            "want at most 16777216 bytes");
}

/* ---- what is read ----------------------------------------------------------------------------------------------- */

static struct yaml_file read_file(const char *in)
{
    struct yaml_file f;
    struct err err = {0};
    cr_assert(is_ok(yaml_parse(lit(in), &memory, &f, &err)), "%s: %s", in, err.text);
    return f;
}

/* "spec/0/name" */
static struct yaml_node *find(struct yaml_node *n, const char *path)
{
    char part[32];
    for (int len; *path && n; path += len, path += *path == '/') {
        cr_assert_eq(sscanf(path, "%31[^/]%n", part, &len), 1);
        n = yaml_follow(n);
        if (n->kind == YAML_SEQUENCE)
            n = n->items[atoi(part)];
        else
            n = yaml_get(n, part);
    }
    return n;
}

Test(yaml, knows_which_bytes_a_node_comes_from)
{
    static const struct {
        const char *in, *path, *bytes;
    } rows[] = {
        {"a: b # c\nd: e\n", "a", "b"},
        {"\xef\xbb\xbf"
         "a: \xc3\xa4\nd: \"\xe2\x82\xac\" # x\n",
         "d", "\"\xe2\x82\xac\""},
        {"a: {b: c , d: [e,f ] } # c\n", "a", "{b: c , d: [e,f ] }"},
        {"a: {b: c , d: [e,f ] } # c\n", "a/d", "[e,f ]"},
        {"a:\n  b: c\n  d: 'e'\n\n# x\nf: g\n", "a", "b: c\n  d: 'e'"},
        {"a:\n- b\n-\n# x\nf: g\n", "a", "- b\n-"},
        {"a: |\n  b\n  c\n\nd: e\n", "a", "|\n  b\n  c\n\n"},
        {"a: >-\r\n  b\r\n  c\r\nd: e\r\n", "a", ">-\r\n  b\r\n  c\r\n"},
        {"a: b\n  c\n  d # x\n", "a", "b\n  c\n  d"},
        {"a: &x !!str b\nc: *x\n", "a", "&x !!str b"},
        {"a:\nb: c\n", "a", ""},
        {"- a\n- \xf0\x9f\x98\x80 b\n- c\n", "2", "c"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct yaml_file f = read_file(rows[i].in);
        struct yaml_node *n = find(f.documents[0].root, rows[i].path);
        cr_assert_not_null(n, "%s", rows[i].in);
        bytes have = bytes_slice(f.input, n->from, n->to - n->from);
        cr_expect(bytes_eq(have, lit(rows[i].bytes)), "%s: want %s, have %.*s", rows[i].in, rows[i].bytes,
                  (int)have.len, (const char *)have.ptr);
    }
}

Test(yaml, aliases_and_merges_are_followed)
{
    struct yaml_file f =
        read_file("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 0\nw:\n  <<: *y\nv: *x\n"
                  "q:\n  \"<<\": *x\n");
    struct yaml_node *root = f.documents[0].root;
    cr_expect(yaml_text_is(find(root, "z/a"), "0"));
    cr_expect(yaml_text_is(find(root, "z/b"), "2"));
    cr_expect(yaml_text_is(find(root, "z/c"), "4"));
    cr_expect(yaml_text_is(find(root, "w/b"), "3"));
    cr_expect(yaml_text_is(find(root, "v/a"), "1"));
    cr_expect_null(find(root, "w/a"));
    cr_expect_null(find(root, "q/a"), "a quoted << is a key as any other");
    cr_expect_null(yaml_get(NULL, "a"));
}

Test(yaml, merges_are_not_followed_for_ever)
{
    struct text_out out = {.memory = &memory};
    bytes in;
    text_put_string(&out, "m0: &m0 {k: v}\n");
    for (unsigned i = 1; i <= LIMIT_YAML_MERGES + 1; i++) {
        char line[64];
        snprintf(line, sizeof line, "m%u: &m%u {<<: [*m%u, *m%u]}\n", i, i, i - 1, i - 1);
        text_put_string(&out, line);
    }
    text_put(&out, BYTES_LIT("\0"));
    cr_assert(is_ok(text_out_take(&out, &in, NULL)));
    struct yaml_file f = read_file((const char *)in.ptr);
    cr_expect(yaml_text_is(find(f.documents[0].root, "m16/k"), "v"));
    cr_expect_null(find(f.documents[0].root, "m17/k"));
    cr_expect_null(find(f.documents[0].root, "m16/none"));
}

Test(yaml, strings_and_other_scalars)
{
    static const char *const strings[] = {"a",           "abc-1",       "/bin/sh", "web#8080#false",
                                          "a:b",         "nulls",       "_",       "yesterday",
                                          "10Gi",        "127.0.0.1",   "1.2.3",   "v1",
                                          "-",           ".",           "+a",      "0x",
                                          "0xg",         "1e",          "12:30x",  "2001-1",
                                          "2001-01-01x", "20010-01-01", "1 2",     "0b2"};
    static const char *const others[] = {"",     "~",   "null",  "yes", "On",   "1",          "-1",
                                         "0x1f", "1e3", "12:30", ".5",  ".inf", "2001-01-01", "+1",
                                         "=",    "<<",  "n",     "NaN", ".NaN", "1_000",      "0o7"};
    struct yaml_node n = {.kind = YAML_TEXT};
    for (size_t i = 0; i < COUNT(strings); i++) {
        n.text = lit(strings[i]);
        cr_expect(yaml_is_string(&n), "%s", strings[i]);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        n.text = lit(others[i]);
        cr_expect_not(yaml_is_string(&n), "%s", others[i]);
        cr_expect_not(yaml_plain_is_safe(n.text), "%s", others[i]);
    }
    n = (struct yaml_node){.kind = YAML_TEXT, .style = YAML_SINGLE_QUOTED, .text = lit("1")};
    cr_expect(yaml_is_string(&n));
    n.tag = lit("tag:yaml.org,2002:int");
    cr_expect_not(yaml_is_string(&n));
}

/* ---- what is changed -------------------------------------------------------------------------------------------- */

enum change { SET, PUT, INSERT, REMOVE };

struct edit {
    enum change change;
    const char *in, *path, *argument; /* PUT: "key value"; INSERT: "2 value"; REMOVE: "2" */
    const char *out;                  /* or, for a refusal, what the error says */
};

static status change(struct yaml_file *f, const struct edit *e, struct err *err)
{
    char key[32] = "";
    int at = 0;
    struct yaml_node *n = find(f->documents[0].root, e->path), *value;
    cr_assert_not_null(n, "%s", e->in);
    if (e->change == SET) return yaml_set_text(f, n, lit(e->argument), err);
    cr_assert_eq(sscanf(e->argument, "%31s %n", key, &at), 1);
    if (e->change == REMOVE) return yaml_remove(f, n, (size_t)atoi(key), err);
    TRY(yaml_new(f, e->argument + at, &value, err));
    if (e->change == PUT) return yaml_put(f, n, key, value, err);
    return yaml_insert(f, n, (size_t)atoi(key), value, err);
}

static status edit(const struct edit *e, struct yaml_changes *out, struct err *err)
{
    struct yaml_file f = read_file(e->in);
    TRY(change(&f, e, err));
    return yaml_write(&f, out, err);
}

static void expect_edits(const struct edit *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct yaml_changes c = {.output = BYTES_ABSENT};
        struct err err = {0};
        cr_expect(is_ok(edit(&rows[i], &c, &err)), "%s: %s", rows[i].in, err.text);
        cr_expect(bytes_eq(c.output, lit(rows[i].out)), "%s\nwant\n%s\nhave\n%.*s", rows[i].in, rows[i].out,
                  (int)c.output.len, (const char *)c.output.ptr);
    }
}

static void expect_refusals(const struct edit *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct yaml_changes c = {.output = BYTES_ABSENT};
        struct err err = {0};
        cr_expect_eq(edit(&rows[i], &c, &err).kind, ERR_UNSUPPORTED, "%s", rows[i].in);
        cr_expect(strstr(err.text, rows[i].out), "%s: want %s, have %s", rows[i].in, rows[i].out, err.text);
        cr_expect(err.offset <= strlen(rows[i].in) && !c.output.ptr);
    }
}

Test(yaml_write, refuses_what_several_places_share)
{
    static const struct edit rows[] = {
        {SET, "a: &x b\nc: *x\n", "a", "d",
         "line 1: what has to be changed is used in other places too, by the anchor \"x\""},
        {SET, "a: &x b\nc: *x\n", "c", "d", "line 1"},
        {SET, "a: &x\n  b: c\nd: *x\n", "a/b", "e", "line 2"},
        {SET, "a: &x\n  b: c\nd: *x\n", "d/b", "e", "line 2"},
        {SET, "a: &x\n  b: c\nd:\n  <<: *x\n", "d/b", "e", "line 2"},
        {PUT, "a: &x\n  b: c\nd: *x\n", "a", "k v", "by the anchor \"x\""},
        {INSERT, "a: &x\n- b\nd: *x\n", "d", "0 v", "by the anchor \"x\""},
        {REMOVE, "a: &x\n- b\n- c\nd: *x\n", "a", "0", "by the anchor \"x\""},
        {REMOVE, "a:\n- &x b\n- c\nd: *x\n", "a", "0", "line 2: what has to be taken out is used in other places too"},
        {REMOVE, "a:\n- {b: [&x b]}\n- c\nd: *x\n", "a", "0", "by an anchor in it"},
        {SET, "a: !!str b\n", "a", "d", "has the tag \"tag:yaml.org,2002:str\""},
        {PUT, "a: !x {}\n", "a", "k v", "has the tag \"!x\""},
    };
    expect_refusals(rows, COUNT(rows));
}

Test(yaml_write, refuses_what_cannot_be_changed_in_its_place)
{
    static const struct edit rows[] = {
        {INSERT, "- - a\n  - b\n", "0", "0 c", "line 1: cannot be changed in its place"},
        {REMOVE, "a:\n- b\n", "a", "0", "cannot be changed"},
        {PUT, "a: [b: c]\n", "a/0", "k v", "line 1"},
        {SET, "a: &x b\n", "a", "c", "line 1"},
        {INSERT, "a: &x\n- b\n", "a", "0 c", "line 1"},
        {PUT, "a: |\n  b", "", "k v", "line 2: cannot be changed in its place"},
    };
    expect_refusals(rows, COUNT(rows));
}

Test(yaml_write, scalars_keep_their_quotes)
{
    static const struct edit rows[] = {
        {SET, "a: b # c\n", "a", "d", "a: d # c\n"},
        {SET, "a:   'b'\t# c\n", "a", "it's", "a:   'it''s'\t# c\n"},
        {SET, "a: \"b\"\n", "a", "d", "a: \"d\"\n"},
        {SET, "a: b\n", "a", "yes", "a: \"yes\"\n"},
        {SET, "a: b\n", "a", "12:30", "a: \"12:30\"\n"},
        {SET, "a: b\n", "a", "web#8080#false", "a: \"web#8080#false\"\n"},
        {SET, "a: b\n", "a", "x\n\"\\\t\x7f\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
         "a: \"x\\n\\\"\\\\\\t\\x7f\\xe4\\u20ac\\U0001f600\"\n"},
        {SET, "a: 'b'\n", "a", "\xc3\xa4", "a: \"\\xe4\"\n"},
        {SET, "a: 5\n", "a", "5", "a: \"5\"\n"},
        {SET, "a: b\n", "a", "b", "a: b\n"},
        {SET, "a:\nb: c\n", "a", "d", "a: d\nb: c\n"},
        {SET, "a: |\n  b\n  c\nd: e\n", "a", "f", "a: \"f\"\nd: e\n"},
        {SET, "a: >-\n  b\n  c", "a", "f", "a: \"f\""},
        {SET, "a: b\n  c\n  d # x\ne: f\n", "a", "g", "a: g # x\ne: f\n"},
        {SET, "{a: b, c: [d, e]}\n", "c/1", "x", "{a: b, c: [d, x]}\n"},
    };
    expect_edits(rows, COUNT(rows));
}

Test(yaml_write, keys_are_appended)
{
    static const struct edit rows[] = {
        {PUT, "a:\n  b: c # x\n\n# y\nd: e\n", "a", "k v", "a:\n  b: c # x\n  k: v\n\n# y\nd: e\n"},
        {PUT, "a:\n  b:\n  - c\n  # x\nd: e\n", "a", "k {l: [m]}", "a:\n  b:\n  - c\n  k: {l: [m]}\n  # x\nd: e\n"},
        {PUT, "- a: b\n  c: d\n- e\n", "0", "k l: m", "- a: b\n  c: d\n  k:\n    l: m\n- e\n"},
        {PUT, "- a: b\n- e\n", "0", "k - l: m\n  n: o\n- p", "- a: b\n  k:\n  - l: m\n    n: o\n  - p\n- e\n"},
        {PUT, "a:\n  b:\n    - c\n", "a", "k - l\n- - m", "a:\n  b:\n    - c\n  k:\n    - l\n    - - m\n"},
        {PUT, "a: b", "", "k v", "a: b\nk: v"},
        {PUT, "a: b\r\nc: d\r\n", "", "k [v]", "a: b\r\nc: d\r\nk: [v]\r\n"},
        {PUT, "a: b\r\nc: d", "", "k v", "a: b\r\nc: d\r\nk: v"},
        {PUT, "a: b\rc: d\r", "", "k v", "a: b\rc: d\rk: v\r"},
        {PUT,
         "\xef\xbb\xbf"
         "a: b\n",
         "", "k v",
         "\xef\xbb\xbf"
         "a: b\nk: v\n"},
        {PUT, "---\na: b\n...\n---\nc: d\n", "", "k v", "---\na: b\nk: v\n...\n---\nc: d\n"},
        {PUT, "--- # x\na: b\n--- {}\n", "", "k v", "--- # x\na: b\nk: v\n--- {}\n"},
        {PUT, "a: |\n  b\n\nc: d\n", "", "k v", "a: |\n  b\n\nc: d\nk: v\n"},
        {PUT, "c:\n  a: |+\n    b\n\nd: e\n", "c", "k v", "c:\n  a: |+\n    b\n\n  k: v\nd: e\n"},
        {PUT, "a: {b: c} # x\n", "a", "k v", "a: {b: c, k: v} # x\n"},
        {PUT, "a: {b: c,\n  } # x\n", "a", "k v", "a: {b: c, k: v,\n  } # x\n"},
        {PUT, "a: {}\n", "a", "k {l: m}", "a: {k: {l: m}}\n"},
        {PUT, "a: {b: c}\n", "a", "k - l: m", "a: {b: c, k: [{l: m}]}\n"},
        {PUT, "a:\tb\t# x\n", "", "k v", "a:\tb\t# x\nk: v\n"},
        {PUT, "a:\n  &x b: c\n", "a", "k v", "a:\n  &x b: c\n  k: v\n"},
    };
    expect_edits(rows, COUNT(rows));
}

Test(yaml_write, values_are_replaced)
{
    static const struct edit rows[] = {
        {PUT, "a:\nc: d\n", "", "a k: v", "a:\n  k: v\nc: d\n"},
        {PUT, "a: # x\nc: d\n", "", "a k: v", "a: # x\n  k: v\nc: d\n"},
        {PUT, "a: # x\nc: d\n", "", "a - v", "a: # x\n- v\nc: d\n"},
        {PUT, "a: ~ # x\nc: d\n", "", "a - v", "a: [v] # x\nc: d\n"},
        {PUT, "a: {b: , c: d}\n", "a", "b - v", "a: {b:  [v], c: d}\n"},
        {PUT, "a:\nc: d\n", "", "a v", "a: v\nc: d\n"},
        {PUT, "a: b\nc: d\n", "", "a {k: v}", "a: {k: v}\nc: d\n"},
    };
    expect_edits(rows, COUNT(rows));
}

Test(yaml_write, items_are_inserted)
{
    static const struct edit rows[] = {
        {INSERT, "a:\n# x\n- b # y\n# z\n", "a", "0 c", "a:\n- c\n# x\n- b # y\n# z\n"},
        {INSERT, "a:\n# x\n- b # y\n# z\n", "a", "1 c", "a:\n# x\n- b # y\n- c\n# z\n"},
        {INSERT, "a:\n  - b\n  -   c: d\n      e: f\n", "a", "1 k: v\nl: w",
         "a:\n  - b\n  - k: v\n    l: w\n  -   c: d\n      e: f\n"},
        {INSERT, "a:\n- b\n- c", "a", "2 d", "a:\n- b\n- c\n- d"},
        {INSERT, "a:\r\n- b\r\n", "a", "0 k:\n- v", "a:\r\n- k:\r\n  - v\r\n- b\r\n"},
        {INSERT, "- a\n", "", "0 b", "- b\n- a\n"},
        {INSERT, "# x\n- a\n", "", "0 b", "# x\n- b\n- a\n"},
        {INSERT, "a: [b, c] # x\n", "a", "0 d", "a: [d, b, c] # x\n"},
        {INSERT, "a: [b, c] # x\n", "a", "1 d", "a: [b, d, c] # x\n"},
        {INSERT, "a: [b, c] # x\n", "a", "2 {k: v}", "a: [b, c, {k: v}] # x\n"},
        {INSERT, "a: []\n", "a", "0 k: v", "a: [{k: v}]\n"},
        {INSERT, "a: [\n  b,\n]\n", "a", "1 c", "a: [\n  b, c,\n]\n"},
        {INSERT, "a:\n-\n  b: c\n-\n- d\n", "a", "2 e", "a:\n-\n  b: c\n-\n- e\n- d\n"},
        {INSERT, "a:\n- # x - y\n  b: c\n- d\n", "a", "1 e", "a:\n- # x - y\n  b: c\n- e\n- d\n"},
    };
    expect_edits(rows, COUNT(rows));
}

Test(yaml_write, items_are_removed)
{
    static const struct edit rows[] = {
        {REMOVE, "a:\n# x\n- b # y\n# z\n- c\n", "a", "0", "a:\n# x\n# z\n- c\n"},
        {REMOVE, "a:\n- b\n- c: d\n  e: |\n    f\n\ng: h\n", "a", "1", "a:\n- b\ng: h\n"},
        {REMOVE, "a:\n- b\n- c", "a", "1", "a:\n- b\n"},
        {REMOVE, "a:\n- b\n- c", "a", "0", "a:\n- c"},
        {REMOVE, "a: [b, c, d]\n", "a", "0", "a: [c, d]\n"},
        {REMOVE, "a: [b, c, d]\n", "a", "1", "a: [b, d]\n"},
        {REMOVE, "a: [b, c, d ]\n", "a", "2", "a: [b, c ]\n"},
        {REMOVE, "a: [ b ]\n", "a", "0", "a: [  ]\n"},
        {REMOVE, "a: [b, c,]\n", "a", "1", "a: [b,]\n"},
    };
    expect_edits(rows, COUNT(rows));
}

/* Several changes that meet in one line. */
Test(yaml_write, changes_of_one_place_keep_their_order)
{
    struct yaml_file f = read_file("spec:\n  containers:\n  - name: a\n    image: b");
    struct yaml_node *spec = find(f.documents[0].root, "spec"), *made;
    struct yaml_changes c;
    cr_assert(is_ok(yaml_new(&f, "- name: x\n  mountPath: /x", &made, NULL)));
    cr_assert(is_ok(yaml_put(&f, find(spec, "containers/0"), "volumeMounts", made, NULL)));
    cr_assert(is_ok(yaml_new(&f, "name: c", &made, NULL)));
    cr_assert(is_ok(yaml_insert(&f, find(spec, "containers"), 1, made, NULL)));
    cr_assert(is_ok(yaml_new(&f, "- name: x\n  emptyDir: {}", &made, NULL)));
    cr_assert(is_ok(yaml_put(&f, spec, "volumes", made, NULL)));
    cr_assert(is_ok(yaml_set_text(&f, find(spec, "containers/0/image"), lit("d"), NULL)));
    cr_assert(is_ok(yaml_write(&f, &c, NULL)));
    cr_expect(
        bytes_eq(c.output, lit("spec:\n  containers:\n  - name: a\n    image: d\n    volumeMounts:\n    - name: x\n"
                               "      mountPath: /x\n  - name: c\n  volumes:\n  - name: x\n    emptyDir: {}")),
        "%.*s", (int)c.output.len, (const char *)c.output.ptr);
}

Test(yaml_write, one_item_takes_the_place_of_another)
{
    struct yaml_file f = read_file("a:\n- b\n# x\n- c: d # y\n  e: f\n- g\n");
    struct yaml_node *a = find(f.documents[0].root, "a"), *made;
    struct yaml_changes c;
    cr_assert(is_ok(yaml_remove(&f, a, 1, NULL)));
    cr_assert(is_ok(yaml_new(&f, "k: v", &made, NULL)));
    cr_assert(is_ok(yaml_insert(&f, a, 1, made, NULL)));
    cr_assert(is_ok(yaml_write(&f, &c, NULL)));
    cr_expect(bytes_eq(c.output, lit("a:\n- b\n# x\n- k: v\n- g\n")), "%.*s", (int)c.output.len,
              (const char *)c.output.ptr);
}

Test(yaml_write, no_change_is_the_input_itself)
{
    struct yaml_file f = read_file("a: {b: &x c, d: *x}\r\n---\n# only a comment\n...\n--- e");
    struct yaml_changes c;
    cr_assert(is_ok(yaml_write(&f, &c, NULL)));
    cr_expect(c.count == 0 && c.output.ptr == f.input.ptr && c.output.len == f.input.len);
    cr_expect_eq(f.count, 3);
}
