/* SPDX-License-Identifier: Apache-2.0 */
/* verify/authenticate.h: the second step: who has signed what, under which root, valid when, revoked or not.
 *
 * The chain has no path to search: the leaf names its issuer, the issuer's key is looked up in the CA set and nowhere
 * else, and certificates of CAs beside the evidence are not used.  Signatures are verified over the bytes received.
 *
 * Not checked here: whether the report says what was expected (verify/judge.h).
 */
#ifndef VERIFY_AUTHENTICATE_H
#define VERIFY_AUTHENTICATE_H

#include "snp/ca.h"
#include "verify/crypto.h"
#include "verify/evidence_read.h"

enum revocation { REVOCATION_REQUIRED = 0, REVOCATION_WAIVED_BY_USER };

/* One RSA signature that was found valid.  What it holds follows from key, signed bytes and signature alone; validity
 * in time is checked anew each time.  Zeroed memory is an empty cache; one thread at a time. */
struct signature_cache {
    bool filled;
    uint8_t modulus[RSA4096_BYTES];
    uint8_t digest[SHA384_BYTES];
    uint8_t signature[RSA4096_BYTES];
};

struct authenticate_options {
    struct snp_ca_set cas;
    int64_t now; /* seconds since 1970, UTC */
    enum revocation revocation;
    struct signature_cache *leaf_cache; /* NULL: none */
    struct signature_cache *crl_cache;
};

/* Sets the rows leaf.* not set by evidence_read, root.trusted, issuer.*, crl.*, report.signature. */
void evidence_authenticate(const struct evidence *e, const struct authenticate_options *options, struct verdict *v);

#endif
