/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_COLUMNS = 40, INTERVAL_MS = 100 };

static long long ms_between(const struct timespec *a, const struct timespec *b)
{
    return (long long)(b->tv_sec - a->tv_sec) * 1000 + (b->tv_nsec - a->tv_nsec) / 1000000;
}

void progress_start(struct progress *p, size_t total, bool wanted)
{
    *p = (struct progress){.total = total, .wanted = wanted && isatty(STDERR_FILENO)};
    if (p->wanted) clock_gettime(CLOCK_MONOTONIC, &p->begun);
    p->shown = p->begun;
}

void progress_show(struct progress *p, size_t done)
{
    struct timespec now;
    if (!p->wanted || clock_gettime(CLOCK_MONOTONIC, &now) != 0) return;
    if (ms_between(&p->shown, &now) < INTERVAL_MS) return;
    p->shown = now;
    p->drawn = true;

    long long ms = ms_between(&p->begun, &now);
    size_t filled = done * BAR_COLUMNS / p->total;
    char bar[BAR_COLUMNS + 1] = "";
    for (size_t i = 0; i < BAR_COLUMNS; i++)
        bar[i] = i < filled ? '#' : '.';
    fprintf(stderr, "\r[%s] %zu/%zu, %llu/s\x1b[K", bar, done, p->total,
            (unsigned long long)done * 1000 / (unsigned long long)(ms > 0 ? ms : 1));
    fflush(stderr);
}

void progress_end(struct progress *p)
{
    if (p->drawn) fprintf(stderr, "\r\x1b[K");
    p->drawn = false;
}
