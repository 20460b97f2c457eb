/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/key.h"

#include "ca/key_math.h"
#include "ca/random.h"
#include "parse/der_write.h"
#include "parse/pem.h"

/* What the curves have that DER and arithmetic want to know; FIPS 186-5 and SP 800-186 for the orders. */
static const uint8_t p256_order[] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                     0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t p384_order[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2,
                                     0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};

#define OID_EC  BYTES_LIT("\x2a\x86\x48\xce\x3d\x02\x01")
#define OID_RSA BYTES_LIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")

static enum ec_curve curve_of(enum key_kind kind)
{
    return kind == KEY_P256 ? EC_P256 : EC_P384;
}

static bytes order_of(enum key_kind kind)
{
    return kind == KEY_P256 ? BYTES_OF(p256_order) : BYTES_OF(p384_order);
}

void private_key_wipe(struct private_key *key)
{
    secret_wipe(key, sizeof *key);
}

void secret_pem_wipe(struct secret_pem *pem)
{
    secret_wipe(pem, sizeof *pem);
}

bytes private_key_spki(const struct private_key *key)
{
    return BYTES(key->spki, key->spki_len);
}

static bytes secret_der(const struct private_key *key)
{
    return BYTES(key->secret_der, key->secret_der_len);
}

/* ---- DER -------------------------------------------------------------------------------------------------------- */

static void put_algorithm(struct der_out *o, enum key_kind kind)
{
    size_t algorithm = der_begin(o, DER_SEQUENCE);
    der_add_element(o, DER_OID, kind == KEY_RSA ? OID_RSA : OID_EC);
    if (kind == KEY_RSA)
        der_add(o, BYTES_LIT("\x05\0")); /* NULL */
    else
        der_add_element(o, DER_OID, ec_curve_oid(curve_of(kind)));
    der_end(o, algorithm);
}

/* `key`: the contents of the BIT STRING. */
static status write_spki(enum key_kind kind, bytes public_key, struct private_key *out, struct err *err)
{
    struct der_out o = {.buf = out->spki, .cap = sizeof out->spki};
    size_t info = der_begin(&o, DER_SEQUENCE);
    put_algorithm(&o, kind);
    der_add_octet_bits(&o, public_key);
    der_end(&o, info);
    bytes written;
    TRY(der_finish(&o, "public key", &written, err));
    out->spki_len = written.len;
    return OK;
}

/* Go and OpenSSL leave the curve out inside PKCS#8, where it stands outside. */
static void put_ec_key(struct der_out *o, enum key_kind kind, bytes secret_scalar, bytes point, bool with_curve)
{
    size_t key = der_begin(o, DER_SEQUENCE);
    der_add_u64(o, 1);
    der_add_element(o, DER_OCTET_STRING, secret_scalar);
    if (with_curve) {
        size_t parameters = der_begin(o, DER_CONTEXT(0));
        der_add_element(o, DER_OID, ec_curve_oid(curve_of(kind)));
        der_end(o, parameters);
    }
    size_t public = der_begin(o, DER_CONTEXT(1));
    der_add_octet_bits(o, point);
    der_end(o, public);
    der_end(o, key);
}

/* ---- EC --------------------------------------------------------------------------------------------------------- */

/* Whether 0 < d < n, in time that does not depend on d: the borrow of d - n tells. */
static bool in_range(bytes secret_scalar, bytes order)
{
    unsigned borrow = 0;
    uint8_t any = 0;
    for (size_t i = order.len; i-- > 0;) {
        borrow = (unsigned)(secret_scalar.ptr[i] - order.ptr[i] - (int)borrow) >> 8 & 1;
        any |= secret_scalar.ptr[i];
    }
    return borrow == 1 && any != 0;
}

static status make_ec(enum key_kind kind, bytes secret_scalar, struct private_key *out, struct err *err)
{
    uint8_t point[KEY_POINT_MAX];
    TRY(key_math_point(curve_of(kind), secret_scalar, point, err));
    bytes public = BYTES(point, 1 + 2 * secret_scalar.len);
    struct der_out o = {.buf = out->secret_der, .cap = sizeof out->secret_der};
    put_ec_key(&o, kind, secret_scalar, public, true);
    bytes written;
    TRY(der_finish(&o, "private key", &written, err));
    out->kind = kind;
    out->secret_der_len = written.len;
    return write_spki(kind, public, out, err);
}

/* Moves a key that was made, or leaves `out` alone. */
static status deliver(status made, struct private_key *secret_from, struct private_key *out)
{
    if (is_ok(made)) *out = *secret_from;
    private_key_wipe(secret_from);
    return made;
}

