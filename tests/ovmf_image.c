/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ovmf_image.h"

#include <string.h>

#include "parse/put.h"

/* The GUIDs in their order on the wire, written down from edk2's OvmfPkg/ResetVector independently of snp/ovmf.c. */
#define GUID_FOOTER   "\xde\x82\xb5\x96\xb2\x1f\xf7\x45\xba\xea\xa3\x66\xc5\x5a\x08\x2d"
#define GUID_AP_RESET "\xde\x71\xf7\x00\x7e\x1a\xcb\x4f\x89\x0e\x68\xc7\x7e\x2f\xb4\x4e"
#define GUID_HASHES   "\x1f\x37\x55\x72\x3b\x3a\x04\x4b\x92\x7b\x1d\xa6\xef\xa8\xd4\x54"
#define GUID_METADATA "\x66\x65\x88\xdc\x4a\x98\x98\x47\xa7\x5e\x55\x85\xa7\xbf\x67\xcc"
#define GUID_UNKNOWN  "unknown to anyone"

static void put_header(uint8_t *out, uint16_t size, const char *guid)
{
    put_u16le(out, size);
    memcpy(out + 2, guid, 16);
}

void ovmf_image_write(uint8_t out[static OVMF_IMAGE_BYTES])
{
    static const uint32_t sections[OVMF_SECTIONS][3] = {
        {0x800000, 0x2000, 1}, {0x802000, 0x1000, 2},    {0x803000, 0x1000, 3},
        {0x804000, 0x1000, 4}, {0x805000, 0x1000, 0x10}, {0x806000, 0x1000, 1},
    };
    memset(out, 0xcc, OVMF_IMAGE_BYTES);

    memcpy(out + OVMF_METADATA_AT, "ASEV", 4);
    put_u32le(out + OVMF_METADATA_AT + 4, 16 + 12 * OVMF_SECTIONS);
    put_u32le(out + OVMF_METADATA_AT + 8, 1);
    put_u32le(out + OVMF_METADATA_AT + 12, OVMF_SECTIONS);
    for (size_t i = 0; i < OVMF_SECTIONS; i++) {
        for (size_t j = 0; j < 3; j++)
            put_u32le(out + OVMF_SECTIONS_AT + 12 * i + 4 * j, sections[i][j]);
    }

    put_header(out + OVMF_UNKNOWN_AT, 18, GUID_UNKNOWN);
    put_u32le(out + OVMF_METADATA_ENTRY_AT, OVMF_IMAGE_BYTES - OVMF_METADATA_AT);
    put_header(out + OVMF_METADATA_ENTRY_AT + 4, 22, GUID_METADATA);
    put_u32le(out + OVMF_HASH_ENTRY_AT, 0x805c00);
    put_u32le(out + OVMF_HASH_ENTRY_AT + 4, 0x400);
    put_header(out + OVMF_HASH_ENTRY_AT + 8, 26, GUID_HASHES);
    put_u32le(out + OVMF_AP_ENTRY_AT, 0x0080b004);
    put_header(out + OVMF_AP_ENTRY_AT + 4, 22, GUID_AP_RESET);
    put_header(out + OVMF_FOOTER_AT, OVMF_FOOTER_SIZE, GUID_FOOTER);
}
