/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/limits.h"
#include "parse/protobuf.h"
#include "snp/attestation_pb.h"
#include "tests/shared.h"
#include "tests/simulated.h"
#include "tests/simulator/out.h"

#define CRL_KEY "00569ee4-e480-4fba-bbf4-45b629901180"

/* A whole message: a version 3 report that is zero but for a few fields, without the field `omit` and with the bytes
 * `report` after the others, then the bytes `rest` after the report. */
struct recipe {
    uint32_t omit;
    bytes report;
    bytes rest;
};

static uint8_t message[4096];

/* A varint of up to 14 bits. */
static void put_number(struct out *o, uint32_t v)
{
    cr_assert_lt(v, 1u << 14);
    if (v >= 0x80) out_u8(o, (uint8_t)(v | 0x80));
    out_u8(o, (uint8_t)(v >= 0x80 ? v >> 7 : v));
}

static bytes build(const struct recipe *r)
{
    static const struct {
        uint32_t number, len;
    } fields[] = {{4, 16},  {5, 16},  {11, 64}, {12, 48}, {13, 32},  {14, 48},
                  {15, 48}, {16, 32}, {17, 32}, {19, 64}, {28, 512}, {1, 0}};
    static const uint8_t zeros[512];
    uint8_t array[2048];
    struct out body = OUT(array), whole = OUT(message);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].number == r->omit) continue;
        put_number(&body, fields[i].number << 3 | (fields[i].len ? PROTOBUF_LEN : PROTOBUF_VARINT));
        put_number(&body, fields[i].len ? fields[i].len : 3);
        out_bytes(&body, BYTES(zeros, fields[i].len));
    }
    out_bytes(&body, r->report);
    put_number(&whole, 1 << 3 | PROTOBUF_LEN);
    put_number(&whole, (uint32_t)body.len);
    out_bytes(&whole, out_view(&body));
    out_bytes(&whole, r->rest);
    cr_assert_not(body.full || whole.full);
    return out_view(&whole);
}

