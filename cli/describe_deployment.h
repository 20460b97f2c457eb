/* SPDX-License-Identifier: Apache-2.0 */
/* cli/describe_deployment.h: all that the evidence of a deployment says beside its report, as a list of named values.
 */
#ifndef CLI_DESCRIBE_DEPLOYMENT_H
#define CLI_DESCRIBE_DEPLOYMENT_H

#include "cli/describe.h"
#include "cli/verification.h"

struct deployment_description {
    struct description list;
    uint8_t root_ca_key[SHA256_BYTES], mesh_ca_key[SHA256_BYTES]; /* of the SubjectPublicKeyInfo */
};

/* The report is left to describe().  Borrows the verification; values in `out` point into it: not to be copied. */
void describe_deployment(const struct verification *v, struct deployment_description *out);

#endif
