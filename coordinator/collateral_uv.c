/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/collateral_uv.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "parse/put.h"
#include "parse/text.h"
#include "snp/product.h"

/* A handshake has 25 s.  The program does not sit out the service's rate limit in this: the peer comes again. */
enum { WAIT_MS = 8000, GRACE_MS = 10000 };

/* From asking the cache, then once more, to asking the service. */
enum asked { ASK_CACHE, ASK_AGAIN, ASK_SERVICE };

struct collateral_job {
    struct collateral_job *next;
    collateral_done *done; /* NULL: cancelled while its request was under way */
    void *context;
    char peer[64];
    struct lacks lacks;
    size_t at; /* the item that is asked for */
    enum asked asked;
    bytes found[LACKS_MAX]; /* owned */
    bytes document;         /* owned */
};

/* ---- jobs ------------------------------------------------------------------------------------------------------- */

static bool copy(bytes in, bytes *out)
{
    uint8_t *p = malloc(in.len ? in.len : 1);
    if (!p) return false;
    memcpy(p, in.ptr, in.len);
    *out = BYTES(p, in.len);
    return true;
}

static void free_bytes(bytes b)
{
    free((void *)(uintptr_t)b.ptr);
}

static void free_job(struct collateral_job *j)
{
    for (size_t i = 0; i < LACKS_MAX; i++)
        free_bytes(j->found[i]);
    free_bytes(j->document);
    free(j);
}

static bytes found_of(const struct collateral_job *j, enum fetch_kind kind)
{
    for (size_t i = 0; i < j->lacks.count; i++)
        if (j->lacks.items[i].kind == kind) return j->found[i];
    return BYTES_ABSENT;
}

/* With what was found in it; as it is when that does not fit. */
static void end_job(struct collateral *c, struct collateral_job *j)
{
    struct buffer filled = BUFFER("filled evidence", 2 * LIMIT_CERTIFICATE_BYTES + LIMIT_FETCH_CONTENT_BYTES);
    bytes vcek = found_of(j, FETCH_VCEK), crl = found_of(j, FETCH_CRL), document = j->document;
    c->count--;
    if ((vcek.ptr || crl.ptr) && is_ok(lacks_fill(j->document, vcek, crl, &filled, NULL)) &&
        buffer_view(&filled).len <= LIMIT_CERTIFICATE_BYTES)
        document = buffer_view(&filled);
    if (j->done) j->done(j->context, document);
    buffer_free(&filled);
    free_job(j);
}

/* ---- lanes ------------------------------------------------------------------------------------------------------ */

static struct collateral_job *take_first(struct collateral_lane *l)
{
    struct collateral_job *j = l->first;
    l->first = j->next;
    l->count--;
    return j;
}

/* Behind its like: who looks once more goes before who asks the service. */
static void put_job(struct collateral_lane *l, struct collateral_job *j)
{
    struct collateral_job **at = &l->first;
    if (l->is_asking) at = &l->first->next;
    while (*at && (*at)->asked <= j->asked)
        at = &(*at)->next;
    j->next = *at;
    *at = j;
    l->count++;
}

