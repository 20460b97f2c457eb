/* SPDX-License-Identifier: Apache-2.0 */
/* ca/seed.h: what a deployment's seed and salt become: its keys and the secrets of its workloads.
 *
 * All of it is HKDF-SHA256 with the deployment's salt; the same seed and salt give the same keys for ever, which is
 * what makes recovery work.
 *
 * The trap: a workload secret and a key of the transit engine share one derivation. The transit key `web` of version 0
 * is the first half of the workload secret `0_web`; so ids that begin with a number and '_' are refused for workloads.
 * Specification: Contrast protocol, key derivation.
 */
#ifndef CA_SEED_H
#define CA_SEED_H

#include "ca/key.h"

struct seed_engine {
    struct secret_seed seed;
    struct secret_salt salt;
    struct secret_seed secret_pod_state; /* workload secrets are derived from it */
    struct private_key transaction_key;  /* P-384; signs the record of the latest transition */
    struct private_key root_key;         /* P-384; the root CA's */
};

void seed_engine_wipe(struct seed_engine *e);

/* Of 64 and 32 bytes, in any content; the salt is looked at first.  ERR_RANGE for another length. */
MUST_USE status seed_engine_make(bytes secret_seed, bytes salt, struct seed_engine *out, struct err *err);

/* Draws both anew. */
MUST_USE status seed_engine_generate(struct seed_engine *out, struct err *err);

enum seed_id_rule {
    SEED_ID_STRICT, /* refuses what could be the id of a transit key: digits, then '_' */
    SEED_ID_ANY,    /* for deployments that have such workloads already, and for the transit engine itself */
};

/* The secret of the workload with this WorkloadSecretID, UTF-8 without NUL of at most LIMIT_SECRET_ID_BYTES.
 * ERR_MISSING for the empty id, ERR_DENIED for one that the rule refuses, ERR_LIMIT. */
MUST_USE status seed_workload_secret(const struct seed_engine *e, bytes id, enum seed_id_rule rule,
                                     struct secret_seed *out, struct err *err);

#define LIMIT_SECRET_ID_BYTES 1024 /* an id is a name that a person gave a workload */

#endif
