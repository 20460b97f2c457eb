/* SPDX-License-Identifier: Apache-2.0 */
/* snp/kds.h: how AMD's key distribution service names leaves and CRLs (AMD 57230, Key Distribution Service).
 *
 *     /vcek/v1/Milan/<chip id, 128 lower-case hex>?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219
 *     /vcek/v1/Turin/<its first 8 bytes, 16 hex>?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81
 *     /vcek/v1/Milan/crl
 *
 * Parameters may come in any order, each once, in decimal; some clients pad to two digits.  What is of a VLEK needs a
 * contract with AMD and is not asked for; the CRL of its product has the same issuer.
 *
 * Not checked here: whether such a chip or TCB exists.
 */
#ifndef SNP_KDS_H
#define SNP_KDS_H

#include "parse/fetch_message.h"
#include "snp/product.h"

#define KDS_BASE "https://kdsintf.amd.com"

/* The longest target, of a Milan chip with numbers of three digits, and a NUL. */
enum { KDS_TARGET_SIZE = 256 };

/* Path and query.  ERR_RANGE for a chip id that the product does not have, and as snp_tcb_split. */
MUST_USE status kds_target_write(const struct fetch_request *in, char out[static KDS_TARGET_SIZE], struct err *err);

/* Back again, for who answers such requests.  out->chip_id is a view of `chip_id`.  ERR_UNSUPPORTED for a path that is
 * none of these, ERR_SYNTAX, ERR_RANGE, ERR_DUPLICATE, ERR_MISSING. */
MUST_USE status kds_target_parse(bytes target, uint8_t chip_id[static FETCH_CHIP_ID_BYTES], struct fetch_request *out,
                                 struct err *err);

/* How many bytes of CHIP_ID name a chip of this product. */
size_t kds_chip_id_bytes(enum snp_product product);

#endif
