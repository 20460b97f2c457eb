/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/text.h"
#include "snp/vmsa.h"

/* What is not zero in a page of QEMU, from APM volume 2, table B-4, and the reset state of x86. */
static const struct field {
    size_t at;
    size_t len;
    uint8_t bytes[16];
} qemu_bsp[] = {
    {0x000, 16, {0, 0, 0x93, 0, 0xff, 0xff}},
    {0x010, 16, {0, 0xf0, 0x9b, 0, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff}},
    {0x020, 16, {0, 0, 0x93, 0, 0xff, 0xff}},
    {0x030, 16, {0, 0, 0x93, 0, 0xff, 0xff}},
    {0x040, 16, {0, 0, 0x93, 0, 0xff, 0xff}},
    {0x050, 16, {0, 0, 0x93, 0, 0xff, 0xff}},
    {0x060, 16, {0, 0, 0, 0, 0xff, 0xff}},
    {0x070, 16, {0, 0, 0x82, 0, 0xff, 0xff}},
    {0x080, 16, {0, 0, 0, 0, 0xff, 0xff}},
    {0x090, 16, {0, 0, 0x8b, 0, 0xff, 0xff}},
    {0x0d0, 8, {0, 0x10}},
    {0x148, 8, {0x40}},
    {0x158, 8, {0x10}},
    {0x160, 8, {0, 4}},
    {0x168, 8, {0xf0, 0x0f, 0xff, 0xff}},
    {0x170, 8, {2}},
    {0x178, 8, {0xf0, 0xff}},
    {0x268, 8, {6, 4, 7, 0, 6, 4, 7, 0}},
    {0x310, 8, {0x11, 0x0f, 0xa0}},
    {0x3b0, 8, {0x21, 0, 0, 0, 0, 0, 0, 0x80}},
    {0x3e8, 8, {1}},
    {0x408, 4, {0x80, 0x1f}},
    {0x410, 2, {0x7f, 3}},
};

static const struct snp_vcpu milan = {SNP_VMM_QEMU, 0x00a00f11, UINT64_C(0x8000000000000021)};

static void expect_page(const uint8_t *page, const struct field *f, size_t count)
{
    uint8_t want[SNP_PAGE_BYTES] = {0};
    for (size_t i = 0; i < count; i++)
        memcpy(want + f[i].at, f[i].bytes, f[i].len);
    for (size_t i = 0; i < SNP_PAGE_BYTES; i++)
        cr_expect_eq(page[i], want[i], "byte 0x%zx: want %02x, have %02x", i, want[i], page[i]);
}

Test(vmsa, the_boot_processor_starts_at_the_reset_vector)
{
    uint8_t page[SNP_PAGE_BYTES];
    memset(page, 0xee, sizeof page);
    snp_vmsa_write_bsp(&milan, page);
    expect_page(page, qemu_bsp, sizeof qemu_bsp / sizeof qemu_bsp[0]);
}

Test(vmsa, an_ap_starts_at_the_reset_address)
{
    uint8_t page[SNP_PAGE_BYTES], bsp[SNP_PAGE_BYTES];
    snp_vmsa_write_ap(&milan, 0x0080b004, page);
    cr_assert_eq(memcmp(page + 0x18, (uint8_t[]){0, 0, 0x80, 0, 0, 0, 0, 0}, 8), 0, "CS base");
    cr_assert_eq(memcmp(page + 0x178, (uint8_t[]){4, 0xb0, 0, 0, 0, 0, 0, 0}, 8), 0, "RIP");
    snp_vmsa_write_bsp(&milan, bsp);
    memcpy(page + 0x18, bsp + 0x18, 8);
    memcpy(page + 0x178, bsp + 0x178, 8);
    cr_assert_eq(memcmp(page, bsp, sizeof page), 0, "nothing else differs");
}

