/* SPDX-License-Identifier: Apache-2.0 */
/* Any name of up to 4 bytes; addresses of each form and a URI, one byte of which is any.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/san.h"
#include "parse/text.h"
#include "tests/prove/input.h"

enum { FREE = 4, LONGEST = 20 };

static void parse(bytes in)
{
    struct san s;
    struct err err = {0};
    if (!is_ok(san_parse(in, &s, &err))) return;
    //@ assert an_address_has_bytes: s.kind != 1 || s.ip_len == 4 || s.ip_len == 16;
    (void)bytes_are_zero(BYTES(s.ip, s.ip_len));
}

static void any_bytes(size_t n)
{
    uint8_t input[FREE];
    parse(INPUT(input, n));
}

static void one_is_any(const char *form)
{
    size_t n = strlen(form);
    //@ loop unroll LONGEST;
    for (size_t at = 0; at < n; at++) {
        uint8_t input[LONGEST];
        memcpy(input + LONGEST - n, form, n);
        UNKNOWN(input[LONGEST - n + at]);
        parse(BYTES(input + LONGEST - n, n));
    }
}

int main(void)
{
    static const char *const forms[] = {"10.0.0.255", "::ffff:1.2.3.4", "1::2", "1:2:3:4:5:6:7:8", "a.b-c"};
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        any_bytes(n);
    //@ loop unroll 5;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        one_is_any(forms[i]);
    return 0;
}
