/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/history.h"

#include <stdio.h>
#include <stdlib.h>

#include "parse/manifest.h"
#include "parse/text.h"
#include "parse/transition_record.h"

/* The record: a hash and a signature of at most 107 bytes. */
#define LIMIT_RECORD_BYTES 256

static const char *const shelf_names[] = {
    [HISTORY_MANIFESTS] = "manifests", [HISTORY_POLICIES] = "policies", [HISTORY_TRANSITIONS] = "transitions"};

void history_key(enum history_shelf shelf, const uint8_t hash[SHA256_BYTES], char out[static HISTORY_KEY_SIZE])
{
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)] = "";
    (void)!is_ok(hex_write(BYTES(hash, SHA256_BYTES), hex, sizeof hex, NULL)); /* it has the room */
    (void)snprintf(out, HISTORY_KEY_SIZE, "%s/%s", shelf_names[shelf], hex);
}

static void drop(bytes owned)
{
    free((void *)(uintptr_t)owned.ptr);
}

static status no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, 0, "history: out of memory");
}

/* A value that is what its key says. */
static status get(struct store *s, enum history_shelf shelf, const uint8_t hash[SHA256_BYTES], struct history *h,
                  bytes *out, struct err *err)
{
    char key[HISTORY_KEY_SIZE];
    history_key(shelf, hash, key);
    TRY(store_get(s, key, LIMIT_HISTORY_BYTES - h->total, out, err));
    uint8_t have[SHA256_BYTES];
    status done = crypto_sha256(out, 1, have, err);
    if (is_ok(done) && memcmp(have, hash, sizeof have) != 0)
        done =
            err_set(err, ERR_MISMATCH, 0, "store: %s: its content has the SHA-256 %s", key, text_hex(BYTES_OF(have)).s);
    if (is_ok(done))
        h->total += out->len;
    else
        drop(*out);
    return done;
}

/* ---- policies ---- */