static void refused(bytes in, enum err_kind kind, const char *what)
{
    uint8_t report[SNP_REPORT_BYTES];
    memset(report, 0xa5, sizeof report);
    struct snp_attestation a = {.vcek = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(snp_attestation_parse(in, report, &a, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, "evidence.protobuf") == 0, "%s: rule %s", what,
              err.rule ? err.rule : "none");
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect(bytes_eq(a.vcek, BYTES_LIT("untouched")), "%s: output touched", what);
    cr_expect(report[0] == 0xa5 && memcmp(report, report + 1, sizeof report - 1) == 0, "%s: report touched", what);
}

struct row {
    const char *what;
    enum err_kind kind;
    struct recipe recipe;
};

static void all_refused(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        refused(build(&rows[i].recipe), rows[i].kind, rows[i].what);
}

#define ALL_REFUSED(rows) all_refused(rows, sizeof rows / sizeof rows[0])

#define X16 "xxxxxxxxxxxxxxxx"
#define X48 X16 X16 X16

/* ---- refusals; the numbers are those of the list of negative tests in the specification ------------------------- */

Test(attestation_pb, negative_140_lengths)
{
    static const struct row rows[] = {
        {"report_data of 63 bytes", ERR_TRUNCATED, {11, BYTES_LIT("\x5a\x3f" X48 "xxxxxxxxxxxxxxx"), {0}}},
        {"report_data of 65 bytes", ERR_TRAILING, {11, BYTES_LIT("\x5a\x41" X48 X16 "x"), {0}}},
        {"report_data empty", ERR_TRUNCATED, {11, BYTES_LIT("\x5a\0"), {0}}},
        {"report_data missing", ERR_MISSING, {.omit = 11}},
        {"family_id missing", ERR_MISSING, {.omit = 4}},
        {"image_id missing", ERR_MISSING, {.omit = 5}},
        {"measurement missing", ERR_MISSING, {.omit = 12}},
        {"host_data missing", ERR_MISSING, {.omit = 13}},
        {"id_key_digest missing", ERR_MISSING, {.omit = 14}},
        {"author_key_digest missing", ERR_MISSING, {.omit = 15}},
        {"report_id missing", ERR_MISSING, {.omit = 16}},
        {"report_id_ma missing", ERR_MISSING, {.omit = 17}},
        {"chip_id missing", ERR_MISSING, {.omit = 19}},
        {"signature missing", ERR_MISSING, {.omit = 28}},
        {"length of 2 GiB", ERR_TRUNCATED, {11, BYTES_LIT("\x5a\x80\x80\x80\x80\x08"), {0}}},
        {"message length of 2 GiB", ERR_TRUNCATED, {0, {0}, BYTES_LIT("\x12\x80\x80\x80\x80\x08")}},
    };
    ALL_REFUSED(rows);
}

Test(attestation_pb, negative_140_ranges)
{
    static const struct row rows[] = {
        {"current_build 256", ERR_RANGE, {0, BYTES_LIT("\xa8\x01\x80\x02"), {0}}},
        {"committed_major 256", ERR_RANGE, {0, BYTES_LIT("\xd0\x01\x80\x02"), {0}}},
        {"version 2^32", ERR_RANGE, {1, BYTES_LIT("\x08\x80\x80\x80\x80\x10"), {0}}},
        {"vmpl 2^32", ERR_RANGE, {0, BYTES_LIT("\x30\x80\x80\x80\x80\x10"), {0}}},
        {"product 2^32", ERR_RANGE, {0, {0}, BYTES_LIT("\x1a\x06\x08\x80\x80\x80\x80\x10")}},
        {"machine_stepping 2^32", ERR_RANGE, {0, {0}, BYTES_LIT("\x1a\x08\x1a\x06\x08\x80\x80\x80\x80\x10")}},
    };
    ALL_REFUSED(rows);
}

Test(attestation_pb, negative_140_repetition)
{
    static const struct row rows[] = {
        {"version", ERR_DUPLICATE, {0, BYTES_LIT("\x08\x03"), {0}}},
        {"family_id", ERR_DUPLICATE, {0, BYTES_LIT("\x22\x10" X16), {0}}},
        {"current_build", ERR_DUPLICATE, {0, BYTES_LIT("\xa8\x01\x01\xa8\x01\x01"), {0}}},
        {"cpuid1eax_fms", ERR_DUPLICATE, {0, BYTES_LIT("\xe8\x01\x00\xe8\x01\x00"), {0}}},
        {"report", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x0a\0")}},
        {"certificate_chain", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x12\x03\x0a\x01x\x12\x03\x1a\x01x")}},
        {"product", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x1a\x02\x08\x01\x1a\x02\x08\x01")}},
        {"vcek_cert", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x12\x06\x0a\x01x\x0a\x01x")}},
        {"vlek_cert", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x12\x06\x32\x01x\x32\x01x")}},
        {"product name", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x1a\x04\x08\x01\x08\x01")}},
        {"map key", ERR_DUPLICATE, {0, {0}, BYTES_LIT("\x12\x08\x3a\x06\x0a\x01x\x0a\x01x")}},
        {"CRL",
         ERR_DUPLICATE,
         {0, {0}, BYTES_LIT("\x12\x56\x3a\x29\x0a\x24" CRL_KEY "\x12\x01x\x3a\x29\x0a\x24" CRL_KEY "\x12\x01x")}},
    };
    ALL_REFUSED(rows);
}

Test(attestation_pb, negative_140_wire_types_and_varints)
{
    static const struct row rows[] = {
        {"wire type 3", ERR_UNSUPPORTED, {0, BYTES_LIT("\x83\x02"), {0}}},
        {"wire type 4", ERR_UNSUPPORTED, {0, BYTES_LIT("\x84\x02"), {0}}},
        {"wire type 6", ERR_UNSUPPORTED, {0, BYTES_LIT("\x86\x02"), {0}}},
        {"wire type 7", ERR_UNSUPPORTED, {0, BYTES_LIT("\x87\x02"), {0}}},
        {"wire type 3 outside the report", ERR_UNSUPPORTED, {0, {0}, BYTES_LIT("\x23\x24")}},
        {"wire type 7 outside the report", ERR_UNSUPPORTED, {0, {0}, BYTES_LIT("\x27")}},
        {"truncated varint", ERR_TRUNCATED, {0, BYTES_LIT("\x10\x80"), {0}}},
        {"truncated varint at the end", ERR_TRUNCATED, {0, {0}, BYTES_LIT("\x20\xff")}},
        {"number as bytes", ERR_SYNTAX, {0, BYTES_LIT("\x12\x01\x01"), {0}}},
        {"number as 32 bits", ERR_SYNTAX, {0, BYTES_LIT("\x15\x01\x01\x01\x01"), {0}}},
        {"bytes as a number", ERR_SYNTAX, {4, BYTES_LIT("\x20\x01"), {0}}},
        {"chain as a number", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x10\x01")}},
        {"certificate as a number", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x12\x02\x08\x01")}},
        {"extras as a number", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x12\x02\x38\x01")}},
        {"map key as a number", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x12\x04\x3a\x02\x08\x01")}},
        {"product as a number", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x18\x01")}},
        {"product name as bytes", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x1a\x03\x0a\x01x")}},
        {"machine_stepping as a number", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x1a\x02\x18\x01")}},
        {"machine_stepping's value as bytes", ERR_SYNTAX, {0, {0}, BYTES_LIT("\x1a\x04\x1a\x02\x0a\0")}},
    };
    ALL_REFUSED(rows);
}

Test(attestation_pb, negative_140_cpuid)
{
    static const struct row rows[] = {
        {"bit 12", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\xae\x80\x05"), {0}}},                    /* 0xa01711 */
        {"bit 15", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\x9e\x82\x05"), {0}}},                    /* 0xa08f11 */
        {"bit 28", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\x9e\x80\x85\x01"), {0}}},                /* 0x10a00f11 */
        {"bit 31", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\x9e\x80\x85\x08"), {0}}},                /* 0x80a00f11 */
        {"bit 32", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\x9e\x80\x85\x10"), {0}}},                /* 0x100a00f11 */
        {"family above 255", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\x9e\x80\x7f"), {0}}},          /* 0x0fe00f11 */
        {"extended family beside 14", ERR_RANGE, {0, BYTES_LIT("\xe8\x01\x91\x9c\x80\x05"), {0}}}, /* 0xa00e11 */
        {"in version 2", ERR_RANGE, {1, BYTES_LIT("\x08\x02\xe8\x01\x91\x9e\x80\x05"), {0}}},
        {"in version 2, which comes later", ERR_RANGE, {1, BYTES_LIT("\xe8\x01\x91\x9e\x80\x05\x08\x02"), {0}}},
        {"without a version", ERR_RANGE, {1, BYTES_LIT("\xe8\x01\x91\x9e\x80\x05"), {0}}},
    };
    ALL_REFUSED(rows);
}

Test(attestation_pb, missing_report_and_empty_certificates_are_refused)
{
    refused(BYTES_LIT(""), ERR_MISSING, "empty message");
    refused(BYTES_LIT("\x12\x03\x0a\x01x"), ERR_MISSING, "chain alone");
    refused(BYTES_LIT("\x0a\0"), ERR_MISSING, "empty report");

    static const struct row rows[] = {
        {"vcek_cert", ERR_RANGE, {0, {0}, BYTES_LIT("\x12\x02\x0a\0")}},
        {"firmware_cert", ERR_RANGE, {0, {0}, BYTES_LIT("\x12\x02\x22\0")}},
        {"CRL", ERR_RANGE, {0, {0}, BYTES_LIT("\x12\x2a\x3a\x28\x0a\x24" CRL_KEY "\x12\0")}},
        {"CRL without value", ERR_RANGE, {0, {0}, BYTES_LIT("\x12\x28\x3a\x26\x0a\x24" CRL_KEY)}},
    };
    ALL_REFUSED(rows);
}

Test(attestation_pb, too_many_extras_are_refused)
{
    uint8_t chain[2 + 2 * (LIMIT_ATTESTATION_EXTRAS + 1)];
    for (size_t i = 2; i < sizeof chain; i += 2) {
        chain[i] = 0x3a;
        chain[i + 1] = 0;
    }
    chain[0] = 0x12;
    chain[1] = (uint8_t)(sizeof chain - 2);
    refused(build(&(struct recipe){.rest = BYTES_OF(chain)}), ERR_LIMIT, "one too many");

    uint8_t report[SNP_REPORT_BYTES];
    struct snp_attestation a;
    chain[1] = (uint8_t)(chain[1] - 2);
    cr_expect(
        is_ok(snp_attestation_parse(build(&(struct recipe){.rest = BYTES(chain, sizeof chain - 2)}), report, &a, NULL)),
        "as many as allowed");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct snp_attestation accepted(const struct recipe *recipe, uint8_t report[SNP_REPORT_BYTES])
{
    struct snp_attestation a = {0};
    struct err err = {0};
    cr_assert(is_ok(snp_attestation_parse(build(recipe), report, &a, &err)), "%s", err.text);
    return a;
}

Test(attestation_pb, unknown_fields_are_skipped)
{
    uint8_t plain[SNP_REPORT_BYTES], more[SNP_REPORT_BYTES];
    struct snp_attestation a = accepted(&(struct recipe){0}, plain);
    cr_expect(bytes_is_absent(a.vcek) && bytes_is_absent(a.crl));
    cr_expect_eq(a.report.ptr, plain);
    cr_expect_eq(a.report.len, SNP_REPORT_BYTES);

    static const char unknown[] = "\x80\x02\x05"                             /* 32: varint */
                                  "\x89\x02\x01\x02\x03\x04\x05\x06\x07\x08" /* 33: 64 bits */
                                  "\x92\x02\x02xy"                           /* 34: bytes, twice */
                                  "\x92\x02\x02xy"
                                  "\x9d\x02\x01\x02\x03\x04"; /* 35: 32 bits */
    a = accepted(&(struct recipe){.report = BYTES_LIT(unknown), .rest = BYTES_LIT(unknown)}, more);
    cr_expect_eq(memcmp(plain, more, sizeof plain), 0);
}

Test(attestation_pb, extras_and_a_product_that_is_not_looked_at)
{
    uint8_t report[SNP_REPORT_BYTES];
    struct snp_attestation a = accepted(
        &(struct recipe){.rest = BYTES_LIT("\x12\x3b\x3a\x05\x0a\x01k\x12\0\x3a\x05\x12\x01y\x0a\0\x3a\x2b\x12\x03"
                                           "crl\x0a\x24" CRL_KEY "\x1a\x06\x08\x02\x1a\x02\x08\x05")},
        report);
    cr_expect(bytes_eq(a.crl, BYTES_LIT("crl")), "key after value");
}

/* Field 29 as AMD's manuals split it: extended family, extended model, family, model, stepping. */
Test(attestation_pb, cpuid_values)
{
    static const struct {
        bytes field;
        uint8_t fms[3];
    } rows[] = {
        {BYTES_LIT("\xe8\x01\x91\x9e\x80\x05"), {0x19, 0x01, 0x01}}, /* 0x00a00f11 Milan */
        {BYTES_LIT("\xe8\x01\x91\x9e\x84\x05"), {0x19, 0x11, 0x01}}, /* 0x00a10f11 Genoa */
        {BYTES_LIT("\xe8\x01\xa1\x9e\xc0\x05"), {0x1a, 0x02, 0x01}}, /* 0x00b00f21 Turin */
        {BYTES_LIT("\xe8\x01\xff\x1d"), {0x0e, 0x0f, 0x0f}},         /* 0x00000eff */
        {BYTES_LIT("\xe8\x01\xff\x9f\xbc\x78"), {0xff, 0xff, 0x0f}}, /* 0x0f0f0fff */
        {BYTES_LIT("\xe8\x01\x00"), {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t report[SNP_REPORT_BYTES];
        (void)accepted(&(struct recipe){.report = rows[i].field}, report);
        cr_expect_eq(memcmp(report + 0x188, rows[i].fms, 3), 0, "row %zu", i);
        cr_expect_eq(report[0x18b], 0, "row %zu", i);
    }
}

static const struct {
    const char *message, *report, *leaf;
    bool vlek;
} vectors[] = {
    {"milan_v2_gosevguest", "gosevguest_milan_v2", "gosevguest_milan_v2.vcek.der", false},
    {"milan_v3_aci", "ccf_aci_milan_v3", "ccf_aci_milan_v3.vcek.der", false},
    {"milan_v5_aws_vlek", "eternis_aws_v5", "eternis_aws.vlek.der", true},
    {"turin_v5_aci", "tav_turin", NULL, false},
};
enum { VECTORS = sizeof vectors / sizeof vectors[0] };

static bytes read_vector(const char *folder, const char *name, const char *suffix)
{
    char path[256];
    (void)snprintf(path, sizeof path, "vectors/%s/%s%s", folder, name, suffix);
    return shared_read(path);
}

static void release(bytes b)
{
    free((void *)b.ptr);
}

Test(attestation_pb, vectors_give_the_raw_report)
{
    for (size_t i = 0; i < VECTORS; i++) {
        bytes in = read_vector("attestation_pb", vectors[i].message, ".binarypb");
        bytes raw = read_vector("reports", vectors[i].report, ".report.bin");
        uint8_t report[SNP_REPORT_BYTES];
        struct snp_attestation a = {0};
        struct err err = {0};
        cr_assert(is_ok(snp_attestation_parse(in, report, &a, &err)), "%s: %s", vectors[i].message, err.text);
        cr_expect(bytes_eq(a.report, raw), "%s", vectors[i].message);
        cr_expect_eq(a.ask.len, vectors[i].vlek ? 1683u : 1677u, "%s", vectors[i].message);
        cr_expect_eq(a.ark.len, 1639, "%s", vectors[i].message);
        cr_expect(bytes_is_absent(a.crl), "%s", vectors[i].message);
        cr_expect(bytes_is_absent(vectors[i].vlek ? a.vcek : a.vlek), "%s", vectors[i].message);
        if (vectors[i].leaf) {
            bytes leaf = read_vector("certs", vectors[i].leaf, "");
            cr_expect(bytes_eq(vectors[i].vlek ? a.vlek : a.vcek, leaf), "%s", vectors[i].message);
            release(leaf);
        }
        release(in);
        release(raw);
    }
}

/* A prefix may end between the fields of the outermost message and then lacks a whole one. */
Test(attestation_pb, prefixes_and_longer_inputs)
{
    for (size_t i = 0; i < VECTORS; i++) {
        bytes in = read_vector("attestation_pb", vectors[i].message, ".binarypb");
        uint8_t report[SNP_REPORT_BYTES];
        struct snp_attestation a = {0};
        size_t accepted_count = 0;
        for (size_t n = 0; n < in.len; n++) {
            accepted_count += is_ok(snp_attestation_parse(bytes_slice(in, 0, n), report, &a, NULL));
        }
        cr_expect_leq(accepted_count, 2, "%s", vectors[i].message);

        uint8_t *more = calloc(1, in.len + 1);
        memcpy(more, in.ptr, in.len);
        for (unsigned byte = 0; byte < 256; byte++) {
            more[in.len] = (uint8_t)byte;
            cr_expect_not(is_ok(snp_attestation_parse(BYTES(more, in.len + 1), report, &a, NULL)), "%s: byte %u more",
                          vectors[i].message, byte);
        }
        free(more);
        release(in);
    }
}

/* Every single-byte change is refused or changes what is read. */
Test(attestation_pb, changed_bytes)
{
    bytes in = read_vector("attestation_pb", vectors[2].message, ".binarypb");
    uint8_t report[SNP_REPORT_BYTES], other[SNP_REPORT_BYTES];
    struct snp_attestation a = {0}, b = {0};
    cr_assert(is_ok(snp_attestation_parse(in, report, &a, NULL)));
    uint8_t *copy = malloc(in.len);
    memcpy(copy, in.ptr, in.len);
    for (size_t at = 0; at < in.len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            copy[at] ^= (uint8_t)(1u << bit);
            if (is_ok(snp_attestation_parse(BYTES(copy, in.len), other, &b, NULL))) {
                bool same = bytes_eq(a.report, b.report) && bytes_eq(a.vlek, b.vlek) && bytes_eq(a.ask, b.ask) &&
                            bytes_eq(a.ark, b.ark) && bytes_is_absent(b.vcek);
                cr_assert_not(same, "byte %zu, bit %u", at, bit);
            }
            copy[at] ^= (uint8_t)(1u << bit);
        }
    }
    free(copy);
    release(in);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Reports of other programs' messages, written again: the same bytes up to the product, which we leave out. */
Test(attestation_pb, vectors_written_again)
{
    for (size_t i = 0; i < VECTORS; i++) {
        static uint8_t buf[16384];
        bytes in = read_vector("attestation_pb", vectors[i].message, ".binarypb"), out = BYTES_ABSENT;
        uint8_t report[SNP_REPORT_BYTES];
        struct snp_attestation a = {0};
        struct err err = {0};
        cr_assert(is_ok(snp_attestation_parse(in, report, &a, NULL)), "%s", vectors[i].message);
        cr_assert(is_ok(snp_attestation_write(&a, buf, sizeof buf, &out, &err)), "%s: %s", vectors[i].message,
                  err.text);
        cr_expect(bytes_eq(bytes_slice(in, 0, out.len), out), "%s", vectors[i].message);
        cr_expect(in.len == out.len || in.ptr[out.len] == 0x1a, "%s", vectors[i].message);
        release(in);
    }
}

Test(attestation_pb, written_as_the_simulator_does)
{
    static const char *const lines[] = {"--envelope protobuf", "--envelope protobuf --report-version 5 --product turin",
                                        "--envelope protobuf --kind vlek", "--envelope protobuf --no-crl"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        static uint8_t buf[32768];
        const struct sim_evidence *made = simulated(0, lines[i]);
        bytes in = sim_file(made, SIM_FILE_EVIDENCE), out = BYTES_ABSENT;
        uint8_t report[SNP_REPORT_BYTES];
        struct snp_attestation a = {0};
        cr_assert(is_ok(snp_attestation_parse(in, report, &a, NULL)), "%s", lines[i]);
        cr_assert(is_ok(snp_attestation_write(&a, buf, sizeof buf, &out, NULL)), "%s", lines[i]);
        cr_expect(bytes_eq(in, out), "%s", lines[i]);
        for (size_t cap = 0; cap < out.len; cap += 97)
            cr_assert_eq(snp_attestation_write(&a, buf, cap, &in, NULL).kind, ERR_NOMEM, "%s: %zu", lines[i], cap);
    }
}

Test(attestation_pb, reports_that_do_not_travel)
{
    uint8_t buf[4096], report[SNP_REPORT_BYTES] = {3};
    bytes out = BYTES_LIT("untouched");
    struct snp_attestation a = {.report = BYTES(report, SNP_REPORT_BYTES)};
    cr_expect(is_ok(snp_attestation_write(&a, buf, sizeof buf, &out, NULL)));
    static const size_t reserved[] = {0x04c, 0x18b, 0x198, 0x1eb, 0x1ef, 0x208, 0x29f};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        struct err err = {0};
        report[reserved[i]] = 1;
        out = BYTES_LIT("untouched");
        cr_expect_eq(snp_attestation_write(&a, buf, sizeof buf, &out, &err).kind, ERR_RANGE, "0x%zx: %s", reserved[i],
                     err.text);
        cr_expect(bytes_eq(out, BYTES_LIT("untouched")));
        report[reserved[i]] = 0;
    }
    report[0] = 2;
    report[0x188] = 0x19;
    cr_expect_eq(snp_attestation_write(&a, buf, sizeof buf, &out, NULL).kind, ERR_RANGE, "a processor in version 2");
    a.report.len--;
    cr_expect_eq(snp_attestation_write(&a, buf, sizeof buf, &out, NULL).kind, ERR_RANGE);
}
