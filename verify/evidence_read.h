/* SPDX-License-Identifier: Apache-2.0 */
/* verify/evidence_read.h: the first of three steps: take report, leaf and CRL apart, and list every format rule.
 *
 * Nothing is believed yet.  The next steps are verify/authenticate.h (who has signed) and verify/judge.h (is it what
 * was expected).  Each step runs on what the earlier ones could read, and a check that could not run stays "not run".
 */
#ifndef VERIFY_EVIDENCE_READ_H
#define VERIFY_EVIDENCE_READ_H

#include "snp/leaf.h"
#include "snp/report.h"
#include "verify/verdict.h"

/* What came in; views of the caller.  An absent leaf or CRL is not an error here but a check that fails later. */
struct evidence_input {
    bytes report; /* raw, 1184 bytes */
    bytes leaf;   /* DER */
    bytes crl;    /* DER */
};

/* What could be read; views into the input. */
struct evidence {
    bool has_report, has_leaf, has_leaf_extensions, has_tcbs, has_crl;
    struct snp_report report;
    struct snp_leaf leaf;
    bytes crl_input;          /* whether it could be read or not; absent: there is none */
    struct x509_crl crl;      /* when has_crl */
    enum snp_product product; /* by CPUID; by the leaf's issuer in a version 2 report */
    struct snp_tcb current, reported, committed, launch;
};

/* Sets the rows report.* but report.signature, product.known, leaf.present, leaf.encoding, leaf.issuer, leaf.key,
 * leaf.extensions.  What is wrong with a CRL is for verify/revocation.h, because the user may have waived it. */
void evidence_read(const struct evidence_input *in, struct evidence *out, struct verdict *v);

#endif
