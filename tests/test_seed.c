/* SPDX-License-Identifier: Apache-2.0 */
/* The values are those of the specification of Contrast's protocol (key derivation), which were computed with two
 * other implementations; the keys of det-keygen have the seeds of C2SP's own vectors, and values computed from its text
 * in another language. */
#include <criterion/criterion.h>

#include "ca/det_keygen.h"
#include "ca/hkdf.h"
#include "ca/seed.h"
#include "parse/private_key.h"
#include "parse/text.h"

static uint8_t seed[SECRET_SEED_BYTES], salt[SECRET_SALT_BYTES];
static struct seed_engine engine;

static void setup(void)
{
    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)(0xa0 + i);
    struct err err = {0};
    cr_assert(is_ok(seed_engine_make(BYTES_OF(seed), BYTES_OF(salt), &engine, &err)), "%s", err.text);
}

static void expect_hex(bytes have, const char *want, const char *what)
{
    char text[HEX_TEXT_SIZE(128)];
    cr_assert(is_ok(hex_write(have, text, sizeof text, NULL)));
    cr_expect_str_eq(text, want, "%s", what);
}

static bytes scalar_of(const struct private_key *key)
{
    struct ec_private_key parsed;
    struct err err = {0};
    cr_assert(is_ok(ec_private_key_parse(BYTES(key->secret_der, key->secret_der_len), &parsed, &err)), "%s", err.text);
    cr_assert_eq(parsed.curve, EC_P384);
    return parsed.secret_scalar;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(seed, lengths_salt_first)
{
    static struct seed_engine e;
    const struct {
        size_t seed, salt;
        const char *want;
    } rows[] = {
        {0, 31, "salt: want 32 bytes, have 31"},  {64, 33, "salt: want 32 bytes, have 33"},
        {64, 0, "salt: want 32 bytes, have 0"},   {63, 32, "seed: want 64 bytes, have 63"},
        {65, 32, "seed: want 64 bytes, have 65"}, {0, 32, "seed: want 64 bytes, have 0"},
        {32, 32, "seed: want 64 bytes, have 32"},
    };
    const uint8_t zeros[65] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = {0};
        status s = seed_engine_make(BYTES(zeros, rows[i].seed), BYTES(zeros, rows[i].salt), &e, &err);
        cr_expect_eq(s.kind, ERR_RANGE);
        cr_expect_str_eq(err.text, rows[i].want);
        cr_expect(bytes_are_zero(BYTES((const uint8_t *)&e, sizeof e)), "output touched");
    }
}

static void refused_id(bytes id, enum err_kind kind)
{
    struct secret_seed out = {{0}};
    struct err err = {0};
    cr_expect_eq(seed_workload_secret(&engine, id, SEED_ID_STRICT, &out, &err).kind, kind, "%s", err.text);
    cr_expect(strncmp(err.text, "workload secret id", 18) == 0, "%s", err.text);
    cr_expect(bytes_are_zero(BYTES_OF(out.secret)), "output touched");
}

Test(seed, ids_refused, .init = setup)
{
    uint8_t long_id[LIMIT_SECRET_ID_BYTES + 1];
    memset(long_id, 'a', sizeof long_id);
    refused_id(BYTES_LIT(""), ERR_MISSING);
    refused_id(BYTES_ABSENT, ERR_MISSING);
    refused_id(BYTES_OF(long_id), ERR_LIMIT);
    refused_id(BYTES_LIT("a\0b"), ERR_SYNTAX);
    refused_id(BYTES_LIT("a\xff"), ERR_SYNTAX);
    refused_id(BYTES_LIT("0_web"), ERR_DENIED);
    refused_id(BYTES_LIT("17_"), ERR_DENIED);
    refused_id(BYTES_LIT("4294967296_x"), ERR_DENIED);
}

Test(seed, ids_that_only_look_like_a_transit_key, .init = setup)
{
    const bytes ids[] = {BYTES_LIT("_web"), BYTES_LIT("0"), BYTES_LIT("0-web"), BYTES_LIT("a0_web"), BYTES_LIT("v0_")};
    struct secret_seed out;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        cr_expect(is_ok(seed_workload_secret(&engine, ids[i], SEED_ID_STRICT, &out, NULL)), "%zu", i);
}

