/* SPDX-License-Identifier: Apache-2.0 */
/* contrast version: which program this is, what is linked into it, and under which licences it is conveyed. */
#include <gnu/libc-version.h>

#include "cli/commands.h"
#include "cli/layout.h"
#include "cli/report.h"
#include "parse/text.h"
#include "parse/version.h"
#include "verify/crypto.h"

static const struct option_row options[] = {
    {.name = "--licenses", .help = "what is linked, and the licences", .set = option_set_flag, .at = 0},
};

static void licence(const char *what, const char *name)
{
    printf("  %-22s %s\n", what, name);
}

static void print_licences(void)
{
    char libc[32];
    snprintf(libc, sizeof libc, "glibc %s", gnu_get_libc_version());
    printf("\nlinked:\n");
    licence("contrast " CONTRAST_VERSION, "Apache-2.0");
    licence(crypto_library(), "GPL-2.0-or-later");
    licence(report_json_library(), "MIT");
    licence(libc, "LGPL-2.1-or-later");
    fputc('\n', stdout);
    layout_wrap(
        stdout,
        "The source code of contrast is licensed under the Apache License, Version 2.0. This program is a combined "
        "work with wolfSSL and is conveyed under the GNU General Public License, version 3 or any later version; "
        "whoever passes it on has to offer its complete corresponding source. NOTICE in the source tree says "
        "more. There is no warranty.",
        0, 0, LAYOUT_COLUMNS);
}

static int run(const struct command *self, int argc, char **argv)
{
    bool licences = false;
    struct text_list operands = {0};
    struct arena memory = {0};
    int code = command_take(self, argc, argv, &licences, &operands, &memory);
    if (code == EXIT_DONE && operands.count > 0)
        code = usage_error(self, "takes no operand %s", text_quote(text_bytes(operands.items[0])).s);
    arena_free(&memory);
    if (code != EXIT_DONE) return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;

    printf("contrast " CONTRAST_VERSION "\n");
    if (licences) print_licences();
    return command_flush(self);
}

const struct command command_version = {
    .name = "version",
    .operands = "",
    .summary = "tell the version, and what is linked",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
