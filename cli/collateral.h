/* SPDX-License-Identifier: Apache-2.0 */
/* cli/collateral.h: leaves and CRLs that a user gives beside the evidence; never roots.
 *
 * Files hold DER or PEM.  CA certificates among them are counted and left out: they are not trusted.
 */
#ifndef CLI_COLLATERAL_H
#define CLI_COLLATERAL_H

#include "snp/leaf.h"
#include "snp/report.h"

struct collateral {
    bytes *owned; /* contents of files and decoded PEM blocks */
    size_t owned_count;
    struct snp_leaf *leaves; /* views into `owned` */
    size_t leaf_count;
    bytes *crls; /* DER; views into `owned` */
    size_t crl_count;
    size_t ca_count; /* CA certificates that were left out */
};

/* Adds a file, or all files below a folder.  ERR_IO, or ERR_SYNTAX for a file that is neither certificate nor CRL. */
MUST_USE status collateral_add(struct collateral *c, const char *path, struct err *err);

void collateral_free(struct collateral *c);

/* The leaf that fits the report best (kind, chip, TCB); when only one was given, that one, so that the verdict can say
 * why it does not fit.  Absent when none fits. */
bytes collateral_find_leaf(const struct collateral *c, const struct snp_report *report);

/* The CRL of the product's ARK; when there is none but others, one of those.  Absent when there is none at all. */
bytes collateral_find_crl(const struct collateral *c, enum snp_product product);

#endif
