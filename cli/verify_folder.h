/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verify_folder.h: the folder verify/ that `contrast verify -c` leaves behind, with upstream's file names.
 *
 *     coordinator-root-ca.pem  mesh-ca.pem  latest-transition
 *     manifest.<i>.json                  from 0, the oldest, on
 *     initdata.<hash>.toml, policy.<hash>.rego
 *     history.yml                        the same history as ConfigMaps (cli/history_yaml.h)
 *     evidence.tar                       what was judged, as a bundle
 *
 * The folder is there whole or not at all: it is made beside its place and then named.  What was there before is
 * replaced, unless it holds anything that has no such name.
 */
#ifndef CLI_VERIFY_FOLDER_H
#define CLI_VERIFY_FOLDER_H

#include "cli/verification.h"

/* Whether `path` may be replaced: it is not there, or holds nothing but such files.  ERR_STATE, ERR_IO. */
MUST_USE status verify_folder_check(const char *path, struct err *err);

/* Writes what `v` was judged by; its verdict allows.  `latest` is the signed record of its latest transition, or
 * absent. ERR_IO, ERR_STATE, ERR_NOMEM. */
MUST_USE status verify_folder_write(const char *path, const struct verification *v, bytes latest, int64_t captured_at,
                                    struct err *err);

#endif
