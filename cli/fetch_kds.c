/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_kds.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "ca/random.h"
#include "cli/fetch_http.h"
#include "cli/option.h"
#include "net/dial.h"
#include "parse/time.h"
#include "snp/kds.h"

/* What another try may mend at once, such as a connection that broke, is tried so often. */
enum { TRIES = 3 };

/* The service answers the same request once in ten seconds, and does not always say so. */
enum { PAUSE_MS = 1000, LIMITED_PAUSE_MS = 10000, PAUSE_MOST_MS = 60000, JITTER_MS = 500 };

/* Somebody else who is getting the same is waited for, but not for all of the time. */
enum { LOCK_MS = 15000 };

enum { HTTP_OK = 200, HTTP_NOT_FOUND = 404, HTTP_TOO_MANY = 429, HTTP_UNAVAILABLE = 503 };

/* ---- outcomes --------------------------------------------------------------------------------------------------- */

struct run {
    const struct fetch_kds *kds;
    const struct fetch_request *wanted;
    struct arena *memory;
    struct fetch_answer *out;
    int64_t until;
    unsigned tries;
    int64_t pause_ms; /* before the next try */
};

static void give(struct run *r, enum fetch_outcome outcome, const char *fmt, ...) PRINTF(3, 4);
static void give(struct run *r, enum fetch_outcome outcome, const char *fmt, ...)
{
    char text[LIMIT_FETCH_TEXT_BYTES + 1];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    *r->out = (struct fetch_answer){.outcome = outcome};
    if (is_ok(arena_copy(r->memory, text_bytes(text), &r->out->text, NULL))) return;
    r->out->outcome = FETCH_FAILED;
    r->out->text = BYTES_LIT("out of memory");
}

static void give_item(struct run *r, const struct fetch_item *item)
{
    *r->out = (struct fetch_answer){.outcome = FETCH_FOUND, .content = item->content};
}

/* Of a reason it is the first that is told, with the subject in front. */
static enum fetch_outcome outcome_of(status s)
{
    switch (s.kind) {
    case ERR_IO:
    case ERR_DENIED:
        return FETCH_UNREACHABLE;
    case ERR_NOMEM:
    case ERR_BUG:
        return FETCH_FAILED;
    default:
        return FETCH_REFUSED;
    }
}

/* ---- patience --------------------------------------------------------------------------------------------------- */

static int64_t jitter(void)
{
    uint8_t drawn[2] = {0};
    (void)!is_ok(random_fill(drawn, sizeof drawn, NULL));
    return (drawn[0] << 8 | drawn[1]) % JITTER_MS;
}

