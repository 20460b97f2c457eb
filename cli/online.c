/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/online.h"

#include <time.h>

#include "ca/random.h"
#include "cli/report.h"
#include "net/dial.h"
#include "net/http_call.h"
#include "parse/capabilities.h"
#include "parse/text.h"
#include "parse/user_api.h"

enum { HANDSHAKE_MS = 30000, CALL_MS = 60000, HTTP_MS = 60000 };
enum { LIMIT_ANSWER = LIMIT_ATTEST_ANSWER_BYTES }; /* a history as long as /attest may have it */

/* ---- the connection --------------------------------------------------------------------------------------------- */

static status take_verification(struct arena *memory, struct verification **out, struct err *err)
{
    void *room;
    TRY(arena_take(memory, 1, sizeof **out, &room, err));
    *out = room;
    return OK;
}

static status judge_peer(void *context, const struct atls_peer *peer, struct err *err)
{
    struct online *o = context;
    char why[ERR_TEXT_MAX];
    TRY(arena_copy(o->memory, peer->evidence, &o->document, err));
    TRY(arena_copy(o->memory, peer->spki, &o->connection_key, err));
    o->is_lacking = o->fetching && !o->has_fetched && fetching_is_needed(o->fetching, o->document);
    if (o->is_lacking) return err_set(err, ERR_MISSING, 0, "the evidence lacks a leaf or a CRL");
    TRY(take_verification(o->memory, &o->connection, err));
    struct deployment_expectation want = o->want;
    want.nonce = BYTES_OF(o->nonce);
    want.connection_key = o->connection_key;
    TRY(verification_judge_connection(o->document, &o->authenticate, o->collateral, &want, o->memory, o->connection,
                                      err));
    const struct verdict *verdict = verification_verdict(o->connection);
    if (verdict_decide(verdict) == ALLOW) return OK;
    o->is_denied = true;
    report_deny(verdict, why, sizeof why);
    return err_set(err, ERR_DENIED, 0, "%.400s", why);
}

static status connect_once(struct online *o, struct err *err)
{
    o->network_failed = o->is_denied = o->is_lacking = false;
    o->connection = NULL;
    TRY(random_fill(o->nonce, sizeof o->nonce, err));
    o->authenticate.now = (int64_t)time(NULL);
    const struct coordinator_target target = {.address = &o->coordinator,
                                              .nonce = o->nonce,
                                              .key = o->key,
                                              .now = o->authenticate.now,
                                              .deadline = dial_now() + HANDSHAKE_MS,
                                              .message_limit = LIMIT_ANSWER,
                                              .judge = judge_peer,
                                              .context = o};
    status s = coordinator_connect(&target, &o->client, err);
    o->network_failed = !is_ok(s) && !o->is_denied && s.kind != ERR_NOMEM && s.kind != ERR_BUG;
    return s;
}

status online_connect(struct online *o, struct err *err)
{
    struct err lacking = {0};
    o->has_fetched = false;
    status s = connect_once(o, &lacking);
    if (!o->is_lacking) {
        *err = lacking;
        return s;
    }
    o->has_fetched = true;
    TRY(fetching_complete(o->fetching, o->document, err));
    return connect_once(o, err);
}

