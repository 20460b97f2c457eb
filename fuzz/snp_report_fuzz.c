/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_report_read snp_report_parse snp_report_rule_check snp_report_product snp_tcb_split snp_tcb_join. */
#include <stdlib.h>

#include "snp/report.h"
#include "snp/tcb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_inside(bytes view, bytes in, size_t want)
{
    require(view.len == want && view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len);
}

static void check_tcb(uint64_t word, enum snp_product product)
{
    struct snp_tcb tcb;
    struct err err = {0};
    status s = snp_tcb_split(word, product, &tcb, &err);
    if (is_ok(s)) require(snp_tcb_join(&tcb) == word && snp_tcb_at_least(&tcb, &tcb));
    if (!is_ok(s)) require(err.text[0] != '\0' && err.rule != NULL);
}

/* What holds of every report that was accepted. */
static void check_report(const struct snp_report *r, bytes in)
{
    require(in.len == SNP_REPORT_BYTES);
    require_inside(r->measurement, in, 48);
    require_inside(r->report_data, in, 64);
    require_inside(r->host_data, in, 32);
    require_inside(r->chip_id, in, 64);
    require_inside(r->signed_part, in, SNP_REPORT_SIGNED_BYTES);
    require(r->version >= 2 && r->version <= 5 && r->vmpl <= 3 && r->signature_algo == 1);
    require((r->policy >> 26) == 0 && (r->policy >> 17 & 1) == 1 && snp_report_signing_key(r) <= 1);
    if (r->version < 3) require(r->cpuid_fam_id == 0 && snp_report_product(r) == SNP_PRODUCT_UNKNOWN);
    if (r->version < 5) require(r->launch_mit_vector == 0 && r->current_mit_vector == 0);
    for (int p = SNP_PRODUCT_UNKNOWN; p < SNP_PRODUCT_COUNT; p++)
        check_tcb(r->reported_tcb, (enum snp_product)p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct snp_report r, again;
    struct err err = {0};
    bytes in = BYTES(data, size);
    status s = snp_report_parse(in, &r, &err);
    if (is_ok(s)) {
        check_report(&r, in);
        require(is_ok(snp_report_parse(in, &again, NULL)) && again.policy == r.policy);
        return 0;
    }
    require(err.kind == s.kind && err.text[0] != '\0' && err.rule != NULL && err.offset <= size);
    return 0;
}
