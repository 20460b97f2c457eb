/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/out.h: bytes written forward into lent memory, and DER on top of it.
 *
 * The simulator's own writers: it is the oracle of our readers, so the two share no code.  A writer that runs full
 * stays full, writes nothing more and says so in `full`; callers look once, at the end.
 *
 * Not checked here: whether what is written is sensible.  Broken DER is part of the simulator's work.
 */
#ifndef TESTS_SIMULATOR_OUT_H
#define TESTS_SIMULATOR_OUT_H

#include "parse/bytes.h"

struct out {
    uint8_t *ptr;
    size_t len, cap;
    bool full;
};

#define OUT(array) ((struct out){(array), 0, sizeof(array), false})

static inline bytes out_view(const struct out *o)
{
    return BYTES(o->ptr, o->len);
}

void out_bytes(struct out *o, bytes b);
void out_u8(struct out *o, uint8_t v);
void out_u32le(struct out *o, uint32_t v);
void out_zeros(struct out *o, size_t n);
void out_text(struct out *o, const char *text);
void out_hex(struct out *o, bytes b); /* lower-case digits */

/* PEM with lines of 64 characters and LF. */
void out_pem(struct out *o, const char *label, bytes der);

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_UTF8_STRING = 0x0C,
    DER_PRINTABLE_STRING = 0x13,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0xA0, /* constructed; + number */
};

/* Opens an element; der_close puts the length in when the content stands behind it.  They nest. */
size_t der_open(struct out *o, uint8_t tag);
void der_close(struct out *o, size_t mark);

void der_put(struct out *o, uint8_t tag, bytes content);
void der_put_uint(struct out *o, uint64_t v);           /* INTEGER, minimal */
void der_put_unsigned(struct out *o, bytes big_endian); /* INTEGER, minimal, of a positive number */
void der_put_bits(struct out *o, bytes content);        /* BIT STRING, 0 unused bits */

#endif
