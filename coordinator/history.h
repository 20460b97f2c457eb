/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/history.h: what a store holds of a deployment: its manifests from the first to the active one, their
 * policies, and the record of the latest transition.
 *
 * Everything is reached from that record and checked against the hash that names it, so that a store can keep back a
 * history or hand out an older one, but not alter one.  The trap: the record's own signature is not checked here; only
 * the keeper can, and before it has, nothing says that this is the deployment's history at all.
 *
 * Source: Contrast protocol, store keys and formats.
 */
#ifndef COORDINATOR_HISTORY_H
#define COORDINATOR_HISTORY_H

#include "coordinator/store.h"
#include "parse/limits.h"
#include "verify/crypto.h"

#define HISTORY_LATEST "transitions/latest"

/* What content is stored under: a shelf, '/', 64 hex digits, NUL. */
enum { HISTORY_KEY_SIZE = 96 };

enum history_shelf { HISTORY_MANIFESTS, HISTORY_POLICIES, HISTORY_TRANSITIONS };

/* All of it together: what a client can be sent, and twice that for what it is written as. */
#define LIMIT_HISTORY_BYTES (64 << 20)

struct history_digest {
    uint8_t sha256[SHA256_BYTES];
};

struct history {
    bytes record; /* of its last transition; owned, as all that follows */
    bytes *manifests;
    size_t manifest_count; /* at least one */
    bytes *policies;       /* ascending by their hash, each once */
    size_t policy_count;

    struct history_digest *hashes; /* of the policies */
    size_t total;                  /* bytes of all values */
};

void history_key(enum history_shelf shelf, const uint8_t hash[SHA256_BYTES], char out[static HISTORY_KEY_SIZE]);

/* The record of the latest transition, which the caller frees.  ERR_MISSING when no manifest was ever set. */
MUST_USE status history_latest(struct store *s, bytes *out, struct err *err);

/* The history that ends with `record`.  The kinds of the store and the readers, ERR_MISMATCH for content that is not
 * what its key says, ERR_LIMIT. */
MUST_USE status history_load(struct store *s, bytes record, struct history *out, struct err *err);

/* What a keeper needs to know of a history to tell whether a seed is that of it. */
struct history_past {
    bytes record;   /* owned, as all that follows */
    bytes digests;  /* SHA-256 of each manifest, the first one first */
    bytes manifest; /* the last one */
};

/* The same in short, after all of it was read: errors of history_load. */
MUST_USE status history_load_past(struct store *s, bytes record, struct history_past *out, struct err *err);

/* Zeroed memory is fine. */
void history_past_free(struct history_past *p);

/* Zeroed memory is fine. */
void history_free(struct history *h);

#endif
