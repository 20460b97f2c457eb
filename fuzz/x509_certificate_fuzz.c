/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: x509_certificate_parse x509_extension_next x509_attribute_next snp_name_is snp_ca_name_parse
 * snp_ca_from_certificate. */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "parse/limits.h"
#include "parse/time.h"
#include "snp/ca.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static void require(bool holds)
{
    if (!holds) abort();
}

/* `view` begins at or behind `*at` and ends inside `in`; moves `*at` to its end. */
static void require_next(bytes view, bytes in, const uint8_t **at)
{
    require(view.ptr >= *at && view.ptr + view.len <= in.ptr + in.len);
    *at = view.ptr + view.len;
}

/* The parts stand in the order of RFC 5280, inside what they belong to. */
static void check_order(const struct x509_certificate *x, bytes in)
{
    const uint8_t *at = in.ptr;
    require_next(x->tbs, in, &at);
    require_next(x->outer_algorithm, in, &at);
    require_next(x->signature, in, &at);
    require(at == in.ptr + in.len);
    at = x->tbs.ptr;
    require_next(x->serial, x->tbs, &at);
    require_next(x->inner_algorithm, x->tbs, &at);
    require_next(x->issuer, x->tbs, &at);
    require_next(x->subject, x->tbs, &at);
    require_next(x->spki, x->tbs, &at);
    if (!bytes_is_absent(x->extensions)) require_next(x->extensions, x->tbs, &at);
    require(at == x->tbs.ptr + x->tbs.len);
    at = x->spki.ptr;
    require_next(x->key_algorithm, x->spki, &at);
    require_next(x->public_key, x->spki, &at);
    require(at == x->spki.ptr + x->spki.len);
}

static void check_extensions(bytes list)
{
    struct x509_extension seen[LIMIT_CERTIFICATE_EXTENSIONS];
    size_t n = 0;
    if (bytes_is_absent(list)) return;
    struct cursor c = cursor_over(list);
    for (; cursor_left(&c) > 0; n++) {
        require(n < LIMIT_CERTIFICATE_EXTENSIONS);
        seen[n] = x509_extension_next(&c);
        for (size_t i = 0; i < n; i++)
            require(!bytes_eq(seen[i].oid, seen[n].oid));
    }
    require(n > 0 && is_ok(cursor_end(&c, NULL)));
}

/* Only one name has all of AMD's attributes and this common name. */
static void check_name(bytes name)
{
    enum snp_product product = SNP_PRODUCT_UNKNOWN;
    enum snp_ca_role role = SNP_ARK;
    bool known = snp_ca_name_parse(name, &product, &role);
    if (known) require(product != SNP_PRODUCT_UNKNOWN && !snp_name_is(name, "SEV-VCEK"));
    struct cursor c = cursor_over(name);
    for (size_t i = 0; i < 8 && cursor_left(&c) > 0; i++) {
        struct x509_attribute a = x509_attribute_next(&c);
        if (!cursor_failed(&c)) require(a.oid.len > 0 && a.tag != 0 && !bytes_is_absent(a.text));
    }
}

static void check_accepted(const struct x509_certificate *x, bytes in)
{
    require(bytes_eq(x->raw, in) && in.len <= LIMIT_CERTIFICATE_BYTES);
    check_order(x, in);
    check_extensions(x->extensions);
    check_name(x->issuer);
    check_name(x->subject);
    require(x->not_before >= TIME_MIN && x->not_before <= TIME_MAX);
    require(x->not_after >= TIME_MIN && x->not_after <= TIME_MAX);

    struct x509_certificate again;
    require(!is_ok(x509_certificate_parse(bytes_slice(in, 0, in.len - 1), &again, NULL)));

    struct snp_ca ca = {.serial = 77};
    struct err err = {0};
    status s = snp_ca_from_certificate(x, &ca, &err);
    if (is_ok(s)) require(ca.modulus > x->tbs.ptr && ca.modulus + RSA_4096_BYTES < x->tbs.ptr + x->tbs.len);
    if (!is_ok(s)) require(err.rule && err.text[0] != '\0' && ca.serial == 77);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct x509_certificate x = {.not_before = 77};
    struct err err = {0};
    bytes in = BYTES(data, size);
    status s = x509_certificate_parse(in, &x, &err);
    if (is_ok(s)) {
        check_accepted(&x, in);
        return 0;
    }
    require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= size && x.not_before == 77);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 4 ? der_mutate(data, size, max, seed / 4) : mutate_bytes(data, size, max, seed);
}
