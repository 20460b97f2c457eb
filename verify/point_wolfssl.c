/* SPDX-License-Identifier: Apache-2.0 */
/* verify/point_wolfssl.c: stands in front of wolfSSL's import of a public point.
 *
 * wolfSSL takes points that are on no curve, (0, 0) and coordinates above p, and its TLS code relies on the import to
 * refuse them: a peer may then choose the group that our key exchange happens in.  Each program that links wolfSSL is
 * linked with --wrap for this function (configure/tables.py), so that certificates and key shares come through here.
 * It does not reach calls from within wolfSSL's own ecc.c; of those none is handed foreign input.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

int __real_wc_ecc_import_x963_ex(const byte *in, word32 len, ecc_key *key, int curve_id);
int __wrap_wc_ecc_import_x963_ex(const byte *in, word32 len, ecc_key *key, int curve_id);

/* Coordinates below p and the equation of the curve: all there is to check where the cofactor is 1. */
int __wrap_wc_ecc_import_x963_ex(const byte *in, word32 len, ecc_key *key, int curve_id)
{
    int code = __real_wc_ecc_import_x963_ex(in, len, key, curve_id);
    if (code != 0) return code;
    int curve = wc_ecc_get_curve_id(key->idx);
    if (curve != ECC_SECP256R1 && curve != ECC_SECP384R1) return ECC_BAD_ARG_E;
    if (wc_ecc_point_is_at_infinity(&key->pubkey)) return ECC_INF_E;
    return wc_ecc_point_is_on_curve(&key->pubkey, key->idx);
}
