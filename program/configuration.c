/* SPDX-License-Identifier: Apache-2.0 */
#include "program/configuration.h"

#include <string.h>

#include "parse/text.h"
#include "parse/version.h"
#include "program/roff.h"

/* The largest struct of settings. */
enum { SETTINGS_MAX = 64 };

static const struct {
    const char *flag, *help;
    enum program_wish wish;
} wishes[] = {
    {"--print-config", "print the settings in force, as an environment file, and end", PROGRAM_PRINT},
    {"--help", "print this text and end", PROGRAM_HELP},
    {"--man", "print the man page and end", PROGRAM_MANUAL},
    {"--version", "print the version and end", PROGRAM_VERSION},
};

enum { WISHES = sizeof wishes / sizeof wishes[0] };

static struct text_quoted quote(const char *s)
{
    return text_quote(text_bytes(s));
}

static const char *value_of(const char *const *values, const struct setting *row)
{
    return values[row->at / sizeof *values];
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

/* The row whose name is text[0..len). */
static const struct setting *find(const struct program *p, const char *text, size_t len, bool is_flag)
{
    for (size_t i = 0; i < p->setting_count; i++) {
        const char *name = is_flag ? p->settings[i].flag : p->settings[i].variable;
        if (name && strlen(name) == len && memcmp(name, text, len) == 0) return &p->settings[i];
    }
    return NULL;
}

static void put(const char **values, const struct setting *row, const char *value)
{
    values[row->at / sizeof *values] = value;
}

static status take_environment(const struct program *p, char *const *environment, const char **values, struct err *err)
{
    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        const struct setting *row = equals ? find(p, *environment, (size_t)(equals - *environment), false) : NULL;
        bool is_ours = equals && p->prefix && strncmp(*environment, p->prefix, strlen(p->prefix)) == 0;
        if (!row && is_ours) return err_set(err, ERR_SYNTAX, 0, "%s: no setting has this name", quote(*environment).s);
        if (row && row->by_presence)
            put(values, row, "1");
        else if (row && equals[1])
            put(values, row, equals + 1);
    }
    return OK;
}

static bool take_wish(const char *word, enum program_wish *wish)
{
    for (size_t i = 0; i < WISHES; i++) {
        if (strcmp(word, wishes[i].flag) != 0) continue;
        *wish = wishes[i].wish;
        return true;
    }
    return false;
}

static status take_flags(const struct program *p, int argc, char *const *argv, const char **values,
                         enum program_wish *wish, struct err *err)
{
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        const struct setting *row = find(p, argv[i], equals ? (size_t)(equals - argv[i]) : strlen(argv[i]), true);
        if (row && equals)
            put(values, row, equals + 1);
        else if (row && i + 1 < argc)
            put(values, row, argv[++i]);
        else if (row)
            return err_set(err, ERR_SYNTAX, 0, "%s: wants a value, %s", row->flag, row->argument);
        else if (!take_wish(argv[i], wish))
            return err_set(err, ERR_SYNTAX, 0, "%s: is no setting; see --help", quote(argv[i]).s);
    }
    return OK;
}

