/* SPDX-License-Identifier: Apache-2.0 */
/* cli/policy_text.h: what the host may do with a pod, in words, from its policy's data. */
#ifndef CLI_POLICY_TEXT_H
#define CLI_POLICY_TEXT_H

#include <stdio.h>

#include "kube/policy_data.h"

/* All foreign text is made harmless (cli/layout.h). */
void policy_text(const struct policy_pod *pod, FILE *out);

#endif
