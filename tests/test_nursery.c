/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coordinator/keeper.h"
#include "coordinator/nursery.h"

/* The test plays the keeper, at the other ends of the channels. */
static struct {
    int keeper[NURSERY_SLOTS];
    struct sockaddr_in at;
    pid_t nursery;
} house;

enum { SILENT = 300 };

/* A child that asks the keeper as often as the channel takes, and dies of it. */
static int overfill(int channel, const uint8_t *frame, size_t len)
{
    while (write(channel, frame, len) == (ssize_t)len)
        ;
    return 1;
}

/* A child that asks the keeper and does not wait for the answer; it tells its peer whether a channel was clean. */
static int serve(void *context, int connection, int channel)
{
    const struct message m = {.kind = KEEPER_STATE, .id = 3};
    struct pollfd unread = {.fd = channel, .events = POLLIN};
    uint8_t frame[16], byte = 0;
    size_t len = 0;
    (void)context;
    if (read(connection, &byte, 1) != 1 || !is_ok(message_size(&m, &len, NULL))) return 1;
    message_write(&m, frame);
    if (byte == '!') return overfill(channel, frame, len);
    byte = poll(&unread, 1, 0) == 0 ? 'c' : 'd';
    return write(channel, frame, len) == (ssize_t)len && write(connection, &byte, 1) == 1 ? 0 : 1;
}

static void begin(void)
{
    struct nursery_options o = {.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .serve = serve};
    socklen_t len = sizeof house.at;
    house.at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    cr_assert_eq(bind(o.listener, (struct sockaddr *)(void *)&house.at, len), 0);
    cr_assert_eq(listen(o.listener, SILENT), 0);
    cr_assert_eq(getsockname(o.listener, (struct sockaddr *)(void *)&house.at, &len), 0);
    for (size_t i = 0; i < NURSERY_SLOTS; i++) {
        int ends[2];
        cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
        house.keeper[i] = ends[0];
        o.channels[i] = ends[1];
    }
    house.nursery = fork();
    if (house.nursery == 0) {
        for (size_t i = 0; i < NURSERY_SLOTS; i++)
            close(house.keeper[i]);
        _exit(is_ok(nursery_run(&o, NULL)) ? 0 : 1);
    }
    close(o.listener);
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        close(o.channels[i]);
}

/* A connection that says nothing. */
static int reach_silently(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(s, (struct sockaddr *)(void *)&house.at, sizeof house.at), 0);
    return s;
}

static int reach_with(char what)
{
    int s = reach_silently();
    cr_assert_eq(write(s, &what, 1), 1);
    return s;
}

static int reach(void)
{
    return reach_with('?');
}

/* Answers whoever asks on a channel, in order. */
static void answer(int channel)
{
    uint8_t frame[64];
    struct message m;
    ssize_t n = read(channel, frame, sizeof frame);
    if (n <= 0 || !is_ok(message_parse(BYTES(frame, (size_t)n), &m, NULL))) return;
    m.kind = ANSWER_DONE;
    message_write(&m, frame);
    cr_assert_eq(write(channel, frame, (size_t)n), n);
}

/* What the peer of a connection is told; the keeper is at work until then. */
static char told(int connection)
{
    struct pollfd fds[NURSERY_SLOTS + 1];
    char byte = 0;
    for (;;) {
        for (size_t i = 0; i < NURSERY_SLOTS; i++)
            fds[i] = (struct pollfd){.fd = house.keeper[i], .events = POLLIN};
        fds[NURSERY_SLOTS] = (struct pollfd){.fd = connection, .events = POLLIN};
        cr_assert(poll(fds, NURSERY_SLOTS + 1, 60000) > 0);
        for (size_t i = 0; i < NURSERY_SLOTS; i++)
            if (fds[i].revents) answer(house.keeper[i]);
        if (fds[NURSERY_SLOTS].revents) break;
    }
    cr_expect_eq(read(connection, &byte, 1), 1);
    close(connection);
    return byte;
}

static void expect_end(void)
{
    int code = -1;
    cr_assert_eq(waitpid(house.nursery, &code, 0), house.nursery);
    cr_expect(WIFEXITED(code) && WEXITSTATUS(code) == 0);
}

/* More connections than there are channels: each is used again, and nothing in it is left for the next child. */
Test(nursery, a_channel_is_clean_for_the_next_child, .init = begin)
{
    for (int i = 0; i < 3 * NURSERY_SLOTS; i++)
        cr_expect_eq(told(reach()), 'c', "connection %d", i);
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        close(house.keeper[i]);
    expect_end();
}

/* One closed channel says that recovery is over.  A child that is still there is ended. */
Test(nursery, ends_with_the_first_channel_that_is_closed, .init = begin)
{
    int s = reach_silently();
    cr_expect_eq(told(reach()), 'c');
    close(house.keeper[NURSERY_SLOTS - 1]);
    expect_end();
    char byte;
    cr_expect_leq(read(s, &byte, 1), 0);
}

/* What a child has left in a channel that takes nothing more is read away as the keeper answers it. */
Test(nursery, outlives_a_child_that_has_filled_its_channel, .init = begin, .timeout = 120)
{
    char byte;
    int s = reach_with('!');
    cr_expect_leq(read(s, &byte, 1), 0, "it has ended");
    close(s);
    for (int i = 0; i < 4; i++) { /* the keeper has answered nothing yet */
        s = reach();
        cr_expect(read(s, &byte, 1) == 1 && byte == 'c', "connection %d", i);
        close(s);
    }
    for (int i = 0; i < 3 * NURSERY_SLOTS; i++)
        cr_expect_eq(told(reach()), 'c', "connection %d", i);
    close(house.keeper[0]);
    expect_end();
}

/* They have no child, so that nobody waits behind them. */
Test(nursery, silent_connections_keep_nobody_out, .init = begin, .timeout = 120)
{
    int silent[SILENT];
    for (size_t i = 0; i < SILENT; i++)
        silent[i] = reach_silently();
    for (int i = 0; i < 2 * NURSERY_SLOTS; i++)
        cr_expect_eq(told(reach()), 'c', "connection %d", i);
    cr_assert_eq(write(silent[0], "?", 1), 1);
    cr_expect_eq(told(silent[0]), 'c', "the first of them has its turn when it speaks");
    close(house.keeper[0]);
    expect_end();
    for (size_t i = 1; i < SILENT; i++)
        close(silent[i]);
}

/* One more than may wait: the oldest makes room. */
Test(nursery, too_many_silent_connections_end_the_oldest, .init = begin, .timeout = 120)
{
    static int silent[LIMIT_NURSERY_WAITING + 1];
    char byte;
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        silent[i] = reach_silently();
    cr_expect_leq(read(silent[0], &byte, 1), 0);
    cr_expect_eq(told(reach()), 'c');
    close(house.keeper[0]);
    expect_end();
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        close(silent[i]);
}
