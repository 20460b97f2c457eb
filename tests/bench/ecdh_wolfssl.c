/* SPDX-License-Identifier: Apache-2.0 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/random.h>

#include "tests/bench/ecdh.h"

static curve25519_key peer;
static WC_RNG rng;

static bool make(curve25519_key *key)
{
    return wc_curve25519_init(key) == 0 && wc_curve25519_make_key(&rng, CURVE25519_KEYSIZE, key) == 0;
}

bool bench_ecdh(void)
{
    static bool is_ready;
    curve25519_key own;
    byte shared[CURVE25519_KEYSIZE];
    word32 len = sizeof shared;
    if (!is_ready) is_ready = wc_InitRng(&rng) == 0 && make(&peer);
    bool done = is_ready && make(&own) && wc_curve25519_shared_secret(&own, &peer, shared, &len) == 0;
    wc_curve25519_free(&own);
    return done;
}
