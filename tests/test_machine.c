/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "net/machine.h"
#include "parse/limits.h"
#include "snp/attestation_pb.h"
#include "tests/simulated.h"

#define TABLE    BUFFER("table", LIMIT_MACHINE_TABLE_BYTES)
#define DOCUMENT BUFFER("document", 1 << 20)

/* The report and the table of what a host hands out, which the simulator puts one behind the other. */
static struct machine_quote quote_of(bytes evidence)
{
    struct machine_quote q = {.table = TABLE};
    cr_assert_geq(evidence.len, sizeof q.report);
    memcpy(q.report, evidence.ptr, sizeof q.report);
    bytes table = bytes_slice(evidence, sizeof q.report, evidence.len - sizeof q.report);
    cr_assert(is_ok(buffer_put(&q.table, table, NULL)));
    return q;
}

/* The document is the one that go-sev-guest would make, of which the simulator has a writer of its own. */
static void expect_document(const char *options)
{
    char line[256];
    (void)snprintf(line, sizeof line, "--envelope table %s", options);
    struct machine_quote q = quote_of(sim_file(simulated(0, line), SIM_FILE_EVIDENCE));
    (void)snprintf(line, sizeof line, "--envelope protobuf %s", options);
    bytes wanted = sim_file(simulated(1, line), SIM_FILE_EVIDENCE);
    struct buffer out = DOCUMENT;
    struct err err = {0};
    cr_assert(is_ok(machine_document(&q, &out, &err)), "%s: %s", options, err.text);
    cr_expect(bytes_eq(buffer_view(&out), wanted), "%s", options);
    buffer_free(&out);
    buffer_free(&q.table);
}

Test(machine, documents)
{
    expect_document("");
    expect_document("--kind vlek");
    expect_document("--report-version 5 --product turin");
    expect_document("--include leaf");
}

static struct snp_attestation parse(const struct buffer *document, uint8_t report[SNP_REPORT_BYTES])
{
    struct snp_attestation a = {0};
    struct err err = {0};
    cr_assert(is_ok(snp_attestation_parse(buffer_view(document), report, &a, &err)), "%s", err.text);
    return a;
}

/* What the host says is not needed; the report is. */
Test(machine, a_table_that_cannot_be_read_is_left_out)
{
    struct machine_quote q = quote_of(sim_file(simulated(0, "--envelope raw"), SIM_FILE_REPORT));
    struct buffer out = DOCUMENT;
    uint8_t report[SNP_REPORT_BYTES];
    cr_assert(is_ok(buffer_put(&q.table, BYTES_LIT("no table"), NULL)));
    cr_assert(is_ok(machine_document(&q, &out, NULL)));
    struct snp_attestation a = parse(&out, report);
    cr_expect(bytes_eq(a.report, BYTES_OF(q.report)));
    cr_expect(bytes_is_absent(a.vcek) && bytes_is_absent(a.ask));
    buffer_free(&out);
    buffer_free(&q.table);
}

/* A table of one leaf and a CRL of 20 000 bytes, which no certificate of a connection has room for. */
Test(machine, what_does_not_fit_is_advice)
{
    static uint8_t table[3 * 24 + 4 + 20000] = {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, 0xad, 0xc5, 0xf4, 0xb9,
                                                0x3b, 0xe8, 0xac, 0xcd, 72,   0,    0,    0,    4,    0,    0,    0,
                                                0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4, 0xa0, 0x2f, 0x05, 0xae,
                                                0xf3, 0x27, 0xc7, 0x82, 76,   0,    0,    0,    0x20, 0x4e, 0,    0};
    struct machine_quote q = quote_of(sim_file(simulated(0, "--envelope raw"), SIM_FILE_REPORT));
    struct buffer out = DOCUMENT;
    uint8_t report[SNP_REPORT_BYTES];
    memcpy(table + 72, "leaf", 4);
    memset(table + 76, 1, 20000);
    cr_assert(is_ok(buffer_put(&q.table, BYTES_OF(table), NULL)));
    cr_assert(is_ok(machine_document(&q, &out, NULL)));
    struct snp_attestation a = parse(&out, report);
    cr_expect(bytes_eq(a.vcek, BYTES_LIT("leaf")));
    cr_expect(bytes_is_absent(a.ask));
    cr_expect_leq(out.len, LIMIT_ATLS_EVIDENCE_BYTES);
    buffer_free(&out);
    buffer_free(&q.table);
}

Test(machine, none)
{
    static const uint8_t report_data[MACHINE_REPORT_DATA_BYTES];
    struct machine nowhere = {"/nowhere/tsm", "/nowhere/sev-guest"};
    struct buffer out = DOCUMENT;
    struct err err = {0};
    cr_expect_eq(machine_issue(&nowhere, report_data, &out, &err).kind, ERR_UNSUPPORTED);
    cr_expect(strstr(err.text, "configfs-tsm") && strstr(err.text, "/nowhere/sev-guest"), "%s", err.text);
    cr_expect_eq(out.len, 0);
}