void online_close(struct online *o)
{
    coordinator_close(o->client);
    o->client = NULL;
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

enum { FOREIGN_TEXT_BYTES = 300 };

/* What a Coordinator says, as far as a line has room; longer than text_quote's, for it is meant for people. */
static void copy_foreign(bytes in, char out[FOREIGN_TEXT_BYTES + 1])
{
    size_t n = in.len < FOREIGN_TEXT_BYTES ? in.len : FOREIGN_TEXT_BYTES;
    for (size_t i = 0; i < n; i++)
        out[i] = in.ptr[i] >= 0x20 && in.ptr[i] <= 0x7e ? (char)in.ptr[i] : '?';
    out[n] = '\0';
}

status online_call(struct online *o, const char *method, const struct protobuf_writer *request, bytes *answer,
                   struct err *err)
{
    struct grpc_answer a = {0};
    const uint8_t *out = request->out ? request->out : (const uint8_t *)"";
    status s = coordinator_call_user_api(o->client, method, BYTES(out, request->len), dial_now() + CALL_MS, &a, err);
    o->network_failed = !is_ok(s);
    TRY(s);
    o->code = a.code;
    o->network_failed = a.code != GRPC_OK;
    char text[FOREIGN_TEXT_BYTES + 1];
    copy_foreign(a.text, text);
    if (a.code != GRPC_OK)
        return err_set(err, ERR_DENIED, 0, "%s: %s: %s: %s", o->coordinator.text, method, grpc_code_name(a.code), text);
    return arena_copy(o->memory, a.message, answer, err);
}

status online_get_history(struct online *o, struct verification *out, struct err *err)
{
    bytes answer;
    void *manifests, *policies;
    struct user_get_manifests_response r;
    const struct protobuf_writer request = {0};
    TRY(online_call(o, "GetManifests", &request, &answer, err));
    TRY(arena_take(o->memory, LIMIT_HISTORY_MANIFESTS, sizeof(bytes), &manifests, err));
    TRY(arena_take(o->memory, LIMIT_HISTORY_POLICIES, sizeof(bytes), &policies, err));
    const struct user_get_manifests_storage lent = {manifests, LIMIT_HISTORY_MANIFESTS, policies,
                                                    LIMIT_HISTORY_POLICIES};
    TRY(err_in(err, user_get_manifests_response_parse(answer, &lent, &r, err), "%s", o->coordinator.text));
    TRY(verification_open_history(&r, o->document, BYTES_OF(o->nonce), o->memory, out, err));
    out->bundle.tls_key = o->connection_key;
    struct deployment_expectation want = o->want;
    want.nonce = BYTES_OF(o->nonce);
    want.connection_key = o->connection_key;
    return verification_judge(out, &o->authenticate, o->collateral, &want, err);
}

/* ---- the HTTP API ----------------------------------------------------------------------------------------------- */

/* The body of an answer with status 200.  With `http_status`, another one is no error: the body is absent. */
static status ask_http(struct online *o, const struct http1_client_call *call, bytes *body, unsigned *http_status,
                       struct err *err)
{
    struct http1_client c;
    struct http1_answer a;
    TRY(http_call(&o->http, call, dial_now() + HTTP_MS, &c, &a, err));
    status s = OK;
    if (http_status) *http_status = a.status;
    if (a.status == 200)
        s = arena_copy(o->memory, a.body, body, err);
    else if (!http_status)
        s = err_set(err, ERR_DENIED, 0, "%s: %s %s: HTTP status %u: %s", o->http.text, call->method, call->path,
                    a.status, text_quote(a.body).s);
    http1_client_close(&c);
    return s;
}

/* The body of /capabilities when it offers version 1; absent when there is no such version, or no such resource, which
 * came later than /attest.  Somebody in between may hide it: a manifest that asks for a version does not accept less.
 */
static status negotiate(struct online *o, bytes *capabilities, struct err *err)
{
    const struct http1_client_call call = {
        .method = "GET", .path = "/capabilities", .answer_limit = LIMIT_CAPABILITIES_BYTES};
    unsigned http_status = 0;
    bytes body = BYTES_ABSENT;
    struct capabilities offered;
    TRY(ask_http(o, &call, &body, &http_status, err));
    if (bytes_is_absent(body)) return OK;
    TRY(err_in(err, capabilities_parse(body, &offered, err), "%s", o->http.text));
    if (capabilities_offer(&offered, 1)) *capabilities = body;
    return OK;
}

static status post_attest(struct online *o, bytes nonce, bool is_v1, bytes *body, struct err *err)
{
    char text[BASE64_TEXT_SIZE(BUNDLE_NONCE_BYTES)], request[BASE64_TEXT_SIZE(BUNDLE_NONCE_BYTES) + 20];
    TRY(base64_write(nonce, BASE64_STANDARD, text, sizeof text, err));
    (void)snprintf(request, sizeof request, "{\"nonce\":\"%s\"}", text);
    const struct http1_client_call call = {.method = "POST",
                                           .path = is_v1 ? "/v1/attest" : "/attest",
                                           .content_type = "application/json",
                                           .body = text_bytes(request),
                                           .answer_limit = LIMIT_ATTEST_ANSWER_BYTES};
    return ask_http(o, &call, body, NULL, err);
}

status online_get_answer(struct online *o, struct verification *out, bool *is_there, struct err *why, struct err *err)
{
    bytes body, nonce, capabilities = BYTES_ABSENT;
    void *room;
    *is_there = false;
    TRY(arena_take(o->memory, BUNDLE_NONCE_BYTES, 1, &room, err));
    TRY(random_fill(room, BUNDLE_NONCE_BYTES, err));
    nonce = BYTES(room, BUNDLE_NONCE_BYTES);
    status s = negotiate(o, &capabilities, why);
    if (is_ok(s)) s = post_attest(o, nonce, !bytes_is_absent(capabilities), &body, why);
    if (!is_ok(s)) return OK;
    *is_there = true;
    TRY(verification_open(body, nonce, capabilities, o->memory, out, err));
    if (o->fetching && out->is_open) TRY(fetching_complete(o->fetching, out->bundle.document, err));
    struct deployment_expectation want = o->want;
    want.nonce = nonce;
    return verification_judge(out, &o->authenticate, o->collateral, &want, err);
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

static bool is_same_list(const bytes *a, size_t a_count, const bytes *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = bytes_eq(a[i], b[i]);
    return same;
}

status online_compare(const struct verification *over_tls, const struct verification *over_http, struct err *err)
{
    const struct bundle *a = &over_tls->bundle, *b = &over_http->bundle;
    const char *differs = NULL;
    if (!bytes_eq(a->mesh_ca, b->mesh_ca)) differs = "the mesh CA";
    if (!bytes_eq(a->root_ca, b->root_ca)) differs = "the root CA";
    if (!is_same_list(a->policies, a->policy_count, b->policies, b->policy_count)) differs = "the policies";
    if (!is_same_list(a->manifests, a->manifest_count, b->manifests, b->manifest_count)) differs = "the history";
    if (!differs) return OK;
    return err_rule(err, ERR_MISMATCH, "history.manifests", 0,
                    "what came over attested TLS and what /attest says differ in %s: a manifest was set meanwhile, or "
                    "these are two Coordinators",
                    differs);
}

bool online_may_come_back(const struct online *o, status s)
{
    return o->network_failed &&
           (s.kind == ERR_IO || s.kind == ERR_EXPIRED || (o->code == GRPC_UNAVAILABLE && o->client));
}

void online_pause(void)
{
    const struct timespec t = {.tv_sec = ONLINE_PAUSE_MS / 1000, .tv_nsec = ONLINE_PAUSE_MS % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

int online_exit_code(const struct online *o, const struct err *err)
{
    if (o->is_denied && o->connection) return verdict_exit_code(verification_verdict(o->connection));
    if (!o->network_failed) return exit_code_of_error(err);
    return o->code == GRPC_FAILED_PRECONDITION ? EXIT_HISTORY : EXIT_NETWORK;
}