status private_key_from_scalar(enum key_kind kind, bytes secret_scalar, struct private_key *out, struct err *err)
{
    bytes order = order_of(kind);
    if (kind == KEY_RSA) return err_set(err, ERR_UNSUPPORTED, 0, "RSA key: it has no scalar");
    if (secret_scalar.len != order.len || !in_range(secret_scalar, order))
        return err_set(err, ERR_RANGE, 0, "EC private key: want a scalar of %zu bytes from 1 to n-1", order.len);
    struct private_key secret_key = {0};
    return deliver(make_ec(kind, secret_scalar, &secret_key, err), &secret_key, out);
}

/* FIPS 186-5, A.2.2: numbers are drawn until one lies in the range, which the first one does but for 1 in 2^32. */
status private_key_generate(enum key_kind kind, struct private_key *out, struct err *err)
{
    if (kind == KEY_RSA) return err_set(err, ERR_UNSUPPORTED, 0, "RSA key: it is generated elsewhere");
    uint8_t secret_drawn[KEY_SCALAR_MAX];
    bytes order = order_of(kind), secret_scalar = BYTES(secret_drawn, order.len);
    do
        TRY(random_fill(secret_drawn, order.len, err));
    while (!in_range(secret_scalar, order));
    status made = private_key_from_scalar(kind, secret_scalar, out, err);
    secret_wipe(secret_drawn, sizeof secret_drawn);
    return made;
}

/* ---- RSA -------------------------------------------------------------------------------------------------------- */

static status check_rsa_size(const struct rsa_private_key *key, struct err *err)
{
    size_t bits = key->public.bits;
    if (bits == 2048 || bits == 3072 || bits == 4096) return OK;
    return err_set(err, ERR_RANGE, 0, "RSA private key: want 2048, 3072 or 4096 bits, have %zu", bits);
}

static status make_rsa(const struct rsa_private_key *key, bytes der, struct private_key *out, struct err *err)
{
    if (der.len > sizeof out->secret_der) return err_set(err, ERR_LIMIT, 0, "RSA private key: it is too long");
    out->kind = KEY_RSA;
    out->secret_der_len = der.len;
    memcpy(out->secret_der, der.ptr, der.len);

    uint8_t pkcs1[KEY_SPKI_MAX];
    struct der_out o = {.buf = pkcs1, .cap = sizeof pkcs1};
    size_t public = der_begin(&o, DER_SEQUENCE);
    der_add_unsigned(&o, key->public.modulus);
    der_add_u64(&o, key->public.exponent);
    der_end(&o, public);
    bytes written;
    TRY(der_finish(&o, "public key", &written, err));
    return write_spki(KEY_RSA, written, out, err);
}

static status finish_rsa(const struct rsa_private_key *key, bytes secret, struct private_key *out, struct err *err)
{
    TRY(check_rsa_size(key, err));
    TRY(key_math_rsa_check(key, err));
    struct private_key secret_key = {0};
    return deliver(make_rsa(key, secret, &secret_key, err), &secret_key, out);
}

status private_key_generate_rsa(struct private_key *out, struct err *err)
{
    uint8_t secret_buf[KEY_SECRET_DER_MAX];
    size_t len = 0;
    struct rsa_private_key key = {0};
    status made = key_math_rsa_generate(secret_buf, sizeof secret_buf, &len, err);
    if (is_ok(made)) made = rsa_private_key_parse(BYTES(secret_buf, len), &key, err);
    if (is_ok(made)) made = finish_rsa(&key, BYTES(secret_buf, len), out, err);
    secret_wipe(secret_buf, sizeof secret_buf);
    return made;
}

/* ---- signatures ------------------------------------------------------------------------------------------------- */

static status sign_rsa(const struct private_key *key, bytes digest, struct signature *out, struct err *err)
{
    if (digest.len != 32) return err_set(err, ERR_BUG, 0, "RSA signature: want a digest of 32 bytes");
    struct rsa_private_key parsed;
    TRY(rsa_private_key_parse(secret_der(key), &parsed, err));
    return key_math_rsa_sign(&parsed, digest, out, err);
}

