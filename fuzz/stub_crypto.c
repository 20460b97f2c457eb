/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/stub_crypto.h"

status crypto_open(struct err *err)
{
    (void)err;
    return OK;
}

const char *crypto_library(void)
{
    return "no cryptography";
}

/* ---- digests ---------------------------------------------------------------------------------------------------- */

/* FNV-1a over words of 8 bytes: each step is a bijection of the state, so that two strings of one length which differ
 * in one place never meet again. */
struct sum {
    uint64_t state, word, len;
};

static void mix(struct sum *s)
{
    s->state = (s->state ^ s->word) * 0x100000001b3ULL;
    s->word = 0;
}

static void add(struct sum *s, bytes in)
{
    for (size_t i = 0; i < in.len;) {
        if (s->len % 8 == 0 && in.len - i >= 8) { /* a whole word at once */
            memcpy(&s->word, in.ptr + i, 8);
            i += 8;
            s->len += 8;
            mix(s);
            continue;
        }
        memcpy((uint8_t *)&s->word + s->len % 8, in.ptr + i++, 1);
        if (++s->len % 8 == 0) mix(s);
    }
}

static uint64_t finish(struct sum *s)
{
    mix(s);
    s->word = s->len;
    mix(s);
    return s->state;
}

/* splitmix64, another bijection, stretches the state. */
static void stretch(uint64_t state, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i += 8) {
        uint64_t z = state += 0x9e3779b97f4a7c15ULL;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
        z ^= z >> 31;
        memcpy(out + i, &z, len - i < 8 ? len - i : 8);
    }
}

static status digest(const bytes *parts, size_t count, uint8_t *out, size_t len)
{
    struct sum s = {.state = 0xcbf29ce484222325ULL ^ len};
    for (size_t i = 0; i < count; i++)
        add(&s, parts[i]);
    stretch(finish(&s), out, len);
    return OK;
}

status crypto_sha256(const bytes *parts, size_t count, uint8_t out[SHA256_BYTES], struct err *err)
{
    (void)err;
    return digest(parts, count, out, SHA256_BYTES);
}

status crypto_sha384(const bytes *parts, size_t count, uint8_t out[SHA384_BYTES], struct err *err)
{
    (void)err;
    return digest(parts, count, out, SHA384_BYTES);
}

status crypto_sha512(const bytes *parts, size_t count, uint8_t out[SHA512_BYTES], struct err *err)
{
    (void)err;
    return digest(parts, count, out, SHA512_BYTES);
}

/* ---- signatures ------------------------------------------------------------------------------------------------- */

static void sign(bytes key, const uint8_t signed_digest[SHA384_BYTES], uint8_t *out, size_t len)
{
    struct sum s = {.state = len};
    add(&s, key);
    add(&s, BYTES(signed_digest, SHA384_BYTES));
    stretch(finish(&s), out, len);
}

void stub_rsa_sign(const uint8_t modulus[RSA4096_BYTES], const uint8_t signed_digest[SHA384_BYTES],
                   uint8_t out[RSA4096_BYTES])
{
    sign(BYTES(modulus, RSA4096_BYTES), signed_digest, out, RSA4096_BYTES);
}

void stub_p384_sign(const uint8_t point[P384_POINT_BYTES], const uint8_t signed_digest[SHA384_BYTES],
                    uint8_t r[P384_SCALAR_BYTES], uint8_t s[P384_SCALAR_BYTES])
{
    uint8_t both[2 * P384_SCALAR_BYTES];
    sign(BYTES(point, P384_POINT_BYTES), signed_digest, both, sizeof both);
    memcpy(r, both, P384_SCALAR_BYTES);
    memcpy(s, both + P384_SCALAR_BYTES, P384_SCALAR_BYTES);
}

/* Half of all points lie on this curve, as on the real one. */
status crypto_p384_point_check(const uint8_t point[P384_POINT_BYTES], struct err *err)
{
    bool lies = point[0] == 0x04 && ((point[48] ^ point[96]) & 1) == 0;
    return lies ? OK : err_set(err, ERR_RANGE, 0, "public key: not a point of the stub's curve");
}

status crypto_p384_verify(const uint8_t point[P384_POINT_BYTES], const uint8_t signed_digest[SHA384_BYTES],
                          const uint8_t r[P384_SCALAR_BYTES], const uint8_t s[P384_SCALAR_BYTES], struct err *err)
{
    uint8_t want_r[P384_SCALAR_BYTES], want_s[P384_SCALAR_BYTES];
    stub_p384_sign(point, signed_digest, want_r, want_s);
    if (is_ok(crypto_p384_point_check(point, NULL)) && memcmp(r, want_r, sizeof want_r) == 0 &&
        memcmp(s, want_s, sizeof want_s) == 0)
        return OK;
    return err_set(err, ERR_SIGNATURE, 0, "not the stub's signature");
}

/* Two points on the stub's curve that every bit of what was given moves. */
status crypto_p384_recover(const uint8_t point_r[P384_POINT_BYTES], const uint8_t s[P384_SCALAR_BYTES],
                           const uint8_t signed_digest[SHA384_BYTES], uint8_t out[2][P384_POINT_BYTES], struct err *err)
{
    (void)err;
    struct sum sum = {.state = P384_POINT_BYTES};
    add(&sum, BYTES(point_r, P384_POINT_BYTES));
    add(&sum, BYTES(s, P384_SCALAR_BYTES));
    add(&sum, BYTES(signed_digest, SHA384_BYTES));
    uint64_t state = finish(&sum);
    for (size_t i = 0; i < 2; i++) {
        out[i][0] = 0x04;
        stretch(state + i, out[i] + 1, P384_POINT_BYTES - 1);
        out[i][96] = (uint8_t)((out[i][96] & 0xfe) | (out[i][48] & 1));
    }
    return OK;
}

status crypto_rsa4096_pss_verify(const uint8_t modulus[RSA4096_BYTES], uint32_t exponent,
                                 const uint8_t signed_digest[SHA384_BYTES], bytes signature, struct err *err)
{
    uint8_t want[RSA4096_BYTES];
    stub_rsa_sign(modulus, signed_digest, want);
    if (exponent == 65537 && bytes_eq(signature, BYTES_OF(want))) return OK;
    return err_set(err, ERR_SIGNATURE, 0, "not the stub's signature");
}
