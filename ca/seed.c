/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/seed.h"

#include "ca/det_keygen.h"
#include "ca/hkdf.h"
#include "ca/random.h"
#include "parse/text.h"

void seed_engine_wipe(struct seed_engine *e)
{
    secret_wipe(e, sizeof *e);
}

static status derive(const struct secret_seed *from, const struct secret_salt *salt, bytes info,
                     struct secret_seed *out, struct err *err)
{
    return hkdf_sha256(BYTES_OF(from->secret), BYTES_OF(salt->secret), info, out->secret, sizeof out->secret, err);
}

static status derive_key(const struct seed_engine *e, bytes info, struct private_key *out, struct err *err)
{
    __attribute__((cleanup(secret_seed_wipe))) struct secret_seed seed = {0};
    TRY(derive(&e->seed, &e->salt, info, &seed, err));
    return det_keygen_p384(BYTES_OF(seed.secret), out, err);
}

status seed_engine_make(bytes secret_seed, bytes salt, struct seed_engine *out, struct err *err)
{
    if (salt.len != SECRET_SALT_BYTES)
        return err_set(err, ERR_RANGE, 0, "salt: want %d bytes, have %zu", SECRET_SALT_BYTES, salt.len);
    if (secret_seed.len != SECRET_SEED_BYTES)
        return err_set(err, ERR_RANGE, 0, "seed: want %d bytes, have %zu", SECRET_SEED_BYTES, secret_seed.len);
    __attribute__((cleanup(seed_engine_wipe))) struct seed_engine e = {0};
    memcpy(e.seed.secret, secret_seed.ptr, SECRET_SEED_BYTES);
    memcpy(e.salt.secret, salt.ptr, SECRET_SALT_BYTES);
    TRY(derive(&e.seed, &e.salt, BYTES_LIT("POD STATE SECRET"), &e.secret_pod_state, err));
    TRY(derive_key(&e, BYTES_LIT("TRANSACTION SIGNING SECRET"), &e.transaction_key, err));
    TRY(derive_key(&e, BYTES_LIT("ROOT CA SEED"), &e.root_key, err));
    *out = e;
    return OK;
}

status seed_engine_generate(struct seed_engine *out, struct err *err)
{
    __attribute__((cleanup(secret_seed_wipe))) struct secret_seed seed = {0};
    __attribute__((cleanup(secret_salt_wipe))) struct secret_salt salt = {0};
    TRY(random_fill(seed.secret, sizeof seed.secret, err));
    TRY(random_fill(salt.secret, sizeof salt.secret, err));
    return seed_engine_make(BYTES_OF(seed.secret), BYTES_OF(salt.secret), out, err);
}

/* ^[0-9]+_ */
static bool may_be_transit(bytes id)
{
    size_t digits = 0;
    while (digits < id.len && id.ptr[digits] >= '0' && id.ptr[digits] <= '9')
        digits++;
    return digits > 0 && digits < id.len && id.ptr[digits] == '_';
}

status seed_workload_secret(const struct seed_engine *e, bytes id, enum seed_id_rule rule, struct secret_seed *out,
                            struct err *err)
{
    if (id.len == 0) return err_set(err, ERR_MISSING, 0, "workload secret id: it is empty");
    if (id.len > LIMIT_SECRET_ID_BYTES)
        return err_set(err, ERR_LIMIT, 0, "workload secret id: want at most %d bytes, have %zu", LIMIT_SECRET_ID_BYTES,
                       id.len);
    TRY(err_in(err, utf8_check(id, err), "workload secret id"));
    if (memchr(id.ptr, 0, id.len)) return err_set(err, ERR_SYNTAX, 0, "workload secret id: it has a NUL");
    if (rule == SEED_ID_STRICT && may_be_transit(id))
        return err_set(err, ERR_DENIED, 0,
                       "workload secret id %s: digits and '_' in front are refused, for half of its secret would be a "
                       "key of the transit engine",
                       text_quote(id).s);
    uint8_t info[sizeof "WORKLOAD SECRET ID: " - 1 + LIMIT_SECRET_ID_BYTES];
    bytes label = BYTES_LIT("WORKLOAD SECRET ID: ");
    memcpy(info, label.ptr, label.len);
    memcpy(&info[label.len], id.ptr, id.len);
    return derive(&e->secret_pod_state, &e->salt, BYTES(info, label.len + id.len), out, err);
}
