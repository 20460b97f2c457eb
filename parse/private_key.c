/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/private_key.h"

#include "parse/der.h"
#include "parse/text.h"

static const uint8_t ec_algorithm[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
static const uint8_t rsa_algorithm[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};

static void take_version(struct cursor *c, uint64_t want, const char *field)
{
    if (der_get_u64(c, UINT8_MAX, field) != want) cursor_fail(c, ERR_UNSUPPORTED, field);
}

/* ---- EC --------------------------------------------------------------------------------------------------------- */

static bytes take_curve(struct cursor *c)
{
    if (!der_next_is(c, DER_CONTEXT(0))) return BYTES_ABSENT;
    struct cursor inner = der_enter(c, DER_CONTEXT(0), "EC private key's curve");
    bytes oid = der_get_oid(&inner, "EC private key's curve");
    cursor_close(c, &inner, "EC private key's curve");
    return oid;
}

static bytes take_point(struct cursor *c)
{
    if (!der_next_is(c, DER_CONTEXT(1))) return BYTES_ABSENT;
    struct cursor inner = der_enter(c, DER_CONTEXT(1), "EC private key's point");
    bytes point = der_get_octet_bits(&inner, "EC private key's point");
    cursor_close(c, &inner, "EC private key's point");
    return point;
}

/* `outside`: the curve that a PrivateKeyInfo names; absent when there is none around the key. */
static status parse_ec(bytes in, bytes outside, struct ec_private_key *out, struct err *err)
{
    struct ec_private_key key = {0};
    struct cursor c = cursor_over(in);
    struct cursor fields = der_enter(&c, DER_SEQUENCE, "EC private key");
    take_version(&fields, 1, "EC private key's version");
    key.secret_scalar = der_get(&fields, DER_OCTET_STRING, "EC private key's scalar");
    bytes oid = take_curve(&fields);
    key.point = take_point(&fields);
    cursor_close(&c, &fields, "EC private key");
    TRY(cursor_end(&c, err));

    if (!oid.ptr && !outside.ptr) return err_set(err, ERR_MISSING, 0, "EC private key: it does not name its curve");
    if (oid.ptr && outside.ptr && !bytes_eq(oid, outside))
        return err_set(err, ERR_MISMATCH, 0, "EC private key: it names the curve %s, and the form around it %s",
                       text_hex(oid).s, text_hex(outside).s);
    TRY(ec_curve_find(oid.ptr ? oid : outside, &key.curve, err));
    size_t n = ec_curve_field_bytes(key.curve);
    if (key.secret_scalar.len != n)
        return err_set(err, ERR_SYNTAX, 0, "EC private key: want a scalar of %zu bytes, have %zu", n,
                       key.secret_scalar.len);
    if (key.point.ptr && (key.point.len != 1 + 2 * n || key.point.ptr[0] != 0x04))
        return err_set(err, ERR_SYNTAX, 0, "EC private key: want 04 and a point of %s in 2 x %zu bytes, have %s",
                       ec_curve_name(key.curve), n, text_hex(key.point).s);
    *out = key;
    return OK;
}

status ec_private_key_parse(bytes in, struct ec_private_key *out, struct err *err)
{
    return parse_ec(in, BYTES_ABSENT, out, err);
}

/* ---- RSA -------------------------------------------------------------------------------------------------------- */

status rsa_private_key_parse(bytes in, struct rsa_private_key *out, struct err *err)
{
    struct rsa_private_key key = {0};
    struct cursor c = cursor_over(in);
    struct cursor fields = der_enter(&c, DER_SEQUENCE, "RSA private key");
    take_version(&fields, 0, "RSA private key's version");
    bytes modulus = der_get_unsigned(&fields, "RSA private key's modulus");
    uint64_t exponent = der_get_u64(&fields, INT32_MAX, "RSA private key's public exponent");
    key.secret_exponent = der_get_unsigned(&fields, "RSA private key's private exponent");
    key.secret_primes[0] = der_get_unsigned(&fields, "RSA private key's first prime");
    key.secret_primes[1] = der_get_unsigned(&fields, "RSA private key's second prime");
    key.secret_exponents[0] = der_get_unsigned(&fields, "RSA private key's first exponent");
    key.secret_exponents[1] = der_get_unsigned(&fields, "RSA private key's second exponent");
    key.secret_coefficient = der_get_unsigned(&fields, "RSA private key's coefficient");
    cursor_close(&c, &fields, "RSA private key");
    TRY(cursor_end(&c, err));

    TRY(rsa_public_key_check(modulus, exponent, &key.public, err));
    *out = key;
    return OK;
}

/* ---- either, in PrivateKeyInfo ---------------------------------------------------------------------------------- */

status private_key_info_parse(bytes in, struct private_key_info *out, struct err *err)
{
    struct private_key_info info = {0};
    struct cursor c = cursor_over(in);
    struct cursor fields = der_enter(&c, DER_SEQUENCE, "private key");
    take_version(&fields, 0, "private key's version");
    struct cursor algorithm = der_enter(&fields, DER_SEQUENCE, "private key's algorithm");
    bytes kind = der_get_oid(&algorithm, "private key's algorithm");
    bytes parameters = cursor_rest(&algorithm);
    cursor_close(&fields, &algorithm, "private key's algorithm");
    info.secret_inner = der_get(&fields, DER_OCTET_STRING, "private key");
    cursor_close(&c, &fields, "private key");
    TRY(cursor_end(&c, err));

    if (bytes_eq(kind, BYTES_OF(rsa_algorithm))) {
        if (!bytes_eq(parameters, BYTES_LIT("\x05\0")))
            return err_set(err, ERR_SYNTAX, 0, "private key: want NULL beside the algorithm, have %s",
                           text_hex(parameters).s);
        info.form = PRIVATE_KEY_RSA;
        TRY(rsa_private_key_parse(info.secret_inner, &info.rsa, err));
    } else if (bytes_eq(kind, BYTES_OF(ec_algorithm))) {
        struct cursor p = cursor_over(parameters);
        bytes oid = der_get_oid(&p, "private key's curve");
        TRY(cursor_end(&p, err));
        info.form = PRIVATE_KEY_EC;
        TRY(parse_ec(info.secret_inner, oid, &info.ec, err));
    } else {
        return err_set(err, ERR_UNSUPPORTED, 0, "private key: want an EC or RSA key, have the algorithm %s",
                       text_hex(kind).s);
    }
    *out = info;
    return OK;
}
