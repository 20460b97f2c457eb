/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "parse/put.h"
#include "parse/text.h"
#include "tests/ovmf_image.h"
#include "tests/shared.h"
#include "verify/launch.h"

static void expect_digest(const struct launch_digest *have, const char *want, const char *what)
{
    char text[HEX_TEXT_SIZE(SNP_LAUNCH_DIGEST_BYTES)];
    cr_assert(is_ok(hex_write(BYTES_OF(have->ld), text, sizeof text, NULL)));
    cr_expect_str_eq(text, want, "%s: want %s, have %s", what, want, text);
}

static struct launch_digest digest_of(const char *hex)
{
    struct launch_digest d;
    cr_assert(is_ok(hex_parse(text_bytes(hex), HEX_LOWER, d.ld, sizeof d.ld, NULL)));
    return d;
}

static struct snp_ovmf parsed(bytes image)
{
    struct snp_ovmf o;
    struct err err = {0};
    cr_assert(is_ok(snp_ovmf_parse(image, &o, &err)), "%s", err.text);
    return o;
}

static struct snp_kernel_hashes hashes_of(const char *kernel, const char *initrd, const char *cmdline)
{
    struct snp_kernel_hashes h;
    cr_assert(is_ok(launch_hash_kernel(text_bytes(kernel), initrd ? text_bytes(initrd) : BYTES_ABSENT,
                                       text_bytes(cmdline), &h, NULL)));
    return h;
}

enum { NAPLES = 0x00800f12, MILAN = 0x00a00f11, GENOA = 0x00a10f10, TURIN = 0x00b00f00 };

/* ---- refusals -------------------------------------------------------------------------------------------------- */

static status measure_broken(size_t at, uint32_t value, const struct snp_kernel_hashes *kernel, uint32_t vcpus,
                             struct err *err)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    ovmf_image_write(image);
    if (at) put_u32le(image + at, value);
    struct snp_ovmf o = parsed(BYTES_OF(image));
    struct launch_guest guest = {&o, kernel, {SNP_VMM_QEMU, MILAN, 1}, vcpus};
    struct launch_digest d = {{77}};
    status s = launch_measure(&guest, &d, err);
    cr_expect(is_ok(s) || d.ld[0] == 77, "written on failure");
    return s;
}

Test(launch, a_guest_that_cannot_start_is_refused)
{
    struct snp_kernel_hashes kernel = hashes_of("kernel", "initrd", "");
    struct err err[5] = {0};
    cr_expect_eq(measure_broken(0, 0, NULL, 0, &err[0]).kind, ERR_RANGE);
    cr_expect_str_eq(err[0].text, "launch digest: want 1 to 4096 vCPUs, have 0");
    cr_expect_eq(measure_broken(0, 0, NULL, LIMIT_LAUNCH_VCPUS + 1, &err[1]).kind, ERR_RANGE);

    cr_expect_eq(measure_broken(OVMF_AP_ENTRY_AT + 6, 0, NULL, 2, &err[2]).kind, ERR_MISSING);
    cr_expect_str_eq(err[2].text, "launch digest: the firmware has no AP reset block, so only 1 vCPU can start");
    cr_expect(is_ok(measure_broken(OVMF_AP_ENTRY_AT + 6, 0, NULL, 1, NULL)));

    cr_expect_eq(measure_broken(OVMF_SECTIONS_AT + 56, 1, &kernel, 1, &err[3]).kind, ERR_MISSING);
    cr_expect_str_eq(err[3].text, "firmware: takes no kernel hashes: no SNP_KERNEL_HASHES section");
    cr_expect(is_ok(measure_broken(OVMF_SECTIONS_AT + 56, 1, NULL, 1, NULL)));

    cr_expect_eq(measure_broken(OVMF_HASH_ENTRY_AT, 0, &kernel, 1, &err[4]).kind, ERR_RANGE);
    cr_expect(is_ok(measure_broken(0, 0, &kernel, LIMIT_LAUNCH_VCPUS, NULL)));
}

