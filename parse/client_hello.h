/* SPDX-License-Identifier: Apache-2.0 */
/* parse/client_hello.h: what a server of attested TLS has to know before its TLS library sees a byte.
 *
 * Evidence is made over a nonce that the client sends in its first message, and making it takes time.  So the first
 * flight is read twice: here, strictly and without a library, and later by the library.  client_hello_gather puts the
 * message together from TLS records, client_hello_parse takes it apart, client_hello_nonce finds the nonce.
 *
 * The trap: after a HelloRetryRequest a client sends a second ClientHello that nobody reads here.  Evidence stays bound
 * to the nonce of the first; that the second one asks for the same protocol has to be seen by what was negotiated.
 *
 * Not checked here: versions, suites, keys, and every extension but server_name and ALPN: the library's.
 * Sources: RFC 8446, 4.1.2 and 5.1; RFC 6066, 3; RFC 7301, 3.1; Contrast protocol, client nonce.
 */
#ifndef PARSE_CLIENT_HELLO_H
#define PARSE_CLIENT_HELLO_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum { ATLS_NONCE_BYTES = 32 };

/* What stands in front of the nonce's hex digits in the client's list of protocols. */
#define ATLS_PROTOCOL_PREFIX "atls:v1:nonce:"

/* The handshake message in `in`, the bytes of a connection from its first on.  While it is not whole, `*more` is the
 * least number of bytes that have to come before asking again is of use, and `*message` is not written.  When it is
 * whole, `*more` is 0 and `*message` a view of buf.  Bytes behind its last record are left to the library.
 *
 * Refuses as soon as the bytes cannot become a ClientHello: ERR_SYNTAX; ERR_TRAILING for another message behind it in
 * its record; ERR_LIMIT.  ERR_NOMEM when `cap` is less than the message; LIMIT_CLIENT_HELLO_BYTES is always enough. */
MUST_USE status client_hello_gather(bytes in, uint8_t *buf, size_t cap, size_t *more, bytes *message, struct err *err);

/* Views live as long as the message. */
struct client_hello {
    bytes server_name; /* absent when there is none */
    bytes protocols;   /* the entries of ALPN, each behind its length; absent when there is none */
};

/* `message`: one handshake message and nothing else.  Extensions that come twice are ERR_DUPLICATE. */
MUST_USE status client_hello_parse(bytes message, struct client_hello *out, struct err *err);

/* Whether the client offers `protocol`. */
bool client_hello_offers(const struct client_hello *hello, bytes protocol);

enum nonce_carrier { NONCE_IN_PROTOCOLS, NONCE_IN_SERVER_NAME };

/* The nonce that the server's evidence has to answer.  The first entry of ALPN that begins with "atls" decides, and
 * there is no falling back from it; without one, the server name is the nonce in base64.  Exactly 32 bytes.
 * ERR_MISSING when the client sent none, ERR_UNSUPPORTED for another version of the entry, and the errors of
 * parse/text.h. */
MUST_USE status client_hello_nonce(const struct client_hello *hello, uint8_t nonce[ATLS_NONCE_BYTES],
                                   enum nonce_carrier *carrier, struct err *err);

#define ATLS_PROTOCOL_TEXT_SIZE (sizeof ATLS_PROTOCOL_PREFIX + 2 * ATLS_NONCE_BYTES) /* with its NUL */

/* The entry that a client puts in front of its list of protocols. */
void atls_protocol_write(const uint8_t nonce[ATLS_NONCE_BYTES], char out[ATLS_PROTOCOL_TEXT_SIZE]);

#endif
