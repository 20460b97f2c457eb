/* SPDX-License-Identifier: Apache-2.0 */
/* Any transition of 64 bytes, one fewer and one more; any record whose signature has at most 8 bytes.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/transition_record.h"
#include "tests/prove/input.h"

enum { HASH = TRANSITION_HASH_BYTES, SIGNATURE = 8 };

static void parse(size_t n)
{
    uint8_t input[TRANSITION_BYTES + 1], out[TRANSITION_BYTES];
    struct transition t;
    struct err err = {0};
    if (is_ok(transition_parse(INPUT(input, n), &t, &err))) transition_write(&t, out);
}

static void parse_record(size_t n)
{
    uint8_t input[HASH + SIGNATURE];
    struct transition_record record;
    struct err err = {0};
    if (!is_ok(transition_record_parse(INPUT(input, n), &record, &err))) return;
    //@ assert whole: record.hash.len + record.signature.len == n;
    (void)bytes_are_zero(record.hash);
    (void)bytes_are_zero(record.signature);
}

int main(void)
{
    parse(TRANSITION_BYTES - 1);
    parse(TRANSITION_BYTES);
    parse(TRANSITION_BYTES + 1);
    parse_record(HASH - 1);
    //@ loop unroll SIGNATURE + 1;
    for (size_t n = 0; n <= SIGNATURE; n++)
        parse_record(HASH + n);
    return 0;
}
