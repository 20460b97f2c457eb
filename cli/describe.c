/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/describe.h"

#include "snp/policy.h"

/* ---- the list --------------------------------------------------------------------------------------------------- */

void description_add(struct description *d, unsigned depth, const char *name, struct value value, const char *meaning)
{
    if (d->count < DESCRIPTION_MAX)
        d->items[d->count++] = (struct item){.depth = depth, .name = name, .value = value, .meaning = meaning};
}

static void section(struct description *d, const char *name)
{
    description_add(d, 0, name, value_none(), NULL);
}

static void field(struct description *d, const char *name, struct value value)
{
    description_add(d, 1, name, value, NULL);
}

static void part(struct description *d, const char *name, uint64_t number, const char *meaning)
{
    description_add(d, 2, name, value_decimal(number), meaning);
}

static void flag(struct description *d, const char *name, bool set, const char *meaning)
{
    description_add(d, 2, name, value_decimal(set), set ? meaning : NULL);
    d->items[d->count - 1].is_flag = true;
}

static void bits(struct description *d, const struct snp_bit *rows, size_t count, uint64_t word)
{
    for (size_t i = 0; i < count; i++)
        flag(d, rows[i].name, word & rows[i].mask, rows[i].meaning);
}

static void unknown_bits(struct description *d, uint64_t word)
{
    if (word) description_add(d, 2, "RESERVED", value_bits(word), "not defined");
}

/* ---- the envelope ----------------------------------------------------------------------------------------------- */

static void blob(struct description *d, const char *name, bytes b)
{
    if (b.ptr) field(d, name, value_decimal(b.len));
}

