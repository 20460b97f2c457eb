/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include "coordinator/lockdown_linux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) };
#else
enum { IS_SANITIZED = 0 };
#endif

/* All that the keeper does behind the lock. */
static const unsigned keeper_calls[] = {
    SYS_read,           SYS_write,           SYS_poll,   SYS_ppoll,      SYS_close,                 /* pipes */
    SYS_mmap,           SYS_munmap,          SYS_mremap, SYS_brk,        SYS_madvise, SYS_mprotect, /* memory */
    SYS_getrandom,      SYS_clock_gettime,   SYS_futex,  SYS_getpid,     SYS_gettid,  SYS_rt_sigreturn,
    SYS_rt_sigprocmask, SYS_restart_syscall, SYS_exit,   SYS_exit_group,
};

enum { CALLS = sizeof keeper_calls / sizeof keeper_calls[0], HEAD = 6, FILTER = HEAD + 2 * CALLS + 1 };

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "lock-down: %s: %s", what, strerror(errno));
}

/* Another architecture's numbers, x32's among them, mean other calls: none is allowed. */
static void write_filter(struct sock_filter out[FILTER])
{
    size_t n = 0;
    out[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    out[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 0, 1);
    out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < CALLS; i++) {
        out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, keeper_calls[i], 0, 1);
        out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    out[n] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
}

/* No file below any folder: for whatever might reach one without a system call of the list. */
static status forbid_files(struct err *err)
{
    const struct landlock_ruleset_attr all = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
                             LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                             LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM};
    long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0) return errno == ENOSYS || errno == EOPNOTSUPP ? OK : failed("landlock_create_ruleset", err);
    long done = syscall(SYS_landlock_restrict_self, (int)rules, 0);
    status s = done == 0 ? OK : failed("landlock_restrict_self", err);
    close((int)rules);
    return s;
}

status lockdown_hide(struct err *err)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return failed("setrlimit", err);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("PR_SET_DUMPABLE", err);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? OK : failed("PR_SET_NO_NEW_PRIVS", err);
}

bool lockdown_is_enforced(void)
{
    return !IS_SANITIZED;
}

status lockdown_keeper(struct err *err)
{
    struct sock_filter filter[FILTER];
    const struct sock_fprog program = {.len = FILTER, .filter = filter};
    if (IS_SANITIZED) return OK;
    TRY(lockdown_hide(err));
    TRY(forbid_files(err));
    write_filter(filter);
    long done = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    return done == 0 ? OK : failed("seccomp", err);
}
