/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report.h"

const struct report_format *const report_formats[] = {&report_text, &report_json, &report_junit};
const char *const report_format_names[] = {"text", "json", "junit", NULL};

const char *report_outcome_name(enum outcome outcome)
{
    static const char *const names[] = {[NOT_RUN] = "not-run",
                                        [FAILED] = "failed",
                                        [SKIPPED_BY_USER] = "skipped",
                                        [DOES_NOT_APPLY] = "does-not-apply",
                                        [PASSED] = "passed"};
    return names[outcome];
}

size_t report_count(const struct verdict *v, enum outcome outcome)
{
    size_t n = 0;
    for (size_t i = 0; i < verdict_rows(v); i++)
        n += v->by_id[i].outcome == outcome;
    return n;
}

/* The first check that failed with this code; none when checks did not run though none failed. */
const char *report_first_failed(const struct verdict *v, int code)
{
    for (size_t i = 0; i < verdict_rows(v); i++)
        if (v->by_id[i].outcome == FAILED && check_rows[i].exit_code == code) return check_rows[i].name;
    return "no check failed, yet some did not run";
}

static void allow(const struct inspection *i, int code, char *out, size_t cap)
{
    const struct evidence *e = &i->evidence;
    size_t skipped = report_count(&i->verdict, SKIPPED_BY_USER);
    char waived[48] = "";
    if (skipped > 0) snprintf(waived, sizeof waived, ", %zu skipped", skipped);
    snprintf(out, cap, "ALLOW: %s %s report signed by its %s; %zu checks passed%s (exit %d)",
             i->verdict.by_hand ? "under a root given by hand, a" : "genuine", snp_product_name(e->product),
             e->leaf.kind == SNP_SIGNED_BY_VLEK ? "VLEK" : "VCEK", report_count(&i->verdict, PASSED), waived, code);
}

void report_deny(const struct verdict *v, char *out, size_t cap)
{
    int code = verdict_exit_code(v);
    size_t failed = report_count(v, FAILED);
    char more[48] = "";
    if (failed > 1) snprintf(more, sizeof more, " and %zu more", failed - 1);
    snprintf(out, cap, "DENY: %s: %s%s (exit %d)", exit_code_meaning(code), report_first_failed(v, code), more, code);
}

void report_result(const struct inspection *i, char *out, size_t cap)
{
    if (verdict_decide(&i->verdict) == ALLOW)
        allow(i, verdict_exit_code(&i->verdict), out, cap);
    else
        report_deny(&i->verdict, out, cap);
}
