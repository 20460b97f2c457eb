/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "snp/ca.h"
#include "tests/der_edit.h"
#include "tests/simulated.h"

#define TBS(...) DER_PATH(0, __VA_ARGS__)
#define SUBJECT  TBS(5)

/* ---- names ------------------------------------------------------------------------------------------------------ */

static struct der_edit edit;

static void begin(const char *line, enum sim_file file)
{
    der_edit_load(&edit, sim_file(simulated(0, line), file));
}

static void expect_no_name(const char *what)
{
    enum snp_product product = (enum snp_product)77;
    enum snp_ca_role role = (enum snp_ca_role)77;
    bytes name = der_edit_get(&edit, SUBJECT);
    cr_expect_not(snp_name_is(name, "ARK-Milan"), "%s", what);
    cr_expect_not(snp_ca_name_parse(name, &product, &role), "%s", what);
    cr_expect_eq((int)product, 77, "%s: output touched", what);
    cr_expect_eq((int)role, 77, "%s: output touched", what);
}

Test(ca, names_that_differ_in_anything_are_refused)
{
    for (int i = 0; i < 6; i++) {
        begin("", SIM_FILE_ARK);
        der_edit_replace(&edit, TBS(5, i), BYTES_LIT(""));
        expect_no_name("an attribute missing");

        uint8_t rdn[64];
        begin("", SIM_FILE_ARK);
        bytes element = der_edit_get(&edit, TBS(5, i));
        memcpy(rdn, element.ptr, element.len);
        for (int at = 0; at <= 6; at++) {
            begin("", SIM_FILE_ARK);
            der_edit_insert(&edit, TBS(5, at), BYTES(rdn, element.len));
            expect_no_name("an attribute twice");
        }
        begin("", SIM_FILE_ARK);
        der_edit_replace(&edit, TBS(5, i), BYTES_LIT(""));
        der_edit_insert(&edit, TBS(5, i == 5 ? 0 : 5), BYTES(rdn, element.len));
        expect_no_name("another order");
    }
    begin("", SIM_FILE_ARK);
    der_edit_insert(&edit, TBS(5, 6), BYTES_LIT("\x31\x0b\x30\x09\x06\x03\x55\x04\x0b\x0c\x02\x41\x42"));
    expect_no_name("an attribute more");
    begin("", SIM_FILE_ARK);
    der_edit_replace(&edit, SUBJECT, BYTES_LIT("\x30\x00"));
    expect_no_name("empty");
}

Test(ca, every_byte_of_a_name_counts)
{
    begin("", SIM_FILE_ARK);
    bytes name = der_edit_get(&edit, SUBJECT);
    size_t at = (size_t)(name.ptr - edit.data), len = name.len;
    cr_expect(snp_name_is(name, "ARK-Milan"));
    for (size_t i = at; i < at + len; i++)
        for (unsigned x = 1; x < 256; x++) {
            edit.data[i] ^= (uint8_t)x;
            enum snp_product product;
            enum snp_ca_role role;
            bytes changed = BYTES(edit.data + at, len);
            cr_assert_not(snp_name_is(changed, "ARK-Milan"), "byte %zu to 0x%02x", i - at, edit.data[i]);
            cr_assert_not(snp_ca_name_parse(changed, &product, &role), "byte %zu to 0x%02x", i - at, edit.data[i]);
            edit.data[i] ^= (uint8_t)x;
        }
    for (size_t n = 0; n < len; n++)
        cr_expect_not(snp_name_is(BYTES(edit.data + at, n), "ARK-Milan"));
    cr_expect_not(snp_name_is(BYTES(edit.data + at, len + 1), "ARK-Milan"), "a byte behind");
    cr_expect_not(snp_name_is(BYTES_ABSENT, "ARK-Milan"));
}

Test(ca, a_common_name_is_not_cut_at_a_nul)
{
    begin("", SIM_FILE_ARK);
    der_edit_refill(&edit, TBS(5, 5, 0, 1), BYTES_LIT("ARK-Milan\0"));
    expect_no_name("a NUL behind");
    der_edit_refill(&edit, TBS(5, 5, 0, 1), BYTES_LIT("ARK-Milan\0.example"));
    expect_no_name("a NUL inside");
    der_edit_refill(&edit, TBS(5, 5, 0, 1), BYTES_LIT("ARK-Mila"));
    expect_no_name("a prefix");
    der_edit_refill(&edit, TBS(5, 5, 0, 1), BYTES_LIT(""));
    expect_no_name("an empty one");
    der_edit_replace(&edit, TBS(5, 5, 0, 1),
                     BYTES_LIT("\x13\x09"
                               "ARK-Milan"));
    expect_no_name("a PrintableString");
}

