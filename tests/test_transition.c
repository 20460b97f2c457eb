/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/text.h"
#include "verify/transition.h"

static void expect_hex(const uint8_t *have, const char *want)
{
    char text[HEX_TEXT_SIZE(SHA256_BYTES)];
    cr_assert(is_ok(hex_write(BYTES(have, SHA256_BYTES), text, sizeof text, NULL)));
    cr_expect_str_eq(text, want);
}

/* Contrast protocol, transitions: the first of the two vectors. */
Test(transition, the_chain_of_two_manifests)
{
    uint8_t t[SHA256_BYTES];
    struct err err = {0};
    cr_assert(is_ok(transition_next(BYTES_LIT("{\"example\":0}"), transition_none, t, &err)), "%s", err.text);
    expect_hex(t, "a205b41de466816622fb9d755532e29b7f3d30397504d7609f8140397aff02ac");
    cr_assert(is_ok(transition_next(BYTES_LIT("{\"example\":1}"), t, t, &err)), "%s", err.text);
    expect_hex(t, "0f95ca156fcdc865a4f0fde62ca9d3e017963696e2b768a9f1da79aac4c180e2");
}

/* The second, whose first half is the SHA-256 of "hello". */
Test(transition, after_a_known_one)
{
    uint8_t t[SHA256_BYTES];
    struct err err = {0};
    cr_assert(is_ok(hex_parse(BYTES_LIT("486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7"), HEX_LOWER,
                              t, sizeof t, &err)));
    cr_assert(is_ok(transition_next(BYTES_LIT("hello"), t, t, &err)), "%s", err.text);
    expect_hex(t, "7305db9b2abccd706c256db3d97e5ff48d677cfe4d3a5904afb7da0e3950e1e2");
}
