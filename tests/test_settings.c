/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "coordinator/settings.h"

enum { WORDS = 6 };

static status take(const char *const flags[WORDS], const char *const variables[WORDS], struct settings *out,
                   enum program_wish *wish, struct err *err)
{
    char *argv[WORDS + 2] = {(char *)(uintptr_t)"contrast-coordinator"}, *environment[WORDS + 1] = {0};
    int argc = 1;
    for (size_t i = 0; i < WORDS && flags[i]; i++)
        argv[argc++] = (char *)(uintptr_t)flags[i];
    for (size_t i = 0; i < WORDS && variables[i]; i++)
        environment[i] = (char *)(uintptr_t)variables[i];
    return settings_take(argc, argv, environment, out, wish, err);
}

static void expect_refused(const char *const flags[WORDS], const char *const variables[WORDS], const char *text)
{
    struct settings s = {0};
    enum program_wish wish = PROGRAM_RUN;
    struct err err = {0};
    cr_expect_eq(take(flags, variables, &s, &wish, &err).kind, ERR_SYNTAX, "%s", text);
    cr_expect(strstr(err.text, text) != NULL, "want \"%s\", have \"%s\"", text, err.text);
    cr_expect_null(s.store);
}

Test(settings, have_defaults)
{
    struct settings s;
    enum program_wish wish = PROGRAM_HELP;
    struct err err = {0};
    cr_assert(is_ok(take((const char *[WORDS]){0}, (const char *[WORDS]){"HOME=/root", "CONTRAST_CACHE_DIR=/c"}, &s,
                         &wish, &err)),
              "%s", err.text);
    cr_expect_eq(wish, PROGRAM_RUN);
    cr_expect_str_eq(s.user_address, "[::]:1313");
    cr_expect_str_eq(s.mesh_address, "[::]:7777");
    cr_expect_str_eq(s.http_address, "[::]:1314");
    cr_expect_str_eq(s.probe_address, "[::]:9102");
    cr_expect_str_eq(s.insecure_root, "");
    cr_expect_str_eq(s.metrics, "");
}

Test(settings, a_flag_wins_over_its_variable)
{
    struct settings s;
    enum program_wish wish;
    struct err err = {0};
    cr_assert(
        is_ok(take((const char *[WORDS]){"--store", "dir:a", "--user-address=off", "--print-config"},
                   (const char *[WORDS]){"CONTRAST_STORE=dir:b", "CONTRAST_MESH_ADDRESS=1.2.3.4:5"}, &s, &wish, &err)),
        "%s", err.text);
    cr_expect_eq(wish, PROGRAM_PRINT);
    cr_expect_str_eq(s.store, "dir:a");
    cr_expect_str_eq(s.user_address, "off");
    cr_expect_str_eq(s.mesh_address, "1.2.3.4:5");
}

/* Contrast protocol, constants: a presence test, the empty value included. */
Test(settings, metrics_count_by_being_there)
{
    struct settings s;
    enum program_wish wish;
    cr_assert(is_ok(take((const char *[WORDS]){0}, (const char *[WORDS]){"CONTRAST_METRICS="}, &s, &wish, NULL)));
    cr_expect_str_neq(s.metrics, "");
}

Test(settings, that_are_none_are_refused)
{
    static const char *const none[WORDS];
    expect_refused((const char *[WORDS]){"--stor", "dir:a"}, none, "\"--stor\": is no setting");
    expect_refused((const char *[WORDS]){"--store"}, none, "--store: wants a value");
    expect_refused((const char *[WORDS]){"dir:a"}, none, "\"dir:a\": is no setting");
    expect_refused(none, (const char *[WORDS]){"CONTRAST_STOR=dir:a"}, "no setting has this name");
    expect_refused((const char *[WORDS]){"--store", "a"}, none, "--store: want dir:FOLDER");
    expect_refused((const char *[WORDS]){"--store", "dir:"}, none, "--store: want dir:FOLDER");
    expect_refused((const char *[WORDS]){"--default-deny", "off"}, none, "--default-deny: want keep or lift");
    expect_refused((const char *[WORDS]){"--issuer", "tpm"}, none, "--issuer: want auto or exec:PROGRAM");
    expect_refused((const char *[WORDS]){"--issuer", "exec:"}, none, "--issuer: want auto or exec:PROGRAM");
}

/* A program that makes evidence is no machine: whoever runs one has to say so. */
Test(settings, a_program_as_issuer_needs_an_insecure_root)
{
    static const char *const none[WORDS];
    expect_refused((const char *[WORDS]){"--issuer", "exec:sim"}, none, "needs --insecure-root");
    struct settings s;
    enum program_wish wish;
    cr_expect(is_ok(
        take((const char *[WORDS]){"--issuer", "exec:sim", "--insecure-root", "ark.pem"}, none, &s, &wish, NULL)));
}

/* ---- what is printed ----------------------------------------------------------------------------------------------
 */

enum { PRINTED_SIZE = 8192 };

static void print(enum program_wish wish, const struct settings *s, char out[PRINTED_SIZE])
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    configuration_grant(&coordinator_program, wish, s, f);
    rewind(f);
    out[fread(out, 1, PRINTED_SIZE - 1, f)] = '\0';
    cr_assert_eq(fclose(f), 0);
}

/* A variable that counts by being there, printed without a value, would turn on what was off. */
Test(settings, as_printed_are_the_settings_again)
{
    char text[PRINTED_SIZE], *environment[32] = {0};
    struct settings s, again;
    enum program_wish wish;
    size_t count = 0;
    static const char *const none[WORDS];
    cr_assert(is_ok(take((const char *[WORDS]){"--store=dir:a", "--print-config"}, none, &s, &wish, NULL)));
    print(wish, &s, text);
    for (char *line = strtok(text, "\n"); line && count < 31; line = strtok(NULL, "\n"))
        if (line[0] != '#') environment[count++] = line;
    char *argv[] = {(char *)(uintptr_t)"contrast-coordinator", NULL};
    cr_assert(is_ok(settings_take(1, argv, environment, &again, &wish, NULL)));
    cr_expect_eq(count, sizeof s / sizeof(char *) - 1);
    cr_expect_str_eq(again.store, "dir:a");
    cr_expect_str_eq(again.insecure_root, "");
    cr_expect_str_eq(again.metrics, "");
}

Test(settings, that_are_empty_are_not_set)
{
    static const char *const none[WORDS];
    struct settings s;
    enum program_wish wish;
    cr_assert(is_ok(take(none, (const char *[WORDS]){"CONTRAST_STORE="}, &s, &wish, NULL)));
    cr_expect_str_eq(s.store, "dir:/var/lib/contrast");
}

/* Each row is in the help and in the man page; neither takes text for an escape. */
Test(settings, are_told_in_help_and_manual)
{
    char text[PRINTED_SIZE];
    struct settings s = {0};
    for (size_t i = 0; i < coordinator_program.setting_count; i++) {
        print(PROGRAM_HELP, &s, text);
        cr_expect_not_null(strstr(text, coordinator_program.settings[i].flag));
        print(PROGRAM_MANUAL, &s, text);
        cr_expect_not_null(strstr(text, coordinator_program.settings[i].variable));
    }
    cr_expect_not_null(strstr(text, "\\fB\\-\\-store\\fR \\fIdir:FOLDER\\fR"));
    cr_expect_null(strstr(strstr(text, ".SH NAME"), "--"));
    print(PROGRAM_VERSION, &s, text);
    cr_expect_eq(strncmp(text, "contrast-coordinator ", 21), 0);
}
