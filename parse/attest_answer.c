/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/attest_answer.h"

#include "parse/json_base64.h"

static const char rule[] = "attest.answer";

/* Keys of this one object: those of the table, and one that is not in it. */
enum { KEYS = 16 };

enum { VERSION, DOCUMENT, TYPE, MANIFESTS, POLICIES, ROOT_CA, MESH_CA, FIELDS };

static const struct json_field fields[FIELDS] = {
    [VERSION] = {"version", true},        [DOCUMENT] = {"raw_attestation_doc", true},
    [TYPE] = {"attestation_type", false}, [MANIFESTS] = {"manifests", true},
    [POLICIES] = {"policies", true},      [ROOT_CA] = {"root_ca", true},
    [MESH_CA] = {"mesh_ca", true},
};

static status get_type(struct json_base64 *r, struct attest_answer *out, struct err *err)
{
    out->has_type = true;
    TRY(json_enter_array(&r->json, err));
    for (;;) {
        bool end = false;
        uint64_t number = 0;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        if (out->type_count == ATTEST_TYPE_NUMBERS)
            return json_refuse(&r->json, err, ERR_LIMIT, "more than %d numbers", ATTEST_TYPE_NUMBERS);
        TRY(json_get_u64(&r->json, UINT32_MAX, &number, err));
        out->type[out->type_count++] = (uint32_t)number;
    }
}

static status get_field(struct json_base64 *r, size_t field, const struct attest_answer_storage *lent,
                        struct attest_answer *out, struct err *err)
{
    switch (field) {
    case VERSION:
        return json_get_text(&r->json, &out->version, err);
    case DOCUMENT:
        return json_get_base64(r, &out->document, err);
    case TYPE:
        return get_type(r, out, err);
    case MANIFESTS:
        return json_get_base64_list(r, lent->manifests, lent->manifest_cap, LIMIT_HISTORY_MANIFESTS,
                                    &out->manifest_count, err);
    case POLICIES:
        return json_get_base64_list(r, lent->policies, lent->policy_cap, LIMIT_HISTORY_POLICIES, &out->policy_count,
                                    err);
    case ROOT_CA:
        return json_get_base64(r, &out->root_ca, err);
    case MESH_CA:
    default:
        return json_get_base64(r, &out->mesh_ca, err);
    }
}

static status read_members(struct json_base64 *r, const struct attest_answer_storage *lent, struct attest_answer *out,
                           struct err *err)
{
    struct json_fields f = {.table = fields, .count = FIELDS};
    TRY(json_enter_object(&r->json, err));
    for (;;) {
        size_t field = FIELDS;
        bool end = false;
        TRY(json_next_field(&r->json, &f, &field, &end, err));
        if (end) return json_finish(&r->json, err);
        TRY(get_field(r, field, lent, out, err));
    }
}

static status read_answer(bytes in, const struct attest_answer_storage *lent, struct attest_answer *out,
                          struct err *err)
{
    if (in.len > LIMIT_ATTEST_ANSWER_BYTES)
        return err_set(err, ERR_LIMIT, 0, "want at most %d bytes, have %zu", LIMIT_ATTEST_ANSWER_BYTES, in.len);
    bytes keys[KEYS];
    struct json_base64 r = json_base64_of(in, keys, KEYS, lent->buffer, lent->cap);
    TRY(read_members(&r, lent, out, err));
    if (out->manifest_count == 0) return err_set(err, ERR_MISSING, 0, "manifests: want at least one, have none");
    return OK;
}

status attest_answer_parse(bytes in, const struct attest_answer_storage *lent, struct attest_answer *out,
                           struct err *err)
{
    struct attest_answer answer = {.manifests = lent->manifests, .policies = lent->policies};
    TRY(err_in(err, err_named(err, read_answer(in, lent, &answer, err), rule), "/attest answer"));
    *out = answer;
    return OK;
}
