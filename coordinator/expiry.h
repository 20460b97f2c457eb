/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/expiry.h: when that ends which a deployment stands on, for whoever has to be warned.
 *
 * Nothing is judged here: what cannot be read has no end that is known.
 */
#ifndef COORDINATOR_EXPIRY_H
#define COORDINATOR_EXPIRY_H

#include "parse/bytes.h"

/* Seconds since 1970; 0: not known. */
struct expiry_evidence {
    int64_t leaf_not_after, crl_next_update;
};

/* Of a document of our own: of the certificate that signs it, and of the CRL beside it. */
struct expiry_evidence expiry_of_evidence(bytes document);

/* Of one certificate in PEM. */
int64_t expiry_of_certificate(bytes pem);

#endif
