/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/fetch_image.h"

#include "parse/cursor.h"
#include "parse/put.h"

bool fetch_is_image_request(bytes in)
{
    return in.len > 0 && (in.ptr[0] == FETCH_MANIFEST || in.ptr[0] == FETCH_BLOB);
}

static bool is_repository(bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > 0x7e) return false;
    return text.len >= 1 && text.len <= FETCH_REPOSITORY_BYTES;
}

status fetch_image_request_parse(bytes in, struct fetch_image_request *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    uint8_t kind = cursor_u8(&c, "kind");
    if (kind != FETCH_MANIFEST && kind != FETCH_BLOB) cursor_fail(&c, ERR_RANGE, "kind");
    if (cursor_u8(&c, "flags") != 0) cursor_fail(&c, ERR_RANGE, "flags");
    struct fetch_image_request r = {.kind = (enum fetch_image_kind)kind, .wait_ms = cursor_u32le(&c, "wait")};
    r.digest = cursor_take(&c, FETCH_DIGEST_BYTES, "digest");
    r.repository = cursor_rest(&c);
    if (!is_repository(r.repository)) cursor_fail(&c, ERR_RANGE, "repository");
    TRY(err_in(err, cursor_end(&c, err), "fetch request"));
    *out = r;
    return OK;
}

size_t fetch_image_request_write(const struct fetch_image_request *in,
                                 uint8_t out[static FETCH_IMAGE_REQUEST_BYTES_MAX])
{
    out[0] = (uint8_t)in->kind;
    out[1] = 0;
    put_u32le(&out[2], in->wait_ms);
    memcpy(&out[6], in->digest.ptr, FETCH_DIGEST_BYTES);
    memcpy(&out[6 + FETCH_DIGEST_BYTES], in->repository.ptr, in->repository.len);
    return 6 + FETCH_DIGEST_BYTES + in->repository.len;
}
