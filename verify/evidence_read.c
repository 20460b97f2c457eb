/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/evidence_read.h"

#include "verify/crypto.h"

static void read_report(bytes in, struct evidence *e, struct verdict *v)
{
    struct err err = {0};
    e->has_report = verdict_take(v, CHECK_REPORT_SIZE, snp_report_read(in, &e->report, &err), &err);
    if (!e->has_report) return;
    for (unsigned i = 0; i < SNP_REPORT_RULE_COUNT; i++) {
        enum snp_report_rule rule = (enum snp_report_rule)i;
        struct err broken = {0};
        status s = snp_report_rule_check(rule, &e->report, &broken);
        verdict_take(v, check_find(snp_report_rule_name(rule)), s, &broken);
    }
}

static void read_leaf(bytes in, struct evidence *e, struct verdict *v)
{
    if (!in.ptr) {
        verdict_fail(v, CHECK_LEAF_PRESENT, "no certificate of the key that signed came with the report or was given");
        return;
    }
    verdict_pass(v, CHECK_LEAF_PRESENT);

    struct err encoding = {0}, issuer = {0}, key = {0}, extensions = {0};
    status s = snp_leaf_read_certificate(in, &e->leaf, &encoding);
    if (!verdict_take(v, CHECK_LEAF_ENCODING, s, &encoding)) return;

    s = snp_leaf_read_key(&e->leaf, &key);
    if (is_ok(s)) s = crypto_p384_point_check(e->leaf.point.ptr, &key);
    bool has_key = verdict_take(v, CHECK_LEAF_KEY, s, &key);

    if (!verdict_take(v, CHECK_LEAF_ISSUER, snp_leaf_read_issuer(&e->leaf, &issuer), &issuer)) return;
    e->has_leaf = has_key;
    s = snp_leaf_read_extensions(&e->leaf, &extensions);
    e->has_leaf_extensions = verdict_take(v, CHECK_LEAF_EXTENSIONS, s, &extensions);
}

/* A version 2 report does not say what machine made it; the leaf's issuer does, and must then prove it. */
static void choose_product(struct evidence *e, struct verdict *v)
{
    if (!e->has_report) return;
    bool by_leaf = e->report.version < 3;
    if (by_leaf && !e->has_leaf) return;
    e->product = by_leaf ? e->leaf.product : snp_report_product(&e->report);
    if (e->product == SNP_PRODUCT_UNKNOWN) {
        verdict_fail(v, CHECK_PRODUCT_KNOWN, "no root is known for this family and model");
        return;
    }
    verdict_set(v, CHECK_PRODUCT_KNOWN, true, value_none(), value_text(snp_product_name(e->product)),
                by_leaf ? "the leaf's issuer" : "the report's CPUID bytes");
}

static void read_tcbs(struct evidence *e, struct verdict *v)
{
    const struct {
        uint64_t word;
        struct snp_tcb *out;
    } words[] = {
        {e->report.current_tcb, &e->current},
        {e->report.reported_tcb, &e->reported},
        {e->report.committed_tcb, &e->committed},
        {e->report.launch_tcb, &e->launch},
    };

    struct err err = {0};
    status s = OK;
    for (size_t i = 0; i < sizeof words / sizeof words[0] && is_ok(s); i++)
        s = snp_tcb_split(words[i].word, e->product, words[i].out, &err);
    e->has_tcbs = verdict_take(v, CHECK_REPORT_TCB_RESERVED, s, &err);
}

static void check_chip_id_padding(const struct evidence *e, struct verdict *v)
{
    if (e->product != SNP_TURIN) {
        verdict_does_not_apply(v, CHECK_REPORT_CHIP_ID_PADDING, "this product uses all 64 bytes");
        return;
    }
    bool zero = bytes_are_zero(bytes_slice(e->report.chip_id, 8, 56));
    verdict_set(v, CHECK_REPORT_CHIP_ID_PADDING, zero, value_none(), value_hex(e->report.chip_id), NULL);
}

static void read_crl(bytes in, struct evidence *e)
{
    e->crl_input = in;
    e->has_crl = in.ptr && is_ok(x509_crl_parse(in, &e->crl, NULL));
}

void evidence_read(const struct evidence_input *in, struct evidence *out, struct verdict *v)
{
    *out = (struct evidence){0};
    read_report(in->report, out, v);
    read_leaf(in->leaf, out, v);
    choose_product(out, v);
    if (out->has_report && out->product != SNP_PRODUCT_UNKNOWN) {
        read_tcbs(out, v);
        check_chip_id_padding(out, v);
    }
    read_crl(in->crl, out);
}
