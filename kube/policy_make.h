/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_make.h: a pod's policy: rules and data as one text of Rego, and where it goes.
 *
 * A second time nothing changes: an annotation that carries the same document already stays as it is written.
 */
#ifndef KUBE_POLICY_MAKE_H
#define KUBE_POLICY_MAKE_H

#include "kube/carrier.h"
#include "kube/policy_pod.h"

struct policy_target {
    struct yaml_file *yaml;
    size_t file; /* its index, for findings */
    const struct resource *resource;
    struct findings *findings;
};

/* Writes the policy of `pod` into the resource's tree.  What stands in the way, or is too long for Kubernetes, becomes
 * a finding; then *out has no annotation.  ERR_NOMEM. */
MUST_USE status policy_make(const struct policy_target *to, enum platform platform, bytes rules,
                            const struct policy_pod *pod, struct carried *out, struct err *err);

#endif
