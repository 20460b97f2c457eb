/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

/* Lines, each with a condition: whether it applies where the cursor stands. */

static const char head[] =
    "# Written by \"contrast help --completion fish\"; a test compares.\n"
    "\n"
    "function __contrast_begins\n"
    "    test (count (commandline -opc)) -eq 1\n"
    "end\n"
    "\n"
    "# Whether the command is this one.\n"
    "function __contrast_in -a command\n"
    "    set -l before (commandline -opc)\n"
    "    test \"$before[2]\" = $command\n"
    "end\n"
    "\n"
    "# Whether an option has not been given yet.  Behind its name the last word lacks its value.\n"
    "function __contrast_once -a command value\n"
    "    set -l before (commandline -opc)\n"
    "    test \"$before[2]\" = $command; or return 1\n"
    "    test $value = value; and contains -- \"$before[-1]\" $argv[3..]; and set -e before[-1]\n"
    "    for name in $argv[3..]\n"
    "        contains -- $name $before; and return 1\n"
    "        string match -q -- \"$name=*\" $before; and return 1\n"
    "    end\n"
    "    return 0\n"
    "end\n"
    "\n"
    "# Whether no operand has been given yet; behind the command stand its options that take a value.\n"
    "function __contrast_first -a command\n"
    "    set -l before (commandline -opc)\n"
    "    test \"$before[2]\" = $command; or return 1\n"
    "    set -l due no\n"
    "    for word in $before[3..]\n"
    "        if test $due = yes\n"
    "            set due no\n"
    "        else if contains -- $word $argv[2..]\n"
    "            set due yes\n"
    "        else if not string match -q -- '-?*' $word\n"
    "            return 1\n"
    "        end\n"
    "    end\n"
    "    return 0\n"
    "end\n"
    "\n"
    "complete -c contrast -f\n"
    "complete -c contrast -n __contrast_begins -s h -l help -d 'this text'\n";

static void put_description(FILE *out, const char *text)
{
    fputs(" -d '", out);
    completion_put_escaped(out, text, "\\", "\\'");
    fputs("'\n", out);
}

static void put_command(FILE *out, const struct command *c)
{
    fprintf(out, "complete -c contrast -n __contrast_begins -a %s", c->name);
    put_description(out, c->summary);
}

static void begin(FILE *out, const struct command *c)
{
    fprintf(out, "\n# contrast %s\n", c->name);
}

static void put_option(FILE *out, const struct command *c, const struct option_row *o)
{
    enum completion_value v = completion_value_of(o);
    fprintf(out, "complete -c contrast -n '__contrast_%s %s", o->repeatable ? "in" : "once", c->name);
    if (!o->repeatable) fprintf(out, " %s %s", v == COMPLETION_FLAG ? "flag" : "value", o->name);
    if (!o->repeatable && o->letter) fprintf(out, " -%c", o->letter);
    fprintf(out, "' -l %s", o->name + strlen("--"));
    if (o->letter) fprintf(out, " -o %c", o->letter);
    if (v == COMPLETION_FILES) fputs(" -r -F", out);
    if (v == COMPLETION_ANYTHING || v == COMPLETION_WORDS) fputs(" -x", out);
    if (v == COMPLETION_WORDS) {
        fputs(" -a '", out);
        completion_put_words(out, o->words);
        fputc('\'', out);
    }
    put_description(out, o->help);
}

static void put_valued_names(FILE *out, const struct command *c)
{
    for (size_t i = 0; i < c->option_count; i++) {
        const struct option_row *o = &c->options[i];
        if (!o->argument) continue;
        fprintf(out, " %s", o->name);
        if (o->letter) fprintf(out, " -%c", o->letter);
    }
}

static void put_operand(FILE *out, const struct command *c, const char *test, enum operand_kind kind)
{
    if (kind == OPERAND_NONE) return;
    fprintf(out, "complete -c contrast -n '__contrast_in %s", c->name);
    if (test) {
        fprintf(out, "; and %s__contrast_first %s", test, c->name);
        put_valued_names(out, c);
    }
    fputc('\'', out);
    if (kind == OPERAND_FILE) {
        fputs(" -F\n", out);
        return;
    }
    fputs(" -a '", out);
    completion_put_operand_words(out, c);
    fputs("'\n", out);
}

static void end(FILE *out, const struct command *c)
{
    bool same = c->operand == c->further;
    if (!same) put_operand(out, c, "", c->operand);
    put_operand(out, c, same ? NULL : "not ", c->further);
}

const struct completion completion_fish = {
    .head = head,
    .command = put_command,
    .middle = "",
    .begin = begin,
    .option = put_option,
    .end = end,
    .foot = "",
};
