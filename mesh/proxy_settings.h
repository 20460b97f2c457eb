/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/proxy_settings.h: what contrast-mesh is told; program/configuration.h has the rules. */
#ifndef MESH_PROXY_SETTINGS_H
#define MESH_PROXY_SETTINGS_H

#include "program/configuration.h"

struct proxy_settings {
    const char *ingress, *egress, *admin_port;
    const char *log_level;
    const char *folder;
    const char *ready_file;
    const char *default_deny; /* lift or keep */
};

extern const struct program proxy_program;

#endif
