/* SPDX-License-Identifier: Apache-2.0 */
/* Any public key of 4 bytes or fewer; keys of each curve and an RSA key, of any
 * numbers, whole and cut by one byte.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/public_key.h"
#include "tests/prove/input.h"

enum { SHORT = 4, LONGEST = 320, RSA_BYTES = 261 };

/* What stands before the numbers, and how many bytes follow. */
struct form {
    uint8_t head[32];
    size_t head_len, rest;
};

#define EC_OID 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01
static const struct form forms[] = {
    {{0x30, 0x59, 0x30, 0x13, EC_OID, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
      0x04},
     27,
     64},
    {{0x30, 0x76, 0x30, 0x10, EC_OID, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04}, 24, 96},
    {{0x30, 0x81, 0x9b, 0x30, 0x10, EC_OID, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, 0x04},
     26,
     132},
    {{0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00}, 9, RSA_BYTES},
};
enum { FORMS = sizeof forms / sizeof forms[0] };

static void parse(bytes in)
{
    struct public_key key;
    struct ec_public_key ec;
    struct rsa_public_key rsa;
    struct err err = {0};
    if (is_ok(ec_public_key_parse(in, &ec, &err))) {
        (void)strlen(ec_curve_name(ec.curve));
        (void)bytes_are_zero(ec_curve_oid(ec.curve));
        (void)ec_curve_field_bytes(ec.curve);
        //@ assert whole: ec.x.len == ec.y.len;
    }
    (void)is_ok(rsa_public_key_parse(in, &rsa, &err));
    (void)is_ok(public_key_parse(in, &key, &err));
}

static void any_bytes(size_t n)
{
    uint8_t input[SHORT];
    parse(INPUT(input, n));
}

static void any_numbers(const struct form *f, size_t cut)
{
    uint8_t input[LONGEST];
    size_t n = f->head_len + f->rest - cut;
    bytes in = INPUT(input, n);
    uint8_t *at = input + sizeof input - n;
    memcpy(at, f->head, f->head_len);
    if (f->rest == RSA_BYTES && cut == 0) {
        static const uint8_t exponent[] = {0x02, 0x03};
        memcpy(at + 9 + 256, exponent, sizeof exponent);
    }
    parse(in);
}

int main(void)
{
    //@ loop unroll SHORT + 1;
    for (size_t n = 0; n <= SHORT; n++)
        any_bytes(n);
    //@ loop unroll FORMS;
    for (size_t i = 0; i < FORMS; i++) {
        any_numbers(&forms[i], 0);
        any_numbers(&forms[i], 1);
    }
    return 0;
}
