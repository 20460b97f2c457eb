/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/credentials.h"

#include "parse/pem.h"
#include "verify/mesh_leaf.h"

static status read_ca(bytes pem, enum coordinator_ca_role role, int64_t now, struct coordinator_ca *out,
                      struct err *err)
{
    if (pem.len == 0) return err_set(err, ERR_MISSING, 0, "it is missing");
    TRY(coordinator_ca_parse(pem, role, out, err));
    return mesh_ca_check(out, now, err);
}

enum { LEAF, INTERMEDIATE, CHAIN };

static status check_chain(bytes pem, bytes spki, const struct coordinator_ca *root, const struct coordinator_ca *mesh,
                          int64_t now, struct err *err)
{
    uint8_t buf[2 * LIMIT_CERTIFICATE_BYTES];
    bytes der[CHAIN];
    struct x509_certificate leaf;
    TRY(pem_parse(pem, "CERTIFICATE", der, CHAIN, buf, sizeof buf, err));
    TRY(mesh_intermediate_check(der[INTERMEDIATE], root, mesh, now, err));
    TRY(mesh_leaf_check(der[LEAF], mesh, MESH_CLIENT, now, &leaf, err));
    TRY(mesh_leaf_check(der[LEAF], mesh, MESH_SERVER, now, &leaf, err));
    if (!bytes_eq(leaf.spki, spki)) return err_set(err, ERR_MISMATCH, 0, "leaf: it is not for this pod's key");
    return OK;
}

status credentials_check(const struct mesh_new_cert_response_secret *in, bytes spki, int64_t now, struct err *err)
{
    struct coordinator_ca root, mesh;
    TRY(err_in(err, read_ca(in->root_ca, COORDINATOR_ROOT_CA, now, &root, err), "root CA"));
    TRY(err_in(err, read_ca(in->mesh_ca, COORDINATOR_MESH_CA, now, &mesh, err), "mesh CA"));
    TRY(err_in(err, check_chain(in->cert_chain, spki, &root, &mesh, now, err), "certificate chain"));
    size_t n = in->workload_secret.len;
    if (n != 0 && n != WORKLOAD_SECRET_BYTES)
        return err_set(err, ERR_RANGE, 0, "workload secret: want %d bytes or none, have %zu", WORKLOAD_SECRET_BYTES, n);
    return OK;
}
