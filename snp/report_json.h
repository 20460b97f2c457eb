/* SPDX-License-Identifier: Apache-2.0 */
/* snp/report_json.h: a report told field by field in JSON, as the Rust crate `sev` writes it and trustee's SNP evidence
 * carries it.
 *
 * AMD's signature covers the raw bytes, so the 1184 bytes are built again here, with zeros in the reserved ranges; the
 * signature is then checked over those.
 *
 * Members that are not known are skipped: one that should have been in the report then breaks the signature.
 * Not checked here: the report's own rules (snp/report.h).
 */
#ifndef SNP_REPORT_JSON_H
#define SNP_REPORT_JSON_H

#include "parse/json.h"
#include "snp/report.h"

/* Reads the object that comes next.  `report` is written on success only.  Errors are those of parse/json.h, and
 * ERR_TRUNCATED or ERR_TRAILING for an array of the wrong length. */
MUST_USE status snp_report_json_parse(struct json_reader *r, uint8_t report[SNP_REPORT_BYTES], struct err *err);

#endif
