/* SPDX-License-Identifier: Apache-2.0 */
/* verify/judge_bits.h: POLICY and PLATFORM_INFO, one row for each bit. */
#ifndef VERIFY_JUDGE_BITS_H
#define VERIFY_JUDGE_BITS_H

#include "snp/policy.h"
#include "verify/reference.h"
#include "verify/verdict.h"

/* Sets policy.*.  A bit that weakens may be set only when `want` has it, one that protects must be set when `want` has
 * it; the ABI version of the report must reach the one of `want`, major before minor.  DEBUG is refused whatever `want`
 * has, also when nothing is asked for: a guest that the host can read proves nothing. */
void judge_policy(const struct snp_report *r, const struct expect_number *want, const char *source, struct verdict *v);

/* Sets platform.*, by the same rule.  Unknown bits are refused when anything is asked for. */
void judge_platform(const struct snp_report *r, const struct expect_platform *want, const char *source,
                    struct verdict *v);

#endif
