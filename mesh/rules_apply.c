/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mesh/rules.h"
#include "net/descriptor.h"
#include "parse/text.h"

/* Not by PATH: it runs with rights over the network. */
#define NFT "/usr/sbin/nft"

static int spawn(pid_t *child, const int *ends)
{
    char name[] = NFT, flag[] = "-f", dash[] = "-", *argv[] = {name, flag, dash, NULL}, *no_environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    if (code == 0) code = posix_spawn_file_actions_addclose(&actions, ends[1]);
    if (code == 0) code = posix_spawn(child, NFT, &actions, NULL, argv, no_environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

status mesh_rules_apply(const char *script, struct err *err)
{
    int ends[2], how = 0;
    pid_t child = 0;
    if (pipe(ends) != 0) return err_set(err, ERR_IO, 0, "netfilter rules: %s", strerror(errno));
    int code = spawn(&child, ends);
    close(ends[0]);
    bool written = code == 0 && descriptor_write(ends[1], text_bytes(script));
    close(ends[1]);
    if (code != 0) return err_set(err, ERR_IO, 0, "netfilter rules: " NFT ": %s", strerror(code));
    while (waitpid(child, &how, 0) < 0)
        if (errno != EINTR) return err_set(err, ERR_IO, 0, "netfilter rules: " NFT ": %s", strerror(errno));
    if (written && WIFEXITED(how) && WEXITSTATUS(how) == 0) return OK;
    return err_set(err, ERR_IO, 0, "netfilter rules: " NFT " ended with %d", WIFEXITED(how) ? WEXITSTATUS(how) : 128);
}
