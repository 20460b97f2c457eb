/* SPDX-License-Identifier: Apache-2.0 */
/* verify/report_data.h: what REPORT_DATA binds in evidence of a Coordinator or a pod (Contrast protocol, report data).
 *
 *     of a TLS connection   SHA-512(SubjectPublicKeyInfo | nonce)
 *     of POST /attest       SHA-256(nonce | latest transition | SHA-256(root CA) | SHA-256(mesh CA)), then 32 zeros
 *     of POST /v1/attest    the same with | SHA-256(body of /capabilities)
 *
 * The trap: none of them says who made it, a server or a client, nor for which of the three it was made; they differ in
 * form only.  Source: internal/attestation/reportdata, internal/httpapi.
 */
#ifndef VERIFY_REPORT_DATA_H
#define VERIFY_REPORT_DATA_H

#include "verify/crypto.h"

enum { REPORT_DATA_BYTES = 64, REPORT_DATA_NONCE_BYTES = 32 };

/* `key` is the one of the side that shows the evidence, `nonce` that of the other side.  ERR_BUG from the crypto
 * library, here and below. */
MUST_USE status report_data_of_connection(bytes key, const uint8_t nonce[REPORT_DATA_NONCE_BYTES],
                                          uint8_t out[REPORT_DATA_BYTES], struct err *err);

struct report_data_answer {
    const uint8_t *nonce;  /* REPORT_DATA_NONCE_BYTES */
    const uint8_t *latest; /* SHA256_BYTES */
    bytes root_ca, mesh_ca;
    bytes capabilities; /* absent: POST /attest */
};

MUST_USE status report_data_of_answer(const struct report_data_answer *in, uint8_t out[REPORT_DATA_BYTES],
                                      struct err *err);

#endif
