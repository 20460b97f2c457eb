/* SPDX-License-Identifier: Apache-2.0 */
/* Each test locks a child down, has it try something, and looks at how it ended. */
#define _GNU_SOURCE /* clone's flags, process_vm_readv */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca/key.h"
#include "ca/random.h"
#include "coordinator/lockdown_linux.h"
#include "coordinator/store.h"
#include "tests/scratch.h"

typedef bool attempt(void);

/* What the process was given before it was locked down. */
static int socket_given, listener_given;
static struct scratch folder_given;
static struct store *store_given;

/* 0: it returned true; 1: false; or 128 and the signal that ended it. */
static int outcome_of(pid_t child)
{
    int how = 0;
    cr_assert_eq(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

static int in_keeper(attempt *try)
{
    pid_t child = fork();
    cr_assert(child >= 0);
    if (child > 0) return outcome_of(child);
    if (!is_ok(lockdown_keeper(NULL))) _exit(2);
    _exit(try() ? 0 : 1);
}

static int in_front(const struct lockdown_front *needs, attempt *try)
{
    pid_t child = fork();
    cr_assert(child >= 0);
    if (child > 0) return outcome_of(child);
    socket_given = socket(AF_INET, SOCK_STREAM, 0);
    listener_given = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listen(listener_given, 1) != 0) _exit(3);
    if (!is_ok(lockdown_front(needs, NULL))) _exit(2);
    _exit(try() ? 0 : 1);
}

static int in_mesh_front(attempt *try)
{
    return in_front(&(const struct lockdown_front){.folder = NULL}, try);
}

static int in_store_front(attempt *try)
{
    return in_front(&(const struct lockdown_front){.folder = folder_given.path}, try);
}

static void skip_when_sanitized(void)
{
    if (!lockdown_is_enforced()) cr_skip_test("a sanitizer makes system calls of its own: not locked down");
}

static void give_folder(void)
{
    char path[sizeof folder_given.path + 8];
    skip_when_sanitized();
    folder_given = scratch_open();
    (void)snprintf(path, sizeof path, "%s/store", folder_given.path);
    cr_assert(is_ok(store_open_dir(path, &store_given, NULL)));
}

static void take_folder(void)
{
    if (!store_given) return;
    store_close(store_given);
    scratch_close(&folder_given);
}

/* ---- what is tried ---------------------------------------------------------------------------------------------- */

static bool open_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool make_file(void)
{
    return open("/tmp/made-by-a-front", O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool open_memory(void)
{
    return open("/proc/self/mem", O_RDWR) >= 0;
}

static bool make_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool make_local_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool reach_out(void)
{
    const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return connect(socket_given, (const struct sockaddr *)(const void *)&to, sizeof to) == 0 || errno == ECONNREFUSED;
}

static bool listen_elsewhere(void)
{
    const struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return bind(socket_given, (const struct sockaddr *)(const void *)&at, sizeof at) == 0;
}

static bool start_process(void)
{
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child > 0 && waitpid(child, NULL, 0) == child;
}

static bool become_another(void)
{
    char *const argv[] = {(char *)(uintptr_t)"/bin/true", NULL};
    return execv(argv[0], argv) == 0;
}

static bool trace_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool read_parent(void)
{
    char here[8];
    struct iovec mine = {here, sizeof here}, theirs = {&socket_given, sizeof socket_given};
    return process_vm_readv(getppid(), &mine, 1, &theirs, 1, 0) > 0;
}

static bool write_parent(void)
{
    struct iovec mine = {&socket_given, sizeof socket_given}, theirs = mine;
    return process_vm_writev(getppid(), &mine, 1, &theirs, 1, 0) > 0;
}

static bool leave_namespace(void)
{
    return unshare(CLONE_NEWUSER) == 0;
}

static bool signal_parent(void)
{
    return kill(getppid(), 0) == 0;
}

static bool make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool turn_into_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool change_limit(void)
{
    struct rlimit core = {0, 0};
    return setrlimit(RLIMIT_CORE, &core) == 0;
}

static bool climb_out(void)
{
    char path[sizeof folder_given.path + 32];
    (void)snprintf(path, sizeof path, "%s/../../../README.md", folder_given.path);
    return open(path, O_RDONLY) >= 0;
}

static bool make_device(void)
{
    return mkfifoat(AT_FDCWD, "fifo", 0600) == 0;
}

/* ---- what has to go on ------------------------------------------------------------------------------------------ */

static bool do_its_work(void)
{
    struct private_key key;
    struct signature signature;
    uint8_t bytes_drawn[32];
    for (unsigned i = 0; i < 1000001; i++)
        if (!is_ok(random_fill(bytes_drawn, sizeof bytes_drawn, NULL))) return false;
    return is_ok(private_key_generate(KEY_P384, &key, NULL)) &&
           is_ok(private_key_sign(&key, BYTES_OF(bytes_drawn), &signature, NULL));
}

static bool ask_for_connection(void)
{
    return accept4(listener_given, NULL, NULL, SOCK_NONBLOCK) < 0 && errno != ENOSYS;
}

static void *put_value(void *context)
{
    bool *done = context;
    *done = is_ok(store_put(store_given, "policies/one", BYTES_LIT("a policy"), NULL));
    return NULL;
}

static bool store_on_thread(void)
{
    pthread_t worker;
    bool done = false;
    return pthread_create(&worker, NULL, put_value, &done) == 0 && pthread_join(worker, NULL) == 0 && done;
}

/* ---- the keeper ------------------------------------------------------------------------------------------------- */

#define COUNT(table) (sizeof(table) / sizeof *(table))

Test(lockdown, ends_a_keeper_that_reaches_out, .init = skip_when_sanitized)
{
    static attempt *const attempts[] = {open_file,    make_socket,    start_process, become_another,
                                        trace_parent, make_code,      read_parent,   signal_parent,
                                        change_limit, turn_into_code, write_parent,  leave_namespace};
    for (size_t i = 0; i < COUNT(attempts); i++)
        cr_expect_eq(in_keeper(attempts[i]), 128 + SIGSYS, "attempt %zu: %d", i, in_keeper(attempts[i]));
}

/* wolfSSL's generator would open a file after a million draws, where it is not built to ask the kernel. */
Test(lockdown, lets_a_keeper_do_its_work, .init = skip_when_sanitized)
{
    cr_expect_eq(in_keeper(do_its_work), 0);
}

/* ---- fronts ----------------------------------------------------------------------------------------------------- */

Test(lockdown, ends_a_front_that_does_what_only_an_intruder_does, .init = give_folder, .fini = take_folder)
{
    static attempt *const attempts[] = {make_socket,  make_local_socket, reach_out,    listen_elsewhere, become_another,
                                        trace_parent, read_parent,       write_parent, leave_namespace};
    for (size_t i = 0; i < COUNT(attempts); i++) {
        cr_expect_eq(in_mesh_front(attempts[i]), 128 + SIGSYS, "attempt %zu", i);
        cr_expect_eq(in_store_front(attempts[i]), 128 + SIGSYS, "attempt %zu", i);
    }
}

Test(lockdown, refuses_a_front_what_it_has_no_use_for, .init = give_folder, .fini = take_folder)
{
    static attempt *const attempts[] = {open_file, make_file,      open_memory,  signal_parent, make_code,
                                        climb_out, turn_into_code, change_limit, make_device,   start_process};
    for (size_t i = 0; i < COUNT(attempts); i++) {
        cr_expect_eq(in_mesh_front(attempts[i]), 1, "attempt %zu: %d", i, in_mesh_front(attempts[i]));
        cr_expect_eq(in_store_front(attempts[i]), 1, "attempt %zu: %d", i, in_store_front(attempts[i]));
    }
}

Test(lockdown, lets_a_front_do_its_work, .init = give_folder, .fini = take_folder)
{
    cr_expect_eq(in_mesh_front(do_its_work), 0);
    cr_expect_eq(in_mesh_front(ask_for_connection), 0);
    cr_expect_eq(in_mesh_front(store_on_thread), 1);
    cr_expect_eq(in_store_front(store_on_thread), 0);
}
