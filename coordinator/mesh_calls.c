/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/mesh_calls.h"

static void certified(struct call *c)
{
    if (!c->failed) {
        call_grant(c, c->answer.parts[0]);
        return;
    }
    call_log_refused_peer(c);
    call_refuse_as_told(c);
}

void mesh_new_cert(struct call *c)
{
    call_ask(c, KEEPER_CERTIFY, &BYTES_OF(c->ticket), 1, certified);
}

void mesh_recover(struct call *c)
{
    call_refuse(c, REFUSED_UNIMPLEMENTED,
                "recovery from a peer is not offered by a Coordinator with a store of its own");
}
