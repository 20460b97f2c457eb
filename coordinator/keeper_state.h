/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/keeper_state.h: one manifest in force, with all that hangs on it. */
#ifndef COORDINATOR_KEEPER_STATE_H
#define COORDINATOR_KEEPER_STATE_H

#include "ca/authority.h"
#include "ca/owner.h"
#include "ca/seed.h"
#include "coordinator/keeper.h"
#include "parse/manifest.h"
#include "parse/transition_record.h"
#include "verify/crypto.h"

/* Made by keeper_state_make, on the heap: about 2 MiB, most of which is never touched. */
struct keeper_state {
    struct seed_engine secret_seeds;
    struct authority secret_authority; /* mesh key, certificates of root, mesh CA, intermediate */

    uint64_t generation; /* how many manifests were set; 1 for the first */
    uint8_t transition[TRANSITION_BYTES];
    uint8_t latest[SHA256_BYTES]; /* hash of that */
    uint8_t record[TRANSITION_RECORD_MAX];
    size_t record_len;

    struct manifest manifest; /* views of what follows */
    uint8_t manifest_hash[SHA256_BYTES];
    struct manifest_room room;
    uint8_t text[LIMIT_MANIFEST_BYTES];
    uint8_t manifest_bytes[LIMIT_MANIFEST_BYTES];
};

/* A state with the manifest read into it and nothing else.  The caller frees it.  ERR_NOMEM, and what manifest_parse
 * says. */
MUST_USE status keeper_state_read(bytes manifest, struct keeper_state **out, struct err *err);

/* Draws a mesh key, makes the certificates anew, and signs the transition from `previous` (NULL: the first one).  The
 * seeds are there already. */
MUST_USE status keeper_state_seal(struct keeper_state *s, const struct keeper_state *previous, int64_t now,
                                  struct err *err);

/* Wipes and frees; NULL is fine. */
void keeper_state_free(struct keeper_state *s);

#endif
