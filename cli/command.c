/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stdarg.h>
#include <string.h>

#include "parse/text.h"

struct option_reader options_over(const struct command *command, int argc, char **argv)
{
    return (struct option_reader){.command = command, .argc = argc, .argv = argv, .at = 1};
}

int usage_error(const struct command *command, const char *fmt, ...)
{
    fprintf(stderr, "contrast: %s: ", command->name);
    va_list args;
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, " (see contrast %s --help)\n", command->name);
    return EXIT_USAGE;
}

void command_help(const struct command *command, FILE *out)
{
    fprintf(out, "usage: contrast %s [OPTION...] %s\n%s\n\n", command->name, command->operands, command->summary);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_row *o = &command->options[i];
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        fprintf(out, "  %-28s %s\n", left, o->help);
    }
    fprintf(out, "  %-28s %s\n", "--help", "this text");
}

static int refuse(const struct option_reader *r, const char *what, const char *argument)
{
    usage_error(r->command, "%s %s", what, text_quote(BYTES((const uint8_t *)argument, strlen(argument))).s);
    return OPTION_BAD;
}

/* The row whose name is argument[2..n). */
static int find(const struct command *command, const char *argument, size_t n)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const char *name = command->options[i].name;
        if (strlen(name) == n - 2 && memcmp(name, argument + 2, n - 2) == 0) return (int)i;
    }
    return OPTION_BAD;
}

int option_next(struct option_reader *r, const char **value)
{
    *value = NULL;
    if (r->at >= r->argc) return OPTION_END;
    const char *argument = r->argv[r->at++];
    if (!r->only_operands && strcmp(argument, "--") == 0) {
        r->only_operands = true;
        return option_next(r, value);
    }
    if (r->only_operands || argument[0] != '-' || argument[1] == '\0') {
        *value = argument;
        return OPTION_OPERAND;
    }
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        command_help(r->command, stdout);
        return OPTION_HELP;
    }
    if (argument[1] != '-') return refuse(r, "unknown option", argument);

    size_t n = strcspn(argument, "=");
    int i = find(r->command, argument, n);
    if (i < 0) return refuse(r, "unknown option", argument);
    bool takes_value = r->command->options[i].argument != NULL;
    if (argument[n] == '=') {
        if (!takes_value) return refuse(r, "option takes no value:", argument);
        *value = argument + n + 1;
    } else if (takes_value) {
        if (r->at >= r->argc) return refuse(r, "option needs a value:", argument);
        *value = r->argv[r->at++];
    }
    return i;
}
