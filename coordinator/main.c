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
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ca/hide_linux.h"
#include "coordinator/fetcher.h"
#include "coordinator/front.h"
#include "coordinator/history.h"
#include "coordinator/keeper_loop.h"
#include "coordinator/lockdown_linux.h"
#include "coordinator/nursery.h"
#include "coordinator/root_file.h"
#include "coordinator/settings.h"
#include "coordinator/store_tool.h"
#include "net/atls.h"
#include "net/default_deny.h"
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

/* What is opened before the fork. */
struct house {
    struct settings settings;
    struct store *store;
    struct issuer *issuer;
    bool has_fetch; /* a program gets what evidence of peers lacks */
    struct fetch_options fetch;
    int lanes[FETCH_LANES][2]; /* the front's end, the fetcher's */
    struct root_file root;     /* with --insecure-root */
    struct snp_ca_set cas;
    struct metrics *metrics; /* NULL when nobody asks for them */
    bool has_history;
    struct history_past history; /* then */
    bool has_nursery;            /* and the User API is on */
    int user_socket;
    int channels[NURSERY_SLOTS][2]; /* the keeper's end, the nursery's */
};

static status open_nursery(struct house *h, struct err *err)
{
    h->has_nursery = h->has_history && strcmp(h->settings.user_address, "off") != 0;
    if (!h->has_nursery) return OK;
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, h->channels[i]) != 0)
            return err_set(err, ERR_IO, 0, "socketpair: %s", strerror(errno));
    return front_bind(h->settings.user_address, &h->user_socket, err);
}

static const char *or_none(const char *setting)
{
    return setting[0] ? setting : NULL;
}

static status open_fetch(struct house *h, struct err *err)
{
    const struct settings *s = &h->settings;
    h->fetch = (struct fetch_options){.program = or_none(s->fetch),
                                      .url = or_none(s->kds_url),
                                      .cache = or_none(s->cache),
                                      .roots = &s->insecure_root,
                                      .root_count = s->insecure_root[0] ? 1 : 0,
                                      .is_quiet = true};
    h->has_fetch = strcmp(s->fetch, "off") != 0;
    for (size_t i = 0; i < FETCH_LANES && h->has_fetch; i++)
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, h->lanes[i]) != 0)
            return err_set(err, ERR_IO, 0, "socketpair: %s", strerror(errno));
    return OK;
}

/* First of all, as a pod's probes come in early. */
static status lift_default_deny(const struct settings *s, struct err *err)
{
    bool was_there = false;
    if (strcmp(s->default_deny, "lift") != 0) return OK;
    TRY(default_deny_lift(&was_there, err));
    LOG("info", "default deny", {"rule", was_there ? "lifted" : "was not there"}, );
    return OK;
}

