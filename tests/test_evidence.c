/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/limits.h"
#include "parse/text.h"
#include "snp/attestation_pb.h"
#include "snp/certificate_table.h"
#include "snp/evidence.h"
#include "snp/evidence_json.h"
#include "tests/shared.h"
#include "tests/simulated.h"
#include "tests/simulator/out.h"

static uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
static struct snp_evidence_storage lent = {.buffer = buffer, .cap = sizeof buffer};

static void refused(bytes in, enum err_kind kind, const char *rule, const char *what)
{
    struct snp_evidence e = {.vcek = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(snp_evidence_parse(in, &lent, &e, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, rule) == 0, "%s: rule %s", what, err.rule ? err.rule : "none");
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect(bytes_eq(e.vcek, BYTES_LIT("untouched")), "%s: output touched", what);
}

/* Refused, and says why and by which rule. */
static void just_refused(bytes in, const char *what, size_t n)
{
    struct snp_evidence e;
    struct err err = {0};
    cr_expect_not(is_ok(snp_evidence_parse(in, &lent, &e, &err)), "%s: %zu", what, n);
    cr_expect(err.rule && err.text[0] != '\0', "%s: %zu", what, n);
}

static struct snp_evidence accepted(bytes in, enum snp_envelope envelope, const char *what)
{
    struct snp_evidence e = {0};
    struct err err = {0};
    cr_assert(is_ok(snp_evidence_parse(in, &lent, &e, &err)), "%s: %s", what, err.text);
    cr_expect_eq(e.envelope, envelope, "%s: %s", what, snp_envelope_name(e.envelope));
    return e;
}

static bytes vector(const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "vectors/%s", name);
    return shared_read(path);
}

static void release(bytes b)
{
    free((void *)b.ptr);
}

/* a then b, then `zeros` zeros; free it. */
static bytes join(bytes a, bytes b, size_t zeros)
{
    uint8_t *out = calloc(1, a.len + b.len + zeros + 1);
    memcpy(out, a.ptr, a.len);
    if (b.len > 0) memcpy(out + a.len, b.ptr, b.len);
    return BYTES(out, a.len + b.len + zeros);
}

static void expect_file(bytes have, const char *name)
{
    bytes want = vector(name);
    cr_expect(bytes_eq(have, want), "%s: %zu bytes, want %zu", name, have.len, want.len);
    release(want);
}

/* A report that is zero but for its version. */
static uint8_t plain_report[SNP_REPORT_BYTES] = {3};
#define REPORT BYTES_OF(plain_report)

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(evidence, unknown_content_is_refused)
{
    refused(BYTES_ABSENT, ERR_UNSUPPORTED, "evidence.envelope", "nothing");
    refused(BYTES_LIT(""), ERR_UNSUPPORTED, "evidence.envelope", "empty");
    refused(BYTES_LIT("hello"), ERR_UNSUPPORTED, "evidence.envelope", "text");
    refused(BYTES_LIT("\xa3\x67"), ERR_UNSUPPORTED, "evidence.envelope", "CBOR");
    refused(BYTES_LIT("HCL"), ERR_UNSUPPORTED, "evidence.envelope", "three letters");
    refused(BYTES_LIT("-----BEG"), ERR_UNSUPPORTED, "evidence.envelope", "half of a PEM line");
    refused(BYTES_LIT("   \n"), ERR_UNSUPPORTED, "evidence.envelope", "white space");
}

Test(evidence, foreign_vectors_are_refused)
{
    static const char *const names[] = {
        "tdx/trustee_tdx_quote_4.dat",          "tdx/trustee_tdx_quote_5.dat",
        "azure/trustee_az-snp-vtpm_quote.bin",  "azure/constellation_runtimedata.bin",
        "veraison/sevsnp-tsm-report.cbor",      "veraison/sevsnp-ratsd-token",
        "azure/ms_uvm_reference_info_cose.bin",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bytes in = vector(names[i]);
        refused(in, ERR_UNSUPPORTED, "evidence.envelope", names[i]);
        release(in);
    }
}

Test(evidence, too_large_is_refused)
{
    uint8_t *big = calloc(1, LIMIT_EVIDENCE_BYTES + 1);
    memcpy(big, plain_report, 4);
    refused(BYTES(big, LIMIT_EVIDENCE_BYTES + 1), ERR_LIMIT, "evidence.envelope", "one byte too many");
    (void)accepted(BYTES(big, LIMIT_EVIDENCE_BYTES), SNP_ENVELOPE_REPORT_AND_TABLE, "as much as allowed");
    free(big);
}

Test(evidence, report_of_the_wrong_size_is_refused)
{
    uint8_t data[SNP_REPORT_BYTES + 24] = {3};
    for (size_t n = 4; n < SNP_REPORT_BYTES; n++)
        refused(BYTES(data, n), ERR_TRUNCATED, "report.size", "short");
    for (size_t n = SNP_REPORT_BYTES + 1; n < sizeof data; n++)
        if (n != SNP_REPORT_BYTES + 20) refused(BYTES(data, n), ERR_TRAILING, "report.size", "long");
}

Test(evidence, hex_of_the_wrong_size_is_refused)
{
    char text[2 * SNP_REPORT_BYTES + 3];
    memset(text, '0', sizeof text);
    refused(BYTES((uint8_t *)text, 2 * SNP_REPORT_BYTES - 1), ERR_TRUNCATED, "report.size", "one digit less");
    refused(BYTES((uint8_t *)text, 2 * SNP_REPORT_BYTES + 1), ERR_TRAILING, "report.size", "one digit more");
    text[100] = 'g';
    refused(BYTES((uint8_t *)text, 2 * SNP_REPORT_BYTES), ERR_SYNTAX, "evidence.envelope", "no digit");
}

/* ---- the negative tests of the specification, through the envelope ---------------------------------------------- */

