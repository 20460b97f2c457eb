/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verdict_junit.h"

#include "program/value_text.h"

/* XML 1.0 has no way to write most control characters; they, and all that is not ASCII, come as \xNN. */
void verdict_junit_text(FILE *out, const char *text)
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

void verdict_junit_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    verdict_junit_text(out, value);
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
    verdict_junit_attribute(out, "message", message);
    if (c->source) verdict_junit_attribute(out, "type", c->source);
}

static void put_case(FILE *out, const struct check *c, const struct check_row *row, const char *command)
{
    fprintf(out, "    <testcase classname=\"contrast.%s\"", command);
    verdict_junit_attribute(out, "name", row->name);
    if (c->outcome == PASSED) {
        fputs("/>\n", out);
        return;
    }
    fprintf(out, "><%s", is_failure(c) ? "failure" : "skipped");
    put_message(out, c);
    fputs("/></testcase>\n", out);
}

void verdict_junit_suite(FILE *out, const struct verdict *v, const char *name, const char *command, const char *result)
{
    size_t failures = 0, skipped = 0;
    for (size_t k = 0; k < verdict_rows(v); k++) {
        failures += is_failure(&v->by_id[k]);
        skipped += v->by_id[k].outcome == SKIPPED_BY_USER || v->by_id[k].outcome == DOES_NOT_APPLY;
    }
    fputs("  <testsuite", out);
    verdict_junit_attribute(out, "name", name);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", verdict_rows(v), failures, skipped);
    for (size_t k = 0; k < verdict_rows(v); k++)
        put_case(out, &v->by_id[k], &check_rows[k], command);
    fputs("    <system-out>", out);
    verdict_junit_text(out, result);
    for (size_t k = 0; k < WARNING_COUNT; k++) {
        if (!v->warned[k]) continue;
        fputs("\nwarning: ", out);
        verdict_junit_text(out, warning_rows[k].text);
    }
    fputs("</system-out>\n  </testsuite>\n", out);
}
