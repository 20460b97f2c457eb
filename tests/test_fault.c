/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto library fails at its n-th call, for every n: what was asked for fails with it, and writes nothing. */
#include <criterion/criterion.h>
#include <stddef.h>

#include "tests/fault.h"
#include "tests/ovmf_image.h"
#include "verify/id_key.h"
#include "verify/launch.h"
#include "verify/transition.h"

enum { MILAN = 0x00a00f11, MEMORY = 4096 };

static const struct snp_vcpu vcpu = {SNP_VMM_QEMU, MILAN, 1};

static struct snp_ovmf firmware(void)
{
    static uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf o;
    ovmf_image_write(image);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &o, NULL)));
    return o;
}

static status measure(void *out, struct err *err)
{
    static const struct snp_kernel_hashes kernel = {.kernel = {1}};
    const struct snp_ovmf o = firmware();
    return launch_measure(&(struct launch_guest){&o, &kernel, vcpu, 3}, out, err);
}

/* The CPUID page comes last. */
static status measure_on_ec2(void *out, struct err *err)
{
    const struct snp_ovmf o = firmware();
    return launch_measure(&(struct launch_guest){&o, NULL, {SNP_VMM_EC2, MILAN, 1}, 1}, out, err);
}

static status hash_kernel(void *out, struct err *err)
{
    return launch_hash_kernel(BYTES_LIT("kernel"), BYTES_LIT("initrd"), BYTES_LIT("line"), out, err);
}

/* Fewer vCPUs than are tried: the digest with three. */
static status find_vcpus(void *out, struct err *err)
{
    const struct snp_ovmf o = firmware();
    struct launch_digest one, three;
    TRY(launch_measure(&(struct launch_guest){&o, NULL, vcpu, 1}, &one, err));
    TRY(launch_measure(&(struct launch_guest){&o, NULL, vcpu, 3}, &three, err));
    return launch_find_vcpus(&one, &vcpu, o.ap_reset_eip, BYTES_OF(three.ld), out, err);
}

static status derive(void *out, struct err *err)
{
    static const uint8_t measurement[SNP_LAUNCH_DIGEST_BYTES] = {1, 2, 3};
    struct snp_id_block block;
    id_key_block(measurement, 0x30000, &block);
    return id_key_derive(&block, out, err);
}

static status transition(void *out, struct err *err)
{
    return transition_next(BYTES_LIT("{}"), transition_none, out, err);
}

static void fail_at_each_call(const char *what, status (*ask)(void *out, struct err *err), unsigned least)
{
    static union {
        max_align_t align;
        uint8_t bytes[MEMORY];
    } out;
    for (unsigned nth = 1;; nth++) {
        struct err err = {0};
        memset(out.bytes, 0xee, sizeof out.bytes);
        fault_arm(nth);
        status s = ask(&out, &err);
        fault_arm(0);
        if (is_ok(s)) {
            cr_expect_geq(nth, least, "%s: only %u calls", what, nth - 1);
            return;
        }
        cr_assert_eq(s.kind, ERR_BUG, "%s, call %u: %s", what, nth, err.text);
        cr_assert_eq(err.kind, ERR_BUG);
        cr_assert(strstr(err.text, "made to fail"), "%s", err.text);
        for (size_t i = 0; i < sizeof out.bytes; i++)
            cr_assert_eq(out.bytes[i], 0xee, "%s, call %u: byte %zu is written", what, nth, i);
    }
}

Test(fault, what_is_hashed_fails_with_the_library)
{
    static const struct {
        const char *what;
        status (*ask)(void *out, struct err *err);
        unsigned calls; /* at least so many */
    } rows[] = {
        {"a launch digest", measure, 12},
        {"a launch digest on EC2", measure_on_ec2, 10},
        {"hashes of a kernel", hash_kernel, 3},
        {"the number of vCPUs", find_vcpus, 20},
        {"an ID key", derive, 3},
        {"a transition", transition, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        fail_at_each_call(rows[i].what, rows[i].ask, rows[i].calls + 1);
}
