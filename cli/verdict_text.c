/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verdict_text.h"

#include "cli/option.h"
#include "parse/text.h"
#include "program/value_text.h"

enum { VALUE_COLUMN = 23, BIT_COLUMN = 31, CHECK_COLUMN = 11 };

/* ---- what it says ----------------------------------------------------------------------------------------------- */

/* Hex in lines of 32 bytes, from column `indent` on. */
static void print_hex(FILE *out, bytes b, int indent)
{
    if (b.len > TEXT_HEX_BYTES && bytes_are_zero(b)) {
        fprintf(out, "%zu zero bytes", b.len);
        return;
    }
    for (size_t i = 0; i < b.len; i++) {
        if (i > 0 && i % 32 == 0) fprintf(out, "\n%*s", indent, "");
        fprintf(out, "%02x", b.ptr[i]);
    }
}

static void print_value(FILE *out, const struct value *value, int indent)
{
    if (value->kind == VALUE_HEX)
        print_hex(out, value->as.b, indent);
    else
        fputs(value_text_of(value).s, out);
}

static void print_item(FILE *out, const struct item *item, const struct palette *p)
{
    if (item->depth == 0) {
        fprintf(out, "\n%s%s%s\n", p->bold, item->name, p->end);
        return;
    }
    int column = item->depth == 1 ? VALUE_COLUMN : BIT_COLUMN;
    bool faint = item->is_flag && item->value.as.u == 0;
    fprintf(out, "%*s%s%-*s ", (int)(2 * item->depth), "", faint ? p->dim : "", column - 1 - (int)(2 * item->depth),
            item->name);
    print_value(out, &item->value, VALUE_COLUMN);
    if (item->meaning) fprintf(out, "  %s", item->meaning);
    fprintf(out, "%s\n", faint ? p->end : "");
}

void verdict_text_description(FILE *out, const struct description *d, const struct palette *p)
{
    for (size_t k = 0; k < d->count; k++)
        print_item(out, &d->items[k], p);
}

/* ---- what was checked ------------------------------------------------------------------------------------------- */

struct sentence {
    char s[1536];
    size_t n;
};

static void say(struct sentence *to, const char *before, const char *text, const char *behind)
{
    int n = snprintf(to->s + to->n, sizeof to->s - to->n, "%s%s%s", before, text, behind);
    if (n > 0) to->n += (size_t)n;
    if (to->n >= sizeof to->s) to->n = sizeof to->s - 1;
}

/* "name: note: want .., have .. (source)"; of what passed "name: note: have (source: want)", for nothing is missing. */
static struct sentence sentence_of(const struct check *c, const char *name)
{
    struct value_text want = value_text_short(&c->want), got = value_text_short(&c->got);
    bool same = strcmp(want.s, got.s) == 0;
    struct sentence out = {.s = "", .n = 0};
    say(&out, name, "", "");
    if (c->note[0]) say(&out, ": ", c->note, "");
    bool has_want = want.s[0] && !same, passed = c->outcome == PASSED && got.s[0];
    if (has_want && !passed) say(&out, ": want ", want.s, "");
    if (got.s[0]) say(&out, has_want && !passed ? ", have " : ": ", got.s, "");
    if (c->source || (has_want && passed)) {
        say(&out, " (", c->source ? c->source : "wanted", "");
        if (has_want && passed) say(&out, ": ", want.s, "");
        say(&out, ")", "", "");
    }
    return out;
}

static void print_check(FILE *out, const char *colour, const char *word, const char *text, const struct palette *p)
{
    fprintf(out, "  %s%-8s%s ", colour, word, p->end);
    layout_wrap(out, text, CHECK_COLUMN, CHECK_COLUMN + 2, LAYOUT_COLUMNS);
}

/* More than its name. */
static bool has_details(const struct check *c)
{
    return c->note[0] || c->want.kind != VALUE_NONE || c->got.kind != VALUE_NONE;
}

/* Rows of a verdict: from..to - 1. */
struct part {
    const struct verdict *v;
    size_t from, to;
};

static void print_passed(FILE *out, const struct part *part, const struct palette *p)
{
    const struct verdict *v = part->v;
    for (size_t i = part->from; i < part->to; i++)
        if (v->by_id[i].outcome == PASSED && has_details(&v->by_id[i]))
            print_check(out, p->good, "passed", sentence_of(&v->by_id[i], check_rows[i].name).s, p);
}

static bool is_long(const struct value *value)
{
    return value->kind == VALUE_HEX && value->as.b.len > TEXT_HEX_BYTES;
}

static void print_long(FILE *out, const char *word, const struct value *value)
{
    enum { WORD_COLUMN = CHECK_COLUMN + 2 };
    if (value->kind == VALUE_NONE) return;
    fprintf(out, "%*s%s ", WORD_COLUMN, "", word);
    print_value(out, value, WORD_COLUMN + 5);
    fputc('\n', out);
}

/* Values that do not fit into a sentence stand below it, in full: what failed has to be seen. */
static void print_failed(FILE *out, const struct part *part, const struct palette *p)
{
    const struct verdict *v = part->v;
    for (size_t i = part->from; i < part->to; i++) {
        struct check c = v->by_id[i];
        if (c.outcome != FAILED) continue;
        bool below = is_long(&c.want) || is_long(&c.got);
        if (below) c.want = c.got = value_none();
        print_check(out, p->bad, "failed", sentence_of(&c, check_rows[i].name).s, p);
        if (below) print_long(out, "want", &v->by_id[i].want);
        if (below) print_long(out, "have", &v->by_id[i].got);
    }
}

