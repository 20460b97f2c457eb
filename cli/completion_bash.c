/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

/* A table of calls between two halves of a function that reads it. */

static const char head[] =
    "# Written by \"contrast help --completion bash\"; a test compares.\n"
    "# shellcheck shell=bash disable=SC2034,SC2207\n"
    "\n"
    "# once|again FLAG|ANY|FILES|WORDS NAME...\n"
    "_contrast_option() {\n"
    "    local name\n"
    "    options+=(\"$3\") given[$3]=\n"
    "    for name in \"${@:3}\"; do\n"
    "        often[$name]=$1 value[$name]=$2 long[$name]=$3\n"
    "    done\n"
    "}\n"
    "\n"
    "_contrast() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} options=() operands=0 operand=NONE further=NONE due= ended= name i\n"
    "    local -A often=() value=() long=() given=()\n"
    "    COMPREPLY=()\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        COMPREPLY=($(compgen -W \"";

static void put_command(FILE *out, const struct command *c)
{
    fprintf(out, "%s ", c->name);
}

static const char middle[] = "--help\" -- \"$word\"))\n"
                             "        return\n"
                             "    fi\n"
                             "    case ${COMP_WORDS[1]} in\n";

static void begin(FILE *out, const struct command *c)
{
    fprintf(out, "        %s)\n", c->name);
}

static void put_option(FILE *out, const struct command *c, const struct option_row *o)
{
    static const char *const values[] = {
        [COMPLETION_FLAG] = "FLAG", [COMPLETION_ANYTHING] = "ANY", [COMPLETION_FILES] = "FILES"};
    enum completion_value v = completion_value_of(o);
    (void)c;
    fprintf(out, "            _contrast_option %s ", o->repeatable ? "again" : "once");
    if (v == COMPLETION_WORDS) {
        fputc('"', out);
        completion_put_words(out, o->words);
        fputc('"', out);
    } else {
        fputs(values[v], out);
    }
    fprintf(out, " %s", o->name);
    if (o->letter) fprintf(out, " -%c", o->letter);
    fputc('\n', out);
}

static void end(FILE *out, const struct command *c)
{
    if (c->operand == OPERAND_FILE) fputs("            operand=FILES\n", out);
    if (c->operand == OPERAND_WORD || c->operand == OPERAND_COMMAND) {
        fputs("            operand=\"", out);
        completion_put_operand_words(out, c);
        fputs("\"\n", out);
    }
    if (c->further == c->operand && c->operand != OPERAND_NONE) fputs("            further=$operand\n", out);
    if (c->further == OPERAND_FILE && c->operand != OPERAND_FILE) fputs("            further=FILES\n", out);
    fputs("            ;;\n", out);
}

static const char foot[] = "    esac\n"
                           "\n"
                           "    # What stands before the cursor. Bash parts words at = and : too.\n"
                           "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
                           "        name=${COMP_WORDS[i]}\n"
                           "        if [ \"$name\" = = ] && [ -n \"$due\" ]; then\n"
                           "            continue\n"
                           "        elif [[ $name == [=:]* ]]; then\n"
                           "            i=$((i + 1))\n"
                           "        elif [ -n \"$due\" ]; then\n"
                           "            due=\n"
                           "        elif [ -n \"$ended\" ] || [[ $name != -?* ]]; then\n"
                           "            operands=$((operands + 1))\n"
                           "        elif [ \"$name\" = -- ]; then\n"
                           "            ended=yes\n"
                           "        elif [ -n \"${long[$name]:-}\" ]; then\n"
                           "            due=${value[$name]#FLAG}\n"
                           "            [ \"${often[$name]}\" = again ] || given[${long[$name]}]=yes\n"
                           "        fi\n"
                           "    done\n"
                           "    [ \"$word\" != = ] || word=\n"
                           "\n"
                           "    if [ -z \"$due$ended\" ] && [[ $word == -* ]]; then\n"
                           "        for name in \"${options[@]}\"; do\n"
                           "            [ -n \"${given[$name]}\" ] || due+=\"$name \"\n"
                           "        done\n"
                           "    elif [ -z \"$due\" ]; then\n"
                           "        due=$operand\n"
                           "        [ \"$operands\" -eq 0 ] || due=$further\n"
                           "    fi\n"
                           "    case $due in\n"
                           "        ANY | NONE) ;;\n"
                           "        FILES) compopt -o default ;;\n"
                           "        *) COMPREPLY=($(compgen -W \"$due\" -- \"$word\")) ;;\n"
                           "    esac\n"
                           "}\n"
                           "complete -F _contrast contrast\n";

const struct completion completion_bash = {
    .head = head,
    .command = put_command,
    .middle = middle,
    .begin = begin,
    .option = put_option,
    .end = end,
    .foot = foot,
};
