/* SPDX-License-Identifier: Apache-2.0 */
/* net/lacks.h: what a piece of evidence lacks to be judged, of what can be got: the VCEK of its chip, a current CRL.
 *
 * Evidence is a stranger's word here: a report names a chip and a TCB before anybody has looked at its signature.
 * Whoever asks a service for what it names has to bound how often.
 */
#ifndef NET_LACKS_H
#define NET_LACKS_H

#include "net/buffer.h"
#include "parse/fetch_message.h"
#include "snp/report.h"

enum { LACKS_MAX = 2 };

/* Not to be copied: the chip id of a request is its own memory, for the evidence may be gone. */
struct lacks {
    size_t count;
    struct fetch_request items[LACKS_MAX]; /* but for how long to wait, and where to ask */
    uint8_t chip_id[FETCH_CHIP_ID_BYTES];
};

/* `leaf` is one that fits the report, or absent; `crl` the best that there is, or absent, and NULL says that none is
 * wanted.  Nothing is lacking that nobody can get: a VLEK, the VCEK of a chip that is not named, or what is of an
 * unknown product. */
void lacks_find(const struct snp_report *report, bytes leaf, const bytes *crl, int64_t now, struct lacks *out);

/* The same of a document as it goes into a certificate: sevsnp.Attestation with what is in it. */
void lacks_find_in_document(bytes document, int64_t now, struct lacks *out);

/* Such a document with this VCEK and CRL, unless absent, in place of its own; appended to `out`.  ERR_LIMIT, ERR_NOMEM,
 * and what the reader of such documents says. */
MUST_USE status lacks_fill(bytes document, bytes vcek, bytes crl, struct buffer *out, struct err *err);

#endif
