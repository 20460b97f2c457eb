/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "parse/limits.h"
#include "snp/certificate_table.h"
#include "tests/shared.h"

/* The GUIDs of the GHCB specification in the order of their text. */
#define GUID_VCEK "\x63\xda\x75\x8d\xe6\x64\x45\x64\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd"
#define GUID_VLEK "\xa8\x07\x4b\xc2\xa2\x5a\x48\x3e\xaa\xe6\x39\xc0\x45\xa0\xb8\xa1"
#define GUID_ASK  "\x4a\xb7\xb3\x79\xbb\xac\x4f\xe4\xa0\x2f\x05\xae\xf3\x27\xc7\x82"
/* VCEK with the first three groups in the byte order of Windows. */
#define GUID_VCEK_SWAPPED "\x8d\x75\xda\x63\x64\xe6\x64\x45\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd"
#define GUID_ZERO         "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define CLOSING           GUID_ZERO "\0\0\0\0\0\0\0\0"

static void refused(bytes in, enum err_kind kind, const char *what)
{
    struct snp_certificate_table t = {.vcek = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(snp_certificate_table_parse(in, &t, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, "evidence.certificate-table") == 0, "%s: rule %s", what,
              err.rule ? err.rule : "none");
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect(bytes_eq(t.vcek, BYTES_LIT("untouched")), "%s: output touched", what);
}

/* ---- refusals; the numbers are those of the list of negative tests in the specification ------------------------- */

Test(certificate_table, negative_131_offset_inside_header)
{
    refused(BYTES_LIT(GUID_VCEK "\x00\0\0\0\x04\0\0\0" CLOSING "abcd"), ERR_RANGE, "offset 0");
    refused(BYTES_LIT(GUID_VCEK "\x18\0\0\0\x04\0\0\0" CLOSING "abcd"), ERR_RANGE, "offset of the closing entry");
    refused(BYTES_LIT(GUID_VCEK "\x2f\0\0\0\x04\0\0\0" CLOSING "abcd"), ERR_RANGE, "last byte of the header");
    refused(BYTES_LIT(GUID_VCEK_SWAPPED "\x2f\0\0\0\x04\0\0\0" CLOSING "abcd"), ERR_RANGE, "unknown GUID");
}

Test(certificate_table, negative_132_offset_and_length_wrap)
{
    refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\xd1\xff\xff\xff" CLOSING "abcd"), ERR_RANGE, "sum of 2^32 + 1");
    refused(BYTES_LIT(GUID_VCEK "\xff\xff\xff\xff\xff\xff\xff\xff" CLOSING "abcd"), ERR_RANGE, "both 2^32 - 1");
    refused(BYTES_LIT(GUID_VCEK "\xf0\xff\xff\xff\x44\0\0\0" CLOSING "abcd"), ERR_RANGE, "sum of 2^32 + 0x34");
}

Test(certificate_table, negative_133_length_past_the_end)
{
    refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\x05\0\0\0" CLOSING "abcd"), ERR_RANGE, "one byte too many");
    refused(BYTES_LIT(GUID_VCEK "\x34\0\0\0\x01\0\0\0" CLOSING "abcd"), ERR_RANGE, "offset at the end");
    refused(BYTES_LIT(GUID_VCEK_SWAPPED "\x30\0\0\0\x05\0\0\0" CLOSING "abcd"), ERR_RANGE, "unknown GUID");
}

Test(certificate_table, negative_134_no_closing_entry)
{
    refused(BYTES_LIT("\0"), ERR_TRUNCATED, "one byte");
    refused(BYTES_LIT(GUID_VCEK "\x18\0\0\0\x04\0\0\0"), ERR_TRUNCATED, "one entry");
    refused(BYTES_LIT(GUID_VCEK "\x18\0\0\0\x04\0\0\0abcd"), ERR_TRUNCATED, "one entry and a blob");
    refused(BYTES_LIT(GUID_VCEK "\x2f\0\0\0\x01\0\0\0" GUID_ZERO "\0\0\0\0\0\0\0"), ERR_TRUNCATED, "closing entry cut");
}

Test(certificate_table, negative_135_duplicate)
{
    refused(BYTES_LIT(GUID_VCEK "\x48\0\0\0\x02\0\0\0" GUID_VCEK "\x4a\0\0\0\x02\0\0\0" CLOSING "abcd"), ERR_DUPLICATE,
            "VCEK with other bytes");
    refused(BYTES_LIT(GUID_ASK "\x48\0\0\0\x02\0\0\0" GUID_ASK "\x48\0\0\0\x02\0\0\0" CLOSING "ab"), ERR_DUPLICATE,
            "ASK with the same bytes");
}

Test(certificate_table, negative_137_ten_thousand_entries)
{
    enum { ENTRIES = 10000, BYTES_ALL = (ENTRIES + 1) * SNP_CERTIFICATE_TABLE_ENTRY_BYTES };
    static uint8_t table[BYTES_ALL];
    for (size_t i = 0; i < ENTRIES; i++) {
        memcpy(table + i * SNP_CERTIFICATE_TABLE_ENTRY_BYTES, GUID_VCEK_SWAPPED, 16);
        memcpy(table + i * SNP_CERTIFICATE_TABLE_ENTRY_BYTES + 16, "\xd8\xa9\x03\0\0\0\0", 8);
    }
    refused(BYTES_OF(table), ERR_LIMIT, "10000 entries");

    enum { LAST = LIMIT_CERTIFICATE_TABLE_ENTRIES * SNP_CERTIFICATE_TABLE_ENTRY_BYTES };
    struct snp_certificate_table t;
    for (size_t i = 0; i < LIMIT_CERTIFICATE_TABLE_ENTRIES - 1; i++)
        memcpy(table + i * SNP_CERTIFICATE_TABLE_ENTRY_BYTES + 16, (uint8_t[]){LAST & 0xff, LAST >> 8, 0, 0, 0}, 5);
    memset(table + LAST - SNP_CERTIFICATE_TABLE_ENTRY_BYTES, 0, SNP_CERTIFICATE_TABLE_ENTRY_BYTES);
    cr_expect(is_ok(snp_certificate_table_parse(BYTES(table, LAST), &t, NULL)), "as many as allowed");
}

Test(certificate_table, negative_138_zero_length)
{
    refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\0\0\0\0" CLOSING "abcd"), ERR_RANGE, "VCEK of length 0");
}

Test(certificate_table, zero_guid_with_a_range_is_refused)
{
    refused(BYTES_LIT(GUID_ZERO "\x30\0\0\0\x04\0\0\0" CLOSING "abcd"), ERR_SYNTAX, "zero GUID");
}

Test(certificate_table, bytes_after_the_last_blob_are_refused)
{
    refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\x04\0\0\0" CLOSING "abcdx"), ERR_TRAILING, "one byte");
    refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\x04\0\0\0" CLOSING "abcd\0\0x"), ERR_TRAILING, "a byte after padding");
    refused(BYTES_LIT(CLOSING "\x01"), ERR_TRAILING, "after an empty table");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(certificate_table, negative_136_swapped_guid_is_no_leaf)
{
    struct snp_certificate_table t;
    bytes in = BYTES_LIT(GUID_VCEK_SWAPPED "\x30\0\0\0\x04\0\0\0" CLOSING "abcd");
    cr_assert(is_ok(snp_certificate_table_parse(in, &t, NULL)));
    cr_expect(bytes_is_absent(t.vcek));
    cr_expect(bytes_is_absent(t.vlek));
}

Test(certificate_table, empty_tables)
{
    static const uint8_t page[4096];
    const bytes inputs[] = {BYTES_ABSENT, BYTES_LIT(""), BYTES_LIT(CLOSING), BYTES_OF(page)};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        struct snp_certificate_table t = {.vcek = BYTES_LIT("x")};
        cr_assert(is_ok(snp_certificate_table_parse(inputs[i], &t, NULL)), "input %zu", i);
        cr_expect(bytes_is_absent(t.vcek) && bytes_is_absent(t.vlek) && bytes_is_absent(t.ask) &&
                      bytes_is_absent(t.ark) && bytes_is_absent(t.crl),
                  "input %zu", i);
    }
}

Test(certificate_table, values_and_padding)
{
    struct snp_certificate_table t;
    bytes in = BYTES_LIT(GUID_ASK "\x4a\0\0\0\x02\0\0\0" GUID_VCEK "\x48\0\0\0\x02\0\0\0" CLOSING "abcd\0\0\0");
    cr_assert(is_ok(snp_certificate_table_parse(in, &t, NULL)));
    cr_expect(bytes_eq(t.vcek, BYTES_LIT("ab")));
    cr_expect(bytes_eq(t.ask, BYTES_LIT("cd")));
    cr_expect_eq(t.vcek.ptr, in.ptr + 0x48, "a view");
    cr_expect(bytes_is_absent(t.ark));
}

Test(certificate_table, likely)
{
    cr_expect(snp_certificate_table_is_likely(BYTES_LIT(GUID_VLEK)));
    cr_expect_not(snp_certificate_table_is_likely(BYTES_LIT(GUID_VCEK_SWAPPED)));
    cr_expect_not(snp_certificate_table_is_likely(BYTES(BYTES_LIT(GUID_VLEK).ptr, 15)));
    cr_expect_not(snp_certificate_table_is_likely(BYTES_ABSENT));
}

/* The AWS table: one VLEK, zeros up to 4096. */
Test(certificate_table, aws_vector)
{
    bytes in = shared_read("vectors/certtables/eternis_aws.certtable.bin");
    bytes vlek = shared_read("vectors/certs/eternis_aws.vlek.der");
    struct snp_certificate_table t;
    struct err err = {0};
    cr_assert(is_ok(snp_certificate_table_parse(in, &t, &err)), "%s", err.text);
    cr_expect(bytes_eq(t.vlek, vlek));
    cr_expect(bytes_is_absent(t.vcek));
    free((void *)in.ptr);
    free((void *)vlek.ptr);
}

/* Three PEM texts, no padding; every prefix is refused, and one byte more unless it is zero. */
Test(certificate_table, veraison_vector)
{
    bytes in = shared_read("vectors/certtables/veraison_tsm.auxblob.bin");
    bytes vcek = shared_read("vectors/certs/veraison_tsm.vcek.der");
    struct snp_certificate_table t;
    struct err err = {0};
    cr_assert(is_ok(snp_certificate_table_parse(in, &t, &err)), "%s", err.text);
    cr_expect(bytes_eq(t.vcek, vcek));
    cr_expect_eq(t.ask.len, 0x0915);
    cr_expect_eq(t.ark.len, 0x08e5);
    cr_expect(bytes_is_absent(t.vlek));

    for (size_t n = 1; n < in.len; n++)
        cr_assert_not(is_ok(snp_certificate_table_parse(bytes_slice(in, 0, n), &t, NULL)), "prefix of %zu", n);

    uint8_t *more = calloc(1, in.len + 1);
    memcpy(more, in.ptr, in.len);
    cr_expect(is_ok(snp_certificate_table_parse(BYTES(more, in.len + 1), &t, NULL)), "padding");
    more[in.len] = 1;
    refused(BYTES(more, in.len + 1), ERR_TRAILING, "one byte more");
    free(more);
    free((void *)in.ptr);
    free((void *)vcek.ptr);
}
