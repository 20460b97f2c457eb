/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

/* Specifications for _arguments, which does the rest. */

static const char head[] = "#compdef contrast\n"
                           "# Written by \"contrast help --completion zsh\"; a test compares.\n"
                           "\n"
                           "_contrast() {\n"
                           "    local curcontext=$curcontext context state state_descr line\n"
                           "    local -A opt_args\n"
                           "    local -a commands=(\n";

static void put_command(FILE *out, const struct command *c)
{
    fprintf(out, "        '%s:", c->name);
    completion_put_escaped(out, c->summary, "\\:", "'\\''");
    fputs("'\n", out);
}

static const char middle[] =
    "    )\n"
    "    _arguments -C '(- : *)'{-h,--help}'[this text]' '1: :->command' '*:: :->arguments' && return\n"
    "    if [[ $state == command ]]; then\n"
    "        _describe -t commands command commands\n"
    "        return\n"
    "    fi\n"
    "    curcontext=${curcontext%:*:*}:contrast-$words[1]:\n"
    "    case $words[1] in\n";

static void begin(FILE *out, const struct command *c)
{
    fprintf(out, "    %s)\n        _arguments -S", c->name);
}

/* '(-o --output)'{-o,--output=}'[help]:FILE:_files' */
static void put_option(FILE *out, const struct command *c, const struct option_row *o)
{
    enum completion_value v = completion_value_of(o);
    const char *equals = v == COMPLETION_FLAG ? "" : "=";
    (void)c;
    fputs(" \\\n            '", out);
    if (o->repeatable) fputs("*", out);
    if (o->letter && !o->repeatable) fprintf(out, "(-%c %s)", o->letter, o->name);
    if (o->letter)
        fprintf(out, "'{-%c,%s%s}'[", o->letter, o->name, equals);
    else
        fprintf(out, "%s%s[", o->name, equals);
    completion_put_escaped(out, o->help, "\\]", "'\\''");
    fputc(']', out);
    if (v != COMPLETION_FLAG) fprintf(out, ":%s:", o->argument);
    if (v == COMPLETION_FILES) fputs("_files", out);
    if (v == COMPLETION_WORDS) {
        fputc('(', out);
        completion_put_words(out, o->words);
        fputc(')', out);
    }
    fputc('\'', out);
}

static void put_operand(FILE *out, const struct command *c, const char *which, enum operand_kind kind)
{
    static const char *const titles[] = {
        [OPERAND_NONE] = "", [OPERAND_FILE] = "file", [OPERAND_WORD] = "word", [OPERAND_COMMAND] = "command"};
    if (kind == OPERAND_NONE) return;
    fprintf(out, " \\\n            '%s:%s:", which, titles[kind]);
    if (kind == OPERAND_FILE) {
        fputs("_files", out);
    } else {
        fputc('(', out);
        completion_put_operand_words(out, c);
        fputc(')', out);
    }
    fputc('\'', out);
}

static void end(FILE *out, const struct command *c)
{
    if (c->operand != c->further) put_operand(out, c, "1", c->operand);
    put_operand(out, c, "*", c->further);
    fputs("\n        ;;\n", out);
}

static const char foot[] = "    esac\n"
                           "}\n"
                           "\n"
                           "if [[ $funcstack[1] == _contrast ]]; then\n"
                           "    _contrast \"$@\"\n"
                           "else\n"
                           "    compdef _contrast contrast\n"
                           "fi\n";

const struct completion completion_zsh = {
    .head = head,
    .command = put_command,
    .middle = middle,
    .begin = begin,
    .option = put_option,
    .end = end,
    .foot = foot,
};
