/* SPDX-License-Identifier: Apache-2.0 */
/* yaml-test-suite through kube/yaml.h: what is read, as the suite's own list of events. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "kube/resource.h"
#include "kube/text_out.h"
#include "parse/text.h"
#include "tests/shared.h"

static bytes lit(const char *s)
{
    return BYTES((const uint8_t *)s, strlen(s));
}

/* ---- the suite's notation --------------------------------------------------------------------------------------- */

/* Its characters for what an editor would lose. */
static bytes unfold(bytes in, struct arena *memory)
{
    static const struct {
        const char *shown, *meant;
    } marks[] = {{"\u2423", " "},  {"\u2014", ""},       {"\u00bb", "\t"},
                 {"\u2190", "\r"}, {"\u21d4", "\ufeff"}, {"\u21b5", ""}};
    struct text_out out = {.memory = memory};
    bytes text;
    for (size_t at = 0; at < in.len;) {
        size_t i = 0, n = sizeof marks / sizeof marks[0];
        while (i < n && !bytes_eq(bytes_slice(in, at, strlen(marks[i].shown)), lit(marks[i].shown)))
            i++;
        if (i == n && bytes_eq(bytes_slice(in, at, 3), lit("\u220e"))) break; /* no line break at the end */
        text_put(&out, i < n ? lit(marks[i].meant) : bytes_slice(in, at, 1));
        at += i < n ? strlen(marks[i].shown) : 1;
    }
    cr_assert(is_ok(text_out_take(&out, &text, NULL)));
    return text;
}

static void put_properties(struct text_out *out, const struct yaml_node *n)
{
    if (n->anchor.ptr) {
        text_put_string(out, " &");
        text_put(out, n->anchor);
    }
    if (n->tag.ptr) {
        text_put_string(out, " <");
        text_put(out, n->tag);
        text_put_string(out, ">");
    }
}

static void put_value(struct text_out *out, bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        static const char from[] = "\\\n\t\r\b", to[] = "\\ntrb";
        const char *found = memchr(from, text.ptr[i], sizeof from - 1);
        if (found) {
            const char escape[] = {'\\', to[found - from], '\0'};
            text_put_string(out, escape);
        } else {
            text_put(out, bytes_slice(text, i, 1));
        }
    }
}

static void put_event(struct text_out *out, size_t depth, const char *event)
{
    text_put_repeated(out, ' ', depth);
    text_put_string(out, event);
}

static void put_node(struct text_out *out, const struct yaml_node *n, size_t depth)
{
    static const char *const styles[] = {" :", " '", " \"", " |", " >"};
    if (n->kind == YAML_TEXT || n->kind == YAML_ALIAS) {
        put_event(out, depth, n->kind == YAML_TEXT ? "=VAL" : "=ALI *");
        if (n->kind == YAML_TEXT) put_properties(out, n);
        if (n->kind == YAML_TEXT) text_put_string(out, styles[n->style]);
        put_value(out, n->text);
        text_put_string(out, "\n");
        return;
    }
    bool is_map = n->kind == YAML_MAPPING;
    put_event(out, depth, is_map ? "+MAP" : "+SEQ");
    if (n->is_flow) text_put_string(out, is_map ? " {}" : " []");
    put_properties(out, n);
    text_put_string(out, "\n");
    for (size_t i = 0; i < n->count; i++)
        put_node(out, n->items[i], depth + 1);
    put_event(out, depth, is_map ? "-MAP\n" : "-SEQ\n");
}

static bytes events_of(const struct yaml_file *f, struct arena *memory)
{
    struct text_out out = {.memory = memory};
    bytes text;
    text_put_string(&out, "+STR\n");
    for (size_t i = 0; i < f->count; i++) {
        text_put_string(&out, f->documents[i].has_start ? " +DOC ---\n" : " +DOC\n");
        put_node(&out, f->documents[i].root, 2);
        text_put_string(&out, f->documents[i].has_end ? " -DOC ...\n" : " -DOC\n");
    }
    text_put_string(&out, "-STR\n");
    cr_assert(is_ok(text_out_take(&out, &text, NULL)));
    return text;
}

