/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

const char *const completion_shells[] = {
    [COMPLETION_BASH] = "bash", [COMPLETION_ZSH] = "zsh", [COMPLETION_FISH] = "fish", [COMPLETION_COUNT] = NULL};

static const struct completion *const shells[] = {
    [COMPLETION_BASH] = &completion_bash, [COMPLETION_ZSH] = &completion_zsh, [COMPLETION_FISH] = &completion_fish};

void completion_write(enum completion_shell shell, FILE *out)
{
    const struct completion *s = shells[shell];
    fputs(s->head, out);
    for (size_t i = 0; i < command_count; i++)
        s->command(out, commands[i]);
    fputs(s->middle, out);
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = commands[i];
        s->begin(out, c);
        for (size_t n = 0; n < c->option_count; n++)
            s->option(out, c, &c->options[n]);
        s->option(out, c, &command_option_help);
        s->end(out, c);
    }
    fputs(s->foot, out);
}

enum completion_value completion_value_of(const struct option_row *option)
{
    if (!option->argument) return COMPLETION_FLAG;
    if (option->words) return COMPLETION_WORDS;
    static const char *const files[] = {"FILE", "DIR", "PATH"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (strncmp(option->argument, files[i], strlen(files[i])) == 0) return COMPLETION_FILES;
    return COMPLETION_ANYTHING;
}

void completion_put_words(FILE *out, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", words[i]);
}

void completion_put_operand_words(FILE *out, const struct command *command)
{
    if (command->operand == OPERAND_WORD) completion_put_words(out, command->operand_words);
    for (size_t i = 0; command->operand == OPERAND_COMMAND && i < command_count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", commands[i]->name);
}

void completion_put_escaped(FILE *out, const char *text, const char *special, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs(quote, out);
        else
            fprintf(out, "%s%c", strchr(special, *text) ? "\\" : "", *text);
    }
}
