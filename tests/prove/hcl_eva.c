/* SPDX-License-Identifier: Apache-2.0 */
/* Any HCL report that ends with its header, its report, its runtime header, within the runtime data or behind it. */
#include "snp/hcl.h"
#include "snp/report.h"
#include "tests/prove/input.h"

enum { FIXED = 32 + SNP_REPORT_BYTES + SNP_HCL_RUNTIME_HEADER_BYTES, LONGEST = FIXED + 16 };

static void parse(size_t n)
{
    uint8_t input[LONGEST];
    struct snp_hcl hcl;
    struct err err = {0};
    if (!is_ok(snp_hcl_parse(INPUT(input, n), &hcl, &err))) return;
    //@ assert whole: hcl.report.len == SNP_REPORT_BYTES && hcl.runtime_data.len <= 16;
    (void)bytes_are_zero(hcl.report);
    (void)bytes_are_zero(hcl.runtime_data);
}

static void parse_runtime(size_t n)
{
    uint8_t input[SNP_HCL_RUNTIME_HEADER_BYTES + 1];
    struct snp_hcl_runtime runtime;
    struct err err = {0};
    (void)is_ok(snp_hcl_runtime_parse(INPUT(input, n), &runtime, &err));
}

int main(void)
{
    parse(0);
    parse(31);
    parse(32);
    parse(32 + SNP_REPORT_BYTES - 1);
    parse(32 + SNP_REPORT_BYTES);
    parse(FIXED - 1);
    parse(FIXED);
    parse(LONGEST);
    parse_runtime(0);
    parse_runtime(SNP_HCL_RUNTIME_HEADER_BYTES - 1);
    parse_runtime(SNP_HCL_RUNTIME_HEADER_BYTES);
    parse_runtime(SNP_HCL_RUNTIME_HEADER_BYTES + 1);
    return 0;
}
