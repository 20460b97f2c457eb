/* SPDX-License-Identifier: Apache-2.0 */
/* snp/leaf.h: VCEK and VLEK certificates: their names, key and AMD extensions (AMD 57230).
 *
 * Which profile a leaf must have follows from its issuer's name: the ASK of a product issues VCEKs, its ASVK VLEKs, and
 * the product decides the TCB layout and the size of hwID.  The set of extensions is exact: none more, none fewer.
 *
 * Not checked here: signatures, validity, that the public key is a point of the curve, and that the values agree with a
 * report (verify/).
 */
#ifndef SNP_LEAF_H
#define SNP_LEAF_H

#include "parse/x509.h"
#include "snp/ca.h"
#include "snp/report.h"
#include "snp/tcb.h"

/* Views point into the certificate. */
struct snp_leaf {
    struct x509_certificate x;
    enum snp_product product;  /* by the issuer's name */
    enum snp_signing_key kind; /* by the issuer's name */
    bytes point;               /* 97 bytes: 04 | X | Y */
    struct snp_tcb tcb;
    bytes product_name; /* IA5 text, for example "Milan-B0"; foreign text: quote it */
    bytes hwid;         /* VCEK: 64 bytes, Turin 8; absent in a VLEK */
    bytes csp_id;       /* VLEK: IA5 text; absent in a VCEK */
};

/* All of the parts below, in this order; stops at the first broken rule. */
MUST_USE status snp_leaf_parse(bytes der, struct snp_leaf *out, struct err *err);

/* The parts.  Each writes its own members of `out` and reads those of the earlier ones. */
MUST_USE status snp_leaf_read_certificate(bytes der, struct snp_leaf *out, struct err *err); /* rule leaf.encoding */
MUST_USE status snp_leaf_read_issuer(struct snp_leaf *out, struct err *err);                 /* rule leaf.issuer */
MUST_USE status snp_leaf_read_key(struct snp_leaf *out, struct err *err);                    /* rule leaf.key */
MUST_USE status snp_leaf_read_extensions(struct snp_leaf *out, struct err *err);             /* rule leaf.extensions */

/* The product part of productName (the text before the first '-').  The stepping behind it is known to be wrong on
 * real machines and means nothing. */
bytes snp_leaf_product_part(const struct snp_leaf *leaf);

/* The subject's common name that a leaf of this kind must have. */
const char *snp_leaf_common_name(enum snp_signing_key kind);

#endif
