/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/vmsa.h"

#include <string.h>

#include "parse/put.h"
#include "parse/text.h"

/* The reset vector of x86: F000:FFF0 with a code segment based at FFFF0000. */
#define BSP_EIP 0xfffffff0u

/* What the VMMs disagree about. */
struct reset_state {
    uint16_t bsp_cs_attrib;
    uint16_t ss_attrib;
    uint16_t tr_attrib;
    uint64_t g_pat;
    uint64_t rdx; /* 0: the CPU signature */
    uint32_t mxcsr;
    uint16_t x87_fcw;
};

static const struct reset_state reset_states[] = {
    [SNP_VMM_QEMU] = {0x9b, 0x93, 0x8b, 0x0007040600070406, 0, 0x1f80, 0x037f},
    [SNP_VMM_EC2] = {0x9a, 0x92, 0x83, 0x0007040600070406, 0x600, 0, 0},
    [SNP_VMM_GCE] = {0x9b, 0x93, 0x8b, 0x0000000000070106, 0x600, 0, 0},
};

static void put_segment(uint8_t *out, uint16_t selector, uint16_t attrib, uint64_t base)
{
    put_u16le(out, selector);
    put_u16le(out + 2, attrib);
    put_u32le(out + 4, 0xffff); /* limit */
    put_u64le(out + 8, base);
}

static void write_vmsa(const struct snp_vcpu *vcpu, uint16_t cs_attrib, uint32_t eip, uint8_t *out)
{
    const struct reset_state *reset = &reset_states[vcpu->vmm];

    memset(out, 0, SNP_PAGE_BYTES);
    put_segment(out + 0x000, 0, 0x93, 0); /* ES */
    put_segment(out + 0x010, 0xf000, cs_attrib, eip & 0xffff0000);
    put_segment(out + 0x020, 0, reset->ss_attrib, 0);
    put_segment(out + 0x030, 0, 0x93, 0); /* DS, FS, GS */
    put_segment(out + 0x040, 0, 0x93, 0);
    put_segment(out + 0x050, 0, 0x93, 0);
    put_segment(out + 0x060, 0, 0, 0);    /* GDTR */
    put_segment(out + 0x070, 0, 0x82, 0); /* LDTR */
    put_segment(out + 0x080, 0, 0, 0);    /* IDTR */
    put_segment(out + 0x090, 0, reset->tr_attrib, 0);
    put_u64le(out + 0x0d0, 0x1000);     /* EFER: SVME */
    put_u64le(out + 0x148, 0x40);       /* CR4: MCE */
    put_u64le(out + 0x158, 0x10);       /* CR0: ET */
    put_u64le(out + 0x160, 0x400);      /* DR7 */
    put_u64le(out + 0x168, 0xffff0ff0); /* DR6 */
    put_u64le(out + 0x170, 2);          /* RFLAGS */
    put_u64le(out + 0x178, eip & 0xffff);
    put_u64le(out + 0x268, reset->g_pat);
    put_u64le(out + 0x310, reset->rdx ? reset->rdx : vcpu->signature);
    put_u64le(out + 0x3b0, vcpu->features);
    put_u64le(out + 0x3e8, 1); /* XCR0: x87 */
    put_u32le(out + 0x408, reset->mxcsr);
    put_u16le(out + 0x410, reset->x87_fcw);
}

void snp_vmsa_write_bsp(const struct snp_vcpu *vcpu, uint8_t out[static SNP_PAGE_BYTES])
{
    write_vmsa(vcpu, reset_states[vcpu->vmm].bsp_cs_attrib, BSP_EIP, out);
}

void snp_vmsa_write_ap(const struct snp_vcpu *vcpu, uint32_t reset_eip, uint8_t out[static SNP_PAGE_BYTES])
{
    write_vmsa(vcpu, 0x9b, reset_eip, out);
}

#define SIGNATURE_NAPLES 0x00800f12u /* family 23, model 1, stepping 2 */
#define SIGNATURE_ROME   0x00830f10u /* family 23, model 49, stepping 0 */
#define SIGNATURE_MILAN  0x00a00f11u /* family 25, model 1, stepping 1 */
#define SIGNATURE_GENOA  0x00a10f10u /* family 25, model 17, stepping 0 */
#define SIGNATURE_TURIN  0x00b00f00u /* family 26, model 0, stepping 0 */

static const struct {
    const char *name;
    uint32_t signature;
} models[] = {
    {"EPYC", SIGNATURE_NAPLES},         {"EPYC-IBPB", SIGNATURE_NAPLES},  {"EPYC-v1", SIGNATURE_NAPLES},
    {"EPYC-v2", SIGNATURE_NAPLES},      {"EPYC-v3", SIGNATURE_NAPLES},    {"EPYC-v4", SIGNATURE_NAPLES},
    {"EPYC-Rome", SIGNATURE_ROME},      {"EPYC-Rome-v1", SIGNATURE_ROME}, {"EPYC-Rome-v2", SIGNATURE_ROME},
    {"EPYC-Rome-v3", SIGNATURE_ROME},   {"EPYC-Milan", SIGNATURE_MILAN},  {"EPYC-Milan-v1", SIGNATURE_MILAN},
    {"EPYC-Milan-v2", SIGNATURE_MILAN}, {"EPYC-Genoa", SIGNATURE_GENOA},  {"EPYC-Genoa-v1", SIGNATURE_GENOA},
    {"EPYC-Turin", SIGNATURE_TURIN},
};

enum { MODEL_COUNT = sizeof models / sizeof models[0] };

status snp_vcpu_signature_of_model(bytes name, uint32_t *out, struct err *err)
{
    for (size_t i = 0; i < MODEL_COUNT; i++) {
        if (bytes_eq(name, text_bytes(models[i].name))) {
            *out = models[i].signature;
            return OK;
        }
    }
    return err_set(err, ERR_UNSUPPORTED, 0, "CPU model: not one whose signature is known");
}

uint32_t snp_vcpu_signature_of_product(enum snp_product product)
{
    switch (product) {
    case SNP_MILAN:
        return SIGNATURE_MILAN;
    case SNP_GENOA:
        return SIGNATURE_GENOA;
    case SNP_TURIN:
        return SIGNATURE_TURIN;
    default:
        return 0;
    }
}

const char *snp_vcpu_model_name(size_t i)
{
    return i < MODEL_COUNT ? models[i].name : NULL;
}
