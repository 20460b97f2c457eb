/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verdict_junit.h"
#include "cli/verification_report.h"

status verification_junit(FILE *out, const struct verification *v, const struct verification_style *style,
                          struct err *err)
{
    (void)err;
    char result[512];
    verification_result(v, style, result, sizeof result);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"contrast verify\">\n", out);
    verdict_junit_suite(out, &v->report.verdict, style->path, "verify", result);
    fputs("</testsuites>\n", out);
    return OK;
}
