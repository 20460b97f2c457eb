/* SPDX-License-Identifier: Apache-2.0 */
/* contrast explain: what a check means and what to do when it fails. */
#include "cli/commands.h"
#include "cli/explain.h"
#include "cli/manual.h"
#include "parse/text.h"

struct settings {
    bool markdown, man;
};

static const struct option_row options[] = {
    {.name = "--markdown",
     .help = "all of them as docs/checks.md",
     .set = option_set_flag,
     .at = offsetof(struct settings, markdown)},
    {.name = "--man",
     .help = "all of them as the man page contrast-checks",
     .set = option_set_flag,
     .at = offsetof(struct settings, man)},
};

static const char *const names_of_checks[] = {
#define CHECK(id, name, exit_code, meaning, specification) name,
#include "verify/checks.def"
#undef CHECK
#define WARNING(id, name, text) name,
#include "verify/warnings.def"
#undef WARNING
    NULL,
};

static int unknown(const struct command *self, const char *name)
{
    const char *nearest[3] = {"", "", ""};
    (void)explain_nearest(name, nearest, 3);
    return usage_error(self, "no check %s; nearest: %s, %s, %s", text_quote(text_bytes(name)).s, nearest[0], nearest[1],
                       nearest[2]);
}

static int explain(const struct command *self, const struct settings *s, const struct text_list *names)
{
    if (s->markdown && s->man) return usage_error(self, "want one of --markdown and --man");
    if ((s->markdown || s->man) && names->count > 0)
        return usage_error(self, "%s takes no check: it writes all of them", s->man ? "--man" : "--markdown");
    for (size_t i = 0; i < names->count; i++)
        if (!explain_one(names->items[i], stdout) && !explain_group(names->items[i], stdout))
            return unknown(self, names->items[i]);
    if (s->markdown)
        explain_markdown(stdout);
    else if (s->man)
        manual_checks(stdout);
    else if (names->count == 0)
        explain_list(stdout);
    return command_flush(self);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings s = {0};
    struct text_list names = {0};
    struct arena memory = {0};
    int code = command_take(self, argc, argv, &s, &names, &memory);
    if (code == EXIT_DONE) code = explain(self, &s, &names);
    arena_free(&memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

const struct command command_explain = {
    .name = "explain",
    .operands = "[CHECK...]",
    .summary = "tell what a check means and what to do when it fails",
    .description = "Without a name, lists all checks and warnings; with the beginning of some names, as crl or leaf., "
                   "those. Names "
                   "never change their meaning.",
    .operand = OPERAND_WORD,
    .further = OPERAND_WORD,
    .operand_words = names_of_checks,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
