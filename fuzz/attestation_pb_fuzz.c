/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_attestation_parse snp_attestation_write. */
#include <stdlib.h>

#include "snp/attestation_pb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refused(status s, const struct err *err, const struct snp_attestation *out,
                            const uint8_t report[SNP_REPORT_BYTES], size_t size)
{
    require(err->kind == s.kind && err->rule && err->text[0] != '\0' && err->offset <= size);
    static const uint8_t zeros[SNP_REPORT_BYTES];
    require(bytes_eq(out->vcek, BYTES_LIT("untouched")) && memcmp(report, zeros, sizeof zeros) == 0);
}

static void require_inside(bytes certificate, bytes in)
{
    if (bytes_is_absent(certificate)) return;
    require(certificate.len > 0 && certificate.ptr > in.ptr);
    require(certificate.ptr + certificate.len <= in.ptr + in.len);
}

/* No field carries what is reserved in every version, and the CPUID bytes not before version 3. */
static void require_reserved(bytes report)
{
    static const struct {
        uint16_t offset, len;
    } reserved[] = {{0x04c, 4}, {0x18b, 21}, {0x1eb, 1}, {0x1ef, 1}, {0x208, 152}};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        require(bytes_are_zero(bytes_slice(report, reserved[i].offset, reserved[i].len)));
    bool is_old = report.ptr[0] < 3 && bytes_are_zero(bytes_slice(report, 1, 3));
    if (is_old) require(bytes_are_zero(bytes_slice(report, 0x188, 3)));
}

static bool same(bytes a, bytes b)
{
    return bytes_is_absent(a) ? bytes_is_absent(b) : bytes_eq(a, b);
}

/* What was read can be written, with the same meaning and, once written, the same bytes again. */
static void require_written(const struct snp_attestation *a)
{
    static uint8_t first[1 << 20], second[1 << 20];
    uint8_t report[SNP_REPORT_BYTES];
    struct snp_attestation b;
    bytes once, twice;
    status s = snp_attestation_write(a, first, sizeof first, &once, NULL);
    if (s.kind == ERR_NOMEM) return; /* an input of megabytes */
    require(is_ok(s) && is_ok(snp_attestation_parse(once, report, &b, NULL)));
    require(same(a->report, b.report) && same(a->vcek, b.vcek) && same(a->vlek, b.vlek));
    require(same(a->ask, b.ask) && same(a->ark, b.ark) && same(a->crl, b.crl));
    require(is_ok(snp_attestation_write(&b, second, sizeof second, &twice, NULL)) && bytes_eq(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t report[SNP_REPORT_BYTES] = {0};
    struct snp_attestation a = {.vcek = BYTES_LIT("untouched")};
    struct err err = {0};
    bytes in = BYTES(data, size);
    status s = snp_attestation_parse(in, report, &a, &err);
    if (!is_ok(s)) {
        require_refused(s, &err, &a, report, size);
        return 0;
    }
    require(a.report.ptr == report && a.report.len == SNP_REPORT_BYTES);
    require_reserved(a.report);
    require_inside(a.vcek, in);
    require_inside(a.vlek, in);
    require_inside(a.ask, in);
    require_inside(a.ark, in);
    require_inside(a.crl, in);
    require_written(&a);
    return 0;
}