status configuration_take(const struct program *p, int argc, char *const *argv, char *const *environment, void *out,
                          size_t size, enum program_wish *wish, struct err *err)
{
    const char *values[SETTINGS_MAX] = {0};
    if (size > sizeof values) return err_set(err, ERR_BUG, 0, "want at most %d settings", SETTINGS_MAX);
    for (size_t i = 0; i < p->setting_count; i++)
        put(values, &p->settings[i], p->settings[i].fallback);
    enum program_wish wanted = PROGRAM_RUN;
    TRY(take_environment(p, environment, values, err));
    TRY(take_flags(p, argc, argv, values, &wanted, err));
    for (size_t i = 0; i < p->setting_count && wanted == PROGRAM_RUN; i++)
        if (!value_of(values, &p->settings[i]))
            return err_set(err, ERR_MISSING, 0, "%s not set; see --help", p->settings[i].variable);
    memcpy(out, values, size);
    *wish = wanted;
    return OK;
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

static void print(const struct program *p, const char *const *values, FILE *out)
{
    for (size_t i = 0; i < p->setting_count; i++) {
        const struct setting *row = &p->settings[i];
        const char *value = value_of(values, row);
        if (value && (value[0] || !row->by_presence))
            (void)fprintf(out, "%s=%s\n", row->variable, value);
        else
            (void)fprintf(out, "# %s is not set\n", row->variable);
    }
}

static bool has_flags(const struct program *p)
{
    return p->setting_count > 0 && p->settings[0].flag;
}

static const char *fallback_of(const struct setting *row)
{
    return !row->fallback ? "required" : row->fallback[0] ? row->fallback : "none";
}

static void help(const struct program *p, FILE *out)
{
    (void)fprintf(out, "usage: %s%s\n\n%s.  Settings are %senvironment variables:\n", p->name,
                  has_flags(p) ? " [SETTING...]" : "", p->summary, has_flags(p) ? "flags or " : "");
    for (size_t i = 0; i < p->setting_count; i++) {
        const struct setting *row = &p->settings[i];
        (void)fprintf(out, "  %s %s\n      %s (", row->flag ? row->flag : row->variable, row->argument, row->help);
        if (row->flag) (void)fprintf(out, "%s; ", row->variable);
        (void)fprintf(out, "%s%s)\n", row->fallback ? "default: " : "", fallback_of(row));
    }
    (void)fputs("\nInstead of running:\n", out);
    for (size_t i = 0; i < WISHES; i++)
        (void)fprintf(out, "  %-16s %s\n", wishes[i].flag, wishes[i].help);
}

/* ---- the man page ----------------------------------------------------------------------------------------------- */

static void put_term(const char *name, const char *separator, const char *argument, FILE *out)
{
    (void)fputs("\\fB", out);
    roff_text(out, name);
    (void)fprintf(out, "\\fR%s\\fI", separator);
    roff_text(out, argument);
    (void)fputs("\\fR", out);
}

static void put_setting(const struct setting *row, FILE *out)
{
    (void)fputs(".TP\n", out);
    if (row->flag) put_term(row->flag, " ", row->argument, out);
    if (row->flag) (void)fputs(", ", out);
    put_term(row->variable, "=", row->argument, out);
    (void)fputc('\n', out);
    roff_text(out, row->help);
    (void)fputs(row->fallback ? ". Default: " : ". It is ", out);
    roff_text(out, fallback_of(row));
    (void)fputs(".\n", out);
}

static void put_settings(const struct program *p, FILE *out)
{
    (void)fputs(".SH SETTINGS\n", out);
    for (size_t i = 0; i < p->setting_count; i++)
        put_setting(&p->settings[i], out);
    (void)fputs(".PP\nInstead of running:\n", out);
    for (size_t i = 0; i < WISHES; i++) {
        (void)fputs(".TP\n\\fB", out);
        roff_text(out, wishes[i].flag);
        (void)fprintf(out, "\\fR\n%s.\n", wishes[i].help);
    }
}

static void put_section(const struct program_section *s, FILE *out)
{
    (void)fprintf(out, ".SH %s\n", s->title);
    roff_paragraphs(out, s->text);
}

static void manual(const struct program *p, FILE *out)
{
    char writer[64];
    (void)snprintf(writer, sizeof writer, "%s --man", p->name);
    roff_head(out, &(struct roff_page){p->name, p->summary, writer, 8, "System Administration"});
    (void)fputs(".SH SYNOPSIS\n.B ", out);
    roff_text(out, p->name);
    (void)fputs(has_flags(p) ? "\n[\\fISETTING\\fR...]\n" : "\n", out);
    put_section(&p->sections[0], out);
    put_settings(p, out);
    for (size_t i = 1; i < p->section_count; i++)
        put_section(&p->sections[i], out);
    (void)fprintf(out, ".SH SEE ALSO\n%s\n", p->see_also);
}

void configuration_grant(const struct program *p, enum program_wish wish, const void *settings, FILE *out)
{
    if (wish == PROGRAM_PRINT) print(p, settings, out);
    if (wish == PROGRAM_HELP) help(p, out);
    if (wish == PROGRAM_MANUAL) manual(p, out);
    if (wish == PROGRAM_VERSION) (void)fprintf(out, "%s " CONTRAST_VERSION "\n", p->name);
}
