/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_store.h: the cache (cli/cache.h) as contrast-fetch uses it: nothing goes in or comes out that is not what
 * was asked for, well-formed and signed under the trusted roots.
 *
 * So a server, a proxy or a simulator that is not believed leaves nothing behind that others would find.  Who gets the
 * content verifies it again all the same: this program has talked to the network.
 */
#ifndef CLI_FETCH_STORE_H
#define CLI_FETCH_STORE_H

#include "cli/fetch_memory.h"
#include "kube/arena.h"
#include "parse/fetch_message.h"
#include "snp/ca.h"

struct fetch_store {
    const char *folder;          /* NULL: there is none */
    struct fetch_memory *memory; /* then; borrowed */
    struct snp_ca_set cas;
};

/* What was found; a VCEK has no window. */
struct fetch_item {
    bytes content;
    int64_t this_update, next_update;
};

/* Whether `content` is what `wanted` names.  ERR_MISMATCH, ERR_SIGNATURE, and what the readers say. */
MUST_USE status fetch_store_check(const struct fetch_store *s, const struct fetch_request *wanted, bytes content,
                                  struct fetch_item *out, struct err *err);

/* The VCEK, or the newest CRL whether it has run out or not; in `memory`.  False when there is none: what is there and
 * not fit is passed over. */
bool fetch_store_find(const struct fetch_store *s, const struct fetch_request *wanted, struct arena *memory,
                      struct fetch_item *out);

/* By rename, so that others find it whole or not at all.  ERR_IO, ERR_NOMEM. */
MUST_USE status fetch_store_keep(const struct fetch_store *s, const struct fetch_request *wanted,
                                 const struct fetch_item *item, struct arena *memory, struct err *err);

/* Waits, until `until` on the clock of dial_now at most, for whoever else gets something of this kind and product, so
 * that the service is asked once.  To be ended with fetch_store_unlock; -1: there is nobody to wait for, or no time
 * left, and all goes on without, for keeping needs no lock. */
int fetch_store_lock(const struct fetch_store *s, const struct fetch_request *wanted, int64_t until,
                     struct arena *memory);
void fetch_store_unlock(int lock);

#endif
