/* SPDX-License-Identifier: Apache-2.0 */
/* parse/x509.h: X.509 version 3 certificates and version 2 CRLs taken apart (RFC 5280, 4.1 and 5.1).
 *
 * Only the structure is read, strictly; every part is a view into the input and lives as long as it does.
 * AlgorithmIdentifiers and Names come as whole DER elements, to be compared byte for byte.
 *
 * Not checked here: signatures, names, validity, key types, and the meaning of any extension.  That the inner and the
 * outer signature algorithm are equal is for the caller (a verdict shows it as a check of its own).
 */
#ifndef PARSE_X509_H
#define PARSE_X509_H

#include "parse/cursor.h"

struct x509_certificate {
    bytes raw;
    bytes tbs;             /* element; what the signature covers */
    bytes serial;          /* INTEGER contents, sign octet dropped; AMD's leaves have 00 */
    bytes inner_algorithm; /* AlgorithmIdentifier elements */
    bytes outer_algorithm;
    bytes issuer; /* Name elements */
    bytes subject;
    int64_t not_before; /* seconds since 1970, UTC; both ends included */
    int64_t not_after;
    bytes spki;          /* SubjectPublicKeyInfo element */
    bytes key_algorithm; /* its AlgorithmIdentifier element */
    bytes public_key;    /* octets of its BIT STRING */
    bytes extensions;    /* contents of the SEQUENCE OF Extension; absent when there is none */
    bytes signature;     /* octets of the BIT STRING */
};

struct x509_extension {
    bytes oid; /* contents of the OBJECT IDENTIFIER */
    bool critical;
    bytes value; /* contents of the OCTET STRING */
};

struct x509_crl {
    bytes raw;
    bytes tbs;
    bytes inner_algorithm;
    bytes outer_algorithm;
    bytes issuer;
    int64_t this_update;
    int64_t next_update; /* meaningless unless has_next_update */
    bool has_next_update;
    bytes entries;    /* contents of revokedCertificates; absent when there is none */
    bytes extensions; /* contents of crlExtensions; absent when there is none */
    bytes signature;
};

struct x509_crl_entry {
    bytes serial;
    int64_t revoked_at;
};

/* Whole certificates only: bytes left over are ERR_TRAILING.  Duplicate extensions are ERR_DUPLICATE, versions other
 * than 3 ERR_UNSUPPORTED or ERR_SYNTAX, unique identifiers ERR_TRAILING.  At most LIMIT_CERTIFICATE_BYTES and
 * LIMIT_CERTIFICATE_EXTENSIONS (ERR_LIMIT). */
MUST_USE status x509_certificate_parse(bytes in, struct x509_certificate *out, struct err *err);

/* As above for a version 2 CRL.  Every entry is read; an entry extension or CRL extension that is critical is
 * ERR_UNSUPPORTED, for it changes what an entry or the list means.  At most LIMIT_CRL_BYTES and LIMIT_CRL_ENTRIES. */
MUST_USE status x509_crl_parse(bytes in, struct x509_crl *out, struct err *err);

/* Whether `in`, which x509_crl_parse has refused, was meant to be a CRL: for those who have to say which of the two it
 * is that cannot be read.  Looks at the beginning alone, so that a cut or altered CRL is still told from a certificate.
 */
bool x509_crl_is_meant(bytes in);

/* The next extension or entry; the cursor runs over the `extensions` or `entries` of a parsed value, until
 * cursor_left() is 0.  Check the cursor afterwards. */
struct x509_extension x509_extension_next(struct cursor *c);
struct x509_crl_entry x509_crl_entry_next(struct cursor *c);

/* One attribute of a Name whose RDNs hold one attribute each. */
struct x509_attribute {
    bytes oid;
    uint8_t tag; /* of the string */
    bytes text;
};

/* The next RDN; the cursor runs over the contents of a Name. */
struct x509_attribute x509_attribute_next(struct cursor *c);

#endif
