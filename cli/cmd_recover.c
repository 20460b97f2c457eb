/* SPDX-License-Identifier: Apache-2.0 */
/* contrast recover: brings a Coordinator that was started again the seed of its deployment. */
#include <time.h>

#include "ca/seed_share.h"
#include "cli/commands.h"
#include "cli/fetch_options.h"
#include "cli/file.h"
#include "cli/key_file.h"
#include "cli/online.h"
#include "cli/option_rows.h"
#include "cli/root.h"
#include "net/dial.h"
#include "parse/manifest.h"
#include "parse/text.h"

/* Seed, salt and what is around them. */
enum { REQUEST_BYTES = 128, HISTORY_SECONDS = 30 };

struct settings {
    const char *coordinator, *manifest, *key, *shares;
    struct text_list collateral, roots;
    bool no_revocation, force, offline;
    const char *kds_url;
};

#define AT(member) offsetof(struct settings, member)

static const struct option_row options[] = {
    OPTION_COORDINATOR(AT(coordinator)),
    {.name = "--manifest",
     .letter = 'm',
     .argument = "FILE",
     .help = "the manifest that the Coordinator is judged by; default: manifest.json",
     .set = option_set_text,
     .at = AT(manifest)},
    {.name = "--seedshare-owner-key",
     .argument = "FILE",
     .help = "the RSA key that a seed share is for; default: seedshare-owner.pem",
     .set = option_set_text,
     .at = AT(key)},
    {.name = "--seed",
     .argument = "FILE",
     .help = "the seed shares, as contrast set has written them; default: seed-shares.json",
     .set = option_set_text,
     .at = AT(shares)},
    {.name = "--force",
     .help = "recover it although other Coordinators could be asked: what they have issued is not of its mesh CA",
     .set = option_set_flag,
     .at = AT(force)},
    OPTION_COLLATERAL(AT(collateral)),
    OPTION_OFFLINE(AT(offline)),
    OPTION_KDS_URL(AT(kds_url)),
    OPTION_NO_REVOCATION(AT(no_revocation)),
    OPTION_INSECURE_ROOT(AT(roots)),
};

struct run {
    const struct command *self;
    struct settings settings;
    struct text_list operands;
    struct arena memory;
    struct collateral collateral;
    struct fetching fetching;
    struct ca_bundle root;
    struct private_key secret_key;
    struct secret_seed secret_seed;
    bytes salt;
    struct online online;
    struct verification history; /* what came back */
};

/* ---- before the network ----------------------------------------------------------------------------------------- */

/* One that a Coordinator could have: by any other its evidence cannot be judged. */
static status read_manifest(struct run *r, struct err *err)
{
    void *room, *text;
    struct manifest m;
    bytes *content = &r->online.want.manifest;
    TRY(file_read_into(r->settings.manifest, LIMIT_MANIFEST_BYTES, &r->memory, content, err));
    TRY(arena_take(&r->memory, 1, sizeof(struct manifest_room), &room, err));
    TRY(arena_take(&r->memory, LIMIT_MANIFEST_BYTES, 1, &text, err));
    struct manifest_storage storage = manifest_storage_of(room, text, LIMIT_MANIFEST_BYTES);
    return err_in(err, manifest_parse(*content, &storage, &m, err), "%s",
                  text_quote(text_bytes(r->settings.manifest)).s);
}

static status open_share(struct run *r, bytes content, struct err *err)
{
    void *shares, *buffer;
    struct user_seed_shares in;
    size_t cap = SEED_SHARES_BUFFER_BYTES(content.len) + 1;
    TRY(arena_take(&r->memory, LIMIT_MANIFEST_OWNERS, sizeof(struct user_seed_share), &shares, err));
    TRY(arena_take(&r->memory, cap, 1, &buffer, err));
    const struct seed_share_storage lent = {shares, LIMIT_MANIFEST_OWNERS, buffer, cap};
    TRY(seed_shares_parse(content, &lent, &in, err));
    TRY(seed_share_open(&in, &r->secret_key, &r->secret_seed, err));
    r->salt = in.salt;
    return OK;
}

