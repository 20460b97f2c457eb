/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/store.h: where a Coordinator keeps its history: small values under short keys.
 *
 *     manifests/<hash>  policies/<hash>  transitions/<hash>      content under its own SHA-256, never changed
 *     transitions/latest                                          changed by compare-and-swap alone
 *
 * Several Coordinators may share a store over a network, so that nothing here says when another one has written: a swap
 * fails when the value is no longer the one that was read.  Calls may block; a front makes them on a worker thread, one
 * at a time for each store that it has opened.
 *
 * The trap: what comes out of a store is as hostile as whoever runs it.  coordinator/history.h checks contents against
 * their keys, and the keeper checks the signature on the latest transition.
 *
 * An operation that has returned OK survives a loss of power.  One that has failed may have happened or not.
 *
 * Source: Contrast protocol, store keys.
 */
#ifndef COORDINATOR_STORE_H
#define COORDINATOR_STORE_H

#include "parse/bytes.h"
#include "parse/status.h"

/* A key: two words of letters, digits and '-' with a '/' between them.  The longest in use is 76 bytes. */
#define LIMIT_STORE_KEY_BYTES 128

/* A value: what POST /v1/manifest takes. */
#define LIMIT_STORE_VALUE_BYTES (16 << 20)

/* What a tool lists of keys with one first word: the most that a history can have of them, and as many that it does not
 * need. */
#define LIMIT_STORE_LIST 32768

struct store;

/* The store in the folder `path`, which is made when it is not there, with mode 0700.  One process at a time:
 * ERR_STATE while another has it open.  The caller closes it.  ERR_IO, ERR_NOMEM. */
MUST_USE status store_open_dir(const char *path, struct store **out, struct err *err);

/* NULL is fine. */
void store_close(struct store *s);

/* The caller frees out->ptr.  ERR_MISSING, ERR_LIMIT (more than `limit` bytes), ERR_IO, ERR_NOMEM; ERR_SYNTAX for a key
 * that is none. */
MUST_USE status store_get(struct store *s, const char *key, size_t limit, bytes *out, struct err *err);

/* Puts `value` there, unless it is there already.  ERR_MISMATCH when something else is. */
MUST_USE status store_put(struct store *s, const char *key, bytes value, struct err *err);

/* Replaces `old` by `value`; an absent or empty `old` says that nothing is there yet.  ERR_MISMATCH when that is not so
 * (any more). */
MUST_USE status store_swap(struct store *s, const char *key, bytes old, bytes value, struct err *err);

struct store_key {
    char text[LIMIT_STORE_KEY_BYTES + 1];
};

struct store_keys {
    struct store_key *keys;
    size_t count;
};

/* All keys with this first word, in any order, which store_keys_free takes: for tools, while nobody else has the store
 * open.  ERR_LIMIT above LIMIT_STORE_LIST, ERR_SYNTAX for a name there that is no key, ERR_IO, ERR_NOMEM. */
MUST_USE status store_list(struct store *s, const char *shelf, struct store_keys *out, struct err *err);

/* Ascending, each once.  store_keys_have needs that. */
void store_keys_sort(struct store_keys *k);
bool store_keys_have(const struct store_keys *k, const char *key);
void store_keys_free(struct store_keys *k);

#endif
