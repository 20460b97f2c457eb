/* SPDX-License-Identifier: Apache-2.0 */
/* net/descriptor.h: all of what is to be read from or written to a descriptor that blocks, whatever signals come; and
 * how many there may be. */
#ifndef NET_DESCRIPTOR_H
#define NET_DESCRIPTOR_H

#include "parse/bytes.h"

/* Up to `len` bytes; fewer, in `*have`, only when the input ends.  False: errno says why, `*have` what came before. */
bool descriptor_read(int file, uint8_t *out, size_t len, size_t *have);

/* All of it.  False: errno says why, and some of it may have been written. */
bool descriptor_write(int file, bytes in);

/* How many this process may have open, after it has taken what it may take; SIZE_MAX when that cannot be told. */
size_t descriptor_raise_limit(void);

#endif
