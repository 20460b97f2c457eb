/* SPDX-License-Identifier: Apache-2.0 */
/* Calls over loopback, to a child that speaks attested TLS and gRPC with the same objects: what is shown is the driving
 * of them.  Other implementations are in test_atls_openssl.c and tests/interop. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net/coordinator_client.h"
#include "net/dial.h"
#include "net/grpc_server.h"

enum { MESSAGE = 4 << 20, ROOM = 1 << 17 };

static const uint8_t server_nonce[32] = {1}, client_nonce[32] = {2};

/* ---- the child -------------------------------------------------------------------------------------------------- */

static const struct grpc_method methods[] = {{"/userapi.UserAPI/GetManifests", MESSAGE}};
static const struct grpc_server_options options = {.methods = methods,
                                                   .method_count = 1,
                                                   .messages_limit = MESSAGE,
                                                   .call_limit = 10,
                                                   .header_limit = 16384,
                                                   .request_ms = 10000};

struct child {
    struct dial d;
    struct atls *tls;
    struct grpc_server *grpc;
    struct buffer in, plain;
    bool has_ended;
};

static void must(status s)
{
    if (!is_ok(s)) _exit(1);
}

static void child_tls(struct child *c)
{
    bytes in = buffer_view(&c->in);
    size_t n = in.len < atls_input_room(c->tls) ? in.len : atls_input_room(c->tls);
    if (!is_ok(atls_step(c->tls, bytes_slice(in, 0, n), NULL))) _exit(2); /* the client has refused */
    buffer_drop(&c->in, n);
    if (atls_state(c->tls) == ATLS_WANT_EVIDENCE) must(atls_answer(c->tls, BYTES_LIT("evidence of the child"), NULL));
    if (atls_state(c->tls) == ATLS_WANT_JUDGEMENT) must(atls_accept(c->tls, NULL));
}

static void child_grpc(struct child *c)
{
    struct grpc_request q;
    struct buffer *plain = atls_plaintext(c->tls);
    must(grpc_server_step(c->grpc, dial_now(), buffer_view(plain), &c->plain, NULL));
    buffer_drop(plain, plain->len);
    while (grpc_server_next(c->grpc, &q)) {
        bytes copy = BYTES(malloc(q.message.len + 1), q.message.len);
        memcpy((uint8_t *)copy.ptr, q.message.ptr, q.message.len);
        if (q.message.len == 0)
            must(grpc_server_fail(c->grpc, q.stream, GRPC_FAILED_PRECONDITION, BYTES_LIT("no manifest configured"),
                                  NULL));
        else
            must(grpc_server_answer(c->grpc, q.stream, copy, NULL));
        free((uint8_t *)copy.ptr);
    }
    must(grpc_server_step(c->grpc, dial_now(), BYTES_LIT(""), &c->plain, NULL));
    size_t room = atls_write_room(c->tls), n = c->plain.len < room ? c->plain.len : room;
    if (n > 0) must(atls_write(c->tls, bytes_slice(buffer_view(&c->plain), 0, n), NULL));
    buffer_drop(&c->plain, n);
}

static void run_child(int fd)
{
    struct child c = {.d = {fd, dial_now() + 20000}, .in = BUFFER("in", ROOM), .plain = BUFFER("plain", ROOM)};
    const struct atls_server_config config = {.nonce = server_nonce, .now = time(NULL)};
    must(atls_server_new(&config, &c.tls, NULL));
    must(grpc_server_open(&options, &c.grpc, NULL));
    for (;;) {
        child_tls(&c);
        if (atls_state(c.tls) == ATLS_OPEN) child_grpc(&c);
        if (atls_state(c.tls) == ATLS_CLOSED || c.has_ended) _exit(0);
        bool busy = atls_output(c.tls)->len == 0 && atls_state(c.tls) == ATLS_OPEN &&
                    (c.plain.len > 0 || grpc_server_has_output(c.grpc) || c.in.len > 0);
        if (!busy) must(dial_exchange(&c.d, atls_output(c.tls), &c.in, &c.has_ended, NULL));
    }
}

struct peer {
    int listener;
    pid_t child;
    struct address address;
};

enum behaviour { SERVES, HANGS_UP, TALKS_NONSENSE, KEEPS_SILENT };

