/* SPDX-License-Identifier: Apache-2.0 */
/* verify/envelope.h: what the envelope of evidence adds to a verdict: its own format, and what stands beside the
 * report.
 *
 * Little of it is proof.  REPORT_DATA binds the runtime data of Azure's paravisor; CA certificates and tcbm are the
 * sender's word, are not used, and are only spoken of when they contradict what is known.
 */
#ifndef VERIFY_ENVELOPE_H
#define VERIFY_ENVELOPE_H

#include "snp/ca.h"
#include "snp/evidence.h"
#include "verify/verdict.h"

/* Sets the rows evidence.*; `in` is what snp_evidence_parse gave. */
void envelope_check(const struct snp_evidence *in, struct verdict *v);

/* In its place when snp_evidence_parse failed with `e`: the row that was broken; everything else stays "not run". */
void envelope_failed(const struct err *e, struct verdict *v);

/* Whether `certificate`, a CA's that came beside the evidence, has a key that is not in `cas`.  Absent is not. */
bool envelope_ca_is_foreign(bytes certificate, const struct snp_ca_set *cas);

/* Warns when `tcbm` of a THIM document is not the report's REPORTED_TCB. */
void envelope_check_tcbm(uint64_t tcbm, const struct snp_report *report, struct verdict *v);

#endif