/* What only a caller can get wrong: snp_ovmf_parse knows no other type. */
Test(launch, a_section_of_another_type_is_refused)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    ovmf_image_write(image);
    struct snp_ovmf o = parsed(BYTES_OF(image));
    o.sections[0].type = (enum snp_section_type)5;
    struct launch_guest guest = {&o, NULL, {SNP_VMM_QEMU, MILAN, 1}, 1};
    struct launch_digest d = {{77}};
    struct err err = {0};
    cr_expect_eq(launch_measure(&guest, &d, &err).kind, ERR_BUG);
    cr_expect_str_eq(err.text, "launch digest: section of type 0x5");
    cr_expect_eq(d.ld[0], 77, "written on failure");
}

Test(launch, a_kernel_is_refused_by_firmware_that_does_not_check_it)
{
    bytes file = shared_read("vectors/measure/ovmf_OvmfX64_suffix.bin");
    struct snp_ovmf o = parsed(file);
    struct snp_kernel_hashes kernel = hashes_of("", NULL, "");
    struct launch_guest guest = {&o, &kernel, {SNP_VMM_QEMU, NAPLES, 0x21}, 1};
    struct launch_digest d;
    cr_assert_eq(launch_measure(&guest, &d, NULL).kind, ERR_MISSING);
    free((void *)file.ptr);
}

/* ---- values: what virtee/sev-snp-measure computes --------------------------------------------------------------- */

struct golden {
    enum snp_vmm vmm;
    uint32_t signature;
    uint32_t vcpus;
    uint64_t features;
    const char *kernel, *initrd, *cmdline;
    const char *want;
};

static void expect_golden(const struct snp_ovmf *o, const struct golden *g)
{
    struct snp_kernel_hashes kernel =
        g->kernel ? hashes_of(g->kernel, g->initrd, g->cmdline) : (struct snp_kernel_hashes){0};
    struct launch_guest guest = {o, g->kernel ? &kernel : NULL, {g->vmm, g->signature, g->features}, g->vcpus};
    struct launch_digest d;
    struct err err = {0};
    cr_assert(is_ok(launch_measure(&guest, &d, &err)), "%s", err.text);
    expect_digest(&d, g->want, "launch digest");
}

Test(launch, digests_of_a_small_image)
{
    static const struct golden goldens[] = {
        {SNP_VMM_QEMU, MILAN, 1, 1, NULL, NULL, NULL,
         "a37acbb6b5f9dd5f10f8fdb245330e42e2b437d693e7a1cb96f50a54521b781c2676a46acec6ec826642c436bfa66947"},
        {SNP_VMM_QEMU, TURIN, 3, 0x21, "kernel", "initrd", "a=1 b",
         "6e37e3bdc5839be19aa4298efbfefcc2bb32c84c60898bb2d457d3c7b4d6342cc80e301c0a074ac9880a027ed2434483"},
        {SNP_VMM_EC2, NAPLES, 2, 1, "kernel", "initrd", "",
         "1f20c41d4409db90506855f60396c24406c811ce5669e0e62117ac02ce2114c669fc7928a55c2d783fb41298f36b63e0"},
        {SNP_VMM_GCE, NAPLES, 4, 1, NULL, NULL, NULL,
         "ec40556e199a68db89d8b4e66cdda6a24d63b9713d7559f5b2f7a74f00b29af84cfd392a04cab4722c971f70c08262a6"},
    };
    uint8_t image[OVMF_IMAGE_BYTES];
    ovmf_image_write(image);
    struct snp_ovmf o = parsed(BYTES_OF(image));
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++)
        expect_golden(&o, &goldens[i]);
}

#define LINE "console=ttyS0 loglevel=7"

static const char milan_1[] =
    "5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f";
static const char milan_2[] =
    "f1ef6c0c669736182670ebd9f53ff4f2b9066d6ad72fcd0ca417e6f0326b76fb529d1ac9ce251d2a060f144410ae97b5";
static const char milan_8[] =
    "30629d2d4b6b57a42b46fcb5d6d6bd29ad27d2ea8911348dbbbc6635a2075d5dadff0b2e9204ec1e38dbf2a122242482";
static const char milan_220[] =
    "1d67569fea4ae2745a10c172b2a98bdcaca74a166e140010e1585335f0c3741f5dd773062ef5776896b5e66907f2f3b0";
static const char genoa_1[] =
    "3509587b3d3cffdc868eda25d7da6804d5802aeaee741640e17997720e03a499ac59f3d78c27b5f6f42de5fcfc86b095";
static const char genoa_2[] =
    "cc9900376ed72eb2c52638b072725ea62cabee8f4dbd3d19a7b6b9714a51cf794867d9b586ee75d3e25e78e572602716";
