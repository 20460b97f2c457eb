/* SPDX-License-Identifier: Apache-2.0 */
/* contrast: the command-line program. */
#include "cli/commands.h"
#include "parse/text.h"
#include "verify/crypto.h"

int main(int argc, char **argv)
{
    const char *name = argc < 2 ? "" : argv[1];
    if (argc < 2) {
        program_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        program_help(stdout);
        return EXIT_DONE;
    }

    struct err err = {0};
    if (!is_ok(crypto_open(&err))) {
        fprintf(stderr, "contrast: %s\n", err.text);
        return EXIT_INTERNAL;
    }
    const struct command *command = command_find(name);
    if (command) return command->run(command, argc - 1, argv + 1);
    fprintf(stderr, "contrast: no command %s (see contrast --help)\n", text_quote(text_bytes(name)).s);
    return EXIT_USAGE;
}
