/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/crypto.h: the primitives under the simulator, and its generator of repeatable bytes.
 *
 * TEST CODE.  Keys come out of a small seed or lie in the open in tests/simulator/keys; the nonces of signatures are
 * repeatable on purpose.  Nothing here may be linked into a program that is shipped.
 *
 * Everything that is drawn is drawn under a label, so that a knob which draws more or less moves nothing else.  Equal
 * seed and label give equal bytes for ever.
 */
#ifndef TESTS_SIMULATOR_CRYPTO_H
#define TESTS_SIMULATOR_CRYPTO_H

#include "parse/bytes.h"
#include "parse/status.h"

enum sim_hash { SIM_SHA1, SIM_SHA256, SIM_SHA384 };
enum { SIM_HASH_MAX = 48, SIM_RSA_BYTES = 512, SIM_EC_MAX = 48, SIM_POINT_MAX = 1 + 2 * SIM_EC_MAX };

size_t sim_hash_len(enum sim_hash hash);
MUST_USE status sim_hash(enum sim_hash hash, bytes in, uint8_t out[SIM_HASH_MAX], struct err *err);

/* SHA-256(seed | label | context | counter) for counter 0, 1, ... */
MUST_USE status sim_draw(uint64_t seed, const char *label, bytes context, uint8_t *out, size_t len, struct err *err);

/* The private RSA-4096 operation on `block` (below the modulus), with the PKCS#1 key `key`. */
MUST_USE status sim_rsa_private(bytes key, const uint8_t block[SIM_RSA_BYTES], uint8_t out[SIM_RSA_BYTES],
                                struct err *err);

enum sim_curve { SIM_P256, SIM_P384 };
size_t sim_curve_len(enum sim_curve curve);

struct sim_ec_key {
    enum sim_curve curve;
    uint8_t scalar[SIM_EC_MAX];   /* big-endian, in 1..n-1, as long as the curve says */
    uint8_t point[SIM_POINT_MAX]; /* 04 | X | Y */
};

MUST_USE status sim_ec_key_draw(uint64_t seed, const char *label, enum sim_curve curve, struct sim_ec_key *out,
                                struct err *err);

/* ECDSA over `digest`, its nonce drawn from seed, key and digest.  r and s are big-endian, as long as the curve says.
 */
MUST_USE status sim_ec_sign(const struct sim_ec_key *key, uint64_t seed, bytes digest, uint8_t r[SIM_EC_MAX],
                            uint8_t s[SIM_EC_MAX], struct err *err);

#endif