#define GUID_VCEK "\x63\xda\x75\x8d\xe6\x64\x45\x64\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd"
#define GUID_ASK  "\x4a\xb7\xb3\x79\xbb\xac\x4f\xe4\xa0\x2f\x05\xae\xf3\x27\xc7\x82"
#define GUID_ARK  "\xc0\xb4\x06\xa4\xa8\x03\x49\x52\x97\x43\x3f\xb6\x01\x4c\xd0\xae"
#define CLOSING   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void table_refused(bytes table, enum err_kind kind, const char *what)
{
    bytes in = join(REPORT, table, 0);
    refused(in, kind, "evidence.certificate-table", what);
    struct snp_evidence e;
    struct err err = {0};
    (void)is_ok(snp_evidence_parse(in, &lent, &e, &err));
    cr_expect(err.offset >= SNP_REPORT_BYTES && err.offset <= in.len, "%s: offset %zu", what, err.offset);
    cr_expect_eq(snp_evidence_parse(in, &lent, &e, NULL).kind, kind, "%s: without err", what);
    release(in);
}

Test(evidence, negative_131_offset_inside_header)
{
    table_refused(BYTES_LIT(GUID_VCEK "\x18\0\0\0\x04\0\0\0" CLOSING "abcd"), ERR_RANGE, "offset 24");
}

Test(evidence, negative_132_offset_and_length_wrap)
{
    table_refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\xd1\xff\xff\xff" CLOSING "abcd"), ERR_RANGE, "wraps");
}

Test(evidence, negative_133_length_past_the_end)
{
    table_refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\x05\0\0\0" CLOSING "abcd"), ERR_RANGE, "one too many");
}

Test(evidence, negative_134_no_closing_entry)
{
    table_refused(BYTES_LIT(GUID_VCEK "\x18\0\0\0\x04\0\0\0abcd"), ERR_TRUNCATED, "no closing entry");
}

Test(evidence, negative_135_duplicate)
{
    table_refused(BYTES_LIT(GUID_VCEK "\x48\0\0\0\x02\0\0\0" GUID_VCEK "\x4a\0\0\0\x02\0\0\0" CLOSING "abcd"),
                  ERR_DUPLICATE, "VCEK twice");
}

Test(evidence, negative_136_swapped_guid_is_no_leaf)
{
    bytes in = join(REPORT,
                    BYTES_LIT("\x8d\x75\xda\x63\x64\xe6\x64\x45\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd"
                              "\x30\0\0\0\x04\0\0\0" CLOSING "abcd"),
                    0);
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_REPORT_AND_TABLE, "swapped GUID");
    cr_expect(bytes_is_absent(e.vcek) && bytes_is_absent(e.vlek));
    release(in);
}

Test(evidence, negative_137_ten_thousand_entries)
{
    enum { ENTRIES = 10000 };
    uint8_t *table = calloc(ENTRIES + 1, 24);
    for (size_t i = 0; i < ENTRIES; i++)
        memset(table + i * 24, 0x11, 16);
    table_refused(BYTES(table, (ENTRIES + 1) * 24), ERR_LIMIT, "10000 entries");
    free(table);
}

Test(evidence, negative_138_zero_length)
{
    table_refused(BYTES_LIT(GUID_VCEK "\x30\0\0\0\0\0\0\0" CLOSING "abcd"), ERR_RANGE, "VCEK of length 0");
}

Test(evidence, negative_140_protobuf)
{
    bytes in = vector("attestation_pb/milan_v3_aci.binarypb");
    uint8_t *copy = malloc(in.len + 32);
    memcpy(copy, in.ptr, in.len);
    copy[in.len] = 0x0a; /* a second report */
    copy[in.len + 1] = 0;
    refused(BYTES(copy, in.len + 2), ERR_DUPLICATE, "evidence.protobuf", "report twice");
    memcpy(copy + in.len, "\x22\x80\x80\x80\x80\x08", 6);
    refused(BYTES(copy, in.len + 6), ERR_TRUNCATED, "evidence.protobuf", "2 GiB");
    for (uint8_t type = 3; type < 8; type++) {
        if (type == 5) continue;
        copy[in.len] = (uint8_t)(4 << 3 | type);
        refused(BYTES(copy, in.len + 1), ERR_UNSUPPORTED, "evidence.protobuf", "wire type");
    }
    copy[in.len] = 0x20;
    copy[in.len + 1] = 0x80;
    refused(BYTES(copy, in.len + 2), ERR_TRUNCATED, "evidence.protobuf", "truncated varint");
    free(copy);
    release(in);
}

/* ---- certificates in a table: DER, PEM, and what hosts send instead --------------------------------------------- */

static const char pem_one[] = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
static const char pem_two[] = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"
                              "-----BEGIN CERTIFICATE-----\nMAMCAQI=\n-----END CERTIFICATE-----\n";
static const uint8_t der_one[] = {0x30, 3, 2, 1, 1};

