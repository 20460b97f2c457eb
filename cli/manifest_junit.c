/* SPDX-License-Identifier: Apache-2.0 */
/* cli/manifest_junit.c: for build servers: a test suite for each manifest, a failed test case for each finding. */
#include "cli/manifest_view.h"
#include "cli/verdict_junit.h"

static void open_junit(FILE *out)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"contrast manifest check\">\n", out);
}

static void put_finding(FILE *out, const struct manifest_view *v, const struct manifest_finding *f)
{
    struct text_place place = text_place_of(v->content, f->offset);
    char message[sizeof f->text + 64];
    snprintf(message, sizeof message, "%zu:%zu: %s", place.line, place.column, f->text);
    fputs("    <testcase classname=\"contrast.manifest\"", out);
    verdict_junit_attribute(out, "name", f->pointer.s[0] ? f->pointer.s : "/");
    fputs("><failure", out);
    verdict_junit_attribute(out, "message", message);
    verdict_junit_attribute(out, "type", f->missing ? "to be filled in" : err_kind_name(f->kind));
    fputs("/></testcase>\n", out);
}

static status file_junit(FILE *out, const struct manifest_view *v, const struct manifest_style *style, struct err *err)
{
    const struct manifest_storage *s = &v->storage;
    (void)style, (void)err;
    fputs("  <testsuite", out);
    verdict_junit_attribute(out, "name", v->path);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n",
            s->finding_count > 0 ? s->finding_count : 1, s->finding_count);
    for (size_t i = 0; i < s->finding_count; i++)
        put_finding(out, v, &s->findings[i]);
    if (s->finding_count == 0) fputs("    <testcase classname=\"contrast.manifest\" name=\"valid\"/>\n", out);
    fputs("    <system-out>", out);
    for (size_t i = 0; i < MANIFEST_WARNING_COUNT; i++) {
        if (v->warnings[i].count == 0) continue;
        fputs("warning: ", out);
        verdict_junit_text(out, v->warnings[i].pointer.s);
        fputs(": ", out);
        verdict_junit_text(out, manifest_warning_rows[i].text);
        fputc('\n', out);
    }
    fputs("</system-out>\n  </testsuite>\n", out);
    return OK;
}

static status unread_junit(FILE *out, const char *path, const struct err *why, const struct manifest_style *style,
                           struct err *err)
{
    (void)style, (void)err;
    fputs("  <testsuite", out);
    verdict_junit_attribute(out, "name", path);
    fputs(" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
          "    <testcase classname=\"contrast.manifest\" name=\"read\"><error",
          out);
    verdict_junit_attribute(out, "message", why->text);
    fputs("/></testcase>\n  </testsuite>\n", out);
    return OK;
}

static void close_junit(FILE *out)
{
    fputs("</testsuites>\n", out);
}

const struct manifest_format manifest_junit = {open_junit, file_junit, unread_junit, close_junit};
