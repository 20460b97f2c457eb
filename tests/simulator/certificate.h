/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/certificate.h: what certificates and CRLs have in common: names, times, algorithms, signatures. */
#ifndef TESTS_SIMULATOR_CERTIFICATE_H
#define TESTS_SIMULATOR_CERTIFICATE_H

#include "tests/simulator/crypto.h"
#include "tests/simulator/sim.h"

/* Name of AMD's form: OU, C, L, ST, O, and CN.  `cn` "@none" leaves CN out, "@twice" puts SEV-VCEK in twice. */
void sim_put_name(struct out *o, const char *cn);

/* "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SSZ" as UTCTime until 2049, then as GeneralizedTime, and with a leading "G" always
 * so.  ERR_SYNTAX. */
MUST_USE status sim_put_time(struct out *o, const char *text, struct err *err);

/* The AlgorithmIdentifier. */
void sim_put_alg(struct out *o, enum sim_alg alg);

void sim_put_rsa_spki(struct out *o, enum sim_key key);
MUST_USE status sim_rsa_key_id(enum sim_key key, uint8_t out[20], struct err *err);

/* One Extension with its value, which is the content of the OCTET STRING.  `oid` is the content of the OID. */
void sim_put_extension(struct out *o, bytes oid, bool critical, bytes value);

struct sim_signing {
    enum sim_alg alg;                /* outer AlgorithmIdentifier and the signature itself */
    enum sim_key key;                /* for RSA */
    const struct sim_ec_key *ec_key; /* for SIM_ECDSA */
    uint64_t seed;                   /* of salts and nonces */
    const char *label;
};

/* SEQUENCE { tbs, algorithm, signature }, after the edits "FILE:..." of `edits`, whose offsets count in the result. */
MUST_USE status sim_put_signed(struct out *o, const struct out *tbs, const struct sim_signing *how,
                               const struct sim_list *edits, const char *file, struct err *err);

#endif
