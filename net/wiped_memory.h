/* SPDX-License-Identifier: Apache-2.0 */
/* net/wiped_memory.h: an allocator that wipes what is given back.
 *
 * For libraries that keep copies of what passes through them: seeds and keys do, on their way to who may have them.
 * `user` is ignored; libraries hand it along.
 */
#ifndef NET_WIPED_MEMORY_H
#define NET_WIPED_MEMORY_H

#include <stddef.h>

void *wiped_malloc(size_t size, void *user);
void *wiped_calloc(size_t count, size_t size, void *user);

/* Always moves, and wipes the place that it left. */
void *wiped_realloc(void *p, size_t size, void *user);
void wiped_free(void *p, void *user);

#endif
