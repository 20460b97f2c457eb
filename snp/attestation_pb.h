/* SPDX-License-Identifier: Apache-2.0 */
/* snp/attestation_pb.h: the protobuf message sevsnp.Attestation of go-sev-guest, the evidence inside an aTLS
 * certificate.
 *
 * The message carries the report field by field, while AMD's signature covers the raw bytes: so the 1184 bytes are
 * built again here, with zeros in the reserved ranges, and the signature is then checked over those.  A report with
 * anything in a reserved range cannot travel this way and fails its signature.
 *
 * The trap: protobuf lets a later field overwrite or merge with an earlier one, which lets two readers see two
 * different reports in one message.  A known field that comes twice is refused.  Fields that are not known are skipped.
 *
 * Not checked here: the report's own rules (snp/report.h), what is inside a certificate (DER or PEM), and any
 * signature.  The CA certificates are the sender's word, and so is `product`, which is read for its form alone.
 * Specification: go-sev-guest, proto/sevsnp.proto; Contrast's key of the `extras` map for the CRL.
 */
#ifndef SNP_ATTESTATION_PB_H
#define SNP_ATTESTATION_PB_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/report.h"

struct snp_attestation {
    bytes report; /* SNP_REPORT_BYTES: the array that the caller lent */
    bytes vcek;   /* this and the following: absent, or a view into the message */
    bytes ask;    /* or the ASVK */
    bytes ark;
    bytes vlek;
    bytes crl; /* DER */
};

/* Fills `report` and points `out->report` at it; on failure neither is touched.  Every refusal names the rule
 * evidence.protobuf: a field of the wrong wire type, length or range, missing or repeated, and whatever protobuf_next
 * refuses; ERR_LIMIT for more than LIMIT_ATTESTATION_EXTRAS entries of the map. */
MUST_USE status snp_attestation_parse(bytes in, uint8_t report[SNP_REPORT_BYTES], struct snp_attestation *out,
                                      struct err *err);

/* The message of a report and the certificates beside it, in the order of the field numbers, without a product: a
 * report of version 3 or later names its own.  `*out` is a view of buf.  ERR_RANGE for a report that cannot travel this
 * way: another size than SNP_REPORT_BYTES, or a reserved byte that is not 0.  ERR_NOMEM. */
MUST_USE status snp_attestation_write(const struct snp_attestation *in, uint8_t *buf, size_t cap, bytes *out,
                                      struct err *err);

#endif