Test(seed, det_keygen_wants_16_bytes)
{
    struct private_key key = {0};
    struct err err = {0};
    cr_expect_eq(det_keygen_p384(BYTES(seed, 15), &key, &err).kind, ERR_RANGE);
    cr_expect_str_eq(err.text, "seed of a key: want at least 16 bytes, have 15");
    cr_expect(is_ok(det_keygen_p384(BYTES(seed, 16), &key, NULL)));
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(seed, pod_state_and_keys, .init = setup)
{
    expect_hex(BYTES_OF(engine.secret_pod_state.secret),
               "de97c3cd9d0cc11488b0a858b321fceeddb95eb4e485f960a48d08a3de9a7ee7d29b89b9526bf56aa786180a5b622865"
               "5106e62619868994039b47b67cd95ac8",
               "pod state");
    expect_hex(scalar_of(&engine.transaction_key),
               "c3b08cb10594e61053f9d571adb4b45cf2492d8e7d71ebe8771e16f87ecb19c531e334c6496dad479f7dd5eeecb04ea7",
               "transaction key");
    expect_hex(scalar_of(&engine.root_key),
               "720b7e6b1f014bcde2d60cc647a733579f45ad14b3630e537705a75bb9cee873f37aa7be7675451eadd8a669199a14ab",
               "root key");
    bytes spki = private_key_spki(&engine.root_key);
    expect_hex(bytes_slice(spki, spki.len - 97, 97),
               "04e58394b714c4fcd630af820997d2a1ae99b4328ac2938fa5b581b007ebaf59eed14685da650e78780116db6dd78fa2"
               "1fdbe954db855bcd6ad837688bc18e9924d68e8c6baa97e5ff8e1411b85b6fe48deb8c370f8524755b2364976afc5e30a1",
               "root's public key");
    expect_hex(BYTES_OF(engine.seed.secret),
               "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
               "303132333435363738393a3b3c3d3e3f",
               "seed");
}

Test(seed, steps_between)
{
    const struct {
        bytes info;
        const char *want;
    } rows[] = {
        {BYTES_LIT("HISTORY SECRET"), "252744b8d7e0c046daf75c290f96760c02e76c47f442cd28acfa411ddaabc3fa7e43dd817baa5dca"
                                      "2bbf65d0d62996b58285e8445fb0db7da6e5bdb8c276a312"},
        {BYTES_LIT("TRANSACTION SIGNING SECRET"), "a401135f389484a41e1a26bba8fe20b535d9331e5b61613efa48af7f5bb29c63"
                                                  "c9bf0cd9358831c4affb5efe9203b01c6b35bf210b9973810dbd06ca22b985e5"},
        {BYTES_LIT("ROOT CA SEED"), "d53298b4d5dbe1cbc1d97d73fad0ceb602404313457c4730dfd014c6589af465c11aef22dbff8bff0a"
                                    "e46e54b4f7ef4423821e3434796263f170fcdf69feb692"},
    };
    setup();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[64];
        cr_assert(is_ok(hkdf_sha256(BYTES_OF(seed), BYTES_OF(salt), rows[i].info, out, sizeof out, NULL)));
        expect_hex(BYTES_OF(out), rows[i].want, (const char *)rows[i].info.ptr);
    }
}

Test(seed, workload_secrets, .init = setup)
{
    struct secret_seed out;
    cr_assert(is_ok(seed_workload_secret(&engine, BYTES_LIT("web"), SEED_ID_STRICT, &out, NULL)));
    expect_hex(BYTES_OF(out.secret),
               "1a4189f90c4a4bd597bdf894128ad47efe7fc3ee45248ab8d2183256f5f0d99f2458c9b44d295c411b024bfe65b85c8e"
               "eca2436d026c58a2f2ec784cebff83fe",
               "web");
    cr_assert(is_ok(seed_workload_secret(&engine, BYTES_LIT("0_web"), SEED_ID_ANY, &out, NULL)));
    expect_hex(BYTES(out.secret, 32), "182b56fbd9e426498b78d983a6cdd5478fc4c3c622d69cd31ea677c1a80cbec4", "transit");
}

Test(seed, det_keygen)
{
    const struct {
        size_t len;
        const char *d, *x;
    } rows[] = {
        {16, "3170cf870785cc87d9bb01366468347831f965608375a9a8d9c528ee64a9716c5736f77834cf36c54ea258117054e2be",
         "4a3103397c1bb1fed79084985dfc4a1849a0ef38de4aa717c5c494dd6ea719b65386eb7cf29034c14894dc87d9b0f3fe"},
        {21, "a058bb75f3e534f7265d5987980109f2dfee3b1498dcce6bdcdd37f171f1d9bb2a1dbf000ddb93416f8fb4d29fff5567",
         "3405600cabdb5d2e736d6a0c457a5e7c449ea1446c8928224da4a0f542b9e5b2424caef7a1c7badeab4ac232053cf98c"},
        {24, "ffb39382dbb54e52594fc32c35e4c79e35662ff0baa489ee39cf5769cc6c1d062ec4c4e4309ea9190ec59d57510b4b18",
         "005c523e2a92b136c8874ba4cff3ae0aef7dc8c369a783c02801ea56580b6b140a7a33e00d8c5b65465106778c3c4869"},
        {36, "dca571f155084f2d303d0d1ec63670a7d176b478e82619c409fcc972eec38aa4bf4252b1d03027c1d71ab1a9d6419648",
         "03be0cfa65c206af3033965415b6b96242edd5ef9342c0f34034b2f1fde4fb5206ca1eb1bad06189a33d80c35693ee97"},
        {48, "c88662d22bfd50c727add8c8a7967efb808434d07cfddc0c4bd0ccbd95c06f93ed3ce5e56032235f99f4bba742a11b8f",
         "cdd87a13b8cbb9bc3267f97627d2d870220cca1c9ecccfab648be88c7711a1c444b8769c0f20282ecfd3c179904ad2c6"},
    };
    uint8_t in[48];
    memset(in, 0x42, sizeof in);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct private_key key = {0};
        cr_assert(is_ok(det_keygen_p384(BYTES(in, rows[i].len), &key, NULL)));
        expect_hex(scalar_of(&key), rows[i].d, "d");
        bytes spki = private_key_spki(&key);
        expect_hex(bytes_slice(spki, spki.len - 96, 48), rows[i].x, "x");
    }
}

Test(seed, generated_engines_differ_and_come_back, .init = setup)
{
    static struct seed_engine a, b, again;
    cr_assert(is_ok(seed_engine_generate(&a, NULL)) && is_ok(seed_engine_generate(&b, NULL)));
    cr_expect(memcmp(&a.seed, &b.seed, sizeof a.seed) != 0 && memcmp(&a.salt, &b.salt, sizeof a.salt) != 0);
    cr_assert(is_ok(seed_engine_make(BYTES_OF(a.seed.secret), BYTES_OF(a.salt.secret), &again, NULL)));
    cr_expect(memcmp(&a, &again, sizeof a) == 0);
    seed_engine_wipe(&again);
    cr_expect(bytes_are_zero(BYTES((const uint8_t *)&again, sizeof again)));
}
