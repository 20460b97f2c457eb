/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_ovmf_parse snp_ovmf_hash_table_offset snp_kernel_hashes_write.
 *
 * Input: an image.  One below a page is taken as the end of a page that begins with zeros, so that seeds stay small.
 */
#include <stdlib.h>

#include "snp/kernel_hashes.h"
#include "snp/ovmf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static uint64_t end_of(const struct snp_section *s)
{
    return (uint64_t)s->gpa + s->size;
}

/* Whole pages below the image, in nobody's way, and no more than the limits. */
static void require_launchable(const struct snp_ovmf *o)
{
    uint64_t total = 0;
    require(o->section_count <= LIMIT_FIRMWARE_SECTIONS);
    for (size_t i = 0; i < o->section_count; i++) {
        const struct snp_section *s = &o->sections[i];
        require(s->size > 0 && s->size % SNP_PAGE_BYTES == 0 && s->gpa % SNP_PAGE_BYTES == 0 && end_of(s) <= o->gpa);
        for (size_t j = 0; j < i; j++)
            require(end_of(s) <= o->sections[j].gpa || end_of(&o->sections[j]) <= s->gpa);
        total += s->size;
    }
    require(total <= LIMIT_FIRMWARE_SECTION_BYTES);
}

static void require_hash_table(const struct snp_ovmf *o)
{
    static const struct snp_kernel_hashes hashes = {.cmdline = {1}, .initrd = {2}, .kernel = {3}};
    uint8_t page[SNP_PAGE_BYTES];
    size_t offset = SNP_PAGE_BYTES;
    struct err err = {0};
    status s = snp_ovmf_hash_table_offset(o, &offset, &err);
    require(is_ok(s) == (err.text[0] == '\0'));
    if (!is_ok(s)) return;
    require(offset <= SNP_PAGE_BYTES - SNP_KERNEL_HASHES_BYTES);
    snp_kernel_hashes_write(&hashes, offset, page);
    require(offset == 0 || bytes_are_zero(BYTES(page + offset - 1, 1)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t page[SNP_PAGE_BYTES] = {0};
    bytes image = BYTES(data, size);
    if (size > 0 && size < sizeof page) {
        memcpy(page + sizeof page - size, data, size);
        image = BYTES_OF(page);
    }

    struct snp_ovmf o = {.section_count = 77};
    struct err err = {0};
    status s = snp_ovmf_parse(image, &o, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= image.len && o.section_count == 77);
        return 0;
    }
    require(image.len % SNP_PAGE_BYTES == 0 && o.image.ptr == image.ptr && o.image.len == image.len);
    require(o.gpa + image.len == UINT64_C(1) << 32);
    require_launchable(&o);
    require_hash_table(&o);
    return 0;
}
