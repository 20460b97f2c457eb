/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper_loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ca/secret.h"

/* One frame, and what was read with it. */
#define LIMIT_INPUT_BYTES (LIMIT_MESSAGE_BYTES + 65536)

/* Answers to one front that it has not taken yet: one of the largest, whole. */
#define LIMIT_OUTPUT_BYTES (4 << 20)

struct front_end {
    struct keeper_pipe pipe;
    struct buffer in, out;
    bool is_open, is_told;
};

static int64_t clock_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

static void close_front(struct front_end *f)
{
    if (!f->is_open) return;
    f->is_open = false;
    close(f->pipe.from);
    if (!f->pipe.is_channel) close(f->pipe.to);
    buffer_free(&f->in);
    buffer_free(&f->out);
}

/* ---- one front -------------------------------------------------------------------------------------------------- */

static status tell_drain(struct front_end *f, struct err *err)
{
    const struct message m = {.kind = KEEPER_DRAIN};
    uint8_t frame[16];
    size_t len = 0;
    TRY(message_size(&m, &len, err));
    message_write(&m, frame);
    return buffer_put(&f->out, BYTES(frame, len), err);
}

static bool would_block(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static status write_some(struct front_end *f, struct err *err)
{
    bytes due = buffer_view(&f->out);
    if (due.len == 0) return OK;
    ssize_t n = write(f->pipe.to, due.ptr, due.len);
    if (n < 0 && !would_block()) return err_set(err, ERR_IO, 0, "front: %s", strerror(errno));
    if (n > 0) buffer_drop(&f->out, (size_t)n);
    return OK;
}

static status read_some(struct front_end *f, bool *at_end, struct err *err)
{
    uint8_t chunk[65536];
    ssize_t n = read(f->pipe.from, chunk, sizeof chunk);
    if (n < 0 && !would_block()) return err_set(err, ERR_IO, 0, "front: %s", strerror(errno));
    *at_end = n == 0;
    status done = n > 0 ? buffer_put(&f->in, BYTES(chunk, (size_t)n), err) : OK;
    if (n > 0) secret_wipe(chunk, (size_t)n); /* it may have been a seed */
    return done;
}

static status answer_all(struct keeper *k, struct front_end *f, struct err *err)
{
    size_t len = 0;
    while (buffer_view(&f->out).len == 0) {
        bytes in = buffer_view(&f->in);
        TRY(message_frame(in, &len, err));
        if (len == 0 || in.len < len) return OK;
        TRY(keeper_answer(k, clock_now(), bytes_slice(in, 0, len), &f->out, err));
        buffer_drop(&f->in, len);
        if (!f->pipe.is_channel) TRY(write_some(f, err));
    }
    return OK;
}

/* What a child of the nursery says concerns the child alone: it is told to end, and what it has said is forgotten.  One
 * that does not end is ended by the nursery in time. */
static status serve_channel(struct keeper *k, struct front_end *f, struct err *err)
{
    status s = answer_all(k, f, NULL);
    bool is_half = buffer_view(&f->out).len == 0 && buffer_view(&f->in).len > 0;
    if (is_ok(s) && !is_half) return OK;
    buffer_drop(&f->in, SIZE_MAX);
    return tell_drain(f, err);
}

static status serve(struct keeper *k, struct front_end *f, short events, struct err *err)
{
    bool at_end = false;
    /* A full pipe whose reader has gone has an error and nothing else: the write says which. */
    if (events & (POLLOUT | POLLERR)) TRY(write_some(f, err));
    if (events & (POLLIN | POLLHUP)) TRY(read_some(f, &at_end, err));
    TRY(f->pipe.is_channel ? serve_channel(k, f, err) : answer_all(k, f, err));
    if (!at_end) return OK;
    if (!f->is_told) return err_set(err, ERR_IO, 0, "front: has ended without being told to");
    close_front(f);
    return OK;
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

/* A seed is taken from nobody any more.  The answer to whom brought it is written after the other channels were closed:
 * who hears of it and comes again meets no child that has lost its channel. */
static void close_channels(const struct keeper *k, struct front_end *f, size_t count, bool is_draining)
{
    for (size_t i = 0; i < count; i++) {
        bool is_over = is_draining || (!keeper_is_stale(k) && buffer_view(&f[i].out).len == 0);
        if (f[i].pipe.is_channel && is_over) close_front(&f[i]);
    }
}

static size_t list(struct front_end *f, size_t count, struct pollfd *fds, struct front_end **of)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!f[i].is_open) continue;
        bool has_output = buffer_view(&f[i].out).len > 0;
        of[n] = &f[i];
        fds[n++] =
            (struct pollfd){.fd = has_output ? f[i].pipe.to : f[i].pipe.from, .events = has_output ? POLLOUT : POLLIN};
    }
    return n;
}

static status run(struct keeper *k, struct front_end *f, size_t count, const volatile sig_atomic_t *drain,
                  struct err *err)
{
    struct pollfd fds[KEEPER_FRONTS_MAX];
    struct front_end *of[KEEPER_FRONTS_MAX];
    for (;;) {
        close_channels(k, f, count, *drain != 0);
        for (size_t i = 0; i < count && *drain; i++) {
            if (!f[i].is_open || f[i].is_told) continue;
            TRY(tell_drain(&f[i], err));
            f[i].is_told = true;
        }
        size_t n = list(f, count, fds, of);
        if (n == 0) return OK;
        int ready = poll(fds, (nfds_t)n, 1000); /* a signal may come between the look at *drain and here */
        if (ready < 0 && errno != EINTR) return err_set(err, ERR_IO, 0, "poll: %s", strerror(errno));
        for (size_t i = 0; i < n && ready > 0; i++)
            if (fds[i].revents) TRY(serve(k, of[i], fds[i].revents, err));
    }
}

status keeper_loop(struct keeper *k, const struct keeper_pipe *fronts, size_t count, const volatile sig_atomic_t *drain,
                   struct err *err)
{
    struct front_end f[KEEPER_FRONTS_MAX] = {0};
    if (count > KEEPER_FRONTS_MAX) return err_set(err, ERR_BUG, 0, "want at most %d fronts", KEEPER_FRONTS_MAX);
    for (size_t i = 0; i < count; i++)
        f[i] = (struct front_end){.pipe = fronts[i],
                                  .in = BUFFER("requests of a front", LIMIT_INPUT_BYTES),
                                  .out = BUFFER("answers to a front", LIMIT_OUTPUT_BYTES),
                                  .is_open = true};
    status done = run(k, f, count, drain, err);
    for (size_t i = 0; i < count; i++)
        close_front(&f[i]);
    return done;
}
