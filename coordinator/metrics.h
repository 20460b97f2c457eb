/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/metrics.h: what a Coordinator counts, and the text of GET /metrics, with upstream's names.
 *
 * The counters lie in memory that both fronts and the fetchers share, for one front tells what all have done; the
 * keeper does not have it.  Nothing but numbers lies there: a front that was taken over can lie about them, and no
 * more.
 *
 * Source: Contrast protocol, metrics; Prometheus, text format 0.0.4.
 */
#ifndef COORDINATOR_METRICS_H
#define COORDINATOR_METRICS_H

#include "net/buffer.h"

/* Methods that are counted. */
enum { METRICS_ROWS = 16 };

/* GET /metrics: each method has some 35 lines of at most 200 bytes. */
#define LIMIT_METRICS_BYTES (METRICS_ROWS * 35 * 200)

struct metrics;

/* Before the fronts are forked; zeros.  ERR_NOMEM. */
MUST_USE status metrics_open(struct metrics **out, struct err *err);

/* NULL is fine, here and below. */
void metrics_close(struct metrics *m);

/* What a row counts: "/package.Service/Method", a static string; each process says so for itself. */
void metrics_name(struct metrics *m, size_t row, const char *path);

/* A call begins when its request is whole, and ends with the code of grpc-status. */
void metrics_begin(struct metrics *m, size_t row);
void metrics_end(struct metrics *m, size_t row, unsigned code, uint64_t nanoseconds);

/* contrast-fetch has ended or failed. */
void metrics_count_fetch_failure(struct metrics *m);

/* What is no counter of a front.  Times are seconds since 1970; 0: not known. */
struct metrics_state {
    uint64_t generation, refused_peers;
    bool is_insecure;
    int64_t root_ca_not_after, mesh_ca_not_after;
    int64_t leaf_not_after, crl_next_update; /* of the evidence that was shown last */
};

/* Appends to `out`.  ERR_LIMIT, ERR_NOMEM. */
MUST_USE status metrics_write(struct metrics *m, const struct metrics_state *state, struct buffer *out,
                              struct err *err);

#endif
