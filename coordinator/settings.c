/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/settings.h"

#include <stddef.h>
#include <string.h>

#include "parse/text.h"

#define PREFIX "CONTRAST_"

static const struct setting {
    const char *flag, *variable, *fallback, *argument, *help;
    size_t at;
} rows[] = {
    {"--user-address", PREFIX "USER_ADDRESS", "[::]:1313", "HOST:PORT", "where the User API listens",
     offsetof(struct settings, user_address)},
    {"--mesh-address", PREFIX "MESH_ADDRESS", "[::]:7777", "HOST:PORT", "where the Mesh API listens",
     offsetof(struct settings, mesh_address)},
    {"--http-address", PREFIX "HTTP_ADDRESS", "[::]:1314", "HOST:PORT", "where the HTTP API listens",
     offsetof(struct settings, http_address)},
    {"--probe-address", PREFIX "PROBE_ADDRESS", "[::]:9102", "HOST:PORT", "where probes and metrics are answered",
     offsetof(struct settings, probe_address)},
    {"--store", PREFIX "STORE", "dir:/var/lib/contrast", "dir:FOLDER",
     "where manifests, policies and their history are kept", offsetof(struct settings, store)},
    {"--issuer", PREFIX "ISSUER", "auto", "auto|exec:PROGRAM",
     "what makes evidence: this machine, or with --insecure-root a program", offsetof(struct settings, issuer)},
    {"--insecure-root", PREFIX "INSECURE_ROOT", "", "FILE",
     "trust this root instead of AMD's: nothing that is proved then is about a real machine",
     offsetof(struct settings, insecure_root)},
    {"--metrics", PREFIX "METRICS", "", "1", "answer GET /metrics", offsetof(struct settings, metrics)},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static const char **member(struct settings *s, const struct setting *row)
{
    return (const char **)(void *)((char *)s + row->at);
}

static const char *value_of(const struct settings *s, const struct setting *row)
{
    return *(const char *const *)(const void *)((const char *)s + row->at);
}

static struct text_quoted quote(const char *s)
{
    return text_quote(BYTES((const uint8_t *)s, strlen(s)));
}

/* The row whose name is text[0..len). */
static const struct setting *find(const char *text, size_t len, bool is_flag)
{
    for (size_t i = 0; i < ROWS; i++) {
        const char *name = is_flag ? rows[i].flag : rows[i].variable;
        if (strlen(name) == len && memcmp(name, text, len) == 0) return &rows[i];
    }
    return NULL;
}

static status take_environment(char *const *environment, struct settings *out, struct err *err)
{
    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        if (!equals || strncmp(*environment, PREFIX, sizeof PREFIX - 1) != 0) continue;
        const struct setting *row = find(*environment, (size_t)(equals - *environment), false);
        if (!row) return err_set(err, ERR_SYNTAX, 0, "%s: no setting has this name", quote(*environment).s);
        /* Upstream's variable counts by being there. */
        bool by_presence = strcmp(row->flag, "--metrics") == 0;
        *member(out, row) = by_presence ? "1" : equals + 1;
    }
    return OK;
}

static status take_flags(int argc, char *const *argv, struct settings *out, enum settings_wish *wish, struct err *err)
{
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        const struct setting *row = find(argv[i], equals ? (size_t)(equals - argv[i]) : strlen(argv[i]), true);
        if (row && equals)
            *member(out, row) = equals + 1;
        else if (row && i + 1 < argc)
            *member(out, row) = argv[++i];
        else if (row)
            return err_set(err, ERR_SYNTAX, 0, "%s: wants a value, %s", row->flag, row->argument);
        else if (strcmp(argv[i], "--print-config") == 0)
            *wish = SETTINGS_PRINT;
        else if (strcmp(argv[i], "--help") == 0)
            *wish = SETTINGS_HELP;
        else if (strcmp(argv[i], "--version") == 0)
            *wish = SETTINGS_VERSION;
        else
            return err_set(err, ERR_SYNTAX, 0, "%s: is no setting; see --help", quote(argv[i]).s);
    }
    return OK;
}

status settings_take(int argc, char *const *argv, char *const *environment, struct settings *out,
                     enum settings_wish *wish, struct err *err)
{
    struct settings s = {0};
    for (size_t i = 0; i < ROWS; i++)
        *member(&s, &rows[i]) = rows[i].fallback;
    *wish = SETTINGS_RUN;
    TRY(take_environment(environment, &s, err));
    TRY(take_flags(argc, argv, &s, wish, err));
    if (strncmp(s.store, "dir:", 4) != 0 || !s.store[4])
        return err_set(err, ERR_SYNTAX, 0, "--store: want dir:FOLDER, have %s", quote(s.store).s);
    bool is_program = strncmp(s.issuer, "exec:", 5) == 0 && s.issuer[5];
    if (!is_program && strcmp(s.issuer, "auto") != 0)
        return err_set(err, ERR_SYNTAX, 0, "--issuer: want auto or exec:PROGRAM, have %s", quote(s.issuer).s);
    if (is_program && !s.insecure_root[0])
        return err_set(err, ERR_SYNTAX, 0, "--issuer: exec:PROGRAM needs --insecure-root: no machine stands behind it");
    *out = s;
    return OK;
}

void settings_print(const struct settings *s, FILE *out)
{
    for (size_t i = 0; i < ROWS; i++)
        (void)fprintf(out, "%s=%s\n", rows[i].variable, value_of(s, &rows[i]));
}

void settings_help(FILE *out)
{
    (void)fputs("usage: contrast-coordinator [SETTING...]\n\nSettings are flags or environment variables:\n", out);
    for (size_t i = 0; i < ROWS; i++)
        (void)fprintf(out, "  %s %s\n      %s (%s; default \"%s\")\n", rows[i].flag, rows[i].argument, rows[i].help,
                      rows[i].variable, rows[i].fallback);
    (void)fputs("  --print-config\n      print the settings in force and end\n", out);
}
