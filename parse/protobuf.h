/* SPDX-License-Identifier: Apache-2.0 */
/* parse/protobuf.h: the protocol buffers wire format, one field at a time.
 *
 * A message is a row of fields; protobuf_next hands them out in the order of the bytes until the cursor is at its end
 * or has failed, and the caller's one check is cursor_end (or cursor_close for a message inside a message).
 *
 * The trap: the format lets a field come twice, in any order, and lets a reader merge or overwrite.  Nothing is merged
 * here: the caller sees each occurrence and refuses the second one (protobuf_once) where only one makes sense.
 *
 * Stricter than the specification asks: varints in other than their shortest form are refused, as are groups (wire
 * types 3 and 4, deprecated since 2008).  No honest encoder writes either.
 *
 * Not checked here: types against a schema, UTF-8 of strings, and whether a number is known.
 * Specification: "Encoding" on protobuf.dev.
 */
#ifndef PARSE_PROTOBUF_H
#define PARSE_PROTOBUF_H

#include "parse/bytes.h"
#include "parse/cursor.h"
#include "parse/status.h"

enum { PROTOBUF_FIELD_NUMBER_MAX = (1 << 29) - 1 };
enum { PROTOBUF_VARINT_BYTES = 10 }; /* the longest varint */

/* Wire types; 3, 4, 6 and 7 are refused. */
enum protobuf_type { PROTOBUF_VARINT = 0, PROTOBUF_I64 = 1, PROTOBUF_LEN = 2, PROTOBUF_I32 = 5 };

struct protobuf_field {
    uint32_t number; /* 1..PROTOBUF_FIELD_NUMBER_MAX */
    enum protobuf_type type;
    uint64_t value; /* VARINT, I64, I32: the raw bits, zero-extended */
    bytes view;     /* LEN: present, possibly empty; lives as long as the input */
    size_t offset;  /* of the payload in the outermost input */
};

/* The next field into `out`; false at the end and after a failure, `out` is then untouched.  Failures: ERR_TRUNCATED,
 * ERR_SYNTAX (a varint that is too long or not the shortest), ERR_RANGE (a field number), ERR_UNSUPPORTED (a wire
 * type). */
bool protobuf_next(struct cursor *c, struct protobuf_field *out);

/* A cursor over the message in a LEN field, for cursor_close. */
struct cursor protobuf_inside(const struct protobuf_field *field);

/* Field numbers already seen, 1..63; zeroed before the first use. */
struct protobuf_seen {
    uint64_t numbers;
};

/* True the first time for each number; numbers above 63 are always new, so keep them out of the schema. */
bool protobuf_once(struct protobuf_seen *seen, uint32_t number);

#endif
