/* SPDX-License-Identifier: Apache-2.0 */
/* snp/vmsa.h: the VMSA page, the registers that a vCPU starts with (APM volume 2, table B-4), as each VMM sets them.
 *
 * The page is measured, so a VMM that sets one bit differently gives another launch digest.  All APs of a guest start
 * with the same page; the one of the BSP differs in the instruction pointer.
 *
 * Trap: the CPU signature is the one that the VMM shows to the guest (its CPU model), not the one of the machine.  EC2
 * and GCE do not put it into the page at all.
 */
#ifndef SNP_VMSA_H
#define SNP_VMSA_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/page.h"
#include "snp/product.h"

enum snp_vmm { SNP_VMM_QEMU = 0, SNP_VMM_EC2, SNP_VMM_GCE };

/* What all vCPUs of a guest have in common. */
struct snp_vcpu {
    enum snp_vmm vmm;
    uint32_t signature; /* family, model and stepping as CPUID leaf 1 gives them in EAX */
    uint64_t features;  /* SEV_FEATURES; bit 0 is SNPActive */
};

/* The page of the boot processor, which starts at the reset vector. */
void snp_vmsa_write_bsp(const struct snp_vcpu *vcpu, uint8_t out[static SNP_PAGE_BYTES]);

/* The page of every other processor, which starts at the firmware's `reset_eip` (snp/ovmf.h). */
void snp_vmsa_write_ap(const struct snp_vcpu *vcpu, uint32_t reset_eip, uint8_t out[static SNP_PAGE_BYTES]);

/* The CPU signature of one of QEMU's CPU models, "EPYC-v4" for instance; ERR_UNSUPPORTED for any other name. */
MUST_USE status snp_vcpu_signature_of_model(bytes name, uint32_t *out, struct err *err);

/* The CPU signature of the CPU model named after a product line, EPYC-Milan, -Genoa or -Turin; 0 for an unknown one. */
uint32_t snp_vcpu_signature_of_product(enum snp_product product);

/* The `i`-th name that snp_vcpu_signature_of_model knows, NULL behind the last: for help texts. */
const char *snp_vcpu_model_name(size_t i);

#endif
