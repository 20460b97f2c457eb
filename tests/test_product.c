/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "snp/product.h"

/* The table of the specification, model by model. */
static enum snp_product by_the_book(unsigned family, unsigned model)
{
    if (family == 0x19 && model <= 0x0f) return SNP_MILAN;
    if (family == 0x19 && ((model >= 0x10 && model <= 0x1f) || (model >= 0xa0 && model <= 0xaf))) return SNP_GENOA;
    if (family == 0x1a && model <= 0x11) return SNP_TURIN;
    return SNP_PRODUCT_UNKNOWN;
}

Test(product, every_family_and_model)
{
    size_t known = 0;
    for (unsigned family = 0; family < 256; family++)
        for (unsigned model = 0; model < 256; model++) {
            enum snp_product p = snp_product_of_cpuid((uint8_t)family, (uint8_t)model);
            cr_expect_eq(p, by_the_book(family, model), "family 0x%02x model 0x%02x", family, model);
            known += p != SNP_PRODUCT_UNKNOWN;
        }
    cr_expect_eq(known, 16u + 32 + 18);
}

Test(product, machines_seen)
{
    cr_expect_eq(snp_product_of_cpuid(0x19, 0x01), SNP_MILAN);
    cr_expect_eq(snp_product_of_cpuid(0x19, 0x11), SNP_GENOA);
    cr_expect_eq(snp_product_of_cpuid(0x19, 0xaf), SNP_GENOA, "the last of Bergamo and Siena");
    cr_expect_eq(snp_product_of_cpuid(0x1a, 0x02), SNP_TURIN);
    cr_expect_eq(snp_product_of_cpuid(0x1a, 0x50), SNP_PRODUCT_UNKNOWN, "Venice has no known root");
    cr_expect_eq(snp_product_of_cpuid(0, 0), SNP_PRODUCT_UNKNOWN);
}

Test(product, names)
{
    cr_expect_str_eq(snp_product_name(SNP_MILAN), "Milan");
    cr_expect_str_eq(snp_product_name(SNP_GENOA), "Genoa");
    cr_expect_str_eq(snp_product_name(SNP_TURIN), "Turin");
    cr_expect_str_eq(snp_product_name(SNP_PRODUCT_UNKNOWN), "unknown");
    cr_expect_str_eq(snp_product_name((enum snp_product)SNP_PRODUCT_COUNT), "unknown");
}
