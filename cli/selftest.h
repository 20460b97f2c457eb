/* SPDX-License-Identifier: Apache-2.0 */
/* cli/selftest.h: known answers, so that a program shows on the machine where it runs that it computes what it should.
 *
 * What it cannot show: that nobody has changed the program, answers included.
 */
#ifndef CLI_SELFTEST_H
#define CLI_SELFTEST_H

#include "snp/ca.h"
#include "verify/crypto.h"

struct selftest {
    const char *name;
    bool (*passes)(void);
};

extern const struct selftest selftests[];
extern const size_t selftest_count;

/* What a CA certificate of AMD's says besides its key. */
struct selftest_ca {
    enum snp_product product;
    enum snp_ca_role role;
    uint8_t spki_sha256[SHA256_BYTES];
    uint8_t tbs_sha384[SHA384_BYTES];
    uint8_t signature[RSA4096_BYTES]; /* by the product's ARK, over tbs_sha384 */
};

extern const struct selftest_ca selftest_cas[SNP_AMD_CA_COUNT];

#endif
