/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/canary/canary.h: the out-of-bounds read that a planted line makes; see fuzz/canary.py. */
#ifndef FUZZ_CANARY_CANARY_H
#define FUZZ_CANARY_CANARY_H

#include "parse/bytes.h"

/* The sum of all bytes: something for a canary to depend on that a change anywhere in the input moves. */
static inline unsigned canary_sum(bytes in)
{
    unsigned sum = 0;
    for (size_t i = 0; i < in.len; i++)
        sum += in.ptr[i];
    return sum;
}

/* Reads the byte behind `in`, which has to be the whole input of the target. */
static inline void canary(bytes in)
{
    const volatile uint8_t *behind = in.ptr + in.len;
    (void)*behind;
}

#endif
