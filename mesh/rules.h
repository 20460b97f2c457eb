/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/rules.h: the netfilter rules that bring a pod's connections to the proxy, as text for `nft -f -`.
 *
 * One table, contrast, of IPv4 and IPv6 both, put in the place of an earlier one in one transaction: it is there as a
 * whole, or as it was.  New TCP connections that do not come from the pod itself go
 *
 *     to a port that was named with true    as they are
 *     to a port that was named with false   to MESH_PORT_INGRESS_OPEN
 *     to any other port                     to MESH_PORT_INGRESS
 *
 * and is dropped while nobody listens there.
 *
 * The traps: nftables' tproxy, unlike iptables' TPROXY, lets a packet pass on to the next rule when it finds no
 * transparent socket, so that a rule that drops has to be that next rule.  What was connected before the rules is not
 * touched, and neither is UDP: the guest's default deny has to be there until they are.
 * Unlike in Contrast's rules, a connection that a helper of the kernel expects (FTP's data) is new like any other, for
 * nobody has named it.
 *
 * Specification: Contrast mesh, netfilter rules.
 */
#ifndef MESH_RULES_H
#define MESH_RULES_H

#include "parse/mesh_config.h"

/* Of the longest script: a line for each address family and port. */
enum { MESH_RULES_TEXT_SIZE = 1024 + LIMIT_MESH_ENTRIES * 128 };

/* The script, with a NUL.  For a disabled ingress it takes the table away.  ERR_LIMIT never, with that size. */
MUST_USE status mesh_rules_write(const struct mesh_ingress *ingress, char *out, size_t cap, struct err *err);

/* Runs it.  ERR_IO when nft cannot be run or refuses; nothing has changed then. */
MUST_USE status mesh_rules_apply(const char *script, struct err *err);

#endif
