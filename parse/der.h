/* SPDX-License-Identifier: Apache-2.0 */
/* parse/der.h: strict DER (X.690) over a cursor.
 *
 * Definite, minimal lengths of at most 4 octets; tag numbers below 31, and not end-of-contents (00).  BER forms are
 * refused.  Like the cursor, the reader is sticky: after a failure everything is absent, and cursor_end tells the first
 * failure.
 *
 * Not checked here: the contents of primitive types beyond what a function says; one trap is known: AMD's CAs write a
 * BIT STRING that is not minimal (keyUsage 03 02 01 04), so der_get(DER_BIT_STRING) does not judge unused bits.
 */
#ifndef PARSE_DER_H
#define PARSE_DER_H

#include "parse/cursor.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_UTF8_STRING = 0x0c,
    DER_PRINTABLE_STRING = 0x13,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
};
#define DER_CONTEXT(n) (0xa0 | (n)) /* constructed, context-specific */

/* The contents of the next element, which must have `tag`. */
bytes der_get(struct cursor *c, uint8_t tag, const char *field);

/* The next element with its header, which must have `tag`; any tag when `tag` is 0. */
bytes der_get_element(struct cursor *c, uint8_t tag, const char *field);

/* A cursor over the contents of the next element; finish it with cursor_close(c, &inner, field). */
struct cursor der_enter(struct cursor *c, uint8_t tag, const char *field);

/* True when the next element has `tag`; takes nothing. */
bool der_next_is(const struct cursor *c, uint8_t tag);

/* An INTEGER that is minimal and not negative, as big-endian contents without the sign octet (zero is one 00). */
bytes der_get_unsigned(struct cursor *c, const char *field);

/* An INTEGER within 0..max. */
uint64_t der_get_u64(struct cursor *c, uint64_t max, const char *field);

/* A BOOLEAN: 00 or FF. */
bool der_get_bool(struct cursor *c, const char *field);

/* The contents of an OBJECT IDENTIFIER: not empty, each number complete and without leading zeros (X.690, 8.19.2). */
bytes der_get_oid(struct cursor *c, const char *field);

/* The octets of a BIT STRING without unused bits. */
bytes der_get_octet_bits(struct cursor *c, const char *field);

#endif
