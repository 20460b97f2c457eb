/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/secret.h"

void secret_wipe(void *p, size_t n)
{
    if (n == 0) return;
    memset(p, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory"); /* somebody might read it: the zeros have to be there */
}

void secret_seed_wipe(struct secret_seed *s)
{
    secret_wipe(s, sizeof *s);
}

void secret_salt_wipe(struct secret_salt *s)
{
    secret_wipe(s, sizeof *s);
}

bool secret_eq(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a, *y = b;
    uint8_t diff = 0;
    for (size_t i = 0; i < n; i++)
        diff |= x[i] ^ y[i];
    __asm__ volatile("" : "+r"(diff)); /* nothing is known about it, so that the loop has to run to its end */
    return diff == 0;
}
