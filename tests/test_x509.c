/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/limits.h"
#include "parse/x509.h"
#include "tests/der_edit.h"
#include "tests/shared.h"
#include "tests/simulated.h"

#define TBS(...)   DER_PATH(0, __VA_ARGS__)
#define VERSION    TBS(0)
#define SERIAL     TBS(1)
#define ALGORITHM  TBS(2)
#define ISSUER     TBS(3)
#define VALIDITY   TBS(4)
#define SUBJECT    TBS(5)
#define SPKI       TBS(6)
#define EXTENSIONS TBS(7, 0)

static struct der_edit edit;

static void begin(void)
{
    der_edit_load(&edit, sim_file(simulated(0, ""), SIM_FILE_LEAF));
}

static void expect(enum err_kind kind, const char *what)
{
    struct x509_certificate x = {.not_before = 77};
    struct err err = {0};
    status s = x509_certificate_parse(DER_EDIT_BYTES(&edit), &x, &err);
    der_edit_expect(&edit, s, &err, kind, what);
    if (!is_ok(s)) cr_expect_eq(x.not_before, 77, "%s: output touched", what);
}

/* One element of the good certificate replaced. */
static void expect_replaced(const int *path, bytes with, enum err_kind kind, const char *what)
{
    begin();
    der_edit_replace(&edit, path, with);
    expect(kind, what);
}

static void expect_inserted(const int *path, bytes element, enum err_kind kind, const char *what)
{
    begin();
    der_edit_insert(&edit, path, element);
    expect(kind, what);
}

/* ---- refusals; the numbers are those of the list of negative tests in the specification ------------------------- */

Test(x509, negative_52_versions_1_and_2)
{
    expect_replaced(VERSION, BYTES_LIT(""), ERR_SYNTAX, "version 1: left out");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x03\x02\x01\x00"), ERR_UNSUPPORTED, "version 1 written out");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x03\x02\x01\x01"), ERR_UNSUPPORTED, "version 2");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x03\x02\x01\x03"), ERR_RANGE, "version 4");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x04\x02\x02\x00\x02"), ERR_SYNTAX, "version 3, padded");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x06\x02\x01\x02\x02\x01\x02"), ERR_TRAILING, "two versions");
    expect_replaced(VERSION, BYTES_LIT("\x80\x01\x02"), ERR_SYNTAX, "implicit tag");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x03\x02\x01\xfe"), ERR_SYNTAX, "negative");
}

