/* SPDX-License-Identifier: Apache-2.0 */
/* contrast-mesh: the proxy that speaks mutual TLS for the containers of a pod.
 *
 * The order is what keeps a pod closed until it is protected: listen, set the rules, lift the default deny, give up
 * what that took, say that it is so.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mesh/privileges_linux.h"
#include "mesh/proxy.h"
#include "mesh/proxy_settings.h"
#include "mesh/rules.h"
#include "net/default_deny.h"
#include "net/log.h"
#include "parse/text.h"
#include "parse/version.h"

enum { EXIT_DONE = 0, EXIT_INTERNAL = 1, EXIT_USAGE = 2 };

extern char **environ;

struct plan {
    struct mesh_ingress_entry ingress_entries[LIMIT_MESH_ENTRIES];
    struct mesh_egress_entry egress_entries[LIMIT_MESH_ENTRIES];
    struct mesh_ingress ingress;
    struct mesh_egress egress;
    uint16_t admin_port;
    bool lifts_default_deny;
    char rules[MESH_RULES_TEXT_SIZE];
};

static status take_settings(const struct proxy_settings *s, struct plan *plan, struct err *err)
{
    TRY(err_in(
        err, mesh_ingress_parse(text_bytes(s->ingress), plan->ingress_entries, LIMIT_MESH_ENTRIES, &plan->ingress, err),
        "CONTRAST_INGRESS_PROXY_CONFIG"));
    TRY(err_in(err, mesh_admin_port_parse(text_bytes(s->admin_port), &plan->admin_port, err), "CONTRAST_ADMIN_PORT"));
    if (s->egress[0])
        TRY(err_in(err,
                   mesh_egress_parse(text_bytes(s->egress), plan->admin_port, plan->egress_entries, LIMIT_MESH_ENTRIES,
                                     &plan->egress, err),
                   "CONTRAST_EGRESS_PROXY_CONFIG"));
    if (!log_level(s->log_level))
        return err_set(err, ERR_SYNTAX, 0, "CONTRAST_LOG_LEVEL: want debug, info, warning or error, have \"%s\"",
                       s->log_level);
    plan->lifts_default_deny = strcmp(s->default_deny, "lift") == 0;
    if (!plan->lifts_default_deny && strcmp(s->default_deny, "keep") != 0)
        return err_set(err, ERR_SYNTAX, 0, "CONTRAST_DEFAULT_DENY: want lift or keep, have \"%s\"", s->default_deny);
    return mesh_rules_write(&plan->ingress, plan->rules, sizeof plan->rules, err);
}

/* A mark that an earlier start has left says nothing of this one. */
static status remove_ready(const char *path, struct err *err)
{
    if (unlink(path) != 0 && errno != ENOENT) return err_set(err, ERR_IO, 0, "%s: %s", path, strerror(errno));
    return OK;
}

static status write_ready(const char *path, struct err *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0 || close(file) != 0) return err_set(err, ERR_IO, 0, "%s: %s", path, strerror(errno));
    return OK;
}

static status protect(const struct plan *plan, const char *ready_file, struct err *err)
{
    bool was_there = false;
    TRY(mesh_rules_apply(plan->rules, err));
    if (plan->lifts_default_deny) {
        TRY(default_deny_lift(&was_there, err));
        LOG("info", "default deny", {"rule", was_there ? "lifted" : "was not there"}, );
    }
    TRY(privileges_drop(err));
    return write_ready(ready_file, err);
}

static int work(const struct proxy_settings *settings, const struct plan *plan)
{
    struct proxy *p = NULL;
    struct err err = {0};
    LOG("info", "contrast-mesh " CONTRAST_VERSION, );
    if (plan->admin_port != 0) LOG("warning", "there is no admin interface: nobody listens on its port", );
    status s = remove_ready(settings->ready_file, &err);
    if (is_ok(s)) s = proxy_open(settings->folder, &plan->ingress, &plan->egress, &p, &err);
    if (is_ok(s)) s = protect(plan, settings->ready_file, &err);
    if (is_ok(s)) {
        LOG("info", "connections are protected", );
        proxy_run(p);
    } else {
        LOG("error", "the pod is not protected", {"cause", err.text}, );
    }
    proxy_close(p);
    return is_ok(s) ? EXIT_DONE : EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
    static struct plan plan;
    struct proxy_settings settings;
    struct err err = {0};
    enum program_wish wish = PROGRAM_RUN;
    log_name("mesh");
    status s = configuration_take(&proxy_program, argc, argv, environ, &settings, sizeof settings, &wish, &err);
    if (is_ok(s) && wish == PROGRAM_RUN) s = take_settings(&settings, &plan, &err);
    if (!is_ok(s)) {
        (void)fprintf(stderr, "contrast-mesh: %s\n", err.text);
        return EXIT_USAGE;
    }
    configuration_grant(&proxy_program, wish, &settings, stdout);
    if (wish != PROGRAM_RUN) return fflush(stdout) == 0 ? EXIT_DONE : EXIT_INTERNAL;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    return work(&settings, &plan);
}
