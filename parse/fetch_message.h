/* SPDX-License-Identifier: Apache-2.0 */
/* parse/fetch_message.h: what goes between a program and contrast-fetch, without the length in front (net/fetch.h).
 *
 *     request = kind (u8) | flags (u8) | product (u8) | wait (u32) | what a VCEK is of: TCB (u64), chip id, to the end
 *     answer  = outcome (u8) | retry after (u32) | length of text (u16) | text | content, to the end
 *
 * Numbers are little-endian.  A CRL is of a product alone.  Products have the numbers of enum snp_product.  Every field
 * that an outcome has no use for is zero or empty, so that each message has one form.
 *
 * Views of the input.  Not checked here: how long the chip id of a product is, and the content: whoever gets it parses
 * and authenticates it.
 */
#ifndef PARSE_FETCH_MESSAGE_H
#define PARSE_FETCH_MESSAGE_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum { FETCH_LENGTH_BYTES = 4, FETCH_PRODUCTS = 3, FETCH_CHIP_ID_BYTES = 64, FETCH_CHIP_ID_BYTES_TURIN = 8 };

enum fetch_kind { FETCH_VCEK = 1, FETCH_CRL = 2 };

struct fetch_request {
    enum fetch_kind kind;
    uint8_t product;  /* 1 to FETCH_PRODUCTS */
    bool from_cache;  /* ask no network */
    uint32_t wait_ms; /* what the caller has time for */
    uint64_t tcb;     /* VCEK: REPORTED_TCB; else 0 */
    bytes chip_id;    /* VCEK: 8 or 64 bytes; else absent */
};

enum { FETCH_REQUEST_BYTES_MAX = 1 + 1 + 1 + 4 + 8 + FETCH_CHIP_ID_BYTES };

MUST_USE status fetch_request_parse(bytes in, struct fetch_request *out, struct err *err);

/* How long it is.  `in` is one that fetch_request_parse accepts. */
size_t fetch_request_write(const struct fetch_request *in, uint8_t out[static FETCH_REQUEST_BYTES_MAX]);

enum fetch_outcome {
    FETCH_FOUND,       /* content */
    FETCH_STALE,       /* content: an older CRL, and why there is no newer one */
    FETCH_ABSENT,      /* the server has no such thing */
    FETCH_LIMITED,     /* the server wants to be asked later: in `retry_after_s` seconds */
    FETCH_UNREACHABLE, /* no answer, or none of use */
    FETCH_REFUSED,     /* what came is not what was asked for */
    FETCH_NOT_CACHED,  /* only the cache was asked */
    FETCH_FAILED,      /* the program itself */
    FETCH_END,         /* all parts of an image's bytes have come */
    FETCH_OUTCOMES,
};

struct fetch_answer {
    enum fetch_outcome outcome;
    uint32_t retry_after_s;
    bytes text;    /* printable ASCII; empty with FETCH_FOUND and FETCH_END alone */
    bytes content; /* empty but with FETCH_FOUND and FETCH_STALE */
};

enum { FETCH_ANSWER_HEAD_BYTES = 1 + 4 + 2 };
#define FETCH_ANSWER_BYTES_MAX (FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES + LIMIT_FETCH_CONTENT_BYTES)

MUST_USE status fetch_answer_parse(bytes in, struct fetch_answer *out, struct err *err);

/* All of it but the content, which follows.  The text is cut to what fits, and what is not printable is replaced. */
size_t fetch_answer_write_head(const struct fetch_answer *in,
                               uint8_t out[static FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES]);

/* The length in front of a message.  ERR_RANGE unless it is 1 to `limit`. */
MUST_USE status fetch_length_parse(const uint8_t in[static FETCH_LENGTH_BYTES], size_t limit, size_t *out,
                                   struct err *err);

#endif