Test(ca, all_nine_names)
{
    static const char *const products[] = {"--product milan", "--product genoa", "--product turin"};
    static const enum sim_file files[] = {SIM_FILE_ARK, SIM_FILE_ASK, SIM_FILE_ASVK};
    for (int i = 0; i < 9; i++) {
        enum snp_product product;
        enum snp_ca_role role;
        begin(products[i / 3], files[i % 3]);
        cr_assert(snp_ca_name_parse(der_edit_get(&edit, SUBJECT), &product, &role), "%d", i);
        cr_expect_eq((int)product, SNP_MILAN + i / 3);
        cr_expect_eq((int)role, SNP_ARK + i % 3);
    }
}

/* ---- certificates ----------------------------------------------------------------------------------------------- */

static void expect_ca(enum err_kind kind, const char *what)
{
    struct x509_certificate x;
    struct snp_ca ca = {.serial = 77};
    struct err err = {0};
    status s = x509_certificate_parse(DER_EDIT_BYTES(&edit), &x, &err);
    cr_assert(is_ok(s), "%s: %s", what, err.text);
    s = snp_ca_from_certificate(&x, &ca, &err);
    cr_expect_eq(s.kind, kind, "%s: %s: %s", what, err_kind_name(s.kind), err.text);
    if (is_ok(s)) return;
    cr_expect(err.rule && strcmp(err.rule, "root.trusted") == 0, "%s", what);
    cr_expect_eq(ca.serial, 77u, "%s: output touched", what);
}

static void expect_replaced(enum sim_file file, const int *path, bytes with, enum err_kind kind, const char *what)
{
    begin("", file);
    der_edit_replace(&edit, path, with);
    expect_ca(kind, what);
}

Test(ca, subjects_and_issuers)
{
    begin("", SIM_FILE_ARK);
    expect_ca(ERR_NONE, "an ARK");
    begin("", SIM_FILE_LEAF);
    expect_ca(ERR_MISMATCH, "a leaf");
    begin("--chain sub", SIM_FILE_ASK);
    expect_ca(ERR_MISMATCH, "one more level");

    uint8_t name[256];
    begin("--product genoa", SIM_FILE_ARK);
    bytes genoa = der_edit_get(&edit, SUBJECT);
    size_t len = genoa.len;
    memcpy(name, genoa.ptr, len);
    expect_replaced(SIM_FILE_ASK, TBS(3), BYTES(name, len), ERR_MISMATCH, "issued by the ARK of another product");
    expect_replaced(SIM_FILE_ARK, TBS(3), BYTES(name, len), ERR_MISMATCH, "an ARK issued by another");
    begin("", SIM_FILE_ASK);
    bytes ask = der_edit_get(&edit, SUBJECT);
    memcpy(name, ask.ptr, ask.len);
    expect_replaced(SIM_FILE_ASVK, TBS(3), BYTES(name, ask.len), ERR_MISMATCH, "issued by an ASK");
}

Test(ca, algorithms)
{
    static const char *const lines[] = {"--ark-alg pkcs1", "--ark-alg pss-sha256", "--ark-alg pss-mgf1-sha256",
                                        "--ark-alg pss-salt32"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        begin(lines[i], SIM_FILE_ARK);
        expect_ca(ERR_UNSUPPORTED, lines[i]);
    }
    begin("", SIM_FILE_ARK);
    uint8_t other[128];
    bytes trailer_left_out = der_edit_get(&edit, TBS(2));
    memcpy(other, trailer_left_out.ptr, trailer_left_out.len);
    begin("--ark-alg pss", SIM_FILE_ARK);
    expect_ca(ERR_NONE, "without the trailer field");
    der_edit_replace(&edit, DER_PATH(1), BYTES(other, trailer_left_out.len));
    expect_ca(ERR_UNSUPPORTED, "outside another than inside");
}

