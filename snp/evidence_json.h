/* SPDX-License-Identifier: Apache-2.0 */
/* snp/evidence_json.h: the JSON documents in which other verifiers and guests keep SEV-SNP evidence.
 *
 * Which one it is follows from the keys at the top.  What they hold is decoded and not looked into: `content` is itself
 * evidence of one of the binary kinds, and goes through the same recognition as if it had come alone.
 *
 * The trap: these documents also repeat what the report says in words.  Only the report itself counts; all other
 * members are skipped, known or not.
 *
 * Not checked here: what is inside the report, the table or the leaf.
 */
#ifndef SNP_EVIDENCE_JSON_H
#define SNP_EVIDENCE_JSON_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/certificate_table.h"

enum snp_json_kind {
    SNP_JSON_UNKNOWN,
    SNP_JSON_THIM,     /* vcekCert, ...: snp/thim.h */
    SNP_JSON_TSM,      /* outblob, auxblob, provider: the files of configfs-tsm, base64url without padding */
    SNP_JSON_AZURE_V0, /* report, vcek, quote: trustee's az-snp-vtpm; HCL report in numbers, leaf in PEM */
    SNP_JSON_AZURE_V1, /* hcl_report, vcek, version: the same in base64url */
    SNP_JSON_AUTOMATA, /* sev_snp {attestation_report, vek_cert}: base64 */
    SNP_JSON_TRUSTEE,  /* attestation_report, cert_chain: trustee's snp; the report field by field: snp/report_json.h */
    SNP_JSON_EVIDENCE, /* evidence [{kind "sevsnp", blob}]: attestation-server; report and table in base64 */
};

/* Views into the input or the lent buffer. */
struct snp_json_evidence {
    bytes content; /* raw report, report and table, or HCL report */
    bytes table;   /* certificate table of that report; TSM */
    bytes leaf;    /* DER or PEM, of a kind that the document does not tell; absent when it has none */
    struct snp_certificate_table chain; /* the same of known kinds; TRUSTEE */
    size_t used;                        /* of the lent buffer */
};

/* By the keys at the top; `buffer` is scratch.  Every refusal names the rule evidence.envelope: ERR_UNSUPPORTED for a
 * document of no known kind and for one with keys of two kinds.  A document that breaks behind its first telling key is
 * of that key's kind, and refused by its reader. */
MUST_USE status snp_json_recognise(bytes in, uint8_t *buffer, size_t cap, enum snp_json_kind *out, struct err *err);

/* Reads any kind but THIM.  Texts lie in the lower half of `buffer`, what is decoded in the upper one; a `cap` of twice
 * the size of the document is always enough.  Rule evidence.envelope; ERR_NOMEM when `cap` is too small or more than
 * LIMIT_EVIDENCE_KEYS keys are open. */
MUST_USE status snp_json_evidence_parse(bytes in, enum snp_json_kind kind, uint8_t *buffer, size_t cap,
                                        struct snp_json_evidence *out, struct err *err);

#endif
