/* SPDX-License-Identifier: Apache-2.0 */
/* Every writer of DER into 20 bytes or fewer, and an element of 256 bytes, whose length moves them.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/der_write.h"
#include "tests/prove/input.h"

enum { ROOM = 20, LONG = 256 };

enum put { RAW, ELEMENT, UNSIGNED, U64, BOOL, OCTET_BITS, TIME, TIME_LATE, TIME_NEVER, WRITERS };

static void put(struct der_out *o, int writer)
{
    uint8_t octets[3];
    bytes any_octets = INPUT(octets, 3);
    switch (writer) {
    case RAW:
        der_add(o, any_octets);
        break;
    case ELEMENT:
        der_add_element(o, DER_OCTET_STRING, any_octets);
        break;
    case UNSIGNED:
        der_add_unsigned(o, any_octets);
        break;
    case U64:
        der_add_u64(o, any(0, 0x10000));
        break;
    case BOOL:
        der_add_bool(o, any(0, 1));
        break;
    case OCTET_BITS:
        der_add_octet_bits(o, any_octets);
        break;
    case TIME:
        der_add_time(o, 1795435200);
        break;
    case TIME_LATE:
        der_add_time(o, 253402300799);
        break;
    case TIME_NEVER:
    default:
        der_add_time(o, 253402300800);
    }
}

static void finish(const struct der_out *o)
{
    bytes written = BYTES_ABSENT;
    struct err err = {0};
    if (!is_ok(der_finish(o, "thing", &written, &err))) return;
    //@ assert inside: written.len <= o->cap;
    (void)bytes_are_zero(written);
}

static void drive(size_t cap, int writer)
{
    uint8_t memory[ROOM];
    struct der_out o = {.buf = memory + ROOM - cap, .cap = cap};
    size_t outer = der_begin(&o, DER_SEQUENCE);
    finish(&o); /* one is open */
    put(&o, writer);
    der_end(&o, outer);
    finish(&o);
}

/* As much room as the long form needs, and one byte less. */
static void drive_long(size_t cap)
{
    uint8_t memory[2 + 2 + LONG], contents[LONG];
    UNKNOWN(contents);
    struct der_out o = {.buf = memory + sizeof memory - cap, .cap = cap};
    der_add_element(&o, DER_OCTET_STRING, BYTES_OF(contents));
    finish(&o);
}

int main(void)
{
    //@ loop unroll ROOM + 1;
    for (size_t cap = 0; cap <= ROOM; cap++) {
        //@ loop unroll WRITERS;
        for (int writer = 0; writer < WRITERS; writer++)
            drive(cap, writer);
    }
    drive_long(2 + 2 + LONG);
    drive_long(2 + 2 + LONG - 1);
    return 0;
}
