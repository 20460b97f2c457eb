/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/credential_files.h: the files that the initializer leaves for a pod's other containers.
 *
 *     tls-config/mesh-ca.pem               0444   the CA of today's manifest
 *     tls-config/certChain.pem             0444   leaf and intermediate
 *     tls-config/coordinator-root-ca.pem   0444
 *     tls-config/key.pem                   0400   PKCS#8
 *     secrets/workload-secret-seed         0400   hex without an end of line; only when there is a secret
 *
 * All of them are written beside their names and synced before the first gets its name: no file is ever seen in part,
 * and a failure before that leaves the old set.  A crash between two renames leaves files of two sets; the initializer
 * runs again then, before any other container does, and writes all of them anew.  Modes do not depend on the umask.
 *
 * A secret of an earlier run goes when there is none now.
 * Specification: Contrast mesh, initializer.
 */
#ifndef MESH_CREDENTIAL_FILES_H
#define MESH_CREDENTIAL_FILES_H

#include <sys/types.h>

#include "ca/key.h"
#include "parse/mesh_api.h"

struct credential_files {
    const char *folder; /* /contrast; exists */
    bool has_group;     /* key and secret may be read by the group too: 0440 and this id */
    gid_t group;
};

/* `in` has been through credentials_check; `key` is the pod's.  ERR_IO. */
MUST_USE status credential_files_write(const struct credential_files *where,
                                       const struct mesh_new_cert_response_secret *in, const struct private_key *key,
                                       struct err *err);

#endif
