/* SPDX-License-Identifier: Apache-2.0 */
/* parse/seed_share.h and ca/seed_share.h: OpenSSL decrypts what we encrypt, and the other way round. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "ca/seed_share.h"
#include "parse/der_write.h"
#include "parse/text.h"
#include "tests/scratch.h"

/* An RSAPublicKey of 2048 bits, all whose bits are 1; `last` tells keys apart. */
static bytes make_key(uint8_t *buf, uint8_t last)
{
    uint8_t modulus[256];
    memset(modulus, 0xff, sizeof modulus);
    modulus[255] = last;
    struct der_out o = {.buf = buf, .cap = 300};
    size_t key = der_begin(&o, DER_SEQUENCE);
    der_add_unsigned(&o, BYTES_OF(modulus));
    der_add_u64(&o, 65537);
    der_end(&o, key);
    bytes out;
    cr_assert(is_ok(der_finish(&o, "key", &out, NULL)));
    return out;
}

struct document {
    char hex[2][700];
    uint8_t encrypted[2][256], salt[32];
    struct user_seed_share shares[2];
    struct user_seed_shares all;
};

static struct document make_document(void);
static struct document document;
static char text[8000];

static void setup(void)
{
    document = make_document();
    for (size_t i = 0; i < 2; i++) { /* the views, for this copy */
        document.shares[i].public_key.ptr = (const uint8_t *)document.hex[i];
        document.shares[i].encrypted_seed.ptr = document.encrypted[i];
    }
    document.all = (struct user_seed_shares){document.shares, 2, BYTES_OF(document.salt)};
}

static struct document make_document(void)
{
    struct document d;
    uint8_t der[300];
    for (size_t i = 0; i < 2; i++) {
        bytes key = make_key(der, i == 0 ? 0xfb : 0xfd);
        cr_assert(is_ok(hex_write(key, d.hex[i], sizeof d.hex[i], NULL)));
        memset(d.encrypted[i], (int)(0x10 + i), sizeof d.encrypted[i]);
        d.shares[i] = (struct user_seed_share){{NULL, 2 * key.len}, {NULL, 256}};
    }
    memset(d.salt, 0xa5, sizeof d.salt);
    return d;
}

static status parse(bytes in, struct user_seed_shares *out, struct err *err)
{
    static struct user_seed_share shares[LIMIT_MANIFEST_OWNERS];
    static uint8_t buffer[SEED_SHARES_BUFFER_BYTES(200000)];
    const struct seed_share_storage lent = {shares, LIMIT_MANIFEST_OWNERS, buffer, SEED_SHARES_BUFFER_BYTES(in.len)};
    cr_assert_lt(in.len, 200000u);
    return seed_shares_parse(in, &lent, out, err);
}

static void refused_text(const char *in, enum err_kind kind, const char *part)
{
    struct user_seed_shares out = {.count = 77};
    struct err err = {0};
    cr_expect_eq(parse(text_bytes(in), &out, &err).kind, kind, "%s: %s", part, err.text);
    cr_expect(strstr(err.text, part) && strncmp(err.text, "seed shares: ", 13) == 0, "%s: %s", part, err.text);
    cr_expect_eq(out.count, 77u);
}

