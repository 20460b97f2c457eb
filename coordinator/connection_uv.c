/* SPDX-License-Identifier: Apache-2.0 */
/* A connection is a pile of layers that know nothing of sockets: attested TLS with gRPC on it, or HTTP/1.1 alone.
 * Whenever bytes came, were written, or a call was answered, everything that can move is moved (pump). */
#include <stdlib.h>
#include <time.h>

#include "ca/random.h"
#include "ca/secret.h"
#include "coordinator/front_uv.h"
#include "coordinator/http_calls.h"
#include "coordinator/mesh_calls.h"
#include "coordinator/user_calls.h"
#include "net/atls.h"
#include "net/grpc_server.h"
#include "net/http1_server.h"
#include "net/http_answer.h"
#include "net/log.h"
#include "parse/mesh_api.h"
#include "parse/user_api.h"
#include "parse/version.h"

/* Bytes of the peer that no layer has room for yet: what one read brings. */
#define LIMIT_UNREAD_BYTES 65536

/* Plaintext on its way from gRPC or HTTP to the peer. */
#define LIMIT_PLAIN_BYTES (256 << 10)

/* A body that says why. */
#define LIMIT_REFUSAL_BYTES 8192

/* grpc-go sends and takes no larger message. */
#define LIMIT_GRPC_MESSAGE_BYTES (4 << 20)

enum {
    HANDSHAKE_MS = 25000, /* Contrast protocol, constants: the whole of it, evidence included */
    PING_AFTER_MS = 15000,
    LINGER_MS = 2000,
    GIVE_UP_AFTER_MS = 45000, /* without a byte in either direction */
    CALLS_AT_ONCE = 16,
    HEADER_BYTES = 16384,
    REQUEST_MS = 60000,
    HTTP_REQUEST_MS = 10000,
    HTTP_IDLE_MS = 30000,
    HTTP_REQUESTS = 1000, /* on one connection */
};

static const struct grpc_method user_methods[] = {
    {USER_API_PATH "SetManifest", LIMIT_GRPC_MESSAGE_BYTES},
    {USER_API_PATH "GetManifests", 1024},
    {USER_API_PATH_OLD "SetManifest", LIMIT_GRPC_MESSAGE_BYTES},
    {USER_API_PATH_OLD "GetManifests", 1024},
};

static call_step *const user_steps[] = {user_set_manifest, user_get_manifests, user_set_manifest, user_get_manifests};

static const struct grpc_method mesh_methods[] = {{MESH_API_PATH "NewMeshCert", 1024}, {MESH_API_PATH "Recover", 1024}};

static call_step *const mesh_steps[] = {mesh_new_cert, mesh_recover};

/* By kind of listener. */
static const struct grpc_api {
    struct grpc_server_options options;
    call_step *const *steps;
} grpc_apis[] = {
    [LISTEN_USER] = {{.methods = user_methods,
                      .method_count = sizeof user_methods / sizeof user_methods[0],
                      .messages_limit = 2 * LIMIT_GRPC_MESSAGE_BYTES,
                      .call_limit = CALLS_AT_ONCE,
                      .header_limit = HEADER_BYTES,
                      .request_ms = REQUEST_MS},
                     user_steps},
    [LISTEN_MESH] = {{.methods = mesh_methods,
                      .method_count = sizeof mesh_methods / sizeof mesh_methods[0],
                      .messages_limit = 65536,
                      .call_limit = CALLS_AT_ONCE,
                      .header_limit = HEADER_BYTES,
                      .request_ms = REQUEST_MS},
                     mesh_steps},
};

struct connection {
    uv_tcp_t tcp;
    uv_write_t writing;
    struct front *front;
    enum listener_kind kind;
    uint64_t number;
    char peer_name[64];
    int64_t began, moved; /* when bytes last came or went */

    struct atls *tls;         /* NULL for HTTP */
    struct grpc_server *grpc; /* NULL for HTTP, and until the handshake is over */
    struct http1_server http;
    struct http1_server_options http_options;
    size_t calls;                              /* that are not answered yet */
    struct buffer unread, plain_out, wire_out; /* wire_out: of HTTP alone */
    bytes being_written;                       /* owned */