static const char genoa_220[] =
    "5793590b91469dd404f0a955c1bfb30a23078160e4445f1a38ce2881f1696a762ab47c1a092c3d6a967cecfcfcd7a676";
static const char turin_1[] =
    "b377cff70182f1ec33ade8471de40c2c69e2b624aacd3887df23050619f4950fcc34975016c53701cd86fc01837668f4";
static const char turin_2[] =
    "7843ccc96d3ceff47012a69bab79428c97028392c2811ebabf70e9ea498cbd709e9ff97a4dffa14f71cd9aeedc55c9a9";

Test(launch, digests_of_edk2_for_amd_sev)
{
    static const struct golden goldens[] = {
        {SNP_VMM_QEMU, NAPLES, 1, 0x21, "", NULL, LINE,
         "803f691094946e42068aaa3a8f9e26a5c89f36f7b73ecfb28c653360fe4b3aba7e534442e7e1e17895dfe778d0228977"},
        {SNP_VMM_QEMU, NAPLES, 1, 1, "", "", LINE,
         "6d287813eb5222d770f75005c664e34c204f385ce832cc2ce7d0d6f354454362f390ef83a92046c042e706363b4b08fa"},
        {SNP_VMM_QEMU, NAPLES, 4, 1, "", NULL, "",
         "5061fffb019493a903613d56d54b94912a1a2f9e4502385f5c194616753720a92441310ba6c4933de877c36e23046ad5"},
        {SNP_VMM_QEMU, NAPLES, 1, 0x21, NULL, NULL, NULL,
         "e1e1ca029dd7973ab9513295be68198472dcd4fc834bd9af9b63f6e8a1674dbf281a9278a4a2ebe0eed9f22adbcd0e2b"},
        {SNP_VMM_EC2, NAPLES, 1, 0x21, "", NULL, "",
         "0ce9ccc06bab55eebe8abc234f3df6514883977a68a591b71052498ab52b2f1aa415db338033946ef93aa8278c0d67fb"},
        {SNP_VMM_GCE, NAPLES, 1, 1, "", NULL, "",
         "5da7106cf14cf46b1725ebab123eb9e53bd46a1e9f400cd0c08e7827b04b688ea8b4e403c8404efed4397ea5d5d0722e"},
        {SNP_VMM_QEMU, MILAN, 1, 1, "", NULL, LINE, milan_1},
        {SNP_VMM_QEMU, MILAN, 2, 1, "", NULL, LINE, milan_2},
        {SNP_VMM_QEMU, MILAN, 8, 1, "", NULL, LINE, milan_8},
        {SNP_VMM_QEMU, MILAN, 220, 1, "", NULL, LINE, milan_220},
        {SNP_VMM_QEMU, GENOA, 1, 1, "", NULL, LINE, genoa_1},
        {SNP_VMM_QEMU, GENOA, 2, 1, "", NULL, LINE, genoa_2},
        {SNP_VMM_QEMU, GENOA, 220, 1, "", NULL, LINE, genoa_220},
        {SNP_VMM_QEMU, TURIN, 1, 1, "", NULL, LINE, turin_1},
        {SNP_VMM_QEMU, TURIN, 2, 1, "", NULL, LINE, turin_2},
    };
    bytes file = shared_read("vectors/measure/ovmf_AmdSev_suffix.bin");
    struct snp_ovmf o = parsed(file);
    cr_expect_eq(o.ap_reset_eip, 0x0080b004);
    cr_expect_eq(o.section_count, 7);
    cr_expect_eq(o.hash_table_gpa, 0x810c00);
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++)
        expect_golden(&o, &goldens[i]);
    free((void *)file.ptr);
}

Test(launch, digest_of_edk2_without_kernel_hashes)
{
    static const struct golden golden = {
        SNP_VMM_QEMU,
        NAPLES,
        1,
        0x21,
        NULL,
        NULL,
        NULL,
        "28797ae0afaba4005a81e629acebfb59e6687949d6be44007cd5506823b0dd66f146aaae26ff291eed7b493d8a64c385"};
    bytes file = shared_read("vectors/measure/ovmf_OvmfX64_suffix.bin");
    struct snp_ovmf o = parsed(file);
    expect_golden(&o, &golden);
    free((void *)file.ptr);
}

