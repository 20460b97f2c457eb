/* SPDX-License-Identifier: Apache-2.0 */
/* verify/deployment.h: is this the deployment that was expected: what a Coordinator says of itself, against a manifest.
 *
 * A Coordinator answers with its history of manifests, their policies, its two CA certificates, and evidence whose
 * REPORT_DATA binds all of them and a nonce.  deployment_check checks what can be checked without the report and forms
 * what REPORT_DATA has to be; deployment_judge then judges the report against the manifest that was given.
 *
 * Everything in the bundle is hostile.  It is judged against the manifest the user gave, never against the one
 * that came; that the two are the same is a row of its own.
 *
 * The traps: REPORT_DATA is one hash, so that a failed "report-data" does not tell which part differs.  Bytes are
 * bound, not meanings: manifests and certificates are compared and hashed as they came.  Evidence of attested TLS binds
 * none of them, so that with binding atls "report-data" fails whatever it says, but for a connection that the caller
 * holds open himself.
 *
 * Not checked here: that the policies forbid what they should; that earlier manifests were good ones; who put the
 * history there; what environment variables or ConfigMaps hold that no policy covers. Source: Contrast protocol, POST
 * /attest, transitions, certificates.
 */
#ifndef VERIFY_DEPLOYMENT_H
#define VERIFY_DEPLOYMENT_H

#include "parse/initdata.h"
#include "parse/manifest.h"
#include "verify/bundle.h"
#include "verify/coordinator_ca.h"
#include "verify/crypto.h"
#include "verify/manifest_judge.h"
#include "verify/report_data.h"

struct deployment_policy {
    uint8_t hash[SHA256_BYTES];
    bool named; /* by a manifest of the history */
};

/* What the user expects. */
struct deployment_expectation {
    bytes manifest;                         /* the bytes of his file */
    bytes nonce;                            /* the one that was sent; absent: the bundle's is taken at its word */
    const uint8_t (*history)[SHA256_BYTES]; /* transitions that are known, oldest first */
    size_t history_count;                   /* 0: none is expected */
    bytes root_ca_point;                    /* key of the root that is known; absent: none is expected */

    /* SubjectPublicKeyInfo of the peer of an attested TLS connection that the caller holds open, over which everything
     * else in the bundle came, with binding atls; absent: there is none.  Never out of a bundle: whoever made that
     * could have put any history beside the evidence of a connection of his own. */
    bytes connection_key;
};

/* Memory that the caller lends, zeroed, and what deployment_check leaves in it. */
struct deployment_work {
    struct manifest_storage expected_storage; /* lent, as parse/manifest.h says */
    struct manifest_storage history_storage;
    struct deployment_policy *policies;   /* as many as the bundle has */
    uint8_t (*transitions)[SHA256_BYTES]; /* as many as the bundle has manifests; afterwards their chain */

    bool has_manifest, has_report_data;
    struct manifest manifest; /* the given one */
    uint8_t wanted_manifest[SHA256_BYTES], active_manifest[SHA256_BYTES];
    struct coordinator_ca root_ca, mesh_ca;
    uint8_t report_data[REPORT_DATA_BYTES]; /* what it has to be */
    const char *report_data_source;         /* what that was made from */
    struct initdata_entry entries[LIMIT_INITDATA_ENTRIES];
    struct manifest_judge_work judging;
};

/* Sets the rows nonce, api-version, manifest.*, history.*, policy.*, root-ca.* and mesh-ca.*.
 * Policies are in the order of their hashes, as bundle_parse wants and bundle_sort makes them. */
void deployment_check(const struct bundle *b, const struct deployment_expectation *want, int64_t now,
                      struct deployment_work *w, struct verdict *v);

/* Those of its rows that depend on the time, and what they stand on: *-ca.certificate, .profile, .signature, .validity.
 */
void deployment_check_cas(const struct bundle *b, int64_t now, struct deployment_work *w, struct verdict *v);

/* deployment_check for the peer of an attested TLS connection before anything has come over it: is it a Coordinator of
 * the manifest, and is its evidence about this connection?  Sets the rows manifest.expected and manifest.platform;
 * those of history and certificates are left alone, so the subject of the verdict is the report.  want->nonce and
 * want->connection_key are there; nothing else of `want` but the manifest is used. */
void deployment_check_connection(const struct deployment_expectation *want, struct deployment_work *w,
                                 struct verdict *v);

/* attest.type, of what an answer says its evidence is: `count` numbers of an object identifier. */
void deployment_check_type(const uint32_t *type, size_t count, struct verdict *v);

/* Runs evidence_judge against each reference value of the given manifest, and keeps in `v` the verdict under the first
 * that is met, or else under the one that fewest checks fail.  After deployment_check or deployment_check_connection.
 */
void deployment_judge(const struct evidence *e, struct deployment_work *w, struct verdict *v);

#endif
