/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/credentials.h: what a pod got from its Coordinator, checked before anything of it becomes a file.
 *
 * The initializer does not attest the Coordinator: whoever verifies the deployment does.  But what is written has to
 * fit together, and to the pod's own key: a proxy that starts with halves of two answers fails in ways that nobody
 * understands.
 *
 * Checked: both CAs by their profile, signature and validity; the chain is a leaf for the pod's key under the mesh CA,
 * for client and server, and the intermediate under the root; the workload secret has its size.
 * Specification: Contrast protocol, initializer.
 */
#ifndef MESH_CREDENTIALS_H
#define MESH_CREDENTIALS_H

#include "parse/mesh_api.h"

/* `spki`: the pod's public key.  ERR_MISMATCH when the leaf is not for it; else kinds of verify/mesh_leaf.h,
 * verify/coordinator_ca.h and parse/pem.h; ERR_RANGE for the secret.  Texts name the member, and hold no secret. */
MUST_USE status credentials_check(const struct mesh_new_cert_response_secret *in, bytes spki, int64_t now,
                                  struct err *err);

#endif
