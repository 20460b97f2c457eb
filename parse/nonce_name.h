/* SPDX-License-Identifier: Apache-2.0 */
/* parse/nonce_name.h: the nonce of a server of attested TLS, in its list of acceptable CAs.
 *
 * A server asks for a certificate and names, as the one CA that it accepts, a name that is no CA's: CN = base64 of 32
 * fresh bytes, over which the client's evidence is made.  The list is that of certificate_authorities (TLS 1.3) or of
 * CertificateRequest (TLS 1.2); both are written alike.
 *
 * Stricter than Contrast's own client, which reads the first common name of any name: each nonce has one spelling here,
 * that of Contrast's servers.  Sources: RFC 8446, 4.2.4; RFC 5246, 7.4.4; Contrast protocol, server nonce.
 */
#ifndef PARSE_NONCE_NAME_H
#define PARSE_NONCE_NAME_H

#include "parse/bytes.h"
#include "parse/client_hello.h"
#include "parse/status.h"

enum { NONCE_NAME_BYTES = 57 };

/* The name, DER. */
void nonce_name_write(const uint8_t nonce[ATLS_NONCE_BYTES], uint8_t out[NONCE_NAME_BYTES]);

/* `in`: one name and nothing else: one RDN of one common name, a PrintableString or UTF8String of 44 characters of
 * base64.  The errors of parse/der.h and parse/text.h; ERR_MISSING for another attribute, ERR_RANGE for another length.
 */
MUST_USE status nonce_name_parse(bytes in, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err);

/* The contents of the list: names, each behind its length in two octets.  Exactly one has to be there: ERR_MISSING,
 * ERR_TRAILING. */
MUST_USE status nonce_name_list_parse(bytes in, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err);

#endif
