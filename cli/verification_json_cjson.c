/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verification_json_cjson.c: for programs.  The schema is docs/verdict.schema.json, contrast.verify/1: members are
 * added to it, never renamed, removed or given another meaning.  Nothing in it depends on the machine. */
#include <cJSON.h>

#include "cli/describe_deployment.h"
#include "cli/json_out.h"
#include "cli/verdict_json.h"
#include "cli/verification_report.h"
#include "program/value_text.h"

#define SCHEMA "contrast.verify/1"

static void add_history(cJSON *to, const struct verification *v)
{
    cJSON *history = cJSON_AddArrayToObject(to, "history");
    for (size_t i = 0; i < v->bundle.manifest_count; i++) {
        struct value t = value_hex(BYTES(v->work.transitions[i], SHA256_BYTES));
        cJSON_AddItemToArray(history, cJSON_CreateString(value_text_of(&t).s));
    }
}

static void add_not_proven(cJSON *to, const struct verification *v)
{
    cJSON *list = cJSON_AddArrayToObject(to, "not_proven");
    const struct not_proven *n;
    for (size_t row = 0; (n = verification_not_proven(v, &row));) {
        cJSON *o = cJSON_CreateObject();
        verdict_json_text(o, "id", n->name);
        verdict_json_text(o, "text", n->text);
        cJSON_AddItemToArray(list, o);
    }
}

status verification_json(FILE *out, const struct verification *v, const struct verification_style *style,
                         struct err *err)
{
    struct deployment_description d;
    struct value at = value_time(v->options.authenticate.now);
    cJSON *o = json_begin();
    describe_deployment(v, &d);
    if (v->report.envelope.report.ptr) describe(&v->report, &d.list);
    verdict_json_text(o, "schema", SCHEMA);
    verdict_json_text(o, "at", value_text_of(&at).s);
    verdict_json_text(o, "at_is", style->at_capture ? "claimed capture time" : "given or now");
    verdict_json_decision(o, &v->report.verdict);
    if (v->is_open) add_history(o, v);
    verdict_json_description(o, &d.list);
    verdict_json_outcome(o, &v->report.verdict);
    add_not_proven(o, v);
    return json_end(o, out, "", "\n", err);
}
