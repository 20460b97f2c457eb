/* SPDX-License-Identifier: Apache-2.0 */
/* Each test locks a child down, has it try something, and looks at how it ended. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca/key.h"
#include "ca/random.h"
#include "coordinator/lockdown_linux.h"

typedef bool attempt(void);

/* 0: it returned true; 1: false; or 128 and the signal that ended it. */
static int locked_down(attempt *try)
{
    pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        if (!is_ok(lockdown_keeper(NULL))) _exit(2);
        _exit(try() ? 0 : 1);
    }
    int how = 0;
    cr_assert_eq(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

static bool open_file(void)
{
    return open("/etc/hostname", O_RDONLY) >= 0;
}

static bool make_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool start_process(void)
{
    return fork() >= 0;
}

static bool become_another(void)
{
    char *const argv[] = {(char *)(uintptr_t)"/bin/true", NULL};
    return execv(argv[0], argv) == 0;
}

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

static void skip_when_sanitized(void)
{
    if (!lockdown_is_enforced()) cr_skip_test("a sanitizer makes system calls of its own: not locked down");
}

Test(lockdown, ends_a_keeper_that_reaches_out, .init = skip_when_sanitized)
{
    static attempt *const attempts[] = {open_file, make_socket, start_process, become_another};
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
        cr_expect_eq(locked_down(attempts[i]), 128 + SIGSYS, "attempt %zu: %d", i, locked_down(attempts[i]));
}

/* wolfSSL's generator would open a file after a million draws, where it is not built to ask the kernel. */
Test(lockdown, lets_a_keeper_do_its_work, .init = skip_when_sanitized)
{
    cr_expect_eq(locked_down(do_its_work), 0);
}
