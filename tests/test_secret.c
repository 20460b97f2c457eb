/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "ca/random.h"
#include "ca/secret.h"

Test(secret, wipe_leaves_zeros_and_the_neighbours)
{
    uint8_t memory[34];
    memset(memory, 0xaa, sizeof memory);
    secret_wipe(&memory[1], 32);
    cr_expect(bytes_are_zero(BYTES(&memory[1], 32)));
    cr_expect(memory[0] == 0xaa && memory[33] == 0xaa);
    secret_wipe(NULL, 0);

    struct secret_seed seed;
    struct secret_salt salt;
    memset(&seed, 1, sizeof seed);
    memset(&salt, 1, sizeof salt);
    secret_seed_wipe(&seed);
    secret_salt_wipe(&salt);
    cr_expect(bytes_are_zero(BYTES_OF(seed.secret)) && bytes_are_zero(BYTES_OF(salt.secret)));
}

Test(secret, eq_sees_every_bit)
{
    uint8_t a[32], b[32];
    memset(a, 0x5a, sizeof a);
    memcpy(b, a, sizeof b);
    cr_expect(secret_eq(a, b, sizeof a));
    cr_expect(secret_eq(a, b, 0));
    for (size_t i = 0; i < 8 * sizeof a; i++) {
        b[i / 8] ^= (uint8_t)(1u << i % 8);
        cr_expect_not(secret_eq(a, b, sizeof a), "bit %zu", i);
        b[i / 8] ^= (uint8_t)(1u << i % 8);
    }
}

/* Nothing says more about randomness here than that two draws differ and that every byte is reached. */
Test(secret, random_fills_all_of_it)
{
    uint8_t a[600], b[600], either[600] = {0};
    for (int i = 0; i < 8; i++) {
        memset(a, 0, sizeof a);
        memset(b, 0, sizeof b);
        cr_assert(is_ok(random_fill(a, sizeof a, NULL)) && is_ok(random_fill(b, sizeof b, NULL)));
        cr_assert(memcmp(a, b, sizeof a) != 0);
        for (size_t k = 0; k < sizeof a; k++)
            either[k] |= a[k] | b[k];
    }
    cr_expect_null(memchr(either, 0, sizeof either));
    cr_expect(is_ok(random_fill(NULL, 0, NULL)));
}
