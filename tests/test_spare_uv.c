/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/spare_uv.h"

enum { LISTENERS = 2, DROPPED = 5 };

static struct house {
    uv_loop_t loop;
    uv_tcp_t listeners[LISTENERS], taken;
    struct sockaddr_in at[LISTENERS];
    struct spare spare;
    unsigned came;
} house;

/* There is memory again after so many. */
static void on_connection(uv_stream_t *listener, int code)
{
    cr_assert_eq(code, 0);
    if (house.came++ < LISTENERS * DROPPED) {
        spare_drop(&house.spare, listener);
        return;
    }
    uv_tcp_init(&house.loop, &house.taken);
    cr_assert_eq(uv_accept(listener, (uv_stream_t *)&house.taken), 0);
}

static void begin(void)
{
    cr_assert_eq(uv_loop_init(&house.loop), 0);
    for (size_t i = 0; i < LISTENERS; i++) {
        int len = sizeof house.at[i];
        uv_tcp_t *l = &house.listeners[i];
        house.at[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        uv_tcp_init(&house.loop, l);
        cr_assert_eq(uv_tcp_bind(l, (struct sockaddr *)(void *)&house.at[i], 0), 0);
        cr_assert_eq(uv_listen((uv_stream_t *)l, 64, on_connection), 0);
        cr_assert_eq(uv_tcp_getsockname(l, (struct sockaddr *)(void *)&house.at[i], &len), 0);
    }
}

static int reach(size_t listener)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(s, (struct sockaddr *)(void *)&house.at[listener], sizeof house.at[listener]), 0);
    return s;
}

static bool is_closed(int s)
{
    char byte;
    ssize_t n = recv(s, &byte, 1, MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno == ECONNRESET);
}

/* Many at once, on two listeners: each is closed, and the one after them is served. */
Test(spare_uv, connections_that_there_is_no_memory_for_are_closed_and_the_next_is_served, .init = begin)
{
    int dropped[LISTENERS * DROPPED];
    for (size_t i = 0; i < LISTENERS * DROPPED; i++)
        dropped[i] = reach(i % LISTENERS);
    for (int turn = 0; turn < 100 && house.came < LISTENERS * DROPPED; turn++)
        uv_run(&house.loop, UV_RUN_NOWAIT);
    for (int turn = 0; turn < 4; turn++)
        uv_run(&house.loop, UV_RUN_NOWAIT);
    for (size_t i = 0; i < LISTENERS * DROPPED; i++) {
        cr_expect(is_closed(dropped[i]), "connection %zu", i);
        close(dropped[i]);
    }
    int next = reach(1);
    for (int turn = 0; turn < 100 && house.came == LISTENERS * DROPPED; turn++)
        uv_run(&house.loop, UV_RUN_NOWAIT);
    cr_expect_eq(house.came, LISTENERS * DROPPED + 1);
    cr_expect_not(is_closed(next));
    close(next);
}

/* A listener that is closed while one of its connections waits. */
Test(spare_uv, a_listener_may_go, .init = begin)
{
    int s[4];
    for (size_t i = 0; i < 4; i++)
        s[i] = reach(i % LISTENERS);
    for (int turn = 0; turn < 100 && !house.spare.owed[0]; turn++)
        uv_run(&house.loop, UV_RUN_NOWAIT);
    for (size_t i = 0; i < LISTENERS; i++)
        uv_close((uv_handle_t *)&house.listeners[i], NULL);
    uv_run(&house.loop, UV_RUN_DEFAULT);
    for (size_t i = 0; i < 4; i++) {
        cr_expect(is_closed(s[i]), "connection %zu", i);
        close(s[i]);
    }
    cr_expect_eq(uv_loop_close(&house.loop), 0);
}
