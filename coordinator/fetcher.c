/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/fetcher.h"

#include <stdio.h>

#include "net/dial.h"
#include "net/fetch_frame.h"
#include "net/log.h"
#include "parse/text.h"

struct fetcher {
    const struct fetcher_options *options;
    struct fetch *program; /* NULL: it does not run */
    int64_t not_before;    /* on the clock of dial_now */
    int64_t pause_ms;
};

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
    uint8_t room[FETCH_REQUEST_BYTES_MAX];
    bytes request;
    struct fetch_request wanted;
    struct fetch_answer answer = {0};
    struct err why = {0};
    TRY(fetch_frame_read(file, room, sizeof room, &request, has_ended, err));
    TRY(fetch_request_parse(request, &wanted, err));
    status s = ask(f, &wanted, &answer, &why);
    if (!is_ok(s)) answer = (struct fetch_answer){.outcome = FETCH_FAILED, .text = text_bytes(why.text)};
    return fetch_frame_write(file, &answer, err);
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
