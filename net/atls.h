/* SPDX-License-Identifier: Apache-2.0 */
/* net/atls.h: one end of a connection of attested TLS, as a plain object without a socket.
 *
 * Bytes from the peer go in by atls_step; bytes for the peer come out of atls_output; between them the object says what
 * it waits for:
 *
 *     ATLS_HANDSHAKE        more bytes of the peer
 *     ATLS_WANT_EVIDENCE    a document that binds atls_request's key and nonce; atls_answer goes on, any time later
 *     ATLS_WANT_JUDGEMENT   the caller's word on atls_peer: whether its evidence holds; atls_accept or atls_refuse
 *     ATLS_OPEN             plaintext passes: atls_write, and atls_plaintext after each step
 *     ATLS_CLOSED           the end of both directions, after a close_notify or a refusal
 *     ATLS_FAILED           the same after an error; what is in atls_output still has to be sent, it may tell the peer
 *
 * The trap: a handshake that is done proves that the peer has a key, and nothing of whose key that is.  Not a byte of
 * plaintext passes before atls_accept, and atls_accept is for a caller who has compared REPORT_DATA in the evidence:
 * SHA-512 of atls_peer's spki and nonce, in this order.
 *
 * What is fixed: TLS 1.3, for servers TLS 1.2 too; three AEAD suites; groups X25519, P-256 and P-384; protocol h2; one
 * certificate, which signs itself; no resumption, no tickets, no early data.  A server's key is new for each
 * connection.
 *
 * One object is for one thread at a time; different ones share nothing.
 * Sources: RFC 8446; Contrast protocol, attested TLS.
 */
#ifndef NET_ATLS_H
#define NET_ATLS_H

#include "ca/key.h"
#include "net/buffer.h"
#include "parse/client_hello.h"

/* Starts the libraries, and shakes hands with itself to see that the nonces arrive.  Once in a program, before its
 * threads.  ERR_BUG when this build cannot do attested TLS. */
MUST_USE status atls_open(int64_t now, struct err *err);

struct atls;

enum atls_state {
    ATLS_HANDSHAKE,
    ATLS_WANT_EVIDENCE,
    ATLS_WANT_JUDGEMENT,
    ATLS_OPEN,
    ATLS_CLOSED,
    ATLS_FAILED,
};

struct atls_server_config {
    const uint8_t *nonce;  /* ATLS_NONCE_BYTES that the client's evidence has to answer; drawn for this connection */
    bool require_evidence; /* of the client; without it a client may come without a certificate, too */
    int64_t now;
};

struct atls_client_config {
    const uint8_t *nonce;          /* ATLS_NONCE_BYTES that the server's evidence has to answer */
    enum nonce_carrier carrier;    /* NONCE_IN_SERVER_NAME for Coordinators older than March 2025, and only for them */
    const char *server_name;       /* a host's name, or NULL; never an IP address.  Unused when the nonce is in it */
    const struct private_key *key; /* borrowed during atls_client_new; NULL for a new P-256 key */
    bool has_evidence;             /* whether this end has evidence to give: it will ask for it */
    bool require_evidence;         /* of the server */
    int64_t now;
};

/* The caller's, to be freed by atls_free.  ERR_NOMEM, ERR_IO without random bytes. */
MUST_USE status atls_server_new(const struct atls_server_config *config, struct atls **out, struct err *err);
MUST_USE status atls_client_new(const struct atls_client_config *config, struct atls **out, struct err *err);
void atls_free(struct atls *a);

/* Takes bytes of the peer and goes as far as that allows.  Call it with no bytes once to start a client, and whenever
 * atls_plaintext has been emptied or atls_output sent.  More than atls_input_room bytes are ERR_LIMIT.  After an error
 * the state is ATLS_FAILED. */
MUST_USE status atls_step(struct atls *a, bytes in, struct err *err);

/* How many bytes the next step may bring; 0 while the caller has to decide, or to take away plaintext, first. */
size_t atls_input_room(const struct atls *a);

enum atls_state atls_state(const struct atls *a);

/* Bytes to be sent, and bytes received; the caller drops what it has dealt with. */
struct buffer *atls_output(struct atls *a);
struct buffer *atls_plaintext(struct atls *a);

/* What this end's evidence has to bind.  Views of the object; from ATLS_WANT_EVIDENCE on. */
struct atls_request {
    bytes spki;  /* of this end's key */
    bytes nonce; /* that the peer gave */
};
struct atls_request atls_request(const struct atls *a);

/* The document asked for; goes on with the handshake.  ERR_LIMIT above LIMIT_ATLS_EVIDENCE_BYTES; ERR_STATE unless it
 * was asked for.  A server without evidence to give calls atls_refuse. */
MUST_USE status atls_answer(struct atls *a, bytes document, struct err *err);

/* What the peer showed.  Views of the object; from ATLS_WANT_JUDGEMENT on. */
struct atls_peer {
    bytes certificate; /* DER; absent when the client has none */
    bytes spki;
    bytes evidence; /* absent when there is none */
    bytes nonce;    /* that it was given, and that its evidence has to answer */
};
struct atls_peer atls_peer(const struct atls *a);

/* The caller's word; ERR_STATE unless it was asked for.  Plaintext that is there already passes at once. */
MUST_USE status atls_accept(struct atls *a, struct err *err);

/* In any state: no more plaintext, in neither direction.  Tells the peer as far as TLS can. */
void atls_refuse(struct atls *a);

/* Plaintext for the peer: all of it or, above atls_write_room, ERR_LIMIT.  ERR_STATE unless ATLS_OPEN. */
MUST_USE status atls_write(struct atls *a, bytes plaintext, struct err *err);
size_t atls_write_room(const struct atls *a);

/* The orderly end: after what was written, close_notify. */
void atls_close(struct atls *a);

/* The transport has ended.  ERR_TRUNCATED unless the peer said before that it was done. */
MUST_USE status atls_end(struct atls *a, struct err *err);

#endif
