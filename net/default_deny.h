/* SPDX-License-Identifier: Apache-2.0 */
/* net/default_deny.h: takes away the rule that keeps all new connections from a guest until somebody has said how its
 * traffic is protected.
 *
 * The image of a pod's guest sets it before any container runs: table filter, chain INPUT, `-m conntrack ! --ctstate
 * ESTABLISHED,RELATED -j DROP`.  Exactly one takes it away: the mesh proxy when its own rules are in place, the
 * initializer of a pod without one, or the Coordinator.
 *
 * The trap: a rule is seen by the backend alone that set it, so that this is iptables-legacy and nothing else.  It
 * wants CAP_NET_ADMIN and CAP_NET_RAW, and a lock below /run.
 *
 * Specification: Contrast mesh, default deny.
 */
#ifndef NET_DEFAULT_DENY_H
#define NET_DEFAULT_DENY_H

#include "parse/status.h"

/* OK when the rule and its copies are gone; `*was_there` false: it was before, as after a restart.  ERR_IO when
 * iptables-legacy cannot be run or says anything else than yes or no; ERR_LIMIT when it is there more often than
 * anybody would set it. */
MUST_USE status default_deny_lift(bool *was_there, struct err *err);

#endif
