/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers_cache.h"

enum { DIFF_ID, PASSWD, GROUP, FIELDS };
static const struct json_field fields[FIELDS] = {
    [DIFF_ID] = {"diff_id", true}, [PASSWD] = {"passwd", true}, [GROUP] = {"group", true}};

static status read_entry(struct json_reader *json, struct layers_cache_entry *out, struct err *err)
{
    struct json_fields f = {.table = fields, .count = FIELDS, .skip_unknown = true};
    bytes text;
    TRY(json_enter_object(json, err));
    for (;;) {
        size_t field = FIELDS;
        bool end = false;
        TRY(json_next_field(json, &f, &field, &end, err));
        if (end) return OK;
        TRY(json_get_text(json, &text, err));
        if (field == DIFF_ID)
            TRY(oci_digest_parse(text, &out->diff_id, err));
        else if (field == PASSWD)
            out->passwd = text;
        else
            out->group = text;
    }
}

status layers_cache_enter(struct json_reader *json, struct err *err)
{
    return json_enter_array(json, err);
}

status layers_cache_next(struct json_reader *json, struct layers_cache_entry *out, bool *end, struct err *err)
{
    struct layers_cache_entry entry = {.passwd = BYTES_ABSENT};
    bool has_ended = false;
    TRY(json_next_item(json, &has_ended, err));
    if (has_ended)
        TRY(json_finish(json, err));
    else
        TRY(read_entry(json, &entry, err));
    *end = has_ended;
    if (!has_ended) *out = entry;
    return OK;
}
