/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/landlock_linux.h: the one folder that a process keeps, or none, for good, with all threads and children
 * to come.
 *
 * Descriptors that are open stay as they are.  Nothing is enforced by a kernel without Landlock, or with its first
 * version (before 5.19), which would let no file move from one folder to another, and that is how a store writes;
 * guests under SEV-SNP have 5.19 or later.
 *
 * Source: landlock(7).
 */
#ifndef COORDINATOR_LANDLOCK_LINUX_H
#define COORDINATOR_LANDLOCK_LINUX_H

#include "parse/status.h"

/* Whether landlock_enforce enforces anything on this kernel. */
bool landlock_is_there(void);

/* Files and folders below `folder` can be read, written, made, moved and removed, and nothing else anywhere; NULL: no
 * file at all.  No address is bound or connected to, and no process outside is sent a signal, as far as the kernel
 * knows how.  ERR_IO. */
MUST_USE status landlock_enforce(const char *folder, struct err *err);

#endif