/* What EC2 and GCE set differently, as seen in virtee/sev-snp-measure. */
Test(vmsa, ec2_and_gce_differ_from_qemu)
{
    struct snp_vcpu ec2 = milan, gce = milan;
    uint8_t page[SNP_PAGE_BYTES];
    ec2.vmm = SNP_VMM_EC2;
    gce.vmm = SNP_VMM_GCE;

    struct field f[sizeof qemu_bsp / sizeof qemu_bsp[0]];
    memcpy(f, qemu_bsp, sizeof f);
    f[18] = (struct field){0x310, 8, {0, 6}};
    f[21] = (struct field){0x408, 4, {0}};
    f[22] = (struct field){0x410, 2, {0}};
    f[17] = (struct field){0x268, 8, {6, 1, 7}};
    snp_vmsa_write_bsp(&gce, page);
    expect_page(page, f, sizeof f / sizeof f[0]);

    f[17] = qemu_bsp[17];
    f[1].bytes[2] = 0x9a;
    f[2].bytes[2] = 0x92;
    f[9].bytes[2] = 0x83;
    snp_vmsa_write_bsp(&ec2, page);
    expect_page(page, f, sizeof f / sizeof f[0]);

    f[1] = (struct field){0x010, 16, {0, 0xf0, 0x9b, 0, 0xff, 0xff, 0, 0, 0, 0, 0x80}};
    f[16] = (struct field){0x178, 8, {4, 0xb0}};
    snp_vmsa_write_ap(&ec2, 0x0080b004, page);
    expect_page(page, f, sizeof f / sizeof f[0]);
}

static status signature_of(const char *name, uint32_t *out)
{
    return snp_vcpu_signature_of_model(text_bytes(name), out, NULL);
}

Test(vmsa, an_unknown_cpu_model_is_refused)
{
    static const char *const names[] = {"", "EPYC-", "EPYC-v5", "epyc-v4", "EPYC-v4 ", "EPYC-Milan-v9", "Milan"};
    uint32_t signature = 77;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_expect_eq(signature_of(names[i], &signature).kind, ERR_UNSUPPORTED, "%s", names[i]);
    cr_assert_eq(signature, 77);
    cr_assert_eq(snp_vcpu_signature_of_model(BYTES_ABSENT, &signature, NULL).kind, ERR_UNSUPPORTED);
    cr_assert_eq(snp_vcpu_signature_of_product(SNP_PRODUCT_UNKNOWN), 0);
}

/* CPUID leaf 1, EAX: extended family 27:20, extended model 19:16, family 11:8, model 7:4, stepping 3:0. */
static uint32_t cpuid_eax(uint32_t family, uint32_t model, uint32_t stepping)
{
    return (family - 15) << 20 | model >> 4 << 16 | 15u << 8 | (model & 15) << 4 | stepping;
}

Test(vmsa, cpu_models_have_their_signature)
{
    static const struct {
        const char *name;
        uint32_t family, model, stepping;
    } models[] = {
        {"EPYC", 23, 1, 2},          {"EPYC-v4", 23, 1, 2},     {"EPYC-Rome", 23, 49, 0}, {"EPYC-Milan", 25, 1, 1},
        {"EPYC-Milan-v2", 25, 1, 1}, {"EPYC-Genoa", 25, 17, 0}, {"EPYC-Turin", 26, 0, 0},
    };
    uint32_t signature = 0;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        cr_assert(is_ok(signature_of(models[i].name, &signature)), "%s", models[i].name);
        cr_expect_eq(signature, cpuid_eax(models[i].family, models[i].model, models[i].stepping), "%s", models[i].name);
    }
    cr_assert_eq(snp_vcpu_signature_of_product(SNP_MILAN), cpuid_eax(25, 1, 1));
    cr_assert_eq(snp_vcpu_signature_of_product(SNP_GENOA), cpuid_eax(25, 17, 0));
    cr_assert_eq(snp_vcpu_signature_of_product(SNP_TURIN), cpuid_eax(26, 0, 0));
}

Test(vmsa, every_listed_model_is_known)
{
    size_t n = 0;
    uint32_t signature;
    for (; snp_vcpu_model_name(n); n++)
        cr_expect(is_ok(signature_of(snp_vcpu_model_name(n), &signature)), "%s", snp_vcpu_model_name(n));
    cr_assert_eq(n, 16);
}
