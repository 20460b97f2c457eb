/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
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

static int run_keeper(int from, int to)
{
    struct keeper *k = NULL;
    const struct keeper_pipe front = {.from = from, .to = to};
    signal(SIGPIPE, SIG_IGN);
    alarm(40); /* a loop that does not end is a failure, not a process that stays */
    if (fcntl(from, F_SETFL, O_NONBLOCK) != 0 || fcntl(to, F_SETFL, O_NONBLOCK) != 0) return 1;
    if (!is_ok(keeper_open(&(struct keeper_options){.issue = no_issue}, &k, NULL))) return 1;
    enum err_kind kind = keeper_loop(k, &front, 1, &no_drain, NULL).kind;
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
        _exit(run_keeper(requests[0], answers[1]));
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