    uint8_t ticket[8]; /* of a peer of the Mesh API */
    bool has_ticket;
    bool has_asked, has_judge, has_pinged, is_writing;
    bool is_paused;            /* not read from, until there is room */
    bool is_pumping, has_news; /* news: something was answered while all was being moved */
    bool is_ending;            /* when all has been written */
    bool is_lingering;         /* all was, and what still comes is read, or the peer might lose the answer */
    uv_shutdown_t shutdown;
    bool is_closed;
};

static void pump(struct connection *c);
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void take_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static bool is_http(const struct connection *c)
{
    return c->kind == LISTEN_HTTP || c->kind == LISTEN_PROBE;
}

static int64_t wall_clock(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

/* ---- begin and end ---------------------------------------------------------------------------------------------- */

struct connection *connection_find(struct front *f, uint64_t number)
{
    struct connection *c = f->connections[number % LIMIT_CONNECTIONS];
    return c && c->number == number && !c->is_closed ? c : NULL;
}

static void wipe_written(struct connection *c)
{
    if (c->being_written.ptr) secret_wipe((void *)(uintptr_t)c->being_written.ptr, c->being_written.len);
    free((void *)(uintptr_t)c->being_written.ptr);
    c->being_written = BYTES_ABSENT;
}

static void release(struct connection *c)
{
    if (is_http(c)) http1_server_close(&c->http);
    atls_free(c->tls);
    grpc_server_close(c->grpc);
    buffer_free(&c->unread);
    buffer_free(&c->plain_out);
    buffer_free(&c->wire_out);
    wipe_written(c);
    free(c);
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    c->front->connections[c->number % LIMIT_CONNECTIONS] = NULL;
    c->front->connection_count--;
    release(c);
}

/* It never came to be in the list. */
static void on_unlisted_closed(uv_handle_t *handle)
{
    release(handle->data);
}

static void ignore(void *context, const struct message *m)
{
    (void)context, (void)m;
}

/* What the keeper holds of a peer, it need not hold any more. */
static void release_ticket(struct connection *c)
{
    struct message m = {.kind = KEEPER_RELEASE, .parts = {BYTES_OF(c->ticket)}, .part_count = 1};
    if (c->has_ticket) (void)!is_ok(link_ask(&c->front->link, &m, ignore, NULL, NULL));
    c->has_ticket = false;
}

static void close_now(struct connection *c)
{
    if (c->is_closed) return;
    c->is_closed = true;
    release_ticket(c);
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static struct buffer *wire(struct connection *c)
{
    return c->tls ? atls_output(c->tls) : &c->wire_out;
}

static void on_written(uv_write_t *request, int code)
{
    struct connection *c = request->data;
    c->is_writing = false;
    wipe_written(c);
    c->moved = front_now(c->front);
    if (code < 0)
        close_now(c);
    else
        pump(c);
}

static void write_wire(struct connection *c)
{
    bytes due = buffer_view(wire(c));
    if (c->is_writing || due.len == 0) return;
    uint8_t *copy = malloc(due.len);
    if (!copy) {
        close_now(c);
        return;
    }
    memcpy(copy, due.ptr, due.len);
    c->being_written = BYTES(copy, due.len);
    buffer_drop(wire(c), due.len);
    uv_buf_t buf = uv_buf_init((char *)copy, (unsigned)due.len);
    c->writing.data = c;
    c->is_writing = uv_write(&c->writing, (uv_stream_t *)&c->tcp, &buf, 1, on_written) == 0;
    if (!c->is_writing) close_now(c);
}

/* ---- attested TLS ----------------------------------------------------------------------------------------------- */

/* Who waits for the keeper; the connection may be gone by then. */
struct waiting {
    struct front *front;
    uint64_t number;
};

/* Sends a request whose answer finds its way back to this connection. */
static bool ask(struct connection *c, struct message *m, link_answered *answered)
{
    struct waiting *w = malloc(sizeof *w);
    struct err err = {0};
    if (w) *w = (struct waiting){.front = c->front, .number = c->number};
    if (w && is_ok(link_ask(&c->front->link, m, answered, w, &err))) return true;
    free(w);
    return false;
}

/* The connection that has asked, or NULL when it is gone. */
static struct connection *take_waiting(void *context)
{
    struct waiting w = *(struct waiting *)context;
    free(context);
    return connection_find(w.front, w.number);
}

/* What the keeper says of a refusal. */
static void log_refusal(const struct connection *c, const char *what, const struct message *m)
{
    char text[ERR_TEXT_MAX] = "";
    bytes why = m->kind == ANSWER_REFUSED && m->part_count == 2 ? m->parts[1] : BYTES_ABSENT;
    if (why.ptr) memcpy(text, why.ptr, why.len < sizeof text ? why.len : sizeof text - 1);
    LOG("warning", what, {"peer", c->peer_name}, {"cause", text}, );
}

static void evidence_came(void *context, const struct message *m)
{
    struct connection *c = take_waiting(context);
    struct err err = {0};
    if (!c) return;
    if (m->kind != ANSWER_DONE || m->part_count != 1) {
        log_refusal(c, "no evidence for a handshake", m);
        atls_refuse(c->tls);
    } else if (!is_ok(atls_answer(c->tls, m->parts[0], &err))) {
        LOG("warning", "a handshake has failed", {"peer", c->peer_name}, {"cause", err.text}, );
    }
    pump(c);
}

static void ask_for_evidence(struct connection *c)
{
    struct atls_request r = atls_request(c->tls);
    struct message m = {.kind = KEEPER_EVIDENCE, .parts = {r.nonce, r.spki}, .part_count = 2};
    c->has_asked = true;
    if (!ask(c, &m, evidence_came)) atls_refuse(c->tls);
}

static status accept_peer(struct connection *c, struct err *err)
{
    TRY(atls_accept(c->tls, err));
    return grpc_server_open(&grpc_apis[c->kind].options, &c->grpc, err);
}

static void judgement_came(void *context, const struct message *m)
{
    struct connection *c = take_waiting(context);
    struct err err = {0};
    if (!c) return;
    if (m->kind != ANSWER_DONE) {
        log_refusal(c, "a peer was refused", m);
        atls_refuse(c->tls);
    } else if (!is_ok(accept_peer(c, &err))) {
        c->is_ending = true;
    }
    pump(c);
}

/* Anyone may ask the User API; who may set a manifest is decided by the key that was shown here, or by a signature. */
static status judge_peer(struct connection *c, bool *has_moved, struct err *err)
{
    struct atls_peer p = atls_peer(c->tls);
    struct message m = {.kind = KEEPER_JUDGE, .parts = {BYTES_OF(c->ticket), p.spki, p.evidence}, .part_count = 3};
    if (c->kind == LISTEN_USER) {
        *has_moved = true;
        return accept_peer(c, err);
    }
    if (c->has_judge) return OK;
    c->has_judge = true;
    return ask(c, &m, judgement_came) ? OK : err_set(err, ERR_IO, 0, "the keeper cannot be asked");
}

static status step_tls(struct connection *c, bool *has_moved, struct err *err)
{
    size_t room = atls_input_room(c->tls);
    bytes in = buffer_view(&c->unread);
    if (in.len > room) in.len = room;
    TRY(atls_step(c->tls, in, err));
    *has_moved = in.len > 0;
    buffer_drop(&c->unread, in.len);
    switch (atls_state(c->tls)) {
    case ATLS_WANT_EVIDENCE:
        if (!c->has_asked) ask_for_evidence(c);
        return OK;
    case ATLS_WANT_JUDGEMENT:
        return judge_peer(c, has_moved, err);
    case ATLS_CLOSED:
    case ATLS_FAILED:
        c->is_ending = true;
        return OK;
    default:
        return OK;
    }
}

/* ---- gRPC ------------------------------------------------------------------------------------------------------- */

static status begin_calls(struct connection *c, struct err *err)
{
    struct grpc_request r;
    bytes key = atls_peer(c->tls).spki;
    while (grpc_server_next(c->grpc, &r)) {
        const struct call_origin origin = {.connection = c->number, .stream = r.stream, .method = r.method};
        struct call *call = call_open(c->front, &origin, r.message, key);
        if (call) {
            c->calls++;
            memcpy(call->ticket, c->ticket, sizeof call->ticket);
            grpc_apis[c->kind].steps[r.method](call);
        } else {
            TRY(grpc_server_fail(c->grpc, r.stream, GRPC_RESOURCE_EXHAUSTED, BYTES_LIT("too many calls"), err));
        }
    }
    return OK;
}

static status step_grpc(struct connection *c, bool *has_moved, struct err *err)
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

/* ---- HTTP/1.1 --------------------------------------------------------------------------------------------------- */

static const struct http_api *api_of(const struct connection *c)
{
    return c->kind == LISTEN_HTTP           ? &http_api_public
           : c->front->options->has_metrics ? &http_api_probes_and_metrics
                                            : &http_api_probes;
}

static void open_http(struct connection *c)
{
    const struct http_api *api = api_of(c);
    c->http_options = (struct http1_server_options){.routes = api->routes,
                                                    .route_count = api->count,
                                                    .version = CONTRAST_VERSION,
                                                    .request_ms = HTTP_REQUEST_MS,
                                                    .idle_ms = HTTP_IDLE_MS,
                                                    .request_limit = HTTP_REQUESTS};
    http1_server_open(&c->http, &c->http_options, front_now(c->front));
}

static status step_http(struct connection *c, bool *has_moved, struct err *err)
{
    struct http1_call r;
    bytes in = buffer_view(&c->unread);
    TRY(http1_server_step(&c->http, front_now(c->front), in, &c->wire_out, err));
    buffer_drop(&c->unread, in.len);
    *has_moved = in.len > 0;
    if (http1_server_is_done(&c->http)) c->is_ending = true;
    if (!http1_server_next(&c->http, &r)) return OK;
    const struct call_origin origin = {.connection = c->number, .method = r.route};
    struct call *call = call_open(c->front, &origin, r.body, BYTES_LIT(""));
    if (!call) return http1_server_answer(&c->http, 503, NULL, BYTES_LIT(""), err);
    c->calls++;
    *has_moved = true;
    api_of(c)->steps[r.route](call);
    return OK;
}

static status grant_http(struct connection *c, bytes answer, struct err *err)
{
    const char *type = c->kind == LISTEN_HTTP ? "application/json"
                       : answer.len > 0       ? "text/plain; version=0.0.4"
                                              : NULL;
    return http1_server_answer(&c->http, 200, type, answer, err);
}

static status refuse_http(struct connection *c, enum refusal why, bytes text, struct err *err)
{
    const struct refusal_codes *codes = refusal_find(why);
    struct buffer body = BUFFER("refusal", LIMIT_REFUSAL_BYTES);
    if (c->kind != LISTEN_HTTP) return http1_server_answer(&c->http, codes->http, NULL, BYTES_LIT(""), err);
    status s = http_error_write(CONTRAST_VERSION, codes->http, codes->name, text, &body, err);
    if (is_ok(s)) s = http1_server_answer(&c->http, codes->http, "application/json", buffer_view(&body), err);
    buffer_free(&body);
    return s;
}

/* ---- all layers ------------------------------------------------------------------------------------------------- */

static status step(struct connection *c, bool *has_moved, struct err *err)
{
    *has_moved = false;
    if (is_http(c)) return step_http(c, has_moved, err);
    if (!c->tls) return OK; /* its nonce is being drawn */
    TRY(step_tls(c, has_moved, err));
    return c->grpc && atls_state(c->tls) == ATLS_OPEN ? step_grpc(c, has_moved, err) : OK;
}

static void move_all(struct connection *c)
{
    struct err err = {0};
    bool has_moved = true;
    while (!c->is_ending && (has_moved || c->has_news)) {
        c->has_news = false;
        if (is_ok(step(c, &has_moved, &err))) continue;
        LOG("info", "a connection has failed", {"peer", c->peer_name}, {"cause", err.text}, );
        c->is_ending = true;
    }
}

static void on_shutdown(uv_shutdown_t *request, int code)
{
    if (code < 0) close_now(request->data);
}

/* TLS tells the peer that all was said; HTTP has the end of the connection for that. */
static void finish(struct connection *c)
{
    c->shutdown.data = c;
    c->is_lingering = is_http(c) && uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) == 0;
    c->moved = front_now(c->front);
    if (c->is_lingering && c->is_paused) (void)uv_read_start((uv_stream_t *)&c->tcp, give_room, take_bytes);
    if (!c->is_lingering) close_now(c);
}

static void resume(struct connection *c)
{
    if (!c->is_paused || c->is_closed || buffer_room(&c->unread) == 0) return;
    c->is_paused = false;
    if (uv_read_start((uv_stream_t *)&c->tcp, give_room, take_bytes) != 0) close_now(c);
}

static void pump(struct connection *c)
{
    c->has_news = true;
    if (c->is_pumping || c->is_closed || c->is_lingering) return;
    c->is_pumping = true;
    move_all(c);
    c->is_pumping = false;
    write_wire(c);
    if (c->is_ending && !c->is_writing)
        finish(c);
    else
        resume(c);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct connection *c, const struct call *call)
{
    return c->tls ? grpc_apis[c->kind].options.methods[call->origin.method].path
                  : api_of(c)->routes[call->origin.method].path;
}

void connection_grant(struct connection *c, const struct call *call, bytes answer)
{
    struct err err = {0};
    status s = c->tls ? grpc_server_answer(c->grpc, call->origin.stream, answer, &err) : grant_http(c, answer, &err);
    if (!is_ok(s)) c->is_ending = true;
    c->calls--;
    pump(c);
}

void connection_refuse(struct connection *c, const struct call *call, enum refusal why, const char *text)
{
    struct err err = {0};
    bytes t = BYTES((const uint8_t *)text, strlen(text));
    enum grpc_code code = (enum grpc_code)refusal_find(why)->grpc;
    if (why != REFUSED_NOT_READY) LOG("info", "a call was refused", {"call", name_of(c, call)}, {"cause", text}, );
    status s = c->tls ? grpc_server_fail(c->grpc, call->origin.stream, code, t, &err) : refuse_http(c, why, t, &err);
    if (!is_ok(s)) c->is_ending = true;
    c->calls--;
    pump(c);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    static char room[LIMIT_UNREAD_BYTES]; /* libuv reads into it and calls take_bytes before anything else */
    struct connection *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(room, c->is_lingering ? sizeof room : (unsigned)buffer_room(&c->unread));
}

static void take_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct connection *c = stream->data;
    struct err err = {0};
    if (n == 0 || c->is_closed) return;
    if (c->is_lingering) {
        if (n < 0) close_now(c);
        return;
    }
    if (n == UV_ENOBUFS) { /* unread bytes fill their buffer: what moves them on resumes the reading */
        c->is_paused = uv_read_stop(stream) == 0;
        return;
    }
    c->moved = front_now(c->front);
    c->has_pinged = false;
    if (n < 0 || !is_ok(buffer_put(&c->unread, BYTES((const uint8_t *)buf->base, (size_t)n), &err)))
        close_now(c);
    else
        pump(c);
}

