/* SPDX-License-Identifier: Apache-2.0 */
/* contrast inspect: is a report genuine, what does it say, and which check failed. */
#include <time.h>

#include "cli/commands.h"
#include "cli/inspection.h"
#include "cli/reference_option.h"
#include "cli/report_text.h"

struct settings {
    struct text_list collateral;
    int64_t at;
    bool no_revocation;
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
    {.name = "--collateral",
     .argument = "PATH",
     .help = "file or folder with leaves and CRLs, DER or PEM (repeatable); never roots",
     .set = option_add_text,
     .at = AT(collateral),
     .repeatable = true},
    {.name = "--at",
     .argument = "RFC3339",
     .help = "judge validity at this time instead of now",
     .set = option_set_time,
     .at = AT(at)},
    {.name = "--no-revocation",
     .help = "do not ask for a CRL; the verdict says so",
     .set = option_set_flag,
     .at = AT(no_revocation)},
    {.name = "--product",
     .argument = "NAME",
     .help = "the product line must be this one: milan, genoa or turin",
     .set = reference_set_product,
     .at = AT(reference.product),
     .words = option_products},
    BYTES_REFERENCE("--measurement", measurement, 48, "MEASUREMENT must be this, or one of several (repeatable)"),
    BYTES_REFERENCE("--report-data", report_data, 64, "REPORT_DATA must be this (repeatable)"),
    BYTES_REFERENCE("--host-data", host_data, 32, "HOST_DATA must be this (repeatable)"),
    BYTES_REFERENCE("--id-key-digest", id_key_digest, 48, "ID_KEY_DIGEST must be this (repeatable)"),
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

static int inspect_file(const struct command *self, const struct inspection_options *o, const char *path)
{
    struct inspection i;
    struct err err = {0};
    if (!is_ok(inspection_run(path, o, &i, &err))) return command_failed(self, &err);
    report_text(&i, stdout);
    int code = verdict_exit_code(&i.verdict);
    inspection_free(&i);
    return code;
}

static int inspect_all(const struct command *self, const struct settings *s, const struct text_list *paths)
{
    struct collateral collateral = {0};
    struct err err = {0};
    status read = OK;
    for (size_t i = 0; is_ok(read) && i < s->collateral.count; i++)
        read = err_in(&err, collateral_add(&collateral, s->collateral.items[i], &err), "collateral");
    int code = is_ok(read) ? EXIT_DONE : command_failed(self, &err);

    const struct inspection_options o = {
        .authenticate = {.cas = snp_ca_set_amd(),
                         .now = s->at,
                         .revocation = s->no_revocation ? REVOCATION_WAIVED_BY_USER : REVOCATION_REQUIRED},
        .reference = s->reference,
        .collateral = &collateral,
    };
    for (size_t i = 0; is_ok(read) && i < paths->count; i++)
        code = exit_code_worse(code, inspect_file(self, &o, paths->items[i]));
    collateral_free(&collateral);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings s = {.at = (int64_t)time(NULL), .reference = reference_anything()};
    struct text_list paths = {0};
    struct arena memory = {0};

    int code = command_take(self, argc, argv, &s, &paths, &memory);
    if (code == EXIT_DONE && paths.count == 0) code = usage_error(self, "name at least one file");
    if (code == EXIT_DONE) code = inspect_all(self, &s, &paths);
    arena_free(&memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

const struct command command_inspect = {
    .name = "inspect",
    .operands = "FILE...",
    .summary = "tell what SNP reports say and whether they are genuine",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
