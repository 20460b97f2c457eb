/* SPDX-License-Identifier: Apache-2.0 */
/* contrast: the command-line program. */
#include <string.h>

#include "cli/command.h"
#include "parse/text.h"
#include "verify/crypto.h"

static const struct command *const commands[] = {
    &command_inspect,
    &command_measure,
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const struct {
    int code;
    const char *meaning;
} exit_codes[] = {
    {EXIT_DONE, "verified, or done"},
    {EXIT_INTERNAL, "internal error, or input or output failed"},
    {EXIT_USAGE, "wrong usage"},
    {EXIT_MALFORMED, "evidence or input is malformed"},
    {EXIT_SIGNATURE, "a signature or the chain is invalid"},
    {EXIT_REVOKED, "revoked, or the CRL is bad or stale"},
    {EXIT_REFERENCE, "reference values or policy are not met"},
    {EXIT_HISTORY, "manifest or history do not match"},
    {EXIT_BINDING, "freshness or binding: nonce, report data"},
    {EXIT_NETWORK, "network"},
    {EXIT_BY_HAND, "verified, but only under a root given by hand"},
    {EXIT_NOT_JUDGED, "readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked"},
};

static void help(FILE *out)
{
    fprintf(out, "usage: contrast COMMAND [OPTION...] [OPERAND...]\n\ncommands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "\nexit codes:\n");
    for (size_t i = 0; i < sizeof exit_codes / sizeof exit_codes[0]; i++)
        fprintf(out, "  %-12d %s\n", exit_codes[i].code, exit_codes[i].meaning);
    fprintf(out, "\ncontrast COMMAND --help tells the options of a command.\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        help(stdout);
        return EXIT_DONE;
    }

    struct err err = {0};
    if (!is_ok(crypto_open(&err))) {
        fprintf(stderr, "contrast: %s\n", err.text);
        return EXIT_INTERNAL;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i]->name) == 0) return commands[i]->run(commands[i], argc - 1, argv + 1);
    fprintf(stderr, "contrast: no command %s (see contrast --help)\n",
            text_quote(BYTES((const uint8_t *)argv[1], strlen(argv[1]))).s);
    return EXIT_USAGE;
}
