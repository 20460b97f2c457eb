/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "tests/coordinator_manifest.h"
#include "tests/stored_history.h"
#include "verify/transition.h"

struct stored_history stored_history_begin(void)
{
    struct stored_history f = {.scratch = scratch_open()};
    char path[80];
    snprintf(path, sizeof path, "%s/store", f.scratch.path);
    cr_assert(is_ok(store_open_dir(path, &f.store, &f.err)), "%s", f.err.text);
    return f;
}

void stored_history_end(struct stored_history *f)
{
    store_close(f->store);
    scratch_close(&f->scratch);
}

void stored_history_put(struct stored_history *f, enum history_shelf shelf, bytes value)
{
    uint8_t hash[SHA256_BYTES];
    char key[HISTORY_KEY_SIZE];
    cr_assert(is_ok(crypto_sha256(&value, 1, hash, &f->err)));
    history_key(shelf, hash, key);
    cr_assert(is_ok(store_put(f->store, key, value, &f->err)), "%s", f->err.text);
}

void stored_history_set(struct stored_history *f, const char *policy)
{
    uint8_t transition[2 * SHA256_BYTES], record[SHA256_BYTES + 8];
    bytes m = coordinator_manifest(policy, "");
    cr_assert(is_ok(crypto_sha256(&m, 1, transition, &f->err)));
    memcpy(transition + SHA256_BYTES, f->latest, SHA256_BYTES);
    stored_history_put(f, HISTORY_POLICIES, text_bytes(policy));
    stored_history_put(f, HISTORY_MANIFESTS, m);
    stored_history_put(f, HISTORY_TRANSITIONS, BYTES_OF(transition));
    cr_assert(is_ok(transition_next(m, f->latest, f->latest, &f->err)));
    memcpy(record, f->latest, SHA256_BYTES);
    memcpy(record + SHA256_BYTES, (const uint8_t[]){0x30, 6, 2, 1, 1, 2, 1, 1}, 8);
    bytes old = BYTES_ABSENT;
    (void)!is_ok(store_get(f->store, HISTORY_LATEST, 100, &old, NULL));
    cr_assert(is_ok(store_swap(f->store, HISTORY_LATEST, old, BYTES_OF(record), &f->err)), "%s", f->err.text);
    free((void *)(uintptr_t)old.ptr);
}
