/* SPDX-License-Identifier: Apache-2.0 */
/* contrast-coordinator: attests pods and clients, is their certificate authority, keeps the deployment's history.
 *
 * The process that is started becomes the keeper; a front is forked from it before there is anything to keep.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coordinator/front.h"
#include "coordinator/history.h"
#include "coordinator/keeper_loop.h"
#include "coordinator/lockdown_linux.h"
#include "coordinator/root_file.h"
#include "coordinator/settings.h"
#include "net/atls.h"
#include "net/issuer.h"
#include "net/log.h"

enum { FRONTS = 2 };
enum { EXIT_DONE = 0, EXIT_INTERNAL = 1, EXIT_USAGE = 2 };

extern char **environ;

static volatile sig_atomic_t is_draining;

static void on_signal(int number)
{
    (void)number;
    is_draining = 1;
}

static status issue(void *context, const uint8_t report_data[KEEPER_REPORT_DATA_BYTES], struct buffer *out,
                    struct err *err)
{
    return issuer_issue(context, report_data, out, err);
}

/* What is opened before the fork. */
struct house {
    struct settings settings;
    struct store *store;
    struct issuer *issuer;
    struct root_file root; /* with --insecure-root */
    struct snp_ca_set cas;
    bool has_history;
    struct history_past history; /* then */
};

static status open_house(struct house *h, struct err *err)
{
    bytes record = BYTES_ABSENT;
    TRY(atls_open((int64_t)time(NULL), err));
    h->cas = snp_ca_set_amd();
    if (h->settings.insecure_root[0]) TRY(root_file_load(h->settings.insecure_root, &h->root, &h->cas, err));
    TRY(store_open_dir(h->settings.store + strlen("dir:"), &h->store, err));
    status s = history_latest(h->store, &record, err);
    h->has_history = is_ok(s);
    if (is_ok(s)) s = history_load_past(h->store, record, &h->history, err);
    free((void *)(uintptr_t)record.ptr);
    if (!is_ok(s) && (h->has_history || s.kind != ERR_MISSING)) return s;
    *err = (struct err){0};
    return issuer_open(h->settings.issuer, &h->issuer, err);
}

/* ---- processes -------------------------------------------------------------------------------------------------- */

struct pipes {
    int requests[2], answers[2]; /* to read from, to write to */
};

static status open_pipes(struct pipes *p, struct err *err)
{
    if (pipe(p->requests) != 0 || pipe(p->answers) != 0) return err_set(err, ERR_IO, 0, "pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++)
        if (fcntl(p->requests[i], F_SETFL, O_NONBLOCK) != 0 || fcntl(p->answers[i], F_SETFL, O_NONBLOCK) != 0)
            return err_set(err, ERR_IO, 0, "pipe: %s", strerror(errno));
    return OK;
}

static int report(const char *message, status s, const struct err *err)
{
    if (is_ok(s)) return EXIT_DONE;
    LOG("error", message, {"cause", err->text}, );
    return EXIT_INTERNAL;
}

/* Every end of a pipe that is not this process's own. */
static void close_all_but(const struct pipes *all, size_t own, bool is_keeper)
{
    for (size_t i = 0; i < FRONTS; i++) {
        bool is_mine = i == own && !is_keeper;
        if (!is_keeper) close(all[i].requests[0]);
        if (!is_keeper) close(all[i].answers[1]);
        if (!is_mine) close(all[i].requests[1]);
        if (!is_mine) close(all[i].answers[0]);
    }
}

static int run_front(const struct house *h, const struct pipes *all, size_t which)
{
    struct err err = {0};
    const struct settings *s = &h->settings;
    const struct front_options options[FRONTS] = {
        {.name = "front-user",
         .addresses =
             {[LISTEN_USER] = s->user_address, [LISTEN_HTTP] = s->http_address, [LISTEN_PROBE] = s->probe_address},
         .store = h->store,
         .needs = {.folder = s->store + strlen("dir:"), .may_fork = h->has_history}},
        {.name = "front-mesh", .addresses = {[LISTEN_MESH] = s->mesh_address}},
    };
    struct front_options o = options[which];
    o.keeper = (struct keeper_pipe){.from = all[which].answers[0], .to = all[which].requests[1]};
    o.has_metrics = s->metrics[0] != '\0';
    close_all_but(all, which, false);
    log_name(o.name);
    issuer_close(h->issuer); /* the keeper has it */
    if (!o.store) store_close(h->store);
    status done = lockdown_hide(&err);
    if (is_ok(done)) done = front_run(&o, &err);
    store_close(o.store);
    return report("the front has failed", done, &err);
}

static int run_keeper(const struct house *h, const struct pipes *all)
{
    struct err err = {0};
    struct keeper *k = NULL;
    struct keeper_pipe fronts[FRONTS];
    const struct keeper_past past = {h->history.record, h->history.digests, h->history.manifest};
    const struct keeper_options options = {
        .issue = issue, .issuer = h->issuer, .cas = h->cas, .past = h->has_history ? &past : NULL};
    for (size_t i = 0; i < FRONTS; i++)
        fronts[i] = (struct keeper_pipe){.from = all[i].requests[0], .to = all[i].answers[1]};
    close_all_but(all, 0, true);
    log_name("keeper");
    store_close(h->store);            /* a front has it */
    status s = lockdown_keeper(&err); /* before there is a secret */
    if (is_ok(s)) s = keeper_open(&options, &k, &err);
    if (is_ok(s)) s = keeper_loop(k, fronts, FRONTS, &is_draining, &err);
    keeper_free(k);
    issuer_close(h->issuer);
    return report("the keeper has failed", s, &err);
}

static int run(const struct house *h)
{
    struct pipes p[FRONTS];
    struct err err = {0};
    status s = OK;
    for (size_t i = 0; i < FRONTS && is_ok(s); i++)
        s = open_pipes(&p[i], &err);
    for (size_t i = 0; i < FRONTS && is_ok(s); i++) {
        pid_t child = fork();
        if (child == 0) return run_front(h, p, i);
        if (child < 0) s = err_set(&err, ERR_IO, 0, "fork: %s", strerror(errno));
    }
    return is_ok(s) ? run_keeper(h, p) : report("no process could be started", s, &err);
}

static void set_signals(void)
{
    struct sigaction drain = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGTERM, &drain, NULL); /* a front hears of it from the keeper */
    (void)sigaction(SIGINT, &drain, NULL);
}

int main(int argc, char **argv)
{
    struct house h = {0};
    struct err err = {0};
    enum program_wish wish = PROGRAM_RUN;
    if (!is_ok(settings_take(argc, argv, environ, &h.settings, &wish, &err))) {
        (void)fprintf(stderr, "contrast-coordinator: %s\n", err.text);
        return EXIT_USAGE;
    }
    configuration_grant(&coordinator_program, wish, &h.settings, stdout);
    if (wish != PROGRAM_RUN) return fflush(stdout) == 0 ? EXIT_DONE : EXIT_INTERNAL;
    set_signals();
    status s = open_house(&h, &err);
    return is_ok(s) ? run(&h) : report("cannot start", s, &err);
}
