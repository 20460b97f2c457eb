/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/deployment.h"

#include <stdio.h>

#include "parse/text.h"
#include "parse/transition_record.h"
#include "verify/transition.h"

/* ---- freshness and binding -------------------------------------------------------------------------------------- */

static void check_nonce(const struct bundle *b, bytes want, struct verdict *v)
{
    bytes have = BYTES_OF(b->nonce);
    if (want.ptr)
        verdict_set(v, CHECK_NONCE, bytes_eq(want, have), value_hex(want), value_hex(have), "--nonce");
    else
        verdict_does_not_apply(v, CHECK_NONCE, "no nonce was given: the bundle's is taken at its word");
}

static status bind_answer(const struct bundle *b, const uint8_t latest[SHA256_BYTES], uint8_t out[REPORT_DATA_BYTES],
                          struct err *err)
{
    const struct report_data_answer answer = {.nonce = b->nonce,
                                              .latest = latest,
                                              .root_ca = b->root_ca,
                                              .mesh_ca = b->mesh_ca,
                                              .capabilities =
                                                  b->binding == BUNDLE_ATTEST_V1 ? b->capabilities : BYTES_ABSENT};
    return report_data_of_answer(&answer, out, err);
}

static const char connection[] = "nonce, key of the connection";

/* The connection that the caller holds open, never the one that a bundle speaks of. */
static bool bind_connection(const struct deployment_expectation *want, uint8_t out[REPORT_DATA_BYTES])
{
    if (!want->connection_key.ptr || want->nonce.len != REPORT_DATA_NONCE_BYTES) return false;
    return is_ok(report_data_of_connection(want->connection_key, want->nonce.ptr, out, NULL));
}

/* False leaves report-data as it is.  Attested TLS binds its connection; once that is gone, anybody who has had one can
 * put the history and the CA certificates of his choice beside its evidence. */
static bool bind(const struct bundle *b, const struct deployment_expectation *want, const uint8_t latest[SHA256_BYTES],
                 uint8_t out[REPORT_DATA_BYTES], struct verdict *v)
{
    switch (b->binding) {
    case BUNDLE_ATTEST:
        return is_ok(bind_answer(b, latest, out, NULL));
    case BUNDLE_ATTEST_V1:
        return b->capabilities.ptr && is_ok(bind_answer(b, latest, out, NULL));
    case BUNDLE_ATLS:
        if (want->connection_key.ptr) return bind_connection(want, out);
        verdict_fail(v, CHECK_REPORT_DATA,
                     "attested TLS binds its connection alone, not the history and the CA certificates");
        return false;
    default:
        return false;
    }
}

/* Attested TLS belongs to no version of the API: a manifest that demands one is not satisfied by it. */
static void check_api_version(const struct manifest *m, enum bundle_binding binding, struct verdict *v)
{
    uint64_t have = binding == BUNDLE_ATTEST_V1 ? 1 : 0;
    if (!m->minimum_api_version.ptr)
        verdict_does_not_apply(v, CHECK_API_VERSION, "the manifest demands no API version");
    else
        verdict_set(v, CHECK_API_VERSION, have >= m->minimum_api_number, value_decimal(m->minimum_api_number),
                    value_decimal(have), "MinimumAPIVersion");
}

/* ---- manifests -------------------------------------------------------------------------------------------------- */

static void check_active(const struct bundle *b, const struct deployment_expectation *want, struct deployment_work *w,
                         struct verdict *v)
{
    if (b->manifest_count == 0) return;
    bytes active = b->manifests[b->manifest_count - 1];
    if (!is_ok(crypto_sha256(&want->manifest, 1, w->wanted_manifest, NULL)) ||
        !is_ok(crypto_sha256(&active, 1, w->active_manifest, NULL)))
        return;
    verdict_set(v, CHECK_MANIFEST_ACTIVE, bytes_eq(want->manifest, active), value_hex(BYTES_OF(w->wanted_manifest)),
                value_hex(BYTES_OF(w->active_manifest)), "SHA-256 of the manifest that was given");
}