static status open_tls(struct connection *c, const uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    const struct atls_server_config config = {
        .nonce = nonce, .require_evidence = c->kind == LISTEN_MESH, .now = wall_clock()};
    return atls_server_new(&config, &c->tls, err);
}

static void ticket_came(void *context, const struct message *m)
{
    struct connection *c = take_waiting(context);
    struct err err = {0};
    if (!c) return;
    bool is_there = m->kind == ANSWER_DONE && m->part_count == 2 && m->parts[0].len == sizeof c->ticket &&
                    m->parts[1].len == ATLS_NONCE_BYTES;
    if (!is_there) {
        log_refusal(c, "a peer was not let in", m);
        close_now(c);
        return;
    }
    memcpy(c->ticket, m->parts[0].ptr, sizeof c->ticket);
    c->has_ticket = true;
    if (!is_ok(open_tls(c, m->parts[1].ptr, &err))) c->is_ending = true;
    pump(c);
}

static status open_connection(struct connection *c, struct err *err)
{
    uint8_t nonce[ATLS_NONCE_BYTES];
    struct message m = {.kind = KEEPER_DRAW};
    switch (c->kind) {
    case LISTEN_USER: /* evidence of its clients is not asked for, so that this nonce binds nothing */
        TRY(random_fill(nonce, sizeof nonce, err));
        return open_tls(c, nonce, err);
    case LISTEN_MESH:
        return ask(c, &m, ticket_came) ? OK : err_set(err, ERR_IO, 0, "the keeper cannot be asked");
    default:
        open_http(c);
        return OK;
    }
}