/* ---- the cases -------------------------------------------------------------------------------------------------- */

/* What libyaml 0.2.5 does otherwise than YAML 1.2 says, and kubectl, whose reader is made from it, with it.  "refused":
 * valid and refused; "read": not valid and read; "other": read as something else.  A case of a file with several is
 * NAME-N, from 0. */
struct difference {
    const char *name, *how;
};

static const struct difference differences[] = {
#include "tests/yaml_suite.def"
};

struct tally {
    size_t same, refused, skipped, different, wrong;
};

static const char *expected_difference(const char *name)
{
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++)
        if (strcmp(differences[i].name, name) == 0) return differences[i].how;
    return NULL;
}

static const char *difference_of(bytes yaml, struct yaml_node *tree, bool must_fail, struct arena *memory)
{
    struct yaml_file f;
    struct err err = {0};
    status s = yaml_parse(yaml, memory, &f, &err);
    if (!is_ok(s)) {
        cr_expect(err.kind == s.kind && err.text[0] != '\0' && err.offset <= yaml.len);
        return must_fail ? NULL : "refused";
    }
    if (must_fail) {
        /* What libyaml reads all the same is still no object of Kubernetes. */
        struct resources none;
        cr_expect_not(is_ok(resources_read(&f, &none, NULL)) && none.count > 0);
        return "read";
    }
    return bytes_eq(events_of(&f, memory), unfold(yaml_text(tree), memory)) ? NULL : "other";
}

static void try_case(struct yaml_node *c, struct yaml_node *tree, const char *name, struct tally *t)
{
    struct arena memory = {0};
    bool must_fail = yaml_text_is(yaml_get(c, "fail"), "true");
    bytes yaml = unfold(yaml_text(yaml_get(c, "yaml")), &memory);
    const char *have = difference_of(yaml, tree, must_fail, &memory), *want = expected_difference(name);
    t->same += !have && !must_fail;
    t->refused += !have && must_fail;
    t->different += have != NULL;
    cr_expect(have ? want && strcmp(have, want) == 0 : !want, "%s: want %s, have %s", name,
              want ? want : "as the suite says", have ? have : "as the suite says");
    arena_free(&memory);
}

static void try_file(const char *file, struct tally *t)
{
    struct arena memory = {0};
    struct yaml_file f;
    char path[64], name[16];
    snprintf(path, sizeof path, "suites/yaml/src/%.16s", file);
    bytes in = shared_read(path);
    cr_assert(is_ok(yaml_parse(in, &memory, &f, NULL)), "%s", path);
    struct yaml_node *cases = f.documents[0].root, *tree = NULL;
    for (size_t i = 0; i < cases->count; i++) {
        struct yaml_node *c = cases->items[i], *own = yaml_get(c, "tree");
        /* A further case may leave out what is as before. */
        if (own) tree = own;
        snprintf(name, sizeof name, cases->count > 1 ? "%.4s-%zu" : "%.4s", file, i);
        if (yaml_get(cases->items[0], "skip"))
            t->skipped++;
        else
            try_case(c, tree, name, t);
    }
    arena_free(&memory);
    free((void *)in.ptr);
}

Test(yaml_suite, reads_what_the_suite_says)
{
    struct tally t = {0};
    free((void *)shared_read("suites/README.md").ptr); /* skips where there is no suite */
    struct dirent **names;
    int n = scandir("../shared/suites/yaml/src", &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (strstr(names[i]->d_name, ".yaml")) try_file(names[i]->d_name, &t);
        free(names[i]);
    }
    free(names);
    cr_log_info("yaml-test-suite: %zu as it says, %zu refused as it says, %zu of libyaml's differences, %zu skipped",
                t.same, t.refused, t.different, t.skipped);
    cr_expect_eq(t.different, sizeof differences / sizeof differences[0]);
    cr_expect(t.same > 250 && t.refused > 50, "%zu, %zu", t.same, t.refused);
}
