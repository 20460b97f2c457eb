/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/http_calls.h"

#include <stdlib.h>

#include "coordinator/expiry.h"
#include "coordinator/user_calls.h"
#include "net/http_answer.h"
#include "parse/attest_request.h"
#include "parse/manifest_request.h"
#include "parse/version.h"

/* An answer to /attest: what clients read of one. */
#define LIMIT_ANSWER_BYTES LIMIT_ATTEST_ANSWER_BYTES

enum { NONCE_REQUEST_BYTES = 1024 }; /* Contrast protocol, POST /attest */

/* ---- the version gate: a manifest may demand a least version of the API ------------------------------------------ */

static bool is_too_old(struct call *c, uint64_t version)
{
    struct keeper_state_answer state;
    if (c->failed) {
        call_refuse_as_told(c);
        return true;
    }
    if (!call_read_state(c, 0, &state)) {
        call_refuse(c, REFUSED_INTERNAL, "the keeper's answer cannot be read");
        return true;
    }
    if (state.is_stale || version >= state.minimum_api_number) return false;
    call_refuse(c, REFUSED_API_VERSION_TOO_OLD, HTTP1_TOO_OLD);
    return true;
}

/* ---- GET /capabilities ------------------------------------------------------------------------------------------- */

static void capabilities(struct call *c)
{
    call_grant(c, BYTES_LIT(CAPABILITIES_BODY));
}

/* ---- POST /attest and /v1/attest --------------------------------------------------------------------------------- */

enum { ATTEST_DOCUMENT, ATTEST_RECORD, ATTEST_ROOT_CA, ATTEST_MESH_CA };

static void attest_write(struct call *c)
{
    const struct history *h = call_history(c);
    call_note_evidence(c, c->kept[ATTEST_DOCUMENT]);
    const struct attest_answer answer = {.version = BYTES_LIT(CONTRAST_VERSION),
                                         .document = c->kept[ATTEST_DOCUMENT],
                                         .has_type = true,
                                         .type = {1, 3, 9901, 2, 1},
                                         .type_count = 5,
                                         .manifests = h->manifests,
                                         .manifest_count = h->manifest_count,
                                         .policies = h->policies,
                                         .policy_count = h->policy_count,
                                         .root_ca = c->kept[ATTEST_ROOT_CA],
                                         .mesh_ca = c->kept[ATTEST_MESH_CA]};
    struct buffer body = BUFFER("answer to /attest", LIMIT_ANSWER_BYTES);
    if (is_ok(http_attest_answer_write(&answer, &body, &c->err)))
        call_grant(c, buffer_view(&body));
    else
        call_refuse(c, REFUSED_INTERNAL, c->err.text);
    buffer_free(&body);
}

static void attest_loaded(struct call *c)
{
    if (c->failed)
        call_refuse_as_told(c);
    else
        attest_write(c);
}

static void attest_issued(struct call *c)
{
    struct keeper_state_answer s;
    if (c->failed)
        call_refuse_as_told(c);
    else if (!call_read_state(c, 1, &s))
        call_refuse(c, REFUSED_INTERNAL, "the keeper's answer cannot be read");
    else if (call_keep(c, ATTEST_DOCUMENT, c->answer.parts[0]) && call_keep(c, ATTEST_RECORD, s.record) &&
             call_keep(c, ATTEST_ROOT_CA, s.root_ca) && call_keep(c, ATTEST_MESH_CA, s.mesh_ca))
        call_load_history(c, c->kept[ATTEST_RECORD], attest_loaded);
}

static void attest_gated(struct call *c, uint64_t version)
{
    uint8_t nonce[ATTEST_NONCE_BYTES];
    if (is_too_old(c, version)) return;
    if (!is_ok(attest_request_parse(c->request, nonce, &c->err))) {
        call_refuse(c, REFUSED_INVALID_ARGUMENT, c->err.text);
        return;
    }
    const bytes parts[] = {BYTES_OF(nonce), version == 0 ? BYTES_LIT("") : BYTES_LIT(CAPABILITIES_BODY)};
    call_ask(c, KEEPER_ATTEST, parts, 2, attest_issued);
}

static void attest_gated_legacy(struct call *c)
{
    attest_gated(c, 0);
}

static void attest_gated_v1(struct call *c)
{
    attest_gated(c, 1);
}

static void attest_legacy(struct call *c)
{
    call_ask(c, KEEPER_STATE, NULL, 0, attest_gated_legacy);
}

static void attest_v1(struct call *c)
{
    call_ask(c, KEEPER_STATE, NULL, 0, attest_gated_v1);
}

/* ---- POST /v1/manifest: SetManifest, authorised by a signature alone, for there is no key of a client -------------
 */

static void manifest_end(struct call *c, bytes answer)
{
    struct user_seed_share shares[LIMIT_MANIFEST_OWNERS];
    struct user_set_manifest_response r;
    struct buffer body = BUFFER("answer to /v1/manifest", LIMIT_ANSWER_BYTES);
    status s = user_set_manifest_response_parse(answer, shares, LIMIT_MANIFEST_OWNERS, &r, &c->err);
    if (is_ok(s)) s = http_manifest_answer_write(CONTRAST_VERSION, &r, &body, &c->err);
    if (is_ok(s))
        call_grant(c, buffer_view(&body));
    else
        call_refuse(c, REFUSED_INTERNAL, c->err.text);
    buffer_free(&body);
}

