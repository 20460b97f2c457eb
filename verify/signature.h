/* SPDX-License-Identifier: Apache-2.0 */
/* verify/signature.h: the two kinds of signature of an SNP chain, over bytes as received. */
#ifndef VERIFY_SIGNATURE_H
#define VERIFY_SIGNATURE_H

#include "snp/ca.h"
#include "snp/report.h"
#include "verify/authenticate.h"

/* RSA-PSS with SHA-384 by `ca` over `signed_bytes`.  With a cache a signature found valid before, for the same key and
 * bytes, is not computed again; only valid ones are remembered.  ERR_SIGNATURE. */
MUST_USE status signature_check_pss(const struct snp_ca *ca, bytes signed_bytes, bytes signature,
                                    struct signature_cache *cache, struct err *err);

/* ECDSA P-384 by `point` over the report's signed part (AMD 56860: R and S are little-endian).  ERR_SIGNATURE. */
MUST_USE status signature_check_report(const struct snp_report *report, bytes point, struct err *err);

#endif
