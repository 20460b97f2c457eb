/* SPDX-License-Identifier: Apache-2.0 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/sha.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>

#include "tests/simulator/crypto.h"

static status wolf(int ret, const char *what, struct err *err)
{
    return ret == 0 ? OK : err_set(err, ERR_BUG, 0, "%s: library error %d", what, ret);
}

size_t sim_hash_len(enum sim_hash hash)
{
    static const size_t len[] = {[SIM_SHA1] = 20, [SIM_SHA256] = 32, [SIM_SHA384] = 48};
    return len[hash];
}

status sim_hash(enum sim_hash hash, bytes in, uint8_t out[SIM_HASH_MAX], struct err *err)
{
    word32 n = (word32)in.len;
    switch (hash) {
    case SIM_SHA1:
        return wolf(wc_ShaHash(in.ptr, n, out), "SHA-1", err);
    case SIM_SHA256:
        return wolf(wc_Sha256Hash(in.ptr, n, out), "SHA-256", err);
    case SIM_SHA384:
        return wolf(wc_Sha384Hash(in.ptr, n, out), "SHA-384", err);
    }
    return err_set(err, ERR_BUG, 0, "hash %d: unknown", (int)hash);
}

status sim_draw(uint64_t seed, const char *label, bytes context, uint8_t *out, size_t len, struct err *err)
{
    for (uint32_t counter = 0; len > 0; counter++) {
        uint8_t block[SIM_HASH_MAX], numbers[12];
        for (size_t i = 0; i < 8; i++)
            numbers[i] = (uint8_t)(seed >> (56 - 8 * i));
        for (size_t i = 0; i < 4; i++)
            numbers[8 + i] = (uint8_t)(counter >> (24 - 8 * i));

        wc_Sha256 sha;
        TRY(wolf(wc_InitSha256(&sha), "SHA-256", err));
        int ret = wc_Sha256Update(&sha, numbers, sizeof numbers);
        if (ret == 0) ret = wc_Sha256Update(&sha, (const byte *)label, (word32)strlen(label) + 1);
        if (ret == 0 && context.len) ret = wc_Sha256Update(&sha, context.ptr, (word32)context.len);
        if (ret == 0) ret = wc_Sha256Final(&sha, block);
        wc_Sha256Free(&sha);
        TRY(wolf(ret, "SHA-256", err));

        size_t n = len < 32 ? len : 32;
        memcpy(out, block, n);
        out += n;
        len -= n;
    }
    return OK;
}

/* The library's generator blinds private operations; no result depends on it. */
status sim_rsa_private(bytes key, const uint8_t block[SIM_RSA_BYTES], uint8_t out[SIM_RSA_BYTES], struct err *err)
{
    WC_RNG rng;
    TRY(wolf(wc_InitRng(&rng), "random numbers", err));
    RsaKey rsa;
    int ret = wc_InitRsaKey(&rsa, NULL);
    if (ret == 0) {
        word32 at = 0, len = SIM_RSA_BYTES;
        ret = wc_RsaPrivateKeyDecode(key.ptr, &at, &rsa, (word32)key.len);
        if (ret == 0) ret = wc_RsaSetRNG(&rsa, &rng);
        if (ret == 0) ret = wc_RsaFunction(block, SIM_RSA_BYTES, out, &len, RSA_PRIVATE_ENCRYPT, &rsa, &rng);
        wc_FreeRsaKey(&rsa);
    }
    wc_FreeRng(&rng);
    return wolf(ret, "RSA private operation", err);
}

size_t sim_curve_len(enum sim_curve curve)
{
    return curve == SIM_P256 ? 32 : 48;
}

static int curve_id(enum sim_curve curve)
{
    return curve == SIM_P256 ? ECC_SECP256R1 : ECC_SECP384R1;
}

/* point = scalar * G.  ERR_RANGE when the scalar is not in 1..n-1. */
static status ec_multiply(enum sim_curve curve, const uint8_t *scalar, uint8_t point[SIM_POINT_MAX], struct err *err)
{
    WC_RNG rng;
    TRY(wolf(wc_InitRng(&rng), "random numbers", err));
    ecc_key key;
    int ret = wc_ecc_init(&key);
    if (ret == 0) {
        word32 len = (word32)(1 + 2 * sim_curve_len(curve));
        ret = wc_ecc_import_private_key_ex(scalar, (word32)sim_curve_len(curve), NULL, 0, &key, curve_id(curve));
        if (ret == 0) ret = wc_ecc_make_pub_ex(&key, NULL, &rng);
        if (ret == 0) ret = wc_ecc_export_x963(&key, point, &len);
        wc_ecc_free(&key);
    }
    wc_FreeRng(&rng);
    return wolf(ret, "scalar multiplication", err);
}

