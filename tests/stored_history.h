/* SPDX-License-Identifier: Apache-2.0 */
/* tests/stored_history.h: a store in a folder of its own, and manifests set in it as a Coordinator does. */
#ifndef TESTS_STORED_HISTORY_H
#define TESTS_STORED_HISTORY_H

#include "coordinator/history.h"
#include "tests/scratch.h"

struct stored_history {
    struct scratch scratch;
    struct store *store;
    uint8_t latest[SHA256_BYTES];
    struct err err;
};

struct stored_history stored_history_begin(void);
void stored_history_end(struct stored_history *f);

/* A content under its hash. */
void stored_history_put(struct stored_history *f, enum history_shelf shelf, bytes value);

/* One more manifest, of coordinator_manifest(policy, ""), under a record whose signature is none of anybody's. */
void stored_history_set(struct stored_history *f, const char *policy);

#endif
