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
#include "mesh/initializer_settings.h"
#include "net/atls.h"
#include "net/default_deny.h"
#include "net/log.h"
#include "parse/text.h"
#include "parse/version.h"

enum { EXIT_DONE = 0, EXIT_INTERNAL = 1, EXIT_USAGE = 2 };
enum { MESH_PORT = 7777, RETRY_SECONDS = 5 };

extern char **environ;

static volatile sig_atomic_t is_cancelled;

static void on_signal(int number)
{
    (void)number;
    is_cancelled = 1;
}

static status take_settings(const struct initializer_settings *s, struct initializer *i, struct err *err)
{
    const char *host = s->coordinator, *group = s->secrets_gid;
    uint64_t gid = 0;
    TRY(err_in(err, address_parse(text_bytes(host), MESH_PORT, &i->coordinator, err), "COORDINATOR_HOST"));
    i->files.folder = s->folder;
    i->files.has_group = group[0] != '\0';
    if (!i->files.has_group) return OK;
    TRY(err_in(err, decimal_parse(text_bytes(group), UINT32_MAX, &gid, err), "CONTRAST_SECRETS_GID"));
    i->files.group = (gid_t)gid;
    return OK;
}

static status open_all(const struct initializer_settings *s, struct initializer *i, struct err *err)
{
    TRY(atls_open((int64_t)time(NULL), err));
    TRY(private_key_generate(KEY_P256, &i->secret_key, err));
    i->evidence = s->issuer;
    return issuer_open(i->evidence, &i->issuer, err);
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

static status write_done(const char *path, struct err *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || close(file) != 0) return err_set(err, ERR_IO, 0, "%s: %s", path, strerror(errno));
    return OK;
}

static int failed(const struct err *err)
{
    LOG("error", "the pod has no certificate", {"cause", err->text}, );
    return EXIT_INTERNAL;
}

/* A pod without a mesh proxy has nobody else to do it. */
static status lift_default_deny(const struct initializer_settings *s, struct err *err)
{
    bool was_there = false;
    if (!s->mesh_disabled[0]) return OK;
    TRY(default_deny_lift(&was_there, err));
    LOG("info", "default deny", {"rule", was_there ? "lifted" : "was not there"}, );
    return OK;
}

static int work(const struct initializer_settings *settings, struct initializer *i)
{
    struct err err = {0};
    LOG("info", "contrast-initializer " CONTRAST_VERSION, {"coordinator", i->coordinator.text}, );
    status s = lift_default_deny(settings, &err);
    if (is_ok(s)) s = open_all(settings, i, &err);
    if (is_ok(s)) s = run(i, &err);
    if (is_ok(s)) s = write_done(settings->done_file, &err);
    issuer_close(i->issuer);
    private_key_wipe(&i->secret_key);
    if (!is_ok(s)) return failed(&err);
    LOG("info", "the pod has its certificate", );
    return EXIT_DONE;
}

static void set_signals(void)
{
    struct sigaction cancel = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGTERM, &cancel, NULL);
    (void)sigaction(SIGINT, &cancel, NULL);
}

int main(int argc, char **argv)
{
    static struct initializer i;
    struct initializer_settings settings;
    struct err err = {0};
    enum program_wish wish = PROGRAM_RUN;
    log_name("initializer");
    status s = configuration_take(&initializer_program, argc, argv, environ, &settings, sizeof settings, &wish, &err);
    if (is_ok(s) && wish == PROGRAM_RUN) s = take_settings(&settings, &i, &err);
    if (!is_ok(s)) {
        (void)fprintf(stderr, "contrast-initializer: %s\n", err.text);
        return EXIT_USAGE;
    }
    configuration_grant(&initializer_program, wish, &settings, stdout);
    if (wish != PROGRAM_RUN) return fflush(stdout) == 0 ? EXIT_DONE : EXIT_INTERNAL;
    set_signals();
    return work(&settings, &i);
}
