/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/initializer.h: how a pod gets its certificate: evidence to the Coordinator, the answer into files.
 *
 * The Coordinator is not attested here, on purpose: the pod was started by people who could have named any, and whoever
 * verifies the deployment checks the certificate.  What came is checked to fit together before it becomes a file.
 *
 * Source: Contrast protocol, initializer contract; Contrast mesh, initializer.
 */
#ifndef MESH_INITIALIZER_H
#define MESH_INITIALIZER_H

#include "mesh/credential_files.h"
#include "net/address.h"
#include "net/issuer.h"

struct initializer {
    struct address coordinator;
    const char *evidence;          /* what makes it, as issuer_open takes it */
    struct issuer *issuer;         /* NULL: none runs, the next attempt starts one */
    struct private_key secret_key; /* P-256: the key of the connection, and the one that is certified */
    struct credential_files files;
};

/* One attempt: connects, asks, checks, writes.  ERR_DENIED and others when the Coordinator refuses; an attempt may be
 * made again. */
MUST_USE status initializer_try(struct initializer *i, struct err *err);

#endif
