/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/progress.h"

/* More threads than processors only cost memory. */
#define LIMIT_JOBS 256

/* Files that may be finished and not yet written, so that one slow file does not let the others fill the memory. */
enum { WINDOW = 1024 };

struct result {
    bool done;
    char *text; /* for the output */
    size_t size;
    char *error; /* for standard error; NULL: none */
    int code;
};

struct pool {
    const struct batch *batch;
    pthread_mutex_t lock;
    pthread_cond_t finished, room;
    size_t next;                   /* the next file that nobody has taken */
    size_t written;                /* files before this one are in the output */
    struct result results[WINDOW]; /* of file n at n % WINDOW */
};

/* What one thread has for itself. */
struct worker {
    struct inspection inspection;
    struct inspection_options options;
    struct signature_cache leaf_cache, crl_cache;
};

static struct worker *worker_new(const struct inspection_options *options)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->options = *options;
    w->options.authenticate.leaf_cache = &w->leaf_cache;
    w->options.authenticate.crl_cache = &w->crl_cache;
    return w;
}

static status run(struct worker *w, const struct subject *subject, struct err *err)
{
    if (!subject->refused) return inspection_run(subject->path, &w->options, &w->inspection, err);
    *err = *subject->refused;
    return (status){err->kind};
}

/* Inspects subject `n` into `out`; what belongs on standard error is allocated into *error. */
static int inspect(struct worker *w, const struct batch *b, size_t n, FILE *out, char **error)
{
    const struct subject *subject = &b->subjects->items[n];
    const struct report_style style = {b->palette, b->quiet, n == 0};
    struct err why = {0}, err = {0};
    bool judged = is_ok(run(w, subject, &why));
    status s = judged ? b->format->file(out, &w->inspection, &style, &err)
                      : b->format->unread(out, subject->path, &why, &style, &err);
    int code = judged ? verdict_exit_code(&w->inspection.verdict) : exit_code_of_error(&why);
    if (judged) inspection_free(&w->inspection);
    if (!judged || !is_ok(s)) *error = strdup(is_ok(s) ? why.text : err.text);
    return is_ok(s) ? code : exit_code_of_error(&err);
}

static void count(struct report_totals *t, int code)
{
    t->code = t->files++ == 0 ? code : exit_code_worse(t->code, code);
    t->by_code[code]++;
}

static void tell(char *error)
{
    if (error) fprintf(stderr, "contrast: inspect: %s\n", error);
    free(error);
}

/* ---- one thread ------------------------------------------------------------------------------------------------- */

static status run_alone(const struct batch *b, struct progress *progress, struct report_totals *totals, struct err *err)
{
    struct worker *w = worker_new(b->options);
    if (!w) return err_set(err, ERR_NOMEM, 0, "out of memory");
    for (size_t n = 0; n < b->subjects->count; n++) {
        char *error = NULL;
        count(totals, inspect(w, b, n, b->out, &error));
        tell(error);
        progress_show(progress, n + 1);
    }
    free(w);
    return OK;
}

/* ---- many threads ----------------------------------------------------------------------------------------------- */

/* The next file to inspect; false when there is none left.  Waits while the window is full. */
static bool take_file(struct pool *p, size_t *n)
{
    pthread_mutex_lock(&p->lock);
    while (p->next < p->batch->subjects->count && p->next >= p->written + WINDOW)
        pthread_cond_wait(&p->room, &p->lock);
    bool some = p->next < p->batch->subjects->count;
    if (some) *n = p->next++;
    pthread_mutex_unlock(&p->lock);
    return some;
}

static struct result inspect_into_memory(struct worker *w, const struct batch *b, size_t n)
{
    struct result r = {.done = true, .code = EXIT_INTERNAL};
    FILE *f = open_memstream(&r.text, &r.size);
    if (!f) {
        r.error = strdup("out of memory");
        return r;
    }
    r.code = inspect(w, b, n, f, &r.error);
    if (fclose(f) != 0) r.code = EXIT_INTERNAL;
    return r;
}

static void *work(void *context)
{
    struct pool *p = context;
    struct worker *w = worker_new(p->batch->options);
    size_t n;
    while (take_file(p, &n)) {
        struct result r = {.done = true, .code = EXIT_INTERNAL};
        if (w)
            r = inspect_into_memory(w, p->batch, n);
        else
            r.error = strdup("out of memory");
        pthread_mutex_lock(&p->lock);
        p->results[n % WINDOW] = r;
        pthread_cond_signal(&p->finished);
        pthread_mutex_unlock(&p->lock);
    }
    free(w);
    return NULL;
}

static struct result wait_for(struct pool *p, size_t n)
{
    struct result *slot = &p->results[n % WINDOW];
    pthread_mutex_lock(&p->lock);
    while (!slot->done)
        pthread_cond_wait(&p->finished, &p->lock);
    struct result r = *slot;
    *slot = (struct result){.done = false};
    p->written = n + 1;
    pthread_cond_broadcast(&p->room);
    pthread_mutex_unlock(&p->lock);
    return r;
}

static void write_all(struct pool *p, struct progress *progress, struct report_totals *totals)
{
    for (size_t n = 0; n < p->batch->subjects->count; n++) {
        struct result r = wait_for(p, n);
        if (r.text) fwrite(r.text, 1, r.size, p->batch->out);
        tell(r.error);
        free(r.text);
        count(totals, r.code);
        progress_show(progress, n + 1);
    }
}

static status run_together(const struct batch *b, unsigned jobs, struct progress *progress,
                           struct report_totals *totals, struct err *err)
{
    pthread_t threads[LIMIT_JOBS];
    unsigned started = 0;
    struct pool *p = calloc(1, sizeof *p);
    if (!p) return err_set(err, ERR_NOMEM, 0, "out of memory");
    p->batch = b;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->finished, NULL);
    pthread_cond_init(&p->room, NULL);
    while (started < jobs && pthread_create(&threads[started], NULL, work, p) == 0)
        started++;
    if (started > 0) write_all(p, progress, totals);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&p->room);
    pthread_cond_destroy(&p->finished);
    pthread_mutex_destroy(&p->lock);
    free(p);
    return started > 0 ? OK : err_set(err, ERR_STATE, 0, "no thread can be started");
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static unsigned choose_jobs(const struct batch *b)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t jobs = b->jobs > 0 ? b->jobs : processors > 0 ? (size_t)processors : 1;
    if (jobs > b->subjects->count) jobs = b->subjects->count;
    return jobs > LIMIT_JOBS ? LIMIT_JOBS : (unsigned)jobs;
}

status batch_run(const struct batch *b, struct report_totals *totals, struct err *err)
{
    unsigned jobs = choose_jobs(b);
    struct progress progress;
    *totals = (struct report_totals){0};
    progress_start(&progress, b->subjects->count, b->shows_progress);
    b->format->open(b->out, b->options);
    status s = jobs < 2 ? run_alone(b, &progress, totals, err) : run_together(b, jobs, &progress, totals, err);
    progress_end(&progress);
    if (is_ok(s)) b->format->close(b->out, totals);
    return s;
}
