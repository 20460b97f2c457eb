/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/page.h"

#include <string.h>

#include "parse/put.h"

void snp_page_info_write(const uint8_t digest[static SNP_LAUNCH_DIGEST_BYTES],
                         const uint8_t contents[static SNP_LAUNCH_DIGEST_BYTES], enum snp_page_type type, uint64_t gpa,
                         uint8_t out[static SNP_PAGE_INFO_BYTES])
{
    memset(out, 0, SNP_PAGE_INFO_BYTES);
    memcpy(out, digest, SNP_LAUNCH_DIGEST_BYTES);
    memcpy(out + 0x30, contents, SNP_LAUNCH_DIGEST_BYTES);
    put_u16le(out + 0x60, SNP_PAGE_INFO_BYTES);
    out[0x62] = (uint8_t)type;
    put_u64le(out + 0x68, gpa);
}
