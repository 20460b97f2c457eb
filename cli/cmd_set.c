/* SPDX-License-Identifier: Apache-2.0 */
/* contrast set: gives a Coordinator its manifest. */
#include <time.h>

#include "cli/commands.h"
#include "cli/fetch_options.h"
#include "cli/file.h"
#include "cli/online.h"
#include "cli/option_rows.h"
#include "cli/root.h"
#include "cli/set_files.h"
#include "net/dial.h"
#include "parse/text.h"
#include "verify/transition.h"

enum { WAIT_SECONDS = 180, SIGNATURE_BYTES = 512 };
static const char default_key[] = "workload-owner.pem";

struct settings {
    const char *coordinator, *manifest, *key, *signature, *transition, *kds_url;
    struct text_list collateral, roots;
    uint64_t wait;
    bool no_revocation, atomic, dry_run, offline;
};

#define AT(member) offsetof(struct settings, member)

static const struct option_row options[] = {
    OPTION_COORDINATOR(AT(coordinator)),
    {.name = "--manifest",
     .letter = 'm',
     .argument = "FILE",
     .help = "the manifest to set; default: manifest.json",
     .set = option_set_text,
     .at = AT(manifest)},
    {.name = "--workload-owner-key",
     .argument = "FILE",
     .help = "the owner's key, which an update needs; default: workload-owner.pem, if that is there",
     .set = option_set_text,
     .at = AT(key)},
    {.name = "--signature",
     .letter = 's',
     .argument = "FILE",
     .help = "an owner's signature of this manifest, in DER, in place of the key",
     .set = option_set_text,
     .at = AT(signature)},
    {.name = "--atomic",
     .help = "set it only if the latest transition is the one that is known",
     .set = option_set_flag,
     .at = AT(atomic)},
    {.name = "--latest-transition",
     .argument = "HEX",
     .help = "with --atomic: the one that is known; default: what verify/latest-transition says, or that there is none",
     .set = option_set_text,
     .at = AT(transition)},
    {.name = "--dry-run",
     .help = "verify the Coordinator and show what would change, and change nothing",
     .set = option_set_flag,
     .at = AT(dry_run)},
    {.name = "--wait",
     .argument = "SECONDS",
     .help = "how long to try again while the Coordinator is not there; default: 180",
     .set = option_set_number,
     .max = 86400,
     .at = AT(wait)},
    {.name = "--collateral",
     .argument = "PATH",
     .help = "file or folder with leaves and CRLs, DER or PEM (repeatable); never roots",
     .set = option_add_text,
     .at = AT(collateral),
     .repeatable = true},
    OPTION_OFFLINE(AT(offline)),
    OPTION_KDS_URL(AT(kds_url)),
    {.name = "--no-revocation", .help = "do not ask for a CRL", .set = option_set_flag, .at = AT(no_revocation)},
    {.name = "--insecure-root",
     .argument = "FILE",
     .help = "believe these ARK, ASK and ASVK instead of AMD's (repeatable); the exit code is 10",
     .set = option_add_text,
     .at = AT(roots),
     .repeatable = true},
};

struct run {
    const struct command *self;
    struct settings settings;
    struct text_list operands;
    struct arena memory;
    struct collateral collateral;
    struct fetching fetching;
    struct ca_bundle root;
    struct set_input input;
    struct private_key secret_key;
    bool has_key;
    uint8_t transition[TRANSITION_HASH_BYTES];
    bytes signature;
    struct online online;
    struct verification history;
};

/* ---- before the network ----------------------------------------------------------------------------------------- */

static status read_owner(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    bool owns = false;
    if (s->signature) TRY(file_read_into(s->signature, SIGNATURE_BYTES, &r->memory, &r->signature, err));
    if (s->atomic) TRY(set_read_transition(s->transition, &r->memory, r->transition, err));
    TRY(set_read_key(s->key ? s->key : default_key, s->key != NULL, &r->memory, &r->secret_key, &r->has_key, err));
    if (!r->has_key) return OK;
    TRY(set_owns(&r->input.manifest, &r->secret_key, &owns, err));
    if (!owns)
        fprintf(
            stderr,
            "contrast: set: the manifest does not list this key as an owner's: nobody will update it with the key\n");
    return OK;
}

static status read_trust(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    struct snp_ca_set cas;
    for (size_t i = 0; i < s->collateral.count; i++)
        TRY(err_in(err, collateral_add(&r->collateral, s->collateral.items[i], err), "--collateral"));
    TRY(root_load(&s->roots, &r->root, &r->memory, &cas, err));
    TRY(collateral_seal(&r->collateral, &cas, err));
    r->online.authenticate = (struct authenticate_options){
        .cas = cas, .revocation = s->no_revocation ? REVOCATION_WAIVED_BY_USER : REVOCATION_REQUIRED};
    return OK;
}

