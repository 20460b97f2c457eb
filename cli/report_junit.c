/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_junit.c: for build servers: a test suite for each file. */
#include "cli/report.h"
#include "cli/verdict_junit.h"

static void open_junit(FILE *out, const struct inspection_options *options)
{
    (void)options;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"contrast inspect\">\n", out);
}

static void file_junit(FILE *out, const struct inspection *i, const struct report_style *style)
{
    char result[512];
    (void)style;
    report_result(i, result, sizeof result);
    verdict_junit_suite(out, &i->verdict, i->path, "inspect", result);
}

static void unread_junit(FILE *out, const char *path, const struct err *err, const struct report_style *style)
{
    (void)style;
    fputs("  <testsuite", out);
    verdict_junit_attribute(out, "name", path);
    fputs(" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
          "    <testcase classname=\"contrast.inspect\" name=\"read\"><error",
          out);
    verdict_junit_attribute(out, "message", err->text);
    fputs("/></testcase>\n  </testsuite>\n", out);
}

static void close_junit(FILE *out, const struct report_totals *totals)
{
    (void)totals;
    fputs("</testsuites>\n", out);
}

const struct report_format report_junit = {open_junit, file_junit, unread_junit, close_junit};
