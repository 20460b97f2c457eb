/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "ca/secret.h"
#include "coordinator/call.h"
#include "coordinator/expiry.h"
#include "coordinator/front_uv.h"
#include "net/grpc_server.h"

static bytes copy(bytes in)
{
    uint8_t *out = malloc(in.len + 1); /* an empty one is present, too */
    if (!out) return BYTES_ABSENT;
    if (in.len > 0) memcpy(out, in.ptr, in.len);
    return BYTES(out, in.len);
}

static void drop(bytes *owned)
{
    if (owned->ptr) secret_wipe((void *)(uintptr_t)owned->ptr, owned->len);
    free((void *)(uintptr_t)owned->ptr);
    *owned = BYTES_ABSENT;
}

/* ---- begin and end ---------------------------------------------------------------------------------------------- */

struct call *call_open(struct front *f, const struct call_origin *origin, bytes request, bytes client_key)
{
    struct call *c = f->call_count < LIMIT_CALLS ? calloc(1, sizeof *c) : NULL;
    if (!c) return NULL;
    *c = (struct call){.front = f, .origin = *origin, .request = copy(request), .client_key = copy(client_key)};
    f->call_count++;
    c->began = uv_hrtime();
    if (c->request.ptr && c->client_key.ptr) {
        metrics_begin(f->options->metrics, origin->row);
        return c;
    }
    drop(&c->request);
    drop(&c->client_key);
    free(c);
    f->call_count--;
    return NULL;
}

static void end(struct call *c, unsigned code)
{
    metrics_end(c->front->options->metrics, c->origin.row, code, uv_hrtime() - c->began);
    c->front->call_count--;
    if (c->front->setter == c) c->front->setter = NULL;
    drop(&c->request);
    drop(&c->client_key);
    for (size_t i = 0; i < sizeof c->kept / sizeof c->kept[0]; i++)
        drop(&c->kept[i]);
    history_free(&c->history);
    free(c);
}

void call_grant(struct call *c, bytes answer)
{
    struct connection *to = connection_find(c->front, c->origin.connection);
    if (to) connection_grant(to, c, answer);
    end(c, GRPC_OK);
}

void call_refuse(struct call *c, enum refusal why, const char *text)
{
    struct connection *to = connection_find(c->front, c->origin.connection);
    if (to) connection_refuse(to, c, why, text);
    end(c, refusal_find(why)->grpc);
}

void call_log_refused_peer(const struct call *c)
{
    struct connection *of = connection_find(c->front, c->origin.connection);
    if (of) connection_log_refused_peer(of, &c->answer);
}

void call_refuse_as_told(struct call *c)
{
    call_refuse(c, c->why, c->err.text);
}

bool call_keep(struct call *c, size_t i, bytes value)
{
    drop(&c->kept[i]);
    c->kept[i] = copy(value);
    if (c->kept[i].ptr) return true;
    call_refuse(c, REFUSED_INTERNAL, "out of memory");
    return false;
}

bool call_replace_request(struct call *c, bytes request)
{
    bytes new = request.ptr ? copy(request) : BYTES_ABSENT;
    drop(&c->request);
    c->request = new;
    if (new.ptr) return true;
    call_refuse(c, REFUSED_INTERNAL, "out of memory");
    return false;
}

bool call_take_turn(struct call *c)
{
    if (c->front->setter) {
        call_refuse(c, REFUSED_MANIFEST_CONFLICT, "another manifest is being set");
        return false;
    }
    c->front->setter = c;
    return true;
}

/* ---- the keeper ------------------------------------------------------------------------------------------------- */

/* What the keeper's refusal says, into c->why and c->err. */
static void take_refusal(struct call *c, const struct message *m)
{
    bool is_whole = m->kind == ANSWER_REFUSED && m->part_count >= REFUSED_PARTS && m->parts[0].len == 1;
    c->failed = true;
    c->err = (struct err){0};
    c->why = is_whole ? (enum refusal)m->parts[0].ptr[0] : REFUSED_INTERNAL;
    bytes text = is_whole ? m->parts[1] : BYTES_LIT("the keeper's answer cannot be read");
    (void)!is_ok(err_set(&c->err, ERR_DENIED, 0, "%.*s", (int)text.len, (const char *)text.ptr));
}

static void answered(void *context, const struct message *m)
{
    struct call *c = context;
    c->failed = false;
    c->answer = *m;
    if (m->kind != ANSWER_DONE) take_refusal(c, m);
    c->next(c);
}

