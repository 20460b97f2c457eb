/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: x509_crl_parse x509_crl_is_meant x509_crl_entry_next x509_extension_next. */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "parse/limits.h"
#include "parse/time.h"
#include "parse/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_next(bytes view, bytes in, const uint8_t **at)
{
    require(view.ptr >= *at && view.ptr + view.len <= in.ptr + in.len);
    *at = view.ptr + view.len;
}

static void check_order(const struct x509_crl *x, bytes in)
{
    const uint8_t *at = in.ptr;
    require_next(x->tbs, in, &at);
    require_next(x->outer_algorithm, in, &at);
    require_next(x->signature, in, &at);
    require(at == in.ptr + in.len);
    at = x->tbs.ptr;
    require_next(x->inner_algorithm, x->tbs, &at);
    require_next(x->issuer, x->tbs, &at);
    if (!bytes_is_absent(x->entries)) require_next(x->entries, x->tbs, &at);
    if (!bytes_is_absent(x->extensions)) require_next(x->extensions, x->tbs, &at);
    require(at <= x->tbs.ptr + x->tbs.len);
}

static void check_entries(bytes list)
{
    if (bytes_is_absent(list)) return;
    struct cursor c = cursor_over(list);
    size_t n = 0;
    for (; cursor_left(&c) > 0; n++) {
        struct x509_crl_entry e = x509_crl_entry_next(&c);
        require(e.serial.len > 0 && e.serial.ptr > list.ptr && e.serial.ptr + e.serial.len < list.ptr + list.len);
        require(e.serial.len == 1 || e.serial.ptr[0] != 0);
        require(e.revoked_at >= TIME_MIN && e.revoked_at <= TIME_MAX);
    }
    require(n > 0 && n <= LIMIT_CRL_ENTRIES && is_ok(cursor_end(&c, NULL)));
}

/* None is critical and none comes twice. */
static void check_extensions(bytes list)
{
    bytes seen[LIMIT_CERTIFICATE_EXTENSIONS];
    size_t n = 0;
    if (bytes_is_absent(list)) return;
    struct cursor c = cursor_over(list);
    for (; cursor_left(&c) > 0; n++) {
        require(n < LIMIT_CERTIFICATE_EXTENSIONS);
        struct x509_extension x = x509_extension_next(&c);
        require(!x.critical);
        seen[n] = x.oid;
        for (size_t i = 0; i < n; i++)
            require(!bytes_eq(seen[i], x.oid));
    }
    require(n > 0 && is_ok(cursor_end(&c, NULL)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct x509_crl x = {.this_update = 77}, again;
    struct err err = {0};
    struct x509_certificate certificate;
    bytes in = BYTES(data, size);
    status s = x509_crl_parse(in, &x, &err);
    require(!x509_crl_is_meant(in) || !is_ok(x509_certificate_parse(in, &certificate, NULL)));
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= size && x.this_update == 77);
        return 0;
    }
    require(bytes_eq(x.raw, in) && size <= LIMIT_CRL_BYTES);
    check_order(&x, in);
    check_entries(x.entries);
    check_extensions(x.extensions);
    require(x.has_next_update || x.next_update == 0);
    require(!is_ok(x509_crl_parse(bytes_slice(in, 0, size - 1), &again, NULL)));
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 4 ? der_mutate(data, size, max, seed / 4) : mutate_bytes(data, size, max, seed);
}
