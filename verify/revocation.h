/* SPDX-License-Identifier: Apache-2.0 */
/* verify/revocation.h: is the ARK, or the ASK or ASVK that issued the leaf, revoked (RFC 5280, 5 and 6.3).
 *
 * AMD revokes CAs, never single leaves: all leaves have serial 0.  A CRL is believed only under the ARK of the CA set.
 */
#ifndef VERIFY_REVOCATION_H
#define VERIFY_REVOCATION_H

#include "verify/authenticate.h"

/* The serial of the ARK or of the issuer as a CRL that was parsed lists it; absent when it lists neither. */
bytes revocation_find(const struct x509_crl *crl, const struct snp_ca *ark, const struct snp_ca *issuer);

/* Sets crl.*.  When revocation is waived a CRL that cannot be read is worth a warning alone. */
void revocation_check(const struct evidence *e, const struct authenticate_options *options, struct verdict *v);

#endif
