/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verify_online.h"

#include <time.h>

#include "cli/output.h"
#include "cli/verification_report.h"
#include "cli/verify_folder.h"

struct run {
    const struct command *self;
    const struct verify_online *in;
    struct arena *memory;
    struct online online;
    struct verification over_tls, over_http;
};

static int fail(struct run *r, const struct err *err)
{
    (void)command_failed(r->self, err);
    return online_exit_code(&r->online, err);
}

static status print(struct run *r, const struct verification *v, struct err *err)
{
    struct output output;
    TRY(output_open(&output, r->in->output, r->memory, err));
    const struct verification_style style = {
        .path = r->online.coordinator.text, .palette = palette_for(output.stream), .quiet = r->in->quiet};
    status s = verification_formats[r->in->format](output.stream, v, &style, err);
    if (is_ok(s)) return output_finish(&output, err);
    output_abandon(&output);
    return s;
}

static bool allows(struct verification *v)
{
    return verdict_decide(verification_verdict(v)) == ALLOW;
}

/* Attested TLS belongs to no version of the API.  A manifest that demands one is satisfied by the HTTP API or not at
 * all, and until that has answered nothing else may be wrong. */
static bool lacks_version_alone(struct verification *v)
{
    struct verdict rest = *verification_verdict(v);
    rest.by_id[CHECK_API_VERSION] = (struct check){0};
    verdict_does_not_apply(&rest, CHECK_API_VERSION, "the HTTP API has one");
    return verdict_decide(&rest) == ALLOW;
}

/* The verdict on `v`, and the folder when it allows. */
static int finish(struct run *r, struct verification *v)
{
    struct err err = {0};
    status s = print(r, v, &err);
    bytes latest = r->over_tls.bundle.latest_transition;
    if (is_ok(s) && allows(v)) s = verify_folder_write(r->in->folder, v, latest, (int64_t)time(NULL), &err);
    return is_ok(s) ? verdict_exit_code(verification_verdict(v)) : fail(r, &err);
}

/* What attested TLS alone says is true now and can be shown to nobody else. */
static int finish_without_answer(struct run *r, const struct err *why)
{
    int code = finish(r, &r->over_tls);
    if (!allows(&r->over_tls)) return code;
    fprintf(stderr, "contrast: verify: manifests: not bound by this evidence: %s\n", why->text);
    return code == EXIT_DONE || code == EXIT_BY_HAND ? EXIT_NOT_JUDGED : code;
}

static int run_connected(struct run *r)
{
    struct err err = {0}, why = {0};
    bool is_there = false;
    status s = online_get_history(&r->online, &r->over_tls, &err);
    if (!is_ok(s)) return fail(r, &err);
    if (!lacks_version_alone(&r->over_tls)) return finish(r, &r->over_tls);
    s = online_get_answer(&r->online, &r->over_http, &is_there, &why, &err);
    if (!is_ok(s)) return fail(r, &err);
    if (!is_there) return finish_without_answer(r, &why);
    if (!allows(&r->over_http)) return finish(r, &r->over_http);
    s = online_compare(&r->over_tls, &r->over_http, &err);
    return is_ok(s) ? finish(r, &r->over_http) : fail(r, &err);
}

/* What was denied before it could say anything is shown whole. */
static int run_denied(struct run *r, const struct err *err)
{
    struct err broken = {0};
    if (r->online.is_denied && !is_ok(print(r, r->online.connection, &broken))) return fail(r, &broken);
    return fail(r, err);
}

/* A Coordinator cannot be judged by a manifest that is none: that is not its fault, and nobody has to be asked. */
static status check_manifest(struct run *r, struct err *err)
{
    void *room, *text;
    struct manifest m;
    TRY(arena_take(r->memory, 1, sizeof(struct manifest_room), &room, err));
    TRY(arena_take(r->memory, LIMIT_MANIFEST_BYTES, 1, &text, err));
    struct manifest_storage storage = manifest_storage_of(room, text, LIMIT_MANIFEST_BYTES);
    return err_in(err, manifest_parse(r->in->want.manifest, &storage, &m, err), "--manifest");
}

static status prepare(struct run *r, struct err *err)
{
    const struct verify_online *in = r->in;
    struct online *o = &r->online;
    *o = (struct online){.memory = r->memory,
                         .authenticate = in->authenticate,
                         .collateral = in->collateral,
                         .want = in->want,
                         .fetching = in->fetching};
    if (o->fetching) o->fetching->judged = &o->authenticate;
    TRY(err_in(err, address_parse(text_bytes(in->coordinator), COORDINATOR_PORT, &o->coordinator, err),
               "--coordinator"));
    address_with_port(&o->coordinator, COORDINATOR_HTTP_PORT, &o->http);
    if (in->http) TRY(err_in(err, address_parse(text_bytes(in->http), COORDINATOR_HTTP_PORT, &o->http, err), "--http"));
    TRY(check_manifest(r, err));
    TRY(verify_folder_check(in->folder, err));
    return atls_open((int64_t)time(NULL), err);
}

int verify_online(const struct command *self, const struct verify_online *in, struct arena *memory)
{
    static struct run r; /* too large for a stack */
    struct err err = {0};
    r = (struct run){.self = self, .in = in, .memory = memory};
    if (!is_ok(prepare(&r, &err))) return command_failed(self, &err);
    int code = is_ok(online_connect(&r.online, &err)) ? run_connected(&r) : run_denied(&r, &err);
    online_close(&r.online);
    return code;
}
