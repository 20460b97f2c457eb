/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verification.h"

#include <stdio.h>

#include "parse/text.h"

/* ---- taking it apart -------------------------------------------------------------------------------------------- */

/* `out`: a pointer to the items, of whatever type. */
static status take(struct arena *a, size_t count, size_t size, void *out, struct err *err)
{
    void *items;
    TRY(arena_take(a, count, size, &items, err));
    memcpy(out, &items, sizeof items);
    return OK;
}

static status open_bundle(bytes content, struct verification *v, struct err *err)
{
    struct bundle_storage s = {.manifest_cap = LIMIT_HISTORY_MANIFESTS,
                               .policy_cap = LIMIT_HISTORY_POLICIES,
                               .collateral_cap = LIMIT_BUNDLE_COLLATERAL};
    TRY(take(v->memory, s.manifest_cap, sizeof *s.manifests, &s.manifests, err));
    TRY(take(v->memory, s.policy_cap, sizeof *s.policies, &s.policies, err));
    TRY(take(v->memory, s.collateral_cap, sizeof *s.collateral, &s.collateral, err));
    v->is_open = is_ok(bundle_parse(content, &s, &v->bundle, &v->unreadable));
    return OK;
}

/* In the order of their hashes.  No Coordinator sends one twice. */
static status sort_policies(bytes *policies, struct verification *v, struct err *err)
{
    struct bundle_digest *digests;
    size_t count = v->bundle.policy_count;
    TRY(take(v->memory, count, sizeof *digests, &digests, err));
    TRY(bundle_sort(policies, digests, &v->bundle.policy_count, err));
    if (v->bundle.policy_count == count) return OK;
    v->is_open = is_ok(err_rule(&v->unreadable, ERR_DUPLICATE, "attest.answer", 0,
                                "policies: want each once, have %zu of %zu", v->bundle.policy_count, count));
    return OK;
}

static status open_answer(bytes content, bytes nonce, bytes capabilities, struct verification *v, struct err *err)
{
    struct attest_answer a;
    struct attest_answer_storage s = {.manifest_cap = LIMIT_HISTORY_MANIFESTS,
                                      .policy_cap = LIMIT_HISTORY_POLICIES,
                                      .cap = ATTEST_ANSWER_BUFFER_BYTES(content.len)};
    TRY(take(v->memory, s.manifest_cap, sizeof *s.manifests, &s.manifests, err));
    TRY(take(v->memory, s.policy_cap, sizeof *s.policies, &s.policies, err));
    TRY(take(v->memory, s.cap, 1, &s.buffer, err));
    v->is_open = is_ok(attest_answer_parse(content, &s, &a, &v->unreadable));
    if (!v->is_open) return OK;

    v->bundle = (struct bundle){
        .binding = capabilities.ptr ? BUNDLE_ATTEST_V1 : BUNDLE_ATTEST,
        .document = a.document,
        .capabilities = capabilities,
        .root_ca = a.root_ca,
        .mesh_ca = a.mesh_ca,
        .manifests = a.manifests,
        .manifest_count = a.manifest_count,
        .policies = a.policies,
        .policy_count = a.policy_count,
    };
    memcpy(v->bundle.nonce, nonce.ptr, sizeof v->bundle.nonce);
    v->has_type = a.has_type;
    v->type_count = a.type_count;
    memcpy(v->type, a.type, sizeof v->type);
    v->coordinator_version = a.version;
    return sort_policies(s.policies, v, err);
}

status verification_open(bytes content, bytes nonce, bytes capabilities, struct arena *memory, struct verification *out,
                         struct err *err)
{
    *out = (struct verification){.memory = memory, .is_bundle = bundle_is_likely(content)};
    return out->is_bundle ? open_bundle(content, out, err) : open_answer(content, nonce, capabilities, out, err);
}

/* Says which member it is, and leaves the rest to be judged. */
static status note_spoiled(struct verification *v, bytes item, const struct err *why, struct err *err)
{
    uint8_t digest[SHA256_BYTES];
    if (v->spoiled.kind != ERR_NONE) return OK;
    TRY(crypto_sha256(&item, 1, digest, err));
    (void)!is_ok(err_rule(&v->spoiled, ERR_SYNTAX, "bundle.format", 0, "member collateral/%s: %s",
                          text_hex(BYTES_OF(digest)).s, why->text[0] ? why->text : "neither a certificate nor a CRL"));
    return OK;
}

