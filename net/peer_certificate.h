/* SPDX-License-Identifier: Apache-2.0 */
/* net/peer_certificate.h: the certificate that the other end of attested TLS shows, taken apart and checked.
 *
 * What is checked is what a certificate that signs itself can show: form, validity, its own signature, a key of a kind
 * that we take, no extension that is critical and unknown.  Names do not matter.
 *
 * The trap: none of this says who the peer is.  That it has the key is shown by TLS; that the key is a guest's, by the
 * evidence, whose REPORT_DATA is for the caller to compare: SHA-512 of `spki` and of the nonce that the peer was given.
 *
 * Sources: RFC 5280, 4; Contrast protocol, certificate of attested TLS and order of verification.
 */
#ifndef NET_PEER_CERTIFICATE_H
#define NET_PEER_CERTIFICATE_H

#include "parse/x509.h"

/* Views of the certificate. */
struct peer_certificate {
    bytes der;
    bytes spki;
    bytes evidence; /* the document of an SNP guest; absent when there is none */
};

/* ERR_EXPIRED outside of its validity, ERR_SIGNATURE when it has not signed itself, ERR_UNSUPPORTED for another kind of
 * key or algorithm and for a critical extension other than basicConstraints and keyUsage, ERR_LIMIT for evidence above
 * LIMIT_ATLS_EVIDENCE_BYTES, and the errors of parse/x509.h. */
MUST_USE status peer_certificate_check(bytes der, int64_t now, struct peer_certificate *out, struct err *err);

enum signature_kind { SIGNATURE_ECDSA, SIGNATURE_RSA };
enum signature_hash { HASH_SHA256, HASH_SHA384, HASH_SHA512 };

/* net/peer_signature_wolfssl.c: an ECDSA or RSASSA-PKCS1-v1_5 signature of `signed_bytes` by the key in `spki`.
 * ERR_SIGNATURE for whatever does not verify, ERR_UNSUPPORTED for a key that is not P-256, P-384 or RSA of
 * LIMIT_RSA_MODULUS_BITS_LEAST to 4096 bits. */
MUST_USE status peer_signature_check(enum signature_kind kind, enum signature_hash hash, bytes spki, bytes signed_bytes,
                                     bytes signature, struct err *err);

#endif
