/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/settings.h: what an operator can say to contrast-coordinator; program/configuration.h has the rules. */
#ifndef COORDINATOR_SETTINGS_H
#define COORDINATOR_SETTINGS_H

#include "program/configuration.h"

struct settings {
    const char *user_address; /* HOST:PORT, [HOST]:PORT, or "off" */
    const char *mesh_address;
    const char *http_address;
    const char *probe_address;
    const char *store;
    const char *issuer;
    const char *insecure_root;           /* "" for none */
    const char *kds_url, *cache, *fetch; /* "" for what contrast-fetch takes by itself */
    const char *metrics;                 /* "" for none */
    const char *default_deny;            /* "keep" or "lift" */
};

extern const struct program coordinator_program;

/* configuration_take, and what the values have to look like. */
MUST_USE status settings_take(int argc, char *const *argv, char *const *environment, struct settings *out,
                              enum program_wish *wish, struct err *err);

#endif