/* A hint: the deployment was updated, and the user has the manifest of before. */
static void check_older(const struct bundle *b, const struct deployment_expectation *want, struct verdict *v)
{
    if (v->by_id[CHECK_MANIFEST_ACTIVE].outcome != FAILED) return;
    for (size_t i = b->manifest_count - 1; i > 0; i--) {
        if (!bytes_eq(want->manifest, b->manifests[i - 1])) continue;
        char note[CHECK_NOTE_MAX];
        (void)snprintf(note, sizeof note, "it was manifest %zu of the history, which goes on to manifest %zu", i - 1,
                       b->manifest_count - 1);
        verdict_note(v, CHECK_MANIFEST_ACTIVE, note);
        return;
    }
}

/* A hint, for the bytes count: whoever formats a file with a tool has made another manifest of it. */
static void check_meaning(const struct bundle *b, struct deployment_work *w, struct verdict *v)
{
    struct manifest active;
    if (!w->has_manifest || v->by_id[CHECK_MANIFEST_ACTIVE].outcome != FAILED) return;
    status s = manifest_parse(b->manifests[b->manifest_count - 1], &w->history_storage, &active, NULL);
    if (is_ok(s) && manifest_is_same(&w->manifest, &active))
        verdict_note(v, CHECK_MANIFEST_ACTIVE, "the two differ in white space or the order of keys only");
}

