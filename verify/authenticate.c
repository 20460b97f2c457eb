/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/authenticate.h"

#include "parse/text.h"
#include "snp/algorithm.h"
#include "verify/revocation.h"
#include "verify/signature.h"

#define LEAF_SOURCE "the leaf's issuer"

/* ---- the leaf by itself ----------------------------------------------------------------------------------------- */

static void check_leaf_profile(const struct snp_leaf *leaf, int64_t now, struct verdict *v)
{
    const struct x509_certificate *x = &leaf->x;

    bool subject = snp_name_is(x->subject, snp_leaf_common_name(leaf->kind));
    verdict_set(v, CHECK_LEAF_SUBJECT, subject, value_text(snp_leaf_common_name(leaf->kind)), value_name(x->subject),
                LEAF_SOURCE);

    bool algorithm =
        snp_algorithm_is_pss_sha384(x->inner_algorithm) && bytes_eq(x->inner_algorithm, x->outer_algorithm);
    struct value pss = value_text("RSA-PSS, SHA-384, salt 48");
    verdict_set(v, CHECK_LEAF_ALGORITHM, algorithm, pss, algorithm ? pss : value_hex(x->outer_algorithm), NULL);

    bool begun = now >= x->not_before, ended = now > x->not_after;
    verdict_set(v, CHECK_LEAF_VALIDITY, begun && !ended, value_time(begun ? x->not_after : x->not_before),
                value_time(now), begun ? "notAfter" : "notBefore");
}

/* ---- the leaf against the report -------------------------------------------------------------------------------- */

static void check_product(const struct evidence *e, struct verdict *v)
{
    const char *want = snp_product_name(e->product);
    bytes part = snp_leaf_product_part(&e->leaf);
    bool ok = e->leaf.product == e->product && bytes_eq(part, text_bytes(want));
    verdict_set(v, CHECK_LEAF_PRODUCT, ok, value_text(want), value_foreign(e->leaf.product_name),
                e->report.version < 3 ? LEAF_SOURCE : "the report's CPUID bytes");
}

/* On Turin hwID is the first 8 bytes; that the rest is zero is report.chip-id-padding. */
static void check_hwid(const struct evidence *e, struct verdict *v)
{
    if (e->leaf.kind == SNP_SIGNED_BY_VLEK) {
        verdict_does_not_apply(v, CHECK_LEAF_HWID, "a VLEK names no chip");
        return;
    }
    if (bytes_are_zero(e->report.chip_id)) {
        verdict_does_not_apply(v, CHECK_LEAF_HWID, "the host masks CHIP_ID");
        verdict_warn(v, WARN_CHIP_ID_MASKED);
        return;
    }
    bytes have = bytes_slice(e->report.chip_id, 0, e->leaf.hwid.len);
    verdict_set(v, CHECK_LEAF_HWID, bytes_eq(e->leaf.hwid, have), value_hex(e->leaf.hwid), value_hex(have),
                "the leaf's hwID");
}

static void check_leaf_against_report(const struct evidence *e, struct verdict *v)
{
    static const char *const kinds[] = {"VCEK", "VLEK"};
    bool same = snp_report_signing_key(&e->report) == (unsigned)e->leaf.kind;
    unsigned key = snp_report_signing_key(&e->report);
    verdict_set(v, CHECK_LEAF_KIND, same, value_text(key < 2 ? kinds[key] : "none"), value_text(kinds[e->leaf.kind]),
                "the report's SIGNING_KEY");
    if (!e->has_leaf_extensions || e->product == SNP_PRODUCT_UNKNOWN) return;
    check_product(e, v);
    check_hwid(e, v);
    if (e->has_tcbs)
        verdict_set(v, CHECK_LEAF_TCB, snp_tcb_eq(&e->leaf.tcb, &e->reported), value_tcb(&e->leaf.tcb),
                    value_tcb(&e->reported), "the leaf's SPL extensions");
}

/* ---- the chain -------------------------------------------------------------------------------------------------- */

static void check_issuer_validity(const struct snp_ca *ark, const struct snp_ca *issuer, int64_t now, struct verdict *v)
{
    int64_t from = ark->not_before > issuer->not_before ? ark->not_before : issuer->not_before;
    int64_t to = ark->not_after < issuer->not_after ? ark->not_after : issuer->not_after;
    bool begun = now >= from;
    verdict_set(v, CHECK_ISSUER_VALIDITY, begun && now <= to, value_time(begun ? to : from), value_time(now),
                begun ? "notAfter of ARK and issuer" : "notBefore of ARK and issuer");
}

static void check_chain(const struct snp_leaf *leaf, const struct authenticate_options *o, struct verdict *v)
{
    enum snp_ca_role role = leaf->kind == SNP_SIGNED_BY_VLEK ? SNP_ASVK : SNP_ASK;
    const struct snp_ca *ark = snp_ca_find(&o->cas, leaf->product, SNP_ARK);
    const struct snp_ca *issuer = snp_ca_find(&o->cas, leaf->product, role);
    if (!ark || !issuer) {
        verdict_fail(v, CHECK_ROOT_TRUSTED, "the leaf's issuer is not among the trusted CAs");
        return;
    }
    const char *source = o->cas.by_hand ? "the root given by hand" : "AMD's keys, built in";
    verdict_set(v, CHECK_ROOT_TRUSTED, true, value_none(), value_hex(BYTES_OF(issuer->key_id)), source);
    /* A CA set is formed of certificates whose signatures were verified: AMD's at each release, others when loaded. */
    verdict_set(v, CHECK_ISSUER_SIGNATURE, true, value_none(), value_hex(BYTES_OF(ark->key_id)), source);
    check_issuer_validity(ark, issuer, o->now, v);

    struct err err = {0};
    status s = signature_check_pss(issuer, leaf->x.tbs, leaf->x.signature, o->leaf_cache, &err);
    verdict_take(v, CHECK_LEAF_SIGNATURE, s, &err);
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

static void check_report_signature(const struct evidence *e, struct verdict *v)
{
    struct err err = {0};
    status s = signature_check_report(&e->report, e->leaf.point, &err);
    verdict_take(v, CHECK_REPORT_SIGNATURE, s, &err);
}

void evidence_authenticate(const struct evidence *e, const struct authenticate_options *options, struct verdict *v)
{
    v->by_hand = options->cas.by_hand;
    if (v->by_hand) verdict_warn(v, WARN_ROOT_BY_HAND);
    if (e->has_leaf) {
        check_leaf_profile(&e->leaf, options->now, v);
        check_chain(&e->leaf, options, v);
    }
    if (e->has_leaf && e->has_report) {
        check_leaf_against_report(e, v);
        check_report_signature(e, v);
    }
    revocation_check(e, options, v);
}
