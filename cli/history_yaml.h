/* SPDX-License-Identifier: Apache-2.0 */
/* cli/history_yaml.h: a verified history as Kubernetes objects, from which a Coordinator's store can be made anew.
 *
 * One ConfigMap for each manifest, each policy and each transition, and one for the latest transition, if its signed
 * record is known, under the names that the store `kubernetes` of Contrast gives them; `kubectl apply -n NAMESPACE -f`
 * takes it.  A store that was made anew still needs its seed: `contrast recover`.
 * Specification: Contrast protocol, store keys.
 */
#ifndef CLI_HISTORY_YAML_H
#define CLI_HISTORY_YAML_H

#include "cli/verification.h"

/* Into memory of v->memory.  `latest` is the record as in parse/transition_record.h, or absent.  ERR_NOMEM. */
MUST_USE status history_yaml_write(const struct verification *v, bytes latest, bytes *out, struct err *err);

#endif
