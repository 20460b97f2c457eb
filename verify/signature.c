/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/signature.h"

static bool cache_has(const struct signature_cache *cache, const struct snp_ca *ca, const uint8_t digest[SHA384_BYTES],
                      bytes signature)
{
    return cache && cache->filled && memcmp(cache->modulus, ca->modulus, RSA4096_BYTES) == 0 &&
           memcmp(cache->digest, digest, SHA384_BYTES) == 0 && bytes_eq(signature, BYTES_OF(cache->signature));
}

static void cache_fill(struct signature_cache *cache, const struct snp_ca *ca, const uint8_t digest[SHA384_BYTES],
                       bytes signature)
{
    if (!cache) return;
    memcpy(cache->modulus, ca->modulus, RSA4096_BYTES);
    memcpy(cache->digest, digest, SHA384_BYTES);
    memcpy(cache->signature, signature.ptr, RSA4096_BYTES); /* a valid one has this length */
    cache->filled = true;
}

status signature_check_pss(const struct snp_ca *ca, bytes signed_bytes, bytes signature, struct signature_cache *cache,
                           struct err *err)
{
    uint8_t digest[SHA384_BYTES];
    TRY(crypto_sha384(&signed_bytes, 1, digest, err));
    if (cache_has(cache, ca, digest, signature)) return OK;
    TRY(crypto_rsa4096_pss_verify(ca->modulus, SNP_CA_EXPONENT, digest, signature, err));
    cache_fill(cache, ca, digest, signature);
    return OK;
}

/* The low 48 of 72 little-endian bytes as a big-endian number; that the upper 24 are zero is report.signature-padding.
 */
static void reverse_scalar(bytes le, uint8_t be[P384_SCALAR_BYTES])
{
    for (size_t i = 0; i < P384_SCALAR_BYTES; i++)
        be[P384_SCALAR_BYTES - 1 - i] = le.ptr[i];
}

status signature_check_report(const struct snp_report *report, bytes point, struct err *err)
{
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    TRY(crypto_sha384(&report->signed_part, 1, digest, err));
    reverse_scalar(report->signature_r, r);
    reverse_scalar(report->signature_s, s);
    return crypto_p384_verify(point.ptr, digest, r, s, err);
}