static int curve_order(enum sim_curve curve, mp_int *n)
{
    const ecc_set_type *params = wc_ecc_get_curve_params(wc_ecc_get_curve_idx(curve_id(curve)));
    return params ? mp_read_radix(n, params->order, MP_RADIX_HEX) : MP_VAL;
}

/* A number of 1..n-1: 8 bytes more than needed are drawn and reduced, so that none is ever refused. */
static status scalar_draw(uint64_t seed, const char *label, bytes context, enum sim_curve curve, uint8_t *out,
                          struct err *err)
{
    uint8_t wide[SIM_EC_MAX + 8];
    size_t len = sim_curve_len(curve);
    TRY(sim_draw(seed, label, context, wide, len + 8, err));
    mp_int n, v;
    int ret = mp_init_multi(&n, &v, NULL, NULL, NULL, NULL);
    if (ret == 0) ret = curve_order(curve, &n);
    if (ret == 0) ret = mp_read_unsigned_bin(&v, wide, (word32)(len + 8));
    if (ret == 0) ret = mp_mod(&v, &n, &v);
    if (ret == 0) ret = mp_to_unsigned_bin_len(&v, out, (int)len);
    return wolf(ret, "scalar", err);
}

status sim_ec_key_draw(uint64_t seed, const char *label, enum sim_curve curve, struct sim_ec_key *out, struct err *err)
{
    struct sim_ec_key key = {.curve = curve};
    TRY(scalar_draw(seed, label, BYTES_ABSENT, curve, key.scalar, err));
    TRY(ec_multiply(curve, key.scalar, key.point, err));
    *out = key;
    return OK;
}

/* s = (z + r d) / k mod n, where r is the x of k * G mod n; FIPS 186-5, 6.4.1. */
static int ecdsa_equation(const struct sim_ec_key *key, const uint8_t *k, const uint8_t *x, bytes digest,
                          uint8_t *r_out, uint8_t *s_out)
{
    int len = (int)sim_curve_len(key->curve);
    mp_int n, d, kk, r, s, z;
    int ret = mp_init_multi(&n, &d, &kk, &r, &s, &z);
    if (ret == 0) ret = curve_order(key->curve, &n);
    if (ret == 0) ret = mp_read_unsigned_bin(&d, key->scalar, (word32)len);
    if (ret == 0) ret = mp_read_unsigned_bin(&kk, k, (word32)len);
    if (ret == 0) ret = mp_read_unsigned_bin(&r, x, (word32)len);
    if (ret == 0) ret = mp_mod(&r, &n, &r);
    if (ret == 0)
        ret = mp_read_unsigned_bin(&z, digest.ptr, (word32)(digest.len < (size_t)len ? digest.len : (size_t)len));
    if (ret == 0) ret = mp_mulmod(&r, &d, &n, &s);
    if (ret == 0) ret = mp_addmod(&s, &z, &n, &s);
    if (ret == 0) ret = mp_invmod(&kk, &n, &kk);
    if (ret == 0) ret = mp_mulmod(&s, &kk, &n, &s);
    if (ret == 0) ret = mp_to_unsigned_bin_len(&r, r_out, len);
    if (ret == 0) ret = mp_to_unsigned_bin_len(&s, s_out, len);
    return ret;
}

status sim_ec_sign(const struct sim_ec_key *key, uint64_t seed, bytes digest, uint8_t r[SIM_EC_MAX],
                   uint8_t s[SIM_EC_MAX], struct err *err)
{
    uint8_t context[SIM_POINT_MAX + SIM_HASH_MAX] = {0}, k[SIM_EC_MAX], point[SIM_POINT_MAX];
    memcpy(context, key->point, sizeof key->point);
    memcpy(context + SIM_POINT_MAX, digest.ptr, digest.len < SIM_HASH_MAX ? digest.len : SIM_HASH_MAX);
    TRY(scalar_draw(seed, "ECDSA nonce", BYTES_OF(context), key->curve, k, err));
    TRY(ec_multiply(key->curve, k, point, err));
    return wolf(ecdsa_equation(key, k, point + 1, digest, r, s), "ECDSA", err);
}
