/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verification_report.h"

#include "cli/exit_code.h"
#include "cli/report.h"
#include "program/value_text.h"

verification_format *const verification_formats[] = {
    [REPORT_TEXT] = verification_text, [REPORT_JSON] = verification_json, [REPORT_JUNIT] = verification_junit};

enum when { ALWAYS, OF_BUNDLE, ANY_CHIP };

static const struct row {
    struct not_proven what;
    enum when when;
} rows[] = {
#define NOT_PROVEN(name, when, text) {{name, text}, when},
#include "cli/not_proven.def"
#undef NOT_PROVEN
};

static bool applies(const struct verification *v, enum when when)
{
    switch (when) {
    case OF_BUNDLE:
        return v->is_bundle;
    case ANY_CHIP:
        return v->report.verdict.warned[WARN_NO_CHIP_ALLOW_LIST];
    case ALWAYS:
    default:
        return true;
    }
}

const struct not_proven *verification_not_proven(const struct verification *v, size_t *row)
{
    while (*row < sizeof rows / sizeof rows[0]) {
        const struct row *r = &rows[(*row)++];
        if (applies(v, r->when)) return &r->what;
    }
    return NULL;
}

void verification_result(const struct verification *v, const struct verification_style *style, char *out, size_t cap)
{
    const struct verdict *verdict = &v->report.verdict;
    struct value at = value_time(v->options.authenticate.now);
    if (verdict_decide(verdict) == ALLOW)
        snprintf(out, cap, "ALLOW: %sthe manifest is what this deployment runs%s%s; %zu checks passed (exit %d)",
                 verdict->by_hand ? "under a root given by hand, " : "",
                 style->at_capture ? ", judged at the claimed capture time " : "",
                 style->at_capture ? value_text_of(&at).s : "", report_count(verdict, PASSED),
                 verdict_exit_code(verdict));
    else
        report_deny(verdict, out, cap);
}