/* Whether a check belongs to the paragraph that `with` begins. */
static bool is_like(const struct check *c, const struct check *with)
{
    return c->outcome == with->outcome && strcmp(c->note, with->note) == 0 && c->want.kind == VALUE_NONE &&
           c->got.kind == VALUE_NONE;
}

static bool is_first_of_group(const struct part *part, size_t i)
{
    const struct check *c = &part->v->by_id[i];
    for (size_t k = part->from; k < i; k++)
        if (is_like(&part->v->by_id[k], c)) return false;
    return is_like(c, c);
}

/* Checks that say the same thing in one paragraph: the note, then the names. */
static void print_groups(FILE *out, const struct part *part, enum outcome outcome, const char *colour, const char *word,
                         const struct palette *p)
{
    const struct verdict *v = part->v;
    for (size_t i = part->from; i < part->to; i++) {
        const struct check *c = &v->by_id[i];
        if (c->outcome != outcome || (outcome == PASSED && has_details(c)) || !is_first_of_group(part, i)) continue;
        struct sentence names = {.s = "", .n = 0};
        if (c->note[0]) say(&names, c->note, ": ", "");
        for (size_t k = i; k < part->to; k++)
            if (is_like(&v->by_id[k], c)) say(&names, k == i ? "" : ", ", check_rows[k].name, "");
        print_check(out, colour, word, names.s, p);
    }
}

static void print_part(FILE *out, const struct part *part, const struct palette *p)
{
    print_groups(out, part, PASSED, p->good, "passed", p);
    print_passed(out, part, p);
    print_groups(out, part, DOES_NOT_APPLY, p->dim, "n/a", p);
    print_groups(out, part, SKIPPED_BY_USER, p->doubtful, "skipped", p);
    print_groups(out, part, NOT_RUN, p->doubtful, "not run", p);
    print_failed(out, part, p);
}

static void print_warnings(FILE *out, const struct verdict *v, const struct palette *p)
{
    for (size_t i = 0; i < WARNING_COUNT; i++) {
        struct sentence text = {.s = "", .n = 0};
        if (!v->warned[i]) continue;
        say(&text, warning_rows[i].name, ": ", warning_rows[i].text);
        print_check(out, p->doubtful, "warning", text.s, p);
    }
}

void verdict_text_checks(FILE *out, const struct verdict *v, const struct palette *p)
{
    const struct part all = {v, 0, verdict_rows(v)};
    fprintf(out, "\n%sCHECKS%s\n", p->bold, p->end);
    print_part(out, &all, p);
    print_warnings(out, v, p);
}

/* ---- as a tree -------------------------------------------------------------------------------------------------- */

/* Each goes on to the first row of the next. */
static const struct section {
    enum check_id first;
    const char *name;
} sections[] = {
    {CHECK_EVIDENCE_ENVELOPE, "evidence"},
    {CHECK_REPORT_SIZE, "report, its format"},
    {CHECK_LEAF_PRESENT, "leaf"},
    {CHECK_ROOT_TRUSTED, "chain"},
    {CHECK_CRL_PRESENT, "revocation"},
    {CHECK_REPORT_SIGNATURE, "report, its signature"},
    {CHECK_TCB_PROVISIONAL, "report against the manifest"},
    {CHECK_ATTEST_ANSWER, "answer or bundle"},
    {CHECK_NONCE, "freshness"},
    {CHECK_MANIFEST_EXPECTED, "manifest"},
    {CHECK_HISTORY_MANIFESTS, "history"},
    {CHECK_POLICY_PRESENT, "policies"},
    {CHECK_ROOT_CA_CERTIFICATE, "CA certificates"},
    {CHECK_COUNT, NULL},
};
_Static_assert(CHECK_EVIDENCE_ENVELOPE == 0, "the first section begins with the first row, or else some are not shown");

static size_t count(const struct part *part, enum outcome outcome)
{
    size_t n = 0;
    for (size_t i = part->from; i < part->to; i++)
        n += part->v->by_id[i].outcome == outcome;
    return n;
}

static void print_section(FILE *out, const struct part *part, const char *name, const struct palette *p)
{
    size_t failed = count(part, FAILED), idle = count(part, NOT_RUN), passed = count(part, PASSED);
    const char *colour = failed ? p->bad : idle ? p->doubtful : p->good;
    fprintf(out, "\n%s%s%s: %s", p->bold, name, p->end, colour);
    if (failed) fprintf(out, "%zu FAILED, ", failed);
    if (idle) fprintf(out, "%zu not run, ", idle);
    fprintf(out, "%zu passed%s\n", passed, p->end);
    print_part(out, part, p);
}

void verdict_text_tree(FILE *out, const struct verdict *v, const struct palette *p)
{
    for (const struct section *s = sections; s->name; s++) {
        const struct part part = {v, s[0].first, s[1].first};
        print_section(out, &part, s->name, p);
    }
    fputc('\n', out);
    print_warnings(out, v, p);
}

void verdict_text_line(FILE *out, const struct verdict *v, const char *path, const char *result,
                       const struct palette *p)
{
    int code = verdict_exit_code(v);
    const char *colour = code == EXIT_DONE ? p->good : code == EXIT_BY_HAND ? p->doubtful : p->bad;
    layout_foreign(out, text_bytes(path));
    fprintf(out, ": %s%s%s\n", colour, result, p->end);
}
