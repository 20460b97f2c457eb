/* SPDX-License-Identifier: Apache-2.0 */
/* cli/expectation.h: what a user knows of a deployment beforehand, read from the files that he names.
 *
 * A history is a line of 64 lower-case hex digits for each transition, oldest first; the last line end may be missing,
 * so that upstream's file verify/latest-transition is one.
 *
 * Not checked here: the manifest, for what is wrong with it belongs into the verdict.
 */
#ifndef CLI_EXPECTATION_H
#define CLI_EXPECTATION_H

#include "kube/arena.h"
#include "verify/deployment.h"

struct expectation_files {
    const char *manifest;
    const char *history, *root_ca; /* NULL: none is expected */
};

/* Sets all of `out` but the nonce, which stays.  What `out` points to lives in `memory` and `root_ca`.  ERR_IO,
 * ERR_LIMIT, ERR_NOMEM; ERR_SYNTAX and others for what is no history or no root CA, with the option in front. */
MUST_USE status expectation_read(const struct expectation_files *files, struct arena *memory,
                                 struct coordinator_ca *root_ca, struct deployment_expectation *out, struct err *err);

#endif
