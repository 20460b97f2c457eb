/* SPDX-License-Identifier: Apache-2.0 */
/* ca/owner.h: what a workload owner signs, what a Coordinator signs of its history, and how a peer's key is named.
 *
 * A workload owner approves a manifest by signing the hash of the transition to it, as text: ECDSA over the SHA-256 of
 * its 64 lower-case hex digits, so that `openssl dgst -sha256 -sign` over a file with the digits does the same.  A
 * Coordinator signs the record of its latest transition with the transaction key: ECDSA over the 32 bytes of the hash
 * themselves, without hashing again.  The two are told apart by key and by form.
 *
 * The trap: neither signature says whose history it belongs to beyond the hash; whoever checks must have formed that
 * hash from what it believes.
 * Specification: Contrast protocol, formats and SetManifest.
 */
#ifndef CA_OWNER_H
#define CA_OWNER_H

#include "ca/key.h"
#include "parse/transition_record.h"

enum { OWNER_TEXT_BYTES = 2 * TRANSITION_HASH_BYTES, KEY_DIGEST_BYTES = 32 };

/* The text that is signed: 64 digits, no NUL. */
void owner_write_text(const uint8_t transition[TRANSITION_HASH_BYTES], char out[OWNER_TEXT_BYTES]);

/* ERR_UNSUPPORTED unless the key is on P-384. */
MUST_USE status owner_sign(const struct private_key *key, const uint8_t transition[TRANSITION_HASH_BYTES],
                           struct signature *out, struct err *err);

/* `spki`: the owner's public key (PKIX DER) on P-384; `signature`: strict DER.  ERR_SIGNATURE when it does not
 * verify, kinds of verify/ecdsa.h when it is none; ERR_UNSUPPORTED for another key. */
MUST_USE status owner_verify(bytes spki, const uint8_t transition[TRANSITION_HASH_BYTES], bytes signature,
                             struct err *err);

enum { TRANSITION_RECORD_MAX = 160 };

/* The record of the latest transition, signed with the transaction key (P-384) into lent memory: the hash, and the
 * signature behind it. */
MUST_USE status transition_record_sign(const struct private_key *transaction_key,
                                       const uint8_t transition[TRANSITION_HASH_BYTES],
                                       uint8_t out[TRANSITION_RECORD_MAX], size_t *len, struct err *err);

/* ERR_SIGNATURE when the record is not by this key; else the hash in it.  Kinds of transition_record_parse. */
MUST_USE status transition_record_verify(const struct private_key *transaction_key, bytes record,
                                         uint8_t transition[TRANSITION_HASH_BYTES], struct err *err);

/* What a manifest's lists of owners hold of a peer's key: SHA-256 of the PKIX DER of an EC key, of the PKCS#1 DER of an
 * RSA key.  `spki`: from the peer's certificate.  ERR_UNSUPPORTED for any other key. */
MUST_USE status peer_key_digest(bytes spki, uint8_t out[KEY_DIGEST_BYTES], struct err *err);

#endif
