/* SPDX-License-Identifier: Apache-2.0 */
/* That this program's imports of points go through verify/point_wolfssl.c; what refuses them is what certificates and
 * key shares meet, too. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>

/* The generators of both curves (SEC 2, 2.4.2 and 2.5.1) and P-256's prime. */
static const uint8_t p256[] = "\x04\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d"
                              "\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb"
                              "\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
static const uint8_t p384[] =
    "\x04\xaa\x87\xca\x22\xbe\x8b\x05\x37\x8e\xb1\xc7\x1e\xf3\x20\xad\x74\x6e\x1d\x3b\x62\x8b\xa7\x9b\x98\x59\xf7\x41"
    "\xe0\x82\x54\x2a\x38\x55\x02\xf2\x5d\xbf\x55\x29\x6c\x3a\x54\x5e\x38\x72\x76\x0a\xb7\x36\x17\xde\x4a\x96\x26\x2c"
    "\x6f\x5d\x9e\x98\xbf\x92\x92\xdc\x29\xf8\xf4\x1d\xbd\x28\x9a\x14\x7c\xe9\xda\x31\x13\xb5\xf0\xb8\xc0\x0a\x60\xb1"
    "\xce\x1d\x7e\x81\x9d\x7a\x43\x1d\x7c\x90\xea\x0e\x5f";
static const uint8_t prime[] =
    "\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff"
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

enum { P256_BYTES = 65, P384_BYTES = 97 };

static bool taken(const uint8_t *point, size_t len, int curve)
{
    ecc_key key;
    cr_assert_eq(wc_ecc_init(&key), 0);
    int code = wc_ecc_import_x963_ex(point, (word32)len, &key, curve);
    wc_ecc_free(&key);
    return code == 0;
}

Test(point, off_the_curve)
{
    uint8_t point[P384_BYTES];
    for (size_t i = 1; i < P256_BYTES; i += 7) {
        memcpy(point, p256, P256_BYTES);
        point[i] ^= 1;
        cr_expect(!taken(point, P256_BYTES, ECC_SECP256R1), "P-256, byte %zu", i);
    }
    for (size_t i = 1; i < P384_BYTES; i += 7) {
        memcpy(point, p384, P384_BYTES);
        point[i] ^= 1;
        cr_expect(!taken(point, P384_BYTES, ECC_SECP384R1), "P-384, byte %zu", i);
    }
}

Test(point, zero_and_coordinates_above_the_prime)
{
    uint8_t point[P256_BYTES] = {4};
    cr_expect(!taken(point, sizeof point, ECC_SECP256R1), "(0, 0)");
    memcpy(point, p256, sizeof point);
    memcpy(point + 1, prime, 32);
    cr_expect(!taken(point, sizeof point, ECC_SECP256R1), "x = p");
    memcpy(point, p256, sizeof point);
    memcpy(point + 33, prime, 32);
    cr_expect(!taken(point, sizeof point, ECC_SECP256R1), "y = p");
}

Test(point, generators)
{
    cr_expect(taken(p256, P256_BYTES, ECC_SECP256R1));
    cr_expect(taken(p384, P384_BYTES, ECC_SECP384R1));
}
