/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

const struct command *const commands[] = {
    &command_generate, &command_verify,   &command_set,     &command_recover,      &command_manifest,
    &command_policy,   &command_sign,     &command_inspect, &command_measure,      &command_collateral,
    &command_explain,  &command_selftest, &command_version, &command_help_command,
};
const size_t command_count = sizeof commands / sizeof commands[0];

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    return NULL;
}

struct command_hint command_hint_command(const char *given)
{
    const char *names[COMMANDS_MAX];
    size_t count = 0;
    for (; count < command_count && count < COMMANDS_MAX; count++)
        names[count] = commands[count]->name;
    return command_hint(given, names, count);
}

void program_help(FILE *out)
{
    fprintf(out, "usage: contrast COMMAND [OPTION...] [OPERAND...]\n\ncommands:\n");
    for (size_t i = 0; i < command_count; i++)
        fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "\nexit codes:\n");
    for (int i = 0; i < EXIT_CODE_COUNT; i++)
        fprintf(out, "  %-12d %s\n", i, exit_code_meaning(i));
    fprintf(out, "\ncontrast COMMAND --help tells the options of a command.\n");
}
