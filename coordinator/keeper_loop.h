/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/keeper_loop.h: the keeper's process: takes frames of the fronts from pipes and writes answers.
 *
 * One request at a time, but for those that wait for evidence: that is made one by one, for each front in its turn, and
 * all else is answered meanwhile.  A front that does not take its answers is not read from until it has, and no
 * evidence is made for it.
 */
#ifndef COORDINATOR_KEEPER_LOOP_H
#define COORDINATOR_KEEPER_LOOP_H

#include <signal.h>

#include "coordinator/keeper.h"
#include "net/issuer.h"

/* A frame to a front that answers none: take no new connections and come to an end.  Its id is 0. */
enum { KEEPER_DRAIN = 0x82 };

struct keeper_pipe {
    int from, to;    /* descriptors that do not block; the loop closes them */
    bool is_channel; /* for recovery (coordinator/nursery.h): from and to are one, which keeps messages apart */
};

enum { KEEPER_FRONTS_MAX = 20 };

/* Requests of one front that wait for evidence; more are refused.  A machine does not make more in the time of a
 * handshake. */
enum { LIMIT_KEEPER_REPORTS = 1024 };

/* Channels for recovery are closed as soon as there is nothing to recover any more.  A child that speaks another
 * language on one is told to end, and nobody else hears of it.
 *
 * `issuer` is borrowed.  Evidence that is not there after ISSUER_MS is refused.
 *
 * Runs until all fronts have closed their pipes.  `*drain` turns nonzero when the fronts are to be told.  ERR_IO when a
 * front or the nursery is gone before that, or a front speaks another language: then all pipes are closed, so that the
 * others end as well. */
MUST_USE status keeper_loop(struct keeper *k, struct issuer *issuer, const struct keeper_pipe *fronts, size_t count,
                            const volatile sig_atomic_t *drain, struct err *err);

#endif
