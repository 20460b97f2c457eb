/* SPDX-License-Identifier: Apache-2.0 */
/* parse/limits.h: every limit of the trusted core, in one place, with its reason. */
#ifndef PARSE_LIMITS_H
#define PARSE_LIMITS_H

/* An X.509 certificate.  AMD's largest is 1 683 bytes (an ASVK); an attested TLS leaf carries about 7 KiB of evidence.
 */
#define LIMIT_CERTIFICATE_BYTES 32768

/* Extensions of one certificate.  AMD's leaves have exactly 11, its CAs 4 or 5. */
#define LIMIT_CERTIFICATE_EXTENSIONS 32

/* Attributes in a distinguished name.  AMD's have 6. */
#define LIMIT_NAME_ATTRIBUTES 16

/* A CRL of AMD's ARK lists at most a handful of CA serials and is usually empty (about 0.8 KiB). */
#define LIMIT_CRL_BYTES 65536

/* Entries of one CRL; the same reasoning. */
#define LIMIT_CRL_ENTRIES 1024

/* Entries of a host's certificate table, the closing one included.  Six GUIDs are known; hosts send one to four. */
#define LIMIT_CERTIFICATE_TABLE_ENTRIES 64

/* Entries of the extras map in a protobuf attestation.  One key is known. */
#define LIMIT_ATTESTATION_EXTRAS 16

#endif