static status prepare(struct run *r, struct err *err)
{
    struct online *o = &r->online;
    TRY(set_read(r->settings.manifest, &r->operands, &r->memory, &r->input, err));
    TRY(read_owner(r, err));
    TRY(read_trust(r, err));
    o->memory = &r->memory;
    o->collateral = &r->collateral;
    o->fetching = &r->fetching;
    r->fetching = (struct fetching){.command = r->self,
                                    .collateral = &r->collateral,
                                    .judged = &o->authenticate,
                                    .url = r->settings.kds_url,
                                    .roots = &r->settings.roots,
                                    .from_cache = r->settings.offline};
    o->key = r->has_key ? &r->secret_key : NULL;
    o->want.manifest = r->input.text;
    TRY(err_in(err, address_parse(text_bytes(r->settings.coordinator), COORDINATOR_PORT, &o->coordinator, err),
               "--coordinator"));
    return atls_open((int64_t)time(NULL), err);
}

/* ---- trying ----------------------------------------------------------------------------------------------------- */

static status call_once(struct run *r, const struct protobuf_writer *request, bytes *answer, struct err *err)
{
    struct online *o = &r->online;
    o->code = GRPC_OK;
    TRY(online_connect(o, err));
    return r->settings.dry_run ? online_get_history(o, &r->history, err)
                               : online_call(o, "SetManifest", request, answer, err);
}

static status call(struct run *r, const struct protobuf_writer *request, bytes *answer, struct err *err)
{
    int64_t until = dial_now() + (int64_t)r->settings.wait * 1000;
    bool has_told = false;
    for (;;) {
        struct err why = {0};
        status s = call_once(r, request, answer, &why);
        if (is_ok(s)) return OK;
        if (!online_may_come_back(&r->online, s) || dial_now() + ONLINE_PAUSE_MS > until) {
            *err = why;
            return s;
        }
        online_close(&r->online);
        if (!has_told)
            fprintf(stderr, "contrast: set: %s; trying again for %llu s\n", why.text,
                    (unsigned long long)r->settings.wait);
        has_told = true;
        online_pause();
    }
}

/* ---- the answer ------------------------------------------------------------------------------------------------- */

static int by_root(const struct run *r)
{
    return r->online.authenticate.cas.by_hand ? EXIT_BY_HAND : EXIT_DONE;
}

static status take_answer(struct run *r, bytes answer, struct err *err)
{
    void *shares;
    struct user_set_manifest_response response;
    TRY(arena_take(&r->memory, LIMIT_MANIFEST_OWNERS, sizeof(struct user_seed_share), &shares, err));
    TRY(user_set_manifest_response_parse(answer, shares, LIMIT_MANIFEST_OWNERS, &response, err));
    if (!response.root_ca.ptr || !response.mesh_ca.ptr)
        return err_set(err, ERR_MISSING, 0, "SetManifestResponse: a CA certificate is missing");
    TRY(set_write(&response, &r->memory, err));
    printf("%s: the manifest is set\n", r->online.coordinator.text);
    return OK;
}

static const char *hint_of(const struct run *r)
{
    const struct online *o = &r->online;
    if (o->is_denied) return "this is not a Coordinator of this manifest: contrast verify -c shows each check of it";
    if (o->code == GRPC_PERMISSION_DENIED && r->signature.ptr)
        return "the signature is not one of an owner in the active manifest, over this manifest and the latest "
               "transition";
    if (o->code == GRPC_PERMISSION_DENIED && !r->has_key)
        return "no owner's key was given: name it with --workload-owner-key, or give a signature with --signature";
    if (o->code == GRPC_PERMISSION_DENIED) return "this key is not one of the owners' in the active manifest";
    if (o->code == GRPC_FAILED_PRECONDITION)
        return "the Coordinator is in recovery mode, or its latest transition is not the one that was given";
    return NULL;
}

static int fail(struct run *r, const struct err *err)
{
    const char *hint = hint_of(r);
    (void)command_failed(r->self, err);
    if (hint) fprintf(stderr, "contrast: set: %s\n", hint);
    if (r->online.code == GRPC_PERMISSION_DENIED) return EXIT_REFERENCE;
    return online_exit_code(&r->online, err);
}

static bool holds(const bytes *list, size_t count, bytes item)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(list[i], item)) return true;
    return false;
}

