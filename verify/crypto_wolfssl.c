/* SPDX-License-Identifier: Apache-2.0 */
/* verify/crypto_wolfssl.c: verify/crypto.h on wolfCrypt.
 *
 * Traps met here: wc_ecc_verify_hash_ex returns 0 for a wrong signature and only `valid` tells; the import of a point
 * does not check that it lies on the curve; SP assembly is chosen by BMI2 and ADX alone though it uses AVX2; the public
 * RSA operation takes a signature s + n for s.
 */
#include <wolfssl/options.h>
#include <wolfssl/version.h>
#include <wolfssl/wolfcrypt/cpuid.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "verify/crypto.h"

#if LIBWOLFSSL_VERSION_HEX < 0x05005004
#error "wolfSSL 5.5.4 or newer is needed: run ./configure.py --setup"
#endif
#if !defined(WC_RSA_PSS) || !defined(WOLFSSL_SHA384) ||                                                                \
    !(defined(HAVE_ALL_CURVES) || defined(HAVE_ECC384) || defined(ECC_USER_CURVES))
#error "this wolfSSL lacks RSA-PSS, SHA-384 or P-384: run ./configure.py --setup"
#endif

static status library_failed(const char *what, int code, struct err *err)
{
    return err_set(err, ERR_BUG, 0, "crypto: %s: wolfSSL error %d", what, code);
}

/* ---- start-up --------------------------------------------------------------------------------------------------- */

#ifdef HAVE_CPUID_INTEL
/* A machine that masks AVX2 and leaves BMI2 and ADX would die of an illegal instruction. */
static void choose_instructions(void)
{
    if (!(cpuid_get_flags() & CPUID_AVX2)) {
        cpuid_clear_flag(CPUID_BMI2);
        cpuid_clear_flag(CPUID_ADX);
    }
}
#else
static void choose_instructions(void) {}
#endif

status crypto_open(struct err *err)
{
    choose_instructions();
    int code = wolfCrypt_Init();
    return code == 0 ? OK : library_failed("start", code, err);
}

const char *crypto_library(void)
{
    return "wolfSSL " LIBWOLFSSL_VERSION_STRING;
}

/* ---- digests ---------------------------------------------------------------------------------------------------- */

static status digest(enum wc_HashType type, const bytes *parts, size_t count, uint8_t *out, struct err *err)
{
    wc_HashAlg h;
    int code = wc_HashInit(&h, type);
    if (code != 0) return library_failed("digest", code, err);
    for (size_t i = 0; i < count && code == 0; i++) {
        if (parts[i].len > UINT32_MAX) code = BAD_FUNC_ARG;
        if (code == 0 && parts[i].len > 0) code = wc_HashUpdate(&h, type, parts[i].ptr, (word32)parts[i].len);
    }
    if (code == 0) code = wc_HashFinal(&h, type, out);
    wc_HashFree(&h, type);
    return code == 0 ? OK : library_failed("digest", code, err);
}

status crypto_sha256(const bytes *parts, size_t count, uint8_t out[SHA256_BYTES], struct err *err)
{
    return digest(WC_HASH_TYPE_SHA256, parts, count, out, err);
}

status crypto_sha384(const bytes *parts, size_t count, uint8_t out[SHA384_BYTES], struct err *err)
{
    return digest(WC_HASH_TYPE_SHA384, parts, count, out, err);
}

status crypto_sha512(const bytes *parts, size_t count, uint8_t out[SHA512_BYTES], struct err *err)
{
    return digest(WC_HASH_TYPE_SHA512, parts, count, out, err);
}

/* ---- P-384 ------------------------------------------------------------------------------------------------------ */

/* Both coordinates below p and the curve equation: complete for a curve of cofactor 1. */
static int import_point(ecc_key *key, const uint8_t point[P384_POINT_BYTES])
{
    int code = wc_ecc_import_x963_ex(point, P384_POINT_BYTES, key, ECC_SECP384R1);
    if (code != 0) return code;
    return wc_ecc_point_is_at_infinity(&key->pubkey) ? BAD_FUNC_ARG : wc_ecc_point_is_on_curve(&key->pubkey, key->idx);
}

