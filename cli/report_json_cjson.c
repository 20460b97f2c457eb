/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_json_cjson.c: for programs.  The schema is contrast.inspect/1 of docs/inspect.md: members are added to it,
 * never renamed, removed or given another meaning. */
#include <cJSON.h>
#include <stdlib.h>

#include "cli/json_out.h"
#include "cli/option.h"
#include "cli/report.h"
#include "cli/verdict_json.h"
#include "program/value_text.h"

#define SCHEMA "contrast.inspect/1"

const char *report_json_library(void)
{
    static char name[32];
    snprintf(name, sizeof name, "cJSON %s", cJSON_Version());
    return name;
}

/* ---- the format ------------------------------------------------------------------------------------------------- */

/* As it is when a program can take it so; what begins with a quotation mark is escaped. */
static bool is_plain_path(const char *path)
{
    size_t i = 0;
    while (path[i] >= 0x20 && path[i] < 0x7f)
        i++;
    return path[i] == '\0' && path[0] != '"';
}

static void add_path(cJSON *to, const char *path)
{
    char *text = NULL;
    size_t n;
    if (is_plain_path(path)) {
        verdict_json_text(to, "file", path);
        return;
    }
    FILE *f = open_memstream(&text, &n);
    if (f) layout_foreign(f, text_bytes(path));
    bool whole = f && fclose(f) == 0;
    if (whole)
        verdict_json_text(to, "file", text);
    else
        json_lack();
    free(text);
}

static void open_json(FILE *out, const struct inspection_options *options)
{
    struct value at = value_time(options->authenticate.now);
    fprintf(out, "{\n\"schema\": \"" SCHEMA "\",\n\"at\": \"%s\",\n\"root\": \"%s\",\n\"files\": [",
            value_text_of(&at).s, options->authenticate.cas.by_hand ? "by-hand" : "amd");
}

static status file_json(FILE *out, const struct inspection *i, const struct report_style *style, struct err *err)
{
    cJSON *o = json_begin();
    struct description d = {.count = 0};
    describe(i, &d);
    add_path(o, i->path);
    verdict_json_decision(o, &i->verdict);
    verdict_json_description(o, &d);
    verdict_json_outcome(o, &i->verdict);
    return json_end(o, out, style->first ? "\n" : ",\n", "", err);
}

static status unread_json(FILE *out, const char *path, const struct err *why, const struct report_style *style,
                          struct err *err)
{
    cJSON *o = json_begin();
    add_path(o, path);
    verdict_json_text(o, "decision", "deny");
    cJSON_AddNumberToObject(o, "exit_code", exit_code_of_error(why));
    verdict_json_text(o, "error", why->text);
    return json_end(o, out, style->first ? "\n" : ",\n", "", err);
}

static void close_json(FILE *out, const struct report_totals *totals)
{
    fprintf(out, "\n],\n\"exit_code\": %d\n}\n", totals->code);
}

const struct report_format report_json = {open_json, file_json, unread_json, close_json};
