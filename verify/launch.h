/* SPDX-License-Identifier: Apache-2.0 */
/* verify/launch.h: the launch digest, MEASUREMENT of a report, computed as firmware does (SEV-SNP ABI, AMD 56860,
 * SNP_LAUNCH_UPDATE).
 *
 * The digest is a chain over the pages that a VMM adds before the guest runs: firmware image, the sections its metadata
 * lists, one VMSA page per vCPU.  VMSAs come last and those of all APs are equal; so the digest for n vCPUs follows
 * from the one for a single vCPU without any file (launch_find_vcpus).
 *
 * Not checked here: that a VMM adds the pages in this order.  QEMU, EC2 and GCE do; another gives another digest.
 */
#ifndef VERIFY_LAUNCH_H
#define VERIFY_LAUNCH_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/kernel_hashes.h"
#include "snp/ovmf.h"
#include "snp/page.h"
#include "snp/vmsa.h"

struct launch_digest {
    uint8_t ld[SNP_LAUNCH_DIGEST_BYTES];
};

struct launch_guest {
    const struct snp_ovmf *firmware;
    const struct snp_kernel_hashes *kernel; /* NULL: the kernel is not booted directly */
    struct snp_vcpu vcpu;
    uint32_t vcpus; /* 1 to LIMIT_LAUNCH_VCPUS */
};

/* The digest of `guest`.  ERR_RANGE for the number of vCPUs, ERR_MISSING when the firmware takes no kernel hashes or
 * has no start address for APs, ERR_BUG from the crypto library. */
MUST_USE status launch_measure(const struct launch_guest *guest, struct launch_digest *out, struct err *err);

/* SHA-256 of the files as the VMM loads them and of the command line with its NUL.  An absent or empty `initrd` is the
 * same.  `cmdline` is without the NUL. */
MUST_USE status launch_hash_kernel(bytes kernel, bytes initrd, bytes cmdline, struct snp_kernel_hashes *out,
                                   struct err *err);

/* How many vCPUs, 1 to LIMIT_LAUNCH_VCPUS_TRIED, a guest has whose digest is `measurement` and whose digest with one
 * vCPU is `one`; the smallest such number.  ERR_MISMATCH (rule measurement) when there is none. */
MUST_USE status launch_find_vcpus(const struct launch_digest *one, const struct snp_vcpu *vcpu, uint32_t reset_eip,
                                  bytes measurement, uint32_t *vcpus, struct err *err);

#endif
