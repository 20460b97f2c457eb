/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_id_block_parse snp_id_block_write snp_id_key_parse snp_id_key_write snp_id_auth_parse snp_id_auth_write.
 *
 * Input: one of the three structures; which one, its size tells, roughly, so that wrong sizes are tried too.
 * What parses is what would be written.
 */
#include <stdlib.h>

#include "snp/id_block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_canonical(status s, const struct err *err, bytes in, bytes again)
{
    require(err->kind == s.kind);
    require(is_ok(s) ? bytes_eq(in, again) : err->text[0] != '\0' && err->offset <= in.len);
}

static void try_block(bytes in)
{
    struct snp_id_block block = {0};
    uint8_t out[SNP_ID_BLOCK_BYTES];
    struct err err = {0};
    status s = snp_id_block_parse(in, &block, &err);
    snp_id_block_write(&block, out);
    require_canonical(s, &err, in, BYTES_OF(out));
}

static void try_key(bytes in)
{
    struct snp_id_key key = {0};
    uint8_t out[SNP_ID_KEY_BYTES];
    struct err err = {0};
    status s = snp_id_key_parse(in, &key, &err);
    snp_id_key_write(&key, out);
    require_canonical(s, &err, in, BYTES_OF(out));
}

static void try_auth(bytes in)
{
    struct snp_id_auth auth = {0};
    uint8_t out[SNP_ID_AUTH_BYTES];
    struct err err = {0};
    status s = snp_id_auth_parse(in, &auth, &err);
    snp_id_auth_write(&auth, out);
    require_canonical(s, &err, in, BYTES_OF(out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    if (size < 2 * SNP_ID_BLOCK_BYTES)
        try_block(in);
    else if (size < 2 * SNP_ID_KEY_BYTES)
        try_key(in);
    else
        try_auth(in);
    return 0;
}
