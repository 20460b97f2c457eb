/* SPDX-License-Identifier: Apache-2.0 */
/* cli/collateral.h: leaves and CRLs that a user gives beside the evidence; never roots.
 *
 * Files hold DER, PEM, or a document with certificates and no report (Azure THIM).  CA certificates among them are not
 * trusted: they are kept to be compared with the trusted ones, and for nothing else.
 *
 * Add everything, then seal; until more is added the collateral is read only, and threads may share it.
 */
#ifndef CLI_COLLATERAL_H
#define CLI_COLLATERAL_H

#include "kube/arena.h"
#include "snp/evidence.h"
#include "snp/leaf.h"
#include "verify/authenticate.h"

struct collateral_leaf {
    const char *path;     /* of the file that it came from; NULL: from none */
    struct snp_leaf leaf; /* `x` alone unless well_formed */
    bool well_formed;     /* what looks like a leaf is kept even when it breaks a rule: the verdict says which */
    bool has_tcbm;
    uint64_t tcbm; /* of the THIM document that it came from */
};

struct collateral_crl {
    const char *path; /* likewise */
    struct x509_crl crl;
    enum snp_product product; /* whose ARK is the issuer; SNP_PRODUCT_UNKNOWN: nobody's */
    bool believed;            /* after collateral_seal: that ARK, as it is trusted, has signed it */
};

struct collateral {
    struct collateral_leaf *leaves;
    size_t leaf_count;
    struct collateral_crl *crls;
    size_t crl_count;
    bytes malformed_crl; /* the first of them, DER; absent: there is none */
    const char *malformed_crl_path;
    bytes *cas; /* DER */
    size_t ca_count;
    bool has_foreign_ca;                    /* after collateral_seal */
    const struct collateral_leaf **by_chip; /* after collateral_seal: all leaves, sorted */
    struct arena memory;
    const char *path; /* of the file that is being added */
};

/* Adds the file `path`, or all files below a folder; files with a report in them are passed over there.  ERR_IO, or
 * ERR_SYNTAX and others for what is no collateral.  A malformed CRL is no error here: it is for the verdict, which
 * knows whether one is needed. */
MUST_USE status collateral_add(struct collateral *c, const char *path, struct err *err);

enum content_kind { CONTENT_UNKNOWN, CONTENT_REPORT, CONTENT_COLLATERAL };

/* Adds `content` when it is collateral, and tells what it is.  `content` is copied.  Of a list that is refused nothing
 * is added. */
MUST_USE status collateral_add_content(struct collateral *c, bytes content, enum content_kind *kind, struct err *err);

/* Before anything is looked for, and again when something was added.  `trusted`: what CA certificates are compared
 * with, and who signs CRLs. */
MUST_USE status collateral_seal(struct collateral *c, const struct snp_ca_set *trusted, struct err *err);

void collateral_free(struct collateral *c);

/* The leaf that fits the report: its kind and chip (for a VLEK, or a masked CHIP_ID, its TCB), then its TCB, then one
 * valid at `now`; where several still fit, as two VLEKs do, the one whose key has signed (each is tried,
 * however many there are).  When only one leaf was given that one, so that the verdict can say why it does not fit.
 * NULL when none fits. */
const struct collateral_leaf *collateral_find_leaf(const struct collateral *c, const struct snp_report *report,
                                                   int64_t now);

/* Of `own`, which came with the evidence and may be absent, and those given: one of `product` that its trusted ARK has
 * signed, of these one that revokes the ARK or the issuer, or else one whose window holds the time asked for, and of
 * these the newest.  When there is none such, the
 * best of the others, and at last a malformed one, so that the verdict can say why it will not do.  Absent when there
 * is none at all. */
bytes collateral_find_crl(const struct collateral *c, bytes own, enum snp_product product, enum snp_ca_role issuer,
                          const struct authenticate_options *o);

#endif
