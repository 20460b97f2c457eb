/* SPDX-License-Identifier: Apache-2.0 */
/* verify/crypto_recover_wolfssl.c: crypto_p384_recover on wolfCrypt.
 *
 * The scalar multiplications are the library's; the additions are done here with affine coordinates, since the
 * library's own want Montgomery form and differ between its builds.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#ifdef WOLFSSL_SP_384
#include <wolfssl/wolfcrypt/sp.h>
#endif

#include "verify/crypto.h"

/* About 1 KiB each in this library, so they are gathered in one place. */
struct numbers {
    mp_int p, a, n; /* the curve */
    mp_int r, s, z; /* modulo n; then s becomes s/r and z becomes -z/r */
    mp_int slope, t;
};

/* Of the library's own making, so that it frees what it allocates in them. */
struct points {
    ecc_point *generator, *r;
    ecc_point *s_part, *z_part; /* (s/r) R and (-z/r) G */
    ecc_point *sum;
};

static int read_curve(struct numbers *v)
{
    const ecc_set_type *curve = wc_ecc_get_curve_params(wc_ecc_get_curve_idx(ECC_SECP384R1));
    if (!curve) return BAD_FUNC_ARG;
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

static int divide_by_r(struct numbers *v)
{
    int code = mp_invmod(&v->r, &v->n, &v->t);
    if (code == 0) code = mp_mulmod(&v->s, &v->t, &v->n, &v->s);
    if (code == 0) code = mp_mulmod(&v->z, &v->t, &v->n, &v->z);
    if (code == 0) code = mp_sub(&v->n, &v->z, &v->z);
    return code;
}

/* Affine results.  wc_ecc_mulmod takes the generic way even in a build with SP assembly, which is ten times slower. */
#ifdef WOLFSSL_SP_384
static int multiply(struct numbers *v, struct points *pt)
{
    int code = sp_ecc_mulmod_384(&v->s, pt->r, pt->s_part, 1, NULL);
    return code == 0 ? sp_ecc_mulmod_base_384(&v->z, pt->z_part, 1, NULL) : code;
}
#else
static int multiply(struct numbers *v, struct points *pt)
{
    int code = wc_ecc_get_generator(pt->generator, wc_ecc_get_curve_idx(ECC_SECP384R1));
    if (code == 0) code = wc_ecc_mulmod(&v->s, pt->r, pt->s_part, &v->a, &v->p, 1);
    if (code == 0) code = wc_ecc_mulmod(&v->z, pt->generator, pt->z_part, &v->a, &v->p, 1);
    return code;
}
#endif

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

static int add_and_export(struct numbers *v, struct points *pt, uint8_t *out)
{
    word32 len = P384_POINT_BYTES;
    int code = add(v, pt->s_part, pt->z_part, pt->sum);
    return code == 0 ? wc_ecc_export_point_der(wc_ecc_get_curve_idx(ECC_SECP384R1), pt->sum, out, &len) : code;
}

/* The second candidate is the one for -R, whose y is p - y; so is that of its multiple. */
static int candidates(struct numbers *v, struct points *pt, const uint8_t *point_r, uint8_t out[2][P384_POINT_BYTES])
{
    int idx = wc_ecc_get_curve_idx(ECC_SECP384R1);
    int code = wc_ecc_import_point_der_ex(point_r, P384_POINT_BYTES, idx, pt->r, 0);
    if (code == 0) code = multiply(v, pt);
    if (code == 0) code = add_and_export(v, pt, out[0]);
    if (code == 0) code = mp_sub(&v->p, pt->s_part->y, pt->s_part->y);
    if (code == 0) code = add_and_export(v, pt, out[1]);
    return code;
}

static int with_points(struct numbers *v, const uint8_t *point_r, uint8_t out[2][P384_POINT_BYTES])
{
    struct points pt = {wc_ecc_new_point(), wc_ecc_new_point(), wc_ecc_new_point(), wc_ecc_new_point(),
                        wc_ecc_new_point()};
    bool have_all = pt.generator && pt.r && pt.s_part && pt.z_part && pt.sum;
    int code = have_all ? candidates(v, &pt, point_r, out) : MEMORY_E;
    wc_ecc_del_point(pt.generator);
    wc_ecc_del_point(pt.r);
    wc_ecc_del_point(pt.s_part);
    wc_ecc_del_point(pt.z_part);
    wc_ecc_del_point(pt.sum);
    return code;
}

status crypto_p384_recover(const uint8_t point_r[P384_POINT_BYTES], const uint8_t s[P384_SCALAR_BYTES],
                           const uint8_t digest[SHA384_BYTES], uint8_t out[2][P384_POINT_BYTES], struct err *err)
{
    TRY(crypto_p384_point_check(point_r, err));

    struct numbers v;
    uint8_t points[2][P384_POINT_BYTES];
    int code = read_curve(&v);
    if (code == 0) code = read_scalar(&v.r, point_r + 1, &v.n);
    if (code == 0) code = read_scalar(&v.s, s, &v.n);
    if (code == 0) code = read_scalar(&v.z, digest, &v.n);
    if (code == 0) code = divide_by_r(&v);
    if (code == 0) code = with_points(&v, point_r, points);
    if (code == MP_VAL) return err_set(err, ERR_RANGE, 0, "key recovery: the numbers give no two keys of P-384");
    if (code != 0) return err_set(err, ERR_BUG, 0, "crypto: key recovery: wolfSSL error %d", code);
    memcpy(out, points, sizeof points);
    return OK;
}
