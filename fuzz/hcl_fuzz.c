/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_hcl_parse snp_hcl_runtime_parse. */
#include <stdlib.h>

#include "snp/hcl.h"
#include "snp/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    struct snp_hcl hcl = {.report = BYTES_LIT("untouched")};
    struct snp_hcl_runtime runtime;
    struct err err = {0};
    status s = snp_hcl_parse(in, &hcl, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
        require(bytes_eq(hcl.report, BYTES_LIT("untouched")));
        (void)is_ok(snp_hcl_runtime_parse(in, &runtime, NULL));
        return 0;
    }

    require(hcl.report.ptr == data + 0x20 && hcl.report.len == SNP_REPORT_BYTES);
    require(hcl.runtime_data.len == hcl.runtime.data_bytes && hcl.runtime_data.len <= size - 0x4d4);
    /* Zeros behind are padding and nothing before is; the header alone says the same. */
    size_t used = 0x4d4 + hcl.runtime_data.len;
    require(bytes_are_zero(bytes_slice(in, used, size - used)));
    require(is_ok(snp_hcl_parse(bytes_slice(in, 0, used), &hcl, NULL)));
    require(!is_ok(snp_hcl_parse(bytes_slice(in, 0, used - 1), &hcl, NULL)));
    require(is_ok(snp_hcl_runtime_parse(bytes_slice(in, 0x4c0, SNP_HCL_RUNTIME_HEADER_BYTES), &runtime, NULL)));
    require(runtime.data_bytes == hcl.runtime.data_bytes && runtime.hash == hcl.runtime.hash);
    return 0;
}
