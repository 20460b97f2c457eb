/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coordinator/keeper_loop.h"
#include "tests/scratch.h"

enum { PIPE_BYTES = 4096, LOST = 3 };

static const volatile sig_atomic_t no_drain;

#define NO_ISSUER "exec:/bin/false"

static int run_keeper(const char *issuer, const struct keeper_pipe *fronts, size_t count,
                      const struct keeper_past *past)
{
    struct keeper *k = NULL;
    struct issuer *made_by = NULL;
    signal(SIGPIPE, SIG_IGN);
    alarm(40); /* a loop that does not end is a failure, not a process that stays */
    for (size_t i = 0; i < count; i++)
        if (fcntl(fronts[i].from, F_SETFL, O_NONBLOCK) != 0 || fcntl(fronts[i].to, F_SETFL, O_NONBLOCK) != 0) return 1;
    if (!is_ok(keeper_open(&(struct keeper_options){.past = past}, &k, NULL))) return 1;
    if (!is_ok(issuer_open(issuer, &made_by, NULL))) return 1;
    enum err_kind kind = keeper_loop(k, made_by, fronts, count, &no_drain, NULL).kind;
    keeper_free(k);
    issuer_close(made_by);
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
        _exit(run_keeper(NO_ISSUER, &(struct keeper_pipe){.from = requests[0], .to = answers[1]}, 1, NULL));
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
        _exit(run_keeper(NO_ISSUER, fronts, 2, &past));
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

/* ---- requests that wait for evidence ---------------------------------------------------------------------------- */

/* Answers each request once there is a file "go" beside it; it ends with its input, or when it is not there any more.
 */
#define PATIENT                                                                                                        \
    "#!/bin/sh\nwhile [ $(head -c 68 | wc -c) = 68 ]; do\n"                                                            \
    "until [ -e \"${0%/*}/go\" ]; do [ -e \"$0\" ] || exit; sleep 0.05; done\n"                                        \
    "printf '\\000\\000\\000\\004\\000doc'; done\n"

static struct {
    int front[2], channel; /* the test's ends */
    pid_t keeper;
    struct scratch folder;
} slow;

static void begin_slow(void)
{
    static const struct keeper_past past = {BYTES_LIT(""), BYTES_LIT(""), BYTES_LIT("")};
    char issuer[128];
    int ends[3][2];
    slow.folder = scratch_open();
    scratch_write(&slow.folder, "issuer", BYTES_LIT(PATIENT));
    scratch_run(&slow.folder, "chmod +x issuer");
    snprintf(issuer, sizeof issuer, "exec:%s/issuer", slow.folder.path);
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(socketpair(AF_UNIX, i < 2 ? SOCK_STREAM : SOCK_SEQPACKET, 0, ends[i]), 0);
    slow.keeper = fork();
    if (slow.keeper == 0) {
        struct keeper_pipe fronts[3];
        for (size_t i = 0; i < 3; i++) {
            close(ends[i][0]);
            fronts[i] = (struct keeper_pipe){ends[i][1], i < 2 ? dup(ends[i][1]) : ends[i][1], .is_channel = i == 2};
        }
        _exit(run_keeper(issuer, fronts, 3, &past));
    }
    for (size_t i = 0; i < 3; i++)
        close(ends[i][1]);
    slow.front[0] = ends[0][0];
    slow.front[1] = ends[1][0];
    slow.channel = ends[2][0];
}

static void end_slow(void)
{
    close(slow.front[0]);
    close(slow.front[1]);
    close(slow.channel);
    cr_assert_eq(waitpid(slow.keeper, NULL, 0), slow.keeper);
    scratch_close(&slow.folder);
}

static void go(void)
{
    scratch_write(&slow.folder, "go", BYTES_LIT(""));
}

static void ask_for(int to, uint8_t kind, uint32_t id)
{
    static const uint8_t nonce[KEEPER_NONCE_BYTES];
    const struct message m = {.kind = kind,
                              .id = id,
                              .parts = {BYTES_OF(nonce), BYTES_LIT("key")},
                              .part_count = kind == KEEPER_STATE ? 0 : 2};
    uint8_t frame[128];
    size_t len = 0;
    cr_assert(is_ok(message_size(&m, &len, NULL)) && len <= sizeof frame);
    message_write(&m, frame);
    cr_assert_eq(write(to, frame, len), (ssize_t)len);
}

static void expect_answer(int from, uint32_t id, uint8_t kind)
{
    static uint8_t frame[4096];
    struct message m = {0};
    size_t have = 0, len = 0;
    bool is_packet = from == slow.channel;
    while (len == 0 || have < len) {
        ssize_t n = read(from, frame + have, is_packet ? sizeof frame : have < 4 ? 4 - have : len - have);
        cr_assert_gt(n, 0);
        have += (size_t)n;
        cr_assert(is_ok(message_frame(BYTES(frame, have), &len, NULL)));
    }
    cr_assert(is_ok(message_parse(BYTES(frame, have), &m, NULL)));
    cr_expect(m.id == id && m.kind == kind, "want %u, have %u of kind %u", id, m.id, m.kind);
    bool is_document = id < 100 && m.kind == ANSWER_DONE;
    if (is_document) cr_expect(bytes_eq(m.parts[0], BYTES_LIT("doc")));
}

/* Numbers below 100 wait for evidence. */
Test(keeper_loop, what_needs_no_evidence_does_not_wait_for_it, .init = begin_slow, .fini = end_slow, .timeout = 60)
{
    ask_for(slow.front[0], KEEPER_EVIDENCE, 1);
    ask_for(slow.front[0], KEEPER_EVIDENCE, 2);
    ask_for(slow.front[0], KEEPER_STATE, 101);
    ask_for(slow.front[1], KEEPER_EVIDENCE, 3);
    ask_for(slow.front[1], KEEPER_STATE, 102);
    expect_answer(slow.front[0], 101, ANSWER_DONE);
    expect_answer(slow.front[1], 102, ANSWER_DONE);
    go();
    expect_answer(slow.front[0], 1, ANSWER_DONE);
    expect_answer(slow.front[1], 3, ANSWER_DONE);
    expect_answer(slow.front[0], 2, ANSWER_DONE);
}

/* The nursery counts on it. */
Test(keeper_loop, answers_on_a_channel_come_in_order, .init = begin_slow, .fini = end_slow, .timeout = 60)
{
    ask_for(slow.channel, KEEPER_EVIDENCE, 1);
    ask_for(slow.channel, KEEPER_STATE, 101);
    ask_for(slow.front[0], KEEPER_STATE, 102);
    expect_answer(slow.front[0], 102, ANSWER_DONE);
    go();
    expect_answer(slow.channel, 1, ANSWER_DONE);
    expect_answer(slow.channel, 101, ANSWER_DONE);
}

/* One is being made, so many wait, and the next one is refused; the other front has places of its own. */
Test(keeper_loop, so_many_wait_for_evidence_and_no_more, .init = begin_slow, .fini = end_slow, .timeout = 60)
{
    for (uint32_t i = 0; i <= LIMIT_KEEPER_REPORTS; i++)
        ask_for(slow.front[0], KEEPER_EVIDENCE, i);
    expect_answer(slow.front[0], LIMIT_KEEPER_REPORTS, ANSWER_REFUSED);
    ask_for(slow.front[1], KEEPER_EVIDENCE, 1);
    go();
    expect_answer(slow.front[1], 1, ANSWER_DONE);
}

/* An issuer that has ended refuses all, those that wait and those that come. */
Test(keeper_loop, without_an_issuer_requests_are_refused, .init = begin_stale, .timeout = 60)
{
    slow.channel = -1;
    ask_for(stale.front, KEEPER_EVIDENCE, 1);
    expect_answer(stale.front, 1, ANSWER_REFUSED);
    ask_for(stale.front, KEEPER_EVIDENCE, 2);
    expect_answer(stale.front, 2, ANSWER_REFUSED);
    ask_for(stale.front, KEEPER_STATE, 101);
    expect_answer(stale.front, 101, ANSWER_DONE);
}
