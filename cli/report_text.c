/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_text.c: for a person at a terminal.  What is said, then what was checked, then what follows: the end of
 * the output is what stays on the screen. */
#include "cli/option.h"
#include "cli/report.h"
#include "cli/verdict_text.h"

static void print_foreign_path(FILE *out, const char *path)
{
    layout_foreign(out, text_bytes(path));
}

static void print_result(FILE *out, const struct inspection *i, const struct palette *p)
{
    char result[512];
    report_result(i, result, sizeof result);
    verdict_text_line(out, &i->verdict, i->path, result, p);
}

static void open_text(FILE *out, const struct inspection_options *options)
{
    (void)out, (void)options;
}

static status file_text(FILE *out, const struct inspection *i, const struct report_style *style, struct err *err)
{
    (void)err;
    if (style->quiet) {
        print_result(out, i, style->palette);
        return OK;
    }
    if (!style->first) fputc('\n', out);
    fputs(style->palette->bold, out);
    print_foreign_path(out, i->path);
    fprintf(out, "%s\n", style->palette->end);
    struct description d = {.count = 0};
    describe(i, &d);
    verdict_text_description(out, &d, style->palette);
    verdict_text_checks(out, &i->verdict, style->palette);
    fputc('\n', out);
    print_result(out, i, style->palette);
    return OK;
}

static status unread_text(FILE *out, const char *path, const struct err *why, const struct report_style *style,
                          struct err *err)
{
    (void)err;
    int code = exit_code_of_error(why);
    print_foreign_path(out, path);
    fprintf(out, ": %sDENY: %s: %s (exit %d)%s\n", style->palette->bad, exit_code_meaning(code), why->text, code,
            style->palette->end);
    return OK;
}

static void close_text(FILE *out, const struct report_totals *t)
{
    if (t->files < 2) return;
    fprintf(out, "%zu files:", t->files);
    const char *comma = "";
    for (int code = 0; code < EXIT_CODE_COUNT; code++) {
        if (t->by_code[code] == 0) continue;
        fprintf(out, "%s %zu with exit %d (%s)", comma, t->by_code[code], code, exit_code_meaning(code));
        comma = ",";
    }
    fputc('\n', out);
}

const struct report_format report_text = {open_text, file_text, unread_text, close_text};
