/* SPDX-License-Identifier: Apache-2.0 */
/* parse/pem.h: PEM blocks (RFC 7468, strict), one after the other.
 *
 *     static const char *const labels[] = {"CERTIFICATE"};
 *     struct pem_reader r = {.in = file, .labels = labels, .label_count = 1};
 *     struct pem_block block;
 *     for (bool end = false;;) {
 *         TRY(pem_next(&r, buf, sizeof buf, &block, &end, err));
 *         if (end) break;
 *         ...
 *     }
 *
 * A block is its BEGIN line, lines of exactly 64 base64 characters, a last one of 4 to 64, and its END line.  Lines end
 * in LF or CRLF: AMD's key server writes CRLF in Turin's chains, some saved with an empty last line, some without the
 * last line end.  Outside the blocks there may be CR, LF, space and tab and no other byte, with one exception that is
 * asked for: lines that start with '#' in files that people keep.  Headers (RFC 1421) are refused.
 *
 * The trap: a file without any block is well-formed; so is one with more blocks than the caller has use for.
 * Not checked here: that the bytes are DER, or what the label says.
 */
#ifndef PARSE_PEM_H
#define PARSE_PEM_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

struct pem_reader {
    bytes in;
    const char *const *labels; /* those to be accepted; any other is ERR_UNSUPPORTED */
    size_t label_count;
    bool comments; /* lines outside the blocks that start with '#' are skipped; not for what a server sent */

    size_t pos;
    size_t blocks;
};

struct pem_block {
    size_t label;  /* index into labels */
    size_t offset; /* of the BEGIN line */
    bytes der;     /* view of the lent buffer; not empty */
};

/* The next block, decoded into buf, which is scratch until then; or `*end`, which leaves `*out` alone.  At most
 * LIMIT_PEM_BLOCKS blocks of at most LIMIT_PEM_BLOCK_BYTES bytes; ERR_NOMEM when a block does not fit into `cap`.
 * After an error the reader is of no further use. */
MUST_USE status pem_next(struct pem_reader *r, uint8_t *buf, size_t cap, struct pem_block *out, bool *end,
                         struct err *err);

/* Exactly `count` blocks of `label`, one behind the other in buf; their sizes add up to at most `cap`.  ERR_MISSING,
 * ERR_TRAILING, and what pem_next says. */
MUST_USE status pem_parse(bytes in, const char *label, bytes *out, size_t count, uint8_t *buf, size_t cap,
                          struct err *err);

/* Characters of pem_write's output with its NUL, for `n` bytes and a label of `l` characters. */
#define PEM_TEXT_SIZE(n, l) (33 + 2 * (l) + ((n) + 2) / 3 * 4 + ((n) + 47) / 48)

/* One block with LF at the end of each line, and a NUL, into out[0..cap).  `der` is not empty. */
MUST_USE status pem_write(bytes der, const char *label, char *out, size_t cap, struct err *err);

#endif
