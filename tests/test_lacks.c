/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "net/lacks.h"
#include "snp/attestation_pb.h"
#include "tests/simulated.h"

/* Between the simulator's own dates. */
#define NOW 1780272000 /* 2026-06-01 */

static bytes file_of(const char *line, enum sim_file file)
{
    return sim_file(simulated(0, line), file);
}

/* What a document of the simulator lacks, as "VC": a VCEK and a CRL. */
static void expect_lacks(const char *line, const char *want)
{
    struct lacks lacks;
    char have[LACKS_MAX + 1] = "";
    lacks_find_in_document(file_of(line, SIM_FILE_EVIDENCE), NOW, &lacks);
    for (size_t i = 0; i < lacks.count; i++)
        have[i] = lacks.items[i].kind == FETCH_VCEK ? 'V' : 'C';
    cr_expect_str_eq(have, want, "%s", line);
}

#define BARE "--envelope protobuf --include @none --no-leaf --no-crl"

Test(lacks, what_can_be_got)
{
    expect_lacks("--envelope protobuf --include leaf --include crl", "");
    expect_lacks(BARE, "VC");
    expect_lacks("--product turin --report-version 5 " BARE, "VC");
    expect_lacks("--envelope protobuf --include leaf", "C");
    expect_lacks("--envelope protobuf --include crl --no-leaf", "V");
    expect_lacks("--envelope protobuf --include leaf --include crl --crl-next-update 2026-05-01", "C");
    expect_lacks("--envelope protobuf --include leaf --include crl --crl-this-update 2026-07-01", "C");
    expect_lacks("--envelope protobuf --include leaf --include crl --crl-next-update @none", "C");
    expect_lacks("--envelope protobuf --include leaf --include crl --crl-chain genoa", "C");
    expect_lacks("--envelope protobuf --include leaf --include crl --crl-critical-ext", "C");
}

/* A VLEK takes a contract, a masked chip has no name, and a version 2 report without a leaf has no product. */
Test(lacks, what_cannot)
{
    expect_lacks("--kind vlek " BARE, "C");
    expect_lacks("--report chip_id=0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                 "0000000000000000000000000000000000000000000000 " BARE,
                 "C");
    expect_lacks("--report-version 2 " BARE, "");
    expect_lacks("--report-version 2 --envelope protobuf --include leaf", "C");
}

Test(lacks, requests_say_what_a_report_says)
{
    struct lacks lacks;
    bytes report = file_of("--product turin --report-version 5 " BARE, SIM_FILE_REPORT);
    struct snp_report r;
    cr_assert(is_ok(snp_report_read(report, &r, NULL)));
    lacks_find(&r, BYTES_ABSENT, NULL, NOW, &lacks);
    cr_assert_eq(lacks.count, 1);
    cr_expect(lacks.items[0].product == 3 && lacks.items[0].tcb == r.reported_tcb);
    cr_expect(bytes_eq(lacks.items[0].chip_id, bytes_slice(r.chip_id, 0, 8)));
}

Test(lacks, documents_that_are_none)
{
    struct lacks lacks = {.count = 7};
    struct buffer out = BUFFER("document", 1 << 20);
    lacks_find_in_document(BYTES_LIT("nothing"), NOW, &lacks);
    cr_expect_eq(lacks.count, 0);
    lacks_find_in_document(BYTES_LIT(""), NOW, &lacks);
    cr_expect_eq(lacks.count, 0);
    cr_expect_not(is_ok(lacks_fill(BYTES_LIT("nothing"), BYTES_LIT("a"), BYTES_LIT("b"), &out, NULL)));
    cr_expect_eq(buffer_view(&out).len, 0);
}

Test(lacks, filling_replaces_and_keeps)
{
    static uint8_t room[SNP_REPORT_BYTES];
    struct snp_attestation before, after;
    struct buffer out = BUFFER("document", 1 << 20);
    bytes document = file_of("--envelope protobuf", SIM_FILE_EVIDENCE);
    cr_assert(is_ok(snp_attestation_parse(document, room, &before, NULL)));
    bytes vcek = before.vcek, ask = before.ask;
    cr_assert(is_ok(lacks_fill(document, BYTES_ABSENT, BYTES_LIT("crl"), &out, NULL)));
    cr_assert(is_ok(snp_attestation_parse(buffer_view(&out), room, &after, NULL)));
    cr_expect(bytes_eq(after.vcek, vcek) && bytes_eq(after.ask, ask) && bytes_eq(after.crl, BYTES_LIT("crl")));
    buffer_free(&out);

    struct buffer small = BUFFER("document", 100);
    cr_expect_eq(lacks_fill(document, BYTES_ABSENT, BYTES_ABSENT, &small, NULL).kind, ERR_LIMIT);
    buffer_free(&small);
}
