/* SPDX-License-Identifier: Apache-2.0 */
/* ca/owner.h: the digest of the specification's vector, and OpenSSL on both sides of each signature. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "ca/owner.h"
#include "parse/text.h"
#include "tests/scratch.h"
#include "verify/crypto.h"
#include "verify/transition.h"

static struct private_key key, other;
static uint8_t t1[32];

static void setup(void)
{
    uint8_t t0[32];
    cr_assert(is_ok(private_key_generate(KEY_P384, &key, NULL)) && is_ok(private_key_generate(KEY_P384, &other, NULL)));
    cr_assert(is_ok(transition_next(BYTES_LIT("{\"example\":0}"), transition_none, t0, NULL)));
    cr_assert(is_ok(transition_next(BYTES_LIT("{\"example\":1}"), t0, t1, NULL)));
}

static void expect_hex(bytes have, const char *want)
{
    char text[HEX_TEXT_SIZE(64)];
    cr_assert(is_ok(hex_write(have, text, sizeof text, NULL)));
    cr_expect_str_eq(text, want);
}

static void write_keys(const struct scratch *s)
{
    struct secret_pem pem;
    cr_assert(is_ok(private_key_write_pem(&key, &pem, NULL)));
    scratch_write(s, "key", BYTES((const uint8_t *)pem.secret, pem.len));
    scratch_run(s, "openssl pkey -in key -pubout -out public");
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(owner, signatures_refused, .init = setup)
{
    struct signature s;
    cr_assert(is_ok(owner_sign(&key, t1, &s, NULL)));
    const bytes spki = private_key_spki(&key), whole = BYTES(s.bytes, s.len);
    cr_assert(is_ok(owner_verify(spki, t1, whole, NULL)));
    cr_expect_eq(owner_verify(private_key_spki(&other), t1, whole, NULL).kind, ERR_SIGNATURE);
    cr_expect_eq(owner_verify(spki, transition_none, whole, NULL).kind, ERR_SIGNATURE);
    for (size_t n = 0; n < s.len; n++)
        cr_expect_not(is_ok(owner_verify(spki, t1, BYTES(s.bytes, n), NULL)), "%zu bytes", n);
    s.bytes[s.len] = 0;
    cr_expect_eq(owner_verify(spki, t1, BYTES(s.bytes, s.len + 1), NULL).kind, ERR_TRAILING);
    for (size_t i = 0; i < s.len; i++) {
        struct err err = {0};
        s.bytes[i] ^= 1;
        cr_expect_not(is_ok(owner_verify(spki, t1, whole, &err)), "byte %zu", i);
        cr_expect(strncmp(err.text, "workload owner's signature: ", 28) == 0, "%s", err.text);
        s.bytes[i] ^= 1;
    }
    const bytes zeros = BYTES_LIT("\x30\x06\x02\x01\x00\x02\x01\x00"),
                ones = BYTES_LIT("\x30\x06\x02\x01\x01\x02\x01\x01");
    cr_expect_eq(owner_verify(spki, t1, zeros, NULL).kind, ERR_SIGNATURE);
    cr_expect_eq(owner_verify(spki, t1, ones, NULL).kind, ERR_SIGNATURE);
}

Test(owner, other_curves_refused, .init = setup)
{
    struct signature s = {.len = 7};
    uint8_t record[TRANSITION_RECORD_MAX];
    size_t len = 7;
    cr_assert(is_ok(private_key_generate(KEY_P256, &key, NULL)));
    cr_expect_eq(owner_sign(&key, t1, &s, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(transition_record_sign(&key, t1, record, &len, NULL).kind, ERR_UNSUPPORTED);
    cr_expect(s.len == 7 && len == 7);
    cr_expect_eq(owner_verify(private_key_spki(&key), t1, BYTES_LIT("\x30\x00"), NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(owner_verify(BYTES_ABSENT, t1, BYTES_LIT("\x30\x00"), NULL).kind, ERR_TRUNCATED);
}

/* A signature of an owner is none of a record, and the other way round, even by one key. */
Test(owner, the_two_forms_are_different, .init = setup)
{
    struct signature s;
    uint8_t record[TRANSITION_RECORD_MAX + 64], out[32] = {7};
    size_t len = 0;
    cr_assert(is_ok(transition_record_sign(&key, t1, record, &len, NULL)));
    cr_expect_eq(owner_verify(private_key_spki(&key), t1, BYTES(record + 32, len - 32), NULL).kind, ERR_SIGNATURE);
    cr_assert(is_ok(owner_sign(&key, t1, &s, NULL)));
    memcpy(record + 32, s.bytes, s.len);
    cr_expect_eq(transition_record_verify(&key, BYTES(record, 32 + s.len), out, NULL).kind, ERR_SIGNATURE);
    cr_expect_eq(out[0], 7);
}

