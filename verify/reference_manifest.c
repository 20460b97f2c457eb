/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/reference_manifest.h"

static enum snp_product product_of(enum manifest_product product)
{
    return product == MANIFEST_GENOA ? SNP_GENOA : SNP_MILAN;
}

static struct expect_number exactly(uint64_t value)
{
    return (struct expect_number){.mode = EXPECT_VALUE, .value = value};
}

static struct expect_tcb minimum_tcb(const struct manifest_snp *entry)
{
    const struct manifest_tcb *t = &entry->minimum_tcb;
    if (!entry->has_minimum_tcb) return (struct expect_tcb){.mode = EXPECT_UNSTATED};
    return (struct expect_tcb){.mode = EXPECT_VALUE,
                               .least = {.product = product_of(entry->product),
                                         .boot_loader = t->boot_loader,
                                         .tee = t->tee,
                                         .snp = t->snp,
                                         .microcode = t->microcode}};
}

/* A measurement that is still to be filled in is met by none. */
static void expect_launch(const struct manifest_snp *entry, struct reference_manifest_lists *lists, struct reference *r)
{
    lists->measurement = BYTES_OF(entry->measurement);
    if (entry->has_ap_eip && entry->has_measurement)
        r->launch =
            (struct expect_launch){.mode = EXPECT_VALUE, .one_vcpu = lists->measurement, .ap_reset_eip = entry->ap_eip};
    else
        r->measurement = (struct expect_bytes){
            .mode = EXPECT_VALUE, .any_of = &lists->measurement, .count = entry->has_measurement ? 1 : 0};
    r->derived_id_key = exactly(entry->guest_policy);
}

static void expect_chips(const struct manifest *m, const struct manifest_snp *entry,
                         struct reference_manifest_lists *lists, struct reference *r)
{
    if (entry->chip_id_count == 0) return; /* any machine */
    for (size_t i = 0; i < entry->chip_id_count; i++)
        lists->chip_ids[i] = BYTES_OF(m->chip_ids[entry->first_chip_id + i].id);
    r->chip_id = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = lists->chip_ids, .count = entry->chip_id_count};
}

struct reference reference_of_manifest(const struct manifest *m, const struct manifest_snp *entry,
                                       struct reference_manifest_lists *lists, const char *source)
{
    struct reference r = reference_anything();
    r.source = source;
    r.host_data.mode = EXPECT_UNSTATED;
    r.report_data.mode = EXPECT_UNSTATED;
    r.product = (struct expect_product){.mode = EXPECT_VALUE, .product = product_of(entry->product)};
    r.guest_policy = exactly(entry->guest_policy);
    r.vmpl = exactly(0);
    r.minimum_tcb = minimum_tcb(entry);
    r.minimum_launch_tcb = r.minimum_tcb;
    r.launch_mitigations = exactly(entry->minimum_mitigations);
    r.current_mitigations = exactly(entry->minimum_mitigations);
    if (entry->has_platform_info)
        r.platform_info = (struct expect_platform){
            .mode = EXPECT_VALUE, .allowed = entry->platform_allowed, .required = entry->platform_required};
    expect_launch(entry, lists, &r);
    expect_chips(m, entry, lists, &r);
    return r;
}
