/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/privileges_linux.h: what the proxy gives up once it listens and its rules are in force.
 *
 * The trap: capabilities are a thread's.  Threads that were there before keep theirs; those to come have none.
 * Source: capabilities(7).
 */
#ifndef MESH_PRIVILEGES_LINUX_H
#define MESH_PRIVILEGES_LINUX_H

#include "parse/status.h"

/* Every capability of this thread, for good: CAP_NET_ADMIN is for transparent sockets and rules alone; and what
 * process_hide gives up.  ERR_IO. */
MUST_USE status privileges_drop(struct err *err);

#endif
