/* SPDX-License-Identifier: Apache-2.0 */
/* Launch digests by number of vCPUs and the key derived from them; the values are those of public tools (golden values
 * for the image ovmf_AmdSev_suffix.bin, CPU model EPYC-Milan, AP reset EIP 0x0080b004). */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/text.h"
#include "tests/fault.h"
#include "tests/simulated.h"
#include "verify/crypto.h"
#include "verify/judge.h"

enum { AP_RESET_EIP = 0x0080b004, POLICY = 0x30000 };

#define MILAN_1   "5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f"
#define MILAN_2   "f1ef6c0c669736182670ebd9f53ff4f2b9066d6ad72fcd0ca417e6f0326b76fb529d1ac9ce251d2a060f144410ae97b5"
#define MILAN_8   "30629d2d4b6b57a42b46fcb5d6d6bd29ad27d2ea8911348dbbbc6635a2075d5dadff0b2e9204ec1e38dbf2a122242482"
#define MILAN_220 "1d67569fea4ae2745a10c172b2a98bdcaca74a166e140010e1585335f0c3741f5dd773062ef5776896b5e66907f2f3b0"
#define GENOA_2   "cc9900376ed72eb2c52638b072725ea62cabee8f4dbd3d19a7b6b9714a51cf794867d9b586ee75d3e25e78e572602716"
/* SHA-384 of the ID key blob for MILAN_1, POLICY, GUEST_SVN 2, FAMILY_ID 01.., IMAGE_ID 02.. */
#define KEY_OF_MILAN_1                                                                                                 \
    "21252bee4998c2fceaf4b42d3bbb6aed7463a5f88947b7968bf80171c96fb3fbe25297db1d562674f90bfae8288d5b1a"

/* The guest whose digest with one vCPU is MILAN_1. */
static struct reference milan_guest(uint32_t eip, uint64_t policy)
{
    static uint8_t one[48];
    struct reference want = reference_anything();
    cr_assert(is_ok(hex_parse(BYTES_LIT(MILAN_1), HEX_LOWER, one, sizeof one, NULL)));
    want.launch =
        (struct expect_launch){.mode = EXPECT_VALUE, .source = "test", .one_vcpu = BYTES_OF(one), .ap_reset_eip = eip};
    want.derived_id_key = (struct expect_number){.mode = EXPECT_VALUE, .value = policy};
    return want;
}

/* With the crypto library's `failing`-th call in the third step made to fail; 0: none. */
static struct verdict judge_with(const char *line, const struct reference *want, unsigned failing)
{
    struct err err = {0};
    struct evidence e;
    struct verdict v = {0};
    cr_assert(is_ok(crypto_open(&err)));
    const struct sim_evidence *made = simulated(0, line);
    struct evidence_input in = {.report = sim_file(made, SIM_FILE_REPORT), .leaf = sim_file(made, SIM_FILE_LEAF)};
    evidence_read(&in, &e, &v);
    fault_arm(failing);
    evidence_judge(&e, want, &v);
    cr_assert(failing == 0 || fault_came());
    fault_arm(0);
    return v;
}

static struct verdict judge(const char *product, const char *measurement, const char *id_key, uint32_t eip,
                            uint64_t policy)
{
    char line[512];
    struct reference want = milan_guest(eip, policy);
    snprintf(line, sizeof line, "--product %s --report measurement=%s --report id_key_digest=%s", product, measurement,
             id_key);
    return judge_with(line, &want, 0);
}

static void require(const struct verdict *v, enum outcome measurement, enum outcome id_key)
{
    cr_expect_eq(v->by_id[CHECK_MEASUREMENT].outcome, measurement, "%s", v->by_id[CHECK_MEASUREMENT].note);
    cr_expect_eq(v->by_id[CHECK_ID_BLOCK_ID_KEY].outcome, id_key, "%s", v->by_id[CHECK_ID_BLOCK_ID_KEY].note);
}

static void require_note(const struct verdict *v, enum check_id id, const char *note)
{
    cr_expect_eq(v->by_id[id].outcome, FAILED, "%s", check_rows[id].name);
    cr_expect_str_eq(v->by_id[id].note, note);
}

