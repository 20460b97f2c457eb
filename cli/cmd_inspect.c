/* SPDX-License-Identifier: Apache-2.0 */
/* contrast inspect: is a report genuine, what does it say, and which check failed. */
#include <time.h>
#include <unistd.h>

#include "cli/batch.h"
#include "cli/commands.h"
#include "cli/fetch_options.h"
#include "cli/fetching.h"
#include "cli/file.h"
#include "cli/option_rows.h"
#include "cli/output.h"
#include "cli/reference_option.h"
#include "cli/root.h"

struct settings {
    struct text_list collateral, roots;
    int64_t at;
    bool no_revocation, quiet, fetch, offline;
    const char *kds_url;
    unsigned format; /* REPORT_x */
    const char *output;
    uint64_t jobs;
    struct reference reference;
};

#define AT(member) offsetof(struct settings, member)
#define REFERENCE(option, hint, setter, member, text)                                                                  \
    {.name = (option), .argument = (hint), .help = (text), .set = (setter), .at = AT(reference.member)}
#define BYTES_REFERENCE(option, member, n, text)                                                                       \
    {.name = (option),                                                                                                 \
     .argument = "HEX",                                                                                                \
     .help = (text),                                                                                                   \
     .set = reference_add_bytes,                                                                                       \
     .at = AT(reference.member),                                                                                       \
     .size = (n),                                                                                                      \
     .repeatable = true}

static const struct option_row options[] = {
    OPTION_COLLATERAL(AT(collateral)),
    {.name = "--fetch",
     .help = "get missing leaves and CRLs from AMD, or out of the cache",
     .set = option_set_flag,
     .at = AT(fetch)},
    OPTION_OFFLINE(AT(offline)),
    OPTION_KDS_URL(AT(kds_url)),
    {.name = "--at",
     .argument = "RFC3339",
     .help = "judge validity at this time instead of now",
     .set = option_set_time,
     .at = AT(at)},
    OPTION_NO_REVOCATION(AT(no_revocation)),
    OPTION_INSECURE_ROOT(AT(roots)),
    OPTION_FORMAT(AT(format)),
    OPTION_OUTPUT(AT(output)),
    {.name = "--quiet", .letter = 'q', .help = "one line for each file", .set = option_set_flag, .at = AT(quiet)},
    {.name = "--jobs",
     .letter = 'j',
     .argument = "NUMBER",
     .help = "threads; default: one for each processor",
     .set = option_set_number,
     .at = AT(jobs),
     .max = 256},
    {.name = "--product",
     .argument = "NAME",
     .help = "the product line must be this one: milan, genoa or turin",
     .set = reference_set_product,
     .at = AT(reference.product),
     .words = option_products},
    BYTES_REFERENCE("--measurement", measurement, 48, "MEASUREMENT must be this, or one of several (repeatable)"),
    REFERENCE("--launch-digest", "HEX,EIP", reference_set_launch, launch,
              "MEASUREMENT must be that of 1 to 220 vCPUs: its value for one, and the reset EIP of the others, 8 hex "
              "digits"),
    BYTES_REFERENCE("--report-data", report_data, 64, "REPORT_DATA must be this (repeatable)"),
    BYTES_REFERENCE("--host-data", host_data, 32, "HOST_DATA must be this (repeatable)"),
    BYTES_REFERENCE("--id-key-digest", id_key_digest, 48, "ID_KEY_DIGEST must be this (repeatable)"),
    REFERENCE("--derived-id-key", "POLICY", reference_set_guest_policy, derived_id_key,
              "ID_KEY_DIGEST must be that of the key derived from MEASUREMENT and this POLICY word; wants an expected "
              "MEASUREMENT"),
    BYTES_REFERENCE("--author-key-digest", author_key_digest, 48,
                    "AUTHOR_KEY_EN must be set and AUTHOR_KEY_DIGEST be this (repeatable)"),
    BYTES_REFERENCE("--family-id", family_id, 16, "FAMILY_ID must be this (repeatable)"),
    BYTES_REFERENCE("--image-id", image_id, 16, "IMAGE_ID must be this (repeatable)"),
    {.name = "--chip-id",
     .argument = "HEX",
     .help = "CHIP_ID must be this, or one of several (repeatable); 8 bytes do for Turin",
     .set = reference_add_chip_id,
     .at = AT(reference.chip_id),
     .size = 64,
     .repeatable = true},
    REFERENCE("--minimum-tcb", "TCB", reference_set_tcb, minimum_tcb,
              "every part of REPORTED_TCB must reach this: bl=4,tee=0,snp=24,ucode=219, and fmc=1 for Turin"),
    REFERENCE("--minimum-launch-tcb", "TCB", reference_set_tcb, minimum_launch_tcb,
              "every part of LAUNCH_TCB must reach this"),
    REFERENCE("--no-provisional", NULL, reference_refuse_provisional, provisional,
              "the firmware that runs must be the committed one"),
    REFERENCE("--minimum-version", "VERSION", reference_set_version, minimum_firmware,
              "the firmware must be at least this version, for example 1.55.29"),
    REFERENCE("--minimum-guest-svn", "NUMBER", reference_set_guest_svn, minimum_guest_svn,
              "GUEST_SVN must be at least this"),
    REFERENCE("--guest-policy", "POLICY", reference_set_guest_policy, guest_policy,
              "POLICY may allow what this POLICY word allows, and must demand what it demands; for example 0x30000"),
    REFERENCE("--platform-allowed", "BITS", reference_set_platform_allowed, platform_info,
              "bits of PLATFORM_INFO that weaken and may be set: a number, or names as SMT_EN,TSME_EN; 0 for none"),
    REFERENCE("--platform-required", "BITS", reference_set_platform_required, platform_info,
              "bits of PLATFORM_INFO that protect and must be set, for example ALIAS_CHECK_COMPLETE"),
    REFERENCE("--vmpl", "NUMBER", reference_set_vmpl, vmpl, "VMPL must be this, 0 to 3"),
    {.name = "--mitigations",
     .argument = "BITS",
     .help = "LAUNCH_MIT_VECTOR and CURRENT_MIT_VECTOR must have these bits, for example 0xf",
     .set = reference_set_mitigations,
     .at = AT(reference)},
};

