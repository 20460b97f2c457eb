/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/judge_launch.h"

#include "snp/vmsa.h"
#include "verify/id_key.h"
#include "verify/launch.h"

#define SEV_FEATURE_SNP_ACTIVE 1 /* all that Contrast's guests ask for */

static status find_launch(const struct evidence *e, const struct expect_launch *want, struct err *err)
{
    struct launch_digest one;
    uint32_t vcpus;
    const struct snp_vcpu vcpu = {.vmm = SNP_VMM_QEMU,
                                  .signature = snp_vcpu_signature_of_product(e->product),
                                  .features = SEV_FEATURE_SNP_ACTIVE};
    if (want->one_vcpu.len != sizeof one.ld)
        return err_rule(err, ERR_BUG, "measurement", 0, "launch digest: want %zu bytes, have %zu", sizeof one.ld,
                        want->one_vcpu.len);
    if (vcpu.signature == 0)
        return err_rule(err, ERR_UNSUPPORTED, "measurement", 0, "launch digest: no CPU model for this product");
    memcpy(one.ld, want->one_vcpu.ptr, sizeof one.ld);
    return launch_find_vcpus(&one, &vcpu, want->ap_reset_eip, e->report.measurement, &vcpus, err);
}

static void judge_measurement(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    struct err err = {0};
    status s = find_launch(e, &want->launch, &err);
    verdict_set(v, CHECK_MEASUREMENT, is_ok(s), value_hex(want->launch.one_vcpu), value_hex(e->report.measurement),
                reference_source(want->launch.source, want));
    if (!is_ok(s)) verdict_note(v, CHECK_MEASUREMENT, err.text);
}

static void judge_id_key(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    struct snp_id_block block;
    struct id_key key;
    struct err err = {0};
    if (v->by_id[CHECK_MEASUREMENT].outcome != PASSED) {
        verdict_fail(v, CHECK_ID_BLOCK_ID_KEY, "no launch digest matched, from which to derive the key");
        return;
    }
    id_key_block(e->report.measurement.ptr, want->derived_id_key.value, &block);
    status s = id_key_derive(&block, &key, &err);
    bool same = is_ok(s) && bytes_eq(BYTES_OF(key.digest), e->report.id_key_digest);
    verdict_set(v, CHECK_ID_BLOCK_ID_KEY, same, value_text("the key of this digest and policy"),
                value_hex(e->report.id_key_digest), reference_source(want->derived_id_key.source, want));
    if (!is_ok(s)) verdict_note(v, CHECK_ID_BLOCK_ID_KEY, err.text);
}

void judge_launch(const struct evidence *e, const struct reference *want, struct verdict *v)
{
    if (want->launch.mode == EXPECT_VALUE) judge_measurement(e, want, v);
    if (want->derived_id_key.mode == EXPECT_VALUE) judge_id_key(e, want, v);
}
