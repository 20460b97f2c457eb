/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/protobuf_message.h"

struct protobuf_message protobuf_message_over(bytes in, const char *name, const struct protobuf_member *members,
                                              size_t count)
{
    return (struct protobuf_message){.c = cursor_over(in), .name = name, .members = members, .count = count};
}

struct protobuf_message protobuf_message_in(const struct protobuf_field *field, const char *name,
                                            const struct protobuf_member *members, size_t count)
{
    return (struct protobuf_message){.c = protobuf_inside(field), .name = name, .members = members, .count = count};
}

status protobuf_message_refuse(const struct protobuf_message *m, const struct protobuf_field *f, struct err *err,
                               enum err_kind kind, const char *what)
{
    return err_set(err, kind, f->offset, "%s: %s: %s", m->name, m->members[f->number].name, what);
}

static bool is_member(const struct protobuf_message *m, const struct protobuf_field *f)
{
    return f->number < m->count && m->members[f->number].name;
}

static status check_member(struct protobuf_message *m, const struct protobuf_field *f, struct err *err)
{
    const struct protobuf_member *member = &m->members[f->number];
    if (f->type != member->type) return protobuf_message_refuse(m, f, err, ERR_SYNTAX, "another wire type is due");
    if (member->repeated || protobuf_once(&m->seen, f->number)) return OK;
    return protobuf_message_refuse(m, f, err, ERR_DUPLICATE, "comes twice");
}

status protobuf_message_next(struct protobuf_message *m, struct protobuf_field *out, bool *end, struct err *err)
{
    struct protobuf_field f = {0};
    while (protobuf_next(&m->c, &f)) {
        if (!is_member(m, &f)) continue;
        TRY(check_member(m, &f, err));
        *out = f;
        *end = false;
        return OK;
    }
    TRY(err_in(err, cursor_end(&m->c, err), "%s", m->name));
    *end = true;
    return OK;
}

status protobuf_message_bool(const struct protobuf_message *m, const struct protobuf_field *f, bool *out,
                             struct err *err)
{
    if (f->value > 1) return protobuf_message_refuse(m, f, err, ERR_RANGE, "want 0 or 1");
    *out = f->value == 1;
    return OK;
}
