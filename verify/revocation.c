/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/revocation.h"

#include "snp/algorithm.h"
#include "verify/signature.h"

static const enum check_id rows[] = {
    CHECK_CRL_PRESENT,   CHECK_CRL_ENCODING, CHECK_CRL_ISSUER,  CHECK_CRL_ALGORITHM,
    CHECK_CRL_SIGNATURE, CHECK_CRL_WINDOW,   CHECK_CRL_SERIALS,
};

static void waive(const struct evidence *e, struct verdict *v)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        verdict_skip(v, rows[i], "revocation waived by the user");
    verdict_warn(v, WARN_NO_REVOCATION);
    if (e->crl_input.ptr && !e->has_crl) verdict_warn(v, WARN_MALFORMED_CRL);
}

static uint64_t serial_of(bytes b)
{
    uint64_t serial = 0;
    if (b.len > sizeof serial) return UINT64_MAX; /* no CA of ours has it */
    for (size_t i = 0; i < b.len; i++)
        serial = serial << 8 | b.ptr[i];
    return serial;
}

bytes revocation_find(const struct x509_crl *crl, const struct snp_ca *ark, const struct snp_ca *issuer)
{
    struct cursor c = cursor_over(crl->entries);
    while (cursor_left(&c) > 0) { /* bounded: x509_crl_parse has counted and read them */
        bytes listed = x509_crl_entry_next(&c).serial;
        uint64_t serial = serial_of(listed);
        if (serial == ark->serial || serial == issuer->serial) return listed;
    }
    return BYTES_ABSENT;
}

static void check_serials(const struct x509_crl *crl, const struct snp_ca *ark, const struct snp_ca *issuer,
                          struct verdict *v)
{
    bytes listed = revocation_find(crl, ark, issuer);
    if (listed.ptr)
        verdict_set(v, CHECK_CRL_SERIALS, false, value_text("not revoked"), value_hex(listed), "the CRL's entries");
    else
        verdict_pass(v, CHECK_CRL_SERIALS);
}

static void check_window(const struct x509_crl *crl, int64_t now, struct verdict *v)
{
    if (!crl->has_next_update) {
        verdict_fail(v, CHECK_CRL_WINDOW, "the CRL has no nextUpdate: it could be replayed for ever");
        return;
    }
    bool begun = now >= crl->this_update;
    verdict_set(v, CHECK_CRL_WINDOW, begun && now < crl->next_update,
                value_time(begun ? crl->next_update : crl->this_update), value_time(now),
                begun ? "nextUpdate" : "thisUpdate");
}

static bool issued_by(const struct x509_crl *crl, enum snp_product product)
{
    enum snp_product have;
    enum snp_ca_role role;
    return snp_ca_name_parse(crl->issuer, &have, &role) && have == product && role == SNP_ARK;
}

/* Read once more, for the words: evidence_read keeps none. */
static void check_encoding(const struct evidence *e, struct verdict *v)
{
    struct x509_crl crl;
    struct err err = {0};
    verdict_take(v, CHECK_CRL_ENCODING, e->has_crl ? OK : x509_crl_parse(e->crl_input, &crl, &err), &err);
}

void revocation_check(const struct evidence *e, const struct authenticate_options *o, struct verdict *v)
{
    if (o->revocation == REVOCATION_WAIVED_BY_USER) {
        waive(e, v);
        return;
    }
    if (!e->crl_input.ptr) {
        verdict_fail(v, CHECK_CRL_PRESENT, "no CRL came with the evidence or was given");
        return;
    }
    verdict_pass(v, CHECK_CRL_PRESENT);
    check_encoding(e, v);
    if (!e->has_crl || !e->has_leaf) return;

    const struct x509_crl *crl = &e->crl;
    bool algorithm =
        snp_algorithm_is_pss_sha384(crl->inner_algorithm) && bytes_eq(crl->inner_algorithm, crl->outer_algorithm);
    struct value pss = value_text("RSA-PSS, SHA-384, salt 48");
    verdict_set(v, CHECK_CRL_ALGORITHM, algorithm, pss, algorithm ? pss : value_hex(crl->outer_algorithm), NULL);
    verdict_set(v, CHECK_CRL_ISSUER, issued_by(crl, e->leaf.product),
                value_text(snp_ca_common_name(e->leaf.product, SNP_ARK)), value_name(crl->issuer), "the leaf's issuer");
    check_window(crl, o->now, v);

    const struct snp_ca *ark = snp_ca_find(&o->cas, e->leaf.product, SNP_ARK);
    const struct snp_ca *issuer =
        snp_ca_find(&o->cas, e->leaf.product, e->leaf.kind == SNP_SIGNED_BY_VLEK ? SNP_ASVK : SNP_ASK);
    if (!ark || !issuer) return;
    struct err err = {0};
    status s = signature_check_pss(ark, crl->tbs, crl->signature, o->crl_cache, &err);
    verdict_take(v, CHECK_CRL_SIGNATURE, s, &err);
    check_serials(crl, ark, issuer, v);
}
