/* SPDX-License-Identifier: Apache-2.0 */
/* verify/id_key.h: the ID key without an owner, by which Contrast binds policy and digest to a launch.
 *
 * Firmware lets nobody launch without a valid signature over the ID block, but it does not say whose.  So the signature
 * is a constant, r = 2 and s = 1, and the public key is the one that makes it valid for this block (FIPS 186-5, 6.4.2,
 * solved for Q): Q = (s R - z G) / r with z = SHA-384(block) and R a point of x = 2.  There are two such R; of the two
 * keys the one with the smaller X, then Y, is taken.  ID_KEY_DIGEST of the report is then a commitment to all fields
 * of the block.
 *
 * Trap: the key proves nothing about who launched the guest, and anybody can compute it.
 */
#ifndef VERIFY_ID_KEY_H
#define VERIFY_ID_KEY_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/id_block.h"
#include "snp/page.h"

struct id_key {
    struct snp_id_key key;
    uint8_t digest[48]; /* SHA-384 of the key blob: ID_KEY_DIGEST */
};

/* The block that Contrast launches with: GUEST_SVN 2, FAMILY_ID 01 00.., IMAGE_ID 02 00... */
void id_key_block(const uint8_t measurement[static SNP_LAUNCH_DIGEST_BYTES], uint64_t policy, struct snp_id_block *out);

/* The key of `block`.  ERR_BUG when the crypto library fails; ERR_RANGE cannot be made to happen without inverting
 * SHA-384. */
MUST_USE status id_key_derive(const struct snp_id_block *block, struct id_key *out, struct err *err);

/* What goes with the block and its key to the VMM: the constant signature, no author key. */
void id_key_auth(const struct snp_id_key *key, struct snp_id_auth *out);

#endif