static void describe_envelope(const struct inspection *i, struct description *d)
{
    const struct snp_evidence *e = &i->envelope;
    section(d, "ENVELOPE");
    field(d, "KIND", value_text(snp_envelope_name(e->envelope)));
    field(d, "BYTES", value_decimal(i->content.len));
    blob(d, "VCEK_BYTES", e->vcek);
    blob(d, "VLEK_BYTES", e->vlek);
    blob(d, "ASK_BYTES", e->ask);
    blob(d, "ASVK_BYTES", e->asvk);
    blob(d, "ARK_BYTES", e->ark);
    blob(d, "CRL_BYTES", e->crl);
    blob(d, "RUNTIME_DATA_BYTES", e->runtime_data);
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

static void tcb(struct description *d, const char *name, bool split, const struct snp_tcb *parts, uint64_t word)
{
    field(d, name, split ? value_tcb(parts) : value_bits(word));
}

static void describe_policy(const struct snp_report *r, struct description *d)
{
    field(d, "POLICY", value_bits(r->policy));
    part(d, "ABI_MAJOR", (r->policy & SNP_POLICY_ABI_MAJOR) >> 8, NULL);
    part(d, "ABI_MINOR", r->policy & SNP_POLICY_ABI_MINOR, NULL);
    bits(d, snp_policy_bits, SNP_POLICY_BIT_COUNT, r->policy);
    flag(d, "BIT_17", r->policy & SNP_POLICY_MUST_BE_ONE, "reserved, must be 1");
    unknown_bits(d, r->policy & SNP_POLICY_RESERVED);
}

static void describe_platform(const struct snp_report *r, struct description *d)
{
    field(d, "PLATFORM_INFO", value_bits(r->platform_info));
    bits(d, snp_platform_bits, SNP_PLATFORM_BIT_COUNT, r->platform_info);
    unknown_bits(d, r->platform_info & SNP_PLATFORM_RESERVED);
}

static void describe_key_info(const struct snp_report *r, struct description *d)
{
    static const char *const keys[8] = {"VCEK",     "VLEK",     "reserved", "reserved",
                                        "reserved", "reserved", "reserved", "none"};
    const uint32_t known = 0x1f;
    field(d, "KEY_INFO", value_bits(r->key_info));
    flag(d, "AUTHOR_KEY_EN", snp_report_author_key_en(r), "the ID block came with an author key");
    flag(d, "MASK_CHIP_KEY", snp_report_mask_chip_key(r), "the VCEK must not sign");
    part(d, "SIGNING_KEY", snp_report_signing_key(r), keys[snp_report_signing_key(r)]);
    unknown_bits(d, r->key_info & ~known);
}

static void describe_cpuid(const struct evidence *e, struct description *d)
{
    const struct snp_report *r = &e->report;
    field(d, "PRODUCT", value_text(snp_product_name(e->product)));
    if (r->version < 3) return; /* which came with version 3 */
    field(d, "CPUID_FAM_ID", value_bits(r->cpuid_fam_id));
    field(d, "CPUID_MOD_ID", value_bits(r->cpuid_mod_id));
    field(d, "CPUID_STEP", value_bits(r->cpuid_step));
}

static const char *meaning_of_vmpl(uint32_t vmpl)
{
    if (vmpl == UINT32_MAX) return "the host asked for this report";
    return vmpl == 0 ? "the most privileged level asked for this report" : NULL;
}

static void describe_report(const struct evidence *e, struct description *d)
{
    const struct snp_report *r = &e->report;
    section(d, "REPORT");
    field(d, "VERSION", value_decimal(r->version));
    describe_cpuid(e, d);
    field(d, "GUEST_SVN", value_decimal(r->guest_svn));
    describe_policy(r, d);
    field(d, "FAMILY_ID", value_hex(r->family_id));
    field(d, "IMAGE_ID", value_hex(r->image_id));
    description_add(d, 1, "VMPL", value_decimal(r->vmpl), meaning_of_vmpl(r->vmpl));
    description_add(d, 1, "SIGNATURE_ALGO", value_decimal(r->signature_algo),
                    r->signature_algo == 1 ? "ECDSA P-384 with SHA-384" : "not defined");
    tcb(d, "CURRENT_TCB", e->has_tcbs, &e->current, r->current_tcb);
    describe_platform(r, d);
    describe_key_info(r, d);
    field(d, "REPORT_DATA", value_hex(r->report_data));
    field(d, "MEASUREMENT", value_hex(r->measurement));
    field(d, "HOST_DATA", value_hex(r->host_data));
    field(d, "ID_KEY_DIGEST", value_hex(r->id_key_digest));
    field(d, "AUTHOR_KEY_DIGEST", value_hex(r->author_key_digest));
    field(d, "REPORT_ID", value_hex(r->report_id));
    field(d, "REPORT_ID_MA", value_hex(r->report_id_ma));
    tcb(d, "REPORTED_TCB", e->has_tcbs, &e->reported, r->reported_tcb);
    field(d, "CHIP_ID", value_hex(r->chip_id));
    tcb(d, "COMMITTED_TCB", e->has_tcbs, &e->committed, r->committed_tcb);
    field(d, "CURRENT_VERSION", value_version(r->current));
    field(d, "COMMITTED_VERSION", value_version(r->committed));
    tcb(d, "LAUNCH_TCB", e->has_tcbs, &e->launch, r->launch_tcb);
    if (r->version < 5) return; /* which brought the mitigation vectors */
    field(d, "LAUNCH_MIT_VECTOR", value_bits(r->launch_mit_vector));
    field(d, "CURRENT_MIT_VECTOR", value_bits(r->current_mit_vector));
}

/* ---- who has signed --------------------------------------------------------------------------------------------- */

static void describe_leaf(const struct inspection *i, struct description *d)
{
    const struct evidence *e = &i->evidence;
    const struct snp_leaf *l = &e->leaf;
    section(d, "LEAF");
    field(d, "KIND", value_text(l->kind == SNP_SIGNED_BY_VLEK ? "VLEK" : "VCEK"));
    field(d, "FROM", value_text(i->leaf_source));
    field(d, "PRODUCT", value_text(snp_product_name(l->product)));
    field(d, "NOT_BEFORE", value_time(l->x.not_before));
    field(d, "NOT_AFTER", value_time(l->x.not_after));
    if (e->has_leaf_extensions) {
        field(d, "PRODUCT_NAME", value_foreign(l->product_name));
        field(d, "TCB", value_tcb(&l->tcb));
        if (l->hwid.ptr) field(d, "HWID", value_hex(l->hwid));
        if (l->csp_id.ptr) field(d, "CSP_ID", value_foreign(l->csp_id));
    }
    field(d, "PUBLIC_KEY", value_hex(l->point));
    if (is_ok(crypto_sha256(&l->x.raw, 1, d->fingerprint, NULL)))
        description_add(d, 1, "FINGERPRINT", value_hex(BYTES_OF(d->fingerprint)), "SHA-256");
}

static void describe_ca(const struct snp_ca_set *set, enum snp_product product, enum snp_ca_role role, const char *head,
                        struct description *d)
{
    const struct snp_ca *ca = snp_ca_find(set, product, role);
    if (!ca) return;
    section(d, head);
    field(d, "NAME", value_text(snp_ca_common_name(product, role)));
    field(d, "FROM", value_text(set->by_hand ? "--insecure-root" : "AMD's keys, built in"));
    field(d, "SERIAL", value_bits(ca->serial));
    field(d, "NOT_BEFORE", value_time(ca->not_before));
    field(d, "NOT_AFTER", value_time(ca->not_after));
    field(d, "KEY_ID", value_hex(BYTES_OF(ca->key_id)));
}

static uint64_t count_entries(const struct x509_crl *crl)
{
    uint64_t n = 0;
    struct cursor c = cursor_over(crl->entries);
    for (; cursor_left(&c) > 0; n++) /* bounded: x509_crl_parse has read them */
        (void)x509_crl_entry_next(&c);
    return n;
}

static void describe_crl(const struct inspection *i, struct description *d)
{
    const struct x509_crl *crl = &i->evidence.crl;
    section(d, "CRL");
    field(d, "FROM", value_text(i->crl_source));
    field(d, "ISSUER", value_name(crl->issuer));
    field(d, "THIS_UPDATE", value_time(crl->this_update));
    if (crl->has_next_update) field(d, "NEXT_UPDATE", value_time(crl->next_update));
    field(d, "ENTRIES", value_decimal(count_entries(crl)));
}

void describe(const struct inspection *i, struct description *out)
{
    const struct evidence *e = &i->evidence;
    const struct snp_ca_set *cas = &i->options->authenticate.cas;
    if (i->envelope.envelope != SNP_ENVELOPE_UNKNOWN) describe_envelope(i, out);
    if (e->has_report) describe_report(e, out);
    if (e->has_leaf) {
        describe_leaf(i, out);
        describe_ca(cas, e->leaf.product, e->leaf.kind == SNP_SIGNED_BY_VLEK ? SNP_ASVK : SNP_ASK, "ISSUER", out);
        describe_ca(cas, e->leaf.product, SNP_ARK, "ROOT", out);
    }
    if (e->has_crl) describe_crl(i, out);
}
