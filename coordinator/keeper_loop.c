/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper_loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ca/secret.h"
#include "net/dial.h"

/* One frame, and what was read with it. */
#define LIMIT_INPUT_BYTES (LIMIT_MESSAGE_BYTES + 65536)

/* Answers to one front that it has not taken yet: one of the largest, whole. */
#define LIMIT_OUTPUT_BYTES (4 << 20)

/* A request that waits for evidence. */
struct report {
    struct report *next;
    int64_t until; /* on the clock of dial_now */
    struct keeper_wait wait;
};

struct front_end {
    struct keeper_pipe pipe;
    struct buffer in, out;
    struct report *first, *last; /* the oldest first */
    size_t count;                /* of those, and of the one that is being made */
    bool is_open, is_told;
};

/* Who makes evidence, one at a time, for each front in its turn. */
struct maker {
    struct issuer *issuer;
    struct report *making; /* NULL: none, or nobody waits for it any more */
    struct front_end *of;  /* who does */
    bool is_busy;
    size_t turn;
    struct buffer document;
    struct err dead; /* with a kind: the issuer is of no use any more */
};

struct house {
    struct keeper *keeper;
    struct front_end fronts[KEEPER_FRONTS_MAX];
    size_t count;
    struct maker maker;
};

static int64_t clock_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

static void free_report(struct report *r)
{
    keeper_wait_free(&r->wait);
    free(r);
}

static struct report *take_first(struct front_end *f)
{
    struct report *r = f->first;
    f->first = r->next;
    if (!f->first) f->last = NULL;
    return r;
}

