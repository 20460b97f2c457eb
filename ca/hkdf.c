/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/hkdf.h"

#include "ca/secret.h"

struct state {
    uint8_t secret_key[HMAC_BYTES];   /* the pseudorandom key */
    uint8_t secret_block[HMAC_BYTES]; /* T(i) */
};

static void wipe(struct state *s)
{
    secret_wipe(s, sizeof *s);
}

static status expand(struct state *s, bytes info, uint8_t *out, size_t n, struct err *err)
{
    uint8_t counter = 1;
    for (size_t done = 0; done < n; counter++) {
        bytes previous = BYTES(s->secret_block, done > 0 ? HMAC_BYTES : 0);
        bytes parts[] = {previous, info, BYTES(&counter, 1)};
        TRY(hmac_sha256(BYTES_OF(s->secret_key), parts, 3, s->secret_block, err));
        size_t take = n - done < HMAC_BYTES ? n - done : HMAC_BYTES;
        memcpy(out + done, s->secret_block, take);
        done += take;
    }
    return OK;
}

status hkdf_sha256(bytes secret, bytes salt, bytes info, uint8_t *out, size_t n, struct err *err)
{
    if (n > HKDF_BYTES_MAX) return err_set(err, ERR_RANGE, 0, "HKDF: want at most %d bytes", HKDF_BYTES_MAX);
    __attribute__((cleanup(wipe))) struct state s = {0};
    TRY(hmac_sha256(salt, &secret, 1, s.secret_key, err)); /* an empty key and one of zeros are the same to HMAC */
    status done = expand(&s, info, out, n, err);
    if (!is_ok(done)) secret_wipe(out, n);
    return done;
}
