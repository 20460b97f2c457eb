/* SPDX-License-Identifier: Apache-2.0 */
/* test-peer: our HTTP/2, gRPC and HTTP/1.1 over plain TCP on the loopback, for peers that others have written.
 *
 *   test-peer serve grpc|http       prints its port, then serves until its input ends
 *   test-peer call PORT METHOD      one gRPC call with standard input as the message; prints the code and the text, or
 *                                   the message
 *   test-peer get|post PORT PATH    one HTTP/1.1 request, with standard input as the body of a POST; prints the status
 *                                   and the body
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/grpc_client.h"
#include "net/grpc_server.h"
#include "net/http1_server.h"
#include "net/http_call.h"
#include "parse/text.h"
#include "parse/user_api.h"

enum { CONNECTIONS = 64, MESSAGE = 4 << 20, OUTPUT = 1 << 17 };

static void die(const char *what, const struct err *err)
{
    fprintf(stderr, "test-peer: %s: %s\n", what, err->text);
    exit(1);
}

/* ---- what is served --------------------------------------------------------------------------------------------- */

enum { SET_MANIFEST, GET_MANIFESTS, RECOVER, ECHO, FAIL };

static const struct grpc_method methods[] = {
    [SET_MANIFEST] = {USER_API_PATH "SetManifest", MESSAGE},
    [GET_MANIFESTS] = {USER_API_PATH "GetManifests", 100},
    [RECOVER] = {USER_API_PATH "Recover", 1000},
    [ECHO] = {"/test.Test/Echo", MESSAGE},
    [FAIL] = {"/test.Test/Fail", 100},
};
static const struct grpc_server_options grpc_options = {.methods = methods,
                                                        .method_count = sizeof methods / sizeof methods[0],
                                                        .messages_limit = 4 * MESSAGE,
                                                        .call_limit = 100,
                                                        .header_limit = 16384,
                                                        .request_ms = 10000};

static const struct http1_route routes[] = {
    {.path = "/capabilities", .method = "GET"},
    {.path = "/attest", .method = "POST", .body_limit = 1024, .wants_json = true}};
static const struct http1_server_options http_options = {.routes = routes,
                                                         .route_count = 2,
                                                         .version = "test",
                                                         .request_ms = 10000,
                                                         .idle_ms = 10000,
                                                         .request_limit = 1000000};

/* The request as it was read and written again. */
static status write_again(struct buffer *to, bytes message, struct err *err)
{
    static bytes policies[LIMIT_MANIFEST_POLICIES];
    static uint8_t out[MESSAGE];
    struct user_set_manifest_request r;
    struct protobuf_writer w = {.out = out, .cap = sizeof out};
    TRY(user_set_manifest_request_parse(message, policies, LIMIT_MANIFEST_POLICIES, &r, err));
    user_set_manifest_request_write(&w, &r);
    TRY(protobuf_written(&w, err));
    return buffer_put(to, BYTES(out, w.len), err);
}

static status write_history(struct buffer *to, struct err *err)
{
    static const bytes manifests[] = {BYTES_LIT("{\"example\":0}"), BYTES_LIT("{\"example\":1}")},
                       policies[] = {BYTES_LIT("policy"), BYTES_LIT("")};
    const struct user_get_manifests_response r = {.manifests = manifests,
                                                  .manifest_count = 2,
                                                  .policies = policies,
                                                  .policy_count = 2,
                                                  .root_ca = BYTES_LIT("ROOT\n"),
                                                  .mesh_ca = BYTES_LIT("MESH\n"),
                                                  .has_latest_transition = true,
                                                  .transition_hash = BYTES_LIT("0123456789abcdef0123456789ABCDEF"),
                                                  .transition_signature = BYTES_LIT("sig")};
    uint8_t out[500];
    struct protobuf_writer w = {.out = out, .cap = sizeof out};
    user_get_manifests_response_write(&w, &r);
    TRY(protobuf_written(&w, err));
    return buffer_put(to, BYTES(out, w.len), err);
}

static status make_answer(const struct grpc_request *q, struct buffer *to, struct err *err)
{
    switch (q->method) {
    case SET_MANIFEST:
        return write_again(to, q->message, err);
    case GET_MANIFESTS:
        TRY(empty_message_parse(q->message, err));
        return write_history(to, err);
    case ECHO:
        return buffer_put(to, q->message, err);
    case FAIL:
        return err_set(err, ERR_DENIED, 0, "100%% na\xc3\xafve\nline");
    default:
        return err_set(err, ERR_STATE, 0, "not now");
    }
}