status verification_add_collateral(struct verification *v, struct collateral *to, struct err *err)
{
    for (size_t i = 0; i < v->bundle.collateral_count; i++) {
        struct err why = {0};
        enum content_kind kind;
        status s = collateral_add_content(to, v->bundle.collateral[i], &kind, &why);
        if (s.kind == ERR_NOMEM) return err_set(err, s.kind, 0, "%s", why.text);
        if (!is_ok(s) || kind != CONTENT_COLLATERAL) TRY(note_spoiled(v, v->bundle.collateral[i], &why, err));
    }
    return OK;
}

/* The record of the latest transition as the Coordinator keeps it: hash, signature. */
static status copy_latest(const struct user_get_manifests_response *in, struct arena *a, bytes *out, struct err *err)
{
    uint8_t *record;
    size_t hash = in->transition_hash.len, signature = in->transition_signature.len;
    if (!in->has_latest_transition) return OK;
    TRY(take(a, hash + signature, 1, &record, err));
    memcpy(record, in->transition_hash.ptr, hash);
    if (signature > 0) memcpy(record + hash, in->transition_signature.ptr, signature);
    *out = BYTES(record, hash + signature);
    return OK;
}

status verification_open_history(const struct user_get_manifests_response *in, bytes document, bytes nonce,
                                 struct arena *memory, struct verification *out, struct err *err)
{
    bytes *policies;
    *out = (struct verification){.memory = memory, .is_live = true, .is_open = true};
    TRY(take(memory, in->policy_count, sizeof *policies, &policies, err));
    for (size_t i = 0; i < in->policy_count; i++)
        policies[i] = in->policies[i];
    out->bundle = (struct bundle){
        .binding = BUNDLE_ATLS,
        .document = document,
        .root_ca = in->root_ca.ptr ? in->root_ca : BYTES_LIT(""),
        .mesh_ca = in->mesh_ca.ptr ? in->mesh_ca : BYTES_LIT(""),
        .manifests = in->manifests,
        .manifest_count = in->manifest_count,
        .policies = policies,
        .policy_count = in->policy_count,
    };
    memcpy(out->bundle.nonce, nonce.ptr, sizeof out->bundle.nonce);
    TRY(copy_latest(in, memory, &out->bundle.latest_transition, err));
    return sort_policies(policies, out, err);
}

/* ---- memory of the judge ---------------------------------------------------------------------------------------- */

/* Texts of a manifest are shorter than the manifest. */
static status take_manifest_storage(struct arena *a, struct manifest_storage *out, struct err *err)
{
    struct manifest_room *room;
    uint8_t *text;
    TRY(take(a, 1, sizeof *room, &room, err));
    TRY(take(a, LIMIT_MANIFEST_BYTES, 1, &text, err));
    *out = manifest_storage_of(room, text, LIMIT_MANIFEST_BYTES);
    return OK;
}

static status take_work(struct verification *v, struct err *err)
{
    struct deployment_work *w = &v->work;
    *w = (struct deployment_work){0};
    TRY(take_manifest_storage(v->memory, &w->expected_storage, err));
    TRY(take_manifest_storage(v->memory, &w->history_storage, err));
    TRY(take(v->memory, v->bundle.policy_count, sizeof *w->policies, &w->policies, err));
    return take(v->memory, v->bundle.manifest_count, sizeof *w->transitions, &w->transitions, err);
}

/* ---- the verdict ------------------------------------------------------------------------------------------------ */

static void check_no_container(const struct verification *v, struct verdict *out)
{
    static const char note[] = "the evidence came over attested TLS";
    verdict_does_not_apply(out, CHECK_BUNDLE_FORMAT, note);
    verdict_does_not_apply(out, CHECK_BUNDLE_DIGESTS, note);
    verdict_does_not_apply(out, CHECK_ATTEST_ANSWER, note);
    if (!v->is_open) verdict_fail_rule(out, &v->unreadable, CHECK_POLICY_NAMED);
}

static void check_container(const struct verification *v, struct verdict *out)
{
    enum check_id used = v->is_bundle ? CHECK_BUNDLE_FORMAT : CHECK_ATTEST_ANSWER;
    if (v->is_live) {
        check_no_container(v, out);
        return;
    }
    if (!v->is_open) {
        verdict_fail_rule(out, &v->unreadable, used);
        return;
    }
    if (v->spoiled.kind != ERR_NONE)
        verdict_fail_rule(out, &v->spoiled, used);
    else
        verdict_pass(out, used);
    if (v->is_bundle) {
        verdict_pass(out, CHECK_BUNDLE_DIGESTS);
        verdict_does_not_apply(out, CHECK_ATTEST_ANSWER, "the evidence came as a bundle");
    } else {
        verdict_does_not_apply(out, CHECK_BUNDLE_FORMAT, "the evidence came as an answer");
        verdict_does_not_apply(out, CHECK_BUNDLE_DIGESTS, "the evidence came as an answer");
    }
}

