/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/session.h: one end of a TLS connection of the mesh, as a plain object without a socket.
 *
 * Bytes of the peer go in by session_step; bytes for the peer come out of session_output, plaintext out of
 * session_plaintext.  A direction ends by a close_notify and leaves the other one open, as TCP's do.
 *
 * The trap: a transport that ends before a close_notify has come may have been cut by anybody; session_end says so, and
 * the caller must not hand on an orderly end.
 *
 * What is fixed: TLS 1.3 and 1.2; AEAD suites with forward secrecy; groups X25519, P-256 and P-384; no resumption, no
 * tickets, no early data, no renegotiation.  The peer is judged by verify/mesh_leaf.h, against the mesh CA alone;
 * nothing else of the chain that it sends counts.  Its name is not compared with anything.
 *
 * One object is for one thread at a time.
 * Sources: RFC 8446, RFC 5246; Contrast mesh, proxy.
 */
#ifndef MESH_SESSION_H
#define MESH_SESSION_H

#include "mesh/identity.h"
#include "net/buffer.h"

enum session_role {
    SESSION_INGRESS,      /* server; wants a workload's certificate */
    SESSION_INGRESS_OPEN, /* server; asks for none */
    SESSION_EGRESS,       /* client; wants a workload's certificate */
    SESSION_ROLES,
};

/* What new sessions show and trust; counts those that use it.  A copy of the identity: wipe yours. */
struct session_base;

/* Starts the library.  Once in a program.  ERR_BUG. */
MUST_USE status session_open(struct err *err);

/* The caller's, until session_base_release.  ERR_NOMEM; ERR_BUG when the library does not take the identity. */
MUST_USE status session_base_new(const struct identity *id, struct session_base **out, struct err *err);
void session_base_release(struct session_base *base);

struct session;

enum session_state {
    SESSION_HANDSHAKE,
    SESSION_READY,  /* the peer is who it should be: plaintext passes */
    SESSION_FAILED, /* what is in session_output still has to be sent, it may tell the peer */
};

/* The caller's, until session_free.  `now` is when the peer's certificate has to be valid.  ERR_NOMEM. */
MUST_USE status session_new(struct session_base *base, enum session_role role, int64_t now, struct session **out,
                            struct err *err);
void session_free(struct session *s);

/* Takes bytes of the peer and goes as far as that allows.  Call it with no bytes once to start a client, and whenever
 * plaintext has been taken away or output sent.  More than session_room bytes are ERR_LIMIT. */
MUST_USE status session_step(struct session *s, bytes in, struct err *err);
size_t session_room(const struct session *s);

enum session_state session_state(const struct session *s);

/* What the caller sends and drops, and takes and drops. */
struct buffer *session_output(struct session *s);
struct buffer *session_plaintext(struct session *s);

/* Plaintext for the peer: all of it, at most session_write_room bytes.  ERR_STATE after session_close_write. */
MUST_USE status session_write(struct session *s, bytes plaintext, struct err *err);
size_t session_write_room(const struct session *s);

/* Nothing more is written: close_notify behind what was. */
MUST_USE status session_close_write(struct session *s, struct err *err);

/* Whether the peer's close_notify has come; plaintext may still be waiting. */
bool session_peer_is_done(const struct session *s);

/* The transport has ended.  ERR_TRUNCATED unless session_peer_is_done. */
MUST_USE status session_end(struct session *s, struct err *err);

#endif
