/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/seccomp_linux.h: the system calls that a process keeps, for good, with all threads and children to come.
 *
 * The trap: what is allowed is allowed to whoever takes the process over.  A call that a library comes to need later
 * fails with ENOSYS in a front, which a C library takes for an older kernel; in the keeper it ends the process.
 *
 * Source: seccomp(2).
 */
#ifndef COORDINATOR_SECCOMP_LINUX_H
#define COORDINATOR_SECCOMP_LINUX_H

#include "parse/status.h"

enum {
    SECCOMP_EVERYONE = 0, /* memory that is never code, time, random bytes, descriptors that are open */
    SECCOMP_SERVE = 1,    /* connections that come to sockets which listen already */
    SECCOMP_STORE = 2,    /* files, and threads that wait for them */
};

/* Keeps the sets of `sets`.  `is_strict`: any other call ends the process; else those that only an intruder makes do,
 * and the others fail.  ERR_IO. */
MUST_USE status seccomp_enforce(unsigned sets, bool is_strict, struct err *err);

#endif