/* Where `hash` is in the ascending list, or belongs. */
static size_t place(const struct history *h, const uint8_t hash[SHA256_BYTES])
{
    size_t low = 0, high = h->policy_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(h->hashes[middle].sha256, hash, SHA256_BYTES) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static status add_policy(struct store *s, const uint8_t hash[SHA256_BYTES], struct history *h, struct err *err)
{
    size_t at = place(h, hash);
    if (at < h->policy_count && memcmp(h->hashes[at].sha256, hash, SHA256_BYTES) == 0) return OK;
    if (h->policy_count == LIMIT_HISTORY_POLICIES)
        return err_set(err, ERR_LIMIT, 0, "history: want at most %d policies", LIMIT_HISTORY_POLICIES);
    bytes policy;
    TRY(get(s, HISTORY_POLICIES, hash, h, &policy, err));
    size_t behind = h->policy_count - at;
    memmove(h->hashes + at + 1, h->hashes + at, behind * sizeof *h->hashes);
    memmove(h->policies + at + 1, h->policies + at, behind * sizeof *h->policies);
    memcpy(h->hashes[at].sha256, hash, SHA256_BYTES);
    h->policies[at] = policy;
    h->policy_count++;
    return OK;
}

struct reading {
    struct manifest_room room;
    uint8_t text[LIMIT_MANIFEST_BYTES];
};

static status add_policies_of(struct store *s, size_t generation, struct reading *r, struct history *h, struct err *err)
{
    struct manifest_storage lent = manifest_storage_of(&r->room, r->text, sizeof r->text);
    struct manifest m;
    TRY(err_in(err, manifest_parse(h->manifests[generation], &lent, &m, err), "history: manifest %zu", generation));
    for (size_t i = 0; i < m.policy_count; i++)
        TRY(add_policy(s, m.policies[i].hash, h, err));
    return OK;
}

static status add_policies(struct store *s, struct history *h, struct err *err)
{
    struct reading *r = malloc(sizeof *r);
    if (!r) return no_memory(err);
    status done = OK;
    for (size_t i = 0; i < h->manifest_count && is_ok(done); i++)
        done = add_policies_of(s, i, r, h, err);
    free(r);
    return done;
}

/* ---- manifests ---- */

static status get_transition(struct store *s, const uint8_t hash[SHA256_BYTES], struct history *h,
                             struct transition *out, struct err *err)
{
    bytes value;
    TRY(get(s, HISTORY_TRANSITIONS, hash, h, &value, err));
    status done = transition_parse(value, out, err);
    drop(value);
    return done;
}

/* From the latest manifest back to the first. */
static status add_manifests(struct store *s, const uint8_t latest[SHA256_BYTES], struct history *h, struct err *err)
{
    struct transition t;
    memcpy(t.previous, latest, sizeof t.previous);
    while (!bytes_are_zero(BYTES_OF(t.previous))) {
        if (h->manifest_count == LIMIT_HISTORY_MANIFESTS)
            return err_set(err, ERR_LIMIT, 0, "history: want at most %d manifests", LIMIT_HISTORY_MANIFESTS);
        TRY(get_transition(s, t.previous, h, &t, err));
        TRY(get(s, HISTORY_MANIFESTS, t.manifest, h, &h->manifests[h->manifest_count], err));
        h->manifest_count++;
    }
    for (size_t i = 0; i < h->manifest_count / 2; i++) {
        bytes last = h->manifests[h->manifest_count - 1 - i];
        h->manifests[h->manifest_count - 1 - i] = h->manifests[i];
        h->manifests[i] = last;
    }
    return OK;
}

static status load(struct store *s, bytes in, struct history *h, struct err *err)
{
    struct transition_record record;
    TRY(err_in(err, transition_record_parse(in, &record, err), "store: " HISTORY_LATEST));
    uint8_t *copy = malloc(in.len);
    h->manifests = calloc(LIMIT_HISTORY_MANIFESTS, sizeof *h->manifests);
    h->policies = calloc(LIMIT_HISTORY_POLICIES, sizeof *h->policies);
    h->hashes = calloc(LIMIT_HISTORY_POLICIES, sizeof *h->hashes);
    h->record = BYTES(copy, in.len);
    if (!copy || !h->manifests || !h->policies || !h->hashes) return no_memory(err);
    memcpy(copy, in.ptr, in.len);
    TRY(add_manifests(s, record.hash.ptr, h, err));
    return add_policies(s, h, err);
}

status history_latest(struct store *s, bytes *out, struct err *err)
{
    return store_get(s, HISTORY_LATEST, LIMIT_RECORD_BYTES, out, err);
}

status history_load(struct store *s, bytes record, struct history *out, struct err *err)
{
    struct history h = {0};
    status done = load(s, record, &h, err);
    if (is_ok(done))
        *out = h;
    else
        history_free(&h);
    return done;
}

static status shorten(struct history *h, struct history_past *out, struct err *err)
{
    uint8_t *digests = calloc(h->manifest_count, SHA256_BYTES);
    if (!digests) return no_memory(err);
    out->digests = BYTES(digests, h->manifest_count * SHA256_BYTES);
    for (size_t i = 0; i < h->manifest_count; i++)
        TRY(crypto_sha256(&h->manifests[i], 1, digests + i * SHA256_BYTES, err));
    out->manifest = h->manifests[--h->manifest_count];
    out->record = h->record;
    h->record = BYTES_ABSENT;
    return OK;
}

status history_load_past(struct store *s, bytes record, struct history_past *out, struct err *err)
{
    struct history h = {0};
    struct history_past past = {0};
    TRY(history_load(s, record, &h, err));
    status done = shorten(&h, &past, err);
    history_free(&h);
    if (is_ok(done))
        *out = past;
    else
        history_past_free(&past);
    return done;
}

void history_past_free(struct history_past *p)
{
    drop(p->record);
    drop(p->digests);
    drop(p->manifest);
    *p = (struct history_past){0};
}

void history_free(struct history *h)
{
    drop(h->record);
    for (size_t i = 0; i < h->manifest_count; i++)
        drop(h->manifests[i]);
    for (size_t i = 0; i < h->policy_count; i++)
        drop(h->policies[i]);
    free(h->manifests);
    free(h->policies);
    free(h->hashes);
    *h = (struct history){0};
}
