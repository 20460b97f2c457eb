/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/ecdsa.h"

#include "parse/der.h"

/* A number of at most 48 bytes, filled up with zeros in front. */
static void take_scalar(struct cursor *c, uint8_t out[P384_SCALAR_BYTES], const char *field)
{
    bytes number = der_get_unsigned(c, field);
    memset(out, 0, P384_SCALAR_BYTES);
    if (number.len > P384_SCALAR_BYTES)
        cursor_fail(c, ERR_RANGE, field);
    else if (number.len > 0)
        memcpy(out + P384_SCALAR_BYTES - number.len, number.ptr, number.len);
}

status ecdsa_p384_verify(const uint8_t point[P384_POINT_BYTES], const uint8_t digest[SHA384_BYTES], bytes signature,
                         struct err *err)
{
    uint8_t r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    struct cursor c = cursor_over(signature);
    struct cursor pair = der_enter(&c, DER_SEQUENCE, "signature");
    take_scalar(&pair, r, "r");
    take_scalar(&pair, s, "s");
    cursor_close(&c, &pair, "signature");
    TRY(cursor_end(&c, err));
    return crypto_p384_verify(point, digest, r, s, err);
}
