/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_junit.c: for build servers: a test suite for each file. */
#include "cli/report.h"
#include "cli/verdict_junit.h"

static void open_junit(FILE *out, const struct inspection_options *options)
{
    (void)options;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"contrast inspect\">\n", out);
}

static status file_junit(FILE *out, const struct inspection *i, const struct report_style *style, struct err *err)
{
    char result[512];
    (void)style, (void)err;
    report_result(i, result, sizeof result);
    verdict_junit_suite(out, &i->verdict, i->path, "inspect", result);
    return OK;
}

static status unread_junit(FILE *out, const char *path, const struct err *why, const struct report_style *style,
                           struct err *err)
{
    (void)style, (void)err;
    fputs("  <testsuite", out);
    verdict_junit_attribute(out, "name", path);
    fputs(" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
          "    <testcase classname=\"contrast.inspect\" name=\"read\"><error",
          out);
    verdict_junit_attribute(out, "message", why->text);
    fputs("/></testcase>\n  </testsuite>\n", out);
    return OK;
}

static void close_junit(FILE *out, const struct report_totals *totals)
{
    (void)totals;
    fputs("</testsuites>\n", out);
}

const struct report_format report_junit = {open_junit, file_junit, unread_junit, close_junit};
