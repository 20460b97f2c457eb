/* SPDX-License-Identifier: Apache-2.0 */
/* snp/evidence.h: one file or message of SEV-SNP evidence, whatever it travels in, taken out of its envelope.
 *
 * The envelope is recognised by its content alone.  What comes out is the same for all: the raw report and certificates
 * in DER, PEM decoded.
 *
 * The trap: nothing in an envelope is authentic before the report's signature has been checked, and most of what stands
 * beside the report never is: CA certificates and `tcbm` are the sender's word.  A CA certificate that
 * cannot be decoded is handed out as it came, for hosts send odd ones and none is trusted.
 *
 * Not checked here: the report's rules (snp/report.h), what a certificate or CRL says (snp/leaf.h, parse/x509.h), any
 * signature, and that REPORT_DATA binds the runtime data (verify/).
 */
#ifndef SNP_EVIDENCE_H
#define SNP_EVIDENCE_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/hcl.h"
#include "snp/report.h"

enum snp_envelope {
    SNP_ENVELOPE_UNKNOWN,
    SNP_ENVELOPE_REPORT,           /* SNP_REPORT_BYTES and nothing else */
    SNP_ENVELOPE_REPORT_HEX,       /* the same in hex digits */
    SNP_ENVELOPE_REPORT_AND_TABLE, /* and a certificate table behind it: snp/certificate_table.h */
    SNP_ENVELOPE_REPORT_AND_HCL,   /* and the header of HCL runtime data: Constellation on Azure */
    SNP_ENVELOPE_HCL,              /* Azure's vTPM: snp/hcl.h */
    SNP_ENVELOPE_PROTOBUF,         /* sevsnp.Attestation: snp/attestation_pb.h */
    SNP_ENVELOPE_THIM,             /* Azure's certificates, no report: snp/thim.h */
    SNP_ENVELOPE_JSON,             /* a report in a JSON document: snp/evidence_json.h */
    SNP_ENVELOPE_TABLE,            /* a certificate table alone: configfs-tsm's auxblob; no report */
    SNP_ENVELOPE_CERTIFICATES,     /* certificates and CRLs alone, PEM or one DER; no report */
    SNP_ENVELOPE_COUNT,
};

/* Two or three words for a person. */
const char *snp_envelope_name(enum snp_envelope envelope);

/* The row of verify/checks.def that judges what is inside the envelope; NULL when it has no format of its own. */
const char *snp_envelope_rule(enum snp_envelope envelope);

/* Memory that the caller lends; what is decoded lies there and lives as long as it does. */
struct snp_evidence_storage {
    uint8_t report[SNP_REPORT_BYTES];
    uint8_t *buffer;
    size_t cap; /* of buffer; SNP_EVIDENCE_BUFFER_BYTES is enough for everything known */
};

enum { SNP_EVIDENCE_BUFFER_BYTES = 65536 };

/* Views into the input or the storage; absent when the envelope has none. */
struct snp_evidence {
    enum snp_envelope envelope;
    enum snp_envelope inner; /* JSON: what the document holds; otherwise the same as `envelope` */
    bytes report;            /* SNP_REPORT_BYTES */
    bytes vcek;              /* DER, unless it came as something that is neither PEM nor DER */
    bytes vlek;
    bytes ask;
    bytes asvk;
    bytes ark;
    bytes crl;
    bytes runtime_data; /* HCL: what REPORT_DATA must hash, zeros behind the hash */
    bool has_runtime;   /* HCL: `runtime` is set; with REPORT_AND_HCL the data itself has to come from elsewhere */
    struct snp_hcl_runtime runtime;
    uint64_t tcbm; /* THIM: the TCB word of the VCEK; advice */
};

/* Errors name the rule of the format that was recognised, else evidence.envelope (ERR_UNSUPPORTED).  report.size: less
 * than a report, or a rest that is too short for a certificate table.  leaf.encoding, crl.encoding: a leaf or CRL as
 * PEM that is not exactly one block.  ERR_NOMEM: the buffer is too small.  ERR_LIMIT: LIMIT_EVIDENCE_BYTES. */
MUST_USE status snp_evidence_parse(bytes in, struct snp_evidence_storage *lent, struct snp_evidence *out,
                                   struct err *err);

#endif
