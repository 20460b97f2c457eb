/* SPDX-License-Identifier: Apache-2.0 */
/* verify/mesh_leaf.h: the certificate of a workload under the CAs of its Coordinator.
 *
 * Two paths of two certificates, and no others: leaf under mesh CA, and leaf under intermediate under root, where
 * intermediate and mesh CA have one name and one key.  So there is no path building: the issuer is given, and every
 * certificate is held against it.
 *
 * Checked of a leaf: the issuer's name, ECDSA with SHA-384 under the issuer's key, validity, that it is no CA, that it
 * may sign in a handshake and serve the purpose, and that it has no critical extension beyond those.
 *
 * The trap: a leaf of an earlier manifest chains to the root for ever (a year), and not to today's mesh CA; who wants
 * only today's workloads asks for the mesh CA.
 * Not checked here: names, claims, and that the CAs are to be trusted (verify/deployment.h).
 * Specification: Contrast protocol, CA; RFC 5280, 6.1 for a path of length 1.
 */
#ifndef VERIFY_MESH_LEAF_H
#define VERIFY_MESH_LEAF_H

#include "verify/coordinator_ca.h"

enum mesh_purpose { MESH_CLIENT, MESH_SERVER };

/* `mesh_ca`: of its profile, as coordinator_ca_parse leaves it.  `*out` views `der`.  ERR_EXPIRED for the validity,
 * ERR_SIGNATURE, ERR_MISMATCH for the issuer's name, ERR_DENIED for what the certificate may not be used for,
 * ERR_UNSUPPORTED for another algorithm or an unknown critical extension, and what x509_certificate_parse says. */
MUST_USE status mesh_leaf_check(bytes der, const struct coordinator_ca *mesh_ca, enum mesh_purpose purpose, int64_t now,
                                struct x509_certificate *out, struct err *err);

/* The intermediate between `root_ca` and `mesh_ca`: the latter's name and key, signed by the former.  Kinds as above.
 */
MUST_USE status mesh_intermediate_check(bytes der, const struct coordinator_ca *root_ca,
                                        const struct coordinator_ca *mesh_ca, int64_t now, struct err *err);

/* A CA's signature by its own key, and its validity: what coordinator_ca_parse leaves open. */
MUST_USE status mesh_ca_check(const struct coordinator_ca *ca, int64_t now, struct err *err);

/* The WorkloadSecretID in a leaf (1.3.9901.3.1), a view of it; absent when it has none.  ERR_SYNTAX when it is no
 * OCTET STRING or empty. */
MUST_USE status mesh_leaf_workload_secret_id(const struct x509_certificate *leaf, bytes *out, struct err *err);

#endif
