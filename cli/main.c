/* SPDX-License-Identifier: Apache-2.0 */
/* contrast: the command-line program. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/commands.h"
#include "parse/text.h"
#include "verify/crypto.h"

/* A file opened later would get the number of a standard stream that is closed, and messages would go into it.  Read
 * only, so that to write results to a closed standard output still fails. */
static bool occupy_standard_streams(void)
{
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDONLY);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    return descriptor >= 0 && close(descriptor) == 0;
}

int main(int argc, char **argv)
{
    if (!occupy_standard_streams()) return EXIT_INTERNAL;
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
    fprintf(stderr, "contrast: no command %s%s (see contrast --help)\n", text_quote(text_bytes(name)).s,
            command_hint_command(name).s);
    return EXIT_USAGE;
}
