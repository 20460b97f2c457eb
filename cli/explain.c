/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain.h"

#include "cli/exit_code.h"
#include "cli/layout.h"
#include "cli/option.h"
#include "parse/text.h"

const char *const explain_advice[CHECK_COUNT] = {
#define ADVICE(id, text) [CHECK_##id] = (text),
#include "cli/advice.def"
#undef ADVICE
};

/* ---- one -------------------------------------------------------------------------------------------------------- */

enum { WORD_COLUMN = 2, TEXT_COLUMN = 14 };

static void row(FILE *out, const char *word, const char *text)
{
    fprintf(out, "  %-*s", TEXT_COLUMN - WORD_COLUMN, word);
    layout_wrap(out, text, TEXT_COLUMN, TEXT_COLUMN, LAYOUT_COLUMNS);
}

static void explain_check(enum check_id id, FILE *out)
{
    const struct check_row *r = &check_rows[id];
    char code[128];
    snprintf(code, sizeof code, "%d: %s", r->exit_code, exit_code_meaning(r->exit_code));
    fprintf(out, "%s\n", r->name);
    row(out, "passed", r->meaning);
    row(out, "source", r->specification);
    row(out, "exit code", code);
    row(out, "when failed", explain_advice[id]);
}

bool explain_one(const char *name, FILE *out)
{
    enum check_id id = check_find(name);
    if (id != CHECK_COUNT) explain_check(id, out);
    for (size_t i = 0; id == CHECK_COUNT && i < WARNING_COUNT; i++) {
        if (strcmp(warning_rows[i].name, name) != 0) continue;
        fprintf(out, "%s\n", name);
        row(out, "warning", warning_rows[i].text);
        return true;
    }
    return id != CHECK_COUNT;
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

const char explain_verdict[] =
    "A verdict has an outcome for every check. It allows when each has passed, was skipped by the user, or had nothing "
    "to do in this\nrun. The exit code is that of the failed check which comes first in the order 3, 4, 5, 8, 7, 6, "
    "11.";

enum { NAME_COLUMNS = 36, INDENT = NAME_COLUMNS + 5 };

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* How many names begin so. */
static size_t list_checks(const char *with, FILE *out)
{
    size_t n = 0;
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        if (!begins(check_rows[i].name, with)) continue;
        if (n++ == 0) fprintf(out, "%-*s exit  passed means\n", NAME_COLUMNS - 1, "check");
        fprintf(out, "%-*s %3d  ", NAME_COLUMNS - 1, check_rows[i].name, check_rows[i].exit_code);
        layout_wrap(out, check_rows[i].meaning, INDENT, INDENT, LAYOUT_COLUMNS);
    }
    return n;
}

static size_t list_warnings(const char *with, FILE *out)
{
    size_t n = 0;
    for (size_t i = 0; i < WARNING_COUNT; i++) {
        if (!begins(warning_rows[i].name, with)) continue;
        if (n++ == 0) fprintf(out, "%-*s\n", NAME_COLUMNS, "warning");
        fprintf(out, "%-*s     ", NAME_COLUMNS, warning_rows[i].name);
        layout_wrap(out, warning_rows[i].text, INDENT, INDENT, LAYOUT_COLUMNS);
    }
    return n;
}

void explain_list(FILE *out)
{
    (void)list_checks("", out);
    fputc('\n', out);
    (void)list_warnings("", out);
}

bool explain_group(const char *beginning, FILE *out)
{
    if (!beginning[0]) return false;
    size_t n = list_checks(beginning, out);
    return list_warnings(beginning, out) + n > 0;
}

void explain_markdown(FILE *out)
{
    fprintf(out, "# Checks\n\nWritten by `contrast explain --markdown`; a test compares.\n\n%s\n", explain_verdict);
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *r = &check_rows[i];
        fprintf(out, "\n## %s\n\nPassed: %s. Exit code %d when it failed (%s). Source: %s.\n\n%s\n", r->name,
                r->meaning, r->exit_code, exit_code_meaning(r->exit_code), r->specification, explain_advice[i]);
    }
    fputs("\n# Warnings\n\nA verdict may allow and warn.\n\n| warning | text |\n|---|---|\n", out);
    for (size_t i = 0; i < WARNING_COUNT; i++)
        fprintf(out, "| %s | %s |\n", warning_rows[i].name, warning_rows[i].text);
}

/* ---- nearest ---------------------------------------------------------------------------------------------------- */

static const char *name_at(size_t i)
{
    return i < CHECK_COUNT ? check_rows[i].name : warning_rows[i - CHECK_COUNT].name;
}

size_t explain_nearest(const char *name, const char **nearest, size_t cap)
{
    const size_t names = (size_t)CHECK_COUNT + WARNING_COUNT;
    size_t found = 0;
    for (size_t want = 0; want <= TEXT_DISTANCE_MAX; want++)
        for (size_t i = 0; i < names && found < cap; i++)
            if (text_distance(text_bytes(name), text_bytes(name_at(i))) == want) nearest[found++] = name_at(i);
    return found;
}
