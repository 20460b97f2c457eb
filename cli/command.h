/* SPDX-License-Identifier: Apache-2.0 */
/* cli/command.h: a command of `contrast` is a row of data: name, options, and a function.
 *
 * Help, usage errors, the man page and shell completion come from these tables, so that they cannot lie.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit codes, stable for ever; the table with their meaning is in cli/main.c. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_INTERNAL = 1,
    EXIT_USAGE = 2,
    EXIT_MALFORMED = 3,
    EXIT_SIGNATURE = 4,
    EXIT_REVOKED = 5,
    EXIT_REFERENCE = 6,
    EXIT_HISTORY = 7,
    EXIT_BINDING = 8,
    EXIT_NETWORK = 9,
    EXIT_BY_HAND = 10,
    EXIT_NOT_JUDGED = 11,
};

struct option_row {
    const char *name;     /* without the dashes */
    const char *argument; /* how help calls its value; NULL for a flag */
    const char *help;     /* one sentence */
};

struct command {
    const char *name;
    const char *operands; /* for example "FILE|DIR..." */
    const char *summary;  /* one sentence */
    const struct option_row *options;
    size_t option_count;
    int (*run)(const struct command *self, int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct command command_inspect;
extern const struct command command_measure;

/* Pull reader over the arguments of a command.  Options may stand anywhere before "--"; a value follows its option as
 * the next argument or behind '='.  Borrows argv. */
struct option_reader {
    const struct command *command;
    int argc;
    char **argv;
    int at;
    bool only_operands; /* after "--" */
};

enum { OPTION_END = -1, OPTION_OPERAND = -2, OPTION_BAD = -3, OPTION_HELP = -4 };

struct option_reader options_over(const struct command *command, int argc, char **argv);

/* The index of the next option in the command's table, with its value in *value (NULL for a flag); or OPTION_OPERAND
 * with the operand in *value; or OPTION_END; or, after one line to stderr, OPTION_BAD; or, after the help to stdout,
 * OPTION_HELP. */
int option_next(struct option_reader *r, const char **value);

/* One line "contrast: NAME: ..." to stderr; returns EXIT_USAGE. */
int usage_error(const struct command *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void command_help(const struct command *command, FILE *out);

#endif