static void close_front(struct front_end *f)
{
    if (!f->is_open) return;
    f->is_open = false;
    while (f->first)
        free_report(take_first(f));
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

/* Behind the others of this front. */
static status put_report(struct front_end *f, struct keeper_wait *wait, struct err *err)
{
    struct report *r = f->count < LIMIT_KEEPER_REPORTS ? malloc(sizeof *r) : NULL;
    if (!r) return keeper_wait_refuse(wait, "too many requests wait for it", &f->out, err);
    *r = (struct report){.until = dial_now() + ISSUER_MS, .wait = *wait};
    if (f->last)
        f->last->next = r;
    else
        f->first = r;
    f->last = r;
    f->count++;
    return OK;
}

/* The answers on a channel come in order: whoever clears it for the next child counts on that. */
static bool is_held(const struct front_end *f)
{
    return f->pipe.is_channel && f->count > 0;
}

static status answer_all(struct keeper *k, struct front_end *f, struct err *err)
{
    size_t len = 0;
    while (buffer_view(&f->out).len == 0 && !is_held(f)) {
        struct keeper_wait wait = {0};
        bytes in = buffer_view(&f->in);
        TRY(message_frame(in, &len, err));
        if (len == 0 || in.len < len) return OK;
        TRY(keeper_answer(k, clock_now(), bytes_slice(in, 0, len), &f->out, &wait, err));
        buffer_drop(&f->in, len);
        if (wait.is_waiting) TRY(put_report(f, &wait, err));
        if (!f->pipe.is_channel) TRY(write_some(f, err));
    }
    return OK;
}

/* What a child of the nursery says concerns the child alone: it is told to end, and what it has said is forgotten.  One
 * that does not end is ended by the nursery in time. */
static status serve_channel(struct keeper *k, struct front_end *f, struct err *err)
{
    status s = answer_all(k, f, NULL);
    bool is_half = buffer_view(&f->out).len == 0 && buffer_view(&f->in).len > 0 && !is_held(f);
    if (is_ok(s) && !is_half) return OK;
    buffer_drop(&f->in, SIZE_MAX);
    return tell_drain(f, err);
}

/* ---- evidence --------------------------------------------------------------------------------------------------- */

/* What the front sends meanwhile is taken up when this is on its way. */
static status end_report(struct front_end *f, struct report *r, bytes document, const char *why, struct err *err)
{
    f->count--;
    status s = document.ptr ? keeper_wait_grant(&r->wait, document, &f->out, err)
                            : keeper_wait_refuse(&r->wait, why, &f->out, err);
    free_report(r);
    return s;
}

/* What was being made, for whoever waits for it still. */
static status end_making(struct maker *m, bytes document, const char *why, struct err *err)
{
    struct report *r = m->making;
    m->making = NULL;
    return r ? end_report(m->of, r, document, why, err) : OK;
}

static void forget_front(struct maker *m, const struct front_end *f)
{
    if (!m->making || m->of != f) return;
    free_report(m->making);
    m->making = NULL;
}

static status die(struct maker *m, const struct err *why, struct err *err)
{
    m->dead = *why;
    m->is_busy = false;
    return end_making(m, BYTES_ABSENT, m->dead.text, err);
}

/* The next front in turn that has a request and takes its answers. */
static struct front_end *next_front(struct house *h)
{
    for (size_t i = 0; i < h->count; i++) {
        struct front_end *f = &h->fronts[(h->maker.turn + i) % h->count];
        if (!f->is_open || !f->first || buffer_view(&f->out).len > 0) continue;
        h->maker.turn += i + 1;
        return f;
    }
    return NULL;
}

static status make_next(struct house *h, struct err *err)
{
    struct maker *m = &h->maker;
    struct err why = {0};
    for (struct front_end *f; !m->is_busy && (f = next_front(h));) {
        m->making = take_first(f);
        m->of = f;
        if (m->dead.kind != ERR_NONE)
            TRY(end_making(m, BYTES_ABSENT, m->dead.text, err));
        else if (is_ok(issuer_ask(m->issuer, m->making->wait.report_data, &why)))
            m->is_busy = true;
        else
            TRY(die(m, &why, err));
    }
    return OK;
}

static status take_document(struct maker *m, struct err *err)
{
    bool is_whole = false;
    struct err why = {0};
    status s = issuer_take(m->issuer, &m->document, &is_whole, &why);
    if (is_ok(s) && !is_whole) return OK;
    if (!is_whole) return die(m, &why, err);
    m->is_busy = false;
    status done = end_making(m, is_ok(s) ? buffer_view(&m->document) : BYTES_ABSENT, why.text, err);
    buffer_drop(&m->document, SIZE_MAX);
    return done;
}

/* One that comes too late is taken all the same, or the next one would be taken for it. */
static status end_overdue(struct house *h, struct err *err)
{
    static const char why[] = "issuer: no answer in time";
    int64_t now = dial_now();
    if (h->maker.making && now >= h->maker.making->until) TRY(end_making(&h->maker, BYTES_ABSENT, why, err));
    for (size_t i = 0; i < h->count; i++)
        while (h->fronts[i].first && now >= h->fronts[i].first->until)
            TRY(end_report(&h->fronts[i], take_first(&h->fronts[i]), BYTES_ABSENT, why, err));
    return OK;
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

static void close_of(struct house *h, struct front_end *f)
{
    forget_front(&h->maker, f);
    close_front(f);
}

static status serve(struct house *h, struct front_end *f, short events, struct err *err)
{
    bool at_end = false;
    /* A full pipe whose reader has gone has an error and nothing else: the write says which. */
    if (events & (POLLOUT | POLLERR)) TRY(write_some(f, err));
    if (events & (POLLIN | POLLHUP)) TRY(read_some(f, &at_end, err));
    TRY(f->pipe.is_channel ? serve_channel(h->keeper, f, err) : answer_all(h->keeper, f, err));
    if (!at_end) return OK;
    if (!f->is_told) return err_set(err, ERR_IO, 0, "front: has ended without being told to");
    close_of(h, f);
    return OK;
}

/* A seed is taken from nobody any more.  The answer to whom brought it is written after the other channels were closed:
 * who hears of it and comes again meets no child that has lost its channel. */
static void close_channels(struct house *h, bool is_draining)
{
    for (size_t i = 0; i < h->count; i++) {
        struct front_end *f = &h->fronts[i];
        bool is_over = is_draining || (!keeper_is_stale(h->keeper) && buffer_view(&f->out).len == 0);
        if (f->pipe.is_channel && is_over) close_of(h, f);
    }
}

static size_t list(struct house *h, struct pollfd *fds, struct front_end **of)
{
    size_t n = 0;
    for (size_t i = 0; i < h->count; i++) {
        struct front_end *f = &h->fronts[i];
        if (!f->is_open) continue;
        bool has_output = buffer_view(&f->out).len > 0;
        short wanted = has_output ? POLLOUT : POLLIN;
        of[n] = f;
        fds[n++] = (struct pollfd){.fd = has_output ? f->pipe.to : f->pipe.from,
                                   .events = is_held(f) && !has_output ? 0 : wanted};
    }
    fds[n] = (struct pollfd){.fd = h->maker.is_busy ? issuer_file(h->maker.issuer) : -1, .events = POLLIN};
    return n;
}

static status tell_all(struct house *h, struct err *err)
{
    for (size_t i = 0; i < h->count; i++) {
        if (!h->fronts[i].is_open || h->fronts[i].is_told) continue;
        TRY(tell_drain(&h->fronts[i], err));
        h->fronts[i].is_told = true;
    }
    return OK;
}

static status run(struct house *h, const volatile sig_atomic_t *drain, struct err *err)
{
    struct pollfd fds[KEEPER_FRONTS_MAX + 1];
    struct front_end *of[KEEPER_FRONTS_MAX];
    for (;;) {
        close_channels(h, *drain != 0);
        if (*drain) TRY(tell_all(h, err));
        TRY(end_overdue(h, err));
        TRY(make_next(h, err));
        size_t n = list(h, fds, of);
        if (n == 0) return OK;
        int ready = poll(fds, (nfds_t)n + 1, 1000); /* a signal may come between the look at *drain and here */
        if (ready < 0 && errno != EINTR) return err_set(err, ERR_IO, 0, "poll: %s", strerror(errno));
        if (ready <= 0) continue;
        if (fds[n].revents) TRY(take_document(&h->maker, err));
        for (size_t i = 0; i < n; i++)
            if (fds[i].revents) TRY(serve(h, of[i], fds[i].revents, err));
    }
}

status keeper_loop(struct keeper *k, struct issuer *issuer, const struct keeper_pipe *fronts, size_t count,
                   const volatile sig_atomic_t *drain, struct err *err)
{
    if (count > KEEPER_FRONTS_MAX) return err_set(err, ERR_BUG, 0, "want at most %d fronts", KEEPER_FRONTS_MAX);
    struct house h = {
        .keeper = k, .count = count, .maker = {.issuer = issuer, .document = BUFFER("evidence", LIMIT_DOCUMENT_BYTES)}};
    for (size_t i = 0; i < count; i++)
        h.fronts[i] = (struct front_end){.pipe = fronts[i],
                                         .in = BUFFER("requests of a front", LIMIT_INPUT_BYTES),
                                         .out = BUFFER("answers to a front", LIMIT_OUTPUT_BYTES),
                                         .is_open = true};
    status done = run(&h, drain, err);
    for (size_t i = 0; i < count; i++)
        close_of(&h, &h.fronts[i]);
    buffer_free(&h.maker.document);
    return done;
}
