/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/lockdown_linux.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "coordinator/landlock_linux.h"
#include "coordinator/seccomp_linux.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) };
#else
enum { IS_SANITIZED = 0 };
#endif

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "lock-down: %s: %s", what, strerror(errno));
}

status lockdown_hide(struct err *err)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return failed("setrlimit", err);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("PR_SET_DUMPABLE", err);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? OK : failed("PR_SET_NO_NEW_PRIVS", err);
}

status lockdown_hide_as(const char *name, struct err *err)
{
    if (prctl(PR_SET_NAME, name, 0, 0, 0) != 0) return failed("PR_SET_NAME", err);
    return lockdown_hide(err);
}

bool lockdown_is_enforced(void)
{
    return !IS_SANITIZED;
}

bool lockdown_covers_files(void)
{
    return landlock_is_there();
}

/* Landlock covers whatever might reach a file without a system call of the list. */
status lockdown_keeper(struct err *err)
{
    if (IS_SANITIZED) return OK;
    TRY(lockdown_hide(err));
    TRY(landlock_enforce(NULL, err));
    return seccomp_enforce(SECCOMP_EVERYONE, true, err);
}

status lockdown_front(const struct lockdown_front *needs, struct err *err)
{
    unsigned sets = SECCOMP_SERVE | (needs->folder ? SECCOMP_STORE : 0);
    if (IS_SANITIZED) return OK;
    TRY(lockdown_hide(err));
    TRY(landlock_enforce(needs->folder, err));
    return seccomp_enforce(sets, false, err);
}

status lockdown_nursery(struct err *err)
{
    if (IS_SANITIZED) return OK;
    TRY(lockdown_hide(err));
    return landlock_enforce(NULL, err);
}
