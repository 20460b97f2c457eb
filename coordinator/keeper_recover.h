/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/keeper_recover.h: is this the seed of that history, and what is in force then. */
#ifndef COORDINATOR_KEEPER_RECOVER_H
#define COORDINATOR_KEEPER_RECOVER_H

#include "coordinator/keeper_state.h"
#include "parse/user_api.h"

/* Forms the state that a history ended with, with a new mesh key.  `past` is hostile: what counts is that its record is
 * signed with the transaction key that seed and salt lead to.  `client_key`: SubjectPublicKeyInfo of the client or
 * empty; it has to be that of an owner of a seed share, by the last manifest of `past`, which nothing vouches for until
 * the seed has: a store that lies there lets somebody try a seed, and no seed but the right one does.
 *
 * `force` would pass over other Coordinators that could be asked: there are none that share a store of this kind.
 *
 * On an error *why says which kind of answer it gets, and everything that was derived is wiped. */
MUST_USE status keeper_recover(const struct keeper_past *past, const struct user_recover_request_secret *request,
                               bytes client_key, int64_t now, struct keeper_state **out, enum refusal *why,
                               struct err *err);

#endif
