/* SPDX-License-Identifier: Apache-2.0 */
/* parse/ustar.h: one spelling of a tar archive, written and read.
 *
 * Regular files alone, mode 0644, of owner 0, from 1970, in POSIX's ustar format as GNU tar writes it:
 *
 *     tar --format=ustar -b1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 -cf OUT NAME...
 *
 * writes the same bytes, and every tar reads them.  The reader takes name and size from a header, writes the header
 * again and compares all 512 bytes, so that no bit of an archive is without meaning: no other type, mode, owner, time,
 * base-256 size, extension or prefix gets in.  The padding of a content is zero, and two blocks of zeros end the file.
 *
 * A name has at most 100 bytes; its parts between '/' begin with a letter or digit and go on with letters, digits, '.',
 * '_' and '-'.  So none is absolute, none leads out of a folder, and none is taken for an option.
 *
 * Not checked here: that a name comes once, or in some order.
 * Specification: POSIX.1-2017, pax, "ustar Interchange Format".
 */
#ifndef PARSE_USTAR_H
#define PARSE_USTAR_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { USTAR_BLOCK_BYTES = 512, USTAR_NAME_BYTES = 100, USTAR_END_BYTES = 2 * USTAR_BLOCK_BYTES };

#define USTAR_SIZE_MAX 077777777777ULL /* of a content: 11 octal digits */

/* What a member with a content of `n` bytes takes in an archive. */
#define USTAR_MEMBER_BYTES(n)                                                                                          \
    (USTAR_BLOCK_BYTES + ((n) + USTAR_BLOCK_BYTES - 1) / USTAR_BLOCK_BYTES * USTAR_BLOCK_BYTES)

struct ustar_member {
    bytes name;    /* present, not empty; views of the archive */
    bytes content; /* present, possibly empty */
    size_t offset; /* of the header */
};

struct ustar_reader {
    bytes in;
    size_t pos; /* starts at 0 */
};

/* The next member; or `*end`, which leaves `*out` alone and is said again by the next call.  ERR_TRUNCATED, ERR_SYNTAX
 * (name, size, any other byte of a header, padding), ERR_TRAILING (anything after the end).  After an error the reader
 * stands where it stood. */
MUST_USE status ustar_next(struct ustar_reader *r, struct ustar_member *out, bool *end, struct err *err);

/* The name is one that this format has: ERR_RANGE for its length, ERR_SYNTAX for the rest. */
MUST_USE status ustar_check_name(bytes name, struct err *err);

/* Writes into lent memory, one member after the other. */
struct ustar_writer {
    uint8_t *out;
    size_t cap;
    size_t len; /* starts at 0 */
};

/* Adds a member.  `content` may already lie where it goes, USTAR_BLOCK_BYTES behind out[len].  ERR_NOMEM when it does
 * not fit, ERR_RANGE above USTAR_SIZE_MAX, and what ustar_check_name says; nothing is written then. */
MUST_USE status ustar_put(struct ustar_writer *w, bytes name, bytes content, struct err *err);

/* Adds the end.  ERR_NOMEM. */
MUST_USE status ustar_finish(struct ustar_writer *w, struct err *err);

#endif
