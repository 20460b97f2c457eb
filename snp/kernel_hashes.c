/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/kernel_hashes.h"

#include <string.h>

#include "parse/put.h"

enum { GUID_BYTES = 16, HEADER_BYTES = GUID_BYTES + 2, ENTRY_BYTES = HEADER_BYTES + SNP_KERNEL_HASH_BYTES };

/* 9438d606-4f22-4cc9-b479-a793d411fd21 */
static const uint8_t guid_table[GUID_BYTES] = {0x06, 0xd6, 0x38, 0x94, 0x22, 0x4f, 0xc9, 0x4c,
                                               0xb4, 0x79, 0xa7, 0x93, 0xd4, 0x11, 0xfd, 0x21};
/* 97d02dd8-bd20-4c94-aa78-e7714d36ab2a */
static const uint8_t guid_cmdline[GUID_BYTES] = {0xd8, 0x2d, 0xd0, 0x97, 0x20, 0xbd, 0x94, 0x4c,
                                                 0xaa, 0x78, 0xe7, 0x71, 0x4d, 0x36, 0xab, 0x2a};
/* 44baf731-3a2f-4bd7-9af1-41e29169781d */
static const uint8_t guid_initrd[GUID_BYTES] = {0x31, 0xf7, 0xba, 0x44, 0x2f, 0x3a, 0xd7, 0x4b,
                                                0x9a, 0xf1, 0x41, 0xe2, 0x91, 0x69, 0x78, 0x1d};
/* 4de79437-abd2-427f-b835-d5b172d2045b */
static const uint8_t guid_kernel[GUID_BYTES] = {0x37, 0x94, 0xe7, 0x4d, 0xd2, 0xab, 0x7f, 0x42,
                                                0xb8, 0x35, 0xd5, 0xb1, 0x72, 0xd2, 0x04, 0x5b};

static void put_entry(uint8_t *out, const uint8_t *guid, const uint8_t *hash)
{
    memcpy(out, guid, GUID_BYTES);
    put_u16le(out + GUID_BYTES, ENTRY_BYTES);
    memcpy(out + HEADER_BYTES, hash, SNP_KERNEL_HASH_BYTES);
}

void snp_kernel_hashes_write(const struct snp_kernel_hashes *hashes, size_t offset, uint8_t out[static SNP_PAGE_BYTES])
{
    memset(out, 0, SNP_PAGE_BYTES);
    uint8_t *table = out + offset;
    memcpy(table, guid_table, GUID_BYTES);
    put_u16le(table + GUID_BYTES, HEADER_BYTES + 3 * ENTRY_BYTES);
    put_entry(table + HEADER_BYTES, guid_cmdline, hashes->cmdline);
    put_entry(table + HEADER_BYTES + ENTRY_BYTES, guid_initrd, hashes->initrd);
    put_entry(table + HEADER_BYTES + 2 * ENTRY_BYTES, guid_kernel, hashes->kernel);
}
