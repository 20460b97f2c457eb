/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "coordinator/metrics.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* By number of grpc-status. */
static const char *const codes[] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

enum { CODES = sizeof codes / sizeof codes[0], CODE_UNKNOWN = 2 };

static const struct {
    const char *le;
    uint64_t nanoseconds;
} buckets[] = {{"0.0001", 100000}, {"0.0005", 500000},  {"0.001", 1000000}, {"0.005", 5000000},
               {"0.01", 10000000}, {"0.05", 50000000},  {"0.1", 100000000}, {"0.5", 500000000},
               {"1", 1000000000},  {"2.5", 2500000000}, {"5", 5000000000},  {"+Inf", UINT64_MAX}};

enum { BUCKETS = sizeof buckets / sizeof buckets[0] };

struct row {
    _Atomic uint64_t started, sent, nanoseconds;
    _Atomic uint64_t handled[CODES];
    _Atomic uint64_t took[BUCKETS]; /* not yet added up */
};

struct shared {
    struct row rows[METRICS_ROWS];
    _Atomic uint64_t fetch_failures;
};

struct metrics {
    struct shared *shared;
    const char *paths[METRICS_ROWS]; /* NULL: there is no such row */
    uint64_t scrapes;
};

/* ---- counting --------------------------------------------------------------------------------------------------- */

status metrics_open(struct metrics **out, struct err *err)
{
    struct metrics *m = calloc(1, sizeof *m);
    void *shared = mmap(NULL, sizeof *m->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!m || shared == MAP_FAILED) {
        free(m);
        return err_set(err, ERR_NOMEM, 0, "metrics: out of memory");
    }
    m->shared = shared;
    *out = m;
    return OK;
}

void metrics_close(struct metrics *m)
{
    if (!m) return;
    (void)munmap(m->shared, sizeof *m->shared);
    free(m);
}

