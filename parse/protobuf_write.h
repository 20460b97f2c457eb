/* SPDX-License-Identifier: Apache-2.0 */
/* parse/protobuf_write.h: the writing twin of parse/protobuf.h.
 *
 * A writer counts what it is given, also past the end of its memory, so that one without memory tells the size:
 *
 *     struct protobuf_writer size = {0};
 *     user_set_manifest_request_write(&size, &request);
 *     ... size.len bytes are enough ...
 *
 * protobuf_written is the one check.  As proto3 has it, a member with its default value is not written; an empty item
 * of a repeated member is.
 */
#ifndef PARSE_PROTOBUF_WRITE_H
#define PARSE_PROTOBUF_WRITE_H

#include "parse/bytes.h"
#include "parse/status.h"

struct protobuf_writer {
    uint8_t *out; /* NULL with a cap of 0: only count */
    size_t cap;
    size_t len; /* of all that was put, written or not */
};

/* A repeated bytes, string or message: also when it is empty. */
void protobuf_put_item(struct protobuf_writer *w, uint32_t number, bytes value);

/* A bytes or string: when there is any. */
void protobuf_put_bytes(struct protobuf_writer *w, uint32_t number, bytes value);

/* A bool: when it is true. */
void protobuf_put_bool(struct protobuf_writer *w, uint32_t number, bool value);

/* An unsigned number: when it is not 0. */
void protobuf_put_number(struct protobuf_writer *w, uint32_t number, uint64_t value);

/* The head of a message of `len` bytes, which the caller puts next. */
void protobuf_put_head(struct protobuf_writer *w, uint32_t number, size_t len);

/* ERR_NOMEM when it did not fit; what is in the memory is of no use then. */
MUST_USE status protobuf_written(const struct protobuf_writer *w, struct err *err);

#endif
