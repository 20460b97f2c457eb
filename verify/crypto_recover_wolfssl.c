/* SPDX-License-Identifier: Apache-2.0 */
/* verify/crypto_recover_wolfssl.c: crypto_p384_recover on wolfCrypt.
 *
 * Two scalar multiplications are the library's; the one addition is done here with affine coordinates, since the
 * library's own wants Montgomery form and differs between its builds.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include "verify/crypto.h"

/* Numbers of P-384 and of one recovery.  About 1 KiB each in this library, so they are gathered in one place. */
struct numbers {
    mp_int p, a, n;
    mp_int r, s, z; /* modulo n; then s/r and -z/r */
    mp_int slope, t;
};

static int read_curve(struct numbers *v)
{
    const ecc_set_type *curve = wc_ecc_get_curve_params(wc_ecc_get_curve_idx(ECC_SECP384R1));
    if (!curve) return ECC_CURVE_OID_E;
    int code = mp_init_multi(&v->p, &v->a, &v->n, &v->slope, &v->t, NULL);
    if (code == 0) code = mp_read_radix(&v->p, curve->prime, MP_RADIX_HEX);
    if (code == 0) code = mp_read_radix(&v->a, curve->Af, MP_RADIX_HEX);
    if (code == 0) code = mp_read_radix(&v->n, curve->order, MP_RADIX_HEX);
    return code;
}

static int read_scalar(mp_int *out, const uint8_t *big_endian, mp_int *n)
{
    int code = mp_init(out);
    if (code == 0) code = mp_read_unsigned_bin(out, big_endian, P384_SCALAR_BYTES);
    if (code == 0) code = mp_mod(out, n, out);
    if (code == 0 && mp_iszero(out)) code = MP_VAL;
    return code;
}

/* s becomes s/r, z becomes -z/r. */
static int divide(struct numbers *v)
{
    int code = mp_invmod(&v->r, &v->n, &v->t);
    if (code == 0) code = mp_mulmod(&v->s, &v->t, &v->n, &v->s);
    if (code == 0) code = mp_mulmod(&v->z, &v->t, &v->n, &v->z);
    if (code == 0) code = mp_sub(&v->n, &v->z, &v->z);
    return code;
}

/* sum = a + b, all affine.  Points of one x (equal, or opposite) are MP_VAL: whoever has met them here knows the
 * discrete logarithm of R. */
static int add(struct numbers *v, ecc_point *a, ecc_point *b, ecc_point *sum)
{
    int code = mp_submod(b->x, a->x, &v->p, &v->t);
    if (code == 0 && mp_iszero(&v->t)) code = MP_VAL;
    if (code == 0) code = mp_invmod(&v->t, &v->p, &v->slope);
    if (code == 0) code = mp_submod(b->y, a->y, &v->p, &v->t);
    if (code == 0) code = mp_mulmod(&v->t, &v->slope, &v->p, &v->slope);

    if (code == 0) code = mp_mulmod(&v->slope, &v->slope, &v->p, sum->x);
    if (code == 0) code = mp_submod(sum->x, a->x, &v->p, sum->x);
    if (code == 0) code = mp_submod(sum->x, b->x, &v->p, sum->x);

    if (code == 0) code = mp_submod(a->x, sum->x, &v->p, &v->t);
    if (code == 0) code = mp_mulmod(&v->t, &v->slope, &v->p, &v->t);
    if (code == 0) code = mp_submod(&v->t, a->y, &v->p, sum->y);
    return code;
}

/* generator, r_point, left, right, sum */
enum { POINT_COUNT = 5 };

static int combine(struct numbers *v, ecc_point *const points[static POINT_COUNT], const uint8_t *point_r,
                   uint8_t out[static P384_POINT_BYTES])
{
    int idx = wc_ecc_get_curve_idx(ECC_SECP384R1);
    ecc_point *generator = points[0], *r = points[1], *left = points[2], *right = points[3], *sum = points[4];
    word32 len = P384_POINT_BYTES;

    int code = wc_ecc_get_generator(generator, idx);
    if (code == 0) code = wc_ecc_import_point_der_ex(point_r, P384_POINT_BYTES, idx, r, 0);
    if (code == 0) code = wc_ecc_mulmod(&v->s, r, left, &v->a, &v->p, 1);
    if (code == 0) code = wc_ecc_mulmod(&v->z, generator, right, &v->a, &v->p, 1);
    if (code == 0) code = add(v, left, right, sum);
    if (code == 0) code = wc_ecc_export_point_der(idx, sum, out, &len);
    return code;
}

static int with_points(struct numbers *v, const uint8_t *point_r, uint8_t out[static P384_POINT_BYTES])
{
    ecc_point *points[POINT_COUNT];
    int code = 0;
    for (size_t i = 0; i < POINT_COUNT; i++) {
        points[i] = wc_ecc_new_point();
        if (!points[i]) code = MEMORY_E;
    }
    if (code == 0) code = combine(v, points, point_r, out);
    for (size_t i = 0; i < POINT_COUNT; i++)
        wc_ecc_del_point(points[i]);
    return code;
}

status crypto_p384_recover(const uint8_t point_r[P384_POINT_BYTES], const uint8_t s[P384_SCALAR_BYTES],
                           const uint8_t digest[SHA384_BYTES], uint8_t out[P384_POINT_BYTES], struct err *err)
{
    TRY(crypto_p384_point_check(point_r, err));

    struct numbers v;
    uint8_t point[P384_POINT_BYTES];
    int code = read_curve(&v);
    if (code == 0) code = read_scalar(&v.r, point_r + 1, &v.n);
    if (code == 0) code = read_scalar(&v.s, s, &v.n);
    if (code == 0) code = read_scalar(&v.z, digest, &v.n);
    if (code == 0) code = divide(&v);
    if (code == 0) code = with_points(&v, point_r, point);
    if (code == MP_VAL) return err_set(err, ERR_RANGE, 0, "key recovery: a number is 0 modulo the order of P-384");
    if (code != 0) return err_set(err, ERR_BUG, 0, "crypto: key recovery: wolfSSL error %d", code);
    memcpy(out, point, sizeof point);
    return OK;
}
