/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manual.h"

#include "cli/explain.h"
#include "program/roff.h"

static void put_option(FILE *out, const struct option_row *o)
{
    fputs(".TP\n", out);
    if (o->letter) fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
    fputs("\\fB", out);
    roff_text(out, o->name);
    fputs("\\fR", out);
    if (o->argument) fputs(" \\fI", out);
    if (o->argument) roff_text(out, o->argument);
    fputs(o->argument ? "\\fR\n" : "\n", out);
    roff_text(out, o->help);
    fputs(".\n", out);
}

/* ---- what pages have in common ---------------------------------------------------------------------------------- */

static void put_exit_codes(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (int code = 0; code < EXIT_CODE_COUNT; code++) {
        fprintf(out, ".TP\n\\fB%d\\fR\n", code);
        roff_text(out, exit_code_meaning(code));
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
        {"CONTRAST_FETCH", "The program that gets missing leaves and CRLs; default: contrast-fetch beside contrast"},
        {"CONTRAST_KDS_URL", "Where that program gets them, unless --kds-url says so; default: AMD's service"},
        {"XDG_CACHE_HOME", "Its folder contrast/kds is that cache when CONTRAST_CACHE_DIR is not set, or empty"},
        {"HOME", "Its folder .cache/contrast/kds is that cache when XDG_CACHE_HOME is not set either, or empty"},
        {"NO_COLOR", "When set and not empty, nothing is coloured"},
        {"TERM", "When not set, or dumb, nothing is coloured"},
    };
    fputs(".SH ENVIRONMENT\n", out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fprintf(out, ".TP\n.B %s\n", rows[i].name);
        roff_text(out, rows[i].text);
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
    roff_head(out, &(struct roff_page){"contrast", "confidential deployments that anyone can verify", by_help, 1,
                                       group_of_commands});
    fputs(".SH SYNOPSIS\n.B contrast\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n.SH COMMANDS\n", out);
    for (size_t i = 0; i < command_count; i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", commands[i]->name);
        roff_text(out, commands[i]->summary);
        fputs(".\n", out);
    }
    fputs(".PP\nOptions may stand anywhere before \\fB\\-\\-\\fR. A value follows its option as the next argument or "
          "behind an equals sign.\n.PP\nResults go to standard output, diagnostics to standard error. Nothing is sent "
          "but where a command says so: set and verify talk to a Coordinator, and these and inspect may ask for leaves "
          "and CRLs by contrast\\-fetch(1).\n",
          out);
    put_exit_codes(out);
    put_environment(out);
    put_see_also(out, NULL);
}

void manual_command(FILE *out, const struct command *c)
{
    char page[64];
    snprintf(page, sizeof page, "%s%s", c->program ? "" : "contrast-", c->program ? c->program : c->name);
    roff_head(out, &(struct roff_page){page, c->summary, by_help, 1, group_of_commands});
    fputs(".SH SYNOPSIS\n.B ", out);
    roff_text(out, command_title(c).call);
    fputs("\n[\\fIOPTION\\fR...]\n", out);
    roff_text(out, c->operands);
    fputs(c->operands[0] ? "\n.SH DESCRIPTION\n" : ".SH DESCRIPTION\n", out);
    roff_paragraphs(out, c->description ? c->description : c->summary);
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
    roff_text(out, r->name);
    fputs("\\fR\n", out);
    roff_text(out, r->meaning);
    fprintf(out, ". Exit code %d when it failed. Source: ", r->exit_code);
    roff_text(out, r->specification);
    fputs(".\n.IP\n", out);
    roff_text(out, explain_advice[id]);
    fputc('\n', out);
}

void manual_checks(FILE *out)
{
    roff_head(out, &(struct roff_page){"contrast-checks", "the checks and warnings of a verdict",
                                       "contrast explain --man", 7, "Miscellaneous"});
    fputs(".SH DESCRIPTION\n", out);
    roff_text(out, explain_verdict);
    fputs(
        "\n.PP\nNames never change their meaning. What is told here of each check is what its passing means, where it "
        "comes from, and what to do when it failed.\n.SH CHECKS\n",
        out);
    for (unsigned id = 0; id < CHECK_COUNT; id++)
        put_check(out, id);
    fputs(".SH WARNINGS\nA verdict may allow and warn.\n", out);
    for (size_t i = 0; i < WARNING_COUNT; i++) {
        fputs(".TP\n\\fB", out);
        roff_text(out, warning_rows[i].name);
        fputs("\\fR\n", out);
        roff_text(out, warning_rows[i].text);
        fputs(".\n", out);
    }
    fputs(".SH SEE ALSO\n.BR contrast (1),\n.BR contrast\\-explain (1)\n", out);
}
