/* SPDX-License-Identifier: Apache-2.0 */
/* cli/root.h: --insecure-root: another root than AMD's, out of files. */
#ifndef CLI_ROOT_H
#define CLI_ROOT_H

#include "cli/option.h"
#include "verify/ca_load.h"

/* Loads all CA certificates of all files as one set, which borrows `bundle` and `memory`; AMD's when no file is named.
 * ERR_IO, or what verify/ca_load.h says. */
MUST_USE status root_load(const struct text_list *files, struct ca_bundle *bundle, struct arena *memory,
                          struct snp_ca_set *out, struct err *err);

#endif
