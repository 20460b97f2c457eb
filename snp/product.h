/* SPDX-License-Identifier: Apache-2.0 */
/* snp/product.h: which product line made a report (AMD 57230; spelled as in certificate names).
 *
 * The family and model bytes stand in the signed part of a report of version 3 and later, yet they are read before the
 * signature can be checked, to choose the root.  That is harmless only because the same root must then verify.
 */
#ifndef SNP_PRODUCT_H
#define SNP_PRODUCT_H

#include <stdint.h>

enum snp_product { SNP_PRODUCT_UNKNOWN = 0, SNP_MILAN, SNP_GENOA, SNP_TURIN };
enum { SNP_PRODUCT_COUNT = 4 };

/* Combined family and model of CPUID leaf 1.  SNP_PRODUCT_UNKNOWN for anything without a known root. */
/*@ assigns \nothing; */
enum snp_product snp_product_of_cpuid(uint8_t family, uint8_t model);

/* "Milan", "Genoa", "Turin", "unknown". */
/*@ assigns \nothing; */
const char *snp_product_name(enum snp_product product);

#endif
