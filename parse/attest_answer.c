/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/attest_answer.h"

#include "parse/json.h"
#include "parse/text.h"

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

static status get_type(struct reading *r, struct attest_answer *out, struct err *err)
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

static status get_field(struct reading *r, size_t field, const struct attest_answer_storage *lent,
                        struct attest_answer *out, struct err *err)
{
    switch (field) {
    case VERSION:
        return json_get_text(&r->json, &out->version, err);
    case DOCUMENT:
        return get_base64(r, &out->document, err);
    case TYPE:
        return get_type(r, out, err);
    case MANIFESTS:
        return get_list(r, lent->manifests, lent->manifest_cap, LIMIT_HISTORY_MANIFESTS, &out->manifest_count, err);
    case POLICIES:
        return get_list(r, lent->policies, lent->policy_cap, LIMIT_HISTORY_POLICIES, &out->policy_count, err);
    case ROOT_CA:
        return get_base64(r, &out->root_ca, err);
    case MESH_CA:
    default:
        return get_base64(r, &out->mesh_ca, err);
    }
}

static status read_members(struct reading *r, const struct attest_answer_storage *lent, struct attest_answer *out,
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
    size_t half = lent->cap / 2;
    struct reading r = {
        .json = {.in = in, .keys = keys, .key_cap = KEYS, .text = lent->buffer, .text_cap = half},
        .decoded = lent->buffer + half,
        .cap = lent->cap - half,
    };
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
