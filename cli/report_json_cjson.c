/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report_json_cjson.c: for programs.  The schema is contrast.inspect/1 of docs/inspect.md: members are added to it,
 * never renamed, removed or given another meaning.
 *
 * Numbers of 64 bits and bytes are strings in hex, so that no reader rounds them.  Every string is printable ASCII:
 * foreign text that is more comes quoted and escaped, as on a terminal.
 */
#include <cJSON.h>
#include <ctype.h>
#include <stdlib.h>

#include "cli/describe.h"
#include "cli/option.h"
#include "cli/report.h"
#include "cli/value_text.h"

#define SCHEMA "contrast.inspect/1"

const char *report_json_library(void)
{
    static char name[32];
    snprintf(name, sizeof name, "cJSON %s", cJSON_Version());
    return name;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static void add_text(cJSON *to, const char *name, const char *text)
{
    cJSON_AddStringToObject(to, name, text);
}

static cJSON *json_tcb(const struct snp_tcb *t)
{
    cJSON *o = cJSON_CreateObject();
    struct value raw = value_bits(snp_tcb_join(t));
    add_text(o, "raw", value_text_of(&raw).s);
    if (t->product == SNP_TURIN) cJSON_AddNumberToObject(o, "fmc", t->fmc);
    cJSON_AddNumberToObject(o, "boot_loader", t->boot_loader);
    cJSON_AddNumberToObject(o, "tee", t->tee);
    cJSON_AddNumberToObject(o, "snp", t->snp);
    cJSON_AddNumberToObject(o, "microcode", t->microcode);
    return o;
}

static cJSON *json_value(const struct item *item)
{
    const struct value *v = &item->value;
    if (item->is_flag) return cJSON_CreateBool(v->as.u != 0);
    if (v->kind == VALUE_TCB) return json_tcb(&v->as.tcb);
    if (v->kind == VALUE_DECIMAL && v->as.u <= UINT32_MAX) return cJSON_CreateNumber((double)v->as.u);
    return cJSON_CreateString(value_text_of(v).s);
}

/* ---- what it says ----------------------------------------------------------------------------------------------- */

static void lower(const char *name, char out[64])
{
    size_t n = 0;
    for (; name[n] && n < 63; n++)
        out[n] = (char)tolower((unsigned char)name[n]);
    out[n] = '\0';
}

/* An item with items one deeper behind it is an object: its own value is the member "raw". */
static void add_item(cJSON *parents[4], const struct item *item, const struct item *next)
{
    char name[64];
    lower(item->name, name);
    bool has_parts = next && next->depth > item->depth;
    cJSON *value = has_parts ? cJSON_CreateObject() : json_value(item);
    if (has_parts && item->value.kind != VALUE_NONE) cJSON_AddItemToObject(value, "raw", json_value(item));
    cJSON_AddItemToObject(parents[item->depth], name, value);
    parents[item->depth + 1] = value;
}

static void add_description(cJSON *to, const struct inspection *i)
{
    struct description d;
    cJSON *parents[4] = {to, NULL, NULL, NULL};
    describe(i, &d);
    for (size_t k = 0; k < d.count; k++)
        add_item(parents, &d.items[k], k + 1 < d.count ? &d.items[k + 1] : NULL);
}

/* ---- what was checked ------------------------------------------------------------------------------------------- */

static void add_optional(cJSON *to, const char *name, const struct value *v)
{
    if (v->kind != VALUE_NONE) add_text(to, name, value_text_of(v).s);
}

static void add_checks(cJSON *to, const struct verdict *v)
{
    cJSON *checks = cJSON_AddArrayToObject(to, "checks");
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        const struct check *c = &v->by_id[i];
        cJSON *o = cJSON_CreateObject();
        add_text(o, "id", check_rows[i].name);
        add_text(o, "outcome", report_outcome_name(c->outcome));
        add_optional(o, "want", &c->want);
        add_optional(o, "have", &c->got);
        if (c->source) add_text(o, "source", c->source);
        if (c->note[0]) add_text(o, "note", c->note);
        cJSON_AddNumberToObject(o, "exit_code", check_rows[i].exit_code);
        cJSON_AddItemToArray(checks, o);
    }
}

static void add_warnings(cJSON *to, const struct verdict *v)
{
    cJSON *warnings = cJSON_AddArrayToObject(to, "warnings");
    for (size_t i = 0; i < WARNING_COUNT; i++) {
        if (!v->warned[i]) continue;
        cJSON *o = cJSON_CreateObject();
        add_text(o, "id", warning_rows[i].name);
        add_text(o, "text", warning_rows[i].text);
        cJSON_AddItemToArray(warnings, o);
    }
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
        add_text(to, "file", path);
        return;
    }
    FILE *f = open_memstream(&text, &n);
    if (f) layout_foreign(f, text_bytes(path));
    if (f && fclose(f) == 0) add_text(to, "file", text);
    free(text);
}

static void print(FILE *out, cJSON *o, bool first)
{
    char *text = cJSON_Print(o);
    fputs(first ? "\n" : ",\n", out);
    if (text) fputs(text, out);
    cJSON_free(text);
    cJSON_Delete(o);
}

static void open_json(FILE *out, const struct inspection_options *options)
{
    struct value at = value_time(options->authenticate.now);
    fprintf(out, "{\n\"schema\": \"" SCHEMA "\",\n\"at\": \"%s\",\n\"root\": \"%s\",\n\"files\": [",
            value_text_of(&at).s, options->authenticate.cas.by_hand ? "by-hand" : "amd");
}

static void file_json(FILE *out, const struct inspection *i, const struct report_style *style)
{
    cJSON *o = cJSON_CreateObject();
    bool allowed = verdict_decide(&i->verdict) == ALLOW;
    add_path(o, i->path);
    add_text(o, "decision", allowed ? "allow" : "deny");
    cJSON_AddNumberToObject(o, "exit_code", verdict_exit_code(&i->verdict));
    cJSON_AddBoolToObject(o, "by_hand", i->verdict.by_hand);
    add_description(o, i);
    add_checks(o, &i->verdict);
    add_warnings(o, &i->verdict);
    print(out, o, style->first);
}

static void unread_json(FILE *out, const char *path, const struct err *err, const struct report_style *style)
{
    cJSON *o = cJSON_CreateObject();
    add_path(o, path);
    add_text(o, "decision", "deny");
    cJSON_AddNumberToObject(o, "exit_code", exit_code_of_error(err));
    add_text(o, "error", err->text);
    print(out, o, style->first);
}

static void close_json(FILE *out, const struct report_totals *totals)
{
    fprintf(out, "\n],\n\"exit_code\": %d\n}\n", totals->code);
}

const struct report_format report_json = {open_json, file_json, unread_json, close_json};
