/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: nonce_name_list_parse nonce_name_parse nonce_name_write. */
#include <stdlib.h>

#include "parse/nonce_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Of one nonce there are two names, which differ in the kind of string. */
static void require_written(bytes name, const uint8_t nonce[ATLS_NONCE_BYTES])
{
    enum { TAG = 11 };
    uint8_t out[NONCE_NAME_BYTES];
    nonce_name_write(nonce, out);
    require(name.len == sizeof out && (name.ptr[TAG] == 0x13 || name.ptr[TAG] == 0x0c));
    out[TAG] = name.ptr[TAG];
    require(bytes_eq(BYTES_OF(out), name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    uint8_t nonce[ATLS_NONCE_BYTES] = {0};
    struct err err = {0}, name_err = {0};
    status s = nonce_name_list_parse(in, nonce, &err);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0' && err.offset <= size));
    if (is_ok(s)) require_written(bytes_slice(in, 2, size - 2), nonce);
    if (!is_ok(s)) require(bytes_are_zero(BYTES_OF(nonce)));

    s = nonce_name_parse(in, nonce, &name_err);
    require(is_ok(s) || (name_err.kind == s.kind && name_err.text[0] != '\0' && name_err.offset <= size));
    if (is_ok(s)) require_written(in, nonce);
    return 0;
}
