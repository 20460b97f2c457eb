/* SPDX-License-Identifier: Apache-2.0 */
/* ca/key.h: OpenSSL reads what is written, verifies what is signed, and makes what is read. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "ca/key.h"
#include "ca/key_math.h"
#include "parse/public_key.h"
#include "parse/text.h"
#include "tests/scratch.h"
#include "verify/crypto.h"

static struct private_key key, other;

static bytes from_hex(const char *hex, uint8_t *buf)
{
    size_t n = strlen(hex) / 2;
    cr_assert(is_ok(hex_parse(BYTES((const uint8_t *)hex, 2 * n), HEX_LOWER, buf, n, NULL)));
    return BYTES(buf, n);
}

static void write_key(const struct scratch *s, const char *name, bool pkcs8)
{
    struct secret_pem pem;
    cr_assert(is_ok(pkcs8 ? private_key_write_pkcs8_pem(&key, &pem, NULL) : private_key_write_pem(&key, &pem, NULL)));
    cr_expect_eq(pem.len, strlen(pem.secret));
    scratch_write(s, name, BYTES((const uint8_t *)pem.secret, pem.len));
    secret_pem_wipe(&pem);
    cr_expect_eq(pem.secret[0], 0);
}

static status read_key(const struct scratch *s, const char *name, struct private_key *out, struct err *err)
{
    bytes pem = scratch_read(s, name);
    status read = private_key_parse_pem(pem, out, err);
    free((void *)pem.ptr);
    return read;
}

static void refused_file(const struct scratch *s, const char *line, enum err_kind kind, const char *part)
{
    struct private_key untouched = {0}, out = {0};
    struct err err = {0};
    scratch_run(s, line);
    cr_expect_eq(read_key(s, "file", &out, &err).kind, kind, "%s: %s", line, err.text);
    cr_expect(strstr(err.text, part), "%s: %s", line, err.text);
    cr_expect(memcmp(&out, &untouched, sizeof out) == 0, "%s: output touched", line);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

/* 0, n and all ones are no scalars; 1 and n-1 are. */
Test(key, scalars_out_of_range)
{
    const struct {
        enum key_kind kind;
        const char *hex;
        bool fits;
    } rows[] = {
        {KEY_P256, "0000000000000000000000000000000000000000000000000000000000000000", false},
        {KEY_P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", false},
        {KEY_P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552", false},
        {KEY_P256, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false},
        {KEY_P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325", false},
        {KEY_P256, "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", false},
        {KEY_P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", true},
        {KEY_P256, "0000000000000000000000000000000000000000000000000000000000000001", true},
        {KEY_P256, "00000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff", true},
        {KEY_P384, "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
         false},
        {KEY_P384, "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52972",
         true},
        {KEY_P384, "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
         false},
        {KEY_P384, "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
         true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t buf[64];
        struct err err = {0};
        memset(&key, 0, sizeof key);
        status s = private_key_from_scalar(rows[i].kind, from_hex(rows[i].hex, buf), &key, &err);
        cr_expect_eq(s.kind, rows[i].fits ? ERR_NONE : ERR_RANGE, "%s: %s", rows[i].hex, err.text);
        cr_expect_eq(key.spki_len > 0, rows[i].fits);
    }
    cr_expect_eq(private_key_from_scalar(KEY_RSA, BYTES_LIT("1"), &key, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(private_key_generate(KEY_RSA, &key, NULL).kind, ERR_UNSUPPORTED);
}

Test(key, files_refused)
{
    struct scratch s = scratch_open();
    refused_file(&s, ": > file", ERR_MISSING, "no PEM block");
    refused_file(&s, "openssl ecparam -name secp384r1 -genkey -out file 2>/dev/null", ERR_UNSUPPORTED, "EC PARAMETERS");
    refused_file(&s, "openssl ecparam -name secp384r1 -genkey -noout -out k && cat k k > file", ERR_TRAILING,
                 "more than one");
    refused_file(&s, "openssl ecparam -name secp521r1 -genkey -noout -out file", ERR_UNSUPPORTED, "have P-521");
    refused_file(&s, "openssl ecparam -name secp256k1 -genkey -noout -out file", ERR_UNSUPPORTED, "curve");
    refused_file(&s, "openssl ec -in k -pubout -out file 2>/dev/null", ERR_UNSUPPORTED, "PUBLIC KEY");
    refused_file(&s, "openssl genrsa -traditional -out file 2560 2>/dev/null", ERR_RANGE,
                 "want 2048, 3072 or 4096 bits, have 2560");
    refused_file(&s, "openssl genpkey -algorithm ED25519 -out file", ERR_UNSUPPORTED, "EC or RSA");
    refused_file(&s, "openssl pkcs8 -topk8 -passout pass:x -in k -out file", ERR_UNSUPPORTED, "ENCRYPTED");
    refused_file(&s, "openssl ec -in k -aes128 -passout pass:x -out file 2>/dev/null", ERR_SYNTAX, "");
    scratch_close(&s);
}

/* The point of another key beside the scalar; a prime of another key beside the modulus. */
Test(key, numbers_of_two_keys_mixed)
{
    struct scratch s = scratch_open();
    refused_file(&s,
                 "openssl ecparam -name secp384r1 -genkey -noout -outform DER -out a && "
                 "openssl ecparam -name secp384r1 -genkey -noout -outform DER -out b && "
                 "(head -c 70 a; tail -c +71 b) > ab && openssl base64 -in ab -out text && "
                 "(echo '-----BEGIN EC PRIVATE KEY-----'; cat text; echo '-----END EC PRIVATE KEY-----') > file",
                 ERR_MISMATCH, "point is not that of its scalar");
    scratch_close(&s);
}

Test(key, digests_of_other_lengths)
{
    struct signature s = {.len = 7};
    uint8_t digest[64] = {1};
    cr_assert(is_ok(private_key_generate(KEY_P256, &key, NULL)));
    cr_expect_eq(private_key_sign(&key, BYTES(digest, 20), &s, NULL).kind, ERR_BUG);
    cr_expect_eq(private_key_sign(&key, BYTES(digest, 64), &s, NULL).kind, ERR_BUG);
    cr_expect_eq(s.len, 7u);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The generators of the curves (SP 800-186, 3.2.1) are the points of d = 1. */
Test(key, public_halves)
{
    const struct {
        enum key_kind kind;
        const char *d, *spki;
    } rows[] = {
        {KEY_P256, "0000000000000000000000000000000000000000000000000000000000000001",
         "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a1394"
         "5d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"},
        {KEY_P384, "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
         "3076301006072a8648ce3d020106052b8104002203620004aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542"
         "a385502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d"
         "7e819d7a431d7c90ea0e5f"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t d[64], spki[200];
        cr_assert(is_ok(private_key_from_scalar(rows[i].kind, from_hex(rows[i].d, d), &key, NULL)));
        cr_expect(bytes_eq(private_key_spki(&key), from_hex(rows[i].spki, spki)), "%zu", i);
    }
}

/* What OpenSSL verifies: `algorithm` names the digest of the file "text", which holds TEXT. */
#define TEXT "one line\n"

static void expect_signature(const struct scratch *s, const char *algorithm)
{
    uint8_t digest[48];
    bytes text = BYTES_LIT(TEXT);
    bool is_long = strcmp(algorithm, "sha384") == 0;
    cr_assert(is_ok(is_long ? crypto_sha384(&text, 1, digest, NULL) : crypto_sha256(&text, 1, digest, NULL)));
    struct signature a, b;
    struct err err = {0};
    cr_assert(is_ok(private_key_sign(&key, BYTES(digest, is_long ? 48 : 32), &a, &err)), "%s", err.text);
    scratch_write(s, "signature", BYTES(a.bytes, a.len));
    scratch_write(s, "text", text);
    char line[200];
    snprintf(line, sizeof line, "openssl dgst -%s -verify public -signature signature text >/dev/null", algorithm);
    scratch_run(s, line);
    cr_assert(is_ok(private_key_sign(&key, BYTES(digest, is_long ? 48 : 32), &b, NULL)));
    cr_expect_eq(key.kind == KEY_RSA, bytes_eq(BYTES(a.bytes, a.len), BYTES(b.bytes, b.len)), "randomized, or not");
}

static void expect_files(const struct scratch *s, const char *check)
{
    scratch_write(s, "spki", private_key_spki(&key));
    scratch_run(s, "openssl pkey -pubin -inform DER -in spki -out public");
    for (int pkcs8 = 0; pkcs8 < 2; pkcs8++) {
        write_key(s, "key", pkcs8);
        scratch_run(
            s, "openssl pkey -in key -check -noout >/dev/null && openssl pkey -in key -pubout -out p && cmp p public");
        scratch_run(s, check);
        struct err err = {0};
        cr_assert(is_ok(read_key(s, "key", &other, &err)), "%s", err.text);
        cr_expect(memcmp(&key, &other, sizeof key) == 0);
    }
}

Test(key, ec_with_openssl)
{
    const struct {
        enum key_kind kind;
        const char *check;
    } rows[] = {
        {KEY_P256, "openssl pkey -in key -text -noout | grep -q 'NIST CURVE: P-256'"},
        {KEY_P384, "openssl pkey -in key -text -noout | grep -q 'NIST CURVE: P-384'"},
    };
    struct scratch s = scratch_open();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert(is_ok(private_key_generate(rows[i].kind, &other, NULL)));
        cr_assert(is_ok(private_key_generate(rows[i].kind, &key, NULL)));
        cr_expect(memcmp(&key, &other, sizeof key) != 0);
        expect_files(&s, rows[i].check);
        expect_signature(&s, "sha256");
        expect_signature(&s, "sha384");
        /* byte for byte the form that OpenSSL writes */
        write_key(&s, "key", false);
        scratch_run(&s, "openssl ec -in key -out again 2>/dev/null && cmp key again");
        write_key(&s, "key", true);
        scratch_run(&s, "openssl pkey -in key -out again && cmp key again");
    }
    scratch_close(&s);
}

/* What seed shares may be encrypted for, an owner's key may be. */
Test(key, rsa_of_other_sizes)
{
    static const char *const bits[] = {"2048", "3072"};
    struct scratch s = scratch_open();
    for (size_t i = 0; i < 2; i++) {
        char line[200];
        struct err err = {0};
        snprintf(line, sizeof line, "openssl genrsa -traditional -out pkcs1 %s 2>/dev/null", bits[i]);
        scratch_run(&s, line);
        cr_assert(is_ok(read_key(&s, "pkcs1", &key, &err)), "%s", err.text);
        snprintf(line, sizeof line, "openssl pkey -in key -text -noout | grep -q 'Private-Key: (%s bit, 2 primes)'",
                 bits[i]);
        expect_files(&s, line);
        expect_signature(&s, "sha256");
    }
    scratch_close(&s);
}

Test(key, rsa_with_openssl)
{
    struct scratch s = scratch_open();
    struct err err = {0};
    scratch_run(&s, "openssl genrsa -traditional -out pkcs1 4096 2>/dev/null");
    cr_assert(is_ok(read_key(&s, "pkcs1", &key, &err)), "%s", err.text);
    cr_expect_eq(key.kind, KEY_RSA);
    expect_files(&s, "openssl pkey -in key -text -noout | grep -q 'Private-Key: (4096 bit, 2 primes)'");
    expect_signature(&s, "sha256");
    write_key(&s, "key", false);
    scratch_run(&s, "cmp key pkcs1");

    /* the second prime of another key */
    struct rsa_private_key parsed;
    cr_assert(is_ok(rsa_private_key_parse(BYTES(key.secret_der, key.secret_der_len), &parsed, NULL)));
    key.secret_der[parsed.secret_primes[1].ptr - key.secret_der + 100] ^= 4;
    write_key(&s, "key", false);
    cr_expect_eq(read_key(&s, "key", &other, &err).kind, ERR_MISMATCH);
    cr_expect(strstr(err.text, "do not belong together"), "%s", err.text);
    scratch_close(&s);
}

Test(key, rsa_generated)
{
    struct scratch s = scratch_open();
    cr_assert(is_ok(private_key_generate_rsa(&key, NULL)));
    expect_files(&s, "openssl pkey -in key -text -noout | grep -q 'publicExponent: 65537 '");
    scratch_close(&s);
}

Test(key, wiped)
{
    cr_assert(is_ok(private_key_generate(KEY_P384, &key, NULL)));
    private_key_wipe(&key);
    cr_expect(bytes_are_zero(BYTES((const uint8_t *)&key, sizeof key)));
}
