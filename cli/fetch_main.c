/* SPDX-License-Identifier: Apache-2.0 */
/* contrast-fetch: gets leaves and CRLs, for the programs of Contrast that do not talk HTTP. */
#include <unistd.h>

#include "ca/secret.h"
#include "cli/cache.h"
#include "cli/fetch_http.h"
#include "cli/fetch_options.h"
#include "cli/fetch_pipe.h"
#include "cli/fetch_serve_uv.h"
#include "cli/root.h"
#include "verify/crypto.h"

struct run {
    struct fetch_settings settings;
    struct text_list operands;
    struct arena memory;
    struct ca_bundle root;
    struct fetch_memory kept;
    struct fetch_kds kds;
    struct fetch_registry registry;
};

/* A container may have no HOME: then memory is the cache. */
static status prepare(struct run *r, struct err *err)
{
    struct fetch_kds *k = &r->kds;
    k->url = r->settings.url ? r->settings.url : fetch_default_url();
    TRY(fetch_url_check(k->url, &k->is_loopback, err));
    if (!is_ok(cache_folder(&r->memory, &k->store.folder, NULL))) k->store.folder = NULL;
    k->store.memory = &r->kept;
    r->registry.plain = &r->settings.plain_registries;
    TRY(root_load(&r->settings.roots, &r->root, &r->memory, &k->store.cas, err));
    TRY(crypto_open(err));
    return fetch_http_open(err);
}

static status serve(struct run *r, struct err *err)
{
    if (!r->kds.store.folder)
        return err_set(err, ERR_STATE, 0, "serve: there is no folder for the cache: set CONTRAST_CACHE_DIR");
    return fetch_serve(&r->kds, r->settings.listen ? r->settings.listen : FETCH_LISTEN, err);
}

static int check_usage(const struct run *r, bool serves)
{
    if (r->operands.count > 0) return usage_error(&command_fetch, "it takes no operand but serve");
    if (!serves && r->settings.listen) return usage_error(&command_fetch, "--listen goes with serve");
    if (!serves && isatty(STDIN_FILENO))
        return usage_error(&command_fetch, "other programs of Contrast start it, and ask it over pipes");
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    static struct run r; /* too large for a stack */
    struct err err = {0};
    int code = command_take(&command_fetch, argc, argv, &r.settings, &r.operands, &r.memory);
    if (code == COMMAND_HELP_GIVEN) return EXIT_DONE;
    unsigned action = 0;
    bool serves = code == EXIT_DONE && r.operands.count > 0;
    if (serves) code = command_take_action(&command_fetch, &r.operands, &action);
    if (code == EXIT_DONE) code = check_usage(&r, serves);
    if (code != EXIT_DONE) return code;
    status s = prepare(&r, &err);
    if (is_ok(s)) s = serves ? serve(&r, &err) : fetch_pipe_run(&r.kds, &r.registry, STDIN_FILENO, STDOUT_FILENO, &err);
    code = is_ok(s) ? EXIT_DONE : command_failed(&command_fetch, &err);
    fetch_http_close();
    fetch_memory_free(&r.kept);
    secret_wipe(&r.registry, sizeof r.registry);
    arena_free(&r.memory);
    return code;
}
