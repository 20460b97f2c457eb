/* SPDX-License-Identifier: Apache-2.0 */
/* ca/authority.h: the certificate authority of one manifest: its CA certificates and what it issues.
 *
 * Made anew for each manifest and each time a Coordinator recovers.  The root key stays, and with it the root's name
 * and key identifier; the bytes of every certificate change.  The mesh key is new for each manifest.
 */
#ifndef CA_AUTHORITY_H
#define CA_AUTHORITY_H

#include "ca/certificate.h"

enum { AUTHORITY_PEM_MAX = 1500, AUTHORITY_CHAIN_MAX = 49152 };

struct authority_pem {
    char text[AUTHORITY_PEM_MAX]; /* with a NUL */
    size_t len;
};

struct authority {
    struct private_key mesh_key;
    struct authority_pem root, mesh, intermediate;
};

void authority_wipe(struct authority *a);

/* `mesh_key` NULL: a new one is drawn.  It is given when a peer hands over its own.  ERR_UNSUPPORTED unless both keys
 * are on P-384. */
MUST_USE status authority_make(const struct private_key *root_key, const struct private_key *mesh_key, int64_t now,
                               struct authority *out, struct err *err);

/* The leaf in PEM and behind it the intermediate, with a NUL, into out[0..cap); AUTHORITY_CHAIN_MAX is enough for any
 * leaf that parse/x509.h reads.  `*len` is without the NUL. */
MUST_USE status authority_issue(const struct authority *a, const struct certificate_request *request, int64_t now,
                                char *out, size_t cap, size_t *len, struct err *err);

#endif