static status read_seed(struct run *r, struct err *err)
{
    bytes content;
    const char *path = r->settings.shares;
    TRY(key_file_read(r->settings.key, &r->secret_key, err));
    TRY(file_read_into(path, LIMIT_SEED_SHARES_BYTES, &r->memory, &content, err));
    return err_in(err, open_share(r, content, err), "%s", text_quote(text_bytes(path)).s);
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
    TRY(read_manifest(r, err));
    TRY(read_seed(r, err));
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
    o->key = &r->secret_key;
    TRY(err_in(err, address_parse(text_bytes(r->settings.coordinator), COORDINATOR_PORT, &o->coordinator, err),
               "--coordinator"));
    return atls_open((int64_t)time(NULL), err);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

/* One that needs no seed is sent none. */
static status check_need(struct run *r, struct err *err)
{
    struct online *o = &r->online;
    const struct protobuf_writer request = {0};
    bytes answer;
    struct err why = {0};
    status s = online_call(o, "GetManifests", &request, &answer, &why);
    bool is_answered = o->code == GRPC_FAILED_PRECONDITION;
    if (is_answered && strstr(why.text, "recovery mode")) return OK;
    if (is_ok(s)) {
        o->code = GRPC_FAILED_PRECONDITION;
        o->network_failed = true;
        return err_set(err, ERR_STATE, 0, "%s: is not in recovery mode; nothing was sent", o->coordinator.text);
    }
    *err = why;
    return s;
}

static void wipe_request(uint8_t (*secret_request)[REQUEST_BYTES])
{
    secret_wipe(*secret_request, REQUEST_BYTES);
}

static status send_seed(struct run *r, struct err *err)
{
    __attribute__((cleanup(wipe_request))) uint8_t secret_request[REQUEST_BYTES];
    const struct user_recover_request_secret request = {
        .seed = BYTES_OF(r->secret_seed.secret), .salt = r->salt, .force = r->settings.force};
    struct protobuf_writer w = {.out = secret_request, .cap = REQUEST_BYTES};
    bytes answer;
    user_recover_request_write(&w, &request);
    TRY(protobuf_written(&w, err));
    TRY(online_call(&r->online, "Recover", &w, &answer, err));
    return err_in(err, empty_message_parse(answer, err), "%s: RecoverResponse", r->online.coordinator.text);
}

static const char *hint_of(const struct online *o, const struct err *err)
{
    if (o->is_denied) return "this is not a Coordinator of this manifest: contrast verify -c shows each check of it";
    switch (o->code) {
    case GRPC_PERMISSION_DENIED:
        return "this key is none of the seed share owners' in the manifest that the Coordinator has stored";
    case GRPC_UNKNOWN:
        return "are these the seed shares of this deployment? contrast set has written them after its first manifest";
    case GRPC_FAILED_PRECONDITION:
        if (strstr(err->text, "no manifest")) return "it has no history: contrast set gives it its first manifest";
        if (strstr(err->text, "recovered peers")) return "--force recovers it nevertheless";
        return "contrast verify tells whether it runs this manifest";
    default:
        return NULL;
    }
}

static int fail(const struct run *r, const struct err *err)
{
    const char *hint = hint_of(&r->online, err);
    (void)command_failed(r->self, err);
    if (hint) fprintf(stderr, "contrast: recover: %s\n", hint);
    if (r->online.code == GRPC_PERMISSION_DENIED) return EXIT_REFERENCE;
    if (r->online.code == GRPC_UNKNOWN) return EXIT_HISTORY;
    return online_exit_code(&r->online, err);
}

/* Whoever served the recovery ends with its connection, and those who waited with it; the next one finds the front that
 * serves from now on, if not at once. */
static status get_history(struct run *r, struct err *err)
{
    struct online *o = &r->online;
    int64_t until = dial_now() + HISTORY_SECONDS * 1000;
    for (;;) {
        struct err why = {0};
        online_close(o);
        o->code = GRPC_OK;
        status s = online_connect(o, &why);
        if (is_ok(s)) s = online_get_history(o, &r->history, &why);
        if (is_ok(s)) return OK;
        if (!online_may_come_back(o, s) || dial_now() + ONLINE_PAUSE_MS > until) {
            *err = why;
            return s;
        }
        online_pause();
    }
}

/* A store may have handed out an older history of the same deployment: the seed vouches for that too.  The recovery is
 * done then, and not what was meant: the exit code. */
static int look_at_history(struct run *r)
{
    struct online *o = &r->online;
    const struct bundle *b = &r->history.bundle;
    struct err err = {0};
    if (!is_ok(get_history(r, &err))) {
        fprintf(stderr, "contrast: recover: what it runs now cannot be told: %s\n", err.text);
        return online_exit_code(o, &err);
    }
    if (b->manifest_count > 0 && bytes_eq(b->manifests[b->manifest_count - 1], o->want.manifest))
        return o->authenticate.cas.by_hand ? EXIT_BY_HAND : EXIT_DONE;
    fprintf(stderr,
            "contrast: recover: of %zu manifests in its history the active one is not the one that was given; if it "
            "should be, the store has handed out another history\n",
            b->manifest_count);
    return EXIT_HISTORY;
}

/* ---- the run ---------------------------------------------------------------------------------------------------- */

static int run_with(struct run *r)
{
    struct err err = {0};
    const struct online *o = &r->online;
    if (!is_ok(prepare(r, &err))) return command_failed(r->self, &err);
    status s = online_connect(&r->online, &err);
    if (is_ok(s)) s = check_need(r, &err);
    if (is_ok(s)) s = send_seed(r, &err);
    if (!is_ok(s)) return fail(r, &err);
    printf("%s: recovered; its root CA is the same, its mesh CA is new\n", o->coordinator.text);
    (void)fflush(stdout);
    return look_at_history(r);
}

static int run(const struct command *self, int argc, char **argv)
{
    static struct run r; /* too large for a stack */
    r.self = self;
    r.settings =
        (struct settings){.manifest = "manifest.json", .key = "seedshare-owner.pem", .shares = "seed-shares.json"};
    int code = command_take(self, argc, argv, &r.settings, &r.operands, &r.memory);
    if (code == EXIT_DONE && !r.settings.coordinator) code = usage_error(self, "--coordinator is missing");
    if (code == EXIT_DONE && r.operands.count > 0)
        code = usage_error(self, "it takes no operand: give the manifest with -m");
    if (code == EXIT_DONE) code = run_with(&r);
    online_close(&r.online);
    fetching_close(&r.fetching);
    private_key_wipe(&r.secret_key);
    secret_seed_wipe(&r.secret_seed);
    collateral_free(&r.collateral);
    arena_free(&r.memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] =
    "Brings a Coordinator that was started again what it cannot keep: the seed that all its keys are derived from. The "
    "Coordinator's evidence is judged by the manifest first, over attested TLS, and it is asked whether it is in "
    "recovery mode; nothing secret is sent before.\n\n"
    "The seed is one of the seed shares that contrast set has written after the first manifest; it is opened with the "
    "owner's key, which is also the key of the connection: the Coordinator takes a seed from the owners in its "
    "manifest "
    "alone, and believes it when it leads to the key that has signed its history.\n\n"
    "Afterwards the history, the root CA and the secrets of workloads are as before. The mesh CA is new: workloads "
    "whose peers trust mesh-ca.pem have to be started again, so that they get certificates of it.\n\n"
    "A store that hands out an older history of the same deployment cannot be told from a good one before: the seed "
    "is that of both. Afterwards it is asked for its history: the exit code is 7 when the manifest in force is another "
    "one "
    "than the one given; contrast verify shows all of it.";

const struct command command_recover = {
    .name = "recover",
    .operands = "",
    .summary = "bring a Coordinator that was started again its seed",
    .description = description,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
