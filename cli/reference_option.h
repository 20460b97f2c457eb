/* SPDX-License-Identifier: Apache-2.0 */
/* cli/reference_option.h: expectations of a report as options of a command line.
 *
 * Each setter states one expectation of a struct reference and names the option as its source.  What no option states
 * stays as it was; a command that starts from reference_anything() thus shows it as "nothing was asked for".
 */
#ifndef CLI_REFERENCE_OPTION_H
#define CLI_REFERENCE_OPTION_H

#include "cli/option.h"
#include "verify/reference.h"

/* member: struct expect_bytes; exactly `size` bytes in hex; each use of the option adds one that is accepted */
option_setter reference_add_bytes;
/* the same for a chip: 64 bytes, or the 8 that Turin uses */
option_setter reference_add_chip_id;
/* member: struct expect_launch; "<96 hex digits>,<8 hex digits>", the second as APEIP in a manifest, high byte first */
option_setter reference_set_launch;
/* member: struct expect_product; one of option_products */
option_setter reference_set_product;
/* member: struct expect_tcb; "bl=4,tee=0,snp=24,ucode=219", with "fmc=1" for Turin; every part, once, in any order */
option_setter reference_set_tcb;
/* member: struct expect_version; "1.55.29" */
option_setter reference_set_version;
/* member: struct expect_number */
option_setter reference_set_guest_svn;
option_setter reference_set_guest_policy;
option_setter reference_set_vmpl;
/* member: struct expect_platform; a number, or names of bits parted by commas.  The first of the two that is used lets
 * the other one be: every weakening bit allowed, no protecting bit required. */
option_setter reference_set_platform_allowed;
option_setter reference_set_platform_required;
/* member: struct reference; bits of both mitigation vectors */
option_setter reference_set_mitigations;
/* member: struct expect_provisional */
option_setter reference_refuse_provisional;

/* `stated` for a report of `product`: a minimum TCB without FMC is meant for Milan and for Genoa, and can be met by no
 * other product. */
struct reference reference_for_product(const struct reference *stated, enum snp_product product);

#endif
