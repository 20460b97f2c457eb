/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/limits.h"
#include "parse/x509.h"
#include "tests/der_edit.h"
#include "tests/shared.h"
#include "tests/simulated.h"

#define TBS(...)    DER_PATH(0, __VA_ARGS__)
#define VERSION     TBS(0)
#define THIS_UPDATE TBS(3)
#define NEXT_UPDATE TBS(4)
#define ENTRIES     TBS(5)
#define EXTENSIONS  TBS(6, 0)

static struct der_edit edit;

/* A CRL that lists the ASK. */
static void begin(void)
{
    der_edit_load(&edit, sim_file(simulated(0, "--crl-revoke ask"), SIM_FILE_CRL));
}

static void expect(enum err_kind kind, const char *what)
{
    struct x509_crl x = {.this_update = 77};
    struct err err = {0};
    status s = x509_crl_parse(DER_EDIT_BYTES(&edit), &x, &err);
    der_edit_expect(&edit, s, &err, kind, what);
    if (!is_ok(s)) cr_expect_eq(x.this_update, 77, "%s: output touched", what);
}

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

Test(crl, versions_other_than_2)
{
    expect_replaced(VERSION, BYTES_LIT(""), ERR_SYNTAX, "version 1: left out");
    expect_replaced(VERSION, BYTES_LIT("\x02\x01\x00"), ERR_UNSUPPORTED, "version 1 written out");
    expect_replaced(VERSION, BYTES_LIT("\x02\x01\x02"), ERR_RANGE, "version 3");
    expect_replaced(VERSION, BYTES_LIT("\x02\x02\x00\x01"), ERR_SYNTAX, "version 2, padded");
    expect_replaced(VERSION, BYTES_LIT("\xa0\x03\x02\x01\x01"), ERR_SYNTAX, "tagged as in a certificate");
}

