/* SPDX-License-Identifier: Apache-2.0 */
/* contrast verify: is this the deployment that a manifest describes. */
#include <time.h>

#include "cli/commands.h"
#include "cli/expectation.h"
#include "cli/fetch_options.h"
#include "cli/fetching.h"
#include "cli/file.h"
#include "cli/option_rows.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/root.h"
#include "cli/save.h"
#include "cli/verification_report.h"
#include "cli/verify_online.h"
#include "parse/text.h"
#include "parse/time.h"

struct moment {
    bool is_given, is_capture;
    int64_t at;
};

struct nonce {
    bool is_given;
    uint8_t bytes[BUNDLE_NONCE_BYTES];
};

struct settings {
    const char *evidence, *manifest, *capabilities, *history, *root_ca, *save, *output;
    const char *coordinator, *http, *folder, *kds_url;
    struct nonce nonce;
    struct moment at;
    struct moment captured_at;
    struct text_list collateral, roots;
    bool no_revocation, keep_denied, quiet, fetch, offline;
    unsigned format; /* REPORT_x */
};

static status set_nonce(void *member, const struct option_row *row, const char *value, struct arena *memory,
                        struct err *err)
{
    struct nonce *nonce = member;
    (void)row, (void)memory;
    TRY(hex_parse(text_bytes(value), HEX_ANY_CASE, nonce->bytes, sizeof nonce->bytes, err));
    nonce->is_given = true;
    return OK;
}

static status set_moment(void *member, const struct option_row *row, const char *value, struct arena *memory,
                         struct err *err)
{
    struct moment *m = member;
    (void)memory;
    m->is_given = true;
    m->is_capture = row->words && strcmp(value, row->words[0]) == 0;
    return m->is_capture ? OK : time_parse_rfc3339(text_bytes(value), &m->at, err);
}

/* A name of its own for what was denied needs one to start from. */
static status set_tar(void *member, const struct option_row *row, const char *value, struct arena *memory,
                      struct err *err)
{
    size_t n = strlen(value);
    (void)row, (void)memory;
    if (n < 5 || strcmp(value + n - 4, ".tar") != 0 || value[n - 5] == '/')
        return err_set(err, ERR_SYNTAX, 0, "want a name that ends in .tar");
    *(const char **)member = value;
    return OK;
}

#define AT(member) offsetof(struct settings, member)

static const char *const capture[] = {"capture", NULL};

static const struct option_row options[] = {
    {.name = "--evidence",
     .argument = "FILE",
     .help = "the body of the answer to POST /attest or /v1/attest, or a bundle that --save has made",
     .set = option_set_text,
     .at = AT(evidence)},
    {.name = "--coordinator",
     .letter = 'c',
     .argument = "HOST:PORT",
     .help =
         "ask this Coordinator, over attested TLS and by its HTTP API, instead of reading files; default port: 1313",
     .set = option_set_text,
     .at = AT(coordinator)},
    {.name = "--http",
     .argument = "HOST:PORT",
     .help = "with -c: where /attest is; default: the same host, port 1314",
     .set = option_set_text,
     .at = AT(http)},
    {.name = "--out",
     .argument = "DIR",
     .help = "with -c: the folder for what was verified; default: verify",
     .set = option_set_text,
     .at = AT(folder)},
    {.name = "--manifest",
     .letter = 'm',
     .argument = "FILE",
     .help = "the manifest that the deployment should run; default: manifest.json",
     .set = option_set_text,
     .at = AT(manifest)},
    {.name = "--nonce",
     .argument = "HEX",
     .help = "the 32 bytes that were sent with the request; a bundle has one, and then the two must be equal",
     .set = set_nonce,
     .at = AT(nonce)},
    {.name = "--capabilities",
     .argument = "FILE",
     .help = "the body of GET /capabilities: the answer is one to /v1/attest, which binds it",
     .set = option_set_text,
     .at = AT(capabilities)},
    {.name = "--expect-history",
     .argument = "FILE",
     .help = "transitions that are known, oldest first, a line of hex each: the history must go on from them",
     .set = option_set_text,
     .at = AT(history)},
    {.name = "--expect-root-ca",
     .argument = "FILE",
     .help = "a root CA of this deployment, PEM or DER: the root must have the same key",
     .set = option_set_text,
     .at = AT(root_ca)},
    OPTION_COLLATERAL(AT(collateral)),
    {.name = "--fetch",
     .help = "with --evidence: get a missing leaf or CRL from AMD, or out of the cache",
     .set = option_set_flag,
     .at = AT(fetch)},
    OPTION_OFFLINE(AT(offline)),
    OPTION_KDS_URL(AT(kds_url)),
    {.name = "--at",
     .argument = "RFC3339|capture",
     .help = "judge validity at this time instead of now; capture: when the bundle claims to have been made",
     .set = set_moment,
     .at = AT(at),
     .words = capture},
    OPTION_NO_REVOCATION(AT(no_revocation)),
    OPTION_INSECURE_ROOT(AT(roots)),
    {.name = "--save",
     .argument = "FILE.tar",
     .help = "keep all that was judged as a bundle, for an auditor to judge again offline",
     .set = set_tar,
     .at = AT(save)},
    {.name = "--keep-denied",
     .help = "with --save: keep what was denied too, as FILE.denied.tar",
     .set = option_set_flag,
     .at = AT(keep_denied)},
    {.name = "--captured-at",
     .argument = "RFC3339",
     .help = "with --save: what the bundle claims as the time of its capture; default: now, or what it claimed before",
     .set = set_moment,
     .at = AT(captured_at)},
    OPTION_FORMAT(AT(format)),
    OPTION_OUTPUT(AT(output)),
    {.name = "--quiet", .letter = 'q', .help = "one line", .set = option_set_flag, .at = AT(quiet)},
};

