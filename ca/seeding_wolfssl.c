/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/cryptocb.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/types.h>
#include <wolfssl/wolfcrypt/wc_port.h>

#include "ca/random.h"
#include "ca/seeding.h"

#ifdef WOLF_CRYPTO_CB

enum { SEEDING_DEVICE = 1 };

static int device = INVALID_DEVID;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int answer(int id, wc_CryptoInfo *asked, void *context)
{
    (void)id;
    (void)context;
    if (asked->algo_type != WC_ALGO_TYPE_SEED) return CRYPTOCB_UNAVAILABLE;
    return is_ok(random_fill(asked->seed.seed, asked->seed.sz, NULL)) ? 0 : RAN_BLOCK_E;
}

/* The library's table of devices exists once the library is initialised. */
static void add_device(void)
{
    if (wolfCrypt_Init() == 0 && wc_CryptoCb_RegisterDevice(SEEDING_DEVICE, answer, NULL) == 0) device = SEEDING_DEVICE;
}

int seeding_device(void)
{
    pthread_once(&once, add_device);
    return device;
}

#else

int seeding_device(void)
{
    return INVALID_DEVID;
}

#endif
