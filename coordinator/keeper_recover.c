/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper_recover.h"

#include "verify/transition.h"

static status deny(enum refusal code, enum refusal *why, status s)
{
    *why = code;
    return s;
}

/* ---- the history ------------------------------------------------------------------------------------------------ */

/* From the hashes of all manifests to that of the last transition, with the transition itself. */
static status follow(bytes digests, struct keeper_state *s, struct err *err)
{
    struct transition t;
    memset(s->latest, 0, sizeof s->latest);
    for (size_t at = 0; at < digests.len; at += SHA256_BYTES) {
        memcpy(t.manifest, digests.ptr + at, sizeof t.manifest);
        memcpy(t.previous, s->latest, sizeof t.previous);
        transition_write(&t, s->transition);
        TRY(crypto_sha256(&BYTES_OF(s->transition), 1, s->latest, err));
        s->generation++;
    }
    return OK;
}

/* The last of the manifests is the one that was read, and the record is of the transition that all of them lead to. */
static status take_history(const struct keeper_past *past, struct keeper_state *s, struct err *err)
{
    struct transition_record record;
    bytes digests = past->digests;
    TRY(transition_record_parse(past->record, &record, err));
    if (digests.len == 0 || digests.len % SHA256_BYTES != 0 || digests.len / SHA256_BYTES > LIMIT_HISTORY_MANIFESTS)
        return err_set(err, ERR_RANGE, 0, "history: want 1 to %d hashes of manifests", LIMIT_HISTORY_MANIFESTS);
    if (!bytes_eq(bytes_slice(digests, digests.len - SHA256_BYTES, SHA256_BYTES), BYTES_OF(s->manifest_hash)))
        return err_set(err, ERR_MISMATCH, 0, "history: its last hash is not that of the last manifest");
    TRY(follow(digests, s, err));
    if (!bytes_eq(record.hash, BYTES_OF(s->latest)))
        return err_set(err, ERR_MISMATCH, 0, "history: its manifests do not lead to the latest transition");
    memcpy(s->record, past->record.ptr, past->record.len); /* a record that was read has the room */
    s->record_len = past->record.len;
    return OK;
}

/* ---- who may ---------------------------------------------------------------------------------------------------- */

static status authorize(const struct manifest *m, bytes client_key, struct err *err)
{
    uint8_t digest[KEY_DIGEST_BYTES], have[SHA256_BYTES];
    if (client_key.len == 0) return err_set(err, ERR_DENIED, 0, "it showed no key");
    TRY(peer_key_digest(client_key, digest, err));
    for (size_t i = 0; i < m->seed_share_owner_key_count; i++) {
        TRY(crypto_sha256(&m->seed_share_owner_keys[i], 1, have, err));
        if (memcmp(have, digest, sizeof have) == 0) return OK;
    }
    return err_set(err, ERR_DENIED, 0, "its key is none of the %zu owners of seed shares in the manifest",
                   m->seed_share_owner_key_count);
}

/* ---- what follows ----------------------------------------------------------------------------------------------- */

/* Only the right seed leads to the key that has signed the record. */
static status check_seed(struct keeper_state *s, struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    const struct private_key *key = &s->secret_seeds.transaction_key;
    status verified = transition_record_verify(key, BYTES(s->record, s->record_len), hash, NULL);
    if (is_ok(verified)) return OK;
    return err_set(err, verified.kind, 0, "seed and salt are not those of this history");
}

static status fill(const struct keeper_past *past, const struct user_recover_request_secret *request, bytes client_key,
                   int64_t now, struct keeper_state *s, enum refusal *why, struct err *err)
{
    *why = REFUSED_INTERNAL;
    TRY(take_history(past, s, err));
    TRY(deny(REFUSED_PERMISSION_DENIED, why,
             err_in(err, authorize(&s->manifest, client_key, err), "peer not authorized to recover existing state")));
    TRY(deny(REFUSED_INVALID_ARGUMENT, why, seed_engine_make(request->seed, request->salt, &s->secret_seeds, err)));
    TRY(deny(REFUSED_UNKNOWN, why, err_in(err, check_seed(s, err), "verifying latest transition")));
    *why = REFUSED_INTERNAL;
    return authority_make(&s->secret_seeds.root_key, NULL, now, &s->secret_authority, err);
}

status keeper_recover(const struct keeper_past *past, const struct user_recover_request_secret *request,
                      bytes client_key, int64_t now, struct keeper_state **out, enum refusal *why, struct err *err)
{
    struct keeper_state *next = NULL;
    *why = REFUSED_INTERNAL;
    status s = keeper_state_read(past->manifest, &next, err);
    if (is_ok(s)) s = fill(past, request, client_key, now, next, why, err);
    if (is_ok(s))
        *out = next;
    else
        keeper_state_free(next);
    return err_in(err, s, "resetting state");
}