/* ---- the run ---------------------------------------------------------------------------------------------------- */

struct run {
    struct settings settings;
    struct text_list operands;
    struct arena memory;
    struct collateral collateral;
    struct fetching fetching;
    struct ca_bundle root;
    struct authenticate_options authenticate;
    bytes evidence, capabilities;
    const char *denied; /* where a denied bundle goes; NULL: nowhere */
    struct deployment_expectation want;
    struct coordinator_ca root_ca;
    struct verification judged, at_capture;
};

/* White space aside an answer is an object. */
static bool begins_as_json(bytes content)
{
    size_t i = 0;
    while (i < content.len && strchr(" \t\r\n", content.ptr[i]) && content.ptr[i] != '\0')
        i++;
    return i < content.len && content.ptr[i] == '{';
}

/* Everything is read before anything is judged. */
static status read_files(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    const struct expectation_files known = {.manifest = s->manifest, .history = s->history, .root_ca = s->root_ca};
    TRY(expectation_read(&known, &r->memory, &r->root_ca, &r->want, err));
    if (s->nonce.is_given) r->want.nonce = BYTES_OF(s->nonce.bytes);
    TRY(file_read_into(s->evidence, LIMIT_BUNDLE_BYTES, &r->memory, &r->evidence, err));
    if (!bundle_is_likely(r->evidence) && !begins_as_json(r->evidence))
        return err_rule(err, ERR_UNSUPPORTED, "attest.answer", 0,
                        "%s: neither a bundle (a tar archive, not compressed) nor an answer to /attest (JSON)",
                        text_quote(text_bytes(s->evidence)).s);
    if (!s->capabilities) return OK;
    return err_in(err, file_read_into(s->capabilities, LIMIT_CAPABILITIES_BYTES, &r->memory, &r->capabilities, err),
                  "--capabilities");
}

/* Options that do not go with what the evidence turned out to be; NULL: there are none. */
static const char *find_misuse(const struct settings *s, bool is_bundle)
{
    if (is_bundle && s->capabilities) return "--capabilities is for an answer to /v1/attest; a bundle has its own";
    if (!is_bundle && !s->nonce.is_given)
        return "an answer to /attest is judged by the nonce that was sent: give it with --nonce";
    if (!is_bundle && s->at.is_capture) return "--at capture is for a bundle; an answer does not say when it was made";
    return NULL;
}

/* Online what is missing is got, from the cache alone when that was asked for; a file is judged as it is, unless. */
static struct fetching *fetching_of(const struct command *self, struct run *r)
{
    const struct settings *s = &r->settings;
    r->fetching = (struct fetching){.command = self,
                                    .collateral = &r->collateral,
                                    .judged = &r->authenticate,
                                    .url = s->kds_url,
                                    .roots = &s->roots,
                                    .from_cache = s->offline};
    return s->coordinator || s->fetch ? &r->fetching : NULL;
}

static status prepare(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    for (size_t i = 0; i < s->collateral.count; i++)
        TRY(err_in(err, collateral_add(&r->collateral, s->collateral.items[i], err), "--collateral"));
    TRY(verification_add_collateral(&r->judged, &r->collateral, err));
    struct snp_ca_set cas;
    TRY(root_load(&s->roots, &r->root, &r->memory, &cas, err));
    TRY(collateral_seal(&r->collateral, &cas, err));
    r->authenticate = (struct authenticate_options){
        .cas = cas, .revocation = s->no_revocation ? REVOCATION_WAIVED_BY_USER : REVOCATION_REQUIRED};
    return OK;
}

