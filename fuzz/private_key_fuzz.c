/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: ec_private_key_parse rsa_private_key_parse private_key_info_parse public_key_parse der_begin
 * der_add_unsigned.
 *
 * A key that is read has one encoding: written again it is the input.
 */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "parse/der_write.h"
#include "parse/limits.h"
#include "parse/private_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static uint8_t buf[1 << 16];

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refusal(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

static void require_inside(bytes view, bytes in)
{
    require(view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len);
}

static void require_same(struct der_out *o, bytes want)
{
    bytes written;
    require(is_ok(der_finish(o, "key", &written, NULL)) && bytes_eq(written, want));
}

static void check_ec(bytes in, const struct ec_private_key *key)
{
    struct der_out o = {.buf = buf, .cap = sizeof buf};
    size_t n = ec_curve_field_bytes(key->curve), sequence = der_begin(&o, DER_SEQUENCE);
    require(key->secret_scalar.len == n && (bytes_is_absent(key->point) || key->point.len == 1 + 2 * n));
    require_inside(key->secret_scalar, in);
    der_add_u64(&o, 1);
    der_add_element(&o, DER_OCTET_STRING, key->secret_scalar);
    size_t parameters = der_begin(&o, DER_CONTEXT(0));
    der_add_element(&o, DER_OID, ec_curve_oid(key->curve));
    der_end(&o, parameters);
    if (!bytes_is_absent(key->point)) {
        size_t point = der_begin(&o, DER_CONTEXT(1));
        der_add_octet_bits(&o, key->point);
        der_end(&o, point);
    }
    der_end(&o, sequence);
    require_same(&o, in);
}

static void check_rsa(bytes in, const struct rsa_private_key *key)
{
    struct der_out o = {.buf = buf, .cap = sizeof buf};
    size_t sequence = der_begin(&o, DER_SEQUENCE);
    require(key->public.bits >= LIMIT_RSA_MODULUS_BITS_LEAST && key->public.bits <= LIMIT_RSA_MODULUS_BITS_MOST);
    const bytes numbers[] = {key->secret_exponent,     key->secret_primes[0],    key->secret_primes[1],
                             key->secret_exponents[0], key->secret_exponents[1], key->secret_coefficient};
    der_add_u64(&o, 0);
    der_add_unsigned(&o, key->public.modulus);
    der_add_u64(&o, key->public.exponent);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        require_inside(numbers[i], in);
        der_add_unsigned(&o, numbers[i]);
    }
    der_end(&o, sequence);
    require_same(&o, in);
}

static void check_info(bytes in, const struct private_key_info *info)
{
    struct ec_private_key ec;
    struct rsa_private_key rsa;
    require_inside(info->secret_inner, in);
    if (info->form == PRIVATE_KEY_RSA)
        require(is_ok(rsa_private_key_parse(info->secret_inner, &rsa, NULL)));
    else if (is_ok(ec_private_key_parse(info->secret_inner, &ec, NULL)))
        require(ec.curve == info->ec.curve && bytes_eq(ec.secret_scalar, info->ec.secret_scalar));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bytes in = BYTES(data, size);
    struct ec_private_key ec;
    struct rsa_private_key rsa;
    struct private_key_info info;
    struct public_key public;
    struct err err[4] = {{0}};

    status s = ec_private_key_parse(in, &ec, &err[0]);
    is_ok(s) ? check_ec(in, &ec) : require_refusal(s, &err[0], size);
    s = rsa_private_key_parse(in, &rsa, &err[1]);
    is_ok(s) ? check_rsa(in, &rsa) : require_refusal(s, &err[1], size);
    s = private_key_info_parse(in, &info, &err[2]);
    is_ok(s) ? check_info(in, &info) : require_refusal(s, &err[2], size);
    s = public_key_parse(in, &public, &err[3]);
    is_ok(s) ? require_inside(public.octets, in) : require_refusal(s, &err[3], size);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 4 == 0 ? mutate_bytes(data, size, max, seed / 4) : der_mutate(data, size, max, seed / 4);
}
