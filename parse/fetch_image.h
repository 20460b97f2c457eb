/* SPDX-License-Identifier: Apache-2.0 */
/* parse/fetch_image.h: what contrast-fetch is asked of registries: the bytes that a manifest's place or a blob's holds
 * under a digest.
 *
 *     request = kind (u8) | flags (u8) | wait for each part (u32) | SHA-256 (32 bytes) | repository, to the end
 *     answers = FETCH_FOUND with a part, any number of times, then FETCH_END; or another outcome at any point
 *
 * A repository is the name of a reference, with its registry.  Numbers are little-endian, flags are 0; the answers are
 * those of parse/fetch_message.h, whose requests have other kinds.
 *
 * Views of the input.  Not checked here: that a repository is one, and the digest of what comes: whoever gets the parts
 * does.
 */
#ifndef PARSE_FETCH_IMAGE_H
#define PARSE_FETCH_IMAGE_H

#include "parse/fetch_message.h"

enum fetch_image_kind { FETCH_MANIFEST = 3, FETCH_BLOB = 4 };

enum { FETCH_DIGEST_BYTES = 32, FETCH_REPOSITORY_BYTES = 255 };

struct fetch_image_request {
    enum fetch_image_kind kind;
    uint32_t wait_ms;
    bytes digest;     /* FETCH_DIGEST_BYTES */
    bytes repository; /* 1 to FETCH_REPOSITORY_BYTES bytes of printable ASCII without blanks */
};

enum { FETCH_IMAGE_REQUEST_BYTES_MAX = 1 + 1 + 4 + FETCH_DIGEST_BYTES + FETCH_REPOSITORY_BYTES };

/* Whether a message is one of these, and no struct fetch_request. */
bool fetch_is_image_request(bytes in);

MUST_USE status fetch_image_request_parse(bytes in, struct fetch_image_request *out, struct err *err);

/* How long it is.  `in` is one that fetch_image_request_parse accepts. */
size_t fetch_image_request_write(const struct fetch_image_request *in,
                                 uint8_t out[static FETCH_IMAGE_REQUEST_BYTES_MAX]);

#endif
