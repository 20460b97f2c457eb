/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "snp/policy.h"
#include "verify/verdict.h"

/* bit, name, whether a 1 protects: the tables of the specification, sections 3 and 4 */
static const struct book_row {
    unsigned bit;
    const char *name;
    bool good_when_set;
} policy_book[] = {{16, "SMT", false},
                   {18, "MIGRATE_MA", false},
                   {19, "DEBUG", false},
                   {20, "SINGLE_SOCKET", true},
                   {21, "CXL_ALLOW", false},
                   {22, "MEM_AES_256_XTS", true},
                   {23, "RAPL_DIS", true},
                   {24, "CIPHERTEXT_HIDING_DRAM", true},
                   {25, "PAGE_SWAP_DISABLE", true}},
  platform_book[] = {{0, "SMT_EN", false},
                     {1, "TSME_EN", false},
                     {2, "ECC_EN", true},
                     {3, "RAPL_DIS", true},
                     {4, "CIPHERTEXT_HIDING_DRAM_EN", true},
                     {5, "ALIAS_CHECK_COMPLETE", true},
                     {6, "IOMMU_WRITE_SAFE", true},
                     {7, "TIO_EN", false}};

static void expect_table(const struct snp_bit *bits, size_t count, const struct book_row *book, const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(bits[i].mask, 1ULL << book[i].bit, "%s", book[i].name);
        cr_expect_str_eq(bits[i].name, book[i].name);
        cr_expect_eq(bits[i].good_when_set, book[i].good_when_set, "%s", book[i].name);
        cr_expect_neq(bits[i].meaning[0], '\0', "%s", book[i].name);
        enum check_id id = check_find(bits[i].check);
        cr_expect_neq(id, CHECK_COUNT, "%s: no such check", bits[i].check);
        cr_expect_eq(strncmp(bits[i].check, prefix, strlen(prefix)), 0, "%s", bits[i].check);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(bits[i].check, bits[k].check);
    }
}

Test(policy, tables_are_those_of_the_specification)
{
    cr_assert_eq(sizeof policy_book / sizeof policy_book[0], (size_t)SNP_POLICY_BIT_COUNT);
    cr_assert_eq(sizeof platform_book / sizeof platform_book[0], (size_t)SNP_PLATFORM_BIT_COUNT);
    expect_table(snp_policy_bits, SNP_POLICY_BIT_COUNT, policy_book, "policy.");
    expect_table(snp_platform_bits, SNP_PLATFORM_BIT_COUNT, platform_book, "platform.");
}

static uint64_t all_of(const struct snp_bit *bits, size_t count)
{
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(all & bits[i].mask, 0u, "%s overlaps", bits[i].name);
        all |= bits[i].mask;
    }
    return all;
}

Test(policy, every_bit_has_one_place)
{
    const uint64_t abi = SNP_POLICY_ABI_MINOR | SNP_POLICY_ABI_MAJOR;
    uint64_t policy = all_of(snp_policy_bits, SNP_POLICY_BIT_COUNT);
    cr_expect_eq(policy & (abi | SNP_POLICY_MUST_BE_ONE | SNP_POLICY_RESERVED), 0u);
    cr_expect_eq(policy | abi | SNP_POLICY_MUST_BE_ONE | SNP_POLICY_RESERVED, ~0ULL);
    uint64_t platform = all_of(snp_platform_bits, SNP_PLATFORM_BIT_COUNT);
    cr_expect_eq(platform & SNP_PLATFORM_RESERVED, 0u);
    cr_expect_eq(platform | SNP_PLATFORM_RESERVED, ~0ULL);
}
