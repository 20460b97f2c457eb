/* SPDX-License-Identifier: Apache-2.0 */
/* kube/manifest_update.h: the manifest of the workloads that were prepared, from the one that was there before or from
 * the platform's reference values.
 *
 * Policies are replaced.  What somebody has written into an entry by hand stays: its SANs, WorkloadSecretID and Role,
 * when the workload can be told to be the same, by its policy, its WorkloadSecretID or its name as first SAN.  Owners'
 * keys are added, reference values left as they are.
 *
 * Equal inputs give equal bytes, in whatever order the workloads come.
 * Specification: Contrast, generate: sections 2.9 and 5.
 */
#ifndef KUBE_MANIFEST_UPDATE_H
#define KUBE_MANIFEST_UPDATE_H

#include "kube/platform.h"
#include "kube/policy_data.h"
#include "parse/manifest.h"

struct workload {
    uint8_t digest[MANIFEST_HASH_BYTES];
    bytes api_version, kind, name;
    bytes name_space;         /* absent when there is none */
    bytes workload_secret_id; /* absent when the object does not say */
    bool is_coordinator;
};

struct manifest_inputs {
    bytes old;              /* absent: there is none */
    bytes reference_values; /* for a new one: of all platforms, as in kube/reference_values.json */
    enum platform platform;
    const struct workload *workloads;
    size_t count;
    struct texts owners;            /* SubjectPublicKeyInfo of EC keys */
    struct texts seed_share_owners; /* RSAPublicKey */
    bool disables_updates;
};

struct manifest_result {
    bytes text;
    struct texts missing; /* JSON pointers of reference values that are still to be filled in */
    struct manifest manifest;
};

/* Texts live in `memory`.  The result is a manifest but for what is missing.  ERR_MISSING when no workload or several
 * are the Coordinator; what manifest_parse_draft says of the old one; ERR_LIMIT, ERR_NOMEM. */
MUST_USE status manifest_update(const struct manifest_inputs *in, struct arena *memory, struct manifest_result *out,
                                struct err *err);

#endif
