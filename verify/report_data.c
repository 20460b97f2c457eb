/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/report_data.h"

status report_data_of_connection(bytes key, const uint8_t nonce[REPORT_DATA_NONCE_BYTES],
                                 uint8_t out[REPORT_DATA_BYTES], struct err *err)
{
    const bytes parts[] = {key, BYTES(nonce, REPORT_DATA_NONCE_BYTES)};
    return crypto_sha512(parts, 2, out, err);
}

status report_data_of_answer(const struct report_data_answer *in, uint8_t out[REPORT_DATA_BYTES], struct err *err)
{
    uint8_t root[SHA256_BYTES], mesh[SHA256_BYTES], capabilities[SHA256_BYTES];
    bool is_v1 = !bytes_is_absent(in->capabilities);
    TRY(crypto_sha256(&in->root_ca, 1, root, err));
    TRY(crypto_sha256(&in->mesh_ca, 1, mesh, err));
    if (is_v1) TRY(crypto_sha256(&in->capabilities, 1, capabilities, err));
    const bytes parts[] = {BYTES(in->nonce, REPORT_DATA_NONCE_BYTES), BYTES(in->latest, SHA256_BYTES), BYTES_OF(root),
                           BYTES_OF(mesh), BYTES_OF(capabilities)};
    uint8_t digest[SHA256_BYTES];
    TRY(crypto_sha256(parts, is_v1 ? 5 : 4, digest, err));
    memset(out, 0, REPORT_DATA_BYTES);
    memcpy(out, digest, sizeof digest);
    return OK;
}
