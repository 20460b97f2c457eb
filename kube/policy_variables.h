/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_variables.h: the environment variables of a container, as kubelet and containerd make them up.
 *
 * Those of the image, then envFrom, then env; the last of a name counts.  $(NAME) in a value or an argument stands for
 * an earlier variable of the pod.
 */
#ifndef KUBE_POLICY_VARIABLES_H
#define KUBE_POLICY_VARIABLES_H

#include "kube/policy_build.h"

struct variable {
    bytes name, value;
    const char *field; /* what kind of value it gets when the pod runs; NULL: `value` */
    bool is_image;
};

struct variables {
    struct variable *items;
    size_t count;
};

/* $(NAME) by what it stands for; text at `node` is refused when that is not known yet. */
MUST_USE status variables_expand(struct build *b, const struct variables *v, bytes text, const struct yaml_node *node,
                                 bytes *out);

#endif