/* The peer's address, for the log. */
static void name_peer(struct connection *c)
{
    struct sockaddr_storage at;
    int len = sizeof at;
    if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)(void *)&at, &len) != 0) return;
    if (at.ss_family == AF_INET6)
        (void)uv_ip6_name((const struct sockaddr_in6 *)(const void *)&at, c->peer_name, sizeof c->peer_name);
    else
        (void)uv_ip4_name((const struct sockaddr_in *)(const void *)&at, c->peer_name, sizeof c->peer_name);
}

static bool enroll(struct front *f, struct connection *c)
{
    if (f->connection_count == LIMIT_CONNECTIONS) return false;
    do
        c->number = f->next_number++;
    while (f->connections[c->number % LIMIT_CONNECTIONS]);
    f->connections[c->number % LIMIT_CONNECTIONS] = c;
    f->connection_count++;
    return true;
}

void connection_accept(struct listener *l)
{
    struct front *f = l->front;
    struct err err = {0};
    struct connection *c = calloc(1, sizeof *c);
    if (!c) return; /* what has come waits in the kernel */
    *c = (struct connection){.front = f,
                             .kind = l->kind,
                             .began = front_now(f),
                             .moved = front_now(f),
                             .unread = BUFFER("unread bytes", LIMIT_UNREAD_BYTES),
                             .plain_out = BUFFER("answers", LIMIT_PLAIN_BYTES),
                             .wire_out = BUFFER("answers", LIMIT_PLAIN_BYTES)};
    uv_tcp_init(&f->loop, &c->tcp);
    c->tcp.data = c;
    bool is_here = uv_accept((uv_stream_t *)&l->tcp, (uv_stream_t *)&c->tcp) == 0;
    bool is_listed = enroll(f, c);
    if (is_here) name_peer(c);
    if (is_here && is_listed && is_ok(open_connection(c, &err)) && uv_tcp_nodelay(&c->tcp, 1) == 0 &&
        uv_read_start((uv_stream_t *)&c->tcp, give_room, take_bytes) == 0)
        return;
    LOG("warning", "a connection was not taken", {"cause", is_listed ? err.text : "too many connections"}, );
    if (is_listed)
        close_now(c);
    else
        uv_close((uv_handle_t *)&c->tcp, on_unlisted_closed);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

static void tick(struct connection *c, int64_t now)
{
    struct err err = {0};
    bool is_open = is_http(c) || c->grpc;
    bool is_idle = is_open && c->calls == 0;
    bool is_late = now - c->moved > (c->is_lingering ? LINGER_MS : GIVE_UP_AFTER_MS);
    if ((!is_open && now - c->began > HANDSHAKE_MS) || is_late || (is_idle && c->front->is_draining)) {
        close_now(c);
        return;
    }
    if (is_idle && c->grpc && !c->has_pinged && now - c->moved > PING_AFTER_MS)
        c->has_pinged = is_ok(grpc_server_ping(c->grpc, &err));
    pump(c);
}

void connections_tick(struct front *f)
{
    for (size_t i = 0; i < LIMIT_CONNECTIONS; i++)
        if (f->connections[i] && !f->connections[i]->is_closed) tick(f->connections[i], front_now(f));
}

void connections_close(struct front *f)
{
    for (size_t i = 0; i < LIMIT_CONNECTIONS; i++)
        if (f->connections[i]) close_now(f->connections[i]);
}
