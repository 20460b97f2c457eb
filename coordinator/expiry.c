/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/expiry.h"

#include "parse/limits.h"
#include "parse/pem.h"
#include "parse/x509.h"
#include "snp/attestation_pb.h"

static int64_t not_after(bytes der)
{
    struct x509_certificate x;
    return is_ok(x509_certificate_parse(der, &x, NULL)) ? x.not_after : 0;
}

struct expiry_evidence expiry_of_evidence(bytes document)
{
    uint8_t report[SNP_REPORT_BYTES];
    struct snp_attestation a;
    struct x509_crl crl;
    struct expiry_evidence e = {0};
    if (!is_ok(snp_attestation_parse(document, report, &a, NULL))) return e;
    bytes leaf = a.vcek.ptr ? a.vcek : a.vlek;
    if (leaf.ptr) e.leaf_not_after = not_after(leaf);
    if (a.crl.ptr && is_ok(x509_crl_parse(a.crl, &crl, NULL)) && crl.has_next_update)
        e.crl_next_update = crl.next_update;
    return e;
}

int64_t expiry_of_certificate(bytes pem)
{
    uint8_t buffer[LIMIT_CERTIFICATE_BYTES];
    bytes der = BYTES_ABSENT;
    return is_ok(pem_parse(pem, "CERTIFICATE", &der, 1, buffer, sizeof buffer, NULL)) ? not_after(der) : 0;
}
