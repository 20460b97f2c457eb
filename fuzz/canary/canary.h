/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/canary/canary.h: the out-of-bounds read that a planted line makes; see fuzz/canary.py. */
#ifndef FUZZ_CANARY_CANARY_H
#define FUZZ_CANARY_CANARY_H

#include "parse/bytes.h"

/* Reads the byte behind `in`, which has to be the whole input of the target. */
static inline void canary(bytes in)
{
    const volatile uint8_t *behind = in.ptr + in.len;
    (void)*behind;
}

#endif
