/* SPDX-License-Identifier: Apache-2.0 */
/* parse/protobuf_message.h: a message with known members, over parse/protobuf.h.
 *
 * The schema is a table whose index is the field's number.  A member comes once, unless it is a repeated one, and with
 * the wire type of the schema.  A number that is not in the table is skipped, as proto3 has it: later releases add
 * members, and an old peer still sends those that were dropped.
 *
 * The trap of proto3: an absent member and one with the default value are the same message.  So an empty value of a
 * member that comes once is handed out like any other, and the reader of the message makes it absent again.
 *
 *     struct protobuf_message m = protobuf_message_over(in, "SetManifestRequest", members, MEMBERS);
 *     for (struct protobuf_field f;;) {
 *         bool end;
 *         TRY(protobuf_message_next(&m, &f, &end, err));
 *         if (end) break;
 *         switch (f.number) { ... one case each ... }
 *     }
 */
#ifndef PARSE_PROTOBUF_MESSAGE_H
#define PARSE_PROTOBUF_MESSAGE_H

#include "parse/protobuf.h"

struct protobuf_member {
    const char *name; /* NULL: no such member, or one that is skipped */
    enum protobuf_type type;
    bool repeated;
};

struct protobuf_message {
    struct cursor c;
    const char *name;
    const struct protobuf_member *members;
    size_t count; /* at most 64 */
    struct protobuf_seen seen;
};

struct protobuf_message protobuf_message_over(bytes in, const char *name, const struct protobuf_member *members,
                                              size_t count);

/* The message in a LEN field of another one. */
struct protobuf_message protobuf_message_in(const struct protobuf_field *field, const char *name,
                                            const struct protobuf_member *members, size_t count);

/* The next known member, or the end of the message.  What protobuf_next says; ERR_DUPLICATE, ERR_SYNTAX (the wire
 * type). */
MUST_USE status protobuf_message_next(struct protobuf_message *m, struct protobuf_field *out, bool *end,
                                      struct err *err);

/* An error about the field `f` of `m`: "SetManifestRequest: Policies: ...". */
MUST_USE status protobuf_message_refuse(const struct protobuf_message *m, const struct protobuf_field *f,
                                        struct err *err, enum err_kind kind, const char *what);

/* A bool: 0 or 1. */
MUST_USE status protobuf_message_bool(const struct protobuf_message *m, const struct protobuf_field *f, bool *out,
                                      struct err *err);

/* What a LEN member holds; absent when it is empty. */
static inline bytes protobuf_optional(const struct protobuf_field *f)
{
    return f->view.len > 0 ? f->view : BYTES_ABSENT;
}

#endif
