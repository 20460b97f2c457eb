/* SPDX-License-Identifier: Apache-2.0 */
/* contrast inspect: is a report genuine, what does it say, and which check failed. */
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/inspection.h"
#include "cli/report_text.h"
#include "parse/text.h"
#include "parse/time.h"

enum { OPTION_COLLATERAL, OPTION_AT, OPTION_NO_REVOCATION };

static const struct option_row options[] = {
    [OPTION_COLLATERAL] = {"collateral", "PATH",
                           "file or folder with leaves and CRLs, DER or PEM (repeatable); never roots"},
    [OPTION_AT] = {"at", "RFC3339", "judge validity at this time instead of now"},
    [OPTION_NO_REVOCATION] = {"no-revocation", NULL, "do not ask for a CRL; the verdict says so"},
};

struct inspect {
    struct collateral collateral;
    struct inspection_options options;
    const char **paths; /* operands, borrowed from argv: they are moved to its front */
    size_t path_count;
};

static bytes text(const char *s)
{
    return BYTES((const uint8_t *)s, strlen(s));
}

static int take_option(const struct command *self, struct inspect *x, int option, const char *value)
{
    struct err err = {0};
    switch (option) {
    case OPTION_COLLATERAL:
        if (is_ok(collateral_add(&x->collateral, value, &err))) return EXIT_DONE;
        fprintf(stderr, "contrast: inspect: collateral: %s\n", err.text);
        return err.kind == ERR_IO || err.kind == ERR_NOMEM ? EXIT_INTERNAL : EXIT_MALFORMED;
    case OPTION_AT:
        if (is_ok(time_parse_rfc3339(text(value), &x->options.authenticate.now, &err))) return EXIT_DONE;
        return usage_error(self, "--at: %s", err.text);
    case OPTION_NO_REVOCATION:
        x->options.authenticate.revocation = REVOCATION_WAIVED_BY_USER;
        return EXIT_DONE;
    default:
        return EXIT_USAGE;
    }
}

static int take_arguments(const struct command *self, int argc, char **argv, struct inspect *x)
{
    struct option_reader r = options_over(self, argc, argv);
    const char *value;
    for (int option = option_next(&r, &value); option != OPTION_END; option = option_next(&r, &value)) {
        if (option == OPTION_HELP) return -1;
        if (option == OPTION_BAD) return EXIT_USAGE;
        if (option == OPTION_OPERAND) {
            x->paths[x->path_count++] = value;
            continue;
        }
        int code = take_option(self, x, option, value);
        if (code != EXIT_DONE) return code;
    }
    return x->path_count > 0 ? EXIT_DONE : usage_error(self, "name at least one file");
}

static int inspect_file(const struct inspect *x, const char *path)
{
    struct inspection i;
    struct err err = {0};
    if (!is_ok(inspection_run(path, &x->options, &i, &err))) {
        fprintf(stderr, "contrast: inspect: %s\n", err.text);
        return EXIT_INTERNAL;
    }
    report_text(&i, stdout);
    int code = verdict_exit_code(&i.verdict);
    inspection_free(&i);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct inspect x = {.paths = (const char **)argv,
                        .options = {.authenticate = {.cas = snp_ca_set_amd(), .now = (int64_t)time(NULL)},
                                    .reference = reference_anything()}};
    x.options.collateral = &x.collateral;

    int code = take_arguments(self, argc, argv, &x);
    for (size_t i = 0; code == EXIT_DONE && i < x.path_count; i++)
        code = inspect_file(&x, x.paths[i]);
    collateral_free(&x.collateral);
    return code < 0 ? EXIT_DONE : code;
}

const struct command command_inspect = {
    .name = "inspect",
    .operands = "FILE...",
    .summary = "tell what SNP reports say and whether they are genuine",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