/* ---- the run ---------------------------------------------------------------------------------------------------- */

struct run {
    const struct command *self;
    struct settings settings;
    struct text_list operands;
    struct subject_list subjects;
    struct collateral collateral;
    struct fetching fetching;
    struct ca_bundle root;
    struct inspection_options options;
    struct arena memory;
};

static status prepare(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    for (size_t i = 0; i < s->collateral.count; i++)
        TRY(err_in(err, collateral_add(&r->collateral, s->collateral.items[i], err), "--collateral"));
    TRY(subject_find(&r->operands, &r->collateral, &r->memory, &r->subjects, err));
    struct snp_ca_set cas;
    TRY(root_load(&s->roots, &r->root, &r->memory, &cas, err));
    TRY(collateral_seal(&r->collateral, &cas, err));

    r->options = (struct inspection_options){
        .authenticate = {.cas = cas,
                         .now = s->at,
                         .revocation = s->no_revocation ? REVOCATION_WAIVED_BY_USER : REVOCATION_REQUIRED},
        .reference = s->reference,
        .collateral = &r->collateral,
    };
    return OK;
}

/* Before the threads, which share what was got.  A file that cannot be read is told of when it is judged. */
static status fetch_all(struct run *r, struct err *err)
{
    const struct settings *s = &r->settings;
    r->fetching = (struct fetching){.command = r->self,
                                    .collateral = &r->collateral,
                                    .judged = &r->options.authenticate,
                                    .url = s->kds_url,
                                    .roots = &s->roots,
                                    .from_cache = s->offline};
    for (size_t i = 0; s->fetch && i < r->subjects.count; i++) {
        if (r->subjects.items[i].refused) continue;
        bytes content;
        if (!is_ok(file_read(r->subjects.items[i].path, LIMIT_EVIDENCE_FILE_BYTES, &content, NULL))) continue;
        status got = fetching_complete(&r->fetching, content, err);
        file_free(content);
        TRY(got);
    }
    return OK;
}

