/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/http2_mutate.h: changes of HTTP/2 frames that keep their lengths right, for custom mutators.
 *
 * A byte put in or taken away blindly makes frames of what is none; these changes reach the calls that frames carry.
 */
#ifndef FUZZ_HTTP2_MUTATE_H
#define FUZZ_HTTP2_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Takes away, doubles, moves, retypes or refills one frame of data[1..size), in place; returns the new size, at most
 * `max`.  The first byte is the target's own.  A message of gRPC is given the length it has.  One time in four bytes
 * are changed, so that what is no frame is seen too. */
size_t http2_mutate(uint8_t *data, size_t size, size_t max, unsigned seed);

#endif
