/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper_set.h"

#include "ca/owner.h"
#include "parse/text.h"
#include "verify/transition.h"

static status deny(enum refusal code, enum refusal *why, status s)
{
    *why = code;
    return s;
}

/* ---- who may ---------------------------------------------------------------------------------------------------- */

static bool is_owner_digest(const struct manifest *m, const uint8_t digest[SHA256_BYTES])
{
    bool found = false;
    for (size_t i = 0; i < m->owner_digest_count; i++)
        found |= memcmp(m->owner_digests[i].sha256, digest, SHA256_BYTES) == 0;
    return found;
}

static bool is_owner_key(const struct manifest *m, bytes key)
{
    bool found = false;
    for (size_t i = 0; i < m->owner_key_count; i++)
        found |= bytes_eq(m->owner_keys[i], key);
    return found;
}

/* The key of the TLS connection: that it is the client's has been proved by the handshake. */
static status authorize_key(const struct manifest *m, bytes key, struct err *err)
{
    uint8_t digest[KEY_DIGEST_BYTES];
    if (m->owner_digest_count == 0 && m->owner_key_count == 0)
        return err_set(err, ERR_DENIED, 0, "validating peer: setting manifest is disabled: it names no owner");
    if (key.len == 0) return err_set(err, ERR_DENIED, 0, "validating peer: peer not authorized: it showed no key");
    TRY(err_in(err, peer_key_digest(key, digest, err), "validating peer: peer not authorized"));
    if (is_owner_digest(m, digest) || is_owner_key(m, key)) return OK;
    return err_set(err, ERR_DENIED, 0, "validating peer: peer not authorized: no owner has the key with the SHA-256 %s",
                   text_hex(BYTES_OF(digest)).s);
}

/* A manifest that has digests only names no key that a signature could be checked with. */
static status authorize_signature(const struct manifest *m, bytes signature, const uint8_t transition[SHA256_BYTES],
                                  struct err *err)
{
    for (size_t i = 0; i < m->owner_key_count; i++)
        if (is_ok(owner_verify(m->owner_keys[i], transition, signature, NULL))) return OK;
    return err_set(err, ERR_SIGNATURE, 0, "validating manifest signature: want one of %zu owners of the manifest",
                   m->owner_key_count);
}

/* The owners that count are those of the manifest in force; for a first one that is signed, its own. */
static status authorize(const struct user_set_manifest_request *request, bytes client_key,
                        const struct keeper_state *next, const struct keeper_state *current, enum refusal *why,
                        struct err *err)
{
    const struct manifest *owners = current ? &current->manifest : &next->manifest;
    uint8_t transition[SHA256_BYTES];
    if (request->signature.len > 0) {
        TRY(transition_next(request->manifest, current ? current->latest : transition_none, transition, err));
        return deny(REFUSED_INVALID_SIGNATURE, why, authorize_signature(owners, request->signature, transition, err));
    }
    return current ? deny(REFUSED_PERMISSION_DENIED, why, authorize_key(owners, client_key, err)) : OK;
}

/* The seed cannot be taken back from those who have it, nor given to others. */
static status check_seed_share_owners(const struct manifest *next, const struct manifest *current, struct err *err)
{
    bool same = next->seed_share_owner_key_count == current->seed_share_owner_key_count;
    for (size_t i = 0; same && i < next->seed_share_owner_key_count; i++)
        same = bytes_eq(next->seed_share_owner_keys[i], current->seed_share_owner_keys[i]);
    return same ? OK : err_set(err, ERR_DENIED, 0, "changes to seedshare owners are not allowed");
}

/* ---- what may be set -------------------------------------------------------------------------------------------- */

static status check_previous(bytes want, const struct keeper_state *current, struct err *err)
{
    bytes have = BYTES(current ? current->latest : transition_none, SHA256_BYTES);
    if (want.len == 0 || bytes_eq(want, have)) return OK;
    return err_set(err, ERR_MISMATCH, 0, "previous transition hash: want that of the active manifest, %s, have %s",
                   text_hex(have).s, text_hex(want).s);
}

static bool is_supplied(const uint8_t (*hashes)[SHA256_BYTES], size_t count, const uint8_t hash[SHA256_BYTES])
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(hashes[i], hash, SHA256_BYTES) == 0) return true;
    return false;
}

/* Whoever verifies the deployment needs each policy that the manifest names.  Others that come with it are ignored. */
static status check_policies(const struct manifest *m, const struct user_set_manifest_request *request, struct err *err)
{
    uint8_t hashes[LIMIT_MANIFEST_POLICIES][SHA256_BYTES];
    if (request->policy_count > LIMIT_MANIFEST_POLICIES)
        return err_set(err, ERR_LIMIT, 0, "policies: want at most %d", LIMIT_MANIFEST_POLICIES);
    for (size_t i = 0; i < request->policy_count; i++)
        TRY(crypto_sha256(&request->policies[i], 1, hashes[i], err));
    for (size_t i = 0; i < m->policy_count; i++)
        if (!is_supplied((const uint8_t(*)[SHA256_BYTES])hashes, request->policy_count, m->policies[i].hash))
            return err_set(err, ERR_MISSING, 0, "no policy provided for hash %s",
                           text_hex(BYTES_OF(m->policies[i].hash)).s);
    return OK;
}

/* ---- what follows ----------------------------------------------------------------------------------------------- */

static status check(const struct user_set_manifest_request *request, bytes client_key, const struct keeper_state *next,
                    const struct keeper_state *current, enum refusal *why, struct err *err)
{
    *why = REFUSED_INTERNAL;
    TRY(authorize(request, client_key, next, current, why, err));
    if (current)
        TRY(deny(REFUSED_PERMISSION_DENIED, why, check_seed_share_owners(&next->manifest, &current->manifest, err)));
    TRY(deny(REFUSED_MANIFEST_CONFLICT, why, check_previous(request->previous_transition_hash, current, err)));
    return deny(REFUSED_INVALID_ARGUMENT, why, check_policies(&next->manifest, request, err));
}

static status fill(struct keeper_state *next, const struct keeper_state *current, int64_t now, enum refusal *why,
                   struct err *err)
{
    *why = REFUSED_INTERNAL;
    if (current)
        next->secret_seeds = current->secret_seeds;
    else
        TRY(seed_engine_generate(&next->secret_seeds, err));
    return keeper_state_seal(next, current, now, err);
}

status keeper_set(const struct user_set_manifest_request *request, bytes client_key, const struct keeper_state *current,
                  int64_t now, struct keeper_state **out, enum refusal *why, struct err *err)
{
    struct keeper_state *next = NULL;
    status s = keeper_state_read(request->manifest, &next, err);
    TRY(deny(s.kind == ERR_NOMEM ? REFUSED_INTERNAL : REFUSED_INVALID_ARGUMENT, why,
             err_in(err, s, "unmarshaling manifest")));
    s = check(request, client_key, next, current, why, err);
    if (is_ok(s)) s = fill(next, current, now, why, err);
    if (is_ok(s))
        *out = next;
    else
        keeper_state_free(next);
    return s;
}
