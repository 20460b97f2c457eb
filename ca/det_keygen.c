/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/det_keygen.h"

#include "ca/hkdf.h"

#define PERSONALIZATION BYTES_LIT("det ECDSA key gen P-384")

enum { SCALAR = 48, DRAWN = 2 * HMAC_BYTES };

struct drbg {
    uint8_t secret_k[HMAC_BYTES];
    uint8_t secret_v[HMAC_BYTES];
    uint8_t secret_drawn[DRAWN];
};

static void wipe(struct drbg *d)
{
    secret_wipe(d, sizeof *d);
}

static status step(struct drbg *d, struct err *err)
{
    return hmac_sha256(BYTES_OF(d->secret_k), &BYTES_OF(d->secret_v), 1, d->secret_v, err);
}

static status update(struct drbg *d, uint8_t separator, bytes secret_seed, struct err *err)
{
    bytes parts[] = {BYTES_OF(d->secret_v), BYTES(&separator, 1), secret_seed, PERSONALIZATION};
    TRY(hmac_sha256(BYTES_OF(d->secret_k), parts, 4, d->secret_k, err));
    return step(d, err);
}

status det_keygen_p384(bytes secret_seed, struct private_key *out, struct err *err)
{
    if (secret_seed.len < DET_KEYGEN_SEED_LEAST)
        return err_set(err, ERR_RANGE, 0, "seed of a key: want at least %d bytes, have %zu", DET_KEYGEN_SEED_LEAST,
                       secret_seed.len);
    __attribute__((cleanup(wipe))) struct drbg d = {0};
    memset(d.secret_v, 1, sizeof d.secret_v);
    TRY(update(&d, 0, secret_seed, err));
    TRY(update(&d, 1, secret_seed, err));
    for (size_t i = 0; i < DRAWN; i += HMAC_BYTES) {
        TRY(step(&d, err));
        memcpy(&d.secret_drawn[i], d.secret_v, HMAC_BYTES);
    }
    return private_key_from_scalar(KEY_P384, BYTES(d.secret_drawn, SCALAR), out, err);
}
