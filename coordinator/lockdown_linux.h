/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/lockdown_linux.h: what a process gives up for good once it has opened all that it needs.
 *
 * The keeper keeps its pipes, memory, time and random bytes: no file can be opened, no socket made, no process started,
 * and nobody may trace it or find it in a core dump.  A system call outside the list ends the process at once.
 *
 * A front keeps its connections as well, and the files of the store when it has one.  What only an intruder would try
 * ends it; what else is not in its list fails.
 *
 * The trap: a sanitizer makes system calls of its own, so that programs built with one are not locked down; they do not
 * ship.  Source: seccomp(2), landlock(7).
 */
#ifndef COORDINATOR_LOCKDOWN_LINUX_H
#define COORDINATOR_LOCKDOWN_LINUX_H

#include "parse/status.h"

/* ERR_IO when the kernel does not do it: then there is nothing to go on with.  A kernel without Landlock is fine, as
 * the system calls that it would judge are forbidden altogether. */
MUST_USE status lockdown_keeper(struct err *err);

struct lockdown_front {
    const char *folder; /* of the store, which exists; NULL: no file can be opened */
};

/* Once the front listens: no socket is made later.  ERR_IO likewise.  Without Landlock a front with a store may open
 * what its user may: lockdown_covers_files says whether. */
MUST_USE status lockdown_front(const struct lockdown_front *needs, struct err *err);

/* Whoever reads nothing that a stranger has sent, and starts processes that do: no file can be opened.  These lock
 * themselves down as fronts. */
MUST_USE status lockdown_nursery(struct err *err);

/* Whether this kernel keeps a front with a store to its folder. */
bool lockdown_covers_files(void);

/* False in a program that was built with a sanitizer. */
bool lockdown_is_enforced(void);

#endif
