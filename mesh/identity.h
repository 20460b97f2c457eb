/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/identity.h: who a pod is in its mesh, and whom it trusts: what contrast-initializer left in tls-config.
 *
 * The set is checked as the initializer checked it, for a proxy that starts with halves of two sets fails in ways that
 * nobody understands: both CAs, the chain under each of them, and that the leaf is for the key.
 * Specification: Contrast mesh, initializer.
 */
#ifndef MESH_IDENTITY_H
#define MESH_IDENTITY_H

#include "ca/key.h"
#include "verify/coordinator_ca.h"

struct identity {
    struct private_key secret_key;
    uint8_t certificates[2 * LIMIT_CERTIFICATE_BYTES];
    bytes leaf, intermediate;      /* DER, views of `certificates`: do not copy the struct */
    struct coordinator_ca mesh_ca; /* the one issuer whose workloads are let in, and reached */
};

/* `folder` holds mesh-ca.pem, certChain.pem, coordinator-root-ca.pem and key.pem, regular files or
 * links to such.  ERR_IO; kinds of mesh/credentials.h.  Texts begin with the file's name where one is at fault. */
MUST_USE status identity_load(const char *folder, int64_t now, struct identity *out, struct err *err);

void identity_wipe(struct identity *id);

#endif
