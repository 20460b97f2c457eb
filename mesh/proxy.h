/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/proxy.h: the proxy of a pod: listeners, connections, and the loop that serves them, in one thread.
 *
 * Once in a program, for it takes its signals: SIGTERM ends it, SIGHUP loads the identity anew and keeps the old one
 * when the new one is not good.  Specification: Contrast mesh, proxy.
 */
#ifndef MESH_PROXY_H
#define MESH_PROXY_H

#include "parse/mesh_config.h"
#include "parse/status.h"

struct proxy;

/* Loads the identity of `folder` and listens; nobody is served yet.  Ingress and egress are borrowed until
 * proxy_close.  ERR_IO, ERR_NOMEM, and kinds of mesh/identity.h. */
MUST_USE status proxy_open(const char *folder, const struct mesh_ingress *ingress, const struct mesh_egress *egress,
                           struct proxy **out, struct err *err);

/* Until it is ended by a signal. */
void proxy_run(struct proxy *p);

/* Cuts all connections; NULL is allowed. */
void proxy_close(struct proxy *p);

#endif
