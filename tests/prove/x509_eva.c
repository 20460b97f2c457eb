/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate and a CRL with each element that may be there, cut by one byte, and with one byte that is any, at
 * every sixth place; every getter on any 2 bytes or fewer.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/x509.h"
#include "tests/prove/input.h"

enum { FREE = 2, CERTIFICATE = 87, CRL = 91, STEP = 6 };

#define TIME_1 0x17, 0x0d, '2', '6', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z'
#define TIME_2 0x17, 0x0d, '3', '3', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z'
#define EMPTY  0x30, 0x00
#define PLAIN  0x30, 0x06, 0x06, 0x01, 0x2b, 0x04, 0x01, 0x05                   /* an extension */
#define STRONG 0x30, 0x09, 0x06, 0x01, 0x2a, 0x01, 0x01, 0xff, 0x04, 0x01, 0x05 /* a critical one */

/* Version, serial, algorithm, issuer, validity, subject, key, extensions; algorithm, signature. */
static const uint8_t certificate[CERTIFICATE] = {
    0x30,  0x55, 0x30, 0x4d,   0xa0,   0x03,  0x02,  0x01, 0x02,  0x02, 0x01, 0x01, EMPTY,
    EMPTY, 0x30, 0x1e, TIME_1, TIME_2, EMPTY, 0x30,  0x06, EMPTY, 0x03, 0x02, 0x00, 0x07,
    0xa3,  0x15, 0x30, 0x13,   STRONG, PLAIN, EMPTY, 0x03, 0x02,  0x00, 0x09,
};

/* Version, algorithm, issuer, times, one entry with an extension, extensions; algorithm, signature. */
static const uint8_t crl[CRL] = {
    0x30, 0x59, 0x30,   0x51, 0x02, 0x01,  0x01, EMPTY, EMPTY, TIME_1, TIME_2, 0x30,  0x1e, 0x30, 0x1c, 0x02,
    0x01, 0x05, TIME_1, 0x30, 0x08, PLAIN, 0xa0, 0x0a,  0x30,  0x08,   PLAIN,  EMPTY, 0x03, 0x02, 0x00, 0x09,
};

static void read_certificate(bytes in)
{
    struct x509_certificate x;
    struct err err = {0};
    if (!is_ok(x509_certificate_parse(in, &x, &err))) return;
    (void)bytes_are_zero(x.public_key);
    (void)bytes_are_zero(x.spki);
    struct cursor c = cursor_over(x.extensions);
    (void)bytes_are_zero(x509_extension_next(&c).value);
}

static void read_crl(bytes in)
{
    struct x509_crl x;
    struct err err = {0};
    if (!is_ok(x509_crl_parse(in, &x, &err))) return;
    struct cursor c = cursor_over(x.entries);
    (void)bytes_are_zero(x509_crl_entry_next(&c).serial);
}

static void meant(bytes in)
{
    (void)x509_crl_is_meant(in);
}

static void one_of_certificate(size_t at)
{
    uint8_t input[CERTIFICATE];
    memcpy(input, certificate, CERTIFICATE);
    UNKNOWN(input[at]);
    read_certificate(BYTES_OF(input));
}

static void one_of_crl(size_t at)
{
    uint8_t input[CRL];
    memcpy(input, crl, CRL);
    UNKNOWN(input[at]);
    read_crl(BYTES_OF(input));
    meant(BYTES_OF(input));
}

/* Each getter by itself: what Eva tells apart for one is not to be multiplied with the next. */
static void any_extension(size_t n)
{
    uint8_t input[FREE];
    struct cursor c = cursor_over(INPUT(input, n));
    (void)bytes_are_zero(x509_extension_next(&c).value);
}

static void any_entry(size_t n)
{
    uint8_t input[FREE];
    struct cursor c = cursor_over(INPUT(input, n));
    (void)bytes_are_zero(x509_crl_entry_next(&c).serial);
}

static void any_attribute(size_t n)
{
    uint8_t input[FREE];
    struct cursor c = cursor_over(INPUT(input, n));
    (void)bytes_are_zero(x509_attribute_next(&c).text);
}

static void any_bytes(size_t n)
{
    uint8_t input[FREE];
    any_extension(n);
    any_entry(n);
    any_attribute(n);
    read_certificate(INPUT(input, n));
    read_crl(INPUT(input, n));
}

/* SET { SEQUENCE { OID, string } }, one byte of which is any. */
static void attribute(size_t at)
{
    uint8_t input[] = {0x31, 0x08, 0x30, 0x06, 0x06, 0x01, 0x2a, 0x0c, 0x01, 'x'};
    UNKNOWN(input[at]);
    struct cursor c = cursor_over(BYTES_OF(input));
    (void)bytes_are_zero(x509_attribute_next(&c).text);
}

/* What begins as a CRL and as a certificate of version 1, one byte of which is any. */
static void likely(size_t at)
{
    uint8_t input[] = {0x30, 0x11, 0x30, 0x0f, 0x02, 0x01, 0x01, 0x30, 0x03, 0x06, 0x01, 0x2a, 0x30, 0x00, 0x30};
    UNKNOWN(input[at]);
    meant(BYTES_OF(input));
}

int main(void)
{
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        any_bytes(n);
    //@ loop unroll 10;
    for (size_t at = 0; at < 10; at++)
        attribute(at);
    //@ loop unroll 15;
    for (size_t at = 0; at < 15; at++)
        likely(at);
    read_certificate(BYTES(certificate, CERTIFICATE - 1));
    read_crl(BYTES(crl, CRL - 1));
    //@ loop unroll CERTIFICATE;
    for (size_t at = 0; at < CERTIFICATE; at += STEP)
        one_of_certificate(at);
    //@ loop unroll CRL;
    for (size_t at = 0; at < CRL; at += STEP)
        one_of_crl(at);
    return 0;
}