static status print_hash(const char *what, bytes content, struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    TRY(crypto_sha256(&content, 1, hash, err));
    TRY(hex_write(BYTES_OF(hash), hex, sizeof hex, err));
    printf("%s %s\n", what, hex);
    return OK;
}

static status print_changes(struct run *r, struct err *err)
{
    const struct bundle *b = &r->history.bundle;
    const struct set_input *in = &r->input;
    bytes active = b->manifest_count > 0 ? b->manifests[b->manifest_count - 1] : BYTES_ABSENT;
    printf("%s: manifest %zu would be set\n", r->online.coordinator.text, b->manifest_count);
    if (bytes_eq(active, in->text)) printf("it is the active one already\n");
    if (active.ptr) TRY(print_hash("- manifest", active, err));
    TRY(print_hash("+ manifest", in->text, err));
    for (size_t i = 0; i < in->policy_count; i++)
        if (!holds(b->policies, b->policy_count, in->policies[i])) TRY(print_hash("+ policy", in->policies[i], err));
    return OK;
}

/* ---- the run ---------------------------------------------------------------------------------------------------- */

static status make_request(struct run *r, struct protobuf_writer *w, struct err *err)
{
    const struct user_set_manifest_request request = {
        .manifest = r->input.text,
        .policies = r->input.policies,
        .policy_count = r->input.policy_count,
        .previous_transition_hash = r->settings.atomic ? BYTES_OF(r->transition) : BYTES_ABSENT,
        .signature = r->signature,
    };
    void *room;
    *w = (struct protobuf_writer){0};
    user_set_manifest_request_write(w, &request);
    TRY(arena_take(&r->memory, w->len, 1, &room, err));
    *w = (struct protobuf_writer){.out = room, .cap = w->len};
    user_set_manifest_request_write(w, &request);
    return protobuf_written(w, err);
}

static int run_with(struct run *r)
{
    struct protobuf_writer request;
    bytes answer = BYTES_ABSENT;
    struct err err = {0};
    status s = prepare(r, &err);
    if (is_ok(s)) s = make_request(r, &request, &err);
    if (!is_ok(s)) return command_failed(r->self, &err);
    s = call(r, &request, &answer, &err);
    /* The first manifest has no history before it. */
    bool is_first =
        r->settings.dry_run && r->online.code == GRPC_FAILED_PRECONDITION && strstr(err.text, "no manifest");
    if (!is_ok(s) && !is_first) return fail(r, &err);
    err = (struct err){0};
    s = r->settings.dry_run ? print_changes(r, &err) : take_answer(r, answer, &err);
    return is_ok(s) ? by_root(r) : command_failed(r->self, &err);
}

static int run(const struct command *self, int argc, char **argv)
{
    static struct run r; /* too large for a stack */
    r.self = self;
    r.settings.manifest = "manifest.json";
    r.settings.wait = WAIT_SECONDS;
    int code = command_take(self, argc, argv, &r.settings, &r.operands, &r.memory);
    if (code == EXIT_DONE && !r.settings.coordinator) code = usage_error(self, "--coordinator is missing");
    if (code == EXIT_DONE && r.settings.transition && !r.settings.atomic)
        code = usage_error(self, "--latest-transition goes with --atomic");
    if (code == EXIT_DONE) code = run_with(&r);
    online_close(&r.online);
    fetching_close(&r.fetching);
    private_key_wipe(&r.secret_key);
    collateral_free(&r.collateral);
    arena_free(&r.memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] =
    "Gives a Coordinator a manifest, with the policies that it names. The Coordinator's "
    "evidence is judged by this manifest "
    "first, over attested TLS; nothing is sent before. A leaf or CRL that "
    "is neither in the evidence nor in --collateral is got from the cache or from AMD, "
    "with --offline from the cache alone.\n\n"
    "The policies are those of prepared YAML, or files: initdata documents or policies in "
    "Rego, each as its bytes are hashed. Each has to be one that "
    "the manifest names, and each that it names has to be given.\n\n"
    "Whoever sets the first manifest is believed. After that the active manifest says "
    "who may: the owner's key is the key of "
    "the connection, or a signature stands for it.\n\n"
    "Writes coordinator-root-ca.pem, mesh-ca.pem and, after the first manifest, "
    "seed-shares.json: keep it, for without it "
    "a Coordinator that was started again cannot be recovered.";

const struct command command_set = {
    .name = "set",
    .operands = "[POLICY|YAML|DIR...]",
    .summary = "give a Coordinator its manifest",
    .description = description,
    .operand = OPERAND_FILE,
    .further = OPERAND_FILE,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
