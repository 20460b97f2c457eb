/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "cli/layout.h"
#include "parse/text.h"

struct command_title command_title(const struct command *command)
{
    struct command_title t;
    const char *name = command->program ? command->program : command->name;
    const char *front = command->program ? "" : "contrast";
    snprintf(t.call, sizeof t.call, "%s%s%s", front, *front ? " " : "", name);
    snprintf(t.prefix, sizeof t.prefix, "%s%s%s", front, *front ? ": " : "", name);
    return t;
}

/* ---- slips of the pen ------------------------------------------------------------------------------------------- */

struct command_hint command_hint(const char *given, const char *const *names, size_t count)
{
    struct command_hint hint = {""};
    size_t least = strlen(given) / 4 + 2; /* so many letters are too many to be a slip */
    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(text_bytes(given), text_bytes(names[i]));
        if (distance >= least) continue;
        least = distance;
        snprintf(hint.s, sizeof hint.s, "; did you mean %s?", names[i]);
    }
    return hint;
}

/* Of "--naem=value" the name alone. */
static struct command_hint hint_option(const struct command *self, const char *argument)
{
    const char *names[COMMAND_OPTIONS_MAX + 1] = {command_option_help.name};
    char name[64];
    size_t count = 1;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument, "="), argument);
    for (size_t i = 0; i < self->option_count && count <= COMMAND_OPTIONS_MAX; i++)
        names[count++] = self->options[i].name;
    return command_hint(name, names, count);
}

/* ---- what goes to stderr ---------------------------------------------------------------------------------------- */

int usage_error(const struct command *command, const char *fmt, ...)
{
    struct command_title title = command_title(command);
    fprintf(stderr, "%s: ", title.prefix);
    va_list args;
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, " (see %s --help)\n", title.call);
    return EXIT_USAGE;
}

int command_failed(const struct command *command, const struct err *err)
{
    fprintf(stderr, "%s: %s\n", command_title(command).prefix, err->text);
    return exit_code_of_error(err);
}

int command_flush(const struct command *command)
{
    struct err err = {0};
    if (fflush(stdout) == 0 && !ferror(stdout)) return EXIT_DONE;
    (void)!is_ok(err_set(&err, ERR_IO, 0, "standard output: %s", strerror(errno)));
    return command_failed(command, &err);
}

/* ---- help ------------------------------------------------------------------------------------------------------- */

const struct option_row command_option_help = {.name = "--help", .letter = 'h', .help = "this text"};

enum { HELP_COLUMNS = 100, HELP_INDENT = 30 };

static void help_row(FILE *out, const struct option_row *o)
{
    int n = o->letter ? fprintf(out, "  -%c, %s", o->letter, o->name) : fprintf(out, "  %s", o->name);
    if (o->argument) n += fprintf(out, " %s", o->argument);
    if (n + 1 >= HELP_INDENT) {
        fputc('\n', out);
        n = 0;
    }
    fprintf(out, "%*s", HELP_INDENT - n, "");
    layout_wrap(out, o->help, HELP_INDENT, HELP_INDENT, HELP_COLUMNS);
}

void command_help(const struct command *command, FILE *out)
{
    fprintf(out, "usage: %s [OPTION...]%s%s\n\n", command_title(command).call, command->operands[0] ? " " : "",
            command->operands);
    layout_wrap(out, command->summary, 0, 0, HELP_COLUMNS);
    fputc('\n', out);
    for (size_t i = 0; i < command->option_count; i++)
        help_row(out, &command->options[i]);
    help_row(out, &command_option_help);
}

/* ---- arguments -------------------------------------------------------------------------------------------------- */

/* A pull reader over argv. */
struct argument_reader {
    const struct command *command;
    int argc;
    char **argv;
    int at;
    bool only_operands; /* after "--" */
    bool seen[COMMAND_OPTIONS_MAX];
};

static bool is_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

/* The row for "--name", "--name=value" or "-n"; NULL when there is none. */
static const struct option_row *find_option(const struct command *command, const char *argument)
{
    size_t n = strcspn(argument, "=");
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_row *o = &command->options[i];
        if (strlen(o->name) == n && memcmp(o->name, argument, n) == 0) return o;
        if (o->letter && argument[1] == o->letter && argument[2] == '\0') return o;
    }
    return NULL;
}

static status take_value(struct argument_reader *r, const struct option_row *row, const char *argument,
                         const char **value, struct err *err)
{
    const char *equals = argument[1] == '-' ? strchr(argument, '=') : NULL;
    *value = equals ? equals + 1 : NULL;
    if (equals && !row->argument) return err_set(err, ERR_SYNTAX, 0, "takes no value");
    if (equals || !row->argument) return OK;
    if (r->at >= r->argc) return err_set(err, ERR_MISSING, 0, "needs a value: %s", row->argument);
    *value = r->argv[r->at++];
    return OK;
}

static status take_option(struct argument_reader *r, const struct option_row *row, const char *argument, void *settings,
                          struct arena *memory, struct err *err)
{
    const char *value;
    TRY(take_value(r, row, argument, &value, err));
    size_t i = (size_t)(row - r->command->options);
    if (r->seen[i] && !row->repeatable) return err_set(err, ERR_DUPLICATE, 0, "given twice");
    r->seen[i] = true;
    return row->set((char *)settings + row->at, row, value, memory, err);
}

/* A shell's * gives the name of every file, also of one that is named like an option. */
static int unknown_option(const struct command *self, const char *argument)
{
    struct stat st;
    struct command_hint meant = hint_option(self, argument);
    const char *hint = self->operands[0] && lstat(argument, &st) == 0
                           ? "; for the file of that name write ./ in front of it, or -- in front of all files"
                           : meant.s;
    return usage_error(self, "unknown option %s%s", text_quote(text_bytes(argument)).s, hint);
}

int command_take(const struct command *self, int argc, char **argv, void *settings, struct text_list *operands,
                 struct arena *memory)
{
    struct argument_reader r = {.command = self, .argc = argc, .argv = argv, .at = 1};
    while (r.at < argc) {
        struct err err = {0};
        const char *argument = argv[r.at++];
        bool operand = r.only_operands || argument[0] != '-' || argument[1] == '\0';
        if (operand && !is_ok(text_list_add(operands, argument, memory, &err))) return command_failed(self, &err);
        if (operand) continue;
        if (strcmp(argument, "--") == 0) {
            r.only_operands = true;
            continue;
        }
        if (is_help(argument)) {
            command_help(self, stdout);
            return COMMAND_HELP_GIVEN;
        }
        const struct option_row *row = find_option(self, argument);
        if (!row) return unknown_option(self, argument);
        status s = take_option(&r, row, argument, settings, memory, &err);
        if (s.kind == ERR_NOMEM) return command_failed(self, &err);
        if (!is_ok(s)) return usage_error(self, "%s: %s", row->name, err.text);
    }
    return EXIT_DONE;
}

int command_take_action(const struct command *self, struct text_list *operands, unsigned *action)
{
    struct err err = {0};
    if (operands->count == 0) return usage_error(self, "say what to do: %s", option_words_text(self->operand_words).s);
    bytes word = text_bytes(operands->items[0]);
    if (!is_ok(option_parse_word(word, self->operand_words, action, &err))) {
        size_t count = 0;
        while (self->operand_words[count])
            count++;
        return usage_error(self, "%s%s", err.text, command_hint(operands->items[0], self->operand_words, count).s);
    }
    operands->items++;
    operands->count--;
    return EXIT_DONE;
}
