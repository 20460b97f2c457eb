/* SPDX-License-Identifier: Apache-2.0 */
/* parse/transition_record.h: a step of a deployment's history, and the signed record of the latest one.
 *
 * A transition is 64 bytes: the SHA-256 of a manifest and the hash of the transition before it, zeros for the first.
 * Its hash is SHA-256 over the 64 bytes (verify/transition.h).  The record of the latest one is that hash and, up to
 * the end, an ECDSA signature over P-384 of the hash itself, in strict DER.
 *
 * Not checked here: any hash, and the signature.  A Coordinator never publishes the key that signs the record, so that
 * nobody but the Coordinator can check it; a client compares the hash with the one that it computes itself.
 * Specification: Contrast protocol, transitions.
 */
#ifndef PARSE_TRANSITION_RECORD_H
#define PARSE_TRANSITION_RECORD_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { TRANSITION_HASH_BYTES = 32, TRANSITION_BYTES = 2 * TRANSITION_HASH_BYTES };

struct transition {
    uint8_t manifest[TRANSITION_HASH_BYTES];
    uint8_t previous[TRANSITION_HASH_BYTES]; /* zero for the first */
};

/* Exactly 64 bytes; ERR_TRUNCATED, ERR_TRAILING. */
MUST_USE status transition_parse(bytes in, struct transition *out, struct err *err);

void transition_write(const struct transition *in, uint8_t out[static TRANSITION_BYTES]);

/* Views of the input. */
struct transition_record {
    bytes hash;      /* of the latest transition, 32 bytes */
    bytes signature; /* a SEQUENCE of two INTEGERs from 1 on, of at most 48 bytes each without the sign octet */
};

/* ERR_TRUNCATED, ERR_TRAILING, ERR_SYNTAX (DER), ERR_RANGE (an INTEGER that is 0 or too long). */
MUST_USE status transition_record_parse(bytes in, struct transition_record *out, struct err *err);

#endif
