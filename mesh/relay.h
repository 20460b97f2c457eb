/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/relay.h: one connection that the proxy passes on, as a plain object without a socket: TLS on one side, the wire,
 * and plain bytes on the other, the application.
 *
 *     RELAY_HANDSHAKE  the peer has not shown who it is; nothing of the application's side is needed yet
 *     RELAY_OPEN       bytes pass; the caller has a connection to the application, or makes one now
 *     RELAY_DONE       both directions have ended in order, and everything has been sent
 *     RELAY_FAILED     what is due on the wire may still be sent; then both sides are cut
 *
 * Whatever comes is asked for first: relay_room says how much may be taken from a side, 0 when the other side is slow.
 * The end of one direction is handed on, the other stays.
 *
 * The trap: a wire that ends without close_notify may have been cut by anybody; the application must then see its
 * connection reset, not ended.
 * Specification: Contrast mesh, proxy.
 */
#ifndef MESH_RELAY_H
#define MESH_RELAY_H

#include "mesh/session.h"

enum relay_side { RELAY_WIRE, RELAY_APP, RELAY_SIDES };

enum relay_state { RELAY_HANDSHAKE, RELAY_OPEN, RELAY_DONE, RELAY_FAILED };

struct relay {
    struct session *session;
    bool has_ended[RELAY_SIDES]; /* nothing more comes from this side */
    bool is_shut[RELAY_SIDES];   /* the caller has been told that nothing more goes to it */
    enum relay_state state;
};

/* ERR_NOMEM.  To be closed in any case. */
MUST_USE status relay_open(struct relay *r, struct session_base *base, enum session_role role, int64_t now,
                           struct err *err);
void relay_close(struct relay *r);

/* How many bytes of this side may be taken now. */
size_t relay_room(const struct relay *r, enum relay_side from);

/* Bytes of a side, at most relay_room.  No bytes of the wire start a client's handshake. */
MUST_USE status relay_take(struct relay *r, enum relay_side from, bytes in, struct err *err);

/* This side sends nothing more.  ERR_TRUNCATED for a wire that was cut. */
MUST_USE status relay_end(struct relay *r, enum relay_side from, struct err *err);

/* What is to be sent to a side; drop what was. */
bytes relay_due(const struct relay *r, enum relay_side to);
MUST_USE status relay_sent(struct relay *r, enum relay_side to, size_t n, struct err *err);

/* True once for each side: nothing more will be due for it, so end that direction of its connection. */
bool relay_wants_shut(struct relay *r, enum relay_side to);

enum relay_state relay_state(const struct relay *r);

#endif
