/* SPDX-License-Identifier: Apache-2.0 */
/* cli/progress.h: a bar on standard error while many files are worked on. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
    size_t total;
    bool wanted, drawn;
    struct timespec begun, shown;
};

/* Nothing is ever drawn unless `wanted` and standard error is a terminal. */
void progress_start(struct progress *p, size_t total, bool wanted);

/* Draws at most every 100 ms. */
void progress_show(struct progress *p, size_t done);

/* Takes the bar away. */
void progress_end(struct progress *p);

#endif
