/* SPDX-License-Identifier: Apache-2.0 */
/* snp/hcl.h: the attestation report of Azure's paravisor (HCL), as a guest reads it from a vTPM's NV index.
 *
 * A header, the hardware's report, a header of the runtime data, the runtime data (JSON with the vTPM's keys), zeros up
 * to the size of the NV index.  The guest does not choose REPORT_DATA there: the paravisor puts a hash of the runtime
 * data into it, and that is all that binds the two.
 *
 * Not checked here: that binding (verify/), the report's own rules (snp/report.h), and that the runtime data is JSON.
 * Specification: Azure, "Guest attestation for confidential VMs", HCL report format.
 */
#ifndef SNP_HCL_H
#define SNP_HCL_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { SNP_HCL_RUNTIME_HEADER_BYTES = 20 };

enum snp_hcl_hash { SNP_HCL_SHA256 = 1, SNP_HCL_SHA384 = 2, SNP_HCL_SHA512 = 3 };

/* The header of the runtime data. */
struct snp_hcl_runtime {
    enum snp_hcl_hash hash;
    uint32_t data_bytes; /* of the runtime data */
};

/* Views into the input. */
struct snp_hcl {
    bytes report; /* SNP_REPORT_BYTES */
    struct snp_hcl_runtime runtime;
    bytes runtime_data;
};

/* Every refusal names the rule evidence.hcl.  ERR_UNSUPPORTED: another version or hash, or a report that is not one of
 * SEV-SNP; ERR_TRUNCATED, ERR_MISMATCH (sizes that contradict each other), ERR_TRAILING (bytes other than zero after
 * the runtime data). */
MUST_USE status snp_hcl_parse(bytes in, struct snp_hcl *out, struct err *err);

/* The header alone, SNP_HCL_RUNTIME_HEADER_BYTES: Constellation stores report and header and leaves the data away. */
MUST_USE status snp_hcl_runtime_parse(bytes in, struct snp_hcl_runtime *out, struct err *err);

#endif