static status inspect_all(struct run *r, int *code, struct err *err)
{
    const struct settings *s = &r->settings;
    struct output output;
    struct report_totals totals;
    TRY(output_open(&output, s->output, &r->memory, err));
    const struct batch batch = {
        .subjects = &r->subjects,
        .options = &r->options,
        .format = report_formats[s->format],
        .palette = palette_for(output.stream),
        .quiet = s->quiet,
        .jobs = (unsigned)s->jobs,
        .out = output.stream,
        .shows_progress = !isatty(fileno(output.stream)),
    };
    status ran = batch_run(&batch, &totals, err);
    if (!is_ok(ran)) output_abandon(&output);
    TRY(ran);
    TRY(output_finish(&output, err));
    *code = totals.code;
    return OK;
}

static int run_with(struct run *r)
{
    struct err err = {0};
    int code = EXIT_DONE;
    status s = prepare(r, &err);
    if (is_ok(s)) s = fetch_all(r, &err);
    if (is_ok(s)) s = inspect_all(r, &code, &err);
    return is_ok(s) ? code : command_failed(r->self, &err);
}

static status check_output(const struct run *r, struct err *err)
{
    const struct text_list *const inputs[] = {&r->operands, &r->settings.collateral, &r->settings.roots};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        TRY(output_check(r->settings.output, inputs[i], err));
    return OK;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct err err = {0};
    struct run r = {.self = self, .settings = {.at = (int64_t)time(NULL), .reference = reference_anything()}};
    int code = command_take(self, argc, argv, &r.settings, &r.operands, &r.memory);
    if (code == EXIT_DONE && r.operands.count == 0) code = usage_error(self, "name at least one file or folder");
    if (code == EXIT_DONE && !r.settings.fetch && (r.settings.offline || r.settings.kds_url))
        code = usage_error(self, "--offline and --kds-url go with --fetch");
    if (code == EXIT_DONE && r.settings.quiet && r.settings.format != REPORT_TEXT)
        code = usage_error(self, "--quiet goes with --format text");
    if (code == EXIT_DONE && !is_ok(check_output(&r, &err))) code = usage_error(self, "--output: %s", err.text);
    if (code == EXIT_DONE) code = run_with(&r);
    fetching_close(&r.fetching);
    collateral_free(&r.collateral);
    arena_free(&r.memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] =
    "Takes each report out of its envelope, says all that is in it, verifies who has signed it, and judges it against "
    "what was asked for on the command line. Needs no network, and asks nobody "
    "unless --fetch says so. The last line for each file is the verdict.\n\n"
    "Envelopes are recognised by their content: a raw report, also in hex; a report with the certificate table of the "
    "host behind it; the protobuf message sevsnp.Attestation; Azure's HCL report; and JSON documents that hold one of "
    "these.\n\n"
    "A folder is taken as a whole: certificates, CRLs and Azure THIM documents in it serve as collateral for all "
    "reports, everything else has to be a report. Links to files are followed, links to folders refused. A file that "
    "is named itself has to be a report. What cannot be read has a result of its own, and the others are judged. "
    "Behind -- every "
    "argument is a file, also one named like an option.\n\n"
    "The leaf (VCEK or VLEK) comes from the evidence when one of the right kind is in it, else from the collateral: "
    "the one for the report's chip and TCB. Of several CRLs one that the trusted ARK has signed is taken, the newest "
    "that is valid at the time in question. Certificates of CAs are compared with the trusted ones and never used. "
    "With --fetch a VCEK or CRL that is in neither is taken from the cache, or got from AMD, who learns the chip id "
    "by that; contrast-fetch(1) says all of it. What is there before the first file is judged serves all of them.\n\n"
    "AMD's root keys are built in. With --insecure-root other ones take their place: then a verdict says so and the "
    "exit code is 10 instead of 0.\n\n"
    "What no option asks for is not judged, and the verdict lists it as such: a report that is merely genuine can come "
    "from any guest on any machine of AMD's. Name at least --measurement or --id-key-digest, --report-data, "
    "--minimum-tcb and --guest-policy to learn something about a guest.\n\n"
    "With several files the exit code is the worst of all, in the order 1, 3, 4, 5, 8, 6, 11, 10, 0.\n\n"
    "The machine-readable formats are described in docs/inspect.md. Each check is explained by contrast explain.";

const struct command command_inspect = {
    .name = "inspect",
    .operands = "FILE|DIR...",
    .operand = OPERAND_FILE,
    .further = OPERAND_FILE,
    .summary = "tell what SNP reports say and whether they are genuine",
    .description = description,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
