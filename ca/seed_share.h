/* SPDX-License-Identifier: Apache-2.0 */
/* ca/seed_share.h: a deployment's seed encrypted to its seed share owners, and decrypted by one of them.
 *
 * RSAES-OAEP with SHA-256 for both hashes and the label "seedshare" (RFC 8017, 7.1); the plaintext is the whole seed.
 *
 * The trap: whoever can decrypt one share can derive every key of the deployment.
 * Specification: Contrast protocol, seed shares.
 */
#ifndef CA_SEED_SHARE_H
#define CA_SEED_SHARE_H

#include "ca/key.h"
#include "parse/seed_share.h"

/* Bytes of hex and ciphertext that seed_share_make writes for one owner at most: keys above 4096 bits are
 * ERR_UNSUPPORTED, for the crypto library computes with no larger ones. */
enum { SEED_SHARE_OWNER_BYTES = 2048 };

/* Shares for owners[0..count), RSA keys in PKCS#1 DER, in their order, and the salt.  shares[0..count) and
 * buf[0..cap) are lent, `*out` views them and the salt; SEED_SHARE_OWNER_BYTES for each owner is always enough, else
 * ERR_NOMEM.  Kinds of parse/public_key.h for a bad key. */
MUST_USE status seed_share_make(const struct secret_seed *seed, const struct secret_salt *salt, const bytes *owners,
                                size_t count, struct user_seed_share *shares, uint8_t *buf, size_t cap,
                                struct user_seed_shares *out, struct err *err);

/* The seed, from the share of the owner with this key.  ERR_MISSING when there is none, ERR_DENIED when it does not
 * decrypt, ERR_UNSUPPORTED for a key that is no RSA key. */
MUST_USE status seed_share_open(const struct user_seed_shares *in, const struct private_key *key,
                                struct secret_seed *out, struct err *err);

#endif