Test(x509, negative_56_bytes_behind)
{
    begin();
    edit.data[edit.len++] = 0;
    expect(ERR_TRAILING, "behind the certificate");
    expect_inserted(DER_PATH(3), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the signature");
    expect_inserted(TBS(8), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the extensions");
    expect_inserted(TBS(7, 1), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the list of extensions");
    expect_inserted(TBS(4, 2), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind notAfter");
    expect_inserted(TBS(6, 2), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the key");
}

Test(x509, serial_numbers_that_are_negative_padded_or_empty)
{
    expect_replaced(SERIAL, BYTES_LIT("\x02\x01\x80"), ERR_SYNTAX, "negative");
    expect_replaced(SERIAL, BYTES_LIT("\x02\x02\x00\x01"), ERR_SYNTAX, "padded");
    expect_replaced(SERIAL, BYTES_LIT("\x02\x00"), ERR_SYNTAX, "empty");
    expect_replaced(SERIAL, BYTES_LIT("\x0a\x01\x00"), ERR_SYNTAX, "ENUMERATED");
    expect_replaced(SERIAL, BYTES_LIT("\x02\x02\x00\x80"), ERR_NONE, "128");
}

Test(x509, unique_identifiers)
{
    expect_inserted(TBS(7), BYTES_LIT("\x81\x02\x00\x01"), ERR_TRAILING, "issuerUniqueID");
    expect_inserted(TBS(7), BYTES_LIT("\x82\x02\x00\x01"), ERR_TRAILING, "subjectUniqueID");
}

Test(x509, times)
{
    static const struct {
        const char *what;
        bytes time;
        enum err_kind kind;
    } rows[] = {
        {"no seconds",
         {(const uint8_t *)"\x17\x0b"
                           "2601010000Z",
          13},
         ERR_SYNTAX},
        {"an offset",
         {(const uint8_t *)"\x17\x11"
                           "260101000000+0000",
          19},
         ERR_SYNTAX},
        {"no Z",
         {(const uint8_t *)"\x17\x0c"
                           "260101000000",
          14},
         ERR_TRUNCATED},
        {"month 13",
         {(const uint8_t *)"\x17\x0d"
                           "261301000000Z",
          15},
         ERR_RANGE},
        {"30 February",
         {(const uint8_t *)"\x17\x0d"
                           "260230000000Z",
          15},
         ERR_RANGE},
        {"second 60",
         {(const uint8_t *)"\x17\x0d"
                           "260101000060Z",
          15},
         ERR_RANGE},
        {"a blank",
         {(const uint8_t *)"\x17\x0d"
                           " 60101000000Z",
          15},
         ERR_SYNTAX},
        {"OCTET STRING",
         {(const uint8_t *)"\x04\x0d"
                           "260101000000Z",
          15},
         ERR_SYNTAX},
        {"fraction",
         {(const uint8_t *)"\x18\x11"
                           "20500101000000.0Z",
          19},
         ERR_SYNTAX},
        {"GeneralizedTime of two digits",
         {(const uint8_t *)"\x18\x0d"
                           "500101000000Z",
          15},
         ERR_SYNTAX},
        {"GeneralizedTime in 2026",
         {(const uint8_t *)"\x18\x0f"
                           "20260101000000Z",
          17},
         ERR_SYNTAX},
        {"GeneralizedTime in 2049",
         {(const uint8_t *)"\x18\x0f"
                           "20491231235959Z",
          17},
         ERR_SYNTAX},
        {"GeneralizedTime in 1949",
         {(const uint8_t *)"\x18\x0f"
                           "19491231235959Z",
          17},
         ERR_NONE},
        {"GeneralizedTime in 1950",
         {(const uint8_t *)"\x18\x0f"
                           "19500101000000Z",
          17},
         ERR_SYNTAX},
        {"GeneralizedTime in 2050",
         {(const uint8_t *)"\x18\x0f"
                           "20500101000000Z",
          17},
         ERR_NONE},
        {"UTCTime in 2049",
         {(const uint8_t *)"\x17\x0d"
                           "491231235959Z",
          15},
         ERR_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_replaced(TBS(4, 0), rows[i].time, rows[i].kind, rows[i].what);
        expect_replaced(TBS(4, 1), rows[i].time, rows[i].kind, rows[i].what);
    }
    expect_replaced(TBS(4, 1), BYTES_LIT(""), ERR_TRUNCATED, "no notAfter");
}

Test(x509, bit_strings_with_unused_bits)
{
    begin();
    uint8_t signature[513] = {1};
    der_edit_refill(&edit, DER_PATH(2), BYTES_OF(signature));
    expect(ERR_SYNTAX, "signature");
    expect_replaced(TBS(6, 1), BYTES_LIT("\x03\x02\x04\x10"), ERR_SYNTAX, "key");
    expect_replaced(TBS(6, 1), BYTES_LIT("\x03\x00"), ERR_SYNTAX, "key without a count");
}

/* An extension as this profile has them, told apart by its last number. */
#define EXTENSION(n) "\x30\x0a\x06\x05\x2a\x03\x04\x05" n "\x04\x01\x00"

Test(x509, extensions_that_are_duplicate_empty_or_not_der)
{
    static const struct {
        const char *what;
        bytes extension;
        enum err_kind kind;
    } rows[] = {
        {"good", {(const uint8_t *)EXTENSION("\x01"), 12}, ERR_NONE},
        {"critical", {(const uint8_t *)"\x30\x0a\x06\x02\x2a\x03\x01\x01\xff\x04\x01\x00", 12}, ERR_NONE},
        {"FALSE written out", {(const uint8_t *)"\x30\x0a\x06\x02\x2a\x03\x01\x01\x00\x04\x01\x00", 12}, ERR_SYNTAX},
        {"TRUE as 01", {(const uint8_t *)"\x30\x0a\x06\x02\x2a\x03\x01\x01\x01\x04\x01\x00", 12}, ERR_SYNTAX},
        {"critical twice",
         {(const uint8_t *)"\x30\x0d\x06\x02\x2a\x03\x01\x01\xff\x01\x01\xff\x04\x01\x00", 15},
         ERR_SYNTAX},
        {"no value", {(const uint8_t *)"\x30\x04\x06\x02\x2a\x03", 6}, ERR_TRUNCATED},
        {"no identifier", {(const uint8_t *)"\x30\x03\x04\x01\x00", 5}, ERR_SYNTAX},
        {"empty identifier", {(const uint8_t *)"\x30\x05\x06\x00\x04\x01\x00", 7}, ERR_SYNTAX},
        {"padded identifier", {(const uint8_t *)"\x30\x08\x06\x03\x2a\x80\x03\x04\x01\x00", 10}, ERR_SYNTAX},
        {"two values", {(const uint8_t *)"\x30\x0a\x06\x02\x2a\x03\x04\x01\x00\x04\x01\x00", 12}, ERR_TRAILING},
        {"value in a constructed string",
         {(const uint8_t *)"\x30\x09\x06\x02\x2a\x03\x24\x03\x04\x01\x00", 11},
         ERR_SYNTAX},
        {"a SET", {(const uint8_t *)"\x31\x07\x06\x02\x2a\x03\x04\x01\x00", 9}, ERR_SYNTAX},
        {"empty", {(const uint8_t *)"\x30\x00", 2}, ERR_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_inserted(TBS(7, 0, 0), rows[i].extension, rows[i].kind, rows[i].what);
        expect_inserted(TBS(7, 0, 11), rows[i].extension, rows[i].kind, rows[i].what);
    }
    expect_replaced(EXTENSIONS, BYTES_LIT("\x30\x00"), ERR_SYNTAX, "no extension in the list");
    expect_replaced(TBS(7), BYTES_LIT("\xa3\x00"), ERR_TRUNCATED, "no list");
    expect_replaced(TBS(7), BYTES_LIT(""), ERR_NONE, "no extensions at all");
    expect_replaced(TBS(7), BYTES_LIT("\xa4\x02\x30\x00"), ERR_TRAILING, "another tag");
}

Test(x509, negative_69_duplicate_extensions)
{
    begin();
    int count = 0;
    struct x509_certificate x;
    cr_assert(is_ok(x509_certificate_parse(DER_EDIT_BYTES(&edit), &x, NULL)));
    for (struct cursor c = cursor_over(x.extensions); cursor_left(&c) > 0; count++)
        (void)x509_extension_next(&c);
    cr_assert_eq(count, 11);
    for (int of = 0; of < count; of++)
        for (int at = 0; at <= count; at++) {
            begin();
            uint8_t copy[256];
            bytes e = der_edit_get(&edit, TBS(7, 0, of));
            cr_assert_leq(e.len, sizeof copy);
            memcpy(copy, e.ptr, e.len);
            der_edit_insert(&edit, TBS(7, 0, at), BYTES(copy, e.len));
            expect(ERR_DUPLICATE, "the same extension twice");
        }
    expect_inserted(TBS(7, 0, 0), BYTES_LIT(EXTENSION("\x01") EXTENSION("\x01")), ERR_DUPLICATE, "with equal values");
    expect_inserted(TBS(7, 0, 0), BYTES_LIT(EXTENSION("\x01") EXTENSION("\x02")), ERR_NONE, "two different ones");
}

Test(x509, more_extensions_than_the_limit)
{
    begin();
    uint8_t extension[] = EXTENSION("\x01");
    for (int n = 11; n < LIMIT_CERTIFICATE_EXTENSIONS; n++) {
        extension[8] = (uint8_t)(n + 1);
        der_edit_insert(&edit, TBS(7, 0, 0), BYTES(extension, 12));
    }
    expect(ERR_NONE, "as many as allowed");
    extension[8] = 0x7f;
    der_edit_insert(&edit, TBS(7, 0, 0), BYTES(extension, 12));
    expect(ERR_LIMIT, "one more");
}

Test(x509, a_certificate_above_the_limit)
{
    static uint8_t large[LIMIT_CERTIFICATE_BYTES + 1];
    begin();
    cr_assert_gt(edit.len, 1000u);
    size_t room = LIMIT_CERTIFICATE_BYTES - edit.len - 200;
    der_edit_refill(&edit, DER_PATH(1), BYTES(large, room));
    size_t missing = LIMIT_CERTIFICATE_BYTES - edit.len;
    der_edit_refill(&edit, DER_PATH(1), BYTES(large, room + missing));
    cr_assert_eq(edit.len, (size_t)LIMIT_CERTIFICATE_BYTES);
    expect(ERR_NONE, "as large as allowed");
    der_edit_refill(&edit, DER_PATH(1), BYTES(large, room + missing + 1));
    expect(ERR_LIMIT, "one byte more");
}

/* Every header of the certificate with its length in one octet more than it needs. */
Test(x509, a_longer_form_of_any_length_is_refused)
{
    const int *const paths[] = {
        DER_ROOT,        DER_PATH(0),   VERSION,          TBS(0, 0),   SERIAL,       ALGORITHM,
        ISSUER,          VALIDITY,      TBS(4, 0),        TBS(4, 1),   SUBJECT,      SPKI,
        TBS(6, 0),       TBS(6, 1),     TBS(7),           EXTENSIONS,  TBS(7, 0, 3), TBS(7, 0, 3, 0),
        TBS(7, 0, 3, 1), TBS(7, 0, 10), TBS(7, 0, 10, 1), DER_PATH(1), DER_PATH(2),
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        uint8_t longer[4096];
        begin();
        bytes contents = der_edit_contents(&edit, paths[i]);
        longer[0] = der_edit_get(&edit, paths[i]).ptr[0];
        longer[1] = 0x83;
        longer[2] = 0;
        longer[3] = (uint8_t)(contents.len >> 8);
        longer[4] = (uint8_t)contents.len;
        cr_assert_leq(contents.len + 5, sizeof longer);
        memcpy(longer + 5, contents.ptr, contents.len);
        der_edit_replace(&edit, paths[i], BYTES(longer, contents.len + 5));
        char what[32];
        (void)snprintf(what, sizeof what, "path %zu", i);
        expect(ERR_SYNTAX, what);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool same(bytes a, bytes b)
{
    return bytes_is_absent(a) ? bytes_is_absent(b) : bytes_eq(a, b);
}

/* Field by field: tbs and raw hold everything and would hide a byte that no field shows. */
static bool same_fields(const struct x509_certificate *a, const struct x509_certificate *b)
{
    return same(a->serial, b->serial) && same(a->inner_algorithm, b->inner_algorithm) &&
           same(a->outer_algorithm, b->outer_algorithm) && same(a->issuer, b->issuer) && same(a->subject, b->subject) &&
           a->not_before == b->not_before && a->not_after == b->not_after && same(a->spki, b->spki) &&
           same(a->key_algorithm, b->key_algorithm) && same(a->public_key, b->public_key) &&
           same(a->extensions, b->extensions) && same(a->signature, b->signature);
}

Test(x509, every_prefix_and_one_byte_more_are_refused)
{
    begin();
    size_t whole = edit.len;
    for (edit.len = 0; edit.len < whole; edit.len++)
        expect(ERR_TRUNCATED, "prefix");
    edit.len = whole;
    expect(ERR_NONE, "all of it");
    edit.data[edit.len++] = 0x30;
    expect(ERR_TRAILING, "one byte more");
    struct x509_certificate x;
    cr_expect_eq(x509_certificate_parse(BYTES_ABSENT, &x, NULL).kind, ERR_TRUNCATED);
}

Test(x509, every_changed_byte_is_refused_or_seen)
{
    size_t refused = 0, seen = 0;
    struct x509_certificate before, after;
    begin();
    struct der_edit changed = edit;
    cr_assert(is_ok(x509_certificate_parse(DER_EDIT_BYTES(&edit), &before, NULL)));
    for (size_t i = 0; i < edit.len; i++) {
        for (unsigned x = 0; x <= 8; x++) { /* each bit, and all of them */
            changed.data[i] = edit.data[i] ^ (uint8_t)(x < 8 ? 1 << x : 0xff);
            bool ok = is_ok(x509_certificate_parse(DER_EDIT_BYTES(&changed), &after, NULL));
            if (ok) cr_assert(!same_fields(&before, &after), "byte %zu to 0x%02x", i, changed.data[i]);
            refused += !ok;
            seen += ok;
        }
        changed.data[i] = edit.data[i];
    }
    cr_expect_eq(refused + seen, 9 * edit.len);
    cr_expect_gt(refused, 500u);
    cr_expect_gt(seen, 5000u);
}

Test(x509, parts_are_views_of_the_right_places)
{
    begin();
    struct x509_certificate x;
    cr_assert(is_ok(x509_certificate_parse(DER_EDIT_BYTES(&edit), &x, NULL)));
    const struct {
        bytes have, want;
    } views[] = {
        {x.raw, der_edit_get(&edit, DER_ROOT)},
        {x.tbs, der_edit_get(&edit, DER_PATH(0))},
        {x.serial, der_edit_contents(&edit, SERIAL)},
        {x.inner_algorithm, der_edit_get(&edit, ALGORITHM)},
        {x.outer_algorithm, der_edit_get(&edit, DER_PATH(1))},
        {x.issuer, der_edit_get(&edit, ISSUER)},
        {x.subject, der_edit_get(&edit, SUBJECT)},
        {x.spki, der_edit_get(&edit, SPKI)},
        {x.key_algorithm, der_edit_get(&edit, TBS(6, 0))},
        {x.extensions, der_edit_contents(&edit, EXTENSIONS)},
    };
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        cr_expect(views[i].have.ptr == views[i].want.ptr && views[i].have.len == views[i].want.len, "view %zu", i);
    cr_expect_eq(x.public_key.ptr, der_edit_contents(&edit, TBS(6, 1)).ptr + 1);
    cr_expect_eq(x.public_key.len, 97u);
    cr_expect_eq(x.signature.ptr, der_edit_contents(&edit, DER_PATH(2)).ptr + 1);
    cr_expect_eq(x.signature.len, 512u);
    cr_expect_eq(x.not_before, 1767225600, "2026-01-01");
    cr_expect_eq(x.not_after, 1988150400, "2033-01-01");
}

Test(x509, names_are_read_attribute_by_attribute)
{
    begin();
    struct cursor c = cursor_over(der_edit_contents(&edit, SUBJECT));
    size_t count = 0;
    struct x509_attribute last = {0};
    for (; cursor_left(&c) > 0; count++)
        last = x509_attribute_next(&c);
    cr_expect(is_ok(cursor_end(&c, NULL)));
    cr_expect_eq(count, 6u);
    cr_expect(last.tag == 0x0c && bytes_eq(last.oid, BYTES_LIT("\x55\x04\x03")) &&
              bytes_eq(last.text, BYTES_LIT("SEV-VCEK")));

    static const struct {
        const char *what;
        bytes in;
    } rows[] = {
        {"two attributes in one RDN",
         {(const uint8_t *)"\x31\x12\x30\x07\x06\x03\x55\x04\x03\x0c\x00\x30\x07\x06\x03\x55\x04\x03\x0c\x00", 20}},
        {"no value", {(const uint8_t *)"\x31\x07\x30\x05\x06\x03\x55\x04\x03", 9}},
        {"empty RDN", {(const uint8_t *)"\x31\x00", 2}},
        {"a SEQUENCE for the SET", {(const uint8_t *)"\x30\x09\x30\x07\x06\x03\x55\x04\x03\x0c\x00", 11}},
        {"a value of tag 0", {(const uint8_t *)"\x31\x09\x30\x07\x06\x03\x55\x04\x03\x00\x00", 11}},
        {"a byte behind the value", {(const uint8_t *)"\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x00\x00", 12}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        c = cursor_over(rows[i].in);
        (void)x509_attribute_next(&c);
        cr_expect_not(is_ok(cursor_end(&c, NULL)), "%s", rows[i].what);
    }
}

Test(x509, all_nine_ca_certificates_are_read)
{
    static const char *const products[] = {"milan", "genoa", "turin"}, *const roles[] = {"ark", "ask", "asvk"};
    for (size_t i = 0; i < 9; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "vectors/ca/%s_%s.der", products[i / 3], roles[i % 3]);
        bytes der = shared_read(path);
        struct x509_certificate x;
        struct err err = {0};
        cr_expect(is_ok(x509_certificate_parse(der, &x, &err)), "%s: %s", path, err.text);
        cr_expect_eq(x.spki.len, 550u, "%s", path);
        cr_expect_eq(x.signature.len, 512u, "%s", path);
        free((void *)der.ptr);
    }
}
