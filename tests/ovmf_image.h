/* SPDX-License-Identifier: Apache-2.0 */
/* tests/ovmf_image.h: a firmware image of one page, laid out by hand, as small as one can be. */
#ifndef TESTS_OVMF_IMAGE_H
#define TESTS_OVMF_IMAGE_H

#include <stdint.h>

/* Where things lie in it, for tests that break them. */
enum {
    OVMF_IMAGE_BYTES = 4096,
    OVMF_METADATA_AT = 2048, /* header: signature, size, version, count */
    OVMF_SECTIONS_AT = 2064, /* OVMF_SECTIONS of them, 12 bytes each: gpa, size, type */
    OVMF_SECTIONS = 6,
    OVMF_UNKNOWN_AT = 3958, /* an entry without data: size, GUID */
    OVMF_METADATA_ENTRY_AT = 3976,
    OVMF_HASH_ENTRY_AT = 3998,
    OVMF_AP_ENTRY_AT = 4024,
    OVMF_FOOTER_AT = 4046, /* size, GUID */
    OVMF_FOOTER_SIZE = 106,
};

/* Sections: SNP_SEC_MEM (2 pages), SNP_SECRETS, CPUID, SVSM_CAA, SNP_KERNEL_HASHES, SNP_SEC_MEM (1 page), from
 * 0x800000 on without a gap; hash table at 0x805c00, 0x400 bytes; AP reset at 0x0080b004. */
void ovmf_image_write(uint8_t out[static OVMF_IMAGE_BYTES]);

#endif
