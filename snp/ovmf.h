/* SPDX-License-Identifier: Apache-2.0 */
/* snp/ovmf.h: what a firmware image (OVMF) says about how it is to be launched.
 *
 * A table of entries lies in front of the image's last 32 bytes and is read from its end backwards (edk2,
 * OvmfPkg/ResetVector).  Three entries matter: where APs start, where the hashes of a directly booted kernel go, and
 * the SEV metadata, a list of the guest memory that the host prepares besides the image itself.
 *
 * Stricter than the VMMs where an image could not be launched or two of them would measure different things: sections
 * that overlap each other or the image, or are no whole pages, are refused, and so are a second page of a kind of which
 * the guest uses one, duplicate entries, and data of an unexpected length.  Entries of unknown GUIDs are passed over.
 *
 * Not checked here: that the image is a firmware, or runs.
 */
#ifndef SNP_OVMF_H
#define SNP_OVMF_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum snp_section_type {
    SNP_SECTION_SEC_MEM = 1,
    SNP_SECTION_SECRETS = 2,
    SNP_SECTION_CPUID = 3,
    SNP_SECTION_SVSM_CAA = 4,
    SNP_SECTION_KERNEL_HASHES = 0x10,
};

struct snp_section {
    uint32_t gpa;
    uint32_t size; /* bytes; a multiple of the page size, not 0; exactly a page for types 2, 3 and 0x10 */
    enum snp_section_type type;
};

struct snp_ovmf {
    bytes image;  /* whole pages; a view of what was parsed */
    uint64_t gpa; /* of the image, which ends at 4 GiB */
    bool has_ap_reset_eip;
    uint32_t ap_reset_eip;
    bool has_hash_table;
    uint32_t hash_table_gpa;
    uint32_t hash_table_size;
    size_t section_count;
    struct snp_section sections[LIMIT_FIRMWARE_SECTIONS]; /* in the order of the table, which is the order of launch */
};

/* ERR_RANGE, ERR_DUPLICATE, ERR_MISSING (no table, no metadata), ERR_UNSUPPORTED (metadata version, section type) or
 * ERR_LIMIT. */
MUST_USE status snp_ovmf_parse(bytes image, struct snp_ovmf *out, struct err *err);

/* Where in the page of the kernel hashes section the table of hashes begins.  ERR_MISSING when the image takes no
 * kernel hashes, ERR_RANGE when the table does not lie in that page or is too small. */
MUST_USE status snp_ovmf_hash_table_offset(const struct snp_ovmf *ovmf, size_t *offset, struct err *err);

#endif
