/* SPDX-License-Identifier: Apache-2.0 */
/* Any 1184 bytes as a report, and any other length. */
#include "snp/policy.h"
#include "snp/report.h"
#include "snp/tcb.h"
#include "tests/prove/input.h"

static void split(uint64_t word, enum snp_product product)
{
    struct snp_tcb tcb;
    if (!is_ok(snp_tcb_split(word, product, &tcb, NULL))) return;
    (void)snp_tcb_join(&tcb);
    (void)snp_tcb_eq(&tcb, &tcb);
}

static void use(const struct snp_report *r)
{
    //@ assert accepted: 2 <= r->version <= 5 && r->vmpl <= 3 && r->signature_algo == 1;
    //@ assert views: r->measurement.len == 48 && r->report_data.len == 64 && r->signed_part.len == 0x2a0;
    //@ assert last: r->signature_s.len == 72 && r->signature_s.ptr == r->raw.ptr + 0x2e8;
    (void)bytes_are_zero(r->measurement);
    (void)bytes_are_zero(r->signed_part);
    (void)bytes_are_zero(r->signature_r);
    (void)bytes_are_zero(r->signature_s);
    (void)snp_report_rule_name((enum snp_report_rule)any(0, SNP_REPORT_RULE_COUNT));
    (void)snp_product_name(snp_report_product(r));
    for (int p = SNP_PRODUCT_UNKNOWN; p <= SNP_PRODUCT_COUNT; p++)
        split(r->reported_tcb, (enum snp_product)p);
}

int main(void)
{
    uint8_t input[SNP_REPORT_BYTES];
    struct snp_report r;
    struct err err = {0};
    if (is_ok(snp_report_parse(INPUT(input, SNP_REPORT_BYTES), &r, &err))) use(&r);

    bytes wrong = {input, (size_t)any(0, SNP_REPORT_BYTES - 1)};
    struct snp_report none;
    status s = snp_report_parse(wrong, &none, &err);
    //@ assert refused: s.kind != ERR_NONE;
    wrong.len = any(0, 1) ? SNP_REPORT_BYTES + 1 : SIZE_MAX;
    s = snp_report_parse(wrong, &none, NULL);
    //@ assert refused: s.kind != ERR_NONE;
    return 0;
}
