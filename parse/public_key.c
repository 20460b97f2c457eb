/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/public_key.h"

#include "parse/der.h"
#include "parse/limits.h"
#include "parse/text.h"

static const uint8_t ec_public_key_oid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};

/* RFC 5480, 2.1.1.1. */
static const struct {
    const char *name;
    uint8_t oid[8];
    uint8_t oid_len;
    uint8_t field_bytes;
} curves[] = {
    [EC_P256] = {"P-256", {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}, 8, 32},
    [EC_P384] = {"P-384", {0x2b, 0x81, 0x04, 0x00, 0x22}, 5, 48},
    [EC_P521] = {"P-521", {0x2b, 0x81, 0x04, 0x00, 0x23}, 5, 66},
};
enum { CURVES = sizeof curves / sizeof curves[0] };

const char *ec_curve_name(enum ec_curve curve)
{
    return curves[curve].name;
}

bytes ec_curve_oid(enum ec_curve curve)
{
    return BYTES(curves[curve].oid, curves[curve].oid_len);
}

size_t ec_curve_field_bytes(enum ec_curve curve)
{
    return curves[curve].field_bytes;
}

status ec_curve_find(bytes oid, enum ec_curve *out, struct err *err)
{
    for (size_t i = 0; i < CURVES; i++) {
        if (!bytes_eq(oid, BYTES(curves[i].oid, curves[i].oid_len))) continue;
        *out = (enum ec_curve)i;
        return OK;
    }
    return err_set(err, ERR_UNSUPPORTED, 0, "EC key: want the curve P-256, P-384 or P-521, have the object %s",
                   text_hex(oid).s);
}

status ec_public_key_parse(bytes in, struct ec_public_key *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct cursor info = der_enter(&c, DER_SEQUENCE, "EC key");
    struct cursor algorithm = der_enter(&info, DER_SEQUENCE, "EC key's algorithm");
    bytes kind = der_get_oid(&algorithm, "EC key's algorithm");
    if (!bytes_is_absent(kind) && !bytes_eq(kind, BYTES_OF(ec_public_key_oid)))
        return err_set(err, ERR_UNSUPPORTED, 0, "EC key: want the algorithm id-ecPublicKey, have the object %s",
                       text_hex(kind).s);
    bytes curve = der_get_oid(&algorithm, "EC key's curve");
    cursor_close(&info, &algorithm, "EC key's algorithm");
    bytes point = der_get_octet_bits(&info, "EC key's point");
    cursor_close(&c, &info, "EC key");
    TRY(cursor_end(&c, err));

    enum ec_curve found = EC_P256;
    TRY(ec_curve_find(curve, &found, err));
    size_t n = curves[found].field_bytes;
    if (point.len != 1 + 2 * n || point.ptr[0] != 0x04)
        return err_set(err, ERR_SYNTAX, 0, "EC key: want 04 and a point of %s in 2 x %zu bytes, have %s",
                       curves[found].name, n, text_hex(point).s);
    *out = (struct ec_public_key){found, bytes_slice(point, 1, n), bytes_slice(point, 1 + n, n)};
    return OK;
}

static size_t bits_of(bytes number)
{
    size_t bits = 8 * number.len;
    for (uint8_t top = 0x80; number.len > 0 && top > 0 && number.ptr[0] < top; top >>= 1)
        bits--;
    return bits;
}

status rsa_public_key_parse(bytes in, struct rsa_public_key *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct cursor key = der_enter(&c, DER_SEQUENCE, "RSA key");
    bytes modulus = der_get_unsigned(&key, "RSA key's modulus");
    uint64_t exponent = der_get_u64(&key, INT32_MAX, "RSA key's exponent");
    cursor_close(&c, &key, "RSA key");
    TRY(cursor_end(&c, err));
    return rsa_public_key_check(modulus, exponent, out, err);
}

status rsa_public_key_check(bytes modulus, uint64_t exponent, struct rsa_public_key *out, struct err *err)
{
    size_t bits = bits_of(modulus);
    if (bits < LIMIT_RSA_MODULUS_BITS_LEAST || bits > LIMIT_RSA_MODULUS_BITS_MOST)
        return err_set(err, ERR_RANGE, 0, "RSA key: want a modulus of %d to %d bits, have %zu",
                       LIMIT_RSA_MODULUS_BITS_LEAST, LIMIT_RSA_MODULUS_BITS_MOST, bits);
    if (modulus.ptr[modulus.len - 1] % 2 == 0) return err_set(err, ERR_RANGE, 0, "RSA key: the modulus is even");
    if (exponent < 3 || exponent > INT32_MAX || exponent % 2 == 0)
        return err_set(err, ERR_RANGE, 0, "RSA key: want an odd exponent of 3 to %d, have %llu", INT32_MAX,
                       (unsigned long long)exponent);
    *out = (struct rsa_public_key){modulus, (uint32_t)exponent, bits};
    return OK;
}

/* rsaEncryption with NULL. */
static const uint8_t rsa_key_algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                            0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};

status public_key_parse(bytes spki, struct public_key *out, struct err *err)
{
    struct public_key key = {0};
    struct cursor c = cursor_over(spki);
    struct cursor info = der_enter(&c, DER_SEQUENCE, "public key");
    bytes algorithm = der_get_element(&info, DER_SEQUENCE, "public key's algorithm");
    key.octets = der_get_octet_bits(&info, "public key");
    cursor_close(&c, &info, "public key");
    TRY(cursor_end(&c, err));
    if (bytes_eq(algorithm, BYTES_OF(rsa_key_algorithm))) {
        key.form = PUBLIC_KEY_RSA;
        TRY(rsa_public_key_parse(key.octets, &key.rsa, err));
    } else {
        key.form = PUBLIC_KEY_EC;
        TRY(ec_public_key_parse(spki, &key.ec, err));
    }
    *out = key;
    return OK;
}
