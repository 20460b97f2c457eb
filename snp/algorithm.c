/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/algorithm.h"

/* id-RSASSA-PSS; parameters: hash SHA-384, MGF1 with SHA-384, salt 48 */
#define PSS_OID   "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define SHA384_ID "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00"
#define PSS_PARAMS                                                                                                     \
    "\xa0\x0f" SHA384_ID "\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" SHA384_ID "\xa2\x03\x02\x01"   \
    "\x30"
#define PSS_TRAILER "\xa3\x03\x02\x01\x01"

bool snp_algorithm_is_pss_sha384(bytes a)
{
    return bytes_eq(a, BYTES_LIT("\x30\x41" PSS_OID "\x30\x34" PSS_PARAMS)) ||
           bytes_eq(a, BYTES_LIT("\x30\x46" PSS_OID "\x30\x39" PSS_PARAMS PSS_TRAILER));
}

bool snp_algorithm_is_rsa_key(bytes a)
{
    return bytes_eq(a, BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"));
}

bool snp_algorithm_is_p384_key(bytes a)
{
    return bytes_eq(a, BYTES_LIT("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"));
}