void call_ask(struct call *c, uint8_t kind, const bytes *parts, size_t count, call_step *next)
{
    struct message m = {.kind = kind, .part_count = count};
    for (size_t i = 0; i < count; i++)
        m.parts[i] = bytes_is_absent(parts[i]) ? BYTES_LIT("") : parts[i];
    c->next = next;
    c->err = (struct err){0};
    if (!is_ok(link_ask(&c->front->link, &m, answered, c, &c->err))) call_refuse(c, REFUSED_INTERNAL, c->err.text);
}

void front_note_state(struct front *f, const struct keeper_state_answer *s)
{
    f->least_api_version = s->is_stale ? 0 : s->minimum_api_number;
}

bool call_read_state(struct call *c, size_t first, struct keeper_state_answer *out)
{
    if (!keeper_state_answer_read(&c->answer, first, out)) return false;
    front_note_state(c->front, out);
    return true;
}

static void gate_came(void *context, const struct message *m)
{
    struct keeper_state_answer s;
    if (m->kind == ANSWER_DONE && keeper_state_answer_read(m, 0, &s)) front_note_state(context, &s);
}

/* When it cannot be asked, the next call that asks for the state will tell. */
void front_refresh_state(struct front *f)
{
    struct message m = {.kind = KEEPER_STATE};
    (void)!is_ok(link_ask(&f->link, &m, gate_came, f, NULL));
}

void call_refresh_state(struct call *c)
{
    front_refresh_state(c->front);
}

/* ---- work that blocks ------------------------------------------------------------------------------------------- */

static void begin_next(struct front *f);

static void run_job(uv_work_t *work)
{
    struct front *f = work->data;
    struct call *c = f->working;
    c->err = (struct err){0};
    c->failed = !is_ok(c->job(c, &c->err));
}

static void job_done(uv_work_t *work, int code)
{
    struct front *f = work->data;
    struct call *c = f->working;
    if (code != 0) {
        c->failed = true;
        (void)!is_ok(err_set(&c->err, ERR_IO, 0, "store: %s", uv_strerror(code)));
    }
    c->why = REFUSED_INTERNAL;
    f->working = NULL;
    begin_next(f);
    c->next(c);
}

static void begin_next(struct front *f)
{
    struct call *c = f->first_waiting;
    if (f->working || !c) return;
    f->first_waiting = c->after;
    f->working = c;
    f->work.data = f;
    /* The only error is a work function that is NULL. */
    (void)uv_queue_work(&f->loop, &f->work, run_job, job_done);
}

void call_work(struct call *c, call_job *job, call_step *next)
{
    struct front *f = c->front;
    c->job = job;
    c->next = next;
    c->after = NULL;
    if (f->first_waiting)
        f->last_waiting->after = c;
    else
        f->first_waiting = c;
    f->last_waiting = c;
    begin_next(f);
}

struct store *call_store(struct call *c)
{
    return c->front->options->store;
}

/* ---- the history ------------------------------------------------------------------------------------------------ */

static status load(struct call *c, struct err *err)
{
    return history_load(call_store(c), c->wanted_record, &c->history, err);
}

static void loaded(struct call *c)
{
    struct front *f = c->front;
    if (!c->failed) {
        history_free(&f->history);
        f->history = c->history;
        c->history = (struct history){0};
    }
    c->after_history(c);
}

void call_load_history(struct call *c, bytes record, call_step *next)
{
    c->after_history = next;
    c->wanted_record = record;
    c->failed = false;
    if (bytes_eq(c->front->history.record, record))
        next(c);
    else
        call_work(c, load, loaded);
}

const struct history *call_history(const struct call *c)
{
    return &c->front->history;
}

/* ---- metrics ---------------------------------------------------------------------------------------------------- */

void front_note_evidence(struct front *f, bytes document)
{
    buffer_drop(&f->shown, SIZE_MAX);
    (void)!is_ok(buffer_put(&f->shown, document, NULL)); /* what is too large or has no memory is not known */
}

void call_note_evidence(struct call *c, bytes document)
{
    front_note_evidence(c->front, document);
}

status call_write_metrics(struct call *c, struct metrics_state *state, struct buffer *out, struct err *err)
{
    const struct expiry_evidence e = expiry_of_evidence(buffer_view(&c->front->shown));
    state->leaf_not_after = e.leaf_not_after;
    state->crl_next_update = e.crl_next_update;
    return metrics_write(c->front->options->metrics, state, out, err);
}
