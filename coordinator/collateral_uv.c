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

/* From asking the cache to asking the service. */
enum asked { ASK_CACHE, ASK_SERVICE };

struct collateral_job {
    struct collateral_job *next;
    collateral_done *done;
    void *context;
    char peer[64];
    struct lacks lacks;
    size_t at; /* the item that is asked for */
    enum asked asked;
    bytes found[LACKS_MAX]; /* owned */
    bytes document;         /* owned */
};

static void ask_first(struct collateral *c);

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
static void end_first(struct collateral *c)
{
    struct collateral_job *j = c->first;
    struct buffer filled = BUFFER("filled evidence", 2 * LIMIT_CERTIFICATE_BYTES + LIMIT_FETCH_CONTENT_BYTES);
    bytes vcek = found_of(j, FETCH_VCEK), crl = found_of(j, FETCH_CRL), document = j->document;
    c->first = j->next;
    if (!c->first) c->last = NULL;
    c->count--;
    if ((vcek.ptr || crl.ptr) && is_ok(lacks_fill(j->document, vcek, crl, &filled, NULL)) &&
        buffer_view(&filled).len <= LIMIT_CERTIFICATE_BYTES)
        document = buffer_view(&filled);
    j->done(j->context, document);
    buffer_free(&filled);
    free_job(j);
}

/* The program is gone: all go on without it. */
static void lose(struct collateral *c, const char *why)
{
    if (!c->is_open) return;
    LOG("error", "contrast-fetch is gone: evidence of peers is judged as it comes", {"cause", why}, );
    c->is_open = false;
    uv_close((uv_handle_t *)&c->program, NULL);
    while (c->first)
        end_first(c);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static void log_missing(struct collateral *c, const struct fetch_answer *a)
{
    const struct collateral_job *j = c->first;
    if (!log_limit_take(&c->lines, (int64_t)uv_now(c->program.loop))) return;
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
    int64_t now = (int64_t)uv_now(c->program.loop);
    if (now - c->window >= COLLATERAL_WINDOW_MS) {
        c->window = now;
        c->requests = 0;
    }
    return c->requests++ < COLLATERAL_REQUESTS;
}

static void take_answer(struct collateral *c, const struct fetch_answer *a)
{
    struct collateral_job *j = c->first;
    bool is_settled = a->outcome == FETCH_FOUND || j->asked == ASK_SERVICE;
    if (!is_settled && may_ask(c)) {
        j->asked = ASK_SERVICE;
        ask_first(c);
        return;
    }
    if (a->outcome != FETCH_FOUND) log_missing(c, a);
    if (a->content.len > 0) (void)copy(a->content, &j->found[j->at]);
    j->at++;
    j->asked = ASK_CACHE;
    if (j->at == j->lacks.count) end_first(c);
    ask_first(c);
}

/* True when it took a message off the front of what came. */
static bool take_message(struct collateral *c, struct err *err)
{
    bytes in = buffer_view(&c->in);
    struct fetch_answer a;
    size_t len = 0;
    if (in.len < FETCH_LENGTH_BYTES) return false;
    if (!is_ok(fetch_length_parse(in.ptr, FETCH_ANSWER_BYTES_MAX, &len, err))) return false;
    if (in.len - FETCH_LENGTH_BYTES < len) return false;
    if (!c->first) (void)!is_ok(err_set(err, ERR_STATE, 0, "it answers what nobody has asked"));
    if (!c->first || !is_ok(fetch_answer_parse(bytes_slice(in, FETCH_LENGTH_BYTES, len), &a, err))) return false;
    take_answer(c, &a);
    buffer_drop(&c->in, FETCH_LENGTH_BYTES + len);
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
    struct collateral *c = stream->data;
    struct err err = {0};
    if (n == 0) return;
    if (n < 0) (void)!is_ok(err_set(&err, ERR_IO, 0, "%s", uv_strerror((int)n)));
    if (n > 0) (void)!is_ok(buffer_put(&c->in, BYTES((uint8_t *)buf->base, (size_t)n), &err));
    while (err.kind == ERR_NONE && take_message(c, &err))
        ;
    if (err.kind != ERR_NONE) lose(c, err.text);
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

struct writing {
    uv_write_t request;
    struct collateral *collateral;
    uint8_t frame[FETCH_LENGTH_BYTES + FETCH_REQUEST_BYTES_MAX];
};

static void written(uv_write_t *request, int code)
{
    struct writing *w = request->data;
    struct collateral *c = w->collateral;
    free(w);
    if (code < 0 && code != UV_ECANCELED) lose(c, uv_strerror(code));
}

static bool send_request(struct collateral *c, const struct fetch_request *r)
{
    struct writing *w = malloc(sizeof *w);
    if (!w) return false;
    w->collateral = c;
    w->request.data = w;
    size_t len = fetch_request_write(r, &w->frame[FETCH_LENGTH_BYTES]);
    put_u32le(w->frame, (uint32_t)len);
    uv_buf_t buf = uv_buf_init((char *)w->frame, (unsigned)(FETCH_LENGTH_BYTES + len));
    if (uv_write(&w->request, (uv_stream_t *)&c->program, &buf, 1, written) == 0) return true;
    free(w);
    return false;
}

/* Whatever the first job is at. */
static void ask_first(struct collateral *c)
{
    struct collateral_job *j = c->first;
    if (!c->is_open || !j) return;
    struct fetch_request r = j->lacks.items[j->at];
    r.from_cache = j->asked == ASK_CACHE;
    r.wait_ms = WAIT_MS;
    c->asked_at = (int64_t)uv_now(c->program.loop);
    if (!send_request(c, &r)) lose(c, "a request could not be sent");
}

static bool open_job(const struct collateral *c, bytes document, struct collateral_job **out)
{
    struct timespec t = {0};
    if (!c->is_open || c->count == LIMIT_COLLATERAL_JOBS) return false;
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
    if (c->last)
        c->last->next = j;
    else
        c->first = j;
    c->last = j;
    c->count++;
    if (c->first == j) ask_first(c);
}

/* ---- the program ------------------------------------------------------------------------------------------------ */

status collateral_open(struct collateral *c, uv_loop_t *loop, int file, struct err *err)
{
    c->lines.what = "collateral that cannot be got";
    c->in = BUFFER("answers of contrast-fetch", FETCH_LENGTH_BYTES + FETCH_ANSWER_BYTES_MAX);
    uv_pipe_init(loop, &c->program, 0);
    c->program.data = c;
    int code = uv_pipe_open(&c->program, file);
    if (code == 0) code = uv_read_start((uv_stream_t *)&c->program, give_room, take_bytes);
    if (code != 0) return err_set(err, ERR_IO, 0, "contrast-fetch: %s", uv_strerror(code));
    c->is_open = true;
    return OK;
}

void collateral_tick(struct collateral *c, int64_t now)
{
    log_limit_tick(&c->lines, now);
    if (c->is_open && c->first && now - c->asked_at > WAIT_MS + GRACE_MS) lose(c, "no answer in time");
}

void collateral_close(struct collateral *c)
{
    while (c->first) {
        struct collateral_job *j = c->first;
        c->first = j->next;
        free_job(j);
    }
    if (c->is_open) uv_close((uv_handle_t *)&c->program, NULL);
    c->is_open = false;
    buffer_free(&c->in);
}