/* What a later day denies, the claimed day may have allowed: then the verdict says which checks those are. */
static void judge_at_capture(struct run *r)
{
    const struct verification *v = &r->judged;
    bool is_another_time = v->is_bundle && v->is_open && v->bundle.captured_at != r->authenticate.now;
    if (is_another_time && verdict_decide(&v->report.verdict) != ALLOW)
        verification_note_capture(&r->judged, &r->at_capture);
}

static status judge(const struct command *self, struct run *r, struct err *err)
{
    const struct moment *at = &r->settings.at;
    struct fetching *f = fetching_of(self, r);
    r->authenticate.now = at->is_capture ? r->judged.bundle.captured_at : at->is_given ? at->at : (int64_t)time(NULL);
    if (f && r->judged.is_open) TRY(fetching_complete(f, r->judged.bundle.document, err));
    TRY(verification_judge(&r->judged, &r->authenticate, &r->collateral, &r->want, err));
    judge_at_capture(r);
    return OK;
}

static status print(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    struct output output;
    TRY(output_open(&output, s->output, &r->memory, err));
    const struct verification_style style = {
        .path = s->evidence, .palette = palette_for(output.stream), .quiet = s->quiet, .at_capture = s->at.is_capture};
    status written = verification_formats[s->format](output.stream, &r->judged, &style, err);
    if (!is_ok(written)) output_abandon(&output);
    TRY(written);
    return output_finish(&output, err);
}

static status save(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    const struct verification *v = &r->judged;
    const char *path = verdict_decide(&v->report.verdict) == ALLOW ? s->save : r->denied;
    if (!path || !v->is_open) return OK;
    if (v->report.verdict.by_id[CHECK_ATTEST_TYPE].outcome == FAILED) {
        fprintf(stderr,
                "contrast: verify: --keep-denied: nothing is kept: a bundle holds evidence of SEV-SNP alone, and this "
                "answer says that its evidence is of another kind\n");
        return OK;
    }
    int64_t captured_at = s->captured_at.is_given ? s->captured_at.at
                          : v->is_bundle          ? v->bundle.captured_at
                                                  : (int64_t)time(NULL);
    return err_in(err, save_bundle(path, v, captured_at, err), "--save");
}

static int run_online(const struct command *self, struct run *r)
{
    const struct settings *s = &r->settings;
    struct err err = {0};
    const struct expectation_files known = {.manifest = s->manifest, .history = s->history, .root_ca = s->root_ca};
    status read = expectation_read(&known, &r->memory, &r->root_ca, &r->want, &err);
    if (is_ok(read)) read = prepare(r, &err);
    if (!is_ok(read)) return command_failed(self, &err);
    const struct verify_online in = {.coordinator = s->coordinator,
                                     .http = s->http,
                                     .folder = s->folder ? s->folder : "verify",
                                     .output = s->output,
                                     .format = s->format,
                                     .quiet = s->quiet,
                                     .authenticate = r->authenticate,
                                     .collateral = &r->collateral,
                                     .fetching = fetching_of(self, r),
                                     .want = r->want};
    return verify_online(self, &in, &r->memory);
}

static int run_with(const struct command *self, struct run *r)
{
    if (r->settings.coordinator) return run_online(self, r);
    struct err err = {0};
    status s = read_files(r, &err);
    const char *misuse = is_ok(s) ? find_misuse(&r->settings, bundle_is_likely(r->evidence)) : NULL;
    if (misuse) return usage_error(self, "%s", misuse);
    if (is_ok(s)) s = verification_open(r->evidence, r->want.nonce, r->capabilities, &r->memory, &r->judged, &err);
    if (is_ok(s)) s = prepare(r, &err);
    if (is_ok(s)) s = judge(self, r, &err);
    if (is_ok(s)) s = print(r, &err);
    if (is_ok(s)) s = save(r, &err);
    return is_ok(s) ? verdict_exit_code(verification_verdict(&r->judged)) : command_failed(self, &err);
}

/* ---- usage ------------------------------------------------------------------------------------------------------ */

/* A file that is written must not be one that is read. */
static status check_output(const struct settings *s, const char *path, struct err *err)
{
    const char *files[] = {s->evidence, s->manifest, s->capabilities, s->history, s->root_ca};
    size_t count = 0;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (files[i]) files[count++] = files[i];
    const struct text_list named = {files, count}, *const inputs[] = {&named, &s->collateral, &s->roots};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        TRY(output_check(path, inputs[i], err));
    return OK;
}

