/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/keeper_state.h"

#include <stdlib.h>

#include "verify/transition.h"

status keeper_state_read(bytes manifest, struct keeper_state **out, struct err *err)
{
    if (manifest.len > LIMIT_MANIFEST_BYTES)
        return err_set(err, ERR_LIMIT, 0, "manifest: want at most %d bytes, have %zu", LIMIT_MANIFEST_BYTES,
                       manifest.len);
    struct keeper_state *s = calloc(1, sizeof *s);
    if (!s) return err_set(err, ERR_NOMEM, 0, "manifest: out of memory");
    if (manifest.len > 0) memcpy(s->manifest_bytes, manifest.ptr, manifest.len);
    struct manifest_storage lent = manifest_storage_of(&s->room, s->text, sizeof s->text);
    status done = manifest_parse(BYTES(s->manifest_bytes, manifest.len), &lent, &s->manifest, err);
    if (is_ok(done)) done = crypto_sha256(&manifest, 1, s->manifest_hash, err);
    if (is_ok(done))
        *out = s;
    else
        keeper_state_free(s);
    return done;
}

status keeper_state_seal(struct keeper_state *s, const struct keeper_state *previous, int64_t now, struct err *err)
{
    struct transition t;
    memcpy(t.manifest, s->manifest_hash, sizeof t.manifest);
    memcpy(t.previous, previous ? previous->latest : transition_none, sizeof t.previous);
    transition_write(&t, s->transition);
    TRY(crypto_sha256(&BYTES_OF(s->transition), 1, s->latest, err));
    s->generation = previous ? previous->generation + 1 : 1;

    TRY(transition_record_sign(&s->secret_seeds.transaction_key, s->latest, s->record, &s->record_len, err));
    return authority_make(&s->secret_seeds.root_key, NULL, now, &s->secret_authority, err);
}

void keeper_state_free(struct keeper_state *s)
{
    if (!s) return;
    seed_engine_wipe(&s->secret_seeds);
    authority_wipe(&s->secret_authority);
    free(s);
}
