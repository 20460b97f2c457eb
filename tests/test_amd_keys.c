/* SPDX-License-Identifier: Apache-2.0 */
/* snp/amd_keys.c, every column once more from AMD's certificates and from the figures of the specification. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "parse/time.h"
#include "snp/ca.h"
#include "tests/shared.h"
#include "tests/simulator/crypto.h"
#include "verify/crypto.h"
#include "verify/signature.h"

/* Computed from the certificates by other tools than ours (the specification, sections 6.3 and 6.6). */
static const struct book_row {
    const char *file, *cn;
    uint64_t serial;
    const char *not_before, *not_after, *spki, *modulus, *key_id;
} book[] = {
    {"milan_ark", "ARK-Milan", 0x10000, "2020-10-22T17:23:05Z", "2045-10-22T17:23:05Z",
     "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9",
     "857596e66a0dc486d69f4459554c56f96c3f83f3365984650d1aab5f7b215b2a", "85ac1ad143f7c8ac55d4c51d4148abd5784ad453"},
    {"milan_ask", "SEV-Milan", 0x10001, "2020-10-22T18:24:20Z", "2045-10-22T18:24:20Z",
     "42491669ccb851d627ea9846cd24eccbeb7de7c2a62740120fff88001d38ebb6",
     "4c4aa0621c9f55375c97827ce1ef8c11f00e875401597c36fd75308e24d9b2b5", "3bc66e182ac3fd3d6264489be3b7472cb4fcbff8"},
    {"milan_asvk", "SEV-VLEK-Milan", 0x10101, "2022-11-16T22:45:24Z", "2047-11-16T22:45:24Z",
     "66450a123ea5876206df67f2514a4fea224c0f63b18313423078b0edc4535e33",
     "fbc3e6938942b11f8330480ef9f7b83fb6074ae32007112677397ec6b728b843", "36e25713aaa2e39fc282a90a44fb552ce6c2ee91"},
    {"genoa_ark", "ARK-Genoa", 0x20000, "2022-01-26T15:34:37Z", "2047-01-26T15:34:37Z",
     "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831",
     "33f0787614fd429b048d621d962950df6147063ce5c21410c6b7fa1431a6cea2", "9f5df9fe0dd8f35ad0331a25ef81294fbe31a85b"},
    {"genoa_ask", "SEV-Genoa", 0x20002, "2022-10-31T13:33:48Z", "2047-10-31T13:33:48Z",
     "0324d55bcd48ba877a8fd87c0e1b4934dec8448e3807a24384a34dc6a6c9ebb8",
     "2572882bec91e10b46aa6fd60652c296b6cd52abf5a0716b8073a54749276ad4", "b2c67ba435bb1c95641c09a041ffc5dc4986155a"},
    {"genoa_asvk", "SEV-VLEK-Genoa", 0x20101, "2022-11-18T20:48:34Z", "2047-11-18T20:48:34Z",
     "7d1633252ebbadaa75f96e9b4e6f7d43a90ceb3f843937482630f8da2459264e",
     "b7150d4ad2afb3836d28ce8056be01921de0cd4b8a905232f54493a23b3c4ed0", "8447639fc1d0348f5b37634028bf7380ce95368a"},
    {"turin_ark", "ARK-Turin", 0x30000, "2023-05-15T20:03:12Z", "2048-05-15T20:03:12Z",
     "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08",
     "10d484faa35104292e927402d98ea13b3244b3a8fa4ccbe41fcf5573dd9efa19", "64a05f71e30c0a64d83b75e501599e2bee060344"},
    {"turin_ask", "SEV-Turin", 0x30001, "2023-05-15T20:25:21Z", "2048-05-15T20:25:21Z",
     "0000ead352025f208bf55297c4192c34cd1b878002107366d8f2065a9ae7d3a9",
     "17c9404ab8b2885dc9249df2a3c4c8cabde44f79ce1386fd3f3bd687baab6db9", "6d8257b7abf6b0c81400b8f10f45af1bd6aaeb6f"},
    {"turin_asvk", "SEV-VLEK-Turin", 0x30101, "2023-05-15T21:09:41Z", "2048-05-15T21:09:41Z",
     "bfc441408b2f806c5dbf180bd8920e6e60dd404d82141780d85dbf962954d386",
     "06fb2dac9da0e784227e4e9fba1754928740d67acaab30796bd3c4eeb5abe7be", "85cc82e9b9def3561fd8f4f5079e179a2c8208d3"},
};
enum { ROWS = sizeof book / sizeof book[0] };

