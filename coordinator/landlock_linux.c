/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall, O_PATH */
#include "coordinator/landlock_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the newest kernel knows it; Debian 12's header has the first member. */
struct ruleset {
    uint64_t files, network, scoped;
};

/* Rights by the version of Landlock that brought them. */
enum {
    FILES_1 = (1 << 13) - 1, /* all that the header has */
    MOVE_2 = 1 << 13,
    TRUNCATE_3 = 1 << 14,
    BIND_4 = 1,
    CONNECT_4 = 2,
    DEVICES_5 = 1 << 15,
    ABSTRACT_SOCKETS_6 = 1,
    SIGNALS_6 = 2,
};

enum {
    FILES_3 = FILES_1 | MOVE_2 | TRUNCATE_3,
    FILES_5 = FILES_3 | DEVICES_5,
    NETWORK_4 = BIND_4 | CONNECT_4,
    SCOPED_6 = ABSTRACT_SOCKETS_6 | SIGNALS_6,
    STORE_RIGHTS = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | MOVE_2 |
                   TRUNCATE_3,
};

/* The size is that of the members that a version knows. */
static const struct version {
    long from;
    struct ruleset handled;
    size_t size;
} versions[] = {
    {2, {.files = FILES_1 | MOVE_2}, 8},
    {3, {.files = FILES_3}, 8},
    {4, {.files = FILES_3, .network = NETWORK_4}, 16},
    {5, {.files = FILES_5, .network = NETWORK_4}, 16},
    {6, {.files = FILES_5, .network = NETWORK_4, .scoped = SCOPED_6}, 24},
};

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "lock-down: %s: %s", what, strerror(errno));
}

/* The newest that both know; NULL: none. */
static const struct version *find_version(void)
{
    const struct version *found = NULL;
    long known = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (known >= versions[i].from) found = &versions[i];
    return found;
}

bool landlock_is_there(void)
{
    return find_version() != NULL;
}

static status allow_folder(int rules, const char *path, const struct version *v, struct err *err)
{
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return failed(path, err);
    const struct landlock_path_beneath_attr below = {.allowed_access = STORE_RIGHTS & v->handled.files,
                                                     .parent_fd = folder};
    long done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    status s = done == 0 ? OK : failed("landlock_add_rule", err);
    close(folder);
    return s;
}

status landlock_enforce(const char *folder, struct err *err)
{
    const struct version *v = find_version();
    if (!v) return OK;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &v->handled, v->size, 0);
    if (rules < 0) return failed("landlock_create_ruleset", err);
    status s = folder ? allow_folder(rules, folder, v, err) : OK;
    if (is_ok(s) && syscall(SYS_landlock_restrict_self, rules, 0) != 0) s = failed("landlock_restrict_self", err);
    close(rules);
    return s;
}
