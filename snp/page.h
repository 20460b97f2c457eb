/* SPDX-License-Identifier: Apache-2.0 */
/* snp/page.h: PAGE_INFO, the 0x70 bytes that the launch digest is a chain of (SEV-SNP ABI, AMD 56860, "PAGE_INFO").
 *
 * Each page that the host adds to a guest before it starts makes digest = SHA-384(PAGE_INFO), where PAGE_INFO begins
 * with the digest so far.  The chain itself is verify/launch.h: this folder hashes nothing.
 */
#ifndef SNP_PAGE_H
#define SNP_PAGE_H

#include <stdint.h>

enum { SNP_PAGE_BYTES = 4096, SNP_PAGE_INFO_BYTES = 0x70, SNP_LAUNCH_DIGEST_BYTES = 48 };

enum snp_page_type {
    SNP_PAGE_NORMAL = 1, /* CONTENTS = SHA-384 of the page */
    SNP_PAGE_VMSA,       /* the same, at SNP_VMSA_GPA */
    SNP_PAGE_ZERO,       /* CONTENTS = 0 from here on */
    SNP_PAGE_UNMEASURED,
    SNP_PAGE_SECRETS,
    SNP_PAGE_CPUID,
};

/* The address under which every VMSA page is measured. */
#define SNP_VMSA_GPA UINT64_C(0x0000fffffffff000)

/* IMI_PAGE and the permissions of VMPL 1 to 3 are written as 0, which is what KVM passes. */
void snp_page_info_write(const uint8_t digest[static SNP_LAUNCH_DIGEST_BYTES],
                         const uint8_t contents[static SNP_LAUNCH_DIGEST_BYTES], enum snp_page_type type, uint64_t gpa,
                         uint8_t out[static SNP_PAGE_INFO_BYTES]);

#endif
