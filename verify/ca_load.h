/* SPDX-License-Identifier: Apache-2.0 */
/* verify/ca_load.h: a set of CAs out of certificates that a user names by hand, in place of AMD's.
 *
 * The set has the shape of AMD's: for each product an ARK and at least one of ASK and ASVK, under AMD's names.  Their
 * signatures are verified here, once; afterwards the set is taken at its word, as AMD's built-in keys are.
 *
 * The trap: this says that the certificates belong together, and nothing about whose they are.  A set loaded here makes
 * every verdict say "by hand".
 *
 * Not checked here: validity (verify/authenticate.h checks it at the time asked for) and revocation.
 */
#ifndef VERIFY_CA_LOAD_H
#define VERIFY_CA_LOAD_H

#include "snp/ca.h"

/* ARK, ASK and ASVK of every product. */
enum { CA_LOAD_MAX = 9 };

struct ca_bundle {
    struct snp_ca cas[CA_LOAD_MAX]; /* moduli are views into the certificates */
    size_t count;
};

/* `certificates`: DER, in any order; the same certificate may come twice.  Rules root.trusted (not AMD's profile, two
 * different certificates for one CA, an ARK that is missing, alone or not signed by itself) and issuer.signature (an
 * ASK or ASVK that its ARK has not signed); no rule is named when one is no certificate at all. */
MUST_USE status ca_bundle_load(const bytes *certificates, size_t count, struct ca_bundle *out, struct err *err);

/* Borrows `bundle`. */
struct snp_ca_set ca_bundle_set(const struct ca_bundle *bundle);

#endif
