/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/hide_linux.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "lock-down: %s: %s", what, strerror(errno));
}

status process_hide(struct err *err)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return failed("setrlimit", err);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("PR_SET_DUMPABLE", err);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? OK : failed("PR_SET_NO_NEW_PRIVS", err);
}

status process_hide_as(const char *name, struct err *err)
{
    if (prctl(PR_SET_NAME, name, 0, 0, 0) != 0) return failed("PR_SET_NAME", err);
    return process_hide(err);
}
