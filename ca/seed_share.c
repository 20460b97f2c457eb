/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/seed_share.h"

#include "ca/key_math.h"
#include "parse/text.h"

#define LABEL BYTES_LIT("seedshare")

static status make_share(const struct secret_seed *seed, bytes owner, uint8_t *buf, size_t cap, size_t *used,
                         struct user_seed_share *out, struct err *err)
{
    struct rsa_public_key key;
    TRY(rsa_public_key_parse(owner, &key, err));
    size_t digits = 2 * owner.len;
    if (cap < digits + 1 + key.modulus.len)
        return err_set(err, ERR_NOMEM, 0, "no room for a share of %zu bytes", digits + 1 + key.modulus.len);
    TRY(hex_write(owner, (char *)buf, digits + 1, err));
    uint8_t *encrypted = buf + digits + 1;
    TRY(key_math_oaep_encrypt(&key, LABEL, BYTES_OF(seed->secret), encrypted, err));
    *out = (struct user_seed_share){BYTES(buf, digits), BYTES(encrypted, key.modulus.len)};
    *used = digits + 1 + key.modulus.len;
    return OK;
}

status seed_share_make(const struct secret_seed *seed, const struct secret_salt *salt, const bytes *owners,
                       size_t count, struct user_seed_share *shares, uint8_t *buf, size_t cap,
                       struct user_seed_shares *out, struct err *err)
{
    for (size_t i = 0, used = 0; i < count; i++) {
        size_t taken = 0;
        TRY(err_in(err, make_share(seed, owners[i], buf + used, cap - used, &taken, &shares[i], err),
                   "seed share owner %zu", i));
        used += taken;
    }
    *out = (struct user_seed_shares){shares, count, BYTES_OF(salt->secret)};
    return OK;
}

status seed_share_open(const struct user_seed_shares *in, const struct private_key *key, struct secret_seed *out,
                       struct err *err)
{
    if (key->kind != KEY_RSA) return err_set(err, ERR_UNSUPPORTED, 0, "key of a seed share owner: want an RSA key");
    struct rsa_private_key parsed;
    struct public_key public;
    TRY(rsa_private_key_parse(BYTES(key->secret_der, key->secret_der_len), &parsed, err));
    TRY(public_key_parse(private_key_spki(key), &public, err));
    const struct user_seed_share *share = seed_shares_find(in, public.octets);
    if (!share) return err_set(err, ERR_MISSING, 0, "seed shares: none of the %zu is for this key", in->count);
    status opened = key_math_oaep_decrypt(&parsed, LABEL, share->encrypted_seed, out->secret, sizeof out->secret, err);
    return err_in(err, opened, "seed share");
}