static void open_peer(struct peer *p, enum behaviour how)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    cr_assert(is_ok(atls_open(time(NULL), NULL)));
    *p = (struct peer){.listener = socket(AF_INET, SOCK_STREAM, 0)};
    cr_assert(p->listener >= 0 && bind(p->listener, (struct sockaddr *)&at, sizeof at) == 0);
    cr_assert(listen(p->listener, 4) == 0 && getsockname(p->listener, (struct sockaddr *)&at, &size) == 0);
    cr_assert(is_ok(address_parse(BYTES_LIT("127.0.0.1"), ntohs(at.sin_port), &p->address, NULL)));
    if (how == KEEPS_SILENT) return;
    p->child = fork();
    if (p->child != 0) return;
    int fd = accept(p->listener, NULL, NULL);
    if (how == SERVES) run_child(fd);
    if (how == TALKS_NONSENSE) (void)!write(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    if (how == TALKS_NONSENSE) sleep(1);
    close(fd);
    _exit(0);
}

static int end_peer(struct peer *p)
{
    int code = 0;
    close(p->listener);
    if (p->child > 0) waitpid(p->child, &code, 0);
    return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

/* ---- our side --------------------------------------------------------------------------------------------------- */

static int judged;

static status judge(void *context, const struct atls_peer *peer, struct err *err)
{
    judged++;
    cr_expect(bytes_eq(peer->evidence, BYTES_LIT("evidence of the child")));
    cr_expect(bytes_eq(peer->nonce, BYTES_OF(client_nonce)) && peer->spki.len == 91);
    return context ? err_set(err, ERR_DENIED, 0, "not the one") : OK;
}

static status connect_to(struct peer *p, void *context, int64_t ms, struct coordinator_client **out, struct err *err)
{
    const struct coordinator_target target = {.address = &p->address,
                                              .nonce = client_nonce,
                                              .now = time(NULL),
                                              .deadline = dial_now() + ms,
                                              .message_limit = MESSAGE,
                                              .judge = judge,
                                              .context = context};
    judged = 0;
    return coordinator_connect(&target, out, err);
}

Test(coordinator_client, a_judge_who_refuses_ends_it)
{
    struct peer p;
    struct coordinator_client *c = NULL;
    struct err err = {0};
    open_peer(&p, SERVES);
    cr_expect_eq(connect_to(&p, &p, 5000, &c, &err).kind, ERR_DENIED);
    cr_expect(judged == 1 && c == NULL);
    cr_expect(strstr(err.text, p.address.text) && strstr(err.text, "not the one"), "%s", err.text);
    (void)end_peer(&p);
}

Test(coordinator_client, what_is_no_coordinator)
{
    static const struct {
        enum behaviour how;
        bool may_come_back;
    } rows[] = {{HANGS_UP, true}, {TALKS_NONSENSE, false}, {KEEPS_SILENT, true}};
    for (size_t i = 0; i < 3; i++) {
        struct peer p;
        struct coordinator_client *c = NULL;
        struct err err = {0};
        open_peer(&p, rows[i].how);
        status s = connect_to(&p, NULL, 300, &c, &err);
        cr_expect_not(is_ok(s), "row %zu", i);
        cr_expect_eq(s.kind == ERR_IO || s.kind == ERR_EXPIRED, rows[i].may_come_back, "row %zu: %s", i, err.text);
        cr_expect(judged == 0 && c == NULL);
        (void)end_peer(&p);
    }
}

Test(coordinator_client, calls)
{
    static const size_t sizes[] = {1, 1000, 65536, 1000000, MESSAGE};
    struct peer p;
    struct coordinator_client *c = NULL;
    struct grpc_answer a;
    struct err err = {0};
    open_peer(&p, SERVES);
    status s = connect_to(&p, NULL, 10000, &c, &err);
    cr_assert(is_ok(s), "%s", err.text);
    cr_expect_eq(judged, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *message = malloc(sizes[i]);
        memset(message, (int)i + 1, sizes[i]);
        /* The old name is the one that this child knows. */
        s = coordinator_call_user_api(c, "GetManifests", BYTES(message, sizes[i]), dial_now() + 10000, &a, &err);
        cr_assert(is_ok(s), "%s", err.text);
        cr_expect(a.code == GRPC_OK && bytes_eq(a.message, BYTES(message, sizes[i])), "%zu bytes", sizes[i]);
        free(message);
    }
    s = coordinator_call_user_api(c, "GetManifests", BYTES_LIT(""), dial_now() + 10000, &a, &err);
    cr_expect(is_ok(s) && a.code == GRPC_FAILED_PRECONDITION);
    cr_expect(bytes_eq(a.text, BYTES_LIT("no manifest configured")));
    s = coordinator_call_user_api(c, "Nothing", BYTES_LIT(""), dial_now() + 10000, &a, &err);
    cr_expect(is_ok(s) && a.code == GRPC_UNIMPLEMENTED);
    coordinator_close(c);
    cr_expect_eq(end_peer(&p), 0);
}
