/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/front.h: a front's process: what anyone can reach, without a secret of the deployment.
 *
 * It ends TLS, takes requests apart, keeps the store, and asks the keeper for everything that counts.
 */
#ifndef COORDINATOR_FRONT_H
#define COORDINATOR_FRONT_H

#include "coordinator/fetcher.h"
#include "coordinator/keeper_loop.h"
#include "coordinator/lockdown_linux.h"
#include "coordinator/metrics.h"
#include "coordinator/store.h"

/* LISTEN_RECOVERY is the User API of one connection, which somebody else has accepted (coordinator/nursery.h). */
enum listener_kind { LISTEN_USER, LISTEN_MESH, LISTEN_HTTP, LISTEN_PROBE, LISTEN_RECOVERY, LISTENER_KINDS };

struct front_options {
    const char *name;                      /* for the log */
    const char *addresses[LISTENER_KINDS]; /* "[::]:1313"; NULL: not listened on */
    struct store *store;                   /* borrowed; NULL when no listener needs one */
    struct lockdown_front needs;           /* what it keeps once it listens */
    struct keeper_pipe keeper;             /* taken over */
    bool has_fetch;                        /* somebody gets what the evidence of peers lacks */
    int fetch[FETCH_LANES];                /* coordinator/fetcher.h at the other ends; taken over */
    struct metrics *metrics;               /* borrowed; NULL: nothing is counted */

    bool
        waits_for_recovery; /* the User API is on user_socket, and nothing is taken from it before the keeper is well */
    int user_socket;        /* of front_bind; taken over */
    bool has_connection;    /* serves this one and nothing else, and ends with it */
    int connection;         /* taken over */
};

/* A socket that is bound to this address and listens.  ERR_SYNTAX, ERR_IO. */
MUST_USE status front_bind(const char *address, int *out, struct err *err);

/* Runs until the keeper asks for an end and the last call was answered.  ERR_IO when the keeper is gone or an address
 * is taken. */
MUST_USE status front_run(const struct front_options *options, struct err *err);

#endif