static void answer_calls(struct grpc_server *s)
{
    struct grpc_request q;
    while (grpc_server_next(s, &q)) {
        struct buffer out = BUFFER("answer", MESSAGE + 1000);
        struct err err = {0}, broken = {0};
        status r = make_answer(&q, &out, &err);
        bytes text = text_bytes(err.text);
        if (is_ok(r))
            r = grpc_server_answer(s, q.stream, buffer_view(&out), &broken);
        else
            r = grpc_server_fail(s, q.stream, r.kind == ERR_DENIED ? GRPC_PERMISSION_DENIED : GRPC_INVALID_ARGUMENT,
                                 text, &broken);
        buffer_free(&out);
        if (!is_ok(r)) die("answer", &broken);
    }
}

/* False when there is none. */
static bool answer_request(struct http1_server *s)
{
    struct http1_call q;
    struct err err = {0};
    if (!http1_server_next(s, &q)) return false;
    status r = q.route == 0
                   ? http1_server_answer(s, 200, "application/json", BYTES_LIT("{\"api_versions\":[\"v1\"]}\n"), &err)
                   : http1_server_answer(s, 200, "application/json", q.body, &err);
    if (!is_ok(r)) die("answer", &err);
    return true;
}

/* ---- connections ------------------------------------------------------------------------------------------------ */

struct connection {
    int fd; /* 0: none */
    struct grpc_server *grpc;
    struct http1_server http;
    struct buffer out;
    bool is_shut; /* for writing: what still comes is read, or the peer would lose what was sent */
};

static struct connection connections[CONNECTIONS];
static bool serves_grpc;

static void close_connection(struct connection *c)
{
    close(c->fd);
    grpc_server_close(c->grpc);
    http1_server_close(&c->http);
    buffer_free(&c->out);
    *c = (struct connection){0};
}

static void accept_one(int listener)
{
    struct err err = {0};
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &connections[i];
        if (c->fd > 0) continue;
        c->fd = accept(listener, NULL, NULL);
        if (c->fd <= 0 || fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0) exit(1);
        c->out = BUFFER("output", OUTPUT);
        if (!is_ok(grpc_server_open(&grpc_options, &c->grpc, &err))) die("open", &err);
        http1_server_open(&c->http, &http_options, dial_now());
        return;
    }
}

static status step(struct connection *c, bytes in, struct err *err)
{
    if (serves_grpc) {
        TRY(grpc_server_step(c->grpc, dial_now(), in, &c->out, err));
        answer_calls(c->grpc);
        return grpc_server_step(c->grpc, dial_now(), BYTES_LIT(""), &c->out, err);
    }
    TRY(http1_server_step(&c->http, dial_now(), in, &c->out, err));
    while (answer_request(&c->http))
        TRY(http1_server_step(&c->http, dial_now(), BYTES_LIT(""), &c->out, err));
    return OK;
}

static void serve(struct connection *c, short events)
{
    uint8_t in[8192];
    struct err err = {0};
    ssize_t n = events & POLLIN && buffer_room(&c->out) > OUTPUT / 2 ? read(c->fd, in, sizeof in) : -1;
    status s = step(c, BYTES(in, n > 0 ? (size_t)n : 0), &err);
    bytes due = buffer_view(&c->out);
    ssize_t sent = due.len > 0 ? send(c->fd, due.ptr, due.len, MSG_NOSIGNAL) : 0;
    if (sent > 0) buffer_drop(&c->out, (size_t)sent);
    bool done = serves_grpc ? grpc_server_is_done(c->grpc) : http1_server_is_done(&c->http);
    bool ends = c->out.len == 0 && (!is_ok(s) || done);
    if (ends && !c->is_shut) c->is_shut = shutdown(c->fd, SHUT_WR) == 0;
    if (n == 0 || events & (POLLERR | POLLNVAL) || (ends && !is_ok(s))) close_connection(c);
}

static bool has_output(const struct connection *c)
{
    return c->out.len > 0 || (serves_grpc ? grpc_server_has_output(c->grpc) : http1_server_has_output(&c->http));
}

static int listen_at_any(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, CONNECTIONS) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &size) != 0)
        exit(1);
    printf("%u\n", ntohs(at.sin_port));
    fflush(stdout);
    return listener;
}

