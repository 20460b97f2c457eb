/* SPDX-License-Identifier: Apache-2.0 */
/* kube/diff.h: changes as a unified diff, as `patch -p0` takes it. */
#ifndef KUBE_DIFF_H
#define KUBE_DIFF_H

#include "kube/text_out.h"
#include "kube/yaml_write.h"

/* Nothing when there are no changes.  Puts into `out`; ERR_NOMEM. */
MUST_USE status diff_put(const char *path, bytes input, const struct yaml_changes *changes, struct text_out *out,
                         struct err *err);

#endif
