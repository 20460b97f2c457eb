/* SPDX-License-Identifier: Apache-2.0 */
/* parse/private_key.h on keys that OpenSSL made. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/pem.h"
#include "parse/private_key.h"
#include "tests/scratch.h"

enum form { EC, RSA, INFO };

static status parse(enum form form, bytes in, struct private_key_info *out, struct err *err)
{
    if (form == INFO) return private_key_info_parse(in, out, err);
    return form == EC ? ec_private_key_parse(in, &out->ec, err) : rsa_private_key_parse(in, &out->rsa, err);
}

static void refused(enum form form, bytes in, enum err_kind kind, const char *what)
{
    struct private_key_info out = {0};
    const struct private_key_info untouched = {0};
    struct err err = {0};
    cr_expect_eq(parse(form, in, &out, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] && err.offset <= in.len, "%s: byte %zu", what, err.offset);
    cr_expect(memcmp(&out, &untouched, sizeof out) == 0, "%s: output touched", what);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

#define ONES_31 "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
#define ONES_32 "\1" ONES_31
#define P256    "\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define CURVE   "\xa0\x0a\x06\x08" P256
#define EC_KEY  "\x30\x31\x02\x01\x01\x04\x20" ONES_32 CURVE

Test(private_key, ec_refused)
{
    const struct {
        bytes in;
        enum err_kind kind;
        const char *what;
    } rows[] = {
        {BYTES_ABSENT, ERR_TRUNCATED, "absent"},
        {BYTES_LIT(EC_KEY "\0"), ERR_TRAILING, "a byte behind"},
        {BYTES_LIT("\x30\x31\x02\x01\x00\x04\x20" ONES_32 CURVE), ERR_UNSUPPORTED, "version 0"},
        {BYTES_LIT("\x30\x25\x02\x01\x01\x04\x20" ONES_32), ERR_MISSING, "no curve"},
        {BYTES_LIT("\x30\x30\x02\x01\x01\x04\x1f" ONES_31 CURVE), ERR_SYNTAX, "a scalar of 31 bytes"},
        {BYTES_LIT("\x30\x32\x02\x01\x01\x04\x21\x01" ONES_32 CURVE), ERR_SYNTAX, "a scalar of 33 bytes"},
        {BYTES_LIT("\x30\x2e\x02\x01\x01\x04\x20" ONES_32 "\xa0\x07\x06\x05\x2b\x81\x04\x00\x0a"), ERR_UNSUPPORTED,
         "secp256k1"},
        {BYTES_LIT("\x30\x2e\x02\x01\x01\x04\x20" ONES_32 "\xa0\x07\x06\x05\x2b\x81\x04\x00\x22"), ERR_SYNTAX,
         "a scalar of P-256 for P-384"},
        {BYTES_LIT("\x30\x37\x02\x01\x01\x04\x20" ONES_32 CURVE "\xa1\x04\x03\x02\x00\x04"), ERR_SYNTAX,
         "a point of one byte"},
        {BYTES_LIT("\x30\x38\x02\x01\x01\x04\x20" ONES_32 CURVE "\xa1\x05\x03\x02\x01\x04\x00"), ERR_SYNTAX,
         "a point with unused bits"},
        {BYTES_LIT("\x30\x33\x02\x01\x01\x04\x20" ONES_32 CURVE "\xa2\x00"), ERR_TRAILING, "something more"},
        {BYTES_LIT("\x30\x3d\x02\x01\x01\x04\x20" ONES_32 CURVE CURVE), ERR_TRAILING, "two curves"},
        {BYTES_LIT("\x30\x33\x02\x01\x01\x04\x20" ONES_32 "\xa0\x0c\x06\x08" P256 "\x05\x00"), ERR_TRAILING,
         "something beside the curve"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refused(EC, rows[i].in, rows[i].kind, rows[i].what);
    const bytes whole = BYTES_LIT(EC_KEY);
    for (size_t n = 0; n < whole.len; n++)
        refused(EC, bytes_slice(whole, 0, n), ERR_TRUNCATED, "prefix");
}

#define EC_ALGORITHM "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08" P256
#define BARE_KEY     "\x30\x25\x02\x01\x01\x04\x20" ONES_32
#define INFO_KEY     "\x30\x41\x02\x01\x00" EC_ALGORITHM "\x04\x27" BARE_KEY

Test(private_key, info_refused)
{
    const struct {
        bytes in;
        enum err_kind kind;
        const char *what;
    } rows[] = {
        {BYTES_LIT(INFO_KEY "\0"), ERR_TRAILING, "a byte behind"},
        {BYTES_LIT("\x30\x41\x02\x01\x01" EC_ALGORITHM "\x04\x27" BARE_KEY), ERR_UNSUPPORTED, "version 1"},
        {BYTES_LIT("\x30\x43\x02\x01\x00" EC_ALGORITHM "\x04\x27" BARE_KEY "\xa0\x00"), ERR_TRAILING, "attributes"},
        {BYTES_LIT("\x30\x42\x02\x01\x00" EC_ALGORITHM "\x04\x28" BARE_KEY "\0"), ERR_TRAILING, "a byte behind inside"},
        {BYTES_LIT("\x30\x4d\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"
                   "\x04\x36\x30\x34\x02\x01\x01\x04\x20" ONES_32 CURVE "\x05\x00"),
         ERR_TRUNCATED, "lengths that do not fit"},
        {BYTES_LIT("\x30\x4a\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"
                   "\x04\x33" EC_KEY),
         ERR_MISMATCH, "another curve inside"},
        {BYTES_LIT("\x30\x33\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x27" BARE_KEY), ERR_UNSUPPORTED, "Ed25519"},
        {BYTES_LIT("\x30\x39\x02\x01\x00\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x04\x27" BARE_KEY),
         ERR_SYNTAX, "RSA without NULL"},
        {BYTES_LIT("\x30\x43\x02\x01\x00\x30\x15\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08" P256
                   "\x05\x00\x04\x27" BARE_KEY),
         ERR_TRAILING, "EC with more parameters"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refused(INFO, rows[i].in, rows[i].kind, rows[i].what);
    const bytes whole = BYTES_LIT(INFO_KEY);
    for (size_t n = 0; n < whole.len; n++)
        refused(INFO, bytes_slice(whole, 0, n), ERR_TRUNCATED, "prefix");
}

/* One byte more, one fewer, and each byte changed: refused, or another value. */
static void edit(enum form form, bytes whole)
{
    uint8_t copy[2500];
    cr_assert_lt(whole.len, sizeof copy);
    memcpy(copy, whole.ptr, whole.len);
    copy[whole.len] = 0;
    refused(form, BYTES(copy, whole.len + 1), ERR_TRAILING, "one more byte");
    for (size_t n = 0; n < whole.len; n++)
        refused(form, BYTES(copy, n), ERR_TRUNCATED, "prefix");
    for (size_t i = 0; i < whole.len; i++) {
        struct private_key_info out = {0};
        struct err err = {0};
        copy[i] ^= 1;
        status s = parse(form, BYTES(copy, whole.len), &out, &err);
        cr_expect(is_ok(s) || err.text[0] != '\0', "byte %zu", i);
        copy[i] ^= 1;
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The file `name`, one block with `label`, into buf. */
static bytes read_pem(const struct scratch *s, const char *name, const char *label, uint8_t *buf, size_t cap)
{
    bytes pem = scratch_read(s, name), der;
    struct err err = {0};
    cr_assert(is_ok(pem_parse(pem, label, &der, 1, buf, cap, &err)), "%s: %s", name, err.text);
    free((void *)pem.ptr);
    return der;
}

Test(private_key, openssl_ec)
{
    struct scratch s = scratch_open();
    uint8_t buf[500];
    struct private_key_info info;
    const struct {
        const char *name;
        enum ec_curve curve;
    } rows[] = {{"prime256v1", EC_P256}, {"secp384r1", EC_P384}, {"secp521r1", EC_P521}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[200];
        size_t n = ec_curve_field_bytes(rows[i].curve);
        snprintf(
            line, sizeof line,
            "openssl ecparam -name %s -genkey -noout -out sec1 && openssl pkcs8 -topk8 -nocrypt -in sec1 -out info",
            rows[i].name);
        scratch_run(&s, line);
        bytes der = read_pem(&s, "sec1", "EC PRIVATE KEY", buf, sizeof buf);
        struct ec_private_key key;
        cr_assert(is_ok(ec_private_key_parse(der, &key, NULL)));
        cr_expect(key.curve == rows[i].curve && key.secret_scalar.len == n && key.point.len == 1 + 2 * n);
        edit(EC, der);
        uint8_t scalar[66];
        memcpy(scalar, key.secret_scalar.ptr, n);

        der = read_pem(&s, "info", "PRIVATE KEY", buf, sizeof buf);
        cr_assert(is_ok(private_key_info_parse(der, &info, NULL)));
        cr_expect(info.form == PRIVATE_KEY_EC && info.ec.curve == rows[i].curve);
        cr_expect(bytes_eq(info.ec.secret_scalar, BYTES(scalar, n)));
        edit(INFO, der);
    }
    scratch_close(&s);
}

Test(private_key, openssl_rsa)
{
    struct scratch s = scratch_open();
    uint8_t buf[2500];
    scratch_run(&s,
                "openssl genrsa -traditional -out pkcs1 2048 2>/dev/null && openssl genrsa -out info 2048 2>/dev/null");
    bytes der = read_pem(&s, "pkcs1", "RSA PRIVATE KEY", buf, sizeof buf);
    struct rsa_private_key key;
    struct err err = {0};
    cr_assert(is_ok(rsa_private_key_parse(der, &key, &err)), "%s", err.text);
    cr_expect(key.public.bits == 2048 && key.public.exponent == 65537 && key.secret_primes[0].len == 128);
    edit(RSA, der);

    struct private_key_info info;
    der = read_pem(&s, "info", "PRIVATE KEY", buf, sizeof buf);
    cr_assert(is_ok(private_key_info_parse(der, &info, NULL)));
    cr_expect(info.form == PRIVATE_KEY_RSA && info.rsa.public.bits == 2048);
    edit(INFO, der);

    scratch_run(&s, "openssl genrsa -traditional -primes 3 -out three 2048 2>/dev/null");
    refused(RSA, read_pem(&s, "three", "RSA PRIVATE KEY", buf, sizeof buf), ERR_UNSUPPORTED, "three primes");
    scratch_close(&s);
}