static int serve_all(void)
{
    int listener = listen_at_any();
    for (;;) {
        struct pollfd p[CONNECTIONS + 2] = {{.fd = 0, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
        for (size_t i = 0; i < CONNECTIONS; i++)
            p[i + 2] = (struct pollfd){.fd = connections[i].fd > 0 ? connections[i].fd : -1,
                                       .events = connections[i].fd > 0 && has_output(&connections[i]) ? POLLIN | POLLOUT
                                                                                                      : POLLIN};
        if (poll(p, CONNECTIONS + 2, 1000) < 0) return 1;
        if (p[0].revents) return 0;
        for (size_t i = 0; i < CONNECTIONS; i++)
            if (connections[i].fd > 0 && p[i + 2].revents) serve(&connections[i], p[i + 2].revents);
        if (p[1].revents) accept_one(listener);
    }
}

/* ---- a call ----------------------------------------------------------------------------------------------------- */

static status run_call(struct grpc_client *c, struct dial *d, struct err *err)
{
    struct buffer out = BUFFER("output", OUTPUT), in = BUFFER("input", OUTPUT);
    status s = grpc_client_step(c, BYTES_LIT(""), &out, err);
    while (is_ok(s) && !grpc_client_has_answer(c)) {
        bool has_ended = false;
        s = dial_exchange(d, &out, &in, &has_ended, err);
        if (is_ok(s)) s = grpc_client_step(c, buffer_view(&in), &out, err);
        buffer_drop(&in, in.len);
        if (is_ok(s) && has_ended && !grpc_client_has_answer(c)) s = err_set(err, ERR_IO, 0, "the connection ended");
    }
    buffer_free(&out);
    buffer_free(&in);
    return s;
}

static int call(const char *port, const char *path)
{
    static uint8_t message[MESSAGE];
    struct address to;
    struct dial d;
    struct grpc_client *c = NULL;
    struct grpc_answer a;
    struct err err = {0};
    const struct grpc_client_options options = {.message_limit = MESSAGE, .header_limit = 16384};
    size_t len = fread(message, 1, sizeof message, stdin);
    status s = address_parse(BYTES_LIT("127.0.0.1"), (unsigned)atoi(port), &to, &err);
    if (is_ok(s)) s = dial_open(&d, &to, dial_now() + 20000, &err);
    if (is_ok(s)) s = grpc_client_open(&options, &c, &err);
    const struct grpc_call q = {to.text, path, BYTES(message, len), 20000};
    if (is_ok(s)) s = grpc_client_call(c, &q, &err);
    if (is_ok(s)) s = run_call(c, &d, &err);
    if (!is_ok(s)) die("call", &err);
    grpc_client_get_answer(c, &a);
    bytes out = a.code == GRPC_OK ? a.message : a.text;
    if (a.code != GRPC_OK) printf("%s: ", grpc_code_name(a.code));
    fwrite(out.ptr, 1, out.len, stdout);
    grpc_client_close(c);
    dial_close(&d);
    return 0;
}

static int request(const char *method, const char *port, const char *path)
{
    static uint8_t body[MESSAGE];
    struct address to;
    struct http1_client c;
    struct http1_answer a;
    struct err err = {0};
    bool posts = strcmp(method, "post") == 0;
    size_t len = posts ? fread(body, 1, sizeof body, stdin) : 0;
    const struct http1_client_call q = {.method = posts ? "POST" : "GET",
                                        .path = path,
                                        .content_type = posts ? "application/json" : NULL,
                                        .body = BYTES(body, len),
                                        .answer_limit = MESSAGE};
    status s = address_parse(BYTES_LIT("127.0.0.1"), (unsigned)atoi(port), &to, &err);
    if (is_ok(s)) s = http_call(&to, &q, dial_now() + 20000, &c, &a, &err);
    if (!is_ok(s)) die(method, &err);
    printf("%u\n", a.status);
    fwrite(a.body.ptr, 1, a.body.len, stdout);
    http1_client_close(&c);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "serve") == 0) {
        serves_grpc = strcmp(argv[2], "grpc") == 0;
        return serve_all();
    }
    if (argc == 4 && strcmp(argv[1], "call") == 0) return call(argv[2], argv[3]);
    if (argc == 4 && (strcmp(argv[1], "get") == 0 || strcmp(argv[1], "post") == 0))
        return request(argv[1], argv[2], argv[3]);
    fprintf(stderr, "usage: test-peer serve grpc|http, test-peer call PORT METHOD, test-peer get|post PORT PATH\n");
    return 2;
}
