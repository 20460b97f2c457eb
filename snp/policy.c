/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/policy.h"

const struct snp_bit snp_policy_bits[SNP_POLICY_BIT_COUNT] = {
    {SNP_POLICY_SMT, "SMT", "policy.smt", false, "simultaneous multithreading is allowed"},
    {SNP_POLICY_MIGRATE_MA, "MIGRATE_MA", "policy.migrate-ma", false, "a migration agent is allowed"},
    {SNP_POLICY_DEBUG, "DEBUG", "policy.debug", false, "the host may debug and decrypt the guest"},
    {SNP_POLICY_SINGLE_SOCKET, "SINGLE_SOCKET", "policy.single-socket", true, "the guest runs on one socket only"},
    {SNP_POLICY_CXL_ALLOW, "CXL_ALLOW", "policy.cxl-allow", false, "CXL memory is allowed"},
    {SNP_POLICY_MEM_AES_256_XTS, "MEM_AES_256_XTS", "policy.mem-aes-256-xts", true,
     "memory encryption must be AES-256-XTS"},
    {SNP_POLICY_RAPL_DIS, "RAPL_DIS", "policy.rapl-dis", true, "power reporting (RAPL) must be off"},
    {SNP_POLICY_CIPHERTEXT_HIDING_DRAM, "CIPHERTEXT_HIDING_DRAM", "policy.ciphertext-hiding-dram", true,
     "ciphertext hiding must be on"},
    {SNP_POLICY_PAGE_SWAP_DISABLE, "PAGE_SWAP_DISABLE", "policy.page-swap-disable", true,
     "page move and swap commands are disabled"},
};

const struct snp_bit snp_platform_bits[SNP_PLATFORM_BIT_COUNT] = {
    {SNP_PLATFORM_SMT_EN, "SMT_EN", "platform.smt-en", false, "simultaneous multithreading is on"},
    {SNP_PLATFORM_TSME_EN, "TSME_EN", "platform.tsme-en", false, "transparent memory encryption is on"},
    {SNP_PLATFORM_ECC_EN, "ECC_EN", "platform.ecc-en", true, "memory has error correction"},
    {SNP_PLATFORM_RAPL_DIS, "RAPL_DIS", "platform.rapl-dis", true, "power reporting (RAPL) is off"},
    {SNP_PLATFORM_CIPHERTEXT_HIDING_DRAM_EN, "CIPHERTEXT_HIDING_DRAM_EN", "platform.ciphertext-hiding-dram-en", true,
     "ciphertext hiding is on"},
    {SNP_PLATFORM_ALIAS_CHECK_COMPLETE, "ALIAS_CHECK_COMPLETE", "platform.alias-check-complete", true,
     "memory was checked for aliases since reset (AMD-SB-3015)"},
    {SNP_PLATFORM_IOMMU_WRITE_SAFE, "IOMMU_WRITE_SAFE", "platform.iommu-write-safe", true,
     "IOMMU writes are safe (AMD-SB-3016)"},
    {SNP_PLATFORM_TIO_EN, "TIO_EN", "platform.tio-en", false, "trusted I/O is on"},
};
