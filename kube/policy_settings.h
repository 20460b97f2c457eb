/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_settings.h: settings.json: what a policy depends on besides the pod: requests that are allowed, and the
 * sandbox's own container, which no YAML names.
 *
 * Each key has to be there, and no other: a setting that is not known would be believed to be in force.
 */
#ifndef KUBE_POLICY_SETTINGS_H
#define KUBE_POLICY_SETTINGS_H

#include "kube/policy_data.h"

struct policy_settings {
    bool allows[POLICY_REQUESTS];
    struct texts pause_args, pause_env;
    uint32_t pause_uid, pause_gid;
};

/* Texts live in `memory`.  Errors of parse/json.h. */
MUST_USE status policy_settings_parse(bytes in, struct arena *memory, struct policy_settings *out, struct err *err);

#endif