Test(owner, records_refused, .init = setup)
{
    uint8_t record[TRANSITION_RECORD_MAX], out[32] = {7};
    size_t len = 0;
    cr_assert(is_ok(transition_record_sign(&key, t1, record, &len, NULL)));
    cr_expect_eq(transition_record_verify(&other, BYTES(record, len), out, NULL).kind, ERR_SIGNATURE);
    for (size_t i = 0; i < len; i++) {
        record[i] ^= 1;
        cr_expect_not(is_ok(transition_record_verify(&key, BYTES(record, len), out, NULL)), "byte %zu", i);
        record[i] ^= 1;
    }
    cr_expect_eq(out[0], 7);
}

Test(owner, keys_without_a_digest)
{
    uint8_t out[KEY_DIGEST_BYTES];
    struct err err = {0};
    const bytes ed25519 = BYTES_LIT("\x30\x0d\x30\x05\x06\x03\x2b\x65\x70\x03\x04\x00\x01\x02\x03");
    cr_expect_eq(peer_key_digest(ed25519, out, &err).kind, ERR_UNSUPPORTED);
    cr_expect(strncmp(err.text, "peer's key: ", 12) == 0, "%s", err.text);
    cr_expect_eq(peer_key_digest(BYTES_ABSENT, out, NULL).kind, ERR_TRUNCATED);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(owner, text_and_digest_of_the_specification, .init = setup)
{
    char text[OWNER_TEXT_BYTES];
    uint8_t digest[32];
    owner_write_text(t1, text);
    cr_expect(memcmp(text, "0f95ca156fcdc865a4f0fde62ca9d3e017963696e2b768a9f1da79aac4c180e2", 64) == 0);
    cr_assert(is_ok(crypto_sha256(&BYTES((const uint8_t *)text, 64), 1, digest, NULL)));
    expect_hex(BYTES_OF(digest), "ad74782d4e164ec2ef610f6e9c49787fb7655759396aea56794a79bdba4c2a15");
}

Test(owner, openssl_both_ways, .init = setup)
{
    struct scratch s = scratch_open();
    struct signature ours;
    char text[OWNER_TEXT_BYTES];
    write_keys(&s);
    owner_write_text(t1, text);
    scratch_write(&s, "text", BYTES((const uint8_t *)text, sizeof text));
    cr_assert(is_ok(owner_sign(&key, t1, &ours, NULL)));
    scratch_write(&s, "ours", BYTES(ours.bytes, ours.len));
    scratch_run(&s, "openssl dgst -sha256 -verify public -signature ours text > out && "
                    "openssl dgst -sha256 -sign key -out theirs text");
    bytes theirs = scratch_read(&s, "theirs");
    struct err err = {0};
    cr_expect(is_ok(owner_verify(private_key_spki(&key), t1, theirs, &err)), "%s", err.text);
    free((void *)theirs.ptr);
    scratch_close(&s);
}

Test(owner, record_with_openssl, .init = setup)
{
    struct scratch s = scratch_open();
    uint8_t record[TRANSITION_RECORD_MAX], out[32];
    size_t len = 0;
    write_keys(&s);
    cr_assert(is_ok(transition_record_sign(&key, t1, record, &len, NULL)));
    cr_assert(is_ok(transition_record_verify(&key, BYTES(record, len), out, NULL)));
    cr_expect(memcmp(out, t1, 32) == 0 && memcmp(record, t1, 32) == 0);
    scratch_write(&s, "hash", BYTES_OF(t1));
    scratch_write(&s, "ours", BYTES(record + 32, len - 32));
    scratch_run(&s, "openssl pkeyutl -verify -pubin -inkey public -in hash -sigfile ours > out && "
                    "openssl pkeyutl -sign -inkey key -in hash -out theirs && cat hash theirs > record");
    bytes theirs = scratch_read(&s, "record");
    struct err err = {0};
    cr_expect(is_ok(transition_record_verify(&key, theirs, out, &err)), "%s", err.text);
    free((void *)theirs.ptr);
    scratch_close(&s);
}

static void expect_digest(const struct scratch *s, const char *make, const char *form)
{
    uint8_t out[KEY_DIGEST_BYTES];
    scratch_run(s, make);
    scratch_run(s, form);
    scratch_run(s, "openssl dgst -sha256 -binary named > want && openssl pkey -in k -pubout -outform DER -out spki");
    bytes spki = scratch_read(s, "spki"), want = scratch_read(s, "want");
    struct err err = {0};
    cr_assert(is_ok(peer_key_digest(spki, out, &err)), "%s", err.text);
    cr_expect(bytes_eq(BYTES_OF(out), want), "%s", make);
    free((void *)spki.ptr);
    free((void *)want.ptr);
}

Test(owner, digests_of_keys)
{
    struct scratch s = scratch_open();
    expect_digest(&s, "openssl ecparam -name secp384r1 -genkey -noout -out k",
                  "openssl pkey -in k -pubout -outform DER -out named");
    expect_digest(&s, "openssl ecparam -name prime256v1 -genkey -noout -out k",
                  "openssl pkey -in k -pubout -outform DER -out named");
    expect_digest(&s, "openssl genrsa -out k 2048 2>/dev/null",
                  "openssl rsa -in k -RSAPublicKey_out -outform DER -out named 2>/dev/null");
    scratch_close(&s);
}
