/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: fetch_is_image_request fetch_image_request_parse fetch_image_request_write. */
#include <stdlib.h>

#include "parse/fetch_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Each request has one form, and no message is two requests. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t out[FETCH_IMAGE_REQUEST_BYTES_MAX];
    bytes in = BYTES(data, size);
    struct fetch_image_request r = {.wait_ms = 77};
    struct fetch_request other;
    struct err err = {0};
    status s = fetch_image_request_parse(in, &r, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && r.wait_ms == 77 && !r.digest.ptr);
        return 0;
    }
    require(fetch_is_image_request(in) && !is_ok(fetch_request_parse(in, &other, NULL)));
    require(size <= sizeof out && fetch_image_request_write(&r, out) == size && memcmp(out, data, size) == 0);
    return 0;
}
