/* SPDX-License-Identifier: Apache-2.0 */
/* parse/seed_share.h: seed-shares.json, which `contrast set` keeps after the first manifest and `contrast recover`
 * reads: the deployment's seed, encrypted to each of its seed share owners, and its salt.
 *
 * Despite the name each share is the whole seed.
 *
 * Hex in PublicKey may have either case, for other Coordinators copy it from a manifest as it stands; equal keys are
 * found whatever the case.  Everything else has one spelling.
 *
 * Not checked here: that a share decrypts, and that a key belongs to an owner that the manifest names.
 * Specification: Contrast protocol, seed shares.
 */
#ifndef PARSE_SEED_SHARE_H
#define PARSE_SEED_SHARE_H

#include "parse/user_api.h"

enum { SEED_SHARE_SALT_BYTES = 32 };

/* Memory that the caller lends. */
struct seed_share_storage {
    struct user_seed_share *shares;
    size_t share_cap; /* LIMIT_MANIFEST_OWNERS is always enough */
    uint8_t *buffer;
    size_t cap; /* SEED_SHARES_BUFFER_BYTES(in.len) is always enough */
};

#define SEED_SHARES_BUFFER_BYTES(n) (2 * (n))

/* Exactly the members SeedShares, each with PublicKey and EncryptedSeed, and salt; a missing or null SeedShares is an
 * empty one.  Views of the storage or of the input.  What seed_shares_check says, ERR_LIMIT above
 * LIMIT_SEED_SHARES_BYTES or LIMIT_MANIFEST_OWNERS shares, and what parse/json.h says. */
MUST_USE status seed_shares_parse(bytes in, const struct seed_share_storage *lent, struct user_seed_shares *out,
                                  struct err *err);

/* The rules for shares from whatever source: each key an RSA key in PKCS#1 (parse/public_key.h) as hex, no key twice
 * (ERR_DUPLICATE), each share as long as the modulus (ERR_MISMATCH), a salt of 32 bytes (ERR_RANGE). */
MUST_USE status seed_shares_check(const struct user_seed_shares *in, struct err *err);

/* The document in the form of Contrast's CLI, two spaces a level and no line end behind it, with a NUL into
 * out[0..cap); `*len` is without the NUL.  ERR_NOMEM when it does not fit, and what seed_shares_check says. */
MUST_USE status seed_shares_write(const struct user_seed_shares *in, char *out, size_t cap, size_t *len,
                                  struct err *err);

/* The share of the owner with this key (PKCS#1 DER), or NULL. */
const struct user_seed_share *seed_shares_find(const struct user_seed_shares *in, bytes public_key);

#endif
