/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/envelope.h: what a report travels in; spec/snp.md sections 9.1, 12 and 18. */
#ifndef TESTS_SIMULATOR_ENVELOPE_H
#define TESTS_SIMULATOR_ENVELOPE_H

#include "tests/simulator/sim.h"

/* Envelopes are made of the files that are already in `made`. */

/* Report, then the certificate table of the GHCB. */
MUST_USE status sim_put_table(struct out *o, const struct sim_options *options, const struct sim_evidence *made,
                              struct err *err);

/* sevsnp.Attestation, as go-sev-guest marshals it. */
MUST_USE status sim_put_protobuf(struct out *o, const struct sim_options *options, const struct sim_evidence *made,
                                 struct err *err);

/* The answer of Azure's THIM service. */
MUST_USE status sim_put_thim(struct out *o, const struct sim_options *options, const struct sim_evidence *made,
                             struct err *err);

/* Azure's HCL report, and the REPORT_DATA that binds its JSON. */
MUST_USE status sim_put_hcl(struct out *o, const struct sim_options *options, const struct sim_evidence *made,
                            struct err *err);
MUST_USE status sim_hcl_report_data(const struct sim_options *options, uint8_t out[64], struct err *err);

/* "leaf", "ask", "ark", "crl" of the include list: does the envelope carry it?  Without a list all are carried. */
bool sim_includes(const struct sim_options *options, const char *what);

#endif
