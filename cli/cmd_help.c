/* SPDX-License-Identifier: Apache-2.0 */
/* contrast help: the help of a command, and what is written from the same tables. */
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/fetch_options.h"
#include "cli/manual.h"
#include "parse/text.h"

struct settings {
    bool man;
    unsigned completion; /* enum completion_shell; COMPLETION_COUNT: not asked for */
};

static const struct option_row options[] = {
    {.name = "--man",
     .help = "the man page of a command, or of contrast itself",
     .set = option_set_flag,
     .at = offsetof(struct settings, man)},
    {.name = "--completion",
     .argument = "SHELL",
     .help = "completion for bash, zsh or fish",
     .set = option_set_word,
     .at = offsetof(struct settings, completion),
     .words = completion_shells},
};

/* Other programs have pages too. */
static const struct command *find(const char *name)
{
    return strcmp(name, command_fetch.program) == 0 ? &command_fetch : command_find(name);
}

static int help(const struct command *self, const struct settings *s, const struct text_list *names)
{
    bool completion = s->completion != COMPLETION_COUNT;
    const struct command *about = names->count > 0 ? find(names->items[0]) : NULL;
    if (names->count > 1 || (completion && (s->man || about))) return usage_error(self, "want one thing at a time");
    if (names->count > 0 && !about)
        return usage_error(self, "no command %s%s", text_quote(text_bytes(names->items[0])).s,
                           command_hint_command(names->items[0]).s);
    if (completion)
        completion_write(s->completion, stdout);
    else if (s->man && about)
        manual_command(stdout, about);
    else if (s->man)
        manual_program(stdout);
    else if (about)
        command_help(about, stdout);
    else
        program_help(stdout);
    return command_flush(self);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings s = {.completion = COMPLETION_COUNT};
    struct text_list names = {0};
    struct arena memory = {0};
    int code = command_take(self, argc, argv, &s, &names, &memory);
    if (code == EXIT_DONE) code = help(self, &s, &names);
    arena_free(&memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] =
    "What --completion writes goes where the shell looks for it: for bash to "
    "~/.local/share/bash-completion/completions/contrast, for zsh to a folder of $fpath as _contrast, for fish to "
    "~/.config/fish/completions/contrast.fish. It can be sourced too; for zsh behind compinit.";

const struct command command_help_command = {
    .name = "help",
    .operands = "[COMMAND]",
    .operand = OPERAND_COMMAND,
    .summary = "tell how to use a command",
    .description = description,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
