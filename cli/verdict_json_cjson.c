/* SPDX-License-Identifier: Apache-2.0 */
#include <cJSON.h>
#include <ctype.h>
#include <stdlib.h>

#include "cli/report.h"
#include "cli/verdict_json.h"
#include "program/value_text.h"

/* ---- values ----------------------------------------------------------------------------------------------------- */

void verdict_json_text(cJSON *to, const char *name, const char *text)
{
    cJSON_AddStringToObject(to, name, text);
}

static cJSON *json_tcb(const struct snp_tcb *t)
{
    cJSON *o = cJSON_CreateObject();
    struct value raw = value_bits(snp_tcb_join(t));
    verdict_json_text(o, "raw", value_text_of(&raw).s);
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

void verdict_json_description(cJSON *to, const struct description *d)
{
    cJSON *parents[4] = {to, NULL, NULL, NULL};
    for (size_t k = 0; k < d->count; k++)
        add_item(parents, &d->items[k], k + 1 < d->count ? &d->items[k + 1] : NULL);
}

/* ---- what was checked ------------------------------------------------------------------------------------------- */

static void add_optional(cJSON *to, const char *name, const struct value *v)
{
    if (v->kind != VALUE_NONE) verdict_json_text(to, name, value_text_of(v).s);
}

static void add_checks(cJSON *to, const struct verdict *v)
{
    cJSON *checks = cJSON_AddArrayToObject(to, "checks");
    for (size_t i = 0; i < verdict_rows(v); i++) {
        const struct check *c = &v->by_id[i];
        cJSON *o = cJSON_CreateObject();
        verdict_json_text(o, "id", check_rows[i].name);
        verdict_json_text(o, "outcome", report_outcome_name(c->outcome));
        add_optional(o, "want", &c->want);
        add_optional(o, "have", &c->got);
        if (c->source) verdict_json_text(o, "source", c->source);
        if (c->note[0]) verdict_json_text(o, "note", c->note);
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
        verdict_json_text(o, "id", warning_rows[i].name);
        verdict_json_text(o, "text", warning_rows[i].text);
        cJSON_AddItemToArray(warnings, o);
    }
}

void verdict_json_outcome(cJSON *to, const struct verdict *v)
{
    add_checks(to, v);
    add_warnings(to, v);
}

void verdict_json_decision(cJSON *to, const struct verdict *v)
{
    verdict_json_text(to, "decision", verdict_decide(v) == ALLOW ? "allow" : "deny");
    cJSON_AddNumberToObject(to, "exit_code", verdict_exit_code(v));
    cJSON_AddBoolToObject(to, "by_hand", v->by_hand);
}