static status open_house(struct house *h, struct err *err)
{
    bytes record = BYTES_ABSENT;
    TRY(lift_default_deny(&h->settings, err));
    TRY(atls_open((int64_t)time(NULL), err));
    h->cas = snp_ca_set_amd();
    if (h->settings.insecure_root[0]) TRY(root_file_load(h->settings.insecure_root, &h->root, &h->cas, err));
    if (h->settings.metrics[0]) TRY(metrics_open(&h->metrics, err));
    TRY(store_open_dir(h->settings.store + strlen("dir:"), &h->store, err));
    status s = history_latest(h->store, &record, err);
    h->has_history = is_ok(s);
    if (is_ok(s)) s = history_load_past(h->store, record, &h->history, err);
    free((void *)(uintptr_t)record.ptr);
    if (!is_ok(s) && (h->has_history || s.kind != ERR_MISSING)) return s;
    *err = (struct err){0};
    TRY(open_nursery(h, err));
    TRY(issuer_open(h->settings.issuer, &h->issuer, err));
    return open_fetch(h, err);
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

/* One end of each channel for recovery: 0 is the keeper's. */
static void close_channels(const struct house *h, size_t end)
{
    for (size_t i = 0; i < NURSERY_SLOTS && h->has_nursery; i++)
        close(h->channels[i][end]);
}

/* One end of each lane to contrast-fetch: 0 is the front's. */
static void close_lanes(const struct house *h, size_t end)
{
    for (size_t i = 0; i < FETCH_LANES && h->has_fetch; i++)
        close(h->lanes[i][end]);
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
         .needs = {.folder = s->store + strlen("dir:")},
         .waits_for_recovery = h->has_nursery,
         .user_socket = h->user_socket},
        {.name = "front-mesh",
         .addresses = {[LISTEN_MESH] = s->mesh_address},
         .has_fetch = h->has_fetch,
         .fetch = {h->lanes[FETCH_LANE_CACHE][0], h->lanes[FETCH_LANE_SERVICE][0]}},
    };
    struct front_options o = options[which];
    o.keeper = (struct keeper_pipe){.from = all[which].answers[0], .to = all[which].requests[1]};
    o.metrics = h->metrics;
    close_all_but(all, which, false);
    close_channels(h, 0);
    close_channels(h, 1);
    log_name(o.name);
    issuer_close(h->issuer); /* the keeper has it */
    if (!o.store) store_close(h->store);
    if (h->has_nursery && !o.waits_for_recovery) close(h->user_socket);
    if (!o.has_fetch) close_lanes(h, 0);
    close_lanes(h, 1);
    status done = process_hide(&err);
    if (is_ok(done)) done = front_run(&o, &err);
    store_close(o.store);
    return report("the front has failed", done, &err);
}

/* A child of the nursery. */
static int serve_recovery(void *context, int connection, int channel)
{
    struct err err = {0};
    const struct front_options o = {.name = "recovery",
                                    .metrics = context,
                                    .has_connection = true,
                                    .connection = connection,
                                    .keeper = {.from = channel, .to = dup(channel), .is_channel = true}};
    log_name(o.name);
    return report("a connection could not be served", front_run(&o, &err), &err);
}

static int run_nursery(const struct house *h, const struct pipes *all)
{
    struct err err = {0};
    struct nursery_options o = {.listener = h->user_socket, .serve = serve_recovery, .context = h->metrics};
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        o.channels[i] = h->channels[i][1];
    close_all_but(all, FRONTS, false);
    close_channels(h, 0);
    close_lanes(h, 0);
    close_lanes(h, 1);
    log_name("nursery");
    issuer_close(h->issuer);
    store_close(h->store);
    status done = lockdown_nursery(&err);
    if (is_ok(done)) done = nursery_run(&o, &err);
    return report("the nursery has failed", done, &err);
}

static int run_fetcher(const struct house *h, const struct pipes *all, size_t which)
{
    struct err err = {0};
    const struct fetcher_options o = {.program = h->fetch, .metrics = h->metrics};
    close_all_but(all, FRONTS, false);
    close_channels(h, 0);
    close_channels(h, 1);
    if (h->has_nursery) close(h->user_socket);
    close_lanes(h, 0);
    for (size_t i = 0; i < FETCH_LANES; i++)
        if (i != which) close(h->lanes[i][1]);
    log_name("fetcher");
    issuer_close(h->issuer);
    store_close(h->store);
    status done = process_hide_as("fetcher", &err);
    if (is_ok(done)) done = fetcher_run(&o, h->lanes[which][1], &err);
    return report("contrast-fetch cannot be kept", done, &err);
}

