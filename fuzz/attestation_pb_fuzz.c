/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_attestation_parse snp_attestation_write.
 *
 * What is accepted is written again in at most as many bytes, and read again as the same.
 */
#include <stdlib.h>

#include "snp/attestation_pb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static bool same(bytes a, bytes b)
{
    return bytes_is_absent(a) ? bytes_is_absent(b) : bytes_eq(a, b);
}

static void require_refused(status s, const struct err *err, const struct snp_attestation *out,
                            const uint8_t report[SNP_REPORT_BYTES], size_t size)
{
    require(err->kind == s.kind && err->rule && err->text[0] != '\0' && err->offset <= size);
    static const uint8_t zeros[SNP_REPORT_BYTES];
    require(out->product == 77 && memcmp(report, zeros, sizeof zeros) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[1 << 16];
    uint8_t report[SNP_REPORT_BYTES] = {0}, report_again[SNP_REPORT_BYTES];
    struct snp_attestation a = {.product = 77}, b;
    struct err err = {0};
    status s = snp_attestation_parse(BYTES(data, size), report, &a, &err);
    if (!is_ok(s)) {
        require_refused(s, &err, &a, report, size);
        return 0;
    }
    require(a.report.ptr == report && a.report.len == SNP_REPORT_BYTES);
    if (size > sizeof out) return 0;

    size_t len = 0;
    require(is_ok(snp_attestation_write(&a, out, size, &len, &err)));
    require(is_ok(snp_attestation_parse(BYTES(out, len), report_again, &b, &err)));
    require(bytes_eq(a.report, b.report));
    require(same(a.vcek, b.vcek) && same(a.vlek, b.vlek) && same(a.ask, b.ask) && same(a.ark, b.ark));
    require(same(a.crl, b.crl) && a.product == b.product && a.stepping == b.stepping);
    return 0;
}