static bytes table_of(const struct snp_certificate_table *t)
{
    static uint8_t array[4096];
    const struct {
        const char *guid; /* in the order of its text */
        bytes blob;
    } rows[] = {
        {"\x63\xda\x75\x8d\xe6\x64\x45\x64\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd", t->vcek},
        {"\xa8\x07\x4b\xc2\xa2\x5a\x48\x3e\xaa\xe6\x39\xc0\x45\xa0\xb8\xa1", t->vlek},
        {"\x4a\xb7\xb3\x79\xbb\xac\x4f\xe4\xa0\x2f\x05\xae\xf3\x27\xc7\x82", t->ask},
        {"\xc0\xb4\x06\xa4\xa8\x03\x49\x52\x97\x43\x3f\xb6\x01\x4c\xd0\xae", t->ark},
        {"\x92\xf8\x1b\xc3\x58\x11\x4d\x3d\x97\xff\xd1\x9f\x88\xdc\x67\xea", t->crl},
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct out o = OUT(array);
    size_t at = SNP_CERTIFICATE_TABLE_ENTRY_BYTES;
    for (size_t i = 0; i < ROWS; i++)
        at += bytes_is_absent(rows[i].blob) ? 0 : SNP_CERTIFICATE_TABLE_ENTRY_BYTES;
    out_bytes(&o, REPORT);
    for (size_t i = 0; i < ROWS; i++) {
        if (bytes_is_absent(rows[i].blob)) continue;
        out_bytes(&o, BYTES((const uint8_t *)rows[i].guid, SNP_CERTIFICATE_TABLE_GUID_BYTES));
        out_u32le(&o, (uint32_t)at);
        out_u32le(&o, (uint32_t)rows[i].blob.len);
        at += rows[i].blob.len;
    }
    out_zeros(&o, SNP_CERTIFICATE_TABLE_ENTRY_BYTES);
    for (size_t i = 0; i < ROWS; i++)
        out_bytes(&o, rows[i].blob);
    cr_assert_not(o.full);
    return out_view(&o);
}

Test(evidence, negative_57_leaf_as_two_pem_blocks)
{
    const char *rule = "leaf.encoding";
    refused(table_of(&(struct snp_certificate_table){.vcek = BYTES_LIT(pem_two)}), ERR_TRAILING, rule, "two blocks");
    refused(table_of(&(struct snp_certificate_table){.vlek = BYTES_LIT(pem_two)}), ERR_TRAILING, rule, "two blocks");
    bytes text = BYTES_LIT("-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\ntext");
    refused(table_of(&(struct snp_certificate_table){.vcek = text}), ERR_SYNTAX, rule, "text after it");
    refused(table_of(&(struct snp_certificate_table){.vcek = BYTES_LIT("-")}), ERR_SYNTAX, rule, "a dash");
    refused(table_of(&(struct snp_certificate_table){.crl = BYTES_LIT(pem_one)}), ERR_UNSUPPORTED, "crl.encoding",
            "another label");
}

Test(evidence, odd_ca_certificates_stay_as_they_are)
{
    struct snp_certificate_table t = {
        .vcek = BYTES_LIT(pem_one), .ask = BYTES_LIT("-----no PEM"), .ark = BYTES_LIT(pem_two)};
    struct snp_evidence e = accepted(table_of(&t), SNP_ENVELOPE_REPORT_AND_TABLE, "odd CAs");
    cr_expect(bytes_eq(e.vcek, BYTES_OF(der_one)), "the leaf is decoded");
    cr_expect(bytes_eq(e.ask, t.ask));
    cr_expect(bytes_eq(e.ark, t.ark));
    cr_expect(bytes_is_absent(e.asvk));
}

Test(evidence, lent_buffer_too_small)
{
    struct snp_certificate_table t = {.vcek = BYTES_LIT(pem_one), .ask = BYTES_LIT(pem_one), .ark = BYTES_LIT(pem_one)};
    bytes in = table_of(&t);
    bool ok = false;
    size_t cap = 0;
    for (; !ok && cap < 1000; cap++) {
        uint8_t *exact = malloc(cap + 1);
        struct snp_evidence_storage small = {.buffer = exact, .cap = cap};
        struct snp_evidence e;
        struct err err = {0};
        status s = snp_evidence_parse(in, &small, &e, &err);
        ok = is_ok(s);
        if (!ok) cr_expect_eq(s.kind, ERR_NOMEM, "cap %zu: %s", cap, err.text);
        if (!ok) cr_expect(err.rule && err.text[0] != '\0', "cap %zu", cap);
        free(exact);
    }
    cr_expect(ok);
    cr_expect_gt(cap, 3 * sizeof der_one);
}

/* ---- certificates alone ----------------------------------------------------------------------------------------- */

Test(evidence, certificates_that_are_refused)
{
    const char *rule = "evidence.envelope";
    refused(BYTES_LIT("0\x03\x02\x01"), ERR_TRUNCATED, rule, "DER cut");
    refused(BYTES_LIT("0\x03\x02\x01\x01x"), ERR_TRAILING, rule, "a byte behind DER");
    refused(BYTES_LIT("0\x81\x03\x02\x01\x01"), ERR_SYNTAX, rule, "long form of a short length");
    refused(BYTES_LIT(pem_two), ERR_DUPLICATE, rule, "two leaves");
    refused(BYTES_LIT("# a comment\n"), ERR_MISSING, rule, "no block");
    refused(BYTES_LIT("-----BEGIN CERTIFICATE-----\n"), ERR_TRUNCATED, rule, "half a block");
    refused(BYTES_LIT("-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n"), ERR_UNSUPPORTED, rule,
            "a key");
    refused(BYTES_LIT("-----BEGIN X509 CRL-----\nMAMCAQE=\n-----END X509 CRL-----\n"), ERR_MISMATCH, rule,
            "no CRL inside");
}

Test(evidence, certificate_vectors)
{
    static const struct {
        const char *name, *vcek, *vlek, *ask, *asvk, *ark, *crl;
    } rows[] = {
        {.name = "azure/kinvolk_certs.pem",
         .vcek = "certs/kinvolk.vcek.der",
         .ask = "ca/milan_ask.der",
         .ark = "ca/milan_ark.der"},
        {.name = "chains/genoa_ask_ark_asvk.pem",
         .ask = "ca/genoa_ask.der",
         .asvk = "ca/genoa_asvk.der",
         .ark = "ca/genoa_ark.der"},
        {.name = "chains/ask_ark_turin_vlek.pem", .asvk = "ca/turin_asvk.der", .ark = "ca/turin_ark.der"},
        {.name = "chains/ask_ark_turin_vcek.pem", .ask = "ca/turin_ask.der", .ark = "ca/turin_ark.der"},
        {.name = "chains/routex_vcek-chain-genoa.pem",
         .vcek = "certs/routex_genoa.vcek.der",
         .ask = "ca/genoa_ask.der",
         .ark = "ca/genoa_ark.der"},
        {.name = "certs/eternis_aws.vlek.der", .vlek = "certs/eternis_aws.vlek.der"},
        {.name = "certs/virtee_sev_turin.vcek.der", .vcek = "certs/virtee_sev_turin.vcek.der"},
        {.name = "azure/trustee_az-snp-vtpm_vcek-genoa.pem", .vcek = "certs/trustee_az_genoa.vcek.der"},
        {.name = "ca/milan_asvk.der", .asvk = "ca/milan_asvk.der"},
        {.name = "crl_synthetic/crl_empty_pss.der", .crl = "crl_synthetic/crl_empty_pss.der"},
        {.name = "crl_synthetic/crl_ask_serial_010001_revoked.der",
         .crl = "crl_synthetic/crl_ask_serial_010001_revoked.der"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes in = vector(rows[i].name);
        struct snp_evidence e = accepted(in, SNP_ENVELOPE_CERTIFICATES, rows[i].name);
        const struct {
            bytes have;
            const char *want;
        } slots[] = {{e.vcek, rows[i].vcek}, {e.vlek, rows[i].vlek}, {e.ask, rows[i].ask},
                     {e.asvk, rows[i].asvk}, {e.ark, rows[i].ark},   {e.crl, rows[i].crl}};
        for (size_t k = 0; k < sizeof slots / sizeof slots[0]; k++) {
            if (slots[k].want)
                expect_file(slots[k].have, slots[k].want);
            else
                cr_expect(bytes_is_absent(slots[k].have), "%s: slot %zu", rows[i].name, k);
        }
        cr_expect(bytes_is_absent(e.report));
        release(in);
    }
}

/* An ARK's CRL would write times after 2049 so; only the shape is looked at here. */
Test(evidence, crl_with_generalized_time)
{
    bytes in = BYTES_LIT("0\x0c"
                         "0\x0a"
                         "\x02\x01\x01"
                         "0\0"
                         "0\0"
                         "\x18\x01"
                         "2");
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_CERTIFICATES, "GeneralizedTime");
    cr_expect(bytes_eq(e.crl, in));
    in = BYTES_LIT("0\x0c"
                   "0\x0a"
                   "\x02\x01\x01"
                   "0\0"
                   "0\0"
                   "\x04\x01"
                   "2");
    e = accepted(in, SNP_ENVELOPE_CERTIFICATES, "neither");
    cr_expect(bytes_eq(e.vcek, in));
}

Test(evidence, negative_56_bytes_after_a_certificate)
{
    bytes der = vector("certs/virtee_sev_milan.vcek.der");
    for (size_t n = 0; n < der.len; n++)
        just_refused(bytes_slice(der, 0, n), "prefix", n);
    bytes more = join(der, BYTES_LIT("\0"), 0);
    refused(more, ERR_TRAILING, "evidence.envelope", "one byte more");
    release(more);
    release(der);
}

/* ---- reports ---------------------------------------------------------------------------------------------------- */

static const char *const reports[] = {
    "automata_milan.report.bin",
    "ccf_aci_milan_v3.report.bin",
    "constellation_azure.report.bin",
    "eternis_aws_v5.report.bin",
    "gosevguest_milan_v2.report.bin",
    "kinvolk_hcl.report.bin",
    "ms_sidecar_snp_report.bin",
    "oak_genoa_oc.report.bin",
    "oak_milan_oc_release.report.bin",
    "oak_milan_rk_staging.report.bin",
    "routex_genoa_v2_nocert.report.bin",
    "routex_genoa_v3.report.bin",
    "tav_turin.report.bin",
    "trustee_az_evidence-genoa.report.bin",
    "trustee_az_evidence-v1.report.bin",
    "trustee_az_hcl.report.bin",
    "trustee_test-report.bin",
    "trustee_test-vlek-report.bin",
    "veraison_tsm.report.bin",
    "virtee_sev_milan.report.bin",
};

Test(evidence, raw_reports)
{
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "reports/%s", reports[i]);
        bytes in = vector(name);
        struct snp_evidence e = accepted(in, SNP_ENVELOPE_REPORT, name);
        cr_expect_eq(e.report.ptr, in.ptr);
        cr_expect_eq(e.report.len, in.len);
        cr_expect(bytes_is_absent(e.vcek) && bytes_is_absent(e.vlek) && bytes_is_absent(e.crl));
        for (size_t n = 0; n < in.len; n++)
            just_refused(bytes_slice(in, 0, n), name, n);
        bytes more = join(in, BYTES_LIT("\0"), 0);
        just_refused(more, name, more.len);
        release(more);
        release(in);
    }
}

