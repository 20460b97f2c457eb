/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/listen_linux.h: the sockets that a proxy listens on.
 *
 * Those of the ingress are transparent: a connection accepted there has, as its own address, the one that the peer
 * asked for.  They take IPv4 and IPv6.  Specification: Contrast mesh, netfilter rules.
 */
#ifndef MESH_LISTEN_LINUX_H
#define MESH_LISTEN_LINUX_H

#include "parse/mesh_config.h"

/* The caller's, listening and not blocking.  ERR_IO; without CAP_NET_ADMIN, too. */
MUST_USE status listen_transparent(unsigned port, int *out, struct err *err);
MUST_USE status listen_egress(const struct mesh_egress_entry *entry, int *out, struct err *err);

/* The next connection that waits, not blocking; -1 when there is none, or none can be had. */
int listen_accept(int listener);

#endif