/* The program is gone: all go on without it. */
static void lose(struct collateral_lane *l, const char *why)
{
    if (!l->is_open) return;
    LOG("error", "contrast-fetch is gone: evidence of peers is judged as it comes", {"cause", why}, );
    l->is_open = l->is_asking = false;
    uv_close((uv_handle_t *)&l->program, NULL);
    while (l->first)
        end_job(l->of, take_first(l));
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

struct writing {
    uv_write_t request;
    struct collateral_lane *lane;
    uint8_t frame[FETCH_LENGTH_BYTES + FETCH_REQUEST_BYTES_MAX];
};

static void written(uv_write_t *request, int code)
{
    struct writing *w = request->data;
    struct collateral_lane *l = w->lane;
    free(w);
    if (code < 0 && code != UV_ECANCELED) lose(l, uv_strerror(code));
}

static bool send_request(struct collateral_lane *l, const struct fetch_request *r)
{
    struct writing *w = malloc(sizeof *w);
    if (!w) return false;
    w->lane = l;
    w->request.data = w;
    size_t len = fetch_request_write(r, &w->frame[FETCH_LENGTH_BYTES]);
    put_u32le(w->frame, (uint32_t)len);
    uv_buf_t buf = uv_buf_init((char *)w->frame, (unsigned)(FETCH_LENGTH_BYTES + len));
    if (uv_write(&w->request, (uv_stream_t *)&l->program, &buf, 1, written) == 0) return true;
    free(w);
    return false;
}

/* Whatever the first job is at. */
static void ask_first(struct collateral_lane *l)
{
    struct collateral_job *j = l->first;
    if (!l->is_open || l->is_asking || !j) return;
    struct fetch_request r = j->lacks.items[j->at];
    r.from_cache = j->asked != ASK_SERVICE;
    r.wait_ms = WAIT_MS;
    l->asked_at = (int64_t)uv_now(l->program.loop);
    l->is_asking = true;
    if (!send_request(l, &r)) lose(l, "a request could not be sent");
}

/* On its way to the next answer; at its end when there is nobody to ask. */
static void go_on(struct collateral *c, struct collateral_job *j)
{
    struct collateral_lane *l = &c->lanes[j->asked == ASK_CACHE ? FETCH_LANE_CACHE : FETCH_LANE_SERVICE];
    if (!l->is_open) {
        end_job(c, j);
        return;
    }
    put_job(l, j);
    ask_first(l);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static void log_missing(struct collateral *c, const struct collateral_job *j, const struct fetch_answer *a)
{
    if (!log_limit_take(&c->lines, (int64_t)uv_now(c->lanes[FETCH_LANE_CACHE].program.loop))) return;
    const struct fetch_request *r = &j->lacks.items[j->at];
    const char *product = snp_product_name((enum snp_product)r->product);
    char what[96], why[LIMIT_FETCH_TEXT_BYTES + 1];
    if (r->kind == FETCH_VCEK)
        (void)snprintf(what, sizeof what, "VCEK of %s, chip %s", product, text_hex(r->chip_id).s);
    else
        (void)snprintf(what, sizeof what, "CRL of %s", product);
    (void)snprintf(why, sizeof why, "%.*s", (int)a->text.len, (const char *)a->text.ptr);
    LOG("warning", "collateral for a peer cannot be got", {"peer", j->peer}, {"what", what}, {"cause", why}, );
}

/* Whether the service may be asked for a stranger once more. */
static bool may_ask(struct collateral *c)
{
    int64_t now = (int64_t)uv_now(c->lanes[FETCH_LANE_SERVICE].program.loop);
    if (now - c->window >= COLLATERAL_WINDOW_MS) {
        c->window = now;
        c->requests = 0;
    }
    return c->requests++ < COLLATERAL_REQUESTS;
}

/* Whether there is more to ask for what was not found, and then who. */
static bool ask_more(struct collateral *c, struct collateral_job *j)
{
    const struct collateral_lane *service = &c->lanes[FETCH_LANE_SERVICE];
    switch (j->asked) {
    case ASK_CACHE:
        j->asked = ASK_AGAIN;
        return service->is_open && service->count < LIMIT_COLLATERAL_SERVICE;
    case ASK_AGAIN:
        j->asked = ASK_SERVICE;
        return may_ask(c);
    default:
        return false;
    }
}

/* Of a job that is on no lane now. */
static void take_answer(struct collateral *c, struct collateral_job *j, const struct fetch_answer *a)
{
    if (!j->done) {
        end_job(c, j);
        return;
    }
    if (a->outcome != FETCH_FOUND) {
        if (ask_more(c, j)) {
            go_on(c, j);
            return;
        }
        log_missing(c, j, a);
    }
    if (a->content.len > 0) (void)copy(a->content, &j->found[j->at]);
    j->at++;
    j->asked = ASK_CACHE;
    if (j->at == j->lacks.count)
        end_job(c, j);
    else
        go_on(c, j);
}

/* True when it took a message off the front of what came. */
static bool take_message(struct collateral_lane *l, struct err *err)
{
    bytes in = buffer_view(&l->in);
    struct fetch_answer a;
    size_t len = 0;
    if (in.len < FETCH_LENGTH_BYTES) return false;
    if (!is_ok(fetch_length_parse(in.ptr, FETCH_ANSWER_BYTES_MAX, &len, err))) return false;
    if (in.len - FETCH_LENGTH_BYTES < len) return false;
    if (!l->is_asking) (void)!is_ok(err_set(err, ERR_STATE, 0, "it answers what nobody has asked"));
    if (!l->is_asking || !is_ok(fetch_answer_parse(bytes_slice(in, FETCH_LENGTH_BYTES, len), &a, err))) return false;
    l->is_asking = false;
    take_answer(l->of, take_first(l), &a);
    buffer_drop(&l->in, FETCH_LENGTH_BYTES + len);
    ask_first(l);
    return true;
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    static char room[16384]; /* libuv reads into it and calls take_bytes before anything else */
    (void)handle, (void)suggested;
    *buf = uv_buf_init(room, sizeof room);
}

static void take_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct collateral_lane *l = stream->data;
    struct err err = {0};
    if (n == 0) return;
    if (n < 0) (void)!is_ok(err_set(&err, ERR_IO, 0, "%s", uv_strerror((int)n)));
    if (n > 0) (void)!is_ok(buffer_put(&l->in, BYTES((uint8_t *)buf->base, (size_t)n), &err));
    while (err.kind == ERR_NONE && take_message(l, &err))
        ;
    if (err.kind != ERR_NONE) lose(l, err.text);
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

static bool open_job(const struct collateral *c, bytes document, struct collateral_job **out)
{
    struct timespec t = {0};
    if (!c->lanes[FETCH_LANE_CACHE].is_open || c->count == LIMIT_COLLATERAL_JOBS) return false;
    struct collateral_job *j = calloc(1, sizeof *j);
    if (!j) return false;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    lacks_find_in_document(document, t.tv_sec, &j->lacks);
    if (j->lacks.count > 0 && copy(document, &j->document)) {
        *out = j;
        return true;
    }
    free_job(j);
    return false;
}

void collateral_complete(struct collateral *c, bytes document, const char *peer, collateral_done *done, void *context)
{
    struct collateral_job *j = NULL;
    if (!open_job(c, document, &j)) {
        done(context, document);
        return;
    }
    j->done = done;
    j->context = context;
    (void)snprintf(j->peer, sizeof j->peer, "%s", peer);
    c->count++;
    go_on(c, j);
}

/* One whose request is under way stays until its answer has come. */
static void forget(struct collateral_lane *l, struct collateral_job **at)
{
    struct collateral_job *j = *at;
    j->done = NULL;
    j->context = NULL;
    if (l->is_asking && j == l->first) return;
    *at = j->next;
    l->count--;
    l->of->count--;
    free_job(j);
}

bool collateral_cancel(struct collateral *c, const void *context)
{
    for (unsigned i = 0; i < FETCH_LANES; i++)
        for (struct collateral_job **at = &c->lanes[i].first; *at; at = &(*at)->next)
            if ((*at)->context == context) {
                forget(&c->lanes[i], at);
                return true;
            }
    return false;
}

/* ---- the programs ----------------------------------------------------------------------------------------------- */

static status open_lane(struct collateral *c, unsigned which, uv_loop_t *loop, int file, struct err *err)
{
    struct collateral_lane *l = &c->lanes[which];
    l->of = c;
    l->in = BUFFER("answers of contrast-fetch", FETCH_LENGTH_BYTES + FETCH_ANSWER_BYTES_MAX);
    uv_pipe_init(loop, &l->program, 0);
    l->program.data = l;
    int code = uv_pipe_open(&l->program, file);
    if (code == 0) code = uv_read_start((uv_stream_t *)&l->program, give_room, take_bytes);
    if (code != 0) return err_set(err, ERR_IO, 0, "contrast-fetch: %s", uv_strerror(code));
    l->is_open = true;
    return OK;
}

status collateral_open(struct collateral *c, uv_loop_t *loop, const int files[FETCH_LANES], struct err *err)
{
    c->lines.what = "collateral that cannot be got";
    for (unsigned i = 0; i < FETCH_LANES; i++)
        TRY(open_lane(c, i, loop, files[i], err));
    return OK;
}

void collateral_tick(struct collateral *c, int64_t now)
{
    log_limit_tick(&c->lines, now);
    for (unsigned i = 0; i < FETCH_LANES; i++)
        if (c->lanes[i].is_asking && now - c->lanes[i].asked_at > WAIT_MS + GRACE_MS)
            lose(&c->lanes[i], "no answer in time");
}

void collateral_close(struct collateral *c)
{
    for (unsigned i = 0; i < FETCH_LANES; i++) {
        struct collateral_lane *l = &c->lanes[i];
        while (l->first)
            free_job(take_first(l));
        if (l->is_open) uv_close((uv_handle_t *)&l->program, NULL);
        l->is_open = l->is_asking = false;
        buffer_free(&l->in);
    }
}
