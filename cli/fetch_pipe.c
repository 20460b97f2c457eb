/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_pipe.h"

#include <errno.h>
#include <unistd.h>

#include "parse/put.h"

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s: %s", what, strerror(errno));
}

/* `*has_ended`: nothing came at all. */
static status read_all(int file, uint8_t *out, size_t len, bool *has_ended, struct err *err)
{
    size_t have = 0;
    *has_ended = false;
    while (have < len) {
        ssize_t n = read(file, out + have, len - have);
        if (n < 0 && errno != EINTR) return failed("standard input", err);
        if (n == 0) {
            *has_ended = have == 0;
            return err_set(err, ERR_TRUNCATED, 0, "standard input: ends in a message");
        }
        if (n > 0) have += (size_t)n;
    }
    return OK;
}

static status write_all(int file, bytes in, struct err *err)
{
    while (in.len > 0) {
        ssize_t n = write(file, in.ptr, in.len);
        if (n < 0 && errno != EINTR) return failed("standard output", err);
        if (n > 0) in = bytes_slice(in, (size_t)n, in.len - (size_t)n);
    }
    return OK;
}

static status write_answer(int file, const struct fetch_answer *a, struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES + FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    size_t n = fetch_answer_write_head(a, &head[FETCH_LENGTH_BYTES]);
    put_u32le(head, (uint32_t)(n + a->content.len));
    TRY(write_all(file, BYTES(head, FETCH_LENGTH_BYTES + n), err));
    return write_all(file, a->content, err);
}

static status put_part(void *context, bytes part, struct err *err)
{
    const int *file = context;
    while (part.len > 0) {
        size_t n = part.len < LIMIT_FETCH_CONTENT_BYTES ? part.len : LIMIT_FETCH_CONTENT_BYTES;
        const struct fetch_answer a = {.outcome = FETCH_FOUND, .content = bytes_slice(part, 0, n)};
        TRY(write_answer(*file, &a, err));
        part = bytes_slice(part, n, part.len - n);
    }
    return OK;
}

static status answer_image(struct fetch_registry *registry, bytes request, int out, struct err *err)
{
    char text[LIMIT_FETCH_TEXT_BYTES + 1];
    const struct fetch_parts parts = {.put = put_part, .context = &out};
    struct fetch_image_request wanted;
    struct fetch_answer answer = {0};
    TRY(fetch_image_request_parse(request, &wanted, err));
    TRY(fetch_registry_answer(registry, &wanted, &parts, &answer, text, err));
    return write_answer(out, &answer, err);
}

static status answer_kds(const struct fetch_kds *kds, bytes request, int out, struct err *err)
{
    struct fetch_request wanted;
    struct fetch_answer answer = {0};
    struct arena memory = {0};
    TRY(fetch_request_parse(request, &wanted, err));
    fetch_kds_answer(kds, &wanted, &memory, &answer);
    status s = write_answer(out, &answer, err);
    arena_free(&memory);
    return s;
}

_Static_assert((int)FETCH_IMAGE_REQUEST_BYTES_MAX > (int)FETCH_REQUEST_BYTES_MAX, "room for both");

static status answer_one(const struct fetch_kds *kds, struct fetch_registry *registry, int in, int out, bool *has_ended,
                         struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES], room[FETCH_IMAGE_REQUEST_BYTES_MAX];
    size_t len;
    TRY(read_all(in, head, sizeof head, has_ended, err));
    TRY(fetch_length_parse(head, sizeof room, &len, err));
    bool is_cut;
    TRY(read_all(in, room, len, &is_cut, err));
    bytes request = BYTES(room, len);
    if (fetch_is_image_request(request)) return answer_image(registry, request, out, err);
    return answer_kds(kds, request, out, err);
}

status fetch_pipe_run(const struct fetch_kds *kds, struct fetch_registry *registry, int in, int out, struct err *err)
{
    for (;;) {
        bool has_ended = false;
        struct err why = {0};
        status s = answer_one(kds, registry, in, out, &has_ended, &why);
        if (is_ok(s)) continue;
        if (has_ended) return OK;
        *err = why;
        return s;
    }
}