/* False when there is no time left for it. */
static bool pause_before_next(struct run *r, int64_t ms)
{
    int64_t all = ms + jitter();
    if (dial_now() + all >= r->until) return false;
    if (ms >= LIMITED_PAUSE_MS) (void)fprintf(stderr, "contrast-fetch: waiting %d s for KDS\n", (int)(ms / 1000));
    struct timespec t = {.tv_sec = all / 1000, .tv_nsec = all % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
    r->pause_ms = 2 * r->pause_ms < PAUSE_MOST_MS ? 2 * r->pause_ms : PAUSE_MOST_MS;
    return true;
}

/* Whether to try again. */
static bool is_limited(struct run *r, const struct fetch_http_answer *a)
{
    int64_t own = r->pause_ms < LIMITED_PAUSE_MS ? LIMITED_PAUSE_MS : r->pause_ms;
    int64_t ms = a->retry_after_s > 0 ? (int64_t)a->retry_after_s * 1000 : own;
    if (pause_before_next(r, ms)) return true;
    unsigned seconds = (unsigned)(ms / 1000);
    if (a->http_status == HTTP_TOO_MANY)
        give(r, FETCH_LIMITED, "KDS rate limit: retry after %u s", seconds);
    else
        give(r, FETCH_LIMITED, "KDS is unavailable: retry after %u s", seconds);
    r->out->retry_after_s = seconds;
    return false;
}

static bool may_mend(struct run *r)
{
    return ++r->tries < TRIES && pause_before_next(r, r->pause_ms);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

/* What came is not told more exactly than by its dates: the clock may be wrong as well as the list. */
static void give_crl(struct run *r, const struct fetch_item *item)
{
    int64_t now = (int64_t)time(NULL);
    char at[TIME_TEXT_SIZE];
    bool is_early = now < item->this_update;
    give_item(r, item);
    if ((now >= item->this_update && now < item->next_update) ||
        !is_ok(time_write_rfc3339(is_early ? item->this_update : item->next_update, at, NULL)))
        return;
    give(r, FETCH_STALE, "the CRL of the service %s %s: is the clock right?", is_early ? "begins" : "ended", at);
    r->out->content = item->content;
}

/* An older list than the one that is here, believed as well, would bring back what was revoked. */
static void take(struct run *r, bytes content)
{
    struct err err = {0};
    struct fetch_item item, kept;
    status s = fetch_store_check(&r->kds->store, r->wanted, content, &item, &err);
    if (!is_ok(s)) {
        give(r, outcome_of(s), "the answer is not what was asked for: %s", err.text);
        return;
    }
    if (r->wanted->kind == FETCH_CRL && fetch_store_find(&r->kds->store, r->wanted, r->memory, &kept) &&
        kept.this_update > item.this_update) {
        give_crl(r, &kept);
        return;
    }
    if (!is_ok(fetch_store_keep(&r->kds->store, r->wanted, &item, r->memory, &err)))
        (void)fprintf(stderr, "contrast-fetch: cache: %s\n", err.text);
    if (r->wanted->kind == FETCH_CRL)
        give_crl(r, &item);
    else
        give_item(r, &item);
}

/* One try; true when another one is due, for which there was a pause already. */
static bool try_once(struct run *r, const char *url)
{
    struct buffer body = BUFFER("answer", LIMIT_FETCH_CONTENT_BYTES);
    struct fetch_http_answer a = {0};
    struct err err = {0};
    bytes content = BYTES_ABSENT;
    const struct fetch_http_request request = {
        .url = url, .is_loopback = r->kds->is_loopback, .until = r->until, .body = &body};
    status s = fetch_http_get(&request, &a, &err);
    bool is_whole = is_ok(s) && a.http_status == HTTP_OK;
    if (is_whole) s = arena_copy(r->memory, buffer_view(&body), &content, &err);
    buffer_free(&body);

    if (!is_ok(s)) {
        if (s.kind == ERR_IO && may_mend(r)) return true;
        give(r, outcome_of(s), "%s: %s", r->kds->url, err.text);
    } else if (is_whole) {
        take(r, content);
    } else if (a.http_status == HTTP_TOO_MANY || a.http_status == HTTP_UNAVAILABLE) {
        return is_limited(r, &a);
    } else if (a.http_status == HTTP_NOT_FOUND) {
        give(r, FETCH_ABSENT, "%s has none (HTTP status 404)", r->kds->url);
    } else {
        if (a.http_status >= 500 && may_mend(r)) return true;
        give(r, FETCH_UNREACHABLE, "%s: HTTP status %u", r->kds->url, a.http_status);
    }
    return false;
}

static void ask(struct run *r)
{
    char target[KDS_TARGET_SIZE];
    struct err err = {0};
    void *url;
    size_t n = strlen(r->kds->url) + KDS_TARGET_SIZE;
    status s = kds_target_write(r->wanted, target, &err);
    if (is_ok(s)) s = arena_take(r->memory, n, 1, &url, &err);
    if (!is_ok(s)) {
        give(r, FETCH_FAILED, "%s", err.text);
        return;
    }
    (void)snprintf(url, n, "%s%s", r->kds->url, target);
    while (try_once(r, url))
        ;
}

/* ---- answering -------------------------------------------------------------------------------------------------- */

static bool is_good_now(const struct fetch_request *wanted, const struct fetch_item *item)
{
    int64_t now = (int64_t)time(NULL);
    return wanted->kind == FETCH_VCEK || (now >= item->this_update && now < item->next_update);
}

static bool find_good(struct run *r, struct fetch_item *item, bool *has_old)
{
    *has_old = fetch_store_find(&r->kds->store, r->wanted, r->memory, item);
    return *has_old && is_good_now(r->wanted, item);
}

/* With the reason why there is no better one. */
static void give_old(struct run *r, const struct fetch_item *old)
{
    bytes why = r->out->text;
    give(r, FETCH_STALE, "stale: %.*s", (int)why.len, (const char *)why.ptr);
    if (r->out->outcome == FETCH_STALE) r->out->content = old->content;
}

void fetch_kds_answer(const struct fetch_kds *kds, const struct fetch_request *wanted, struct arena *memory,
                      struct fetch_answer *out)
{
    struct run r = {.kds = kds,
                    .wanted = wanted,
                    .memory = memory,
                    .out = out,
                    .until = dial_now() + wanted->wait_ms,
                    .pause_ms = PAUSE_MS};
    struct fetch_item item;
    bool has_old = false;
    if (find_good(&r, &item, &has_old)) {
        give_item(&r, &item);
        return;
    }
    if (wanted->from_cache) {
        give(&r, FETCH_NOT_CACHED, "it is not in the cache");
    } else {
        int64_t patience = dial_now() + LOCK_MS < r.until ? dial_now() + LOCK_MS : r.until;
        int lock = fetch_store_lock(&kds->store, wanted, patience, memory);
        if (find_good(&r, &item, &has_old)) /* somebody else has got it meanwhile */
            give_item(&r, &item);
        else
            ask(&r);
        fetch_store_unlock(lock);
    }
    if (!out->content.ptr && has_old) give_old(&r, &item);
}
