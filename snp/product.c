/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/product.h"

#include <stddef.h>

struct cpuid_range {
    uint8_t family, first_model, last_model;
    enum snp_product product;
};

/* Bergamo and Siena (models A0..AF) are endorsed as Genoa.  Venice (family 1A, model 50 and up) has no known root. */
static const struct cpuid_range ranges[] = {
    {0x19, 0x00, 0x0f, SNP_MILAN},
    {0x19, 0x10, 0x1f, SNP_GENOA},
    {0x19, 0xa0, 0xaf, SNP_GENOA},
    {0x1a, 0x00, 0x11, SNP_TURIN},
};

enum snp_product snp_product_of_cpuid(uint8_t family, uint8_t model)
{
    /*@ loop invariant 0 <= i <= 4;
        loop assigns i;
        loop variant 4 - i; */
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        const struct cpuid_range *r = &ranges[i];
        if (family == r->family && model >= r->first_model && model <= r->last_model) return r->product;
    }
    return SNP_PRODUCT_UNKNOWN;
}

const char *snp_product_name(enum snp_product product)
{
    static const char *const names[SNP_PRODUCT_COUNT] = {"unknown", "Milan", "Genoa", "Turin"};
    return names[(unsigned)product < SNP_PRODUCT_COUNT ? product : SNP_PRODUCT_UNKNOWN];
}
