/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_pod.h: what a pod of Kubernetes is once kubelet, containerd and Kata have made it containers: its
 * policy's data.
 *
 * From the prepared YAML, the ConfigMaps and Secrets among the files, what its images say, and settings.  What
 * Kubernetes adds only when the pod runs is held to a form, or to the pod's own name.
 *
 * The trap: what a volume of a ConfigMap or Secret holds is the host's to choose; only variables are fixed.
 *
 * Not checked here: that images are what their digests say (kube/image_source.h).
 * Specification: Contrast, generate: sections 3.5 and 3.10.
 */
#ifndef KUBE_POLICY_POD_H
#define KUBE_POLICY_POD_H

#include "kube/lint.h"
#include "kube/policy_data.h"
#include "kube/policy_settings.h"

struct policy_inputs {
    const struct lint_file *files;
    size_t file_count;
    const struct policy_settings *settings;
    struct image_source *images; /* what cannot be got has been told of */
};

/* For a confidential resource of file `file`.  What cannot be said becomes a finding.  ERR_NOMEM. */
MUST_USE status policy_pod_read(const struct policy_inputs *in, size_t file, const struct resource *r,
                                struct findings *findings, struct policy_pod *out, struct err *err);

#endif
