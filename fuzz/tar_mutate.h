/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/tar_mutate.h: changes of an archive of parse/ustar.h that keep its headers right, for custom mutators.
 *
 * A bit of a header changed blindly ends in a wrong checksum; these changes reach what stands behind it.
 */
#ifndef FUZZ_TAR_MUTATE_H
#define FUZZ_TAR_MUTATE_H

#include "parse/ustar.h"

enum { TAR_MEMBERS_MAX = 48, TAR_BYTES_MAX = 1 << 17 };

struct tar_member {
    char name[USTAR_NAME_BYTES + 1];
    bytes content;
};

struct tar_members {
    struct tar_member at[TAR_MEMBERS_MAX];
    size_t count;
};

/* The members of an archive, views of it; false when it is none, or has too many. */
bool tar_read(const uint8_t *data, size_t size, struct tar_members *out);

void tar_swap(struct tar_member *a, struct tar_member *b);

/* Takes away, doubles, moves, renames or refills one member.  A new content lives until the next call. */
void tar_change(struct tar_members *t, unsigned seed);

/* Writes them to out[0..max); 0 when they do not fit or a name is none.  `out` may be where they were read. */
size_t tar_write(const struct tar_members *t, uint8_t *out, size_t max);

/* Changes bytes and then makes the checksums of what looks like headers right again: for what is no archive, and to
 * make one of it. */
size_t tar_mutate_bytes(uint8_t *data, size_t size, size_t max, unsigned seed);

#endif
