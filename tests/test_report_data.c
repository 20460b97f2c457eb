/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/text.h"
#include "verify/report_data.h"

static const uint8_t nonce[REPORT_DATA_NONCE_BYTES] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                                       16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static void read_hex(const char *text, uint8_t *out, size_t len)
{
    cr_assert(is_ok(hex_parse(text_bytes(text), HEX_LOWER, out, len, NULL)), "%s", text);
}

static void expect(const uint8_t have[REPORT_DATA_BYTES], const char *want)
{
    uint8_t bytes_wanted[REPORT_DATA_BYTES] = {0};
    read_hex(want, bytes_wanted, strlen(want) / 2);
    cr_expect_arr_eq(have, bytes_wanted, REPORT_DATA_BYTES);
}

/* Contrast protocol, key derivation, the vector of attested TLS: the P-256 key with the scalar 1. */
Test(report_data, of_a_connection)
{
    uint8_t key[91], out[REPORT_DATA_BYTES];
    read_hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"
             "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
             "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
             key, sizeof key);
    cr_assert(is_ok(report_data_of_connection(BYTES_OF(key), nonce, out, NULL)));
    expect(out, "381366df17eb25fccd6cbc8037f064cd7ad6b9192e62ba0481142cd0cc85c6e8"
                "c7a7ad2d982be6877442ba5ed786e55990bfe26792c490a1dc40a9b0722ac135");
}

/* The same place, the vectors of the HTTP API. */
Test(report_data, of_both_answers)
{
    uint8_t latest[SHA256_BYTES], out[REPORT_DATA_BYTES];
    read_hex("0f95ca156fcdc865a4f0fde62ca9d3e017963696e2b768a9f1da79aac4c180e2", latest, sizeof latest);
    struct report_data_answer answer = {
        .nonce = nonce, .latest = latest, .root_ca = BYTES_LIT("ROOT\n"), .mesh_ca = BYTES_LIT("MESH\n")};
    cr_assert(is_ok(report_data_of_answer(&answer, out, NULL)));
    expect(out, "3099f970ad8498e03ec7a9301aee126105e5000848f9a9fc8d5fa5b0fed08782");
    answer.capabilities = BYTES_LIT("{\"api_versions\":[\"v1\"]}\n");
    cr_assert(is_ok(report_data_of_answer(&answer, out, NULL)));
    expect(out, "99955361942822f44796247b27e5e1e97ff09a29d9057ed24925dd1942b9023d");
}
