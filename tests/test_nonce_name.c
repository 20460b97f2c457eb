/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/nonce_name.h"

#define EXAMPLE_BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define HEAD           "\x30\x37\x31\x35\x30\x33\x06\x03\x55\x04\x03"
#define EXAMPLE        HEAD "\x13\x2c" EXAMPLE_BASE64

static void refused(bytes in, enum err_kind kind, const char *what)
{
    uint8_t nonce[ATLS_NONCE_BYTES] = {77};
    struct err err = {0};
    cr_expect_eq(nonce_name_parse(in, nonce, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] != '\0' && nonce[0] == 77 && nonce[31] == 0, "%s", what);
}

static void list_refused(bytes in, enum err_kind kind, const char *what)
{
    uint8_t nonce[ATLS_NONCE_BYTES] = {77};
    struct err err = {0};
    cr_expect_eq(nonce_name_list_parse(in, nonce, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] != '\0' && nonce[0] == 77 && nonce[31] == 0, "%s", what);
}

Test(nonce_name, names_of_another_form)
{
    refused(BYTES_LIT(""), ERR_TRUNCATED, "nothing");
    refused(BYTES_LIT("\x30\x00"), ERR_TRUNCATED, "no RDN");
    refused(BYTES_LIT("\x30\x02\x31\x00"), ERR_TRUNCATED, "no attribute");
    refused(BYTES_LIT(HEAD "\x16\x2c" EXAMPLE_BASE64), ERR_SYNTAX, "an IA5String");
    refused(BYTES_LIT(HEAD "\x04\x2c" EXAMPLE_BASE64), ERR_SYNTAX, "no string at all");
    refused(BYTES_LIT("\x30\x37\x31\x35\x30\x33\x06\x03\x55\x04\x0a\x13\x2c" EXAMPLE_BASE64), ERR_MISSING,
            "an organisation");
    refused(BYTES_LIT(EXAMPLE "\0"), ERR_TRAILING, "a byte behind the name");
    refused(BYTES_LIT("\x30\x81\x37\x31\x35\x30\x33\x06\x03\x55\x04\x03\x13\x2c" EXAMPLE_BASE64), ERR_SYNTAX,
            "a length in two octets");
    refused(BYTES_LIT("\x30\x6e"
                      "\x31\x35\x30\x33\x06\x03\x55\x04\x03\x13\x2c" EXAMPLE_BASE64
                      "\x31\x35\x30\x33\x06\x03\x55\x04\x03\x13\x2c" EXAMPLE_BASE64),
            ERR_TRAILING, "two RDNs");
}

Test(nonce_name, nonces_of_another_form)
{
    refused(BYTES_LIT(HEAD "\x13\x2c"
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="),
            ERR_RANGE, "31 bytes");
    refused(BYTES_LIT(HEAD "\x13\x2c"
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"),
            ERR_RANGE, "33 bytes");
    refused(BYTES_LIT("\x30\x0b\x31\x09\x30\x07\x06\x03\x55\x04\x03\x13\x00"), ERR_RANGE, "no text");
    refused(BYTES_LIT(HEAD "\x13\x2c"
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 "),
            ERR_SYNTAX, "a space");
    refused(BYTES_LIT(HEAD "\x13\x2c"
                           "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9="),
            ERR_SYNTAX, "unused bits");
}

#define ENTRY "\0\x39" EXAMPLE

Test(nonce_name, lists_of_another_length)
{
    list_refused(BYTES_LIT(""), ERR_MISSING, "no name");
    list_refused(BYTES_ABSENT, ERR_MISSING, "no list");
    list_refused(BYTES_LIT("\0"), ERR_TRUNCATED, "half a length");
    list_refused(BYTES_LIT("\0\0"), ERR_TRUNCATED, "an empty name");
    list_refused(BYTES_LIT(ENTRY ENTRY), ERR_TRAILING, "two names");
    list_refused(BYTES_LIT(ENTRY "\0"), ERR_TRAILING, "a byte behind the name");
    list_refused(BYTES_LIT("\0\x3a" EXAMPLE), ERR_TRUNCATED, "a name past its list");
    list_refused(BYTES_LIT("\0\x38" EXAMPLE), ERR_TRAILING, "a name shorter than it is");
}

Test(nonce_name, every_prefix_and_every_change)
{
    uint8_t in[] = ENTRY;
    size_t len = sizeof in - 1;
    uint8_t nonce[ATLS_NONCE_BYTES], other[ATLS_NONCE_BYTES];
    cr_assert(is_ok(nonce_name_list_parse(BYTES(in, len), nonce, NULL)));
    for (size_t n = 0; n < len; n++)
        cr_assert(!is_ok(nonce_name_list_parse(BYTES(in, n), other, NULL)), "%zu bytes", n);
    for (size_t i = 0; i < len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            in[i] ^= (uint8_t)(1u << bit);
            if (is_ok(nonce_name_list_parse(BYTES(in, len), other, NULL)))
                cr_assert(memcmp(nonce, other, sizeof nonce) != 0, "byte %zu bit %u", i, bit);
            in[i] ^= (uint8_t)(1u << bit);
        }
}

/* The exact bytes of the Contrast protocol, and both kinds of string. */
Test(nonce_name, values)
{
    uint8_t nonce[ATLS_NONCE_BYTES], out[NONCE_NAME_BYTES];
    for (uint8_t i = 0; i < sizeof nonce; i++)
        nonce[i] = i;
    nonce_name_write(nonce, out);
    cr_expect(bytes_eq(BYTES_OF(out), BYTES_LIT(EXAMPLE)));

    uint8_t read[ATLS_NONCE_BYTES] = {0};
    cr_assert(is_ok(nonce_name_parse(BYTES_OF(out), read, NULL)));
    cr_expect(memcmp(nonce, read, sizeof nonce) == 0);
    memset(read, 0, sizeof read);
    cr_assert(is_ok(nonce_name_parse(BYTES_LIT(HEAD "\x0c\x2c" EXAMPLE_BASE64), read, NULL)));
    cr_expect(memcmp(nonce, read, sizeof nonce) == 0);
    memset(read, 0, sizeof read);
    cr_assert(is_ok(nonce_name_list_parse(BYTES_LIT(ENTRY), read, NULL)));
    cr_expect(memcmp(nonce, read, sizeof nonce) == 0);
}
