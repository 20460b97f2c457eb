/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_pipe.h: contrast-fetch between two pipes (net/fetch.h). */
#ifndef CLI_FETCH_PIPE_H
#define CLI_FETCH_PIPE_H

#include "cli/fetch_kds.h"
#include "cli/fetch_registry.h"

/* Answers what comes from `in` until that ends.  ERR_IO, or what parse/fetch_message.h says of a message that is none:
 * then who asks speaks another language. */
MUST_USE status fetch_pipe_run(const struct fetch_kds *kds, struct fetch_registry *registry, int in, int out,
                               struct err *err);

#endif
