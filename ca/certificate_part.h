/* SPDX-License-Identifier: Apache-2.0 */
/* ca/certificate_part.h: what the files that write certificates share. */
#ifndef CA_CERTIFICATE_PART_H
#define CA_CERTIFICATE_PART_H

#include "parse/der_write.h"
#include "snp/report.h"

/* The head of one Extension; `*value` is its OCTET STRING.  Hand both to certificate_end_extension. */
size_t certificate_begin_extension(struct der_out *o, bytes oid, bool critical, size_t *value);
void certificate_end_extension(struct der_out *o, size_t extension, size_t value);

/* The 46 claims about a report (Contrast protocol, CA): 1.3.9901.2.1.1 to .46.  ERR_UNSUPPORTED for an unknown product,
 * ERR_RANGE for a TCB word that is none of its. */
MUST_USE status certificate_add_claims(struct der_out *o, const struct snp_report *r, enum snp_product product,
                                       struct err *err);

#endif
