/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/store_tool.h: contrast-coordinator store check|export|import, while no Coordinator has the store open.
 *
 * Not checked by any of them: the signature on the latest transition, which only a keeper that was recovered can.
 */
#ifndef COORDINATOR_STORE_TOOL_H
#define COORDINATOR_STORE_TOOL_H

#include "coordinator/settings.h"

enum store_verb { STORE_CHECK, STORE_EXPORT, STORE_IMPORT, STORE_VERBS };

/* What `store` is followed by: the verb, and the archive's name where it has one; *taken words.  ERR_SYNTAX. */
MUST_USE status store_tool_take(int argc, char *const *argv, enum store_verb *verb, const char **archive, int *taken,
                                struct err *err);

/* Does it, and says on `out` what was found.  ERR_MISMATCH for a store that is not good, and whatever the store says.
 */
MUST_USE status store_tool_run(const struct settings *s, enum store_verb verb, const char *archive, FILE *out,
                               struct err *err);

#endif
