/* SPDX-License-Identifier: Apache-2.0 */
/* snp/algorithm.h: the AlgorithmIdentifiers of AMD's certificates, as whole DER elements (AMD 57230).
 *
 * AMD writes RSASSA-PSS (SHA-384, MGF1 with SHA-384, salt 48) in exactly two ways, with and without the default
 * trailerField.  Comparing the bytes leaves no parameter unchecked and needs no parser.
 */
#ifndef SNP_ALGORITHM_H
#define SNP_ALGORITHM_H

#include "parse/bytes.h"

bool snp_algorithm_is_pss_sha384(bytes algorithm_identifier);
bool snp_algorithm_is_rsa_key(bytes algorithm_identifier);  /* rsaEncryption, NULL */
bool snp_algorithm_is_p384_key(bytes algorithm_identifier); /* id-ecPublicKey, secp384r1 */

#endif
