/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/judged.h"

void judged_run(const struct evidence_input *in, const struct authenticate_options *options,
                const struct reference *reference, struct judged *out)
{
    *out = (struct judged){.verdict.subject = SUBJECT_REPORT};
    for (int id = CHECK_EVIDENCE_ENVELOPE; id <= CHECK_EVIDENCE_RUNTIME_DATA; id++)
        verdict_does_not_apply(&out->verdict, (enum check_id)id, "a bare report");
    evidence_read(in, &out->evidence, &out->verdict);
    evidence_authenticate(&out->evidence, options, &out->verdict);
    evidence_judge(&out->evidence, reference, &out->verdict);
}

static const char *names(const struct verdict *v, enum outcome outcome)
{
    static char text[4096];
    size_t n = 0;
    text[0] = '\0';
    for (size_t id = 0; id < verdict_rows(v); id++)
        if (v->by_id[id].outcome == outcome)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s ", check_rows[id].name);
    return text;
}

const char *judged_failures(const struct verdict *v)
{
    return names(v, FAILED);
}

const char *judged_not_run(const struct verdict *v)
{
    return names(v, NOT_RUN);
}

void judged_expect(const struct judged *j, const char *failures, int exit_code, const char *what)
{
    cr_expect_str_eq(judged_failures(&j->verdict), failures, "%s: want \"%s\", have \"%s\"", what, failures,
                     judged_failures(&j->verdict));
    cr_expect_eq(verdict_exit_code(&j->verdict), exit_code, "%s: exit %d", what, verdict_exit_code(&j->verdict));
    cr_expect_eq(verdict_decide(&j->verdict) == ALLOW, exit_code == 0 || exit_code == 10, "%s", what);
}
