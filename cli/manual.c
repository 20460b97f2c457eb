/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manual.h"

#include <ctype.h>

#include "cli/version.h"

/* ---- roff ------------------------------------------------------------------------------------------------------- */

/* Nothing in `text` is taken for a request or an escape. */
static void put(FILE *out, const char *text, size_t n)
{
    if (n > 0 && (text[0] == '.' || text[0] == '\'')) fputs("\\&", out);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '-')
            fputs("\\-", out);
        else
            fputc(text[i], out);
    }
}

static void put_text(FILE *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_head(FILE *out, const char *page, const char *summary)
{
    fputs(".\\\" Written by \"contrast help --man\"; a test compares.\n.TH ", out);
    for (const char *c = page; *c; c++)
        fputc(toupper((unsigned char)*c), out);
    fputs(" 1 \"\" \"contrast " CONTRAST_VERSION "\" \"User Commands\"\n.SH NAME\n", out);
    put_text(out, page);
    fputs(" \\- ", out);
    put_text(out, summary);
    fputc('\n', out);
}

/* Paragraphs are parted by empty lines; one that begins with four blanks stays as it is. */
static void put_paragraphs(FILE *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        bool as_is = strncmp(text, "    ", 4) == 0;
        fputs(as_is ? ".PP\n.nf\n" : ".PP\n", out);
        put(out, text, n);
        fputs(as_is ? "\n.fi\n" : "\n", out);
        text += n + (end ? 2 : 0);
    }
}

static void put_option(FILE *out, char letter, const char *name, const char *argument, const char *help)
{
    fputs(".TP\n", out);
    if (letter) fprintf(out, "\\fB\\-%c\\fR, ", letter);
    fputs("\\fB", out);
    put_text(out, name);
    fputs("\\fR", out);
    if (argument) fputs(" \\fI", out);
    if (argument) put_text(out, argument);
    fputs(argument ? "\\fR\n" : "\n", out);
    put_text(out, help);
    fputs(".\n", out);
}

static void put_exit_codes(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (int code = 0; code < EXIT_CODE_COUNT; code++) {
        fprintf(out, ".TP\n\\fB%d\\fR\n", code);
        put_text(out, exit_code_meaning(code));
        fputs(".\n", out);
    }
    fputs(".PP\nThese numbers never change their meaning.\n", out);
}

static void put_see_also(FILE *out, const struct command *except)
{
    fputs(".SH SEE ALSO\n", out);
    if (except) fputs(".BR contrast (1)", out);
    const char *before = except ? ",\n.BR contrast\\-" : ".BR contrast\\-";
    for (size_t i = 0; i < command_count; i++) {
        if (commands[i] == except) continue;
        fprintf(out, "%s%s (1)", before, commands[i]->name);
        before = ",\n.BR contrast\\-";
    }
    fputc('\n', out);
}

void manual_program(FILE *out)
{
    put_head(out, "contrast", "confidential deployments that anyone can verify");
    fputs(".SH SYNOPSIS\n.B contrast\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n.SH COMMANDS\n", out);
    for (size_t i = 0; i < command_count; i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", commands[i]->name);
        put_text(out, commands[i]->summary);
        fputs(".\n", out);
    }
    fputs(".PP\nOptions may stand anywhere before \\fB\\-\\-\\fR. A value follows its option as the next argument or "
          "behind an equals sign.\n.PP\nResults go to standard output, diagnostics to standard error. Nothing is sent "
          "anywhere.\n",
          out);
    put_exit_codes(out);
    fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhen set and not empty, nothing is coloured.\n", out);
    put_see_also(out, NULL);
}

void manual_command(FILE *out, const struct command *c)
{
    char page[64];
    snprintf(page, sizeof page, "contrast-%s", c->name);
    put_head(out, page, c->summary);
    fprintf(out, ".SH SYNOPSIS\n.B contrast %s\n[\\fIOPTION\\fR...]\n", c->name);
    put_text(out, c->operands);
    fputs(c->operands[0] ? "\n.SH DESCRIPTION\n" : ".SH DESCRIPTION\n", out);
    put_paragraphs(out, c->description ? c->description : c->summary);
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < c->option_count; i++)
        put_option(out, c->options[i].letter, c->options[i].name, c->options[i].argument, c->options[i].help);
    put_option(out, 'h', "--help", NULL, "this text");
    put_exit_codes(out);
    put_see_also(out, c);
}
