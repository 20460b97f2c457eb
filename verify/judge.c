/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/judge.h"

#include "verify/judge_bits.h"
#include "verify/judge_launch.h"

/* False when there is nothing to compare: the row then says so, or stays "not run" when nothing was stated. */
static bool is_asked(enum expectation mode, enum check_id id, struct verdict *v)
{
    if (mode == EXPECT_ANYTHING) verdict_does_not_apply(v, id, REFERENCE_NOT_ASKED);
    return mode == EXPECT_VALUE;
}

/* ---- the report by itself --------------------------------------------------------------------------------------- */

static uint32_t version_number(struct snp_version version)
{
    return (uint32_t)version.major << 16 | (uint32_t)version.minor << 8 | version.build;
}

static void check_order(const struct evidence *e, struct verdict *v)
{
    const struct snp_report *r = &e->report;
    bool committed = version_number(r->committed) <= version_number(r->current);
    verdict_set(v, CHECK_FIRMWARE_COMMITTED, committed, value_version(r->committed), value_version(r->current),
                "COMMITTED_VERSION");
    if (!e->has_tcbs) return;
    verdict_set(v, CHECK_TCB_COMMITTED, snp_tcb_at_least(&e->current, &e->committed), value_tcb(&e->committed),
                value_tcb(&e->current), "COMMITTED_TCB");
    verdict_set(v, CHECK_TCB_REPORTED, snp_tcb_at_least(&e->current, &e->reported), value_tcb(&e->reported),
                value_tcb(&e->current), "REPORTED_TCB");
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static void check_bytes(const struct expect_bytes *want, enum check_id id, bytes have, const struct reference *all,
                        struct verdict *v)
{
    if (!is_asked(want->mode, id, v)) return;
    bool found = false;
    for (size_t i = 0; i < want->count; i++)
        found = found || bytes_eq_ct(want->any_of[i], have);
    struct value expected = want->count == 1   ? value_hex(want->any_of[0])
                            : want->count == 0 ? value_text("none is accepted")
                                               : value_text("one of several");
    verdict_set(v, id, found, expected, value_hex(have), reference_source(want->source, all));
}

/* A digest that firmware leaves zero when there is no key is never evidence of one. */
static void check_digest(const struct expect_bytes *want, enum check_id id, bool enabled, bytes have,
                         const struct reference *all, struct verdict *v)
{
    check_bytes(want, id, have, all, v);
    if (want->mode == EXPECT_VALUE && (!enabled || bytes_are_zero(have)))
        verdict_set(v, id, false, value_text("a digest"), value_hex(have), reference_source(want->source, all));
}

static void check_identity(const struct snp_report *r, const struct reference *want, struct verdict *v)
{
    check_bytes(&want->measurement, CHECK_MEASUREMENT, r->measurement, want, v);
    check_bytes(&want->report_data, CHECK_REPORT_DATA, r->report_data, want, v);
    check_bytes(&want->host_data, CHECK_HOST_DATA, r->host_data, want, v);
    check_bytes(&want->family_id, CHECK_FAMILY_ID, r->family_id, want, v);
    check_bytes(&want->image_id, CHECK_IMAGE_ID, r->image_id, want, v);
    check_bytes(&want->chip_id, CHECK_CHIP_ID, r->chip_id, want, v);
    if (want->chip_id.mode == EXPECT_VALUE && bytes_are_zero(r->chip_id))
        verdict_set(v, CHECK_CHIP_ID, false, value_text("a chip on the list"), value_hex(r->chip_id),
                    reference_source(want->chip_id.source, want));
    check_digest(&want->id_key_digest, CHECK_ID_BLOCK_ID_KEY, true, r->id_key_digest, want, v);
    check_digest(&want->author_key_digest, CHECK_ID_BLOCK_AUTHOR_KEY, snp_report_author_key_en(r), r->author_key_digest,
                 want, v);
}

/* ---- TCB, versions, numbers ------------------------------------------------------------------------------------- */

static void check_tcb(const struct expect_tcb *want, enum check_id id, const struct snp_tcb *have,
                      const struct reference *all, struct verdict *v)
{
    if (is_asked(want->mode, id, v))
        verdict_set(v, id, snp_tcb_at_least(have, &want->least), value_tcb(&want->least), value_tcb(have),
                    reference_source(want->source, all));
}

static void check_provisional(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    if (want->provisional.mode == PROVISIONAL_UNSTATED) return;
    if (want->provisional.mode == PROVISIONAL_PERMITTED) {
        verdict_does_not_apply(v, CHECK_TCB_PROVISIONAL, "provisional firmware is permitted");
        return;
    }
    bool same = snp_tcb_eq(&e->committed, &e->current) &&
                version_number(e->report.committed) == version_number(e->report.current);
    verdict_set(v, CHECK_TCB_PROVISIONAL, same, value_tcb(&e->committed), value_tcb(&e->current),
                reference_source(want->provisional.source, want));
}

static void check_tcbs(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    check_tcb(&want->minimum_tcb, CHECK_TCB_MINIMUM, &e->reported, want, v);
    check_tcb(&want->minimum_launch_tcb, CHECK_TCB_LAUNCH_MINIMUM, &e->launch, want, v);
    check_provisional(e, want, v);
    if (is_asked(want->product.mode, CHECK_REFERENCE_PRODUCT, v))
        verdict_set(v, CHECK_REFERENCE_PRODUCT, e->product == want->product.product,
                    value_text(snp_product_name(want->product.product)), value_text(snp_product_name(e->product)),
                    reference_source(want->product.source, want));
}

static void check_numbers(const struct snp_report *r, const struct reference *want, struct verdict *v)
{
    if (is_asked(want->vmpl.mode, CHECK_VMPL, v))
        verdict_set(v, CHECK_VMPL, r->vmpl == want->vmpl.value, value_decimal(want->vmpl.value), value_decimal(r->vmpl),
                    reference_source(want->vmpl.source, want));
    if (is_asked(want->minimum_guest_svn.mode, CHECK_GUEST_SVN, v))
        verdict_set(v, CHECK_GUEST_SVN, r->guest_svn >= want->minimum_guest_svn.value,
                    value_decimal(want->minimum_guest_svn.value), value_decimal(r->guest_svn),
                    reference_source(want->minimum_guest_svn.source, want));
    if (is_asked(want->minimum_firmware.mode, CHECK_FIRMWARE_MINIMUM, v))
        verdict_set(v, CHECK_FIRMWARE_MINIMUM,
                    version_number(r->current) >= version_number(want->minimum_firmware.least),
                    value_version(want->minimum_firmware.least), value_version(r->current),
                    reference_source(want->minimum_firmware.source, want));
}

static void check_mitigations(const struct expect_number *want, enum check_id id, uint64_t have,
                              const struct reference *all, struct verdict *v)
{
    if (is_asked(want->mode, id, v))
        verdict_set(v, id, (want->value & ~have) == 0, value_bits(want->value), value_bits(have),
                    reference_source(want->source, all));
}

/* ---- warnings --------------------------------------------------------------------------------------------------- */

/* Minimum SNP firmware SPL of AMD-SB-3019; Turin is not affected. */
static uint8_t minimum_snp_spl(enum snp_product product)
{
    switch (product) {
    case SNP_MILAN:
        return 0x18;
    case SNP_GENOA:
        return 0x17;
    default:
        return 0;
    }
}

static void warn(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    if (e->product == SNP_MILAN) verdict_warn(v, WARN_MILAN);
    if (e->has_tcbs && e->reported.snp < minimum_snp_spl(e->product)) verdict_warn(v, WARN_MICROCODE_SIGNATURE);
    if (!(e->report.platform_info & SNP_PLATFORM_ALIAS_CHECK_COMPLETE)) verdict_warn(v, WARN_ALIAS_CHECK);
    if (want->chip_id.mode != EXPECT_VALUE) verdict_warn(v, WARN_NO_CHIP_ALLOW_LIST);
}

void evidence_judge(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    if (!e->has_report) return;
    check_order(e, v);
    check_identity(&e->report, want, v);
    judge_launch(e, want, v);
    check_numbers(&e->report, want, v);
    check_mitigations(&want->launch_mitigations, CHECK_MITIGATION_LAUNCH, e->report.launch_mit_vector, want, v);
    check_mitigations(&want->current_mitigations, CHECK_MITIGATION_CURRENT, e->report.current_mit_vector, want, v);
    judge_policy(&e->report, &want->guest_policy, reference_source(want->guest_policy.source, want), v);
    judge_platform(&e->report, &want->platform_info, reference_source(want->platform_info.source, want), v);
    if (e->has_tcbs) check_tcbs(e, want, v);
    warn(e, want, v);
}
