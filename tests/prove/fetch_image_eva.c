/* SPDX-License-Identifier: Apache-2.0 */
/* Any request that ends at a border of its form, one byte before it or behind it, written again when it is accepted. */
#include "parse/fetch_image.h"
#include "tests/prove/input.h"

enum { FIXED = 1 + 1 + 4 + FETCH_DIGEST_BYTES, LONGEST = FETCH_IMAGE_REQUEST_BYTES_MAX + 1 };

static void parse(size_t n)
{
    uint8_t input[LONGEST], out[FETCH_IMAGE_REQUEST_BYTES_MAX];
    struct fetch_image_request r;
    struct err err = {0};
    bytes in = INPUT(input, n);
    (void)fetch_is_image_request(in);
    if (!is_ok(fetch_image_request_parse(in, &r, &err))) return;
    size_t written = fetch_image_request_write(&r, out);
    //@ assert as_long: written == n;
    (void)bytes_are_zero(BYTES(out, written));
}

int main(void)
{
    static const size_t lengths[] = {0, 1, 2, 5, 6, FIXED - 1, FIXED, FIXED + 1, LONGEST - 1, LONGEST};
    //@ loop unroll 10;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        parse(lengths[i]);
    return 0;
}
