/* SPDX-License-Identifier: Apache-2.0 */
/* gRPC of a connection: which methods each API has, and the calls that come from them. */
#include "coordinator/connection_uv.h"
#include "coordinator/mesh_calls.h"
#include "coordinator/user_calls.h"
#include "parse/mesh_api.h"
#include "parse/user_api.h"

/* grpc-go sends and takes no larger message. */
#define LIMIT_GRPC_MESSAGE_BYTES (4 << 20)

enum {
    CALLS_AT_ONCE = 16,
    HEADER_BYTES = 16384,
    REQUEST_MS = 60000,
};

static const struct grpc_method user_methods[] = {
    {USER_API_PATH "SetManifest", LIMIT_GRPC_MESSAGE_BYTES},
    {USER_API_PATH "GetManifests", 1024},
    {USER_API_PATH "Recover", 1024},
    {USER_API_PATH_OLD "SetManifest", LIMIT_GRPC_MESSAGE_BYTES},
    {USER_API_PATH_OLD "GetManifests", 1024},
    {USER_API_PATH_OLD "Recover", 1024},
};

static call_step *const user_steps[] = {user_set_manifest, user_get_manifests, user_refuse_recovery,
                                        user_set_manifest, user_get_manifests, user_refuse_recovery};
static call_step *const recovery_steps[] = {user_refuse_in_recovery, user_refuse_in_recovery, user_recover,
                                            user_refuse_in_recovery, user_refuse_in_recovery, user_recover};

static const struct grpc_method mesh_methods[] = {{MESH_API_PATH "NewMeshCert", 1024}, {MESH_API_PATH "Recover", 1024}};

static call_step *const mesh_steps[] = {mesh_new_cert, mesh_recover};

#define USER_OPTIONS                                                                                                   \
    {.methods = user_methods,                                                                                          \
     .method_count = sizeof user_methods / sizeof user_methods[0],                                                     \
     .messages_limit = 2 * LIMIT_GRPC_MESSAGE_BYTES,                                                                   \
     .call_limit = CALLS_AT_ONCE,                                                                                      \
     .header_limit = HEADER_BYTES,                                                                                     \
     .request_ms = REQUEST_MS}

/* By kind of listener. */
static const struct grpc_api {
    struct grpc_server_options options;
    call_step *const *steps;
} grpc_apis[] = {
    [LISTEN_USER] = {USER_OPTIONS, user_steps},
    [LISTEN_RECOVERY] = {USER_OPTIONS, recovery_steps},
    [LISTEN_MESH] = {{.methods = mesh_methods,
                      .method_count = sizeof mesh_methods / sizeof mesh_methods[0],
                      .messages_limit = 65536,
                      .call_limit = CALLS_AT_ONCE,
                      .header_limit = HEADER_BYTES,
                      .request_ms = REQUEST_MS},
                     mesh_steps},
};

_Static_assert(sizeof user_methods / sizeof user_methods[0] <= METRICS_ROWS / 2, "rows of the User API");
_Static_assert(sizeof mesh_methods / sizeof mesh_methods[0] <= METRICS_ROWS / 2, "rows of the Mesh API");

/* Each API has its half of the rows. */
static size_t row_of(enum listener_kind kind, size_t method)
{
    return (kind == LISTEN_MESH ? METRICS_ROWS / 2 : 0) + method;
}

void grpc_name_metrics(struct metrics *m)
{
    for (unsigned kind = 0; kind < sizeof grpc_apis / sizeof grpc_apis[0]; kind++)
        for (size_t i = 0; i < grpc_apis[kind].options.method_count; i++)
            metrics_name(m, row_of((enum listener_kind)kind, i), grpc_apis[kind].options.methods[i].path);
}

status grpc_open(struct connection *c, struct err *err)
{
    connection_renew(c);
    return grpc_server_open(&grpc_apis[c->kind].options, &c->grpc, err);
}

static status begin_calls(struct connection *c, struct err *err)
{
    struct grpc_request r;
    bytes key = atls_peer(c->tls).spki;
    while (grpc_server_next(c->grpc, &r)) {
        const struct call_origin origin = {
            .connection = c->number, .stream = r.stream, .method = r.method, .row = row_of(c->kind, r.method)};
        struct call *call = call_open(c->front, &origin, r.message, key);
        if (call) {
            c->calls++;
            memcpy(call->ticket, c->ticket, sizeof call->ticket);
            grpc_apis[c->kind].steps[r.method](call);
        } else {
            metrics_begin(c->front->options->metrics, origin.row);
            metrics_end(c->front->options->metrics, origin.row, GRPC_RESOURCE_EXHAUSTED, 0);
            TRY(grpc_server_fail(c->grpc, r.stream, GRPC_RESOURCE_EXHAUSTED, BYTES_LIT("too many calls"), err));
        }
    }
    return OK;
}

status grpc_step(struct connection *c, bool *has_moved, struct err *err)
{
    struct buffer *in = atls_plaintext(c->tls);
    size_t len = buffer_view(in).len;
    status s = grpc_server_step(c->grpc, front_now(c->front), buffer_view(in), &c->plain_out, err);
    buffer_drop(in, len);
    if (!is_ok(s) || grpc_server_is_done(c->grpc)) c->is_ending = true;
    *has_moved |= len > 0;
    if (is_ok(s)) s = begin_calls(c, err);
    bytes out = buffer_view(&c->plain_out);
    size_t room = atls_write_room(c->tls);
    if (out.len > room) out.len = room;
    if (out.len == 0 || atls_state(c->tls) != ATLS_OPEN) return s;
    TRY(atls_write(c->tls, out, err));
    buffer_drop(&c->plain_out, out.len);
    *has_moved = true;
    return s;
}

status grpc_grant(struct connection *c, const struct call *call, bytes answer, struct err *err)
{
    return grpc_server_answer(c->grpc, call->origin.stream, answer, err);
}

status grpc_refuse(struct connection *c, const struct call *call, enum refusal why, bytes text, struct err *err)
{
    return grpc_server_fail(c->grpc, call->origin.stream, (enum grpc_code)refusal_find(why)->grpc, text, err);
}

const char *grpc_name(const struct connection *c, const struct call *call)
{
    return grpc_apis[c->kind].options.methods[call->origin.method].path;
}
