/* SPDX-License-Identifier: Apache-2.0 */
/* A call over loopback, to a child that answers with what the test wants. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/http_call.h"

struct peer {
    int listener;
    pid_t child;
    struct address address;
};

/* A port that listens, and nobody there who accepts. */
static void listen_at_any(struct peer *p)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    *p = (struct peer){.listener = socket(AF_INET, SOCK_STREAM, 0)};
    cr_assert(p->listener >= 0 && bind(p->listener, (struct sockaddr *)&at, sizeof at) == 0);
    cr_assert(listen(p->listener, 4) == 0 && getsockname(p->listener, (struct sockaddr *)&at, &size) == 0);
    cr_assert(is_ok(address_parse(BYTES_LIT("127.0.0.1"), ntohs(at.sin_port), &p->address, NULL)));
}

/* Takes one connection, reads until the end of a head, and says `what`, a byte at a time when `slowly`. */
static void answer_with(struct peer *p, const char *what, bool slowly)
{
    listen_at_any(p);
    p->child = fork();
    if (p->child != 0) return;
    char in[4096];
    size_t n = 0;
    int fd = accept(p->listener, NULL, NULL);
    while (n < 4 || memcmp(in + n - 4, "\r\n\r\n", 4) != 0)
        if (read(fd, in + n++, 1) != 1) _exit(1);
    for (size_t i = 0; what[i]; i += slowly ? 1 : strlen(what))
        if (write(fd, what + i, slowly ? 1 : strlen(what)) < 0) _exit(1);
    close(fd);
    _exit(0);
}

static void end_peer(struct peer *p)
{
    close(p->listener);
    if (p->child > 0) waitpid(p->child, NULL, 0);
}

static status call(struct peer *p, int64_t ms, struct http1_client *c, struct http1_answer *a, struct err *err)
{
    const struct http1_client_call get = {.method = "GET", .path = "/capabilities", .answer_limit = 100};
    return http_call(&p->address, &get, dial_now() + ms, c, a, err);
}

Test(http_call, nobody_there)
{
    struct peer p;
    struct http1_client c;
    struct http1_answer a;
    struct err err = {0};
    listen_at_any(&p);
    close(p.listener);
    cr_expect_eq(call(&p, 5000, &c, &a, &err).kind, ERR_IO);
    cr_expect(strstr(err.text, p.address.text) && strstr(err.text, "refused"), "%s", err.text);
}

Test(http_call, nobody_who_answers)
{
    struct peer p;
    struct http1_client c;
    struct http1_answer a;
    struct err err = {0};
    listen_at_any(&p);
    cr_expect_eq(call(&p, 100, &c, &a, &err).kind, ERR_EXPIRED);
    cr_expect(strstr(err.text, "in time"), "%s", err.text);
    end_peer(&p);
}

Test(http_call, an_answer_that_is_none)
{
    struct peer p;
    struct http1_client c;
    struct http1_answer a;
    answer_with(&p, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nab", false);
    cr_expect_eq(call(&p, 5000, &c, &a, NULL).kind, ERR_TRUNCATED);
    end_peer(&p);
    answer_with(&p, "", false);
    cr_expect_eq(call(&p, 5000, &c, &a, NULL).kind, ERR_TRUNCATED);
    end_peer(&p);
}

Test(http_call, answers)
{
    for (int slowly = 0; slowly < 2; slowly++) {
        struct peer p;
        struct http1_client c;
        struct http1_answer a;
        struct err err = {0};
        answer_with(&p, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"api_versions\":[]}\n", slowly);
        status s = call(&p, 5000, &c, &a, &err);
        cr_assert(is_ok(s), "%s", err.text);
        cr_expect(a.status == 200 && bytes_eq(a.body, BYTES_LIT("{\"api_versions\":[]}\n")));
        http1_client_close(&c);
        end_peer(&p);
    }
}
