/* SPDX-License-Identifier: Apache-2.0 */
/* snp/thim.h: the answer of Azure's THIM service, from which a guest there gets the certificates of its machine.
 *
 * A JSON object: vcekCert (PEM, one certificate), certificateChain (PEM, ASK and then ARK), tcbm (the TCB word of the
 * VCEK in 16 hex digits, most significant byte first), cacheControl (seconds, as a string).  All four must be there;
 * members that are not known are skipped.
 *
 * The trap: nothing here is signed but the certificates themselves.  `tcbm` is advice for finding the right VCEK; what
 * counts is the TCB inside the VCEK against the one in the report.
 *
 * Not checked here: what is inside a certificate, and that the chain is what its place says.
 * Specification: Azure, "Trusted Hardware Identity Management", AMD certification.
 */
#ifndef SNP_THIM_H
#define SNP_THIM_H

#include "parse/bytes.h"
#include "parse/status.h"

/* Views into the lent buffer. */
struct snp_thim {
    bytes vcek; /* DER */
    bytes ask;
    bytes ark;
    uint64_t tcbm;
};

/* Unescaped texts lie in the lower half of `buffer`, certificates in the upper one; a `cap` of twice the size of the
 * document is always enough.  Every refusal names the rule evidence.thim; ERR_NOMEM when `cap` is too small or more
 * than LIMIT_EVIDENCE_KEYS keys are open. */
MUST_USE status snp_thim_parse(bytes in, uint8_t *buffer, size_t cap, struct snp_thim *out, struct err *err);

#endif
