/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/manifest_update.h"

#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "verify/crypto.h"

struct job {
    const struct manifest_inputs *in;
    struct arena *memory;
    struct manifest m;
    struct texts sans; /* of all policies */
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static status parse_draft(bytes text, struct arena *memory, struct manifest *out, struct manifest_storage *storage,
                          struct err *err)
{
    void *room, *strings;
    TRY(arena_take(memory, 1, sizeof(struct manifest_room), &room, err));
    TRY(arena_take(memory, text.len, 1, &strings, err));
    *storage = manifest_storage_of(room, strings, text.len);
    return manifest_parse_draft(text, storage, out, err);
}

/* The value of the platform's key, as it stands in the file. */
static status find_values(const struct manifest_inputs *in, struct arena *memory, bytes *out, struct err *err)
{
    enum { KEYS = 256 };
    bytes keys[KEYS], key, found = BYTES_ABSENT;
    void *text;
    TRY(arena_take(memory, in->reference_values.len, 1, &text, err));
    struct json_reader r = {
        .in = in->reference_values, .keys = keys, .key_cap = KEYS, .text = text, .text_cap = in->reference_values.len};
    TRY(json_enter_object(&r, err));
    for (bool end = false; !end;) {
        enum json_kind kind;
        TRY(json_next_key(&r, &key, &end, err));
        if (end) break;
        TRY(json_peek(&r, &kind, err));
        size_t from = r.pos;
        TRY(json_skip(&r, err));
        if (bytes_eq(key, text_bytes(platform_row(in->platform)->name))) found = bytes_slice(r.in, from, r.pos - from);
    }
    TRY(json_finish(&r, err));
    if (bytes_is_absent(found))
        return err_set(err, ERR_MISSING, 0, "there are no reference values of %s", platform_row(in->platform)->name);
    *out = found;
    return OK;
}

/* A manifest of one workload that is nobody's, around the reference values: they have no reader of their own. */
static status make_new(const struct manifest_inputs *in, struct arena *memory, bytes *out, struct err *err)
{
    struct text_out text = {.memory = memory};
    bytes values;
    TRY(find_values(in, memory, &values, err));
    text_put_string(&text, "{\"Policies\":{\"");
    text_put_repeated(&text, 'f', (size_t)2 * MANIFEST_HASH_BYTES);
    text_put_string(&text, "\":{\"SANs\":[\"none\"],\"Role\":\"coordinator\"}},\"ReferenceValues\":");
    text_put(&text, values);
    text_put_string(&text, ",\"WorkloadOwnerKeyDigests\":null,\"SeedshareOwnerPubKeys\":null}");
    return text_out_take(&text, out, err);
}

static status read_old(struct job *j, struct manifest *old, struct err *err)
{
    struct manifest_storage storage;
    bytes text = j->in->old;
    bool is_new = bytes_is_absent(text);
    if (is_new) TRY(make_new(j->in, j->memory, &text, err));
    TRY(parse_draft(text, j->memory, old, &storage, err));
    j->m = *old;
    if (is_new) old->policy_count = 0;
    return OK;
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

static bool is_name_unique(const struct manifest_inputs *in, bytes name)
{
    size_t count = 0;
    for (size_t i = 0; i < in->count; i++)
        count += bytes_eq(in->workloads[i].name, name);
    return count == 1;
}

/* The name, or "apps/v1/Deployment/default/web" when another workload has it too. */
static status default_secret_id(struct job *j, const struct workload *w, bytes *out, struct err *err)
{
    struct text_out text = {.memory = j->memory};
    bool has_group = w->api_version.len > 0 && memchr(w->api_version.ptr, '/', w->api_version.len);
    *out = w->name;
    if (is_name_unique(j->in, w->name)) return OK;
    text_put_string(&text, has_group ? "" : "core/");
    text_put(&text, w->api_version);
    text_put_string(&text, "/");
    text_put(&text, w->kind);
    text_put_string(&text, "/");
    text_put(&text, w->name_space.ptr ? w->name_space : BYTES_LIT("default"));
    text_put_string(&text, "/");
    text_put(&text, w->name);
    return text_out_take(&text, out, err);
}

enum likeness { LIKE_HASH, LIKE_SECRET_ID, LIKE_NAME, LIKENESSES };

static bool is_like(const struct manifest *old, const struct manifest_policy *p, const struct workload *w, bytes id,
                    enum likeness how)
{
    switch (how) {
    case LIKE_HASH:
        return bytes_eq(BYTES_OF(p->hash), BYTES_OF(w->digest));
    case LIKE_SECRET_ID:
        return bytes_eq(p->workload_secret_id, id);
    default:
        return bytes_eq(old->sans[p->first_san], w->name);
    }
}

/* The old entry of a workload; NULL when there is none, or when several are like it. */
static const struct manifest_policy *find_old(const struct manifest *old, const struct workload *w, bytes id)
{
    for (unsigned how = 0; how < LIKENESSES; how++) {
        const struct manifest_policy *found = NULL;
        size_t count = 0;
        for (size_t i = 0; i < old->policy_count; i++) {
            if (!is_like(old, &old->policies[i], w, id, (enum likeness)how)) continue;
            found = &old->policies[i];
            count++;
        }
        if (count == 1) return found;
    }
    return NULL;
}

static status add_policy(struct job *j, const struct manifest *old, const struct workload *w,
                         struct manifest_policy *out, struct err *err)
{
    bytes id;
    TRY(default_secret_id(j, w, &id, err));
    if (w->workload_secret_id.ptr) id = w->workload_secret_id;
    const struct manifest_policy *kept = find_old(old, w, id);
    if (kept && !w->workload_secret_id.ptr) id = kept->workload_secret_id;
    bool is_coordinator = w->is_coordinator || (kept && kept->role == MANIFEST_ROLE_COORDINATOR);
    *out = (struct manifest_policy){.role = is_coordinator ? MANIFEST_ROLE_COORDINATOR : MANIFEST_ROLE_NONE,
                                    .workload_secret_id = id,
                                    .first_san = j->sans.count};
    memcpy(out->hash, w->digest, sizeof out->hash);
    for (size_t i = 0; kept && i < kept->san_count; i++)
        TRY(texts_add(&j->sans, old->sans[kept->first_san + i], j->memory, err));
    if (!kept) TRY(texts_add(&j->sans, w->name, j->memory, err));
    if (!kept) TRY(texts_add(&j->sans, BYTES_LIT("*"), j->memory, err));
    out->san_count = j->sans.count - out->first_san;
    return OK;
}

static status replace_policies(struct job *j, const struct manifest *old, struct err *err)
{
    void *policies;
    size_t coordinators = 0;
    TRY(arena_take(j->memory, j->in->count, sizeof(struct manifest_policy), &policies, err));
    for (size_t i = 0; i < j->in->count; i++) {
        struct manifest_policy *p = (struct manifest_policy *)policies + i;
        TRY(add_policy(j, old, &j->in->workloads[i], p, err));
        coordinators += p->role == MANIFEST_ROLE_COORDINATOR;
    }
    if (coordinators != 1)
        return err_set(err, ERR_MISSING, 0, "want one workload with the role coordinator, have %zu", coordinators);
    j->m.policies = policies;
    j->m.policy_count = j->in->count;
    j->m.sans = j->sans.items;
    j->m.san_count = j->sans.count;
    return OK;
}

/* ---- owners ----------------------------------------------------------------------------------------------------- */

static int compare_texts(const void *a, const void *b)
{
    const bytes *one = a, *other = b;
    int order = memcmp(one->ptr, other->ptr, one->len < other->len ? one->len : other->len);
    return order ? order : (one->len > other->len) - (one->len < other->len);
}

/* Sorted, each once. */
static status add_keys(const bytes *there, size_t count, const struct texts *more, struct arena *memory,
                       struct texts *out, struct err *err)
{
    struct texts all = {0};
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        TRY(texts_add(&all, there[i], memory, err));
    for (size_t i = 0; i < more->count; i++)
        TRY(texts_add(&all, more->items[i], memory, err));
    if (all.count > 0) qsort(all.items, all.count, sizeof all.items[0], compare_texts);
    for (size_t i = 0; i < all.count; i++)
        if (i == 0 || !bytes_eq(all.items[i], all.items[kept - 1])) all.items[kept++] = all.items[i];
    all.count = kept;
    *out = all;
    return OK;
}

static status add_digests(struct job *j, struct err *err)
{
    struct texts made = {0}, all;
    void *digests, *old;
    size_t count = j->m.owner_digest_count + j->in->owners.count;
    TRY(arena_take(j->memory, count, sizeof(struct manifest_digest), &digests, err));
    TRY(arena_take(j->memory, count, sizeof(bytes), &old, err));
    struct manifest_digest *d = digests;
    for (size_t i = 0; i < count; i++) {
        if (i < j->m.owner_digest_count)
            d[i] = j->m.owner_digests[i];
        else
            TRY(crypto_sha256(&j->in->owners.items[i - j->m.owner_digest_count], 1, d[i].sha256, err));
        TRY(texts_add(&made, BYTES_OF(d[i].sha256), j->memory, err));
    }
    TRY(add_keys(NULL, 0, &made, j->memory, &all, err));
    TRY(arena_take(j->memory, count, sizeof(struct manifest_digest), &digests, err));
    for (size_t i = 0; i < all.count; i++)
        memcpy(((struct manifest_digest *)digests)[i].sha256, all.items[i].ptr, MANIFEST_HASH_BYTES);
    j->m.owner_digests = digests;
    j->m.owner_digest_count = all.count;
    j->m.has_owner_digests = true;
    return OK;
}

static status add_owners(struct job *j, struct err *err)
{
    struct texts keys;
    TRY(add_keys(j->m.seed_share_owner_keys, j->m.seed_share_owner_key_count, &j->in->seed_share_owners, j->memory,
                 &keys, err));
    j->m.seed_share_owner_keys = keys.items;
    j->m.seed_share_owner_key_count = keys.count;
    if (j->in->disables_updates) {
        j->m.owner_digest_count = j->m.owner_key_count = 0;
        return OK;
    }
    if (!j->m.has_owner_keys) return add_digests(j, err);
    TRY(add_keys(j->m.owner_keys, j->m.owner_key_count, &j->in->owners, j->memory, &keys, err));
    j->m.owner_keys = keys.items;
    j->m.owner_key_count = keys.count;
    return OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static status write_text(const struct job *j, bytes *out, struct err *err)
{
    void *room;
    TRY(arena_take(j->memory, LIMIT_MANIFEST_BYTES, 1, &room, err));
    return manifest_write(&j->m, room, LIMIT_MANIFEST_BYTES, out, err);
}

/* A measurement that nobody has put in: zeros. */
static bool has_zeros(bytes json)
{
    size_t zeros = 0;
    for (size_t i = 0; i < json.len && zeros < (size_t)2 * MANIFEST_MEASUREMENT_BYTES; i++)
        zeros = json.ptr[i] == '0' ? zeros + 1 : 0;
    return zeros == (size_t)2 * MANIFEST_MEASUREMENT_BYTES;
}

static status add_pointer(struct manifest_result *r, const char *list, size_t at, const char *member,
                          struct arena *memory, struct err *err)
{
    char text[64];
    bytes pointer;
    int n = snprintf(text, sizeof text, "/ReferenceValues/%s/%zu/%s", list, at, member);
    TRY(arena_copy(memory, BYTES((uint8_t *)text, (size_t)n), &pointer, err));
    return texts_add(&r->missing, pointer, memory, err);
}

static status add_missing(struct manifest_result *r, const struct manifest_storage *storage, struct arena *memory,
                          struct err *err)
{
    bytes pointer;
    for (size_t i = 0; i < r->manifest.snp_count; i++)
        if (!r->manifest.snp[i].has_measurement) TRY(add_pointer(r, "snp", i, "TrustedMeasurement", memory, err));
    for (size_t i = 0; i < r->manifest.tdx_count; i++)
        if (has_zeros(r->manifest.tdx[i].json)) TRY(add_pointer(r, "tdx", i, "MrTd and Rtmrs", memory, err));
    for (size_t i = 0; i < storage->finding_count; i++) {
        TRY(arena_copy(memory, text_bytes(storage->findings[i].pointer.s), &pointer, err));
        TRY(texts_add(&r->missing, pointer, memory, err));
    }
    return OK;
}

status manifest_update(const struct manifest_inputs *in, struct arena *memory, struct manifest_result *out,
                       struct err *err)
{
    struct job j = {.in = in, .memory = memory};
    struct manifest_storage storage;
    struct manifest_result r = {0};
    struct manifest old;
    TRY(read_old(&j, &old, err));
    TRY(replace_policies(&j, &old, err));
    TRY(add_owners(&j, err));
    TRY(write_text(&j, &r.text, err));
    TRY(parse_draft(r.text, memory, &r.manifest, &storage, err));
    TRY(add_missing(&r, &storage, memory, err));
    *out = r;
    return OK;
}
