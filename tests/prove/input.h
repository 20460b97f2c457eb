/* SPDX-License-Identifier: Apache-2.0 */
/* tests/prove/input.h: what Eva is told about inputs.  Each driver's input is an array of exactly the length that the
 * reader is told, so that one byte too many is out of bounds. */
#ifndef PROVE_INPUT_H
#define PROVE_INPUT_H

#include <__fc_builtin.h>

#include "parse/bytes.h"

/* Any content. */
#define UNKNOWN(object) Frama_C_make_unknown((char *)&(object), sizeof(object))

/* The last `n` bytes of the array `a`, any content: what lies behind them is not there. */
#define INPUT(a, n) (UNKNOWN(a), BYTES((a) + sizeof(a) - (n), (n)))

static inline int any(int least, int most)
{
    return Frama_C_interval(least, most);
}

#endif