/* Whatever stands in the place of the version is left for the report's own rules. */
Test(evidence, wild_versions_stay_reports)
{
    static const uint8_t versions[][4] = {{0}, {1}, {6}, {0x0a}, {0x30}, {0, 0, 0, 2}, {0xff, 0xff, 0xff, 0xff}};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        uint8_t report[SNP_REPORT_BYTES] = {0};
        memcpy(report, versions[i], 4);
        struct snp_evidence e = accepted(BYTES_OF(report), SNP_ENVELOPE_REPORT, "wild version");
        struct snp_report r;
        struct err err = {0};
        cr_expect_not(is_ok(snp_report_parse(e.report, &r, &err)));
        cr_expect_str_eq(err.rule, "report.version");
    }
}

Test(evidence, hex_report)
{
    bytes in = vector("reports/virtee_sev_milan.report.hex");
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_REPORT_HEX, "hex");
    expect_file(e.report, "reports/virtee_sev_milan.report.bin");
    for (size_t n = 0; n < in.len; n++)
        just_refused(bytes_slice(in, 0, n), "hex prefix", n);

    bytes line = join(in, BYTES_LIT("\n"), 0), crlf = join(in, BYTES_LIT("\r\n"), 0);
    bytes two = join(in, BYTES_LIT("\n\n"), 0), cr = join(in, BYTES_LIT("\r"), 0);
    e = accepted(line, SNP_ENVELOPE_REPORT_HEX, "LF");
    e = accepted(crlf, SNP_ENVELOPE_REPORT_HEX, "CRLF");
    expect_file(e.report, "reports/virtee_sev_milan.report.bin");
    refused(two, ERR_TRAILING, "report.size", "two line ends");
    refused(cr, ERR_TRAILING, "report.size", "CR alone");
    release(in);
    release(line);
    release(crlf);
    release(two);
    release(cr);
}

