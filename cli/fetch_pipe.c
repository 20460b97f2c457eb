/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_pipe.h"

#include "net/fetch_frame.h"

static status put_part(void *context, bytes part, struct err *err)
{
    const int *file = context;
    while (part.len > 0) {
        size_t n = part.len < LIMIT_FETCH_CONTENT_BYTES ? part.len : LIMIT_FETCH_CONTENT_BYTES;
        const struct fetch_answer a = {.outcome = FETCH_FOUND, .content = bytes_slice(part, 0, n)};
        TRY(fetch_frame_write(*file, &a, err));
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
    return fetch_frame_write(out, &answer, err);
}

static status answer_kds(const struct fetch_kds *kds, bytes request, int out, struct err *err)
{
    struct fetch_request wanted;
    struct fetch_answer answer = {0};
    struct arena memory = {0};
    TRY(fetch_request_parse(request, &wanted, err));
    fetch_kds_answer(kds, &wanted, &memory, &answer);
    status s = fetch_frame_write(out, &answer, err);
    arena_free(&memory);
    return s;
}

_Static_assert((int)FETCH_IMAGE_REQUEST_BYTES_MAX > (int)FETCH_REQUEST_BYTES_MAX, "room for both");

static status answer_one(const struct fetch_kds *kds, struct fetch_registry *registry, int in, int out, bool *has_ended,
                         struct err *err)
{
    uint8_t room[FETCH_IMAGE_REQUEST_BYTES_MAX];
    bytes request;
    TRY(fetch_frame_read(in, room, sizeof room, &request, has_ended, err));
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