static void check_expected(const struct deployment_expectation *want, struct deployment_work *w, struct verdict *v)
{
    struct err err = {0};
    status s = manifest_parse(want->manifest, &w->expected_storage, &w->manifest, &err);
    if (!is_ok(s)) {
        struct text_place at = text_place_of(want->manifest, err.offset);
        s = err_in(&err, s, "line %zu, column %zu", at.line, at.column);
    }
    w->has_manifest = verdict_take(v, CHECK_MANIFEST_EXPECTED, s, &err);
    if (!w->has_manifest) return;
    verdict_set(v, CHECK_MANIFEST_PLATFORM, w->manifest.snp_count > 0, value_none(),
                value_decimal(w->manifest.snp_count), "entries of ReferenceValues.snp");
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

static struct deployment_policy *find(struct deployment_policy *p, size_t count, const uint8_t hash[SHA256_BYTES])
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(p[middle].hash, hash, SHA256_BYTES);
        if (order == 0) return &p[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static status index_policies(const struct bundle *b, struct deployment_policy *p, struct err *err)
{
    for (size_t i = 0; i < b->policy_count; i++) {
        p[i].named = false;
        TRY(crypto_sha256(&b->policies[i], 1, p[i].hash, err));
        if (i > 0 && memcmp(p[i - 1].hash, p[i].hash, SHA256_BYTES) >= 0)
            return err_set(err, ERR_BUG, 0, "policies are not in the order of their hashes");
    }
    return OK;
}

static void name_policies(const struct bundle *b, const struct manifest *m, size_t generation,
                          struct deployment_work *w, struct verdict *v)
{
    for (size_t i = 0; i < m->policy_count; i++) {
        struct deployment_policy *found = find(w->policies, b->policy_count, m->policies[i].hash);
        if (found) {
            found->named = true;
            continue;
        }
        char note[CHECK_NOTE_MAX];
        (void)snprintf(note, sizeof note, "manifest %zu of the history: policy %s is not there", generation,
                       text_hex(BYTES_OF(m->policies[i].hash)).s);
        verdict_fail(v, CHECK_POLICY_PRESENT, note);
    }
}

static void check_unnamed(const struct bundle *b, struct deployment_work *w, struct verdict *v)
{
    for (size_t i = 0; i < b->policy_count; i++) {
        if (w->policies[i].named) continue;
        char note[CHECK_NOTE_MAX];
        (void)snprintf(note, sizeof note, "policy %s: no manifest names it", text_hex(BYTES_OF(w->policies[i].hash)).s);
        verdict_fail(v, CHECK_POLICY_NAMED, note);
    }
    verdict_set(v, CHECK_POLICY_NAMED, true, value_none(), value_decimal(b->policy_count), "policies");
}

/* The text of a policy is bound by its hash and not judged; an initdata document says itself how it is to be hashed. */
static status check_form(bytes policy, struct deployment_work *w, struct err *err)
{
    struct initdata d;
    const struct manifest_storage *room = &w->history_storage;
    if (policy_form_of(policy) != POLICY_FORM_INITDATA) return OK;
    TRY(initdata_parse(policy, w->entries, LIMIT_INITDATA_ENTRIES, room->text, room->text_cap, &d, err));
    if (d.algorithm == INITDATA_SHA256) return OK;
    return err_set(err, ERR_UNSUPPORTED, 0, "algorithm: want sha256, have %s", initdata_algorithm_name(d.algorithm));
}

static void check_forms(const struct bundle *b, struct deployment_work *w, struct verdict *v)
{
    size_t documents = 0;
    for (size_t i = 0; i < b->policy_count; i++) {
        struct err err = {0};
        documents += policy_form_of(b->policies[i]) == POLICY_FORM_INITDATA;
        if (is_ok(check_form(b->policies[i], w, &err))) continue;
        char note[CHECK_NOTE_MAX];
        (void)snprintf(note, sizeof note, "policy %zu: %.160s", i, err.text);
        verdict_fail(v, CHECK_POLICY_FORM, note);
    }
    verdict_set(v, CHECK_POLICY_FORM, true, value_none(), value_decimal(documents), "initdata documents");
}

/* ---- history ---------------------------------------------------------------------------------------------------- */

/* Every manifest of the history is read, to know which policies it names. */
static void check_history(const struct bundle *b, struct deployment_work *w, struct verdict *v)
{
    struct err err = {0};
    if (!is_ok(index_policies(b, w->policies, &err))) {
        verdict_fail(v, CHECK_POLICY_NAMED, err.text);
        return;
    }
    for (size_t i = 0; i < b->manifest_count; i++) {
        struct manifest m;
        status s = err_in(&err, manifest_parse(b->manifests[i], &w->history_storage, &m, &err),
                          "manifest %zu of the history", i);
        if (!verdict_take(v, CHECK_HISTORY_MANIFESTS, s, &err)) return; /* what it names is not known */
        name_policies(b, &m, i, w, v);
    }
    verdict_set(v, CHECK_HISTORY_MANIFESTS, b->manifest_count > 0, value_none(), value_decimal(b->manifest_count),
                "manifests");
    verdict_pass(v, CHECK_POLICY_PRESENT);
    check_unnamed(b, w, v);
}

/* The chain of transitions; false when it cannot be formed. */
static bool chain(const struct bundle *b, struct deployment_work *w)
{
    const uint8_t *previous = transition_none;
    for (size_t i = 0; i < b->manifest_count; i++) {
        if (!is_ok(transition_next(b->manifests[i], previous, w->transitions[i], NULL))) return false;
        previous = w->transitions[i];
    }
    return b->manifest_count > 0;
}

/* The record's signature is by a key that nobody publishes. */
static void check_latest(const struct bundle *b, const struct deployment_work *w, struct verdict *v)
{
    struct transition_record record;
    struct err err = {0};
    if (!b->latest_transition.ptr) {
        verdict_does_not_apply(v, CHECK_HISTORY_LATEST, "no record of the latest transition was sent");
        return;
    }
    status s = transition_record_parse(b->latest_transition, &record, &err);
    if (!verdict_take(v, CHECK_HISTORY_LATEST, s, &err)) return;
    bytes latest = BYTES(w->transitions[b->manifest_count - 1], SHA256_BYTES);
    verdict_set(v, CHECK_HISTORY_LATEST, bytes_eq(latest, record.hash), value_hex(latest), value_hex(record.hash),
                "the manifests");
}

/* What was known occurs in the history, without a gap. */
static void check_known(const struct bundle *b, const struct deployment_expectation *want,
                        const struct deployment_work *w, struct verdict *v)
{
    if (want->history_count == 0) {
        verdict_does_not_apply(v, CHECK_HISTORY_EXPECTED, REFERENCE_NOT_ASKED);
        return;
    }
    size_t at = 0, same = 0;
    while (at < b->manifest_count && memcmp(w->transitions[at], want->history[0], SHA256_BYTES) != 0)
        at++;
    while (same < want->history_count && at + same < b->manifest_count &&
           memcmp(w->transitions[at + same], want->history[same], SHA256_BYTES) == 0)
        same++;
    bool all = same == want->history_count;
    bytes missing = BYTES(want->history[all ? 0 : same], SHA256_BYTES);
    verdict_set(v, CHECK_HISTORY_EXPECTED, all, value_hex(missing),
                value_hex(BYTES(w->transitions[b->manifest_count - 1], SHA256_BYTES)), "--expect-history");
    if (!all)
        verdict_note(v, CHECK_HISTORY_EXPECTED,
                     "the transition that is wanted is not in the history, or not at its place");
}

/* ---- certificates ----------------------------------------------------------------------------------------------- */

void deployment_check_cas(const struct bundle *b, int64_t now, struct deployment_work *w, struct verdict *v)
{
    coordinator_ca_check(b->root_ca, COORDINATOR_ROOT_CA, now, &w->root_ca, v);
    coordinator_ca_check(b->mesh_ca, COORDINATOR_MESH_CA, now, &w->mesh_ca, v);
}

static void compare_cas(const struct deployment_expectation *want, const struct deployment_work *w, struct verdict *v)
{
    if (bytes_eq(w->root_ca.point, w->mesh_ca.point))
        verdict_fail(v, CHECK_MESH_CA_PROFILE, "key: want one of its own, have the root CA's");
    if (!want->root_ca_point.ptr)
        verdict_does_not_apply(v, CHECK_ROOT_CA_EXPECTED, REFERENCE_NOT_ASKED);
    else if (w->root_ca.point.ptr)
        verdict_set(v, CHECK_ROOT_CA_EXPECTED, bytes_eq(want->root_ca_point, w->root_ca.point),
                    value_hex(want->root_ca_point), value_hex(w->root_ca.point), "--expect-root-ca");
}

void deployment_check(const struct bundle *b, const struct deployment_expectation *want, int64_t now,
                      struct deployment_work *w, struct verdict *v)
{
    check_nonce(b, want->nonce, v);
    check_expected(want, w, v);
    if (w->has_manifest) check_api_version(&w->manifest, b->binding, v);
    check_active(b, want, w, v);
    check_older(b, want, v);
    check_meaning(b, w, v);
    check_history(b, w, v);
    check_forms(b, w, v);
    deployment_check_cas(b, now, w, v);
    compare_cas(want, w, v);
    if (!chain(b, w)) return;
    check_latest(b, w, v);
    check_known(b, want, w, v);
    w->report_data_source = b->binding == BUNDLE_ATLS ? connection : "nonce, history, CAs";
    w->has_report_data = bind(b, want, w->transitions[b->manifest_count - 1], w->report_data, v);
}

void deployment_check_connection(const struct deployment_expectation *want, struct deployment_work *w,
                                 struct verdict *v)
{
    check_expected(want, w, v);
    w->has_report_data = bind_connection(want, w->report_data);
    w->report_data_source = connection;
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

/* 1.3.9901.2.x (Contrast protocol, constants). */
static const struct type {
    uint32_t last;
    const char *note;
} types[] = {
    {1, NULL},
    {2, "the evidence is of Intel TDX, which this program does not judge"},
    {3, "the evidence is of no confidential computer at all (insecure)"},
    {99, "the evidence is of no confidential computer at all (insecure)"},
};

void deployment_check_type(const uint32_t *type, size_t count, struct verdict *v)
{
    static const uint32_t arc[] = {1, 3, 9901, 2};
    bool known = count == 5 && memcmp(type, arc, sizeof arc) == 0;
    for (size_t i = 0; known && i < sizeof types / sizeof types[0]; i++) {
        if (type[4] != types[i].last) continue;
        if (types[i].note)
            verdict_fail(v, CHECK_ATTEST_TYPE, types[i].note);
        else
            verdict_pass(v, CHECK_ATTEST_TYPE);
        return;
    }
    verdict_fail(v, CHECK_ATTEST_TYPE, "the kind of evidence is not known");
}

void deployment_judge(const struct evidence *e, struct deployment_work *w, struct verdict *v)
{
    const struct manifest_judge_question question = {.manifest = &w->manifest,
                                                     .policies = JUDGE_COORDINATORS,
                                                     .report_data = w->has_report_data ? w->report_data : NULL,
                                                     .report_data_source = w->report_data_source};
    if (w->has_manifest) manifest_judge(e, &question, &w->judging, v);
}
