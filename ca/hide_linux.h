/* SPDX-License-Identifier: Apache-2.0 */
/* ca/hide_linux.h: keeps what is in a process's memory out of core dumps and from tracers.
 *
 * Source: prctl(2), setrlimit(2).
 */
#ifndef CA_HIDE_LINUX_H
#define CA_HIDE_LINUX_H

#include "parse/status.h"

/* For any process: no core dump, no tracer, no new privileges; for good.  ERR_IO when the kernel does not do it. */
MUST_USE status process_hide(struct err *err);

/* The same, and the name that the system shows for it, of at most 15 bytes. */
MUST_USE status process_hide_as(const char *name, struct err *err);

#endif
