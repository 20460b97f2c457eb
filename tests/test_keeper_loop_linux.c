/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coordinator/keeper_loop.h"

enum { PIPE_BYTES = 4096, LOST = 3 };

static const volatile sig_atomic_t no_drain;

static status no_issue(void *context, const uint8_t report_data[KEEPER_REPORT_DATA_BYTES], struct buffer *out,
                       struct err *e)
{
    (void)context, (void)report_data, (void)out;
    return err_set(e, ERR_IO, 0, "no machine");
}

static int run_keeper(const struct keeper_pipe *fronts, size_t count, const struct keeper_past *past)
{
    struct keeper *k = NULL;
    signal(SIGPIPE, SIG_IGN);
    alarm(40); /* a loop that does not end is a failure, not a process that stays */
    for (size_t i = 0; i < count; i++)
        if (fcntl(fronts[i].from, F_SETFL, O_NONBLOCK) != 0 || fcntl(fronts[i].to, F_SETFL, O_NONBLOCK) != 0) return 1;
    if (!is_ok(keeper_open(&(struct keeper_options){.issue = no_issue, .past = past}, &k, NULL))) return 1;
    enum err_kind kind = keeper_loop(k, fronts, count, &no_drain, NULL).kind;
    keeper_free(k);
    return kind == ERR_IO ? LOST : 2;
}

static void ask(int to)
{
    const struct message m = {.kind = KEEPER_STATE, .id = 7};
    uint8_t frame[16];
    size_t len = 0;
    cr_assert(is_ok(message_size(&m, &len, NULL)) && len <= sizeof frame);
    message_write(&m, frame);
    cr_assert_eq(write(to, frame, len), (ssize_t)len);
}

/* A full pipe without a reader is no reason to wait for one. */
Test(keeper_loop, ends_with_a_front_that_took_no_answers, .timeout = 60)
{
    int requests[2], answers[2], status = 0, unread = -1, before;
    cr_assert(pipe(requests) == 0 && pipe(answers) == 0);
    cr_assert_geq(fcntl(answers[1], F_SETPIPE_SZ, PIPE_BYTES), PIPE_BYTES);
    pid_t keeper = fork();
    if (keeper == 0) {
        close(requests[1]);
        close(answers[0]);
        _exit(run_keeper(&(struct keeper_pipe){.from = requests[0], .to = answers[1]}, 1, NULL));
    }
    close(requests[0]);
    close(answers[1]);
    for (size_t i = 0; i < 500; i++)
        ask(requests[1]);
    do { /* until it writes no more */
        before = unread;
        usleep(100000);
        cr_assert_eq(ioctl(answers[0], FIONREAD, &unread), 0);
    } while (unread != before || unread == 0);
    cr_assert_gt(unread, PIPE_BYTES - 512);
    close(answers[0]);
    close(requests[1]);
    cr_assert_eq(waitpid(keeper, &status, 0), keeper);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == LOST, "%d", status);
}

/* ---- a channel for recovery ------------------------------------------------------------------------------------- */

static struct {
    int front, channel; /* the test's ends */
    pid_t keeper;
} stale;

static void begin_stale(void)
{
    static const struct keeper_past past = {BYTES_LIT(""), BYTES_LIT(""), BYTES_LIT("")};
    int front[2], channel[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, front), 0);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, channel), 0);
    stale.keeper = fork();
    if (stale.keeper == 0) {
        const struct keeper_pipe fronts[] = {{.from = front[1], .to = dup(front[1])},
                                             {.from = channel[1], .to = channel[1], .is_channel = true}};
        close(front[0]);
        close(channel[0]);
        _exit(run_keeper(fronts, 2, &past));
    }
    close(front[1]);
    close(channel[1]);
    stale.front = front[0];
    stale.channel = channel[0];
}

static uint8_t answer_from(int file)
{
    uint8_t frame[4096];
    struct message m = {0};
    ssize_t n = read(file, frame, sizeof frame);
    cr_assert(n > 0 && is_ok(message_parse(BYTES(frame, (size_t)n), &m, NULL)));
    return m.kind;
}

/* The child is told to end, and its channel and everybody else are served as before. */
Test(keeper_loop, half_a_message_on_a_channel_ends_nobody_else, .init = begin_stale, .timeout = 60)
{
    static const uint8_t bad[][9] = {{0, 0, 0, 9, KEEPER_STATE},             /* half of one */
                                     {255, 255, 255, 255, 0},                /* one that is too long */
                                     {0, 0, 0, 5, KEEPER_KINDS, 0, 0, 0, 1}, /* no such request */
                                     {0, 0, 0, 5, KEEPER_SET, 0, 0, 0, 1}};  /* without its parts */
    int code = 0;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(write(stale.channel, bad[i], sizeof bad[i]), (ssize_t)sizeof bad[i]);
        cr_expect_eq(answer_from(stale.channel), KEEPER_DRAIN, "message %zu", i);
        ask(stale.channel);
        cr_expect_eq(answer_from(stale.channel), ANSWER_DONE, "message %zu", i);
        ask(stale.front);
        cr_expect_eq(answer_from(stale.front), ANSWER_DONE, "message %zu", i);
    }
    close(stale.channel); /* the nursery itself is gone */
    cr_assert_eq(waitpid(stale.keeper, &code, 0), stale.keeper);
    cr_expect(WIFEXITED(code) && WEXITSTATUS(code) == LOST, "%d", code);
}
