/* SPDX-License-Identifier: Apache-2.0 */
/* contrast-initializer: runs in a pod before its other containers and ends when the pod has its certificate.
 *
 * It takes no arguments: what it is told stands in the environment, which the policy of the pod fixes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mesh/initializer.h"
#include "net/atls.h"
#include "net/log.h"
#include "parse/text.h"
#include "parse/version.h"

enum { EXIT_DONE = 0, EXIT_INTERNAL = 1, EXIT_USAGE = 2 };
enum { MESH_PORT = 7777, RETRY_SECONDS = 5 };

static volatile sig_atomic_t is_cancelled;

static void on_signal(int number)
{
    (void)number;
    is_cancelled = 1;
}

static const char *setting(const char *name, const char *fallback)
{
    const char *value = getenv(name);
    return value && value[0] ? value : fallback;
}

static int help(void)
{
    (void)puts("usage: contrast-initializer\n\n"
               "Gets this pod's certificate and workload secret from the Coordinator.  Environment:\n"
               "  COORDINATOR_HOST        its host name; required\n"
               "  CONTRAST_FOLDER         where the files go; default /contrast\n"
               "  CONTRAST_DONE_FILE      an empty file that says that they are there; default /done\n"
               "  CONTRAST_SECRETS_GID    a group that may read key and secret; default: none\n"
               "  CONTRAST_ISSUER         auto, or exec:PROGRAM; default auto");
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_INTERNAL;
}

static status take_settings(struct initializer *i, struct err *err)
{
    const char *host = setting("COORDINATOR_HOST", NULL), *group = setting("CONTRAST_SECRETS_GID", NULL);
    uint64_t gid = 0;
    if (!host) return err_set(err, ERR_MISSING, 0, "COORDINATOR_HOST not set");
    TRY(err_in(err, address_parse(BYTES((const uint8_t *)host, strlen(host)), MESH_PORT, &i->coordinator, err),
               "COORDINATOR_HOST"));
    i->files.folder = setting("CONTRAST_FOLDER", "/contrast");
    i->files.has_group = group != NULL;
    if (!group) return OK;
    TRY(err_in(err, decimal_parse(BYTES((const uint8_t *)group, strlen(group)), UINT32_MAX, &gid, err),
               "CONTRAST_SECRETS_GID"));
    i->files.group = (gid_t)gid;
    return OK;
}

static status open_all(struct initializer *i, struct err *err)
{
    TRY(atls_open((int64_t)time(NULL), err));
    TRY(private_key_generate(KEY_P256, &i->secret_key, err));
    return issuer_open(setting("CONTRAST_ISSUER", "auto"), &i->issuer, err);
}

/* For ever, or until a signal: the pod waits for a manifest that allows it. */
static status run(struct initializer *i, struct err *err)
{
    const struct timespec pause = {.tv_sec = RETRY_SECONDS};
    while (!is_cancelled) {
        struct err why = {0};
        if (is_ok(initializer_try(i, &why))) return OK;
        LOG("warning", "no certificate yet", {"coordinator", i->coordinator.text}, {"cause", why.text}, );
        if (!is_cancelled) (void)nanosleep(&pause, NULL);
    }
    return err_set(err, ERR_STATE, 0, "ended by a signal");
}

static status write_done(struct err *err)
{
    const char *path = setting("CONTRAST_DONE_FILE", "/done");
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || close(file) != 0) return err_set(err, ERR_IO, 0, "%s: %s", path, strerror(errno));
    return OK;
}

static int failed(const struct err *err)
{
    LOG("error", "the pod has no certificate", {"cause", err->text}, );
    return EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
    static struct initializer i;
    struct err err = {0};
    struct sigaction cancel = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    log_name("initializer");
    if (argc == 2 && strcmp(argv[1], "--help") == 0) return help();
    if (argc > 1 || !is_ok(take_settings(&i, &err))) {
        (void)fprintf(stderr, "contrast-initializer: %s; see --help\n", argc > 1 ? "takes no arguments" : err.text);
        return EXIT_USAGE;
    }
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGTERM, &cancel, NULL);
    (void)sigaction(SIGINT, &cancel, NULL);
    LOG("info", "contrast-initializer " CONTRAST_VERSION, {"coordinator", i.coordinator.text}, );
    status s = open_all(&i, &err);
    if (is_ok(s)) s = run(&i, &err);
    if (is_ok(s)) s = write_done(&err);
    issuer_close(i.issuer);
    private_key_wipe(&i.secret_key);
    if (!is_ok(s)) return failed(&err);
    LOG("info", "the pod has its certificate", );
    return EXIT_DONE;
}
