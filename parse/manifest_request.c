/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/manifest_request.h"

#include "parse/json_base64.h"

enum { KEYS = 16 }; /* those of the table, and one that is not in it */

enum { MANIFEST, POLICIES, SIGNATURES, SIGNATURE, PREVIOUS, FIELDS };

static const struct json_field fields[FIELDS] = {
    [MANIFEST] = {"manifest", true},
    [POLICIES] = {"policies", false},
    [SIGNATURES] = {"signatures", false},
    [SIGNATURE] = {"signature", false},
    [PREVIOUS] = {"previous_transition_hash", false},
};

/* Empty means that there is none, as it does on gRPC. */
static status get_optional(struct json_base64 *r, bytes *out, struct err *err)
{
    enum json_kind kind;
    TRY(json_peek(&r->json, &kind, err));
    if (kind == JSON_NULL) return json_skip(&r->json, err);
    TRY(json_get_base64(r, out, err));
    if (out->len == 0) *out = BYTES_ABSENT;
    return OK;
}

static status get_field(struct json_base64 *r, size_t field, const struct manifest_request_storage *lent,
                        struct user_set_manifest_request *out, struct err *err)
{
    size_t signatures = 0;
    switch (field) {
    case MANIFEST:
        return json_get_base64(r, &out->manifest, err);
    case POLICIES:
        return json_get_base64_list(r, lent->policies, lent->policy_cap, LIMIT_MANIFEST_POLICIES, &out->policy_count,
                                    err);
    case SIGNATURES:
        return json_get_base64_list(r, &out->signature, 1, 1, &signatures, err);
    case SIGNATURE:
        return get_optional(r, &out->signature, err);
    case PREVIOUS:
    default:
        return get_optional(r, &out->previous_transition_hash, err);
    }
}

static status read_members(struct json_base64 *r, const struct manifest_request_storage *lent,
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
    struct user_set_manifest_request request = {.policies = lent->policies};
    if (in.len > LIMIT_MANIFEST_REQUEST_BYTES)
        return err_set(err, ERR_LIMIT, 0, "request: want at most %d bytes, have %zu", LIMIT_MANIFEST_REQUEST_BYTES,
                       in.len);
    struct json_base64 r = json_base64_of(in, keys, KEYS, lent->buffer, lent->cap);
    TRY(err_in(err, read_members(&r, lent, &request, err), "request"));
    *out = request;
    return OK;
}
