/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/settings.h: what an operator can say: each setting is a flag and an environment variable.
 *
 * A flag wins over its variable.  A variable with our prefix that is no setting is an error: a misspelt one would
 * otherwise leave its default in force without a word.
 */
#ifndef COORDINATOR_SETTINGS_H
#define COORDINATOR_SETTINGS_H

#include <stdio.h>

#include "parse/status.h"

struct settings {
    const char *user_address; /* HOST:PORT, [HOST]:PORT, or "off" */
    const char *mesh_address;
    const char *http_address;
    const char *probe_address;
    const char *store;
    const char *issuer;
    const char *insecure_root; /* "" for none */
    const char *metrics;       /* "" for none */
};

/* What --print-config, --help and --version ask for besides running. */
enum settings_wish { SETTINGS_RUN, SETTINGS_PRINT, SETTINGS_HELP, SETTINGS_VERSION };

/* Borrows argv and the environment. ERR_SYNTAX names the flag or variable. */
MUST_USE status settings_take(int argc, char *const *argv, char *const *environment, struct settings *out,
                              enum settings_wish *wish, struct err *err);

/* One line NAME=VALUE for each, as an environment file has them. */
void settings_print(const struct settings *s, FILE *out);

void settings_help(FILE *out);

#endif
