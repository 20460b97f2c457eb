/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/judge_bits.h"

static void judge_bit(const struct snp_bit *bit, uint64_t have, uint64_t allowed, uint64_t required, const char *source,
                      struct verdict *v)
{
    bool set = have & bit->mask;
    bool ok = bit->good_when_set ? set || !(required & bit->mask) : !set || (allowed & bit->mask);
    bool may_be_either = bit->good_when_set ? !(required & bit->mask) : (allowed & bit->mask) != 0;
    const char *want = may_be_either ? "0 or 1" : bit->good_when_set ? "1" : "0";
    verdict_set(v, check_find(bit->check), ok, value_text(want), value_decimal(set), source);
}

static void judge_bits(const struct snp_bit *bits, size_t count, enum expectation mode, uint64_t have, uint64_t allowed,
                       uint64_t required, const char *source, struct verdict *v)
{
    for (size_t i = 0; i < count; i++) {
        if (mode == EXPECT_ANYTHING) verdict_does_not_apply(v, check_find(bits[i].check), REFERENCE_NOT_ASKED);
        if (mode == EXPECT_VALUE) judge_bit(&bits[i], have, allowed, required, source, v);
    }
}

/* An expectation that allows it, or none at all, changes nothing. */
static void refuse_debug(const struct snp_report *r, const struct expect_number *want, struct verdict *v)
{
    bool set = (r->policy & SNP_POLICY_DEBUG) != 0;
    if (set || want->mode != EXPECT_VALUE)
        verdict_set(v, CHECK_POLICY_DEBUG, !set, value_text("0"), value_decimal(set), NULL);
}

void judge_policy(const struct snp_report *r, const struct expect_number *want, const char *source, struct verdict *v)
{
    const uint64_t abi = SNP_POLICY_ABI_MAJOR | SNP_POLICY_ABI_MINOR;
    judge_bits(snp_policy_bits, SNP_POLICY_BIT_COUNT, want->mode, r->policy, want->value, want->value, source, v);
    refuse_debug(r, want, v);
    if (want->mode == EXPECT_ANYTHING) verdict_does_not_apply(v, CHECK_POLICY_ABI, REFERENCE_NOT_ASKED);
    if (want->mode == EXPECT_VALUE)
        verdict_set(v, CHECK_POLICY_ABI, (r->policy & abi) >= (want->value & abi), value_bits(want->value & abi),
                    value_bits(r->policy & abi), source);
}

void judge_platform(const struct snp_report *r, const struct expect_platform *want, const char *source,
                    struct verdict *v)
{
    judge_bits(snp_platform_bits, SNP_PLATFORM_BIT_COUNT, want->mode, r->platform_info, want->allowed, want->required,
               source, v);
    if (want->mode == EXPECT_ANYTHING) verdict_does_not_apply(v, CHECK_PLATFORM_RESERVED, REFERENCE_NOT_ASKED);
    if (want->mode == EXPECT_VALUE)
        verdict_set(v, CHECK_PLATFORM_RESERVED, (r->platform_info & SNP_PLATFORM_RESERVED) == 0, value_bits(0),
                    value_bits(r->platform_info & SNP_PLATFORM_RESERVED), source);
}
