/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fault.h"
#include "verify/crypto.h"

static unsigned left;
static bool came;

void fault_arm(unsigned nth)
{
    left = nth;
    came = false;
}

bool fault_came(void)
{
    return came;
}

static bool is_now(void)
{
    if (left == 0 || --left > 0) return false;
    came = true;
    return true;
}

/* The linker gives the real function the name __real_X and sends every call of X to __wrap_X. */
#define WRAP(name, parameters, arguments)                                                                              \
    MUST_USE status __real_##name parameters;                                                                          \
    MUST_USE status __wrap_##name parameters;                                                                          \
    status __wrap_##name parameters                                                                                    \
    {                                                                                                                  \
        return is_now() ? err_set(err, ERR_BUG, 0, #name ": made to fail") : __real_##name arguments;                  \
    }

WRAP(crypto_sha256, (const bytes *parts, size_t count, uint8_t out[SHA256_BYTES], struct err *err),
     (parts, count, out, err))
WRAP(crypto_sha384, (const bytes *parts, size_t count, uint8_t out[SHA384_BYTES], struct err *err),
     (parts, count, out, err))
WRAP(crypto_sha512, (const bytes *parts, size_t count, uint8_t out[SHA512_BYTES], struct err *err),
     (parts, count, out, err))
WRAP(crypto_p384_point_check, (const uint8_t point[P384_POINT_BYTES], struct err *err), (point, err))
WRAP(crypto_p384_verify,
     (const uint8_t point[P384_POINT_BYTES], const uint8_t digest[SHA384_BYTES], const uint8_t r[P384_SCALAR_BYTES],
      const uint8_t s[P384_SCALAR_BYTES], struct err *err),
     (point, digest, r, s, err))
WRAP(crypto_p384_recover,
     (const uint8_t point_r[P384_POINT_BYTES], const uint8_t s[P384_SCALAR_BYTES], const uint8_t digest[SHA384_BYTES],
      uint8_t out[2][P384_POINT_BYTES], struct err *err),
     (point_r, s, digest, out, err))
WRAP(crypto_rsa4096_pss_verify,
     (const uint8_t modulus[RSA4096_BYTES], uint32_t exponent, const uint8_t digest[SHA384_BYTES], bytes signature,
      struct err *err),
     (modulus, exponent, digest, signature, err))
