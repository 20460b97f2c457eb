/* SPDX-License-Identifier: Apache-2.0 */
/* contrast help: the help of a command, and what is written from the same tables. */
#include "cli/commands.h"
#include "cli/manual.h"
#include "parse/text.h"

struct settings {
    bool man, completion;
};

static const struct option_row options[] = {
    {.name = "--man",
     .help = "the man page of a command, or of contrast itself",
     .set = option_set_flag,
     .at = offsetof(struct settings, man)},
    {.name = "--completion",
     .help = "completion for bash",
     .set = option_set_flag,
     .at = offsetof(struct settings, completion)},
};

static int help(const struct command *self, const struct settings *s, const struct text_list *names)
{
    const struct command *about = names->count > 0 ? command_find(names->items[0]) : NULL;
    if (names->count > 1 || (s->completion && (s->man || about))) return usage_error(self, "want one thing at a time");
    if (names->count > 0 && !about)
        return usage_error(self, "no command %s", text_quote(text_bytes(names->items[0])).s);
    if (s->completion)
        manual_completion(stdout);
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
    struct settings s = {0};
    struct text_list names = {0};
    struct arena memory = {0};
    int code = command_take(self, argc, argv, &s, &names, &memory);
    if (code == EXIT_DONE) code = help(self, &s, &names);
    arena_free(&memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

const struct command command_help_command = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "tell how to use a command",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
