/* SPDX-License-Identifier: Apache-2.0 */
/* Any list of up to 4 bytes; a name whose text is known and one byte of whose headers is any, whole and cut by one
 * byte, alone and in a list.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/nonce_name.h"
#include "tests/prove/input.h"

enum { SHORT = 4, HEAD = 13, LIST_HEAD = 2 };

static void parse(bytes in)
{
    uint8_t nonce[ATLS_NONCE_BYTES];
    struct err err = {0};
    if (is_ok(nonce_name_parse(in, nonce, &err))) (void)bytes_are_zero(BYTES_OF(nonce));
    if (is_ok(nonce_name_list_parse(in, nonce, &err))) (void)bytes_are_zero(BYTES_OF(nonce));
}

static void any_bytes(size_t n)
{
    uint8_t input[SHORT];
    parse(INPUT(input, n));
}

static void any_header(size_t at)
{
    uint8_t nonce[ATLS_NONCE_BYTES] = {0}, list[LIST_HEAD + NONCE_NAME_BYTES] = {0, NONCE_NAME_BYTES};
    uint8_t name[NONCE_NAME_BYTES];
    nonce_name_write(nonce, name);
    UNKNOWN(name[at]);
    memcpy(list + LIST_HEAD, name, sizeof name);
    parse(BYTES_OF(name));
    parse(BYTES(name, sizeof name - 1));
    parse(BYTES_OF(list));
    parse(BYTES(list, sizeof list - 1));
}

int main(void)
{
    //@ loop unroll SHORT + 1;
    for (size_t n = 0; n <= SHORT; n++)
        any_bytes(n);
    //@ loop unroll HEAD;
    for (size_t at = 0; at < HEAD; at++)
        any_header(at);
    return 0;
}
