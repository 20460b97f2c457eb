/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/mesh_calls.h: the calls of the Mesh API (Contrast protocol, NewMeshCert). */
#ifndef COORDINATOR_MESH_CALLS_H
#define COORDINATOR_MESH_CALLS_H

#include "coordinator/call.h"

/* c->ticket is that of the peer; the answer a NewMeshCertResponse. */
call_step mesh_new_cert;

/* Refused: this Coordinator hands its seed to no other. */
call_step mesh_recover;

#endif
