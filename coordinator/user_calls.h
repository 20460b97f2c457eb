/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/user_calls.h: the calls of the User API, step by step (Contrast protocol, SetManifest, GetManifests,
 * Recover). */
#ifndef COORDINATOR_USER_CALLS_H
#define COORDINATOR_USER_CALLS_H

#include "coordinator/call.h"

/* c->request is a SetManifestRequest; the answer a SetManifestResponse. */
call_step user_set_manifest;

/* c->request is a GetManifestsRequest; the answer a GetManifestsResponse. */
call_step user_get_manifests;

/* c->request is a RecoverRequest; the answer is empty.  For a front of one connection alone: a seed comes with it. */
call_step user_recover;

/* For any other front: there is nothing to recover. */
call_step user_refuse_recovery;

/* For a front of one connection: everything else has to wait. */
call_step user_refuse_in_recovery;

#endif
