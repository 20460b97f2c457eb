/* SPDX-License-Identifier: Apache-2.0 */
/* Any message of up to 4 bytes, what is first in a field of it, and numbers of the longest form.
 *
 * Eva: -eva-interprocedural-splits -eva-partition-history 4 */
#include "parse/protobuf.h"
#include "tests/prove/input.h"

enum { LONGEST = 12, FREE = 4 };

static void read(size_t n)
{
    uint8_t input[LONGEST];
    struct cursor c = cursor_over(INPUT(input, n));
    struct protobuf_seen seen = {0};
    struct protobuf_field f;
    struct err err = {0};
    while (protobuf_next(&c, &f)) {
        (void)protobuf_once(&seen, f.number);
        (void)bytes_are_zero(f.view);
    }
    (void)is_ok(cursor_end(&c, &err));
}

/* The first field, and what is first in it. */
static void read_inside(size_t n)
{
    uint8_t input[LONGEST];
    struct cursor c = cursor_over(INPUT(input, n));
    struct protobuf_field f, g;
    if (!protobuf_next(&c, &f)) return;
    struct cursor inner = protobuf_inside(&f);
    if (protobuf_next(&inner, &g)) (void)bytes_are_zero(g.view);
    cursor_close(&c, &inner, "message");
}

/* A tag and then any bytes: the longest varint has ten. */
static void read_number(size_t n)
{
    uint8_t input[LONGEST];
    struct protobuf_field f;
    UNKNOWN(input);
    input[LONGEST - n] = 1 << 3 | PROTOBUF_VARINT;
    struct cursor c = cursor_over(BYTES(input + LONGEST - n, n));
    (void)protobuf_next(&c, &f);
}

int main(void)
{
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        read(n);
    //@ loop unroll FREE + 2;
    for (size_t n = 0; n <= FREE + 1; n++)
        read_inside(n);
    read_number(1);
    read_number(2);
    read_number(10);
    read_number(11);
    read_number(12);
    return 0;
}