static int run_keeper(const struct house *h, const struct pipes *all)
{
    struct err err = {0};
    struct keeper *k = NULL;
    struct keeper_pipe fronts[FRONTS + NURSERY_SLOTS];
    size_t count = FRONTS;
    const struct keeper_past past = {h->history.record, h->history.digests, h->history.manifest};
    const struct keeper_options options = {.cas = h->cas, .past = h->has_history ? &past : NULL};
    for (size_t i = 0; i < FRONTS; i++)
        fronts[i] = (struct keeper_pipe){.from = all[i].requests[0], .to = all[i].answers[1]};
    for (size_t i = 0; i < NURSERY_SLOTS && h->has_nursery; i++)
        fronts[count++] = (struct keeper_pipe){h->channels[i][0], h->channels[i][0], .is_channel = true};
    close_all_but(all, 0, true);
    close_channels(h, 1);
    if (h->has_nursery) close(h->user_socket);
    log_name("keeper");
    /* It may wait for nobody once it is locked down; the nursery ends before it does. */
    const struct sigaction forget = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGCHLD, &forget, NULL);
    store_close(h->store);     /* a front has it */
    metrics_close(h->metrics); /* both have them */
    close_lanes(h, 0);
    close_lanes(h, 1);
    status s = lockdown_keeper(&err); /* before there is a secret */
    if (is_ok(s)) s = keeper_open(&options, &k, &err);
    if (is_ok(s)) s = keeper_loop(k, h->issuer, fronts, count, &is_draining, &err);
    keeper_free(k);
    issuer_close(h->issuer);
    return report("the keeper has failed", s, &err);
}

static status split(bool *is_child, struct err *err)
{
    pid_t child = fork();
    *is_child = child == 0;
    return child >= 0 ? OK : err_set(err, ERR_IO, 0, "fork: %s", strerror(errno));
}

static int run(const struct house *h)
{
    struct pipes p[FRONTS];
    struct err err = {0};
    bool is_child = false;
    status s = OK;
    for (size_t i = 0; i < FRONTS && is_ok(s); i++)
        s = open_pipes(&p[i], &err);
    for (size_t i = 0; i < FRONTS && is_ok(s); i++) {
        s = split(&is_child, &err);
        if (is_child) return run_front(h, p, i);
    }
    if (is_ok(s) && h->has_nursery) {
        s = split(&is_child, &err);
        if (is_child) return run_nursery(h, p);
    }
    for (size_t i = 0; i < FETCH_LANES && h->has_fetch && is_ok(s); i++) {
        s = split(&is_child, &err);
        if (is_child) return run_fetcher(h, p, i);
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

/* contrast-coordinator store VERB [ARCHIVE] [SETTING...] */
static int run_store_tool(int argc, char **argv)
{
    struct settings settings;
    struct err err = {0};
    enum program_wish wish = PROGRAM_RUN;
    enum store_verb verb = STORE_CHECK;
    const char *archive = NULL;
    int taken = 0;
    status s = store_tool_take(argc - 2, argv + 2, &verb, &archive, &taken, &err);
    if (is_ok(s)) s = settings_take(argc - 1 - taken, argv + 1 + taken, environ, &settings, &wish, &err);
    bool is_usage = !is_ok(s);
    if (is_ok(s) && wish != PROGRAM_RUN) configuration_grant(&coordinator_program, wish, &settings, stdout);
    if (is_ok(s) && wish == PROGRAM_RUN) s = store_tool_run(&settings, verb, archive, stdout, &err);
    if (!is_ok(s)) (void)fprintf(stderr, "contrast-coordinator: %s\n", err.text);
    if (is_usage) return EXIT_USAGE;
    return is_ok(s) && fflush(stdout) == 0 ? EXIT_DONE : EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
    struct house h = {0};
    struct err err = {0};
    enum program_wish wish = PROGRAM_RUN;
    if (argc > 1 && strcmp(argv[1], "store") == 0) return run_store_tool(argc, argv);
    if (!is_ok(settings_take(argc, argv, environ, &h.settings, &wish, &err))) {
        (void)fprintf(stderr, "contrast-coordinator: %s\n", err.text);
        return EXIT_USAGE;
    }
    configuration_grant(&coordinator_program, wish, &h.settings, stdout);
    if (wish != PROGRAM_RUN) return fflush(stdout) == 0 ? EXIT_DONE : EXIT_INTERNAL;
    set_signals();
    if (!lockdown_covers_files())
        LOG("warning", "this kernel has no Landlock of version 2: a front that is taken over can open other files", );
    status s = open_house(&h, &err);
    return is_ok(s) ? run(&h) : report("cannot start", s, &err);
}