status private_key_sign(const struct private_key *key, bytes digest, struct signature *out, struct err *err)
{
    if (key->kind == KEY_RSA) return sign_rsa(key, digest, out, err);
    if (digest.len != 32 && digest.len != 48) return err_set(err, ERR_BUG, 0, "ECDSA: want 32 or 48 bytes to sign");
    struct ec_private_key parsed;
    TRY(ec_private_key_parse(secret_der(key), &parsed, err));
    return key_math_ec_sign(parsed.curve, parsed.secret_scalar, digest, out, err);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

enum label { LABEL_EC, LABEL_RSA, LABEL_PKCS8, LABELS };
static const char *const labels[] = {
    [LABEL_EC] = "EC PRIVATE KEY", [LABEL_RSA] = "RSA PRIVATE KEY", [LABEL_PKCS8] = "PRIVATE KEY"};

static status take_ec(const struct ec_private_key *key, struct private_key *out, struct err *err)
{
    if (key->curve != EC_P256 && key->curve != EC_P384)
        return err_set(err, ERR_UNSUPPORTED, 0, "EC private key: want P-256 or P-384, have %s",
                       ec_curve_name(key->curve));
    __attribute__((cleanup(private_key_wipe))) struct private_key secret_made = {0};
    enum key_kind kind = key->curve == EC_P256 ? KEY_P256 : KEY_P384;
    TRY(private_key_from_scalar(kind, key->secret_scalar, &secret_made, err));
    bytes spki = private_key_spki(&secret_made), point = key->point;
    if (point.ptr && !bytes_eq(point, bytes_slice(spki, spki.len - point.len, point.len)))
        return err_set(err, ERR_MISMATCH, 0, "EC private key: its point is not that of its scalar");
    *out = secret_made;
    return OK;
}

static status take_der(size_t label, bytes secret, struct private_key *out, struct err *err)
{
    struct private_key_info info = {.secret_inner = secret};
    if (label == LABEL_PKCS8) {
        TRY(private_key_info_parse(secret, &info, err));
    } else if (label == LABEL_EC) {
        info.form = PRIVATE_KEY_EC;
        TRY(ec_private_key_parse(secret, &info.ec, err));
    } else {
        info.form = PRIVATE_KEY_RSA;
        TRY(rsa_private_key_parse(secret, &info.rsa, err));
    }
    if (info.form == PRIVATE_KEY_EC) return take_ec(&info.ec, out, err);
    return finish_rsa(&info.rsa, info.secret_inner, out, err);
}

struct scratch {
    uint8_t secret_block[2][KEY_SECRET_DER_MAX + 64];
};

static void wipe_scratch(struct scratch *s)
{
    secret_wipe(s, sizeof *s);
}

status private_key_parse_pem(bytes secret_pem, struct private_key *out, struct err *err)
{
    __attribute__((cleanup(wipe_scratch))) struct scratch s;
    struct pem_reader r = {.in = secret_pem, .labels = labels, .label_count = LABELS};
    struct pem_block block = {0}, second;
    bool end = false;
    TRY(pem_next(&r, s.secret_block[0], sizeof s.secret_block[0], &block, &end, err));
    if (end) return err_set(err, ERR_MISSING, 0, "private key: there is no PEM block");
    TRY(pem_next(&r, s.secret_block[1], sizeof s.secret_block[1], &second, &end, err));
    if (!end) return err_set(err, ERR_TRAILING, second.offset, "private key: there is more than one PEM block");
    return take_der(block.label, block.der, out, err);
}

static status write_pem(bytes secret, enum label label, struct secret_pem *out, struct err *err)
{
    __attribute__((cleanup(secret_pem_wipe))) struct secret_pem pem = {0};
    TRY(pem_write(secret, labels[label], pem.secret, sizeof pem.secret, err));
    pem.len = strlen(pem.secret);
    *out = pem;
    return OK;
}

status private_key_write_pem(const struct private_key *key, struct secret_pem *out, struct err *err)
{
    return write_pem(secret_der(key), key->kind == KEY_RSA ? LABEL_RSA : LABEL_EC, out, err);
}

static status put_inner(struct der_out *o, const struct private_key *key, struct err *err)
{
    if (key->kind == KEY_RSA) {
        der_add(o, secret_der(key));
        return OK;
    }
    struct ec_private_key parsed;
    TRY(ec_private_key_parse(secret_der(key), &parsed, err));
    put_ec_key(o, key->kind, parsed.secret_scalar, parsed.point, false);
    return OK;
}

status private_key_write_pkcs8_pem(const struct private_key *key, struct secret_pem *out, struct err *err)
{
    __attribute__((cleanup(wipe_scratch))) struct scratch s;
    struct der_out o = {.buf = s.secret_block[0], .cap = sizeof s.secret_block[0]};
    size_t info = der_begin(&o, DER_SEQUENCE);
    der_add_u64(&o, 0);
    put_algorithm(&o, key->kind);
    size_t inner = der_begin(&o, DER_OCTET_STRING);
    TRY(put_inner(&o, key, err));
    der_end(&o, inner);
    der_end(&o, info);
    bytes secret;
    TRY(der_finish(&o, "private key", &secret, err));
    return write_pem(secret, LABEL_PKCS8, out, err);
}