Test(crl, negative_129_bytes_behind)
{
    begin();
    edit.data[edit.len++] = 0;
    expect(ERR_TRAILING, "behind the CRL");
    expect_inserted(DER_PATH(3), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the signature");
    expect_inserted(TBS(7), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the extensions");
    expect_inserted(TBS(6, 1), BYTES_LIT("\x05\x00"), ERR_TRAILING, "behind the list of extensions");
    expect_inserted(TBS(5, 0, 2), BYTES_LIT("\x05\x00"), ERR_SYNTAX, "behind an entry's date");
    expect_inserted(TBS(5, 1), BYTES_LIT("\x05\x00"), ERR_SYNTAX, "an entry that is none");
    expect_inserted(TBS(4),
                    BYTES_LIT("\x17\x0d"
                              "260101000000Z"),
                    ERR_TRAILING, "a third time");
}

Test(crl, an_empty_list_of_entries_is_left_out)
{
    expect_replaced(ENTRIES, BYTES_LIT("\x30\x00"), ERR_SYNTAX, "written out");
    expect_replaced(ENTRIES, BYTES_LIT(""), ERR_NONE, "left out");
}

#define DATE                                                                                                           \
    "\x17\x0d"                                                                                                         \
    "260101000000Z"

Test(crl, entries)
{
    static const struct {
        const char *what;
        bytes entry;
        enum err_kind kind;
    } rows[] = {
        {"good", {(const uint8_t *)"\x30\x12\x02\x01\x07" DATE, 20}, ERR_NONE},
        {"negative serial", {(const uint8_t *)"\x30\x12\x02\x01\x80" DATE, 20}, ERR_SYNTAX},
        {"padded serial", {(const uint8_t *)"\x30\x13\x02\x02\x00\x07" DATE, 21}, ERR_SYNTAX},
        {"no date", {(const uint8_t *)"\x30\x03\x02\x01\x07", 5}, ERR_TRUNCATED},
        {"no serial", {(const uint8_t *)"\x30\x0f" DATE, 17}, ERR_SYNTAX},
        {"empty", {(const uint8_t *)"\x30\x00", 2}, ERR_TRUNCATED},
        {"reason",
         {(const uint8_t *)"\x30\x20\x02\x01\x07" DATE "\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01", 34},
         ERR_NONE},
        {"critical certificate issuer",
         {(const uint8_t *)"\x30\x22\x02\x01\x07" DATE
                           "\x30\x0e\x30\x0c\x06\x03\x55\x1d\x1d\x01\x01\xff\x04\x02\x30\x00",
          36},
         ERR_UNSUPPORTED},
        {"empty entry extensions", {(const uint8_t *)"\x30\x14\x02\x01\x07" DATE "\x30\x00", 22}, ERR_SYNTAX},
        {"entry extension twice",
         {(const uint8_t *)"\x30\x2c\x02\x01\x07" DATE "\x30\x18\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01"
                           "\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x02",
          46},
         ERR_DUPLICATE},
        {"bytes behind the entry extensions",
         {(const uint8_t *)"\x30\x22\x02\x01\x07" DATE
                           "\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01\x05\x00",
          36},
         ERR_TRAILING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq(rows[i].entry.ptr[1] + 2u, rows[i].entry.len, "%s: row is wrong", rows[i].what);
        expect_inserted(TBS(5, 0), rows[i].entry, rows[i].kind, rows[i].what);
        expect_inserted(TBS(5, 1), rows[i].entry, rows[i].kind, rows[i].what);
    }
}

Test(crl, critical_and_duplicate_extensions)
{
    bytes point = BYTES_LIT("\x30\x0c\x06\x03\x55\x1d\x1c\x01\x01\xff\x04\x02\x30\x00");
    expect_inserted(TBS(6, 0, 0), point, ERR_UNSUPPORTED, "critical issuing distribution point");
    bytes delta = BYTES_LIT("\x30\x0d\x06\x03\x55\x1d\x1b\x01\x01\xff\x04\x03\x02\x01\x01");
    expect_inserted(TBS(6, 0, 2), delta, ERR_UNSUPPORTED, "critical delta CRL indicator");
    bytes number = BYTES_LIT("\x30\x0a\x06\x03\x55\x1d\x14\x04\x03\x02\x01\x09");
    expect_inserted(TBS(6, 0, 0), number, ERR_DUPLICATE, "two CRL numbers");
    expect_replaced(EXTENSIONS, BYTES_LIT("\x30\x00"), ERR_SYNTAX, "no extension in the list");
    expect_replaced(TBS(6), BYTES_LIT(""), ERR_NONE, "no extensions at all");
    expect_replaced(TBS(6), BYTES_LIT("\xa1\x02\x30\x00"), ERR_TRAILING, "another tag");
}

Test(crl, negative_124_no_next_update_is_told_not_refused)
{
    begin();
    der_edit_replace(&edit, NEXT_UPDATE, BYTES_LIT(""));
    struct x509_crl x;
    cr_assert(is_ok(x509_crl_parse(DER_EDIT_BYTES(&edit), &x, NULL)));
    cr_expect_not(x.has_next_update, "revocation_check refuses it");
}

static void fill(size_t entries)
{
    static uint8_t list[(LIMIT_CRL_ENTRIES + 1) * 21];
    for (size_t i = 0; i < entries; i++) {
        memcpy(list + 21 * i, "\x30\x13\x02\x02\x40\x00" DATE, 21);
        list[21 * i + 4] = (uint8_t)(0x40 + i / 256);
        list[21 * i + 5] = (uint8_t)i;
    }
    begin();
    der_edit_refill(&edit, ENTRIES, BYTES(list, 21 * entries));
}

Test(crl, more_entries_or_bytes_than_the_limits)
{
    static uint8_t large[LIMIT_CRL_BYTES + 1];
    fill(LIMIT_CRL_ENTRIES);
    expect(ERR_NONE, "as many as allowed");
    fill(LIMIT_CRL_ENTRIES + 1);
    expect(ERR_LIMIT, "one more");
    struct x509_crl x;
    cr_expect_eq(x509_crl_parse(BYTES_OF(large), &x, NULL).kind, ERR_LIMIT);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool same(bytes a, bytes b)
{
    return bytes_is_absent(a) ? bytes_is_absent(b) : bytes_eq(a, b);
}

static bool same_fields(const struct x509_crl *a, const struct x509_crl *b)
{
    return same(a->inner_algorithm, b->inner_algorithm) && same(a->outer_algorithm, b->outer_algorithm) &&
           same(a->issuer, b->issuer) && a->this_update == b->this_update && a->has_next_update == b->has_next_update &&
           a->next_update == b->next_update && same(a->entries, b->entries) && same(a->extensions, b->extensions) &&
           same(a->signature, b->signature);
}

Test(crl, every_prefix_is_refused)
{
    begin();
    size_t whole = edit.len;
    for (edit.len = 0; edit.len < whole; edit.len++)
        expect(ERR_TRUNCATED, "prefix");
    edit.len = whole;
    expect(ERR_NONE, "all of it");
}

Test(crl, every_changed_byte_is_refused_or_seen)
{
    struct x509_crl before, after;
    size_t refused = 0, seen = 0;
    begin();
    struct der_edit changed = edit;
    cr_assert(is_ok(x509_crl_parse(DER_EDIT_BYTES(&edit), &before, NULL)));
    for (size_t i = 0; i < edit.len; i++) {
        for (unsigned x = 0; x <= 8; x++) { /* each bit, and all of them */
            changed.data[i] = edit.data[i] ^ (uint8_t)(x < 8 ? 1 << x : 0xff);
            bool ok = is_ok(x509_crl_parse(DER_EDIT_BYTES(&changed), &after, NULL));
            if (ok) cr_assert(!same_fields(&before, &after), "byte %zu to 0x%02x", i, changed.data[i]);
            refused += !ok;
            seen += ok;
        }
        changed.data[i] = edit.data[i];
    }
    cr_expect_eq(refused + seen, 9 * edit.len);
    cr_expect_gt(refused, 300u);
    cr_expect_gt(seen, 4000u);
}

/* ---- what was meant to be a CRL --------------------------------------------------------------------------------- */

Test(crl, what_is_cut_or_altered_is_still_told_from_a_certificate)
{
    begin();
    size_t whole = edit.len, unknown = 0;
    for (edit.len = 0; edit.len <= whole; edit.len++)
        cr_expect_eq(x509_crl_is_meant(DER_EDIT_BYTES(&edit)), edit.len > 13, "%zu bytes", edit.len);
    edit.len = whole;
    edit.data[edit.len++] = 0;
    cr_expect(x509_crl_is_meant(DER_EDIT_BYTES(&edit)), "a byte behind it");
    for (size_t bit = 0; bit < 8 * whole; bit++) {
        edit.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        unknown += !x509_crl_is_meant(DER_EDIT_BYTES(&edit));
        edit.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_expect_lt(unknown, 80u, "%zu bits of %zu hide what it was", unknown, 8 * whole);
    der_edit_replace(&edit, VERSION, BYTES_LIT(""));
    cr_expect(x509_crl_is_meant(DER_EDIT_BYTES(&edit)), "version 1");
}

Test(crl, what_is_no_crl_is_not_taken_for_one)
{
    const struct sim_evidence *made = simulated(0, "");
    static const enum sim_file files[] = {SIM_FILE_LEAF, SIM_FILE_ASK, SIM_FILE_ARK, SIM_FILE_REPORT};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        bytes whole = sim_file(made, files[i]);
        for (size_t n = 0; n <= whole.len; n++)
            cr_expect_not(x509_crl_is_meant(bytes_slice(whole, 0, n)), "file %zu, %zu bytes", i, n);
    }
    der_edit_load(&edit, sim_file(made, SIM_FILE_LEAF));
    der_edit_replace(&edit, VERSION, BYTES_LIT(""));
    cr_expect_not(x509_crl_is_meant(DER_EDIT_BYTES(&edit)), "a certificate of version 1");
    cr_expect_not(x509_crl_is_meant(BYTES_LIT("\x30\x82\x01\x00\x30\x81\xf0\x02\x01\x00\x30\x0b\x31\x09\x30\x07\x06\x03"
                                              "\x55\x04\x03\x0c\x00\x30\x00")),
                  "a certificate request");
    cr_expect_not(x509_crl_is_meant(BYTES_ABSENT));
}

Test(crl, parts_are_views_of_the_right_places)
{
    begin();
    struct x509_crl x;
    cr_assert(is_ok(x509_crl_parse(DER_EDIT_BYTES(&edit), &x, NULL)));
    cr_expect_eq(x.raw.ptr, edit.data);
    cr_expect(x.tbs.ptr == der_edit_get(&edit, DER_PATH(0)).ptr && x.tbs.len == der_edit_get(&edit, DER_PATH(0)).len);
    cr_expect(bytes_eq(x.inner_algorithm, x.outer_algorithm) && x.inner_algorithm.ptr != x.outer_algorithm.ptr);
    cr_expect_eq(x.issuer.ptr, der_edit_get(&edit, TBS(2)).ptr);
    cr_expect_eq(x.entries.ptr, der_edit_contents(&edit, ENTRIES).ptr);
    cr_expect_eq(x.extensions.ptr, der_edit_contents(&edit, EXTENSIONS).ptr);
    cr_expect_eq(x.signature.len, 512u);
    cr_expect_eq(x.this_update, 1767225600, "2026-01-01");
    cr_expect(x.has_next_update && x.next_update == 2398377600, "2046-01-01: %lld", (long long)x.next_update);
    struct cursor c = cursor_over(x.entries);
    struct x509_crl_entry e = x509_crl_entry_next(&c);
    cr_expect(is_ok(cursor_end(&c, NULL)));
    cr_expect(bytes_eq(e.serial, BYTES_LIT("\x01\x00\x01")));
    cr_expect_eq(e.revoked_at, 1767225600);
}

/* Times and entries as `openssl crl -text` prints them. */
Test(crl, openssl_made_ones)
{
    static const struct {
        const char *file;
        int64_t this_update, next_update;
        size_t entries;
    } rows[] = {
        {"crl_empty_pss", 1795401588, 2054601588, 0},
        {"crl_ask_serial_010001_revoked", 1795401614, 2054601614, 1},
        {"crl_expired_2024", 1704067200, 1706745600, 0},
        {"crl_not_yet_valid_2034", 2019686400, 2051222400, 0},
        {"crl_wrong_signer_same_name", 1795401617, 2054601617, 0},
        {"crl_empty_pkcs1_wrong_alg", 1795401588, 2054601588, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "vectors/crl_synthetic/%s.der", rows[i].file);
        bytes der = shared_read(path);
        struct x509_crl x;
        struct err err = {0};
        cr_assert(is_ok(x509_crl_parse(der, &x, &err)), "%s: %s", path, err.text);
        cr_expect_eq(x.this_update, rows[i].this_update, "%s: thisUpdate %lld", path, (long long)x.this_update);
        cr_expect_eq(x.next_update, rows[i].next_update, "%s: nextUpdate %lld", path, (long long)x.next_update);
        size_t n = 0;
        for (struct cursor c = cursor_over(x.entries); cursor_left(&c) > 0; n++)
            (void)x509_crl_entry_next(&c);
        cr_expect_eq(n, rows[i].entries, "%s", path);
        free((void *)der.ptr);
    }
}
