/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include "coordinator/seccomp_linux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A system call; with `bits`, only when those of the low half of an argument are `want`. */
struct rule {
    unsigned call, argument;
    uint32_t bits, want;
};

#define ANY(name)                     {.call = SYS_##name}
#define ONLY(name, which, mask, then) {.call = SYS_##name, .argument = (which), .bits = (mask), .want = (then)}

static const struct rule everyone[] = {
    ANY(read),
    ANY(write),
    ANY(close),
    ANY(poll),
    ANY(ppoll),
    ANY(munmap),
    ANY(mremap),
    ANY(brk),
    ANY(madvise),
    ONLY(mmap, 2, PROT_EXEC, 0),
    ONLY(mprotect, 2, PROT_EXEC, 0),
    ANY(getrandom),
    ANY(clock_gettime),
    ANY(futex),
    ANY(getpid),
    ANY(gettid),
    ANY(rt_sigreturn),
    ANY(rt_sigprocmask),
    ANY(restart_syscall),
    ANY(exit),
    ANY(exit_group),
};

static const struct rule serve[] = {
    ANY(listen), /* on what was bound before: the User API's socket once more, after a recovery */
    ANY(accept4),   ANY(getpeername), ANY(shutdown),    ANY(writev),
    ANY(epoll_ctl), ANY(epoll_wait),  ANY(epoll_pwait), ONLY(setsockopt, 1, UINT32_MAX, IPPROTO_TCP),
};

#define NAMESPACES                                                                                                     \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* Which files, Landlock says. */
static const struct rule store[] = {
    ANY(openat),
    ANY(newfstatat),
    ANY(fstat),
    ANY(lseek),
    ANY(fsync),
    ANY(fdatasync),
    ANY(ftruncate),
    ANY(flock),
    ANY(mkdirat),
    ANY(renameat),
    ANY(unlinkat),
    ANY(getdents64),
    ONLY(clone, 0, CLONE_THREAD | NAMESPACES, CLONE_THREAD), /* clone3 fails, and then libraries take this one */
    ANY(rseq),
    ANY(set_robust_list),
    ANY(rt_sigaction),
    ANY(sched_yield),
};

static const struct rule attacks[] = {
    ANY(execve),
    ANY(execveat),
    ANY(ptrace),
    ANY(process_vm_readv),
    ANY(process_vm_writev),
    ANY(socket),
    ANY(connect),
    ANY(bind),
    ANY(bpf),
    ANY(unshare),
    ANY(setns),
    ANY(mount),
};

/* ---- the filter ------------------------------------------------------------------------------------------------- */

/* All tables at once have 6 instructions a rule and some. */
enum { LIMIT_FILTER = 512 };

struct filter {
    struct sock_filter code[LIMIT_FILTER];
    unsigned short len;
};

static void load(struct filter *f, size_t offset)
{
    f->code[f->len++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static void answer(struct filter *f, uint32_t what)
{
    f->code[f->len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what);
}

/* Goes on with the next instruction when the value is `want`, else leaves out `skipped` of them. */
static void unless(struct filter *f, uint32_t want, uint8_t skipped)
{
    f->code[f->len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, want, 0, skipped);
}

/* Another architecture's numbers, x32's among them, mean other calls: none is allowed. */
static void begin(struct filter *f)
{
    load(f, offsetof(struct seccomp_data, arch));
    f->code[f->len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    answer(f, SECCOMP_RET_KILL_PROCESS);
    load(f, offsetof(struct seccomp_data, nr));
    f->code[f->len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 0, 1);
    answer(f, SECCOMP_RET_KILL_PROCESS);
}

/* A rule with bits that do not fit goes on with the next one, for two tables may allow one call in different ways. */
static void add(struct filter *f, const struct rule *r, uint32_t what)
{
    unless(f, r->call, r->bits ? 5 : 1);
    if (r->bits) {
        load(f, offsetof(struct seccomp_data, args) + 8 * (size_t)r->argument);
        f->code[f->len++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, r->bits);
        unless(f, r->want, 1);
    }
    answer(f, what);
    if (r->bits) load(f, offsetof(struct seccomp_data, nr));
}

static void add_all(struct filter *f, const struct rule *rules, size_t count, uint32_t what)
{
    for (size_t i = 0; i < count; i++)
        add(f, &rules[i], what);
}

#define COUNT(table) (sizeof(table) / sizeof *(table))

_Static_assert(6 + 6 * (COUNT(everyone) + COUNT(serve) + COUNT(store) + COUNT(attacks)) < LIMIT_FILTER,
               "all tables fit into one filter");

status seccomp_enforce(unsigned sets, bool is_strict, struct err *err)
{
    struct filter f = {.len = 0};
    begin(&f);
    add_all(&f, everyone, COUNT(everyone), SECCOMP_RET_ALLOW);
    if (sets & SECCOMP_SERVE) add_all(&f, serve, COUNT(serve), SECCOMP_RET_ALLOW);
    if (sets & SECCOMP_STORE) add_all(&f, store, COUNT(store), SECCOMP_RET_ALLOW);
    if (!is_strict) add_all(&f, attacks, COUNT(attacks), SECCOMP_RET_KILL_PROCESS);
    answer(&f, is_strict ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | ENOSYS);
    const struct sock_fprog program = {.len = f.len, .filter = f.code};
    long done = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    return done == 0 ? OK : err_set(err, ERR_IO, 0, "lock-down: seccomp: %s", strerror(errno));
}