#define SALT "\"pqalpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=\""

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(seed_share, documents_refused)
{
    refused_text("", ERR_TRUNCATED, "");
    refused_text("[]", ERR_SYNTAX, "");
    refused_text("{}", ERR_MISSING, "salt");
    refused_text("{\"salt\":\"\"}", ERR_RANGE, "want 32 bytes, have 0");
    refused_text("{\"salt\":\"pQ==\"}", ERR_RANGE, "want 32 bytes, have 1");
    refused_text("{\"salt\":" SALT ",\"salt\":" SALT "}", ERR_DUPLICATE, "salt");
    refused_text("{\"Salt\":" SALT "}", ERR_UNSUPPORTED, "Salt");
    refused_text("{\"salt\":" SALT ",\"seedShares\":[]}", ERR_UNSUPPORTED, "seedShares");
    refused_text("{\"salt\":" SALT "}x", ERR_TRAILING, "");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":{}}", ERR_SYNTAX, "SeedShares");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[null]}", ERR_SYNTAX, "SeedShares[0]");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[{}]}", ERR_MISSING, "SeedShares[0]");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[{\"PublicKey\":\"30\"}]}", ERR_MISSING, "EncryptedSeed");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[{\"PublicKey\":\"\",\"EncryptedSeed\":\"\"}]}", ERR_TRUNCATED,
                 "SeedShares[0]: PublicKey");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[{\"PublicKey\":\"3\",\"EncryptedSeed\":\"\"}]}", ERR_SYNTAX,
                 "even number");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[{\"PublicKey\":\"3g\",\"EncryptedSeed\":\"\"}]}", ERR_SYNTAX,
                 "PublicKey");
    refused_text("{\"salt\":" SALT ",\"SeedShares\":[{\"PublicKey\":\"3000\",\"EncryptedSeed\":\"*\"}]}", ERR_SYNTAX,
                 "SeedShares[0].EncryptedSeed");
}

/* The document that is written, with one part of it replaced. */
static void refused_edit(const char *from, const char *to, enum err_kind kind, const char *part)
{
    size_t len = 0;
    char edited[9000];
    cr_assert(is_ok(seed_shares_write(&document.all, text, sizeof text, &len, NULL)));
    char *at = strstr(text, from);
    cr_assert(at, "%s", from);
    snprintf(edited, sizeof edited, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    refused_text(edited, kind, part);
}

Test(seed_share, shares_refused, .init = setup)
{
    refused_edit("ERER", "", ERR_MISMATCH, "SeedShares[1]: EncryptedSeed: want 256 bytes, as the key has, have 253");
    refused_edit("EBAQ", "EBAQEBAQ", ERR_MISMATCH, "SeedShares[0]: EncryptedSeed: want 256 bytes");
    refused_edit("fffb0203010001", "fffa0203010001", ERR_RANGE,
                 "SeedShares[0]: PublicKey: RSA key: the modulus is even");
    refused_edit("fffb0203010001", "fffb02030100010", ERR_SYNTAX, "even number");
    refused_edit("fffb0203010001", "fffb020301000100", ERR_TRAILING, "SeedShares[0]: PublicKey");
    refused_edit("fffb0203010001", "FFfd0203010001", ERR_DUPLICATE, "SeedShares[1]: the same key as item 0");
    refused_edit("\"PublicKey\"", "\"publicKey\"", ERR_UNSUPPORTED, "publicKey");
}

Test(seed_share, every_prefix, .init = setup)
{
    size_t len = 0;
    cr_assert(is_ok(seed_shares_write(&document.all, text, sizeof text, &len, NULL)));
    struct user_seed_shares out;
    for (size_t n = 0; n < len; n++)
        cr_expect_not(is_ok(parse(BYTES((const uint8_t *)text, n), &out, NULL)), "%zu bytes", n);
    cr_expect(is_ok(parse(BYTES((const uint8_t *)text, len), &out, NULL)));
    text[len] = ' '; /* JSON allows space behind a document */
    cr_expect(is_ok(parse(BYTES((const uint8_t *)text, len + 1), &out, NULL)));
    text[len] = '}';
    cr_expect_not(is_ok(parse(BYTES((const uint8_t *)text, len + 1), &out, NULL)));
}

Test(seed_share, memory_too_small, .init = setup)
{
    size_t len = 0, again = 0;
    struct user_seed_share shares[2];
    uint8_t buffer[4000];
    struct user_seed_shares out;
    cr_assert(is_ok(seed_shares_write(&document.all, text, sizeof text, &len, NULL)));
    const bytes in = BYTES((const uint8_t *)text, len);
    for (size_t cap = 0; cap < 2 * (256 + 256 + 32); cap += 13) {
        const struct seed_share_storage lent = {shares, 2, buffer, cap};
        cr_expect_eq(seed_shares_parse(in, &lent, &out, NULL).kind, ERR_NOMEM, "%zu", cap);
    }
    const struct seed_share_storage one = {shares, 1, buffer, sizeof buffer};
    cr_expect_eq(seed_shares_parse(in, &one, &out, NULL).kind, ERR_NOMEM);

    char small[3000];
    cr_assert_lt(len, sizeof small);
    for (size_t cap = 0; cap <= len; cap++) {
        small[cap] = 'x';
        cr_expect_eq(seed_shares_write(&document.all, small, cap, &again, NULL).kind, ERR_NOMEM, "%zu", cap);
        cr_expect_eq(small[cap], 'x');
    }
    cr_expect(is_ok(seed_shares_write(&document.all, small, len + 1, &again, NULL)));
}

/* What came over the network goes through the same rules before it becomes a file. */
Test(seed_share, nothing_else_is_written, .init = setup)
{
    size_t len = 77;
    struct err err = {0};
    document.shares[1].encrypted_seed.len--;
    cr_expect_eq(seed_shares_write(&document.all, text, sizeof text, &len, &err).kind, ERR_MISMATCH, "%s", err.text);
    document.shares[1].encrypted_seed.len++;
    document.hex[1][3] = '"';
    cr_expect_eq(seed_shares_write(&document.all, text, sizeof text, &len, NULL).kind, ERR_SYNTAX);
    document.all.count = 1;
    document.all.salt.len = 31;
    cr_expect_eq(seed_shares_write(&document.all, text, sizeof text, &len, NULL).kind, ERR_RANGE);
    cr_expect_eq(len, 77u);
}

Test(seed_share, owners_refused)
{
    struct secret_seed seed = {{1}};
    struct secret_salt salt = {{2}};
    struct user_seed_share shares[2];
    struct user_seed_shares out;
    uint8_t buf[2 * SEED_SHARE_OWNER_BYTES], der[300];
    bytes owners[] = {make_key(der, 0xff), BYTES_LIT("\x30\x00")};
    struct err err = {0};
    status s = seed_share_make(&seed, &salt, owners, 2, shares, buf, sizeof buf, &out, &err);
    cr_expect_eq(s.kind, ERR_TRUNCATED);
    cr_expect(strstr(err.text, "seed share owner 1"), "%s", err.text);
    for (size_t cap = 0; cap < 2 * owners[0].len + 1 + 256; cap += 10)
        cr_expect_eq(seed_share_make(&seed, &salt, owners, 1, shares, buf, cap, &out, NULL).kind, ERR_NOMEM);

    uint8_t large[8192 / 8 + 1], large_der[1100]; /* 8192 bits */
    memset(large, 0xff, sizeof large);
    large[0] = 0;
    struct der_out o = {.buf = large_der, .cap = sizeof large_der};
    size_t key = der_begin(&o, DER_SEQUENCE);
    der_add_unsigned(&o, BYTES_OF(large));
    der_add_u64(&o, 3);
    der_end(&o, key);
    bytes owner;
    cr_assert(is_ok(der_finish(&o, "key", &owner, NULL)));
    s = seed_share_make(&seed, &salt, &owner, 1, shares, buf, sizeof buf, &out, NULL);
    cr_expect_eq(s.kind, ERR_UNSUPPORTED);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* Python's json with an indent of 2 writes what Go's does. */
Test(seed_share, the_form_of_the_file, .init = setup)
{
    size_t len = 0;
    struct scratch s = scratch_open();
    cr_assert(is_ok(seed_shares_write(&document.all, text, sizeof text, &len, NULL)));
    cr_expect_eq(len, strlen(text));
    scratch_write(&s, "have", BYTES((const uint8_t *)text, len));
    scratch_run(&s, "python3 -c 'import json; d = json.load(open(\"have\")); "
                    "assert list(d) == [\"SeedShares\", \"salt\"] and list(d[\"SeedShares\"][0]) == [\"PublicKey\", "
                    "\"EncryptedSeed\"]; print(end=json.dumps(d, indent=2))' > want && cmp have want");
    scratch_close(&s);

    struct user_seed_shares out;
    cr_assert(is_ok(parse(BYTES((const uint8_t *)text, len), &out, NULL)));
    cr_assert_eq(out.count, 2u);
    for (size_t i = 0; i < 2; i++) {
        cr_expect(bytes_eq(out.shares[i].public_key, document.shares[i].public_key));
        cr_expect(bytes_eq(out.shares[i].encrypted_seed, document.shares[i].encrypted_seed));
    }
    cr_expect(bytes_eq(out.salt, document.all.salt));

    document.all.count = 0;
    cr_assert(is_ok(seed_shares_write(&document.all, text, sizeof text, &len, NULL)));
    cr_expect(strncmp(text, "{\n  \"SeedShares\": [],\n  \"salt\": \"", 33) == 0, "%s", text);
    cr_expect(is_ok(parse(BYTES((const uint8_t *)text, len), &out, NULL)) && out.count == 0);
}

Test(seed_share, a_list_that_go_leaves_empty)
{
    struct user_seed_shares out;
    cr_expect(is_ok(parse(BYTES_LIT("{\"SeedShares\":null,\"salt\":" SALT "}"), &out, NULL)) && out.count == 0);
    cr_expect(is_ok(parse(BYTES_LIT("{\"salt\":" SALT "}"), &out, NULL)) && out.count == 0 && out.salt.len == 32);
}

Test(seed_share, found_whatever_the_case, .init = setup)
{
    uint8_t der[300];
    cr_expect_eq(seed_shares_find(&document.all, make_key(der, 0xfd)), &document.shares[1]);
    for (char *c = document.hex[1]; *c; c++)
        if (*c >= 'a') *c = (char)(*c - 'a' + 'A');
    cr_expect_eq(seed_shares_find(&document.all, make_key(der, 0xfd)), &document.shares[1]);
    cr_expect_eq(seed_shares_find(&document.all, make_key(der, 0xfb)), &document.shares[0]);
    cr_expect_null(seed_shares_find(&document.all, make_key(der, 0xf9)));
    cr_expect_null(seed_shares_find(&document.all, BYTES_ABSENT));
    static const uint8_t long_key[4000];
    cr_expect_null(seed_shares_find(&document.all, BYTES_OF(long_key)));
}

static struct private_key read_key(const struct scratch *s, const char *name)
{
    struct private_key key;
    struct err err = {0};
    bytes pem = scratch_read(s, name);
    cr_assert(is_ok(private_key_parse_pem(pem, &key, &err)), "%s", err.text);
    free((void *)pem.ptr);
    return key;
}

#define OAEP                                                                                                           \
    "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 -pkeyopt "                 \
    "rsa_oaep_label:736565647368617265"

Test(seed_share, openssl_both_ways)
{
    struct scratch s = scratch_open();
    struct secret_seed seed, again = {{0}};
    struct secret_salt salt = {{2}};
    struct user_seed_share shares[2];
    struct user_seed_shares all;
    uint8_t buf[2 * SEED_SHARE_OWNER_BYTES];
    struct err err = {0};
    for (size_t i = 0; i < sizeof seed.secret; i++)
        seed.secret[i] = (uint8_t)i;
    scratch_run(&s, "openssl genrsa -traditional -out a 4096 2>/dev/null; openssl genrsa -traditional -out b 2048 "
                    "2>/dev/null; for k in a b; do openssl rsa -in $k -RSAPublicKey_out -outform DER -out $k.pub "
                    "2>/dev/null; done");
    struct private_key a = read_key(&s, "a");
    bytes owners[] = {scratch_read(&s, "a.pub"), scratch_read(&s, "b.pub")};
    status made = seed_share_make(&seed, &salt, owners, 2, shares, buf, sizeof buf, &all, &err);
    cr_assert(is_ok(made), "%s", err.text);
    cr_assert(is_ok(seed_shares_check(&all, &err)), "%s", err.text);

    /* ours, decrypted by OpenSSL */
    scratch_write(&s, "seed", BYTES_OF(seed.secret));
    scratch_write(&s, "a.share", all.shares[0].encrypted_seed);
    scratch_write(&s, "b.share", all.shares[1].encrypted_seed);
    scratch_run(&s, "for k in a b; do openssl pkeyutl -decrypt -inkey $k -in $k.share " OAEP
                    " -out plain && cmp plain seed || exit 1; done");
    cr_assert(is_ok(seed_share_open(&all, &a, &again, &err)), "%s", err.text);
    cr_expect(secret_eq(&seed, &again, sizeof seed));
    struct private_key b = read_key(&s, "b");
    memset(&again, 0, sizeof again);
    cr_assert(is_ok(seed_share_open(&all, &b, &again, &err)), "%s", err.text);
    cr_expect(secret_eq(&seed, &again, sizeof seed));

    /* OpenSSL's, decrypted by us; and what has another label, size or key */
    scratch_run(&s, "openssl pkeyutl -encrypt -inkey a -in seed " OAEP " -out theirs && "
                    "openssl pkeyutl -encrypt -inkey a -in seed " OAEP "00 -out label && head -c 63 seed > short && "
                    "openssl pkeyutl -encrypt -inkey a -in short " OAEP " -out short.share");
    const char *const names[] = {"theirs", "label", "short.share"};
    for (size_t i = 0; i < 3; i++) {
        shares[0].encrypted_seed = scratch_read(&s, names[i]);
        memset(&again, 0, sizeof again);
        status opened = seed_share_open(&all, &a, &again, NULL);
        cr_expect_eq(opened.kind, i == 0 ? ERR_NONE : ERR_DENIED, "%s", names[i]);
        cr_expect_eq(secret_eq(&seed, &again, sizeof seed), i == 0, "%s", names[i]);
        free((void *)shares[0].encrypted_seed.ptr);
    }
    all.shares = &shares[1];
    all.count = 1;
    cr_expect_eq(seed_share_open(&all, &a, &again, NULL).kind, ERR_MISSING);
    struct private_key ec;
    cr_assert(is_ok(private_key_generate(KEY_P384, &ec, NULL)));
    cr_expect_eq(seed_share_open(&all, &ec, &again, NULL).kind, ERR_UNSUPPORTED);
    free((void *)owners[0].ptr);
    free((void *)owners[1].ptr);
    scratch_close(&s);
}
