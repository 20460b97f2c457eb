/* SPDX-License-Identifier: Apache-2.0 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "ca/hkdf.h"
#include "ca/secret.h"

status hmac_sha256(bytes secret_key, const bytes *parts, size_t count, uint8_t out[HMAC_BYTES], struct err *err)
{
    Hmac h;
    int code = secret_key.len > UINT32_MAX ? BAD_FUNC_ARG : wc_HmacInit(&h, NULL, INVALID_DEVID);
    if (code != 0) return err_set(err, ERR_BUG, 0, "HMAC: wolfSSL error %d", code);
    static const uint8_t none[1];
    code = wc_HmacSetKey(&h, WC_SHA256, secret_key.len > 0 ? secret_key.ptr : none, (word32)secret_key.len);
    for (size_t i = 0; i < count && code == 0; i++) {
        if (parts[i].len > UINT32_MAX) code = BAD_FUNC_ARG;
        if (code == 0 && parts[i].len > 0) code = wc_HmacUpdate(&h, parts[i].ptr, (word32)parts[i].len);
    }
    if (code == 0) code = wc_HmacFinal(&h, out);
    wc_HmacFree(&h);
    secret_wipe(&h, sizeof h);
    return code == 0 ? OK : err_set(err, ERR_BUG, 0, "HMAC: wolfSSL error %d", code);
}