Test(evidence, aws_report_and_table)
{
    bytes in = vector("cloud/eternis_aws.report_and_certtable.bin");
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_REPORT_AND_TABLE, "AWS");
    expect_file(e.report, "reports/eternis_aws_v5.report.bin");
    expect_file(e.vlek, "certs/eternis_aws.vlek.der");
    cr_expect(bytes_is_absent(e.vcek) && bytes_is_absent(e.ask) && bytes_is_absent(e.ark));
    cr_expect_str_eq(snp_envelope_rule(e.envelope), "evidence.certificate-table");

    /* The zeros up to the page are the only bytes that may be cut. */
    size_t used = SNP_REPORT_BYTES + 0x30 + e.vlek.len;
    for (size_t n = 0; n < used; n++)
        if (n != SNP_REPORT_BYTES) just_refused(bytes_slice(in, 0, n), "AWS prefix", n);
    (void)accepted(bytes_slice(in, 0, used), SNP_ENVELOPE_REPORT_AND_TABLE, "no padding");
    bytes more = join(in, BYTES_LIT("\1"), 0);
    refused(more, ERR_TRAILING, "evidence.certificate-table", "one byte more");
    release(more);
    release(in);
}

/* The table holds PEM. */
Test(evidence, veraison_report_and_table)
{
    bytes report = vector("reports/veraison_tsm.report.bin"), table = vector("certtables/veraison_tsm.auxblob.bin");
    bytes in = join(report, table, 0);
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_REPORT_AND_TABLE, "veraison");
    expect_file(e.report, "reports/veraison_tsm.report.bin");
    expect_file(e.ask, "ca/genoa_ask.der");
    expect_file(e.ark, "ca/genoa_ark.der");
    cr_expect_eq(e.vcek.len, 1347, "%zu", e.vcek.len);
    cr_expect_eq(e.vcek.ptr[0], 0x30);
    for (size_t n = SNP_REPORT_BYTES + 1; n < in.len; n++)
        just_refused(bytes_slice(in, 0, n), "veraison prefix", n);

    bytes padded = join(in, BYTES_LIT(""), 4096);
    (void)accepted(padded, SNP_ENVELOPE_REPORT_AND_TABLE, "padded");
    release(padded);
    release(in);
    release(report);
    release(table);
}

/* What configfs-tsm calls auxblob, as a file of its own. */
Test(evidence, table_alone)
{
    bytes in = vector("certtables/eternis_aws.certtable.bin");
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_TABLE, "AWS");
    cr_expect(bytes_is_absent(e.report));
    expect_file(e.vlek, "certs/eternis_aws.vlek.der");
    for (size_t n = 0; n < 0x30 + e.vlek.len; n++)
        just_refused(bytes_slice(in, 0, n), "table prefix", n);
    release(in);

    in = vector("certtables/veraison_tsm.auxblob.bin");
    e = accepted(in, SNP_ENVELOPE_TABLE, "veraison");
    expect_file(e.ask, "ca/genoa_ask.der");
    cr_expect_eq(e.vcek.len, 1347);
    bytes more = join(in, BYTES_LIT("\1"), 0);
    refused(more, ERR_TRAILING, "evidence.certificate-table", "one byte more");
    release(more);
    release(in);
}

Test(evidence, protobuf_vectors)
{
    static const struct {
        const char *message, *report, *leaf;
        bool vlek;
    } rows[] = {
        {"milan_v2_gosevguest", "gosevguest_milan_v2", "gosevguest_milan_v2.vcek", false},
        {"milan_v3_aci", "ccf_aci_milan_v3", "ccf_aci_milan_v3.vcek", false},
        {"milan_v5_aws_vlek", "eternis_aws_v5", "eternis_aws.vlek", true},
        {"turin_v5_aci", "tav_turin", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "attestation_pb/%s.binarypb", rows[i].message);
        bytes in = vector(name);
        struct snp_evidence e = accepted(in, SNP_ENVELOPE_PROTOBUF, name);
        cr_expect_eq(e.report.ptr, lent.report);
        (void)snprintf(name, sizeof name, "reports/%s.report.bin", rows[i].report);
        expect_file(e.report, name);
        cr_expect(rows[i].vlek ? bytes_is_absent(e.ask) && !bytes_is_absent(e.asvk)
                               : !bytes_is_absent(e.ask) && bytes_is_absent(e.asvk),
                  "%s", name);
        (void)snprintf(name, sizeof name, "certs/%s.der", rows[i].leaf ? rows[i].leaf : "");
        if (rows[i].leaf) expect_file(rows[i].vlek ? e.vlek : e.vcek, name);
        release(in);
    }
}

Test(evidence, azure_vectors)
{
    bytes in = vector("azure/kinvolk_hcl-report-snp.bin");
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_HCL, "HCL");
    expect_file(e.report, "reports/kinvolk_hcl.report.bin");
    cr_expect_eq(e.runtime_data.len, 583);
    cr_expect(e.has_runtime);
    for (size_t n = 0; n < 0x4d4 + 583; n++)
        just_refused(bytes_slice(in, 0, n), "HCL prefix", n);
    bytes more = join(in, BYTES_LIT("\1"), 0);
    refused(more, ERR_TRAILING, "evidence.hcl", "one byte more");
    release(more);
    release(in);

    in = vector("azure/constellation_snp_attestation.bin");
    e = accepted(in, SNP_ENVELOPE_REPORT_AND_HCL, "Constellation");
    expect_file(e.report, "reports/constellation_azure.report.bin");
    cr_expect(e.has_runtime);
    cr_expect_eq(e.runtime.data_bytes, 584);
    cr_expect_eq(e.runtime.hash, SNP_HCL_SHA256);
    cr_expect(bytes_is_absent(e.runtime_data));
    for (size_t n = 0; n < in.len; n++)
        if (n != SNP_REPORT_BYTES) just_refused(bytes_slice(in, 0, n), "Constellation prefix", n);
    more = join(in, BYTES_LIT("\0"), 0);
    refused(more, ERR_TRAILING, "report.size", "one byte more");
    release(more);
    release(in);

    in = vector("azure/kinvolk_hcl-report-tdx.bin");
    refused(in, ERR_UNSUPPORTED, "evidence.hcl", "TDX");
    release(in);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

