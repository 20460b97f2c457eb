/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/capabilities.h"

#include "parse/json.h"
#include "parse/text.h"

enum { KEYS = 64 }; /* as many as a body of this size may reasonably have open */

static const struct json_field fields[] = {{"api_versions", true}};

status api_version_parse(bytes text, uint32_t *out)
{
    uint64_t number = 0;
    if (text.len == 0 || text.ptr[0] != 'v') return (status){ERR_SYNTAX};
    status s = decimal_parse(bytes_slice(text, 1, text.len - 1), UINT32_MAX, &number, NULL);
    if (!is_ok(s) || number == 0) return (status){ERR_SYNTAX};
    *out = (uint32_t)number;
    return OK;
}

static status get_version(struct json_reader *json, struct capabilities *out, struct err *err)
{
    bytes text;
    if (out->version_count == LIMIT_API_VERSIONS)
        return json_refuse(json, err, ERR_LIMIT, "more than %d versions", LIMIT_API_VERSIONS);
    TRY(json_get_text(json, &text, err));
    status s = api_version_parse(text, &out->versions[out->version_count]);
    if (!is_ok(s)) return json_refuse(json, err, s.kind, "want a version such as \"v1\", have %s", text_quote(text).s);
    out->version_count++;
    return OK;
}

static status get_versions(struct json_reader *json, struct capabilities *out, struct err *err)
{
    TRY(json_enter_array(json, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(json, &end, err));
        if (end) return OK;
        TRY(get_version(json, out, err));
    }
}

static status read_members(struct json_reader *json, struct capabilities *out, struct err *err)
{
    struct json_fields f = {.table = fields, .count = 1, .skip_unknown = true};
    TRY(json_enter_object(json, err));
    for (;;) {
        size_t field = 1;
        bool end = false;
        TRY(json_next_field(json, &f, &field, &end, err));
        if (end) return json_finish(json, err);
        TRY(get_versions(json, out, err));
    }
}

status capabilities_parse(bytes in, struct capabilities *out, struct err *err)
{
    bytes keys[KEYS];
    uint8_t text[LIMIT_CAPABILITIES_BYTES];
    struct capabilities got = {0};
    if (in.len > LIMIT_CAPABILITIES_BYTES)
        return err_set(err, ERR_LIMIT, 0, "/capabilities: want at most %d bytes, have %zu", LIMIT_CAPABILITIES_BYTES,
                       in.len);
    struct json_reader json = {.in = in, .keys = keys, .key_cap = KEYS, .text = text, .text_cap = sizeof text};
    TRY(err_in(err, read_members(&json, &got, err), "/capabilities"));
    *out = got;
    return OK;
}

bool capabilities_offer(const struct capabilities *c, uint32_t version)
{
    for (size_t i = 0; i < c->version_count; i++)
        if (c->versions[i] == version) return true;
    return false;
}
