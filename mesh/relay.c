/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/relay.h"

static status failed(struct relay *r, status s)
{
    if (!is_ok(s)) r->state = RELAY_FAILED;
    return s;
}

/* After anything that may have moved the session. */
static void look(struct relay *r)
{
    if (r->state == RELAY_HANDSHAKE && session_state(r->session) == SESSION_READY) r->state = RELAY_OPEN;
    if (r->state == RELAY_OPEN && session_peer_is_done(r->session)) r->has_ended[RELAY_WIRE] = true;
    if (r->state == RELAY_OPEN && r->is_shut[RELAY_WIRE] && r->is_shut[RELAY_APP]) r->state = RELAY_DONE;
}

status relay_open(struct relay *r, struct session_base *base, enum session_role role, int64_t now, struct err *err)
{
    *r = (struct relay){0};
    return failed(r, session_new(base, role, now, &r->session, err));
}

void relay_close(struct relay *r)
{
    session_free(r->session);
    r->session = NULL;
}

size_t relay_room(const struct relay *r, enum relay_side from)
{
    if (r->state == RELAY_FAILED || r->has_ended[from]) return 0;
    if (from == RELAY_WIRE) return session_room(r->session);
    return r->state == RELAY_OPEN ? session_write_room(r->session) : 0;
}

status relay_take(struct relay *r, enum relay_side from, bytes in, struct err *err)
{
    status s = from == RELAY_WIRE ? session_step(r->session, in, err) : session_write(r->session, in, err);
    look(r);
    return failed(r, s);
}

status relay_end(struct relay *r, enum relay_side from, struct err *err)
{
    status s = from == RELAY_WIRE ? session_end(r->session, err) : session_close_write(r->session, err);
    r->has_ended[from] = true;
    look(r);
    return failed(r, s);
}

bytes relay_due(const struct relay *r, enum relay_side to)
{
    if (to == RELAY_WIRE) return buffer_view(session_output(r->session));
    return r->state == RELAY_FAILED ? BYTES_ABSENT : buffer_view(session_plaintext(r->session));
}

/* Room in one buffer lets the session go on with what it holds already. */
status relay_sent(struct relay *r, enum relay_side to, size_t n, struct err *err)
{
    buffer_drop(to == RELAY_WIRE ? session_output(r->session) : session_plaintext(r->session), n);
    if (r->state == RELAY_FAILED) return OK;
    return relay_take(r, RELAY_WIRE, BYTES_LIT(""), err);
}

bool relay_wants_shut(struct relay *r, enum relay_side to)
{
    enum relay_side from = to == RELAY_WIRE ? RELAY_APP : RELAY_WIRE;
    bool due = r->state == RELAY_OPEN && !r->is_shut[to] && r->has_ended[from] && relay_due(r, to).len == 0;
    if (!due) return false;
    r->is_shut[to] = true;
    look(r);
    return true;
}

enum relay_state relay_state(const struct relay *r)
{
    return r->state;
}