Test(evidence, json_that_is_refused)
{
    static const struct {
        const char *what, *text;
        enum err_kind kind;
        const char *rule;
    } rows[] = {
        {"empty object", "{}", ERR_UNSUPPORTED, "evidence.envelope"},
        {"foreign object", "{\"keys\":[]}", ERR_UNSUPPORTED, "evidence.envelope"},
        {"no JSON", "{", ERR_TRUNCATED, "evidence.envelope"},
        {"duplicate key", "{\"a\":1,\"a\":2}", ERR_DUPLICATE, "evidence.envelope"},
        {"two kinds", "{\"vcekCert\":\"\",\"sev_snp\":{}}", ERR_UNSUPPORTED, "evidence.envelope"},
        {"no VCEK", "{\"certificateChain\":\"\"}", ERR_MISSING, "evidence.thim"},
        {"breaks behind the telling key", "{\"vcekCert\":\"\",", ERR_TRUNCATED, "evidence.thim"},
        {"text behind", "{\"sev_snp\":{\"attestation_report\":\"\"}}x", ERR_TRAILING, "evidence.envelope"},
        {"breaks behind the report", "{\"sev_snp\":{\"attestation_report\":\"\"},", ERR_TRUNCATED, "evidence.envelope"},
        {"no report", "{\"sev_snp\":{}}", ERR_MISSING, "evidence.envelope"},
        {"empty report", "{\"sev_snp\":{\"attestation_report\":\"\"}}", ERR_UNSUPPORTED, "evidence.envelope"},
        {"short report", "{\"sev_snp\":{\"attestation_report\":\"AwAAAA==\"}}", ERR_TRUNCATED, "report.size"},
        {"padding missing", "{\"sev_snp\":{\"attestation_report\":\"AwAAAA\"}}", ERR_TRUNCATED, "evidence.envelope"},
        {"number of 256", "{\"report\":[3,0,0,256]}", ERR_RANGE, "evidence.envelope"},
        {"negative number", "{\"report\":[-3]}", ERR_RANGE, "evidence.envelope"},
        {"text for numbers", "{\"report\":\"AwAAAA==\"}", ERR_SYNTAX, "evidence.envelope"},
        {"no item", "{\"evidence\":[]}", ERR_MISSING, "evidence.envelope"},
        {"no item of our kind", "{\"evidence\":[{\"kind\":\"tpm\",\"blob\":\"\"}]}", ERR_MISSING, "evidence.envelope"},
        {"two items of our kind",
         "{\"evidence\":[{\"kind\":\"sevsnp\",\"blob\":\"\"},{\"blob\":\"\",\"kind\":\"sevsnp\"}]}", ERR_DUPLICATE,
         "evidence.envelope"},
        {"an item without blob", "{\"evidence\":[{\"kind\":\"sevsnp\"}]}", ERR_MISSING, "evidence.envelope"},
        {"trustee without report", "{\"cert_chain\":[],\"attestation_report\":{}}", ERR_MISSING, "evidence.envelope"},
        {"trustee with the leaf twice",
         "{\"cert_chain\":[{\"cert_type\":\"VCEK\",\"data\":[48]},{\"data\":[48],\"cert_type\":\"VCEK\"}],"
         "\"attestation_report\":{}}",
         ERR_DUPLICATE, "evidence.envelope"},
        {"trustee with a certificate without kind", "{\"cert_chain\":[{\"data\":[48]}],\"attestation_report\":{}}",
         ERR_MISSING, "evidence.envelope"},
        {"trustee with a certificate of 256",
         "{\"cert_chain\":[{\"cert_type\":\"VCEK\",\"data\":[256]}],\"attestation_report\":{}}", ERR_RANGE,
         "evidence.envelope"},
        {"trustee with a chain that is none", "{\"cert_chain\":{},\"attestation_report\":{}}", ERR_SYNTAX,
         "evidence.envelope"},
        {"JSON in JSON", "{\"outblob\":\"e30\"}", ERR_UNSUPPORTED, "evidence.envelope"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refused(text_bytes(rows[i].text), rows[i].kind, rows[i].rule, rows[i].what);
}

Test(evidence, json_vectors)
{
    static const struct {
        const char *name, *report, *vcek, *vlek, *ask, *ark;
        enum snp_envelope inner;
    } rows[] = {
        {.name = "cloud/automata_output.json",
         .report = "reports/automata_milan.report.bin",
         .vcek = "certs/automata_milan.vcek.der",
         .inner = SNP_ENVELOPE_REPORT},
        {.name = "cloud/eternis_sevsnp_attestation_aws.json",
         .report = "reports/eternis_aws_v5.report.bin",
         .vlek = "certs/eternis_aws.vlek.der",
         .inner = SNP_ENVELOPE_REPORT_AND_TABLE},
        {.name = "azure/trustee_az-snp-vtpm_evidence-v1.json",
         .report = "reports/trustee_az_evidence-v1.report.bin",
         .vcek = "certs/trustee_az_evidence-v1.vcek.der",
         .inner = SNP_ENVELOPE_HCL},
        {.name = "azure/trustee_az-snp-vtpm_evidence-genoa.json",
         .report = "reports/trustee_az_evidence-genoa.report.bin",
         .vcek = "certs/trustee_az_genoa.vcek.der",
         .inner = SNP_ENVELOPE_HCL},
        {.name = "veraison/sevsnp-tsm-report.json",
         .report = "reports/veraison_tsm.report.bin",
         .ask = "ca/genoa_ask.der",
         .ark = "ca/genoa_ark.der",
         .inner = SNP_ENVELOPE_REPORT_AND_TABLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes in = vector(rows[i].name);
        struct snp_evidence e = accepted(in, SNP_ENVELOPE_JSON, rows[i].name);
        cr_expect_eq(e.inner, rows[i].inner, "%s", rows[i].name);
        expect_file(e.report, rows[i].report);
        if (rows[i].vcek) expect_file(e.vcek, rows[i].vcek);
        if (rows[i].vlek) expect_file(e.vlek, rows[i].vlek);
        if (rows[i].ask) expect_file(e.ask, rows[i].ask);
        if (rows[i].ark) expect_file(e.ark, rows[i].ark);
        cr_expect_eq(e.has_runtime, rows[i].inner == SNP_ENVELOPE_HCL, "%s", rows[i].name);

        size_t text = in.len; /* white space at the end may be cut */
        while (in.ptr[text - 1] != '}')
            text--;
        /* Every prefix of a long text is minutes: both ends, and one in 61 between. */
        for (size_t n = 0; n < text; n += n < 1024 || n + 1024 > text ? 1 : 61)
            just_refused(bytes_slice(in, 0, n), rows[i].name, n);
        bytes more = join(in, BYTES_LIT("x"), 0);
        just_refused(more, rows[i].name, more.len);
        release(more);
        release(in);
    }
}

/* {"sev_snp":{"attestation_report":content,"vek_cert":leaf}} in base64. */
static bytes automata(bytes content, bytes leaf)
{
    static char out[16384], a[8192], b[8192];
    cr_assert(is_ok(base64_write(content, BASE64_STANDARD, a, sizeof a, NULL)));
    cr_assert(is_ok(base64_write(leaf, BASE64_STANDARD, b, sizeof b, NULL)));
    int n = snprintf(out, sizeof out, "{\"sev_snp\":{\"attestation_report\":\"%s\",\"vek_cert\":\"%s\"}}", a, b);
    cr_assert(n > 0 && (size_t)n < sizeof out);
    return BYTES((const uint8_t *)out, (size_t)n);
}

Test(evidence, leaf_beside_a_report)
{
    bytes vlek = vector("certs/eternis_aws.vlek.der");
    struct snp_evidence e = accepted(automata(REPORT, vlek), SNP_ENVELOPE_JSON, "VLEK");
    cr_expect(bytes_eq(e.vlek, vlek) && bytes_is_absent(e.vcek));
    release(vlek);

    e = accepted(automata(REPORT, BYTES_LIT(pem_one)), SNP_ENVELOPE_JSON, "PEM");
    cr_expect(bytes_eq(e.vcek, BYTES_OF(der_one)));
    refused(automata(REPORT, BYTES_LIT(pem_two)), ERR_TRAILING, "leaf.encoding", "two blocks");

    bytes table = table_of(&(struct snp_certificate_table){.vcek = BYTES_OF(der_one)});
    refused(automata(table, BYTES_OF(der_one)), ERR_DUPLICATE, "evidence.envelope", "beside a VCEK");
    table = table_of(&(struct snp_certificate_table){.vlek = BYTES_OF(der_one)});
    refused(automata(table, BYTES_OF(der_one)), ERR_DUPLICATE, "evidence.envelope", "beside a VLEK");
    table = table_of(&(struct snp_certificate_table){.ark = BYTES_OF(der_one)});
    (void)accepted(automata(table, BYTES_OF(der_one)), SNP_ENVELOPE_JSON, "beside a table without leaf");
}

Test(evidence, simulated_leaf_beside_a_report)
{
    static const char *const kinds[] = {"", "--kind vlek"};
    for (size_t i = 0; i < 2; i++) {
        bytes leaf = sim_file(simulated(0, kinds[i]), SIM_FILE_LEAF);
        struct snp_evidence e = accepted(automata(REPORT, leaf), SNP_ENVELOPE_JSON, kinds[i]);
        cr_expect(bytes_eq(i == 0 ? e.vcek : e.vlek, leaf), "%s", kinds[i]);
        cr_expect(bytes_is_absent(i == 0 ? e.vlek : e.vcek), "%s", kinds[i]);
    }
}

/* {"outblob":content,"auxblob":table} in base64url without padding. */
static bytes tsm(bytes content, bytes table)
{
    static char out[16384], a[8192], b[8192];
    cr_assert(is_ok(base64_write(content, BASE64_URL, a, sizeof a, NULL)));
    cr_assert(is_ok(base64_write(table, BASE64_URL, b, sizeof b, NULL)));
    int n = snprintf(out, sizeof out, "{\"outblob\":\"%.*s\",\"auxblob\":\"%.*s\"}", (int)strcspn(a, "="), a,
                     (int)strcspn(b, "="), b);
    cr_assert(n > 0 && (size_t)n < sizeof out);
    return BYTES((const uint8_t *)out, (size_t)n);
}

Test(evidence, table_beside_a_report)
{
    bytes in = table_of(&(struct snp_certificate_table){.vlek = BYTES_OF(der_one)});
    bytes table = bytes_slice(in, SNP_REPORT_BYTES, in.len - SNP_REPORT_BYTES);
    struct snp_evidence e = accepted(tsm(REPORT, table), SNP_ENVELOPE_JSON, "table");
    cr_expect(bytes_eq(e.vlek, BYTES_OF(der_one)));
    cr_expect_eq(e.inner, SNP_ENVELOPE_REPORT_AND_TABLE);
    e = accepted(tsm(REPORT, BYTES_LIT("")), SNP_ENVELOPE_JSON, "empty table");
    cr_expect(bytes_is_absent(e.vlek));
    refused(tsm(REPORT, BYTES_LIT("x")), ERR_TRUNCATED, "evidence.certificate-table", "bad table");
    refused(tsm(in, table), ERR_DUPLICATE, "evidence.envelope", "two tables");
}

/* A report that is zero but for its version, as trustee tells it, and a chain. */
static bytes trustee(const char *chain)
{
    static const struct {
        const char *name;
        size_t size;
    } arrays[] = {{"family_id", 16}, {"image_id", 16},         {"report_data", 64}, {"measurement", 48},
                  {"host_data", 32}, {"id_key_digest", 48},    {"report_id", 32},   {"report_id_ma", 32},
                  {"chip_id", 64},   {"author_key_digest", 48}};
    static const char tcb[] = "{\"bootloader\":0,\"tee\":0,\"snp\":0,\"microcode\":0}";
    static const char version[] = "{\"major\":0,\"minor\":0,\"build\":0}";
    static char out[8192], zeros[256];
    for (size_t i = 0; i < 72; i++)
        memcpy(zeros + 2 * i, ",0", 3);
    int n = snprintf(out, sizeof out,
                     "{\"attestation_report\":{\"version\":3,\"guest_svn\":0,\"policy\":0,\"vmpl\":0,\"sig_algo\":0,"
                     "\"plat_info\":0,\"key_info\":0,\"current_tcb\":%s,\"reported_tcb\":%s,\"committed_tcb\":%s,"
                     "\"launch_tcb\":%s,\"current\":%s,\"committed\":%s,\"signature\":{\"r\":[%s],\"s\":[%s]}",
                     tcb, tcb, tcb, tcb, version, version, zeros + 1, zeros + 1);
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        n += snprintf(out + n, sizeof out - (size_t)n, ",\"%s\":[%.*s]", arrays[i].name, (int)(2 * arrays[i].size - 1),
                      zeros + 1);
    n += snprintf(out + n, sizeof out - (size_t)n, "}%s}", chain);
    return BYTES((const uint8_t *)out, (size_t)n);
}

Test(evidence, trustee_chains)
{
    struct snp_evidence e = accepted(trustee(""), SNP_ENVELOPE_JSON, "no chain");
    cr_expect(bytes_eq(e.report, REPORT));
    cr_expect(bytes_is_absent(e.vcek));
    e = accepted(trustee(",\"cert_chain\":null"), SNP_ENVELOPE_JSON, "null");
    cr_expect(bytes_is_absent(e.vcek));
    e = accepted(
        trustee(",\"cert_chain\":[{\"cert_type\":\"VLEK\",\"data\":[48,1]},{\"cert_type\":\"ASK\",\"data\":[2]},"
                "{\"data\":[3],\"cert_type\":\"ARK\"},{\"cert_type\":\"CRL\",\"data\":[4]},"
                "{\"cert_type\":{\"OTHER\":\"x\"},\"data\":[5]},{\"cert_type\":\"Empty\",\"data\":[]}]"),
        SNP_ENVELOPE_JSON, "all kinds");
    cr_expect(bytes_eq(e.vlek, BYTES_LIT("0\1")));
    cr_expect(bytes_eq(e.ask, BYTES_LIT("\2")));
    cr_expect(bytes_eq(e.ark, BYTES_LIT("\3")));
    cr_expect(bytes_eq(e.crl, BYTES_LIT("\4")));
    cr_expect(bytes_is_absent(e.vcek));
    refused(trustee(",\"cert_chain\":[{\"cert_type\":\"CRL\",\"data\":[45]}]"), ERR_SYNTAX, "crl.encoding", "no PEM");
}

/* Every size of the lent buffer until one is enough. */
static void expect_growing(bytes in, const char *what)
{
    bool ok = false;
    for (size_t cap = 0; !ok && cap < sizeof buffer; cap++) {
        struct snp_evidence_storage small = {.buffer = buffer, .cap = cap};
        struct snp_evidence e;
        struct err err = {0};
        status s = snp_evidence_parse(in, &small, &e, &err);
        ok = is_ok(s);
        cr_assert(ok || s.kind == ERR_NOMEM, "%s: cap %zu: %s", what, cap, err.text);
        cr_assert(ok || err.rule, "%s: cap %zu", what, cap);
    }
    cr_expect(ok, "%s", what);
}

Test(evidence, lent_buffer_too_small_for_json)
{
    char numbers[4096] = "{\"report\":[3";
    for (size_t i = 1; i < SNP_REPORT_BYTES; i++)
        memcpy(numbers + strlen(numbers), ",0", 3);
    memcpy(numbers + strlen(numbers), "]}", 3);
    expect_growing(text_bytes(numbers), "numbers");
    expect_growing(trustee(",\"cert_chain\":[{\"cert_type\":\"VCEK\",\"data\":[48,1]}]"), "trustee");
    expect_growing(automata(REPORT, BYTES_LIT(pem_one)), "base64");
    expect_growing(tsm(REPORT, BYTES_LIT("")), "base64 without padding");
}

Test(evidence, kinds_of_json_that_hold_no_report)
{
    static const enum snp_json_kind kinds[] = {SNP_JSON_UNKNOWN, SNP_JSON_THIM};
    for (size_t i = 0; i < 2; i++) {
        struct snp_json_evidence json;
        struct err err = {0};
        status s = snp_json_evidence_parse(BYTES_LIT("{}"), kinds[i], buffer, sizeof buffer, &json, &err);
        cr_expect_eq(s.kind, ERR_UNSUPPORTED);
        cr_expect_str_eq(err.rule, "evidence.envelope");
    }
}

/* snp_json_recognise finds a key first, and so an object; the reader does not rely on it. */
Test(evidence, documents_that_are_no_object)
{
    for (int kind = SNP_JSON_TSM; kind <= SNP_JSON_EVIDENCE; kind++) {
        struct snp_json_evidence json = {.used = 77};
        struct err err = {0};
        status s =
            snp_json_evidence_parse(BYTES_LIT("[]"), (enum snp_json_kind)kind, buffer, sizeof buffer, &json, &err);
        cr_expect_eq(s.kind, ERR_SYNTAX, "%d: %s", kind, err.text);
        cr_expect_str_eq(err.rule, "evidence.envelope");
        cr_expect_eq(json.used, 77, "%d: output touched", kind);
    }
}

Test(evidence, thim_vector)
{
    bytes in = vector("azure/thim_uvm_host_amd_certificate.json");
    struct snp_evidence e = accepted(in, SNP_ENVELOPE_THIM, "THIM");
    expect_file(e.vcek, "certs/ms_thim.vcek.der");
    expect_file(e.ask, "ca/milan_ask.der");
    expect_file(e.ark, "ca/milan_ark.der");
    cr_expect(bytes_is_absent(e.report));
    cr_expect_eq(e.tcbm, 0x7308000000000003);
    release(in);
}

Test(evidence, names_and_rules)
{
    for (int i = 0; i < SNP_ENVELOPE_COUNT; i++)
        cr_expect_not_null(snp_envelope_name((enum snp_envelope)i), "%d", i);
    cr_expect_str_eq(snp_envelope_name((enum snp_envelope)99), "unknown");
    cr_expect_null(snp_envelope_rule((enum snp_envelope)99));
    cr_expect_null(snp_envelope_rule(SNP_ENVELOPE_REPORT));
    cr_expect_str_eq(snp_envelope_rule(SNP_ENVELOPE_HCL), "evidence.hcl");
    cr_expect_str_eq(snp_envelope_rule(SNP_ENVELOPE_PROTOBUF), "evidence.protobuf");
}
