/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/manifest_request.h"

#include "parse/json.h"
#include "parse/text.h"

enum { KEYS = 16 }; /* those of the table, and one that is not in it */

enum { MANIFEST, POLICIES, SIGNATURES, SIGNATURE, PREVIOUS, FIELDS };

static const struct json_field fields[FIELDS] = {
    [MANIFEST] = {"manifest", true},
    [POLICIES] = {"policies", false},
    [SIGNATURES] = {"signatures", false},
    [SIGNATURE] = {"signature", false},
    [PREVIOUS] = {"previous_transition_hash", false},
};

struct reading {
    struct json_reader json;
    uint8_t *decoded;
    size_t used, cap;
};

static status get_base64(struct reading *r, bytes *out, struct err *err)
{
    bytes text;
    struct err cause = {0};
    TRY(json_get_text(&r->json, &text, err));
    status s = base64_parse(text, BASE64_STANDARD, &r->decoded[r->used], r->cap - r->used, out, &cause);
    if (!is_ok(s)) return json_refuse(&r->json, err, s.kind, "%s", cause.text);
    r->used += out->len;
    return OK;
}

/* Empty means that there is none, as it does on gRPC. */
static status get_optional(struct reading *r, bytes *out, struct err *err)
{
    enum json_kind kind;
    TRY(json_peek(&r->json, &kind, err));
    if (kind == JSON_NULL) return json_skip(&r->json, err);
    TRY(get_base64(r, out, err));
    if (out->len == 0) *out = BYTES_ABSENT;
    return OK;
}

/* An array of base64, or null, which Go writes for an empty one. */
static status get_list(struct reading *r, bytes *out, size_t cap, size_t limit, size_t *count, struct err *err)
{
    enum json_kind kind;
    *count = 0;
    TRY(json_peek(&r->json, &kind, err));
    if (kind == JSON_NULL) return json_skip(&r->json, err);
    TRY(json_enter_array(&r->json, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        if (*count == limit) return json_refuse(&r->json, err, ERR_LIMIT, "more than %zu items", limit);
        if (*count == cap) return json_refuse(&r->json, err, ERR_NOMEM, "no room for more than %zu items", cap);
        TRY(get_base64(r, &out[*count], err));
        ++*count;
    }
}

static status get_field(struct reading *r, size_t field, const struct manifest_request_storage *lent,
                        struct user_set_manifest_request *out, struct err *err)
{
    size_t signatures = 0;
    switch (field) {
    case MANIFEST:
        return get_base64(r, &out->manifest, err);
    case POLICIES:
        return get_list(r, lent->policies, lent->policy_cap, LIMIT_MANIFEST_POLICIES, &out->policy_count, err);
    case SIGNATURES:
        return get_list(r, &out->signature, 1, 1, &signatures, err);
    case SIGNATURE:
        return get_optional(r, &out->signature, err);
    case PREVIOUS:
    default:
        return get_optional(r, &out->previous_transition_hash, err);
    }
}

static status read_members(struct reading *r, const struct manifest_request_storage *lent,
                           struct user_set_manifest_request *out, struct err *err)
{
    struct json_fields f = {.table = fields, .count = FIELDS};
    const uint64_t draft = 1u << SIGNATURE | 1u << PREVIOUS, final = 1u << SIGNATURES;
    TRY(json_enter_object(&r->json, err));
    for (;;) {
        size_t field = FIELDS;
        bool end = false;
        TRY(json_next_field(&r->json, &f, &field, &end, err));
        if (end) return json_finish(&r->json, err);
        if (f.seen & draft && f.seen & final)
            return json_refuse(&r->json, err, ERR_DUPLICATE,
                               "signatures never come with signature or previous_transition_hash");
        TRY(get_field(r, field, lent, out, err));
    }
}

status manifest_request_parse(bytes in, const struct manifest_request_storage *lent,
                              struct user_set_manifest_request *out, struct err *err)
{
    bytes keys[KEYS];
    size_t half = lent->cap / 2;
    struct user_set_manifest_request request = {.policies = lent->policies};
    if (in.len > LIMIT_MANIFEST_REQUEST_BYTES)
        return err_set(err, ERR_LIMIT, 0, "request: want at most %d bytes, have %zu", LIMIT_MANIFEST_REQUEST_BYTES,
                       in.len);
    struct reading r = {
        .json = {.in = in, .keys = keys, .key_cap = KEYS, .text = lent->buffer, .text_cap = half},
        .decoded = lent->buffer + half,
        .cap = lent->cap - half,
    };
    TRY(err_in(err, read_members(&r, lent, &request, err), "request"));
    *out = request;
    return OK;
}