/* ---- the number of vCPUs --------------------------------------------------------------------------------------- */

static const struct snp_vcpu milan_vcpu = {SNP_VMM_QEMU, MILAN, 1};

static status find(const char *one, const struct snp_vcpu *vcpu, uint32_t reset_eip, const char *measurement,
                   uint32_t *n, struct err *err)
{
    struct launch_digest seed = digest_of(one), wanted = digest_of(measurement);
    return launch_find_vcpus(&seed, vcpu, reset_eip, BYTES_OF(wanted.ld), n, err);
}

Test(launch, a_digest_of_no_number_of_vcpus_is_refused)
{
    struct snp_vcpu genoa_vcpu = milan_vcpu, other_features = milan_vcpu;
    struct launch_digest seed = digest_of(milan_1);
    struct err err = {0};
    uint32_t n = 77;
    genoa_vcpu.signature = GENOA;
    other_features.features = 0x21;
    cr_expect_eq(find(milan_1, &milan_vcpu, 0x0080b004, genoa_2, &n, &err).kind, ERR_MISMATCH);
    cr_expect_str_eq(err.rule, "measurement");
    cr_expect_str_eq(err.text, "measurement: not the launch digest of the guest with 1 to 220 vCPUs");
    cr_expect_eq(find(milan_1, &genoa_vcpu, 0x0080b004, milan_2, &n, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(find(milan_1, &other_features, 0x0080b004, milan_2, &n, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(find(milan_1, &milan_vcpu, 0x0080b000, milan_2, &n, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(find(milan_2, &milan_vcpu, 0x0080b004, milan_1, &n, NULL).kind, ERR_MISMATCH);
    /* one more than is tried: from two vCPUs on, the 220 of milan_220 are 219 */
    cr_expect(is_ok(find(milan_2, &milan_vcpu, 0x0080b004, milan_220, &n, NULL)));
    cr_expect_eq(n, 219);

    cr_expect_eq(launch_find_vcpus(&seed, &milan_vcpu, 0x0080b004, BYTES_ABSENT, &n, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(launch_find_vcpus(&seed, &milan_vcpu, 0x0080b004, BYTES(seed.ld, 47), &n, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(n, 219, "written on failure");
}

Test(launch, two_hundred_and_twenty_vcpus_are_the_last_tried)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    ovmf_image_write(image);
    struct snp_ovmf o = parsed(BYTES_OF(image));
    struct launch_guest guest = {&o, NULL, milan_vcpu, 1};
    struct launch_digest one, many;
    uint32_t n = 0;
    cr_assert(is_ok(launch_measure(&guest, &one, NULL)));
    guest.vcpus = LIMIT_LAUNCH_VCPUS_TRIED;
    cr_assert(is_ok(launch_measure(&guest, &many, NULL)));
    cr_assert(is_ok(launch_find_vcpus(&one, &milan_vcpu, o.ap_reset_eip, BYTES_OF(many.ld), &n, NULL)));
    cr_assert_eq(n, 220);
    guest.vcpus++;
    cr_assert(is_ok(launch_measure(&guest, &many, NULL)));
    cr_assert_eq(launch_find_vcpus(&one, &milan_vcpu, o.ap_reset_eip, BYTES_OF(many.ld), &n, NULL).kind, ERR_MISMATCH);
}

Test(launch, the_number_of_vcpus_is_found)
{
    struct snp_vcpu genoa_vcpu = milan_vcpu;
    uint32_t n = 0;
    genoa_vcpu.signature = GENOA;
    cr_expect(is_ok(find(milan_1, &milan_vcpu, 0x0080b004, milan_1, &n, NULL)) && n == 1);
    cr_expect(is_ok(find(milan_1, &milan_vcpu, 0x0080b004, milan_2, &n, NULL)) && n == 2);
    cr_expect(is_ok(find(milan_1, &milan_vcpu, 0x0080b004, milan_8, &n, NULL)) && n == 8);
    cr_expect(is_ok(find(milan_1, &milan_vcpu, 0x0080b004, milan_220, &n, NULL)) && n == 220);
    cr_expect(is_ok(find(genoa_1, &genoa_vcpu, 0x0080b004, genoa_1, &n, NULL)) && n == 1);
    cr_expect(is_ok(find(genoa_1, &genoa_vcpu, 0x0080b004, genoa_220, &n, NULL)) && n == 220);
}
