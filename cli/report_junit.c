/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_junit.c: for build servers: a test suite for each file, a test case for each check.
 *
 * Failed and "not run" checks are failures; waived checks, and those that had nothing to do, are skipped.
 */
#include "cli/option.h"
#include "cli/report.h"
#include "cli/value_text.h"

/* XML 1.0 has no way to write most control characters; they, and all that is not ASCII, come as \xNN. */
static void put_xml(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        switch (*c) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            if (*c >= 0x20 && *c < 0x7f)
                fputc(*c, out);
            else
                fprintf(out, "\\x%02x", (unsigned char)*c);
        }
    }
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    put_xml(out, value);
    fputc('"', out);
}

static bool is_failure(const struct check *c)
{
    return c->outcome == FAILED || c->outcome == NOT_RUN;
}

static void put_message(FILE *out, const struct check *c)
{
    struct value_text want = value_text_of(&c->want), got = value_text_of(&c->got);
    char message[CHECK_NOTE_MAX + 2 * VALUE_TEXT_SIZE + 64];
    snprintf(message, sizeof message, "%s%s%s%s%s", c->outcome == NOT_RUN ? "not run" : c->note,
             want.s[0] ? " want " : "", want.s, got.s[0] ? " have " : "", got.s);
    put_attribute(out, "message", message);
    if (c->source) put_attribute(out, "type", c->source);
}

static void put_case(FILE *out, const struct check *c, const struct check_row *row)
{
    fputs("    <testcase classname=\"contrast.inspect\"", out);
    put_attribute(out, "name", row->name);
    if (c->outcome == PASSED) {
        fputs("/>\n", out);
        return;
    }
    fprintf(out, "><%s", is_failure(c) ? "failure" : "skipped");
    put_message(out, c);
    fputs("/></testcase>\n", out);
}

static void open_junit(FILE *out, const struct inspection_options *options)
{
    (void)options;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"contrast inspect\">\n", out);
}

static void file_junit(FILE *out, const struct inspection *i, const struct report_style *style)
{
    const struct verdict *v = &i->verdict;
    size_t failures = 0, skipped = 0;
    char result[512];
    (void)style;
    for (size_t k = 0; k < CHECK_COUNT; k++) {
        failures += is_failure(&v->by_id[k]);
        skipped += v->by_id[k].outcome == SKIPPED_BY_USER || v->by_id[k].outcome == DOES_NOT_APPLY;
    }
    fputs("  <testsuite", out);
    put_attribute(out, "name", i->path);
    fprintf(out, " tests=\"%d\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", CHECK_COUNT, failures, skipped);
    for (size_t k = 0; k < CHECK_COUNT; k++)
        put_case(out, &v->by_id[k], &check_rows[k]);
    report_result(i, result, sizeof result);
    fputs("    <system-out>", out);
    put_xml(out, result);
    for (size_t k = 0; k < WARNING_COUNT; k++) {
        if (!v->warned[k]) continue;
        fputs("\nwarning: ", out);
        put_xml(out, warning_rows[k].text);
    }
    fputs("</system-out>\n  </testsuite>\n", out);
}

static void unread_junit(FILE *out, const char *path, const struct err *err, const struct report_style *style)
{
    (void)style;
    fputs("  <testsuite", out);
    put_attribute(out, "name", path);
    fputs(" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
          "    <testcase classname=\"contrast.inspect\" name=\"read\"><error",
          out);
    put_attribute(out, "message", err->text);
    fputs("/></testcase>\n  </testsuite>\n", out);
}

static void close_junit(FILE *out, const struct report_totals *totals)
{
    (void)totals;
    fputs("</testsuites>\n", out);
}

const struct report_format report_junit = {open_junit, file_junit, unread_junit, close_junit};
