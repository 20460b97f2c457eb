/* SPDX-License-Identifier: Apache-2.0 */
/* Every getter of DER on any 5 bytes or fewer, and elements with a length of one to four octets.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/der.h"
#include "tests/prove/input.h"

enum { LONGEST = 5 };

enum get { GET, GET_ANY, ELEMENT, ELEMENT_ANY, ENTER, UNSIGNED, U64, BOOL, OID, OCTET_BITS, GETTERS };

static void get(struct cursor *c, int getter)
{
    struct cursor inner;
    switch (getter) {
    case GET:
        (void)bytes_are_zero(der_get(c, DER_SEQUENCE, "value"));
        break;
    case GET_ANY:
        (void)bytes_are_zero(der_get(c, 0, "value"));
        break;
    case ELEMENT:
        (void)bytes_are_zero(der_get_element(c, DER_SEQUENCE, "element"));
        break;
    case ELEMENT_ANY:
        (void)bytes_are_zero(der_get_element(c, 0, "element"));
        break;
    case ENTER:
        inner = der_enter(c, DER_SEQUENCE, "block");
        (void)der_next_is(&inner, DER_INTEGER);
        (void)der_get(&inner, DER_INTEGER, "inner");
        cursor_close(c, &inner, "block");
        break;
    case UNSIGNED:
        (void)bytes_are_zero(der_get_unsigned(c, "unsigned"));
        break;
    case U64:
        (void)der_get_u64(c, 255, "u64");
        break;
    case BOOL:
        (void)der_get_bool(c, "bool");
        break;
    case OID:
        (void)bytes_are_zero(der_get_oid(c, "oid"));
        break;
    case OCTET_BITS:
    default:
        (void)bytes_are_zero(der_get_octet_bits(c, "bits"));
    }
}

static void finish(struct cursor *c)
{
    struct err err = {0};
    (void)is_ok(cursor_end(c, &err));
}

static void drive(size_t len, int getter)
{
    uint8_t input[LONGEST];
    struct cursor c = cursor_over(INPUT(input, len));
    get(&c, getter);
    finish(&c);
}

/* An element that fills the input, with the contents unknown. */
static void drive_long(uint8_t first, size_t octets, size_t len)
{
    uint8_t input[1 + 1 + 4 + 0x10000];
    UNKNOWN(input);
    size_t start = sizeof input - 2 - octets - len;
    input[start] = DER_SEQUENCE;
    input[start + 1] = first;
    //@ loop unroll 4;
    for (size_t i = 0; i < octets; i++)
        input[start + 2 + i] = (uint8_t)(len >> (8 * (octets - 1 - i)));
    struct cursor c = cursor_over(BYTES(input + start, 2 + octets + len));
    bytes value = der_get(&c, DER_SEQUENCE, "value");
    //@ assert whole: value.len == len || value.len == 0;
    (void)value;
    finish(&c);
}

int main(void)
{
    //@ loop unroll LONGEST + 1;
    for (size_t len = 0; len <= LONGEST; len++) {
        //@ loop unroll GETTERS;
        for (int getter = 0; getter < GETTERS; getter++)
            drive(len, getter);
    }
    drive_long(0x81, 1, 0x80);
    drive_long(0x82, 2, 0x100);
    drive_long(0x83, 3, 0x10000);
    drive_long(0x82, 2, 0x7f);
    drive_long(0x84, 4, 0x10000);
    return 0;
}