#define AS_EXPECTED "--report measurement=" MILAN_1 " --report id_key_digest=" KEY_OF_MILAN_1

Test(judge_launch, a_digest_of_another_length_is_refused)
{
    uint8_t long_one[49] = {0};
    for (size_t len = 0; len <= sizeof long_one; len++) {
        struct reference want = milan_guest(AP_RESET_EIP, POLICY);
        char note[CHECK_NOTE_MAX];
        if (len == 48) continue;
        memcpy(long_one, want.launch.one_vcpu.ptr, 48);
        want.launch.one_vcpu = BYTES(long_one, len);
        struct verdict v = judge_with(AS_EXPECTED, &want, 0);
        snprintf(note, sizeof note, "launch digest: want 48 bytes, have %zu", len);
        require_note(&v, CHECK_MEASUREMENT, note);
        require(&v, FAILED, FAILED);
    }
}

Test(judge_launch, a_product_without_a_known_cpu_is_refused)
{
    struct reference want = milan_guest(AP_RESET_EIP, POLICY);
    struct verdict v = judge_with(AS_EXPECTED " --report cpuid_mod_id=0x30", &want, 0);
    require_note(&v, CHECK_MEASUREMENT, "launch digest: no CPU model for this product");
    require(&v, FAILED, FAILED);
}

/* The digest of an AP's page; then that of the ID block, the key from it, which checks its point, and its digest. */
Test(judge_launch, a_failing_library_denies)
{
    struct reference want = milan_guest(AP_RESET_EIP, POLICY);
    struct verdict v = judge_with(AS_EXPECTED, &want, 1);
    require_note(&v, CHECK_MEASUREMENT, "crypto_sha384: made to fail");
    require(&v, FAILED, FAILED);
    static const char *const notes[] = {"crypto_sha384: made to fail", "crypto_p384_recover: made to fail",
                                        "crypto_p384_point_check: made to fail", "crypto_sha384: made to fail"};
    for (unsigned i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        v = judge_with(AS_EXPECTED, &want, 2 + i);
        require_note(&v, CHECK_ID_BLOCK_ID_KEY, notes[i]);
        require(&v, PASSED, FAILED);
    }
    v = judge_with(AS_EXPECTED, &want, 0);
    require(&v, PASSED, PASSED);
}

Test(judge_launch, another_measurement_has_no_key)
{
    struct verdict v = judge("milan", GENOA_2, KEY_OF_MILAN_1, AP_RESET_EIP, POLICY);
    require(&v, FAILED, FAILED);
    cr_expect_str_eq(v.by_id[CHECK_ID_BLOCK_ID_KEY].note, "no launch digest matched, from which to derive the key");
}

Test(judge_launch, another_reset_address_gives_other_digests)
{
    struct verdict v = judge("milan", MILAN_2, KEY_OF_MILAN_1, AP_RESET_EIP + 4, POLICY);
    require(&v, FAILED, FAILED);
}

Test(judge_launch, another_product_gives_other_digests)
{
    struct verdict v = judge("genoa", MILAN_2, KEY_OF_MILAN_1, AP_RESET_EIP, POLICY);
    require(&v, FAILED, FAILED);
}

Test(judge_launch, the_key_binds_digest_and_policy)
{
    struct verdict other_policy = judge("milan", MILAN_1, KEY_OF_MILAN_1, AP_RESET_EIP, 0x3001f);
    require(&other_policy, PASSED, FAILED);
    struct verdict other_digest = judge("milan", MILAN_8, KEY_OF_MILAN_1, AP_RESET_EIP, POLICY);
    require(&other_digest, PASSED, FAILED);
}

Test(judge_launch, one_to_220_vcpus_are_accepted)
{
    static const char *const digests[] = {MILAN_1, MILAN_2, MILAN_8, MILAN_220};
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
        struct verdict v = judge("milan", digests[i], KEY_OF_MILAN_1, AP_RESET_EIP, POLICY);
        require(&v, PASSED, i == 0 ? PASSED : FAILED);
    }
}
