/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/message.h: what the keeper and its fronts say to each other, on pipes.
 *
 *     frame   = length of the body (u32) | body
 *     body    = kind (u8) | id (u32) | parts
 *     part    = length (u32) | bytes
 *
 * Numbers are big-endian.  Each kind has a fixed number of parts; what a part holds is told where the kind is named
 * (coordinator/keeper.h).  An answer has the id of its request, and the kind ANSWER_DONE or ANSWER_REFUSED.
 *
 * The trap: a front may be taken over, so that for the keeper each frame is hostile; and for a front the keeper's parts
 * are secrets as often as not.
 *
 * Not checked here: what the parts hold, and that an id is answered once.
 */
#ifndef COORDINATOR_MESSAGE_H
#define COORDINATOR_MESSAGE_H

#include "parse/bytes.h"
#include "parse/status.h"

/* A frame's body.  The largest is a request to set a manifest: what POST /v1/manifest takes (16 MiB), and what the
 * keeper must see of the store. */
#define LIMIT_MESSAGE_BYTES (17 << 20)

enum { MESSAGE_HEAD_BYTES = 4, MESSAGE_PARTS = 8 };

struct message {
    uint8_t kind;
    uint32_t id;
    bytes parts[MESSAGE_PARTS]; /* each present, and perhaps empty */
    size_t part_count;
};

/* The length of the first frame of `in`, head included, or 0 while less than its head is there.  ERR_LIMIT. */
MUST_USE status message_frame(bytes in, size_t *len, struct err *err);

/* One whole frame.  Views of `in`.  ERR_TRUNCATED, ERR_TRAILING, ERR_LIMIT (too many parts). */
MUST_USE status message_parse(bytes in, struct message *out, struct err *err);

/* What message_write writes.  ERR_LIMIT. */
MUST_USE status message_size(const struct message *m, size_t *len, struct err *err);

/* `out` has room for message_size bytes. */
void message_write(const struct message *m, uint8_t *out);

#endif
