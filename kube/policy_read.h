/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_read.h: the data of a policy, read back from its text.
 *
 * What kube/policy_data.h writes and nothing else: keys are known, and what it writes again is what was read.  Other
 * policies, Kata's own above all, are refused.
 *
 * The trap: the rules in front of the data decide what the data mean; compare them with those that are known.
 */
#ifndef KUBE_POLICY_READ_H
#define KUBE_POLICY_READ_H

#include "kube/policy_data.h"

/* A Rego text as rules and data; both are views.  ERR_MISSING when there is no `policy_data := {` at the start of a
 * line. */
MUST_USE status policy_split(bytes rego, bytes *rules, bytes *data, struct err *err);

/* Texts live in `memory`.  Errors of parse/json.h; ERR_MISMATCH for what would be written otherwise; ERR_NOMEM. */
MUST_USE status policy_data_parse(bytes data, struct arena *memory, struct policy_pod *out, struct err *err);

#endif
