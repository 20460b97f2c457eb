/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/policy_settings.h"

#include "parse/json.h"

/* Most keys of one object. */
enum { KEYS = 64 };

static status read_requests(struct json_reader *r, struct policy_settings *out, struct err *err)
{
    struct json_field fields[POLICY_REQUESTS];
    for (unsigned i = 0; i < POLICY_REQUESTS; i++)
        fields[i] = (struct json_field){policy_request_name((enum policy_request)i), true};
    struct json_fields f = {.table = fields, .count = POLICY_REQUESTS};
    TRY(json_enter_object(r, err));
    for (size_t field;;) {
        bool end;
        TRY(json_next_field(r, &f, &field, &end, err));
        if (end) return OK;
        TRY(json_get_bool(r, &out->allows[field], err));
    }
}

static status read_texts(struct json_reader *r, struct arena *memory, struct texts *out, struct err *err)
{
    TRY(json_enter_array(r, err));
    for (;;) {
        bool end;
        bytes text;
        TRY(json_next_item(r, &end, err));
        if (end) return OK;
        TRY(json_get_text(r, &text, err));
        TRY(arena_copy(memory, text, &text, err));
        TRY(texts_add(out, text, memory, err));
    }
}

static status read_id(struct json_reader *r, uint32_t *out, struct err *err)
{
    uint64_t id;
    TRY(json_get_u64(r, UINT32_MAX, &id, err));
    *out = (uint32_t)id;
    return OK;
}

static status read_pause(struct json_reader *r, struct arena *memory, struct policy_settings *out, struct err *err)
{
    enum { ARGS, ENV, UID, GID, FIELDS };
    static const struct json_field fields[FIELDS] = {
        [ARGS] = {"Args", true}, [ENV] = {"Env", true}, [UID] = {"UID", true}, [GID] = {"GID", true}};
    struct json_fields f = {.table = fields, .count = FIELDS};
    TRY(json_enter_object(r, err));
    for (size_t field;;) {
        bool end;
        TRY(json_next_field(r, &f, &field, &end, err));
        if (end) return OK;
        switch (field) {
        case ARGS:
            TRY(read_texts(r, memory, &out->pause_args, err));
            break;
        case ENV:
            TRY(read_texts(r, memory, &out->pause_env, err));
            break;
        case UID:
            TRY(read_id(r, &out->pause_uid, err));
            break;
        default:
            TRY(read_id(r, &out->pause_gid, err));
            break;
        }
    }
}

status policy_settings_parse(bytes in, struct arena *memory, struct policy_settings *out, struct err *err)
{
    enum { REQUESTS, PAUSE, FIELDS };
    static const struct json_field fields[FIELDS] = {
        [REQUESTS] = {"request_defaults", true}, [PAUSE] = {"pause_container", true}};
    struct json_fields f = {.table = fields, .count = FIELDS};
    struct policy_settings s = {0};
    bytes keys[KEYS];
    void *text;
    TRY(arena_take(memory, in.len, 1, &text, err));
    struct json_reader r = {.in = in, .keys = keys, .key_cap = KEYS, .text = text, .text_cap = in.len};
    TRY(json_enter_object(&r, err));
    for (size_t field;;) {
        bool end;
        TRY(json_next_field(&r, &f, &field, &end, err));
        if (end) break;
        TRY(field == REQUESTS ? read_requests(&r, &s, err) : read_pause(&r, memory, &s, err));
    }
    TRY(json_finish(&r, err));
    *out = s;
    return OK;
}
