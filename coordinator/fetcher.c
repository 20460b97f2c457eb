/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/fetcher.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/log.h"
#include "parse/put.h"
#include "parse/text.h"

struct fetcher {
    const struct fetcher_options *options;
    struct fetch *program; /* NULL: it does not run */
    int64_t not_before;    /* on the clock of dial_now */
    int64_t pause_ms;
};

/* ---- the front -------------------------------------------------------------------------------------------------- */

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "front: %s: %s", what, strerror(errno));
}

/* `*has_ended`: nothing came at all. */
static status read_all(int file, uint8_t *out, size_t len, bool *has_ended, struct err *err)
{
    for (size_t have = 0; have < len;) {
        ssize_t n = read(file, out + have, len - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("request", err);
        *has_ended = n == 0 && have == 0;
        if (n == 0) return err_set(err, ERR_TRUNCATED, 0, "front: ends in a message");
        have += (size_t)n;
    }
    return OK;
}

static status write_all(int file, bytes in, struct err *err)
{
    while (in.len > 0) {
        ssize_t n = write(file, in.ptr, in.len);
        if (n < 0 && errno != EINTR) return failed("answer", err);
        if (n > 0) in = bytes_slice(in, (size_t)n, in.len - (size_t)n);
    }
    return OK;
}

static status write_answer(int file, const struct fetch_answer *a, struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES + FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    size_t n = fetch_answer_write_head(a, &head[FETCH_LENGTH_BYTES]);
    put_u32le(head, (uint32_t)(n + a->content.len));
    TRY(write_all(file, BYTES(head, FETCH_LENGTH_BYTES + n), err));
    return write_all(file, a->content, err);
}

/* ---- the program ------------------------------------------------------------------------------------------------ */

static void give_up(struct fetcher *f, const char *why)
{
    char seconds[24];
    fetch_close(f->program);
    f->program = NULL;
    f->pause_ms = f->pause_ms == 0 ? FETCHER_PAUSE_MS : 2 * f->pause_ms;
    if (f->pause_ms > FETCHER_PAUSE_MOST_MS) f->pause_ms = FETCHER_PAUSE_MOST_MS;
    f->not_before = dial_now() + f->pause_ms;
    metrics_count_fetch_failure(f->options->metrics);
    (void)snprintf(seconds, sizeof seconds, "%d", (int)(f->pause_ms / 1000));
    LOG("error", "contrast-fetch has failed", {"cause", why}, {"again_after_s", seconds}, );
}

/* One that has ended while nobody asked it has a successor at once. */
static status start(struct fetcher *f, struct err *err)
{
    if (f->program && !fetch_is_idle(f->program)) {
        give_up(f, "it has ended");
        f->not_before = 0;
    }
    if (f->program) return OK;
    if (dial_now() < f->not_before)
        return err_set(err, ERR_STATE, 0, "contrast-fetch has failed, and is started again later");
    status s = fetch_open(&f->options->program, &f->program, err);
    if (!is_ok(s)) give_up(f, err->text);
    return s;
}

static status ask(struct fetcher *f, const struct fetch_request *r, struct fetch_answer *out, struct err *err)
{
    TRY(start(f, err));
    status s = fetch_ask(f->program, r, out, err);
    if (is_ok(s))
        f->pause_ms = 0;
    else
        give_up(f, err->text);
    return s;
}

static status answer_one(struct fetcher *f, int file, bool *has_ended, struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES], room[FETCH_REQUEST_BYTES_MAX];
    struct fetch_request wanted;
    struct fetch_answer answer = {0};
    struct err why = {0};
    bool is_cut = false;
    size_t len = 0;
    TRY(read_all(file, head, sizeof head, has_ended, err));
    TRY(fetch_length_parse(head, sizeof room, &len, err));
    TRY(read_all(file, room, len, &is_cut, err));
    TRY(fetch_request_parse(BYTES(room, len), &wanted, err));
    status s = ask(f, &wanted, &answer, &why);
    if (!is_ok(s)) answer = (struct fetch_answer){.outcome = FETCH_FAILED, .text = text_bytes(why.text)};
    return write_answer(file, &answer, err);
}

status fetcher_run(const struct fetcher_options *options, int file, struct err *err)
{
    struct fetcher f = {.options = options};
    bool has_ended = false;
    struct err why = {0};
    status s = OK;
    while (is_ok(s))
        s = answer_one(&f, file, &has_ended, &why);
    fetch_close(f.program);
    if (has_ended) return OK;
    *err = why;
    return s;
}
