/* SPDX-License-Identifier: Apache-2.0 */
/* parse/der_write.h: DER (X.690) written into lent memory, the writing twin of parse/der.h.
 *
 *     struct der_out o = {.buf = buf, .cap = sizeof buf};
 *     size_t sequence = der_begin(&o, DER_SEQUENCE);
 *     der_add_u64(&o, 1);
 *     der_end(&o, sequence);
 *     TRY(der_finish(&o, "key", &written, err));
 *
 * Each element is begun, filled and ended; der_end puts in the length, minimal by construction.  Sticky like the
 * cursor: when the memory is full nothing more is written, and der_finish says so.
 *
 * The trap: every der_begin needs its der_end; der_finish refuses an output with an open element.
 * Not checked here: that contents fit their tag.
 */
#ifndef PARSE_DER_WRITE_H
#define PARSE_DER_WRITE_H

#include "parse/bytes.h"
#include "parse/der.h"
#include "parse/status.h"

struct der_out {
    uint8_t *buf; /* lent; separate from everything that is put in */
    size_t cap;

    size_t len;
    size_t open;        /* elements that were begun and not ended */
    enum err_kind kind; /* first failure; sticky */
};

/* The head of an element; hand the result to der_end. */
size_t der_begin(struct der_out *o, uint8_t tag);
void der_end(struct der_out *o, size_t begun);

/* Bytes as they are: contents, or elements that somebody wrote before. */
void der_add(struct der_out *o, bytes raw);

/* A whole element with these contents. */
void der_add_element(struct der_out *o, uint8_t tag, bytes contents);

/* INTEGERs: a big-endian number with or without leading zeros, and a small one. */
void der_add_unsigned(struct der_out *o, bytes big_endian);
void der_add_u64(struct der_out *o, uint64_t value);

void der_add_bool(struct der_out *o, bool value);

/* A BIT STRING of whole octets. */
void der_add_octet_bits(struct der_out *o, bytes octets);

/* UTCTime up to 2049 and GeneralizedTime from 2050 on (RFC 5280, 4.1.2.5).  A time outside 1950..9999 cannot be said:
 * der_finish then fails with ERR_RANGE. */
void der_add_time(struct der_out *o, int64_t time);

/* What was written, a view of buf.  ERR_NOMEM when it did not fit, ERR_RANGE for a time, ERR_BUG when an
 * element is open. */
MUST_USE status der_finish(const struct der_out *o, const char *what, bytes *out, struct err *err);

#endif
