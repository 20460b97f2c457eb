/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch_frame.h"

#include <errno.h>
#include <string.h>

#include "net/descriptor.h"
#include "parse/put.h"

static status read_whole(int file, uint8_t *out, size_t len, size_t *have, struct err *err)
{
    if (!descriptor_read(file, out, len, have)) return err_set(err, ERR_IO, 0, "request: %s", strerror(errno));
    return *have == len ? OK : err_set(err, ERR_TRUNCATED, 0, "request: it ends in a message");
}

status fetch_frame_read(int file, uint8_t *room, size_t cap, bytes *message, bool *has_ended, struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES];
    size_t have = 0, len = 0;
    status s = read_whole(file, head, sizeof head, &have, err);
    *has_ended = s.kind == ERR_TRUNCATED && have == 0;
    if (!is_ok(s)) return s;
    TRY(fetch_length_parse(head, cap, &len, err));
    TRY(read_whole(file, room, len, &have, err));
    *message = BYTES(room, len);
    return OK;
}

status fetch_frame_write(int file, const struct fetch_answer *a, struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES + FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    size_t n = fetch_answer_write_head(a, &head[FETCH_LENGTH_BYTES]);
    put_u32le(head, (uint32_t)(n + a->content.len));
    if (descriptor_write(file, BYTES(head, FETCH_LENGTH_BYTES + n)) && descriptor_write(file, a->content)) return OK;
    return err_set(err, ERR_IO, 0, "answer: %s", strerror(errno));
}
