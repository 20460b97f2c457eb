/* SPDX-License-Identifier: Apache-2.0 */
/* snp/kernel_hashes.h: the table through which a measured firmware knows which kernel it may boot (QEMU,
 * target/i386/sev.c).  The page that holds it is measured as a normal page. */
#ifndef SNP_KERNEL_HASHES_H
#define SNP_KERNEL_HASHES_H

#include <stddef.h>
#include <stdint.h>

#include "snp/page.h"

enum { SNP_KERNEL_HASHES_BYTES = 176, SNP_KERNEL_HASH_BYTES = 32 };

/* SHA-256 of each. */
struct snp_kernel_hashes {
    uint8_t cmdline[SNP_KERNEL_HASH_BYTES]; /* of the text and one NUL byte */
    uint8_t initrd[SNP_KERNEL_HASH_BYTES];  /* of the file; of nothing when there is none */
    uint8_t kernel[SNP_KERNEL_HASH_BYTES];  /* of the file */
};

/* The page with the table at `offset`, which is at most SNP_PAGE_BYTES - SNP_KERNEL_HASHES_BYTES. */
void snp_kernel_hashes_write(const struct snp_kernel_hashes *hashes, size_t offset, uint8_t out[static SNP_PAGE_BYTES]);

#endif
