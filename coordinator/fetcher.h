/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/fetcher.h: a process that keeps contrast-fetch running for a front, which can start nothing itself.
 *
 * It hands requests to the program and answers back (net/fetch.h), one at a time.  The program is started when it is
 * needed.  One that has ended meanwhile is started again at once; one that fails when it is asked, or says what is no
 * answer, is ended, the answer is FETCH_FAILED, and it is started again after a pause, which doubles until it works.
 *
 * The trap: both sides are hostile.  The front may have been taken over, and the program talks to the network; nothing
 * of either is believed, and what neither can read of the other does not pass.
 */
#ifndef COORDINATOR_FETCHER_H
#define COORDINATOR_FETCHER_H

#include "coordinator/metrics.h"
#include "net/fetch.h"

/* A front has two of them: one whose program is asked for what is in the cache alone, and one for the service. */
enum fetch_lane { FETCH_LANE_CACHE, FETCH_LANE_SERVICE, FETCH_LANES };

/* Between two starts of a program that fails. */
enum { FETCHER_PAUSE_MS = 1000, FETCHER_PAUSE_MOST_MS = 60000 };

struct fetcher_options {
    struct fetch_options program;
    struct metrics *metrics; /* borrowed; NULL: nobody counts failures */
};

/* Until the front closes `file`, a socket for both directions; borrowed.  ERR_IO, and what net/fetch.h and
 * parse/fetch_message.h say of a front that speaks another language. */
MUST_USE status fetcher_run(const struct fetcher_options *options, int file, struct err *err);

#endif