status crypto_p384_point_check(const uint8_t point[P384_POINT_BYTES], struct err *err)
{
    ecc_key key;
    int code = wc_ecc_init(&key);
    if (code != 0) return library_failed("P-384", code, err);
    code = point[0] == 0x04 ? import_point(&key, point) : BAD_FUNC_ARG;
    wc_ecc_free(&key);
    return code == 0 ? OK : err_set(err, ERR_RANGE, 0, "public key: not a point of P-384");
}

static int verify_with(ecc_key *key, const uint8_t digest[SHA384_BYTES], const uint8_t r[P384_SCALAR_BYTES],
                       const uint8_t s[P384_SCALAR_BYTES], int *valid)
{
    mp_int mr, ms;
    int code = mp_init_multi(&mr, &ms, NULL, NULL, NULL, NULL);
    if (code == 0) code = mp_read_unsigned_bin(&mr, r, P384_SCALAR_BYTES);
    if (code == 0) code = mp_read_unsigned_bin(&ms, s, P384_SCALAR_BYTES);
    if (code == 0) code = wc_ecc_verify_hash_ex(&mr, &ms, digest, SHA384_BYTES, valid, key);
    return code;
}

status crypto_p384_verify(const uint8_t point[P384_POINT_BYTES], const uint8_t digest[SHA384_BYTES],
                          const uint8_t r[P384_SCALAR_BYTES], const uint8_t s[P384_SCALAR_BYTES], struct err *err)
{
    ecc_key key;
    int code = wc_ecc_init(&key);
    if (code != 0) return library_failed("P-384", code, err);
    int valid = 0;
    code = point[0] == 0x04 ? import_point(&key, point) : BAD_FUNC_ARG;
    if (code == 0) code = verify_with(&key, digest, r, s, &valid);
    wc_ecc_free(&key);
    if (code == 0 && valid == 1) return OK;
    return err_set(err, ERR_SIGNATURE, 0, "ECDSA P-384 signature is not valid");
}

/* ---- RSA-4096 PSS ----------------------------------------------------------------------------------------------- */

static int verify_pss(RsaKey *key, const uint8_t modulus[RSA4096_BYTES], uint32_t exponent,
                      const uint8_t digest[SHA384_BYTES], bytes signature)
{
    uint8_t in[RSA4096_BYTES], out[RSA4096_BYTES];
    uint8_t e[4] = {(uint8_t)(exponent >> 24), (uint8_t)(exponent >> 16), (uint8_t)(exponent >> 8), (uint8_t)exponent};
    memcpy(in, signature.ptr, sizeof in);

    int code = wc_RsaPublicKeyDecodeRaw(modulus, RSA4096_BYTES, e, sizeof e, key);
    if (code != 0) return code;
    int len =
        wc_RsaPSS_Verify_ex(in, sizeof in, out, sizeof out, WC_HASH_TYPE_SHA384, WC_MGF1SHA384, SHA384_BYTES, key);
    if (len < 0) return len;
    return wc_RsaPSS_CheckPadding_ex(digest, SHA384_BYTES, out, (word32)len, WC_HASH_TYPE_SHA384, SHA384_BYTES,
                                     8 * RSA4096_BYTES);
}

status crypto_rsa4096_pss_verify(const uint8_t modulus[RSA4096_BYTES], uint32_t exponent,
                                 const uint8_t digest[SHA384_BYTES], bytes signature, struct err *err)
{
    if (signature.len != RSA4096_BYTES)
        return err_set(err, ERR_SIGNATURE, 0, "RSA-PSS signature: want %d bytes, have %zu", RSA4096_BYTES,
                       signature.len);
    if (memcmp(signature.ptr, modulus, RSA4096_BYTES) >= 0)
        return err_set(err, ERR_SIGNATURE, 0, "RSA-PSS signature is not below the modulus");
    RsaKey key;
    int code = wc_InitRsaKey(&key, NULL);
    if (code != 0) return library_failed("RSA", code, err);
    code = verify_pss(&key, modulus, exponent, digest, signature);
    wc_FreeRsaKey(&key);
    return code == 0 ? OK : err_set(err, ERR_SIGNATURE, 0, "RSA-PSS signature is not valid");
}