static bool is_same(const char *a, const char *b)
{
    return a && b && output_is_same(a, b);
}

static status check_outputs(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    if (s->keep_denied) TRY(save_denied_name(s->save, &r->memory, &r->denied, err));
    TRY(err_in(err, check_output(s, s->output, err), "--output"));
    TRY(err_in(err, check_output(s, s->save, err), "--save"));
    TRY(err_in(err, check_output(s, r->denied, err), "--keep-denied"));
    if (!is_same(s->output, s->save) && !is_same(s->output, r->denied)) return OK;
    return err_set(err, ERR_STATE, 0, "--output and --save: both would write %s", text_quote(text_bytes(s->output)).s);
}

static int check_usage(const struct command *self, struct run *r)
{
    const struct settings *s = &r->settings;
    struct err err = {0};
    if (r->operands.count > 0)
        return usage_error(self, "it takes no operand: give the evidence with --evidence, the manifest with -m");
    if (!s->evidence && !s->coordinator) return usage_error(self, "--evidence or --coordinator is missing");
    if (s->coordinator && (s->evidence || s->nonce.is_given || s->capabilities || s->at.is_given || s->save))
        return usage_error(self,
                           "--coordinator draws its nonce, judges by today's clock and keeps a bundle by itself: it "
                           "does not go with --evidence, --nonce, --capabilities, --at and --save");
    if (!s->coordinator && (s->http || s->folder)) return usage_error(self, "--http and --out go with --coordinator");
    if (s->coordinator && s->fetch)
        return usage_error(self, "--fetch goes with --evidence: --coordinator does so by itself");
    if (!s->coordinator && !s->fetch && (s->offline || s->kds_url))
        return usage_error(self, "--offline and --kds-url go with --coordinator, or with --fetch");
    if (s->quiet && s->format != REPORT_TEXT) return usage_error(self, "--quiet goes with --format text");
    if ((s->keep_denied || s->captured_at.is_given) && !s->save)
        return usage_error(self, "--keep-denied and --captured-at go with --save");
    if (!is_ok(check_outputs(r, &err))) return usage_error(self, "%s", err.text);
    return EXIT_DONE;
}

static int run(const struct command *self, int argc, char **argv)
{
    static struct run r; /* too large for a stack */
    r.settings.manifest = "manifest.json";
    int code = command_take(self, argc, argv, &r.settings, &r.operands, &r.memory);
    if (code == EXIT_DONE) code = check_usage(self, &r);
    if (code == EXIT_DONE) code = run_with(self, &r);
    fetching_close(&r.fetching);
    collateral_free(&r.collateral);
    arena_free(&r.memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] =
    "Judges the evidence that a Coordinator gave against a manifest. With --evidence it needs no network, and nothing "
    "but the files that are named, unless --fetch allows it to get a missing leaf or CRL.\n\n"
    "With -c it asks a Coordinator itself, with nonces of its own: over attested TLS, where its evidence is judged "
    "before anything is believed or sent, and by its HTTP API (POST /v1/attest, or /attest of an early one), whose "
    "answer can be kept and shown to others. Both have to say the same. A leaf or CRL that is neither in the "
    "evidence nor in --collateral is got from the cache or from AMD (contrast-fetch(1) says what AMD learns by that), "
    "with --offline from the cache alone. What was verified is written to the folder "
    "verify after that, with a bundle evidence.tar. Where there is no /attest the folder says what attested TLS "
    "proved, "
    "once, to you, and the exit code is 11.\n\n"
    "The answer to POST /attest binds a nonce, the history of all manifests, and the Coordinator's two CA "
    "certificates to a report of AMD SEV-SNP. All of it is checked: the report as contrast inspect does, against the "
    "reference values of the manifest and the policy of its Coordinator; REPORT_DATA, recomputed from what came; that "
    "the active manifest is the given one to the byte; that each policy which any manifest names is there, and no "
    "other; form, keys and signatures of the certificates.\n\n"
    "A bundle, made by --save, holds the evidence and all that it was judged by. Its nonce and its time of capture are "
    "the word of whoever made it. With --at capture it is judged at that time, and says so; the same bundle, manifest "
    "and time give the same JSON to the byte, on every machine.\n\n"
    "For an answer the nonce must be given: without it nobody knows when the answer was made.\n\n"
    "The last section says what even a verdict that allows does not prove. The formats are described in "
    "docs/verify.md, bundles in docs/bundle.md. Each check is explained by contrast explain.";

const struct command command_verify = {
    .name = "verify",
    .operands = "--evidence FILE | -c HOST:PORT",
    .summary = "tell whether a deployment is the one that a manifest describes",
    .description = description,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
