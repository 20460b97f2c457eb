/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/report.h: ATTESTATION_REPORT; spec/snp.md section 1. */
#ifndef TESTS_SIMULATOR_REPORT_H
#define TESTS_SIMULATOR_REPORT_H

#include "tests/simulator/crypto.h"
#include "tests/simulator/sim.h"

enum { SIM_REPORT_BYTES = 0x4A0, SIM_REPORT_SIGNED = 0x2A0, SIM_SIGNATURE_PART = 72 };

/* Offsets that other modules need. */
enum {
    REPORT_SIGNER_INFO = 0x48,
    REPORT_DATA = 0x50,
    REPORT_REPORTED_TCB = 0x180,
    REPORT_CPUID = 0x188,
    REPORT_CHIP_ID = 0x1A0,
    REPORT_R = 0x2A0,
    REPORT_S = 0x2E8,
};

/* The report without its signature.  `report_data` is the default for REPORT_DATA; absent: drawn. */
MUST_USE status sim_put_report(struct out *o, const struct sim_options *options, bytes report_data, struct err *err);

MUST_USE status sim_sign_report(struct out *report, const struct sim_options *options, const struct sim_ec_key *key,
                                struct err *err);

/* Every field for the help text, NULL behind the last. */
const char *sim_report_field_name(size_t i);

#endif
