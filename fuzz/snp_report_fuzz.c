/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_report_read snp_report_parse snp_report_rule_check snp_report_product snp_tcb_split snp_tcb_join
 * snp_tcb_at_least snp_tcb_eq. */
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

/* False for a word that this product does not have. */
static bool split(uint64_t word, enum snp_product product, struct snp_tcb *out)
{
    struct err err = {0};
    status s = snp_tcb_split(word, product, out, &err);
    if (is_ok(s)) require(snp_tcb_join(out) == word && product != SNP_PRODUCT_UNKNOWN);
    if (!is_ok(s)) require(err.text[0] != '\0' && err.rule != NULL);
    return is_ok(s);
}

/* Each component is a byte of its own, so the words tell the order too. */
static bool each_byte_at_least(uint64_t have, uint64_t least)
{
    for (unsigned i = 0; i < 64; i += 8)
        if ((have >> i & 0xff) < (least >> i & 0xff)) return false;
    return true;
}

static void check_tcbs(const struct snp_report *r, enum snp_product product)
{
    const uint64_t words[] = {r->current_tcb, r->reported_tcb, r->committed_tcb, r->launch_tcb};
    struct snp_tcb a, b;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            if (!split(words[i], product, &a) || !split(words[j], product, &b)) continue;
            require(snp_tcb_at_least(&a, &b) == each_byte_at_least(words[i], words[j]));
            require(snp_tcb_eq(&a, &b) == (words[i] == words[j]));
            b.product = SNP_PRODUCT_UNKNOWN;
            require(!snp_tcb_at_least(&a, &b) && !snp_tcb_at_least(&b, &b) && snp_tcb_join(&b) == 0);
        }
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
        check_tcbs(r, (enum snp_product)p);
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
