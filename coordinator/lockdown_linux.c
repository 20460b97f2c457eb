/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/lockdown_linux.h"

#include "ca/hide_linux.h"
#include "coordinator/landlock_linux.h"
#include "coordinator/seccomp_linux.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) };
#else
enum { IS_SANITIZED = 0 };
#endif

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
    TRY(process_hide(err));
    TRY(landlock_enforce(NULL, err));
    return seccomp_enforce(SECCOMP_EVERYONE, true, err);
}

status lockdown_front(const struct lockdown_front *needs, struct err *err)
{
    unsigned sets = SECCOMP_SERVE | (needs->folder ? SECCOMP_STORE : 0);
    if (IS_SANITIZED) return OK;
    TRY(process_hide(err));
    TRY(landlock_enforce(needs->folder, err));
    return seccomp_enforce(sets, false, err);
}

status lockdown_nursery(struct err *err)
{
    if (IS_SANITIZED) return OK;
    TRY(process_hide(err));
    return landlock_enforce(NULL, err);
}
