/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/keeper_set.h: may this manifest be set, and what follows then. */
#ifndef COORDINATOR_KEEPER_SET_H
#define COORDINATOR_KEEPER_SET_H

#include "coordinator/keeper_state.h"
#include "parse/user_api.h"

/* Checks the request against the state in force (NULL: none yet, and then whoever comes first is trusted), in the order
 * of the protocol, and forms the state that it leads to, with shares of the seed for the owners when it is the first.
 * `client_key` is the SubjectPublicKeyInfo of the client, or empty.  On an error *why says which kind of answer it
 * gets. */
MUST_USE status keeper_set(const struct user_set_manifest_request *request, bytes client_key,
                           const struct keeper_state *current, int64_t now, struct keeper_state **out,
                           enum refusal *why, struct err *err);

#endif