void metrics_name(struct metrics *m, size_t row, const char *path)
{
    if (m && row < METRICS_ROWS) m->paths[row] = path;
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void metrics_begin(struct metrics *m, size_t row)
{
    if (m && row < METRICS_ROWS) add(&m->shared->rows[row].started, 1);
}

void metrics_end(struct metrics *m, size_t row, unsigned code, uint64_t nanoseconds)
{
    if (!m || row >= METRICS_ROWS) return;
    struct row *r = &m->shared->rows[row];
    size_t b = 0;
    while (nanoseconds > buckets[b].nanoseconds)
        b++;
    add(&r->handled[code < CODES ? code : CODE_UNKNOWN], 1);
    add(&r->took[b], 1);
    add(&r->nanoseconds, nanoseconds);
    if (code == 0) add(&r->sent, 1);
}

void metrics_count_fetch_failure(struct metrics *m)
{
    if (m) add(&m->shared->fetch_failures, 1);
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

/* Where the text goes, and whether there was room so far. */
struct text {
    struct buffer *out;
    struct err *err;
    status s;
};

static void put(struct text *t, const char *format, ...) PRINTF(2, 3);

static void put(struct text *t, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (is_ok(t->s)) t->s = buffer_put(t->out, BYTES((const uint8_t *)line, n > 0 ? (size_t)n : 0), t->err);
}

static void put_head(struct text *t, const char *name, const char *type, const char *help)
{
    put(t, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The labels of a method, without braces. */
struct labels {
    char s[160];
};

static struct labels labels_of(const char *path)
{
    struct labels l;
    const char *method = strrchr(path, '/');
    (void)snprintf(l.s, sizeof l.s, "grpc_method=\"%s\",grpc_service=\"%.*s\",grpc_type=\"unary\"", method + 1,
                   (int)(method - path - 1), path + 1);
    return l;
}

static uint64_t get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void put_counter(struct text *t, const struct metrics *m, const char *name, const char *help, size_t at)
{
    put_head(t, name, "counter", help);
    for (size_t i = 0; i < METRICS_ROWS; i++)
        if (m->paths[i])
            put(t, "%s{%s} %llu\n", name, labels_of(m->paths[i]).s,
                (unsigned long long)get(
                    (const _Atomic uint64_t *)(const void *)((const char *)&m->shared->rows[i] + at)));
}

static void put_handled(struct text *t, const struct metrics *m)
{
    static const char name[] = "contrast_grpc_server_handled_total";
    put_head(t, name, "counter", "Total number of RPCs completed on the server, regardless of success or failure.");
    for (size_t i = 0; i < METRICS_ROWS; i++)
        for (size_t code = 0; m->paths[i] && code < CODES; code++)
            put(t, "%s{grpc_code=\"%s\",%s} %llu\n", name, codes[code], labels_of(m->paths[i]).s,
                (unsigned long long)get(&m->shared->rows[i].handled[code]));
}

static void put_histogram(struct text *t, const char *path, const struct row *r)
{
    static const char name[] = "contrast_grpc_server_handling_seconds";
    const struct labels l = labels_of(path);
    uint64_t count = 0, sum = get(&r->nanoseconds);
    for (size_t b = 0; b < BUCKETS; b++) {
        count += get(&r->took[b]);
        put(t, "%s_bucket{%s,le=\"%s\"} %llu\n", name, l.s, buckets[b].le, (unsigned long long)count);
    }
    put(t, "%s_sum{%s} %llu.%09llu\n", name, l.s, (unsigned long long)(sum / 1000000000),
        (unsigned long long)(sum % 1000000000));
    put(t, "%s_count{%s} %llu\n", name, l.s, (unsigned long long)count);
}

static void put_grpc(struct text *t, const struct metrics *m)
{
    put_handled(t, m);
    put_head(t, "contrast_grpc_server_handling_seconds", "histogram",
             "Histogram of response latency (seconds) of gRPC that had been application-level handled by the server.");
    for (size_t i = 0; i < METRICS_ROWS; i++)
        if (m->paths[i]) put_histogram(t, m->paths[i], &m->shared->rows[i]);
    /* A unary call begins with its message. */
    put_counter(t, m, "contrast_grpc_server_msg_received_total",
                "Total number of RPC stream messages received on the server.", offsetof(struct row, started));
    put_counter(t, m, "contrast_grpc_server_msg_sent_total", "Total number of gRPC stream messages sent by the server.",
                offsetof(struct row, sent));
    put_counter(t, m, "contrast_grpc_server_started_total", "Total number of RPCs started on the server.",
                offsetof(struct row, started));
}

static void put_number(struct text *t, const char *name, const char *type, const char *help, uint64_t value)
{
    put_head(t, name, type, help);
    put(t, "%s %llu\n", name, (unsigned long long)value);
}

static void put_expiry(struct text *t, const char *label, int64_t at)
{
    if (at != 0)
        put(t, "contrast_coordinator_certificate_not_after_timestamp_seconds{certificate=\"%s\"} %lld\n", label,
            (long long)at);
}

static void put_state(struct text *t, const struct metrics_state *s)
{
    put_head(t, "contrast_coordinator_certificate_not_after_timestamp_seconds", "gauge",
             "When a certificate ends; endorsement: the one that signs this machine's evidence.");
    put_expiry(t, "root_ca", s->root_ca_not_after);
    put_expiry(t, "mesh_ca", s->mesh_ca_not_after);
    put_expiry(t, "endorsement", s->leaf_not_after);
    if (s->crl_next_update != 0)
        put_number(t, "contrast_coordinator_crl_next_update_timestamp_seconds", "gauge",
                   "When the CRL beside this machine's evidence is stale.", (uint64_t)s->crl_next_update);
    put_number(t, "contrast_coordinator_insecure_root", "gauge",
               "1: evidence is judged under a root that is not AMD's.", s->is_insecure);
    put_number(t, "contrast_coordinator_manifest_generation", "gauge", "How many manifests have been set; 0: none.",
               s->generation);
}

/* Upstream's library counts the requests for its metrics. */
static void put_scrapes(struct text *t, uint64_t count)
{
    static const char name[] = "promhttp_metric_handler_requests_total";
    put_number(t, "promhttp_metric_handler_requests_in_flight", "gauge", "Current number of scrapes being served.", 1);
    put_head(t, name, "counter", "Total number of scrapes by HTTP status code.");
    put(t, "%s{code=\"200\"} %llu\n%s{code=\"500\"} 0\n%s{code=\"503\"} 0\n", name, (unsigned long long)count, name,
        name);
}

status metrics_write(struct metrics *m, const struct metrics_state *state, struct buffer *out, struct err *err)
{
    struct text t = {.out = out, .err = err, .s = OK};
    put_state(&t, state);
    put_number(&t, "contrast_coordinator_fetch_failures_total", "counter",
               "How often contrast-fetch has ended or failed, and is started again.", get(&m->shared->fetch_failures));
    put_grpc(&t, m);
    put_number(&t, "contrast_meshapi_attestation_failures_total", "counter",
               "Peers of the Mesh API whose evidence was refused.", state->refused_peers);
    put_scrapes(&t, m->scrapes++);
    return t.s;
}
