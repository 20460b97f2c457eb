/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/initializer_settings.h: what contrast-initializer is told; program/configuration.h has the rules.
 *
 * It takes no flags: what it is told stands in the environment, which the policy of the pod fixes.
 */
#ifndef MESH_INITIALIZER_SETTINGS_H
#define MESH_INITIALIZER_SETTINGS_H

#include "program/configuration.h"

struct initializer_settings {
    const char *coordinator; /* HOST or HOST:PORT */
    const char *folder;
    const char *done_file;
    const char *secrets_gid; /* "" for none */
    const char *issuer;
    const char *mesh_disabled; /* "" when a mesh proxy follows */
};

extern const struct program initializer_program;

#endif
