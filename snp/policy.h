/* SPDX-License-Identifier: Apache-2.0 */
/* snp/policy.h: the bits of POLICY and PLATFORM_INFO, and their names (SEV-SNP ABI, AMD 56860).
 *
 * The tables serve both to explain a report and to judge it: `good_when_set` says which way a bit points, so that a
 * check can refuse a bit that weakens and was not allowed, or demand one that protects and was required.
 */
#ifndef SNP_POLICY_H
#define SNP_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNP_POLICY_ABI_MINOR              0x00000000000000ffULL
#define SNP_POLICY_ABI_MAJOR              0x000000000000ff00ULL
#define SNP_POLICY_SMT                    (1ULL << 16)
#define SNP_POLICY_MUST_BE_ONE            (1ULL << 17) /* firmware refuses the launch otherwise */
#define SNP_POLICY_MIGRATE_MA             (1ULL << 18)
#define SNP_POLICY_DEBUG                  (1ULL << 19)
#define SNP_POLICY_SINGLE_SOCKET          (1ULL << 20)
#define SNP_POLICY_CXL_ALLOW              (1ULL << 21)
#define SNP_POLICY_MEM_AES_256_XTS        (1ULL << 22)
#define SNP_POLICY_RAPL_DIS               (1ULL << 23)
#define SNP_POLICY_CIPHERTEXT_HIDING_DRAM (1ULL << 24)
#define SNP_POLICY_PAGE_SWAP_DISABLE      (1ULL << 25)
#define SNP_POLICY_RESERVED               (~0ULL << 26)

#define SNP_PLATFORM_SMT_EN                    (1ULL << 0)
#define SNP_PLATFORM_TSME_EN                   (1ULL << 1)
#define SNP_PLATFORM_ECC_EN                    (1ULL << 2)
#define SNP_PLATFORM_RAPL_DIS                  (1ULL << 3)
#define SNP_PLATFORM_CIPHERTEXT_HIDING_DRAM_EN (1ULL << 4)
#define SNP_PLATFORM_ALIAS_CHECK_COMPLETE      (1ULL << 5)
#define SNP_PLATFORM_IOMMU_WRITE_SAFE          (1ULL << 6) /* set on every Turin machine seen */
#define SNP_PLATFORM_TIO_EN                    (1ULL << 7)
#define SNP_PLATFORM_RESERVED                  (~0ULL << 8)

struct snp_bit {
    uint64_t mask;
    const char *name;  /* as AMD spells it */
    const char *check; /* the row of verify/checks.def that judges it */
    bool good_when_set;
    const char *meaning; /* what a 1 says */
};

enum { SNP_POLICY_BIT_COUNT = 9, SNP_PLATFORM_BIT_COUNT = 8 };

/* In bit order. */
extern const struct snp_bit snp_policy_bits[SNP_POLICY_BIT_COUNT];
extern const struct snp_bit snp_platform_bits[SNP_PLATFORM_BIT_COUNT];

#endif