/* RSAPublicKey in the BIT STRING of the key. */
static void expect_key(bytes rsa_public_key, enum err_kind kind, const char *what)
{
    uint8_t bits[1024] = {0};
    cr_assert_lt(rsa_public_key.len, sizeof bits);
    memcpy(bits + 1, rsa_public_key.ptr, rsa_public_key.len);
    begin("", SIM_FILE_ARK);
    der_edit_refill(&edit, TBS(6, 1), BYTES(bits, 1 + rsa_public_key.len));
    expect_ca(kind, what);
}

Test(ca, keys)
{
    uint8_t key[600] = "\x30\x82\x02\x0a\x02\x82\x02\x01\x00";
    memset(key + 9, 0xab, 512);
    memcpy(key + 521, "\x02\x03\x01\x00\x01", 6);
    expect_key(BYTES(key, 526), ERR_NONE, "as AMD has them");
    expect_key(BYTES(key, 525), ERR_UNSUPPORTED, "cut");
    expect_key(BYTES(key, 527), ERR_UNSUPPORTED, "a byte behind");
    key[525] = 0x03;
    expect_key(BYTES(key, 526), ERR_UNSUPPORTED, "exponent 65539");
    key[525] = 0x01;
    key[9] = 0x7f;
    expect_key(BYTES(key, 526), ERR_UNSUPPORTED, "a padded modulus");
    memcpy(key, "\x30\x82\x02\x09\x02\x82\x02\x00\x7f", 9);
    memmove(key + 520, "\x02\x03\x01\x00\x01", 5);
    expect_key(BYTES(key, 525), ERR_UNSUPPORTED, "4095 bits");
    expect_key(BYTES_LIT(""), ERR_UNSUPPORTED, "empty");
    expect_key(BYTES_LIT("\x30\x06\x02\x01\x0f\x02\x01\x03"), ERR_UNSUPPORTED, "4 bits");
    expect_replaced(SIM_FILE_ARK, TBS(6, 0), BYTES_LIT("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"),
                    ERR_UNSUPPORTED, "rsaEncryption without NULL");
    expect_replaced(SIM_FILE_ARK, TBS(6, 0), BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x05\x00"),
                    ERR_UNSUPPORTED, "id-RSASSA-PSS");
}

#define BASIC_CONSTRAINTS "\x06\x03\x55\x1d\x13"
#define KEY_USAGE         "\x06\x03\x55\x1d\x0f"
#define KEY_ID            "\x06\x03\x55\x1d\x0e"

