/* SPDX-License-Identifier: Apache-2.0 */
/* ca/random.h: random bytes, for whoever needs some: seeds, keys, nonces, serial numbers.
 *
 * They come from the kernel (getrandom, which waits until the kernel has enough) and from nowhere else: no state in the
 * process, so that a fork or a snapshot repeats nothing.
 */
#ifndef CA_RANDOM_H
#define CA_RANDOM_H

#include "parse/status.h"

/* ERR_IO when the kernel gives none: then there is nothing to go on with. */
MUST_USE status random_fill(uint8_t *out, size_t n, struct err *err);

#endif