static void expect_hex(bytes have, const char *want, const char *what)
{
    char text[2 * SHA512_BYTES + 1] = "";
    for (size_t i = 0; i < have.len; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", have.ptr[i]);
    cr_expect_str_eq(text, want, "%s", what);
}

static void expect_sha256(bytes of, const char *want, const char *what)
{
    uint8_t digest[SHA256_BYTES];
    cr_assert(is_ok(crypto_sha256(&of, 1, digest, NULL)));
    expect_hex(BYTES_OF(digest), want, what);
}

static int64_t time_of(const char *text)
{
    int64_t t = 0;
    cr_assert(is_ok(time_parse_rfc3339(text_bytes(text), &t, NULL)));
    return t;
}

static bytes read_ca(const struct book_row *row, struct x509_certificate *x)
{
    char path[64];
    struct err err = {0};
    (void)snprintf(path, sizeof path, "vectors/ca/%s.der", row->file);
    bytes der = shared_read(path);
    cr_assert(is_ok(x509_certificate_parse(der, x, &err)), "%s: %s", path, err.text);
    return der;
}

Test(amd_keys, the_table_is_the_one_of_the_specification)
{
    cr_assert_eq((int)ROWS, (int)SNP_AMD_CA_COUNT);
    for (int i = 0; i < ROWS; i++) {
        const struct snp_ca *ca = &snp_amd_cas[i];
        cr_expect_eq((int)ca->product, SNP_MILAN + i / 3, "%s", book[i].file);
        cr_expect_eq((int)ca->role, SNP_ARK + i % 3, "%s", book[i].file);
        cr_expect_eq(ca->serial, book[i].serial, "%s", book[i].file);
        cr_expect_eq(ca->not_before, time_of(book[i].not_before), "%s", book[i].file);
        cr_expect_eq(ca->not_after, time_of(book[i].not_after), "%s", book[i].file);
        expect_hex(BYTES_OF(ca->key_id), book[i].key_id, book[i].file);
        expect_sha256(BYTES(ca->modulus, RSA_4096_BYTES), book[i].modulus, book[i].file);
    }
}

Test(amd_keys, the_table_is_the_one_of_amds_certificates)
{
    for (int i = 0; i < ROWS; i++) {
        struct x509_certificate x;
        struct snp_ca from = {0};
        struct err err = {0};
        const struct snp_ca *ca = &snp_amd_cas[i];
        bytes der = read_ca(&book[i], &x);
        cr_expect(snp_name_is(x.subject, book[i].cn), "%s", book[i].file);
        cr_expect(snp_name_is(x.issuer, book[i / 3 * 3].cn), "%s", book[i].file);
        cr_assert(is_ok(snp_ca_from_certificate(&x, &from, &err)), "%s: %s", book[i].file, err.text);
        cr_expect(from.product == ca->product && from.role == ca->role && from.serial == ca->serial &&
                      from.not_before == ca->not_before && from.not_after == ca->not_after,
                  "%s", book[i].file);
        cr_expect(bytes_eq(BYTES_OF(from.key_id), BYTES_OF(ca->key_id)), "%s", book[i].file);
        cr_expect(bytes_eq(BYTES(from.modulus, RSA_4096_BYTES), BYTES(ca->modulus, RSA_4096_BYTES)), "%s",
                  book[i].file);
        expect_sha256(x.spki, book[i].spki, book[i].file);
        uint8_t sha1[SIM_HASH_MAX];
        cr_assert(is_ok(sim_hash(SIM_SHA1, x.public_key, sha1, NULL)));
        expect_hex(BYTES(sha1, KEY_ID_BYTES), book[i].key_id, book[i].file);
        /* Where the modulus lies in the file, by the specification and without our reader. */
        cr_expect(bytes_eq(BYTES(ca->modulus, RSA_4096_BYTES), bytes_slice(der, i % 3 == 2 ? 411 : 405, 512)), "%s",
                  book[i].file);
        free((void *)der.ptr);
    }
}

/* AMD's older format: exponent at 0x40 and modulus at 0x240, both little-endian in 512 bytes. */
Test(amd_keys, the_moduli_are_those_of_amds_older_files)
{
    for (int i = 0; i < ROWS; i++) {
        if (i % 3 == 2) continue; /* there is none of an ASVK */
        char path[64];
        (void)snprintf(path, sizeof path, "vectors/sevformat/%s.cert", book[i].file);
        bytes in = shared_read(path);
        cr_assert_eq(in.len, 1600u, "%s", path);
        uint8_t modulus[RSA_4096_BYTES];
        for (size_t k = 0; k < sizeof modulus; k++)
            modulus[k] = in.ptr[0x240 + sizeof modulus - 1 - k];
        cr_expect(bytes_eq(BYTES_OF(modulus), BYTES(snp_amd_cas[i].modulus, sizeof modulus)), "%s", path);
        cr_expect(bytes_eq(bytes_slice(in, 0x40, 4), BYTES_LIT("\x01\x00\x01\x00")), "%s", path);
        free((void *)in.ptr);
    }
}

Test(amd_keys, each_ark_has_signed_its_own_three_certificates_and_no_other)
{
    size_t verified = 0, refused = 0;
    for (int i = 0; i < ROWS; i++) {
        struct x509_certificate x;
        bytes der = read_ca(&book[i], &x);
        for (int by = 0; by < ROWS; by++) {
            struct err err = {0};
            status s = signature_check_pss(&snp_amd_cas[by], x.tbs, x.signature, NULL, &err);
            bool own_ark = by == i / 3 * 3;
            cr_expect_eq(s.kind, own_ark ? ERR_NONE : ERR_SIGNATURE, "%s by %s", book[i].file, book[by].file);
            verified += is_ok(s);
            refused += !is_ok(s);
        }
        free((void *)der.ptr);
    }
    cr_expect_eq(verified, 9u);
    cr_expect_eq(refused, 72u);
}
