/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_id_block_parse snp_id_block_write snp_id_key_parse snp_id_key_write snp_id_auth_parse snp_id_auth_write.
 *
 * Input: one of the three structures; which one its size tells.  What parses is what would be written.
 */
#include <stdlib.h>

#include "snp/id_block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_told(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && (is_ok(s) || (err->text[0] != '\0' && err->offset <= size)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    struct snp_id_block block;
    struct snp_id_key key;
    struct snp_id_auth auth;
    uint8_t out[SNP_ID_AUTH_BYTES];
    struct err err[3] = {0};
    status s[3] = {
        snp_id_block_parse(in, &block, &err[0]),
        snp_id_key_parse(in, &key, &err[1]),
        snp_id_auth_parse(in, &auth, &err[2]),
    };
    for (size_t i = 0; i < 3; i++)
        require_told(s[i], &err[i], size);

    if (is_ok(s[0])) {
        snp_id_block_write(&block, out);
        require(bytes_eq(in, BYTES(out, SNP_ID_BLOCK_BYTES)));
    }
    if (is_ok(s[1])) {
        snp_id_key_write(&key, out);
        require(bytes_eq(in, BYTES(out, SNP_ID_KEY_BYTES)));
    }
    if (is_ok(s[2])) {
        snp_id_auth_write(&auth, out);
        require(bytes_eq(in, BYTES(out, SNP_ID_AUTH_BYTES)));
    }
    return 0;
}
