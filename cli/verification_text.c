/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/describe_deployment.h"
#include "cli/option.h"
#include "cli/report.h"
#include "cli/verdict_text.h"
#include "cli/verification_report.h"

enum { TEXT_COLUMN = 2 };

static void print_not_proven(FILE *out, const struct verification *v, const struct palette *p)
{
    fprintf(out, "\n%sNOT PROVEN%s\n", p->bold, p->end);
    const struct not_proven *n;
    for (size_t row = 0; (n = verification_not_proven(v, &row));) {
        char line[512];
        snprintf(line, sizeof line, "%s: %s", n->name, n->text);
        fprintf(out, "%*s", TEXT_COLUMN, "");
        layout_wrap(out, line, TEXT_COLUMN, TEXT_COLUMN + 2, LAYOUT_COLUMNS);
    }
}

static void print_advice(FILE *out, const struct verdict *v)
{
    if (verdict_decide(v) != ALLOW && report_count(v, FAILED) > 0)
        fprintf(out, "\ncontrast explain %s tells what to do.\n", report_first_failed(v, verdict_exit_code(v)));
}

status verification_text(FILE *out, const struct verification *v, const struct verification_style *style,
                         struct err *err)
{
    (void)err;
    const struct palette *p = style->palette;
    char result[512];
    verification_result(v, style, result, sizeof result);
    if (!style->quiet) {
        struct deployment_description d;
        describe_deployment(v, &d);
        fputs(p->bold, out);
        layout_foreign(out, text_bytes(style->path));
        fprintf(out, "%s\n", p->end);
        verdict_text_description(out, &d.list, p);
        verdict_text_tree(out, &v->report.verdict, p);
        if (v->is_open) print_not_proven(out, v, p);
        print_advice(out, &v->report.verdict);
        fputc('\n', out);
    }
    verdict_text_line(out, &v->report.verdict, style->path, result, p);
    return OK;
}