/* The order of extensions in an ARK: keyUsage, subjectKeyIdentifier, basicConstraints. */
Test(ca, extensions)
{
    const int *usage = TBS(7, 0, 0), *id = TBS(7, 0, 1), *basic = TBS(7, 0, 2);
    const struct {
        const int *path;
        bytes with;
        enum err_kind kind;
        const char *what;
    } rows[] = {
        {TBS(7), BYTES_LIT(""), ERR_MISMATCH, "none"},
        {basic, BYTES_LIT(""), ERR_MISMATCH, "no basicConstraints"},
        {basic, BYTES_LIT("\x30\x0c" BASIC_CONSTRAINTS "\x04\x05\x30\x03\x01\x01\xff"), ERR_MISMATCH, "not critical"},
        {basic, BYTES_LIT("\x30\x0c" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x02\x30\x00"), ERR_MISMATCH, "no CA"},
        {basic, BYTES_LIT("\x30\x0f" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x05\x30\x03\x01\x01\x00"), ERR_MISMATCH,
         "cA FALSE"},
        {basic, BYTES_LIT("\x30\x0f" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x05\x30\x03\x01\x01\x01"), ERR_MISMATCH,
         "TRUE as 01"},
        {basic, BYTES_LIT("\x30\x12" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x08\x30\x06\x01\x01\xff\x02\x01\x00"),
         ERR_NONE, "pathLen 0"},
        {basic, BYTES_LIT("\x30\x12" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x08\x30\x06\x01\x01\xff\x02\x01\xff"),
         ERR_MISMATCH, "pathLen below 0"},
        {basic, BYTES_LIT("\x30\x11" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x07\x30\x05\x01\x01\xff\x05\x00"),
         ERR_MISMATCH, "something behind cA"},
        {basic, BYTES_LIT("\x30\x11" BASIC_CONSTRAINTS "\x01\x01\xff\x04\x07\x30\x03\x01\x01\xff\x05\x00"),
         ERR_MISMATCH, "something behind basicConstraints"},
        {usage, BYTES_LIT(""), ERR_MISMATCH, "no keyUsage"},
        {usage, BYTES_LIT("\x30\x0b" KEY_USAGE "\x04\x04\x03\x02\x01\x06"), ERR_MISMATCH, "keyUsage not critical"},
        {usage, BYTES_LIT("\x30\x0e" KEY_USAGE "\x01\x01\xff\x04\x04\x03\x02\x01\x02"), ERR_MISMATCH, "cRLSign alone"},
        {usage, BYTES_LIT("\x30\x0e" KEY_USAGE "\x01\x01\xff\x04\x04\x03\x02\x02\x04"), ERR_MISMATCH,
         "an ARK that does not sign CRLs"},
        {usage, BYTES_LIT("\x30\x0e" KEY_USAGE "\x01\x01\xff\x04\x04\x03\x02\x01\x06"), ERR_NONE, "AMD's"},
        {usage, BYTES_LIT("\x30\x0f" KEY_USAGE "\x01\x01\xff\x04\x05\x03\x02\x01\x06\x00"), ERR_MISMATCH,
         "something behind keyUsage"},
        {usage, BYTES_LIT("\x30\x0c" KEY_USAGE "\x01\x01\xff\x04\x02\x03\x00"), ERR_MISMATCH, "no bits"},
        {id, BYTES_LIT(""), ERR_MISSING, "no key identifier"},
        {id, BYTES_LIT("\x30\x0b" KEY_ID "\x04\x04\x04\x02\xab\xcd"), ERR_MISSING, "a short key identifier"},
        {id, BYTES_LIT("\x30\x09" KEY_ID "\x04\x02\x05\x00"), ERR_MISSING, "a key identifier that is none"},
        {TBS(7, 0, 3), BYTES_LIT("\x30\x0c\x06\x03\x55\x1d\x1e\x01\x01\xff\x04\x02\x30\x00"), ERR_MISMATCH,
         "critical name constraints"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin("", SIM_FILE_ARK);
        der_edit_replace(&edit, rows[i].path, rows[i].with);
        expect_ca(rows[i].kind, rows[i].what);
    }
    begin("", SIM_FILE_ASK);
    expect_ca(ERR_NONE, "an ASK does not sign CRLs");
}

Test(ca, serial_numbers)
{
    expect_replaced(SIM_FILE_ARK, TBS(1), BYTES_LIT("\x02\x09\x01\0\0\0\0\0\0\0\0"), ERR_RANGE, "2^64");
    struct x509_certificate x;
    struct snp_ca ca;
    begin("", SIM_FILE_ARK);
    der_edit_replace(&edit, TBS(1), BYTES_LIT("\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\xfe"));
    cr_assert(is_ok(x509_certificate_parse(DER_EDIT_BYTES(&edit), &x, NULL)));
    cr_assert(is_ok(snp_ca_from_certificate(&x, &ca, NULL)));
    cr_expect_eq(ca.serial, UINT64_MAX - 1);
}

Test(ca, what_a_set_does_not_have_is_not_found)
{
    struct snp_ca_set amd = snp_ca_set_amd(), empty = {0}, milan = {snp_amd_cas, 3, false};
    cr_expect_eq(amd.count, 9u);
    cr_expect_not(amd.by_hand);
    for (int p = SNP_MILAN; p < SNP_PRODUCT_COUNT; p++)
        for (int r = SNP_ARK; r <= SNP_ASVK; r++) {
            const struct snp_ca *ca = snp_ca_find(&amd, (enum snp_product)p, (enum snp_ca_role)r);
            cr_assert_not_null(ca);
            cr_expect(ca->product == (enum snp_product)p && ca->role == (enum snp_ca_role)r);
            cr_expect_null(snp_ca_find(&empty, (enum snp_product)p, (enum snp_ca_role)r));
            cr_expect_eq(snp_ca_find(&milan, (enum snp_product)p, (enum snp_ca_role)r) != NULL, p == SNP_MILAN);
        }
    cr_expect_null(snp_ca_find(&amd, SNP_PRODUCT_UNKNOWN, SNP_ARK));
}
