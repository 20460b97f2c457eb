/* SPDX-License-Identifier: Apache-2.0 */
/* snp/id_block.h: the ID block, with which a guest's owner says what may be launched, and its signatures (SEV-SNP ABI,
 * AMD 56860, SNP_LAUNCH_FINISH: tables "ID_BLOCK", "ID_AUTH_INFO", and the formats of public key and signature).
 *
 * Firmware refuses the launch when digest or policy differ or a signature is wrong, and reports the SHA-384 of the key
 * blob as ID_KEY_DIGEST.  Numbers on the wire are little-endian; here points and scalars are big-endian, as everywhere.
 *
 * Not checked here: the signatures, and that a point lies on the curve (verify/).
 */
#ifndef SNP_ID_BLOCK_H
#define SNP_ID_BLOCK_H

#include "parse/bytes.h"

enum {
    SNP_ID_BLOCK_BYTES = 0x60,
    SNP_ID_AUTH_BYTES = 0x1000,
    SNP_ID_KEY_BYTES = 0x404,
};

struct snp_id_block {
    uint8_t measurement[48];
    uint8_t family_id[16];
    uint8_t image_id[16];
    uint32_t guest_svn;
    uint64_t policy;
};

/* A P-384 point: 04 | X | Y. */
struct snp_id_key {
    uint8_t point[97];
};

struct snp_id_signature {
    uint8_t r[48], s[48];
};

/* Without an author key: AUTH_KEY_ALGO is 0. */
struct snp_id_auth {
    struct snp_id_signature block_signature; /* by id_key, over the SNP_ID_BLOCK_BYTES of the block */
    struct snp_id_key id_key;
};

/* The one encoding of each; VERSION of the block is 1. */
void snp_id_block_write(const struct snp_id_block *block, uint8_t out[static SNP_ID_BLOCK_BYTES]);
void snp_id_key_write(const struct snp_id_key *key, uint8_t out[static SNP_ID_KEY_BYTES]);
void snp_id_auth_write(const struct snp_id_auth *auth, uint8_t out[static SNP_ID_AUTH_BYTES]);

#endif
