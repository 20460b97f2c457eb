/* SPDX-License-Identifier: Apache-2.0 */
/* cli/command.h: a command of `contrast` is a row of data: name, options, text, and a function. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "cli/exit_code.h"
#include "cli/option.h"

/* What completion offers for an operand. */
enum operand_kind { OPERAND_NONE, OPERAND_FILE, OPERAND_WORD, OPERAND_COMMAND };

struct command {
    const char *name;
    const char *program;     /* that it is all of; NULL: contrast */
    const char *operands;    /* for example "FILE|DIR..."; "" when it takes none */
    const char *summary;     /* one sentence, no capital, no full stop */
    const char *description; /* paragraphs, parted by an empty line; for the man page; NULL: the summary says it all */
    enum operand_kind operand, further; /* the first operand, and those behind it */
    const char *const *operand_words;   /* for OPERAND_WORD; NULL behind the last */
    const struct option_row *options;
    size_t option_count;
    int (*run)(const struct command *self, int argc, char **argv); /* argv[0] is the command's name */
};

/* --help, which every command has beside its own options. */
extern const struct option_row command_option_help;

/* How it is called, and what its messages begin with. */
struct command_title {
    char call[64];   /* "contrast inspect", "contrast-fetch" */
    char prefix[64]; /* "contrast: inspect", "contrast-fetch" */
};
struct command_title command_title(const struct command *command);

/* All of them, in the order of the help; they and what looks in them are in cli/commands.c, so that other programs go
 * without. */
extern const struct command *const commands[];
extern const size_t command_count;

/* NULL when there is none. */
const struct command *command_find(const char *name);

/* "; did you mean NAME?" for the one of names[0..count) that `given` is probably a slip of; else "". */
struct command_hint {
    char s[96];
};
struct command_hint command_hint(const char *given, const char *const *names, size_t count);

/* The same among the names of all commands. */
struct command_hint command_hint_command(const char *given);

/* The options of one command and the commands, at most. */
enum { COMMAND_OPTIONS_MAX = 64, COMMANDS_MAX = 64 };

/* What command_take gives back when help was asked for and printed: the program is done, and well. */
enum { COMMAND_HELP_GIVEN = -1 };

/* Takes the arguments apart: options into `settings` by their rows, everything else into `operands`.  Options may stand
 * anywhere before "--"; a value follows as the next argument or behind '='.  An option given twice that is not
 * repeatable is refused.  EXIT_DONE; or, after one line to stderr, EXIT_USAGE or EXIT_INTERNAL; or COMMAND_HELP_GIVEN.
 * Borrows argv and `memory`. */
int command_take(const struct command *self, int argc, char **argv, void *settings, struct text_list *operands,
                 struct arena *memory);

/* Takes the first operand, which has to be one of self->operand_words, off the others; *action is its index.
 * EXIT_DONE, or as usage_error. */
int command_take_action(const struct command *self, struct text_list *operands, unsigned *action);

/* One line "contrast: NAME: ..." to stderr; returns EXIT_USAGE. */
int usage_error(const struct command *command, const char *fmt, ...) PRINTF(2, 3);

/* One line "contrast: NAME: ..." to stderr; returns what exit_code_of_error says. */
int command_failed(const struct command *command, const struct err *err);

/* Everything written to standard output has arrived: EXIT_DONE; otherwise as command_failed. */
int command_flush(const struct command *command);

void command_help(const struct command *command, FILE *out);

#endif
