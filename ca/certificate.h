/* SPDX-License-Identifier: Apache-2.0 */
/* ca/certificate.h: the certificates that a Coordinator issues, and the one that each end of an attested connection
 * makes for itself.
 *
 * root -> intermediate and, with the same name and key, mesh CA: a leaf chains to the mesh CA, which lives as long as a
 * manifest, and over the intermediate to the root, which stays.  So both carry one subject and one key identifier.
 *
 * The clock is a parameter; serial numbers are 128 random bits.  Output goes into lent memory, `*out` is a view of it;
 * ERR_NOMEM when it does not fit, ERR_IO without random bytes, ERR_BUG from the crypto library.  Whatever is issued,
 * parse/x509.h has read.
 *
 * Not checked here: that whoever holds the public key of a leaf is who the names say; that takes evidence.
 * Specification: Contrast protocol, CA and aTLS.
 */
#ifndef CA_CERTIFICATE_H
#define CA_CERTIFICATE_H

#include "ca/key.h"
#include "snp/report.h"

enum {
    CERTIFICATE_CA_MAX = 1024,         /* bytes of a CA's certificate; 700 are usual */
    CERTIFICATE_SKEW_S = 3600,         /* notBefore lies so far back */
    CERTIFICATE_ATTESTED_SPAN_S = 7200 /* an attested certificate is valid from now minus to now plus this */
};

/* Contents of object identifiers. */
#define OID_EVIDENCE_SNP       BYTES_LIT("\x2b\xcd\x2d\x02\x01") /* 1.3.9901.2.1 */
#define OID_WORKLOAD_SECRET_ID BYTES_LIT("\x2b\xcd\x2d\x03\x01") /* 1.3.9901.3.1 */

/* Where a certificate is written. */
struct certificate_room {
    uint8_t *buf;
    size_t cap;
};

MUST_USE status certificate_issue_root(const struct private_key *root, int64_t now, struct certificate_room room,
                                       bytes *out, struct err *err);

MUST_USE status certificate_issue_intermediate(const struct private_key *root, const struct private_key *mesh,
                                               int64_t now, struct certificate_room room, bytes *out, struct err *err);

MUST_USE status certificate_issue_mesh_ca(const struct private_key *mesh, int64_t now, struct certificate_room room,
                                          bytes *out, struct err *err);

/* What becomes a leaf. */
struct certificate_request {
    bytes spki;        /* of the peer's TLS key: EC on P-256, P-384 or P-521, or RSA */
    const bytes *sans; /* in the manifest's order; sorted by parse/san.h */
    size_t san_count;
    const struct snp_report *report; /* claims; NULL: none */
    enum snp_product product;        /* whose TCB words the report has; a report of version 2 does not say */
    bytes workload_secret_id;        /* absent or empty: none */
};

/* CN is the first DNS name: ERR_MISSING when there is none.  ERR_SYNTAX for a name that parse/san.h refuses,
 * ERR_LIMIT for one of more than 253 bytes, ERR_UNSUPPORTED for another key or product. */
MUST_USE status certificate_issue_leaf(const struct private_key *mesh, const struct certificate_request *request,
                                       int64_t now, struct certificate_room room, bytes *out, struct err *err);

/* The self-signed certificate of one end of an attested connection.  `document` goes raw into an extension with the
 * object identifier `oid`; absent: no extension at all. */
MUST_USE status certificate_issue_attested(const struct private_key *key, bytes oid, bytes document, int64_t now,
                                           struct certificate_room room, bytes *out, struct err *err);

#endif
