/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/user_calls.h"

#include <stdlib.h>

#include "parse/manifest.h"
#include "parse/user_api.h"

/* ---- SetManifest: the keeper prepares, the store takes it by compare-and-swap, the keeper puts it in force --------
 */

/* What the keeper has prepared, in c->kept. */
enum { SET_HASH, SET_TRANSITION, SET_RECORD, SET_OLD_RECORD };

static status put_under_hash(struct store *s, enum history_shelf shelf, bytes value, struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    char key[HISTORY_KEY_SIZE];
    TRY(crypto_sha256(&value, 1, hash, err));
    history_key(shelf, hash, key);
    return store_put(s, key, value, err);
}

/* What no manifest names would never be read again. */
static status put_policies(struct store *s, const struct user_set_manifest_request *r, struct err *err)
{
    for (size_t i = 0; i < r->policy_count; i++)
        TRY(put_under_hash(s, HISTORY_POLICIES, r->policies[i], err));
    return OK;
}

/* The record last: until it is there nothing that was put counts. */
static status store_manifest(struct call *c, struct err *err)
{
    bytes policies[LIMIT_MANIFEST_POLICIES];
    struct user_set_manifest_request r;
    struct store *s = call_store(c);
    TRY(user_set_manifest_request_parse(c->request, policies, LIMIT_MANIFEST_POLICIES, &r, err));
    TRY(put_policies(s, &r, err));
    TRY(put_under_hash(s, HISTORY_MANIFESTS, r.manifest, err));
    TRY(put_under_hash(s, HISTORY_TRANSITIONS, c->kept[SET_TRANSITION], err));
    return store_swap(s, HISTORY_LATEST, c->kept[SET_OLD_RECORD], c->kept[SET_RECORD], err);
}

static void set_activated(struct call *c)
{
    if (!c->failed) call_refresh_state(c);
    if (c->failed)
        call_refuse_as_told(c);
    else if (c->end)
        c->end(c, c->answer.parts[0]);
    else
        call_grant(c, c->answer.parts[0]);
}

static void set_stored(struct call *c)
{
    if (!c->failed)
        call_ask(c, KEEPER_ACTIVATE, &c->kept[SET_RECORD], 1, set_activated);
    else if (c->err.kind == ERR_MISMATCH)
        call_refuse(c, REFUSED_MANIFEST_CONFLICT, "updating Coordinator state: it was updated concurrently");
    else
        call_refuse_as_told(c);
}

static void set_prepared(struct call *c)
{
    if (c->failed) {
        call_refuse_as_told(c);
        return;
    }
    for (size_t i = SET_HASH; i <= SET_OLD_RECORD; i++)
        if (!call_keep(c, i, c->answer.parts[i])) return;
    call_work(c, store_manifest, set_stored);
}

void user_set_manifest(struct call *c)
{
    const bytes parts[] = {c->request, c->client_key};
    if (call_take_turn(c)) call_ask(c, KEEPER_SET, parts, 2, set_prepared);
}

/* ---- GetManifests: the keeper says what is in force, the store how it came to that --------------------------------
 */

enum { GET_RECORD, GET_ROOT_CA, GET_MESH_CA };

static void get_write(struct call *c)
{
    const struct history *h = call_history(c);
    const struct user_get_manifests_response r = {
        .manifests = h->manifests,
        .manifest_count = h->manifest_count,
        .policies = h->policies,
        .policy_count = h->policy_count,
        .root_ca = c->kept[GET_ROOT_CA],
        .mesh_ca = c->kept[GET_MESH_CA],
        .has_latest_transition = true,
        .transition_hash = bytes_slice(c->kept[GET_RECORD], 0, TRANSITION_HASH_BYTES),
        .transition_signature =
            bytes_slice(c->kept[GET_RECORD], TRANSITION_HASH_BYTES, c->kept[GET_RECORD].len - TRANSITION_HASH_BYTES)};
    struct protobuf_writer w = {0};
    user_get_manifests_response_write(&w, &r);
    uint8_t *out = malloc(w.len + 1);
    if (!out) {
        call_refuse(c, REFUSED_INTERNAL, "out of memory");
        return;
    }
    struct protobuf_writer again = {.out = out, .cap = w.len};
    user_get_manifests_response_write(&again, &r);
    call_grant(c, BYTES(out, again.len));
    free(out);
}

static void get_loaded(struct call *c)
{
    if (c->failed)
        call_refuse_as_told(c);
    else
        get_write(c);
}

static void get_known(struct call *c)
{
    struct keeper_state_answer state;
    if (!c->failed && !call_read_state(c, 0, &state)) {
        call_refuse(c, REFUSED_INTERNAL, "the keeper's answer cannot be read");
        return;
    }
    if (c->failed)
        call_refuse_as_told(c);
    else if (state.is_stale)
        call_refuse(c, REFUSED_NEEDS_RECOVERY, "coordinator is in recovery mode");
    else if (state.generation == 0)
        call_refuse(c, REFUSED_NO_MANIFEST, "no manifest configured");
    else if (call_keep(c, GET_RECORD, state.record) && call_keep(c, GET_ROOT_CA, state.root_ca) &&
             call_keep(c, GET_MESH_CA, state.mesh_ca))
        call_load_history(c, c->kept[GET_RECORD], get_loaded);
}

void user_get_manifests(struct call *c)
{
    if (!is_ok(empty_message_parse(c->request, &c->err)))
        call_refuse(c, REFUSED_INVALID_ARGUMENT, c->err.text);
    else
        call_ask(c, KEEPER_STATE, NULL, 0, get_known);
}

/* ---- Recover: the keeper has the history already -----------------------------------------------------------------
 */

static void recover_answered(struct call *c)
{
    if (c->failed)
        call_refuse_as_told(c);
    else
        call_grant(c, BYTES_LIT(""));
}

void user_recover(struct call *c)
{
    const bytes parts[] = {c->request, c->client_key};
    call_ask(c, KEEPER_RECOVER, parts, 2, recover_answered);
}

static void refuse_recovery_known(struct call *c)
{
    struct keeper_state_answer state;
    if (c->failed)
        call_refuse_as_told(c);
    else if (!call_read_state(c, 0, &state))
        call_refuse(c, REFUSED_INTERNAL, "the keeper's answer cannot be read");
    else if (state.generation == 0)
        call_refuse(c, REFUSED_NO_MANIFEST, "no state to recover from");
    else
        call_refuse(c, REFUSED_ALREADY_RECOVERED, "coordinator is already recovered");
}

void user_refuse_recovery(struct call *c)
{
    call_ask(c, KEEPER_STATE, NULL, 0, refuse_recovery_known);
}

void user_refuse_in_recovery(struct call *c)
{
    call_refuse(c, REFUSED_NEEDS_RECOVERY, "coordinator is in recovery mode");
}