/* The request as gRPC carries it, in the place of the one that came. */
static bool manifest_translate(struct call *c, const struct user_set_manifest_request *r)
{
    struct protobuf_writer size = {0};
    user_set_manifest_request_write(&size, r);
    uint8_t *message = malloc(size.len + 1);
    struct protobuf_writer w = {.out = message, .cap = size.len};
    if (message) user_set_manifest_request_write(&w, r);
    bool done = call_replace_request(c, message ? BYTES(message, w.len) : BYTES_ABSENT);
    free(message);
    return done;
}

static void manifest_gated(struct call *c)
{
    bytes policies[LIMIT_MANIFEST_POLICIES];
    struct user_set_manifest_request r;
    if (is_too_old(c, 1)) return;
    size_t cap = MANIFEST_REQUEST_BUFFER_BYTES(c->request.len);
    uint8_t *buffer = malloc(cap + 1);
    const struct manifest_request_storage lent = {
        .policies = policies, .policy_cap = LIMIT_MANIFEST_POLICIES, .buffer = buffer, .cap = buffer ? cap : 0};
    c->err = (struct err){0};
    c->end = manifest_end;
    if (!is_ok(manifest_request_parse(c->request, &lent, &r, &c->err)))
        call_refuse(c, REFUSED_INVALID_ARGUMENT, c->err.text);
    else if (manifest_translate(c, &r))
        user_set_manifest(c);
    free(buffer);
}

static void manifest(struct call *c)
{
    call_ask(c, KEEPER_STATE, NULL, 0, manifest_gated);
}

/* ---- probes ------------------------------------------------------------------------------------------------------ */

static void probe_alive(struct call *c)
{
    call_grant(c, BYTES_LIT(""));
}

static void probe_known(struct call *c)
{
    struct keeper_state_answer s;
    bool is_ready = !c->failed && call_read_state(c, 0, &s) && s.generation > 0 && !s.is_stale;
    if (is_ready)
        call_grant(c, BYTES_LIT(""));
    else
        call_refuse(c, REFUSED_NOT_READY, "no manifest is in force");
}

static void probe_ready(struct call *c)
{
    call_ask(c, KEEPER_STATE, NULL, 0, probe_known);
}

/* ---- metrics ----------------------------------------------------------------------------------------------------- */

static void metrics_known(struct call *c)
{
    struct keeper_state_answer s;
    struct buffer text = BUFFER("metrics", LIMIT_METRICS_BYTES);
    if (c->failed || !call_read_state(c, 0, &s)) {
        call_refuse(c, REFUSED_INTERNAL, "the keeper's answer cannot be read");
        return;
    }
    struct metrics_state state = {.generation = s.generation,
                                  .refused_peers = s.refused_peers,
                                  .is_insecure = s.is_insecure,
                                  .root_ca_not_after = expiry_of_certificate(s.root_ca),
                                  .mesh_ca_not_after = expiry_of_certificate(s.mesh_ca)};
    if (is_ok(call_write_metrics(c, &state, &text, &c->err)))
        call_grant(c, buffer_view(&text));
    else
        call_refuse(c, REFUSED_INTERNAL, c->err.text);
    buffer_free(&text);
}

static void metrics(struct call *c)
{
    call_ask(c, KEEPER_STATE, NULL, 0, metrics_known);
}

/* ---- routes ------------------------------------------------------------------------------------------------------ */

static const struct http1_route public_routes[] = {
    {.path = "/capabilities", .method = "GET"},
    {"/attest", "POST", NONCE_REQUEST_BYTES, .wants_json = true, .is_gated = true, .version = 0},
    {"/v1/attest", "POST", NONCE_REQUEST_BYTES, .wants_json = true, .is_gated = true, .version = 1},
    {"/v1/manifest", "POST", LIMIT_MANIFEST_REQUEST_BYTES, .wants_json = true, .is_gated = true, .version = 1},
};
static call_step *const public_steps[] = {capabilities, attest_legacy, attest_v1, manifest};

static const struct http1_route probe_routes[] = {
    {.path = "/probe/startup"}, {.path = "/probe/liveness"}, {.path = "/probe/readiness"}, {.path = "/metrics"}};
static call_step *const probe_steps[] = {probe_alive, probe_alive, probe_ready, metrics};

enum {
    PUBLIC_ROUTES = sizeof public_routes / sizeof public_routes[0],
    PROBE_ROUTES = sizeof probe_routes / sizeof probe_routes[0]
};

const struct http_api http_api_public = {public_routes, public_steps, PUBLIC_ROUTES};
const struct http_api http_api_probes = {probe_routes, probe_steps, PROBE_ROUTES - 1};
const struct http_api http_api_probes_and_metrics = {probe_routes, probe_steps, PROBE_ROUTES};
