/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manual.h"

#include <ctype.h>

#include "cli/explain.h"
#include "parse/version.h"

/* ---- roff ------------------------------------------------------------------------------------------------------- */

/* Nothing in `text` is taken for a request or an escape. */
static void put(FILE *out, const char *text, size_t n)
{
    if (n > 0 && (text[0] == '.' || text[0] == '\'')) fputs("\\&", out);
    static const char *const escapes[128] = {
        ['\\'] = "\\e", ['-'] = "\\-", ['~'] = "\\(ti", ['^'] = "\\(ha", ['`'] = "\\(ga"};
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < sizeof escapes / sizeof escapes[0] && escapes[c])
            fputs(escapes[c], out);
        else
            fputc(c, out);
    }
}

static void put_text(FILE *out, const char *text)
{
    put(out, text, strlen(text));
}

struct page {
    const char *name, *summary, *writer;
    int section;
    const char *group;
};

static void put_head(FILE *out, const struct page *page)
{
    fprintf(out, ".\\\" Written by \"%s\"; a test compares.\n.TH ", page->writer);
    for (const char *c = page->name; *c; c++)
        fputc(toupper((unsigned char)*c), out);
    fprintf(out, " %d \"\" \"contrast " CONTRAST_VERSION "\" \"%s\"\n.SH NAME\n", page->section, page->group);
    put_text(out, page->name);
    fputs(" \\- ", out);
    put_text(out, page->summary);
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

static void put_option(FILE *out, const struct option_row *o)
{
    fputs(".TP\n", out);
    if (o->letter) fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
    fputs("\\fB", out);
    put_text(out, o->name);
    fputs("\\fR", out);
    if (o->argument) fputs(" \\fI", out);
    if (o->argument) put_text(out, o->argument);
    fputs(o->argument ? "\\fR\n" : "\n", out);
    put_text(out, o->help);
    fputs(".\n", out);
}

/* ---- what pages have in common ---------------------------------------------------------------------------------- */

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

static void put_environment(FILE *out)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"CONTRAST_CACHE_DIR", "Its folder kds is the cache of contrast collateral"},
        {"XDG_CACHE_HOME", "Its folder contrast/kds is that cache when CONTRAST_CACHE_DIR is not set, or empty"},
        {"HOME", "Its folder .cache/contrast/kds is that cache when XDG_CACHE_HOME is not set either, or empty"},
        {"NO_COLOR", "When set and not empty, nothing is coloured"},
        {"TERM", "When not set, or dumb, nothing is coloured"},
    };
    fputs(".SH ENVIRONMENT\n", out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fprintf(out, ".TP\n.B %s\n", rows[i].name);
        put_text(out, rows[i].text);
        fputs(".\n", out);
    }
}

static void put_see_also(FILE *out, const struct command *except)
{
    fputs(".SH SEE ALSO\n", out);
    if (except) fputs(".BR contrast (1),\n", out);
    for (size_t i = 0; i < command_count; i++)
        if (commands[i] != except) fprintf(out, ".BR contrast\\-%s (1),\n", commands[i]->name);
    fputs(".BR contrast\\-checks (7)\n", out);
}

/* ---- pages ------------------------------------------------------------------------------------------------------ */

static const char by_help[] = "contrast help --man", group_of_commands[] = "User Commands";

void manual_program(FILE *out)
{
    put_head(out, &(struct page){"contrast", "confidential deployments that anyone can verify", by_help, 1,
                                 group_of_commands});
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
    put_environment(out);
    put_see_also(out, NULL);
}

void manual_command(FILE *out, const struct command *c)
{
    char page[64];
    snprintf(page, sizeof page, "contrast-%s", c->name);
    put_head(out, &(struct page){page, c->summary, by_help, 1, group_of_commands});
    fprintf(out, ".SH SYNOPSIS\n.B contrast %s\n[\\fIOPTION\\fR...]\n", c->name);
    put_text(out, c->operands);
    fputs(c->operands[0] ? "\n.SH DESCRIPTION\n" : ".SH DESCRIPTION\n", out);
    put_paragraphs(out, c->description ? c->description : c->summary);
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < c->option_count; i++)
        put_option(out, &c->options[i]);
    put_option(out, &command_option_help);
    put_exit_codes(out);
    put_see_also(out, c);
}

static void put_check(FILE *out, enum check_id id)
{
    const struct check_row *r = &check_rows[id];
    fputs(".TP\n\\fB", out);
    put_text(out, r->name);
    fputs("\\fR\n", out);
    put_text(out, r->meaning);
    fprintf(out, ". Exit code %d when it failed. Source: ", r->exit_code);
    put_text(out, r->specification);
    fputs(".\n.IP\n", out);
    put_text(out, explain_advice[id]);
    fputc('\n', out);
}

void manual_checks(FILE *out)
{
    put_head(out, &(struct page){"contrast-checks", "the checks and warnings of a verdict", "contrast explain --man", 7,
                                 "Miscellaneous"});
    fputs(".SH DESCRIPTION\n", out);
    put_text(out, explain_verdict);
    fputs(
        "\n.PP\nNames never change their meaning. What is told here of each check is what its passing means, where it "
        "comes from, and what to do when it failed.\n.SH CHECKS\n",
        out);
    for (unsigned id = 0; id < CHECK_COUNT; id++)
        put_check(out, id);
    fputs(".SH WARNINGS\nA verdict may allow and warn.\n", out);
    for (size_t i = 0; i < WARNING_COUNT; i++) {
        fputs(".TP\n\\fB", out);
        put_text(out, warning_rows[i].name);
        fputs("\\fR\n", out);
        put_text(out, warning_rows[i].text);
        fputs(".\n", out);
    }
    fputs(".SH SEE ALSO\n.BR contrast (1),\n.BR contrast\\-explain (1)\n", out);
}
