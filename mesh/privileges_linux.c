/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include "mesh/privileges_linux.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ca/hide_linux.h"

status privileges_drop(struct err *err)
{
    struct __user_cap_header_struct self = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    TRY(process_hide(err));
    if (syscall(SYS_capset, &self, none) == 0) return OK;
    return err_set(err, ERR_IO, 0, "lock-down: capset: %s", strerror(errno));
}