/* False when the evidence is said to be of a kind that is not read here. */
static bool check_type(const struct verification *v, struct verdict *out)
{
    if (!v->has_type) {
        verdict_does_not_apply(out, CHECK_ATTEST_TYPE,
                               v->is_bundle ? "a bundle is of SEV-SNP alone"
                               : v->is_live ? "the certificate says that it is of SEV-SNP"
                                            : "no type was sent: taken for SEV-SNP");
        return true;
    }
    deployment_check_type(v->type, v->type_count, out);
    return out->by_id[CHECK_ATTEST_TYPE].outcome == PASSED;
}

/* Contrast sends its evidence in one envelope; another one would be a second way to say the same. */
static void check_envelope(struct inspection *report)
{
    const struct snp_evidence *e = &report->envelope;
    if (e->report.ptr && e->envelope != SNP_ENVELOPE_PROTOBUF)
        verdict_fail(&report->verdict, CHECK_EVIDENCE_ENVELOPE, "want the protobuf message sevsnp.Attestation");
}

/* The verdict names the first mistake in the given manifest; there may be more. */
static void point_to_manifest_check(struct verdict *v)
{
    char note[CHECK_NOTE_MAX];
    if (v->by_id[CHECK_MANIFEST_EXPECTED].outcome != FAILED) return;
    snprintf(note, sizeof note, "%.140s; contrast manifest check says all", v->by_id[CHECK_MANIFEST_EXPECTED].note);
    verdict_note(v, CHECK_MANIFEST_EXPECTED, note);
}

status verification_judge(struct verification *v, const struct authenticate_options *options,
                          const struct collateral *collateral, const struct deployment_expectation *want,
                          struct err *err)
{
    struct verdict *verdict = verification_verdict(v);
    v->report = (struct inspection){0};
    v->options = (struct inspection_options){.authenticate = *options, .collateral = collateral};
    check_container(v, verdict);
    verdict->by_hand = options->cas.by_hand;
    if (verdict->by_hand) verdict_warn(verdict, WARN_ROOT_BY_HAND);
    if (!v->is_open) return OK;

    TRY(take_work(v, err));
    if (check_type(v, verdict)) {
        inspection_begin(v->bundle.document, &v->options, SUBJECT_DEPLOYMENT, &v->report);
        check_envelope(&v->report);
    }
    deployment_check(&v->bundle, want, options->now, &v->work, verdict);
    point_to_manifest_check(verdict);
    if (v->report.envelope.report.ptr) deployment_judge(&v->report.evidence, &v->work, verdict);
    return OK;
}

status verification_judge_connection(bytes document, const struct authenticate_options *options,
                                     const struct collateral *collateral, const struct deployment_expectation *want,
                                     struct arena *memory, struct verification *out, struct err *err)
{
    struct verdict *verdict = verification_verdict(out);
    *out = (struct verification){.memory = memory, .is_live = true, .is_open = true};
    out->bundle = (struct bundle){.binding = BUNDLE_ATLS, .document = document};
    memcpy(out->bundle.nonce, want->nonce.ptr, sizeof out->bundle.nonce);
    out->options = (struct inspection_options){.authenticate = *options, .collateral = collateral};
    TRY(take_work(out, err));
    inspection_begin(document, &out->options, SUBJECT_REPORT, &out->report);
    check_envelope(&out->report);
    deployment_check_connection(want, &out->work, verdict);
    point_to_manifest_check(verdict);
    if (out->report.envelope.report.ptr) deployment_judge(&out->report.evidence, &out->work, verdict);
    return OK;
}

void verification_note_capture(struct verification *v, struct verification *at_capture)
{
    struct verdict *verdict = verification_verdict(v);
    *at_capture = (struct verification){.bundle = v->bundle, .options = v->options};
    at_capture->options.authenticate.now = v->bundle.captured_at;
    inspection_begin(v->bundle.document, &at_capture->options, SUBJECT_DEPLOYMENT, &at_capture->report);
    deployment_check_cas(&v->bundle, v->bundle.captured_at, &at_capture->work, &at_capture->report.verdict);
    for (size_t i = 0; i < verdict_rows(verdict); i++)
        if (verdict->by_id[i].outcome == FAILED && at_capture->report.verdict.by_id[i].outcome == PASSED)
            verdict_note(verdict, (enum check_id)i, "holds at the claimed capture time only");
}
