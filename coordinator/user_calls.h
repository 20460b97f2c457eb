/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/user_calls.h: the calls of the User API, step by step (Contrast protocol, SetManifest, GetManifests). */
#ifndef COORDINATOR_USER_CALLS_H
#define COORDINATOR_USER_CALLS_H

#include "coordinator/call.h"

/* c->request is a SetManifestRequest; the answer a SetManifestResponse. */
call_step user_set_manifest;

/* c->request is a GetManifestsRequest; the answer a GetManifestsResponse. */
call_step user_get_manifests;

#endif
