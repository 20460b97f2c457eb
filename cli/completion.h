/* SPDX-License-Identifier: Apache-2.0 */
/* cli/completion.h: shell completion, written from the tables of the commands.
 *
 * A script holds what all shells have in common: the commands, then for each its options and what its operands may be.
 * completion.c walks the tables; a shell has a file of its own that says how it is told.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/command.h"

enum completion_shell { COMPLETION_BASH, COMPLETION_ZSH, COMPLETION_FISH, COMPLETION_COUNT };

/* In the order of the enum, NULL behind the last. */
extern const char *const completion_shells[];

void completion_write(enum completion_shell shell, FILE *out);

/* ---- for the shells --------------------------------------------------------------------------------------------- */

struct completion {
    const char *head;
    void (*command)(FILE *out, const struct command *command); /* one of those to choose from */
    const char *middle;
    void (*begin)(FILE *out, const struct command *command);
    void (*option)(FILE *out, const struct command *command, const struct option_row *option);
    void (*end)(FILE *out, const struct command *command); /* and its operands */
    const char *foot;
};
extern const struct completion completion_bash, completion_zsh, completion_fish;

/* What can be offered for the value of an option. */
enum completion_value { COMPLETION_FLAG, COMPLETION_ANYTHING, COMPLETION_FILES, COMPLETION_WORDS };
enum completion_value completion_value_of(const struct option_row *option);

/* Parted by blanks. */
void completion_put_words(FILE *out, const char *const *words);
/* Those that OPERAND_WORD or OPERAND_COMMAND stand for. */
void completion_put_operand_words(FILE *out, const struct command *command);

/* Each of `special` gets a backslash, and each ' what it needs to stand between two of them. */
void completion_put_escaped(FILE *out, const char *text, const char *special, const char *quote);

#endif
