/* SPDX-License-Identifier: Apache-2.0 */
/* What one entry of ReferenceValues.snp demands, against the table "SNP options" of the protocol, written out. */
#include <criterion/criterion.h>

#include "verify/reference_manifest.h"

static struct reference_manifest_lists lists;

static struct manifest_snp entry_with_everything(void)
{
    struct manifest_snp e = {
        .product = MANIFEST_MILAN,
        .has_measurement = true,
        .has_minimum_tcb = true,
        .minimum_tcb = {.boot_loader = 3, .tee = 1, .snp = 8, .microcode = 115},
        .guest_policy = 0x3001f,
        .has_platform_info = true,
        .platform_allowed = 0x3,
        .platform_required = 0x24,
        .minimum_mitigations = 0x13,
    };
    memset(e.measurement, 0xab, sizeof e.measurement);
    return e;
}

static struct reference reference_of(const struct manifest_snp *e)
{
    static const struct manifest none = {0};
    return reference_of_manifest(&none, e, &lists, "here");
}

Test(reference_manifest, every_member_reaches_the_reference)
{
    const struct manifest_snp e = entry_with_everything();
    struct reference r = reference_of(&e);
    cr_expect_str_eq(r.source, "here");
    cr_expect(r.product.mode == EXPECT_VALUE && r.product.product == SNP_MILAN);
    cr_expect(r.measurement.mode == EXPECT_VALUE && r.measurement.count == 1);
    cr_expect(bytes_eq(r.measurement.any_of[0], BYTES_OF(e.measurement)));
    cr_expect_neq(r.launch.mode, EXPECT_VALUE);
    cr_expect(r.guest_policy.mode == EXPECT_VALUE && r.guest_policy.value == 0x3001f);
    cr_expect(r.derived_id_key.mode == EXPECT_VALUE && r.derived_id_key.value == 0x3001f);
    cr_expect(r.vmpl.mode == EXPECT_VALUE && r.vmpl.value == 0);
    cr_expect(r.platform_info.mode == EXPECT_VALUE && r.platform_info.allowed == 0x3);
    cr_expect_eq(r.platform_info.required, 0x24u);
    cr_expect(r.launch_mitigations.mode == EXPECT_VALUE && r.launch_mitigations.value == 0x13);
    cr_expect(r.current_mitigations.mode == EXPECT_VALUE && r.current_mitigations.value == 0x13);
    const struct expect_tcb *const tcbs[] = {&r.minimum_tcb, &r.minimum_launch_tcb};
    for (size_t i = 0; i < 2; i++) {
        cr_expect(tcbs[i]->mode == EXPECT_VALUE && tcbs[i]->least.product == SNP_MILAN);
        cr_expect(tcbs[i]->least.boot_loader == 3 && tcbs[i]->least.tee == 1);
        cr_expect(tcbs[i]->least.snp == 8 && tcbs[i]->least.microcode == 115);
    }
}

/* What upstream leaves open is open in so many words; what the caller has to say is not. */
Test(reference_manifest, what_an_entry_does_not_say)
{
    const struct manifest_snp e = entry_with_everything();
    struct reference r = reference_of(&e);
    cr_expect_eq(r.host_data.mode, EXPECT_UNSTATED);
    cr_expect_eq(r.report_data.mode, EXPECT_UNSTATED);
    cr_expect_eq(r.chip_id.mode, EXPECT_ANYTHING);
    cr_expect_eq(r.provisional.mode, PROVISIONAL_PERMITTED);
    const enum expectation open[] = {r.family_id.mode,     r.image_id.mode,         r.author_key_digest.mode,
                                     r.id_key_digest.mode, r.minimum_firmware.mode, r.minimum_guest_svn.mode};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        cr_expect_eq(open[i], EXPECT_ANYTHING, "%zu", i);

    struct manifest_snp without = e;
    without.has_platform_info = false;
    r = reference_of(&without);
    cr_expect_eq(r.platform_info.mode, EXPECT_ANYTHING);
}

/* Only a draft has no MinimumTCB: nothing is stated, so that the checks do not run. */
Test(reference_manifest, without_a_minimum_tcb_none_is_stated)
{
    struct manifest_snp e = entry_with_everything();
    e.has_minimum_tcb = false;
    struct reference r = reference_of(&e);
    cr_expect_eq(r.minimum_tcb.mode, EXPECT_UNSTATED);
    cr_expect_eq(r.minimum_launch_tcb.mode, EXPECT_UNSTATED);
}

Test(reference_manifest, a_measurement_still_to_be_filled_in_is_met_by_none)
{
    struct manifest_snp e = entry_with_everything();
    e.has_measurement = false;
    for (int with_eip = 0; with_eip < 2; with_eip++) {
        e.has_ap_eip = with_eip;
        struct reference r = reference_of(&e);
        cr_expect(r.measurement.mode == EXPECT_VALUE && r.measurement.count == 0);
        cr_expect_neq(r.launch.mode, EXPECT_VALUE);
    }
}

Test(reference_manifest, an_ap_reset_address_makes_the_measurement_that_of_one_vcpu)
{
    struct manifest_snp e = entry_with_everything();
    e.has_ap_eip = true;
    e.ap_eip = 0x0080b004;
    struct reference r = reference_of(&e);
    cr_expect(r.launch.mode == EXPECT_VALUE && r.launch.ap_reset_eip == 0x0080b004);
    cr_expect(bytes_eq(r.launch.one_vcpu, BYTES_OF(e.measurement)));
}

Test(reference_manifest, genoa)
{
    struct manifest_snp e = entry_with_everything();
    e.product = MANIFEST_GENOA;
    struct reference r = reference_of(&e);
    cr_expect_eq(r.product.product, SNP_GENOA);
    cr_expect_eq(r.minimum_tcb.least.product, SNP_GENOA);
}

/* The ids of one entry among those of all. */
Test(reference_manifest, allowed_chips_are_those_of_the_entry)
{
    static struct manifest_chip_id ids[5];
    for (uint8_t i = 0; i < 5; i++)
        memset(ids[i].id, i + 1, sizeof ids[i].id);
    const struct manifest m = {.chip_ids = ids, .chip_id_count = 5};
    struct manifest_snp e = entry_with_everything();
    e.first_chip_id = 1;
    e.chip_id_count = 3;
    struct reference r = reference_of_manifest(&m, &e, &lists, "here");
    cr_expect(r.chip_id.mode == EXPECT_VALUE && r.chip_id.count == 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect(bytes_eq(r.chip_id.any_of[i], BYTES_OF(ids[i + 1].id)), "%zu", i);
}
