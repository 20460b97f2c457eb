/* SPDX-License-Identifier: Apache-2.0 */
/* The third step: signed evidence against expectations of which one is wrong. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "snp/policy.h"
#include "tests/judged.h"
#include "tests/shared.h"
#include "tests/simulated.h"
#include "tests/vector_index.h"
#include "verify/judge_bits.h"

enum { NOW = 1782864000 }; /* 2026-07-01, when the simulator's leaves are valid */

#define GENOA                                                                                                          \
    "--product genoa --report-version 5 --report guest_svn=7 --report signer_info=1 --report id_key_digest=22*48 "     \
    "--report author_key_digest=33*48 --report family_id=44*16 --report image_id=55*16 --report host_data=66*32 "      \
    "--report report_data=77*64 --report measurement=88*48 --report launch_mit_vector=0x13 "                           \
    "--report current_mit_vector=0x17"

static struct judged judged;

static void fill(uint8_t *out, uint8_t value, size_t len)
{
    memset(out, value, len);
}

/* What GENOA says, written out. */
struct wants {
    uint8_t id_key[48], author_key[48], family[16], image[16], host_data[32], report_data[64], measurement[48],
        chip[64];
    bytes list[8];
    struct reference reference;
};

static struct expect_bytes one_of(struct wants *w, size_t slot, uint8_t *value, size_t len)
{
    w->list[slot] = BYTES(value, len);
    return (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &w->list[slot], .count = 1};
}

static struct expect_number number(uint64_t value)
{
    return (struct expect_number){.mode = EXPECT_VALUE, .value = value};
}

static struct wants *wants(void)
{
    static struct wants w;
    const struct snp_tcb tcb = {.product = SNP_GENOA, .boot_loader = 10, .tee = 0, .snp = 23, .microcode = 84};
    w = (struct wants){0};
    fill(w.id_key, 0x22, 48);
    fill(w.author_key, 0x33, 48);
    fill(w.family, 0x44, 16);
    fill(w.image, 0x55, 16);
    fill(w.host_data, 0x66, 32);
    fill(w.report_data, 0x77, 64);
    fill(w.measurement, 0x88, 48);
    memcpy(w.chip, sim_file(simulated(0, GENOA), SIM_FILE_REPORT).ptr + 0x1a0, 64);
    w.reference = (struct reference){
        .source = "the test",
        .product = {.mode = EXPECT_VALUE, .product = SNP_GENOA},
        .measurement = one_of(&w, 0, w.measurement, 48),
        .report_data = one_of(&w, 1, w.report_data, 64),
        .host_data = one_of(&w, 2, w.host_data, 32),
        .id_key_digest = one_of(&w, 3, w.id_key, 48),
        .author_key_digest = one_of(&w, 4, w.author_key, 48),
        .family_id = one_of(&w, 5, w.family, 16),
        .image_id = one_of(&w, 6, w.image, 16),
        .chip_id = one_of(&w, 7, w.chip, 64),
        .minimum_tcb = {.mode = EXPECT_VALUE, .least = tcb},
        .minimum_launch_tcb = {.mode = EXPECT_VALUE, .least = tcb},
        .minimum_firmware = {.mode = EXPECT_VALUE, .least = {.major = 1, .minor = 55, .build = 40}},
        .minimum_guest_svn = number(7),
        .guest_policy = number(0x30000),
        .platform_info = {.mode = EXPECT_VALUE, .allowed = 0x01, .required = 0x24},
        .vmpl = number(0),
        .launch_mitigations = number(0x13),
        .current_mitigations = number(0x17),
        .provisional = {.mode = PROVISIONAL_REFUSED},
    };
    return &w;
}

static void run(const char *line, const struct reference *reference)
{
    static struct snp_ca memory[SIMULATED_CAS];
    const struct authenticate_options options = {.cas = simulated_cas(memory), .now = NOW};
    const struct sim_evidence *made = simulated(1, line);
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      sim_file(made, SIM_FILE_CRL)};
    judged_run(&in, &options, reference, &judged);
}

/* GENOA with `more` options against its own values. */
static void expect_report(const char *more, const char *failures, int exit_code)
{
    char line[1024];
    (void)snprintf(line, sizeof line, "%s %s", GENOA, more);
    run(more[0] == '\0' ? GENOA : line, &wants()->reference);
    judged_expect(&judged, failures, exit_code, more);
}

static void expect_reference(const struct wants *w, const char *failures, int exit_code, const char *what)
{
    run(GENOA, &w->reference);
    judged_expect(&judged, failures, exit_code, what);
}

/* ---- each expectation has its rows ------------------------------------------------------------------------------ */

#define POLICY_ROWS                                                                                                    \
    "policy.abi policy.smt policy.migrate-ma policy.single-socket policy.cxl-allow "                                   \
    "policy.mem-aes-256-xts policy.rapl-dis policy.ciphertext-hiding-dram policy.page-swap-disable "
#define PLATFORM_ROWS                                                                                                  \
    "platform.smt-en platform.tsme-en platform.ecc-en platform.rapl-dis platform.ciphertext-hiding-dram-en "           \
    "platform.alias-check-complete platform.iommu-write-safe platform.tio-en platform.reserved "

#define AT(member) offsetof(struct reference, member)

static const struct member {
    size_t mode; /* where the enum is that says what is expected */
    const char *rows;
} members[] = {
    {AT(provisional.mode), "tcb.provisional "},
    {AT(minimum_tcb.mode), "tcb.minimum "},
    {AT(minimum_launch_tcb.mode), "tcb.launch-minimum "},
    {AT(minimum_firmware.mode), "firmware.minimum "},
    {AT(product.mode), "reference.product "},
    {AT(minimum_guest_svn.mode), "guest-svn "},
    {AT(guest_policy.mode), POLICY_ROWS},
    {AT(platform_info.mode), PLATFORM_ROWS},
    {AT(vmpl.mode), "vmpl "},
    {AT(launch_mitigations.mode), "mitigation.launch "},
    {AT(current_mitigations.mode), "mitigation.current "},
    {AT(measurement.mode), "measurement "},
    {AT(id_key_digest.mode), "id-block.id-key "},
    {AT(author_key_digest.mode), "id-block.author-key "},
    {AT(family_id.mode), "family-id "},
    {AT(image_id.mode), "image-id "},
    {AT(host_data.mode), "host-data "},
    {AT(chip_id.mode), "chip-id "},
    {AT(report_data.mode), "report-data "},
};
enum { MEMBERS = sizeof members / sizeof members[0] };

static void set_mode(struct reference *r, size_t at, int mode)
{
    memcpy((char *)r + at, &mode, sizeof mode);
}

Test(judge, nothing_stated_is_not_run_and_denies)
{
    const struct reference nothing = {0};
    char all[1024] = "";
    for (size_t i = 0; i < MEMBERS; i++)
        strcat(all, members[i].rows);
    run(GENOA, &nothing);
    cr_expect_str_eq(judged_not_run(&judged.verdict), all);
    cr_expect_str_eq(judged_failures(&judged.verdict), "");
    cr_expect_eq(verdict_decide(&judged.verdict), DENY);
    cr_expect_eq(verdict_exit_code(&judged.verdict), 1);
}

Test(judge, each_expectation_alone_left_out_denies)
{
    expect_report("", "", 10);
    for (size_t i = 0; i < MEMBERS; i++) {
        struct wants *w = wants();
        set_mode(&w->reference, members[i].mode, 0);
        run(GENOA, &w->reference);
        cr_expect_str_eq(judged_not_run(&judged.verdict), members[i].rows);
        cr_expect_eq(verdict_decide(&judged.verdict), DENY, "%s", members[i].rows);
        cr_expect_eq(verdict_exit_code(&judged.verdict), 1, "%s", members[i].rows);
        if (i == 0) continue; /* whatever is not permitted is refused */
        set_mode(&w->reference, members[i].mode, 9);
        run(GENOA, &w->reference);
        cr_expect_eq(verdict_decide(&judged.verdict), DENY, "%s: no such mode", members[i].rows);
    }
}

Test(judge, each_expectation_alone_can_be_anything)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        struct wants *w = wants();
        set_mode(&w->reference, members[i].mode, EXPECT_ANYTHING);
        expect_reference(w, "", 10, members[i].rows);
        size_t idle = 0;
        for (const char *at = members[i].rows; *at != '\0'; at += strcspn(at, " ") + 1) {
            char name[64];
            (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at, " "), at);
            cr_expect_eq(judged.verdict.by_id[check_find(name)].outcome, DOES_NOT_APPLY, "%s", name);
            idle++;
        }
        cr_expect_gt(idle, 0u);
    }
    struct reference anything = reference_anything();
    run(GENOA, &anything);
    judged_expect(&judged, "", 10, "anything");
}

/* ---- lists of bytes --------------------------------------------------------------------------------------------- */

static struct expect_bytes *list_of(struct wants *w, size_t i)
{
    struct reference *r = &w->reference;
    struct expect_bytes *const lists[] = {&r->measurement,       &r->report_data, &r->host_data, &r->id_key_digest,
                                          &r->author_key_digest, &r->family_id,   &r->image_id,  &r->chip_id};
    return lists[i];
}

static const char *const list_rows[] = {"measurement ",         "report-data ", "host-data ", "id-block.id-key ",
                                        "id-block.author-key ", "family-id ",   "image-id ",  "chip-id "};
enum { LISTS = 8 };

static int code_of(size_t list)
{
    return list == 1 ? 8 : 6;
}

Test(judge, negative_107_to_111_114_other_bytes)
{
    for (size_t i = 0; i < LISTS; i++) {
        struct wants *w = wants();
        bytes good = w->list[i];
        for (size_t at = 0; at < good.len; at++) {
            ((uint8_t *)good.ptr)[at] ^= 0x10;
            expect_reference(w, list_rows[i], code_of(i), "one byte off");
            ((uint8_t *)good.ptr)[at] ^= 0x10;
        }
        w->list[i].len--;
        expect_reference(w, list_rows[i], code_of(i), "a byte short");
        w->list[i] = BYTES_ABSENT;
        expect_reference(w, list_rows[i], code_of(i), "absent");
        w->list[i] = BYTES_LIT("");
        expect_reference(w, list_rows[i], code_of(i), "empty");
    }
}

Test(judge, an_empty_list_accepts_nothing)
{
    for (size_t i = 0; i < LISTS; i++) {
        struct wants *w = wants();
        list_of(w, i)->count = 0;
        expect_reference(w, list_rows[i], code_of(i), "empty list");
        list_of(w, i)->any_of = NULL;
        expect_reference(w, list_rows[i], code_of(i), "empty list at no place");
    }
}

Test(judge, one_of_several_is_enough)
{
    static const uint8_t wrong[64] = {1};
    for (size_t i = 0; i < LISTS; i++)
        for (size_t at = 0; at < 3; at++) {
            struct wants *w = wants();
            bytes several[3];
            for (size_t k = 0; k < 3; k++)
                several[k] = k == at ? w->list[i] : BYTES(wrong, w->list[i].len);
            list_of(w, i)->any_of = several;
            list_of(w, i)->count = 3;
            expect_reference(w, "", 10, list_rows[i]);
            several[at] = BYTES(wrong, w->list[i].len);
            expect_reference(w, list_rows[i], code_of(i), list_rows[i]);
        }
}

Test(judge, negative_108_the_first_half_alone)
{
    struct wants *w = wants();
    fill(w->report_data + 32, 0, 32);
    expect_reference(w, "report-data ", 8, "equal in the first 32 bytes");
    w->list[1] = BYTES(w->report_data, 32);
    expect_reference(w, "report-data ", 8, "the first 32 bytes alone");
}

/* A zero digest is what firmware writes when there is no key. */
Test(judge, negative_112_113_zero_digests_are_never_accepted)
{
    struct wants *w = wants();
    const struct {
        const char *report;
        const char *failures;
    } rows[] = {
        {"--report id_key_digest=00*48", "id-block.id-key "},
        {"--report author_key_digest=00*48", "id-block.author-key "},
        {"--report author_key_digest=00*48 --report signer_info=0", "id-block.author-key "},
        {"--report id_key_digest=00*48 --report author_key_digest=00*48", "id-block.id-key id-block.author-key "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[1024];
        expect_report(rows[i].report, rows[i].failures, 6);
        w = wants();
        fill(w->id_key, 0, 48);
        fill(w->author_key, 0, 48);
        (void)snprintf(line, sizeof line, "%s %s", GENOA, rows[i].report);
        run(line, &w->reference);
        judged_expect(&judged, "id-block.id-key id-block.author-key ", 6, "zero is what was asked for");
    }
}

Test(judge, negative_115_a_masked_chip_is_on_no_list)
{
    expect_report("--report chip_id=00*64", "chip-id ", 6);
    struct wants *w = wants();
    fill(w->chip, 0, 64);
    run(GENOA " --report chip_id=00*64", &w->reference);
    judged_expect(&judged, "chip-id ", 6, "zero is what was asked for");
    w->reference.chip_id.mode = EXPECT_ANYTHING;
    run(GENOA " --report chip_id=00*64", &w->reference);
    judged_expect(&judged, "", 10, "any chip");
    cr_expect(judged.verdict.warned[WARN_CHIP_ID_MASKED] && judged.verdict.warned[WARN_NO_CHIP_ALLOW_LIST]);
}

/* ---- TCB and versions ------------------------------------------------------------------------------------------- */

Test(judge, negative_84_85_88_90_what_must_hold_between_the_fields)
{
    expect_report("--report committed_tcb=bl:11,tee:0,snp:23,ucode:84", "tcb.committed tcb.provisional ", 6);
    expect_report("--report committed_tcb=bl:10,tee:1,snp:23,ucode:84", "tcb.committed tcb.provisional ", 6);
    expect_report("--report committed_tcb=bl:0,tee:0,snp:24,ucode:0", "tcb.committed tcb.provisional ", 6);
    expect_report("--report committed_tcb=bl:10,tee:0,snp:23,ucode:85", "tcb.committed tcb.provisional ", 6);
    expect_report("--report committed_tcb=bl:10,tee:0,snp:22,ucode:84", "tcb.provisional ", 6);
    expect_report("--report reported_tcb=bl:10,tee:0,snp:24,ucode:84", "tcb.reported ", 6);
    expect_report("--report reported_tcb=bl:10,tee:0,snp:23,ucode:255", "tcb.reported ", 6);
    expect_report("--report committed_build=41", "firmware.committed tcb.provisional ", 6);
    expect_report("--report committed_minor=56 --report committed_build=0", "firmware.committed tcb.provisional ", 6);
    expect_report("--report committed_major=2", "firmware.committed tcb.provisional ", 6);
    expect_report("--report committed_build=39", "tcb.provisional ", 6);
    expect_report("--report committed_minor=54 --report committed_build=99", "tcb.provisional ", 6);

    struct wants *w = wants();
    w->reference.provisional.mode = PROVISIONAL_PERMITTED;
    run(GENOA " --report committed_build=39 --report committed_tcb=bl:10,tee:0,snp:22,ucode:80", &w->reference);
    judged_expect(&judged, "", 10, "provisional firmware is permitted");
    run(GENOA " --report committed_build=41", &w->reference);
    judged_expect(&judged, "firmware.committed ", 6, "and still in order");
}

Test(judge, negative_86_87_each_component_reaches_its_minimum)
{
    static const char *const names[] = {"bl", "snp", "ucode"};
    static const int values[] = {10, 23, 84};
    for (int i = 0; i < 3; i++) {
        char more[96];
        int low[3] = {255, 255, 255};
        low[i] = values[i] - 1;
        (void)snprintf(more, sizeof more, "--report launch_tcb=%s:%d,%s:%d,%s:%d", names[0], low[0], names[1], low[1],
                       names[2], low[2]);
        expect_report(more, "tcb.launch-minimum ", 6);

        struct wants *w = wants();
        struct snp_tcb *least = &w->reference.minimum_tcb.least;
        uint8_t *const parts[] = {&least->boot_loader, &least->snp, &least->microcode};
        *parts[i] = (uint8_t)(values[i] + 1);
        expect_reference(w, "tcb.minimum ", 6, names[i]);
        for (int k = 0; k < 3; k++)
            if (k != i) *parts[k] = 0;
        expect_reference(w, "tcb.minimum ", 6, "all others far below");
        *parts[i] = (uint8_t)values[i];
        expect_reference(w, "", 10, names[i]);
    }
    struct wants *w = wants();
    w->reference.minimum_launch_tcb.least.tee = 1;
    expect_reference(w, "tcb.launch-minimum ", 6, "tee");
}

/* LAUNCH_TCB may be below REPORTED_TCB, and COMMITTED_TCB below it: honest machines say so. */
Test(judge, orders_that_are_not_asked_for)
{
    struct wants *w = wants();
    w->reference.minimum_launch_tcb.mode = EXPECT_ANYTHING;
    w->reference.provisional.mode = PROVISIONAL_PERMITTED;
    run(GENOA " --report launch_tcb=bl:1,tee:0,snp:1,ucode:1", &w->reference);
    judged_expect(&judged, "", 10, "launch below reported");
    run(GENOA " --report committed_tcb=bl:1,tee:0,snp:1,ucode:1", &w->reference);
    judged_expect(&judged, "", 10, "committed below reported");
}

Test(judge, negative_89_a_minimum_of_another_product_is_not_reached)
{
    struct wants *w = wants();
    w->reference.minimum_tcb.least = (struct snp_tcb){.product = SNP_MILAN};
    expect_reference(w, "tcb.minimum ", 6, "zeros of Milan");
    w->reference.minimum_tcb.least = (struct snp_tcb){0};
    expect_reference(w, "tcb.minimum ", 6, "zeros of no product");
    w = wants();
    w->reference.product.product = SNP_TURIN;
    expect_reference(w, "reference.product ", 6, "another product");
    w->reference.product.product = SNP_PRODUCT_UNKNOWN;
    expect_reference(w, "reference.product ", 6, "no product");

    struct reference turin = reference_anything();
    turin.minimum_tcb = (struct expect_tcb){.mode = EXPECT_VALUE, .least = {.product = SNP_MILAN, .snp = 4}};
    run("--product turin --report-version 5", &turin);
    judged_expect(&judged, "tcb.minimum ", 6, "Turin against a minimum of Milan");
    turin.minimum_tcb.least =
        (struct snp_tcb){.product = SNP_TURIN, .fmc = 1, .boot_loader = 1, .tee = 1, .snp = 4, .microcode = 81};
    run("--product turin --report-version 5", &turin);
    judged_expect(&judged, "", 10, "Turin against its own");
    turin.minimum_tcb.least.fmc = 2;
    run("--product turin --report-version 5", &turin);
    judged_expect(&judged, "tcb.minimum ", 6, "FMC");
}

Test(judge, negative_91_firmware_versions_are_triples)
{
    static const struct {
        struct snp_version least;
        bool reached;
    } rows[] = {{{1, 55, 40}, true},  {{1, 55, 41}, false},  {{1, 56, 0}, false}, {{2, 0, 0}, false},
                {{1, 54, 255}, true}, {{0, 255, 255}, true}, {{0, 0, 0}, true},   {{1, 55, 255}, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wants *w = wants();
        w->reference.minimum_firmware.least = rows[i].least;
        expect_reference(w, rows[i].reached ? "" : "firmware.minimum ", rows[i].reached ? 10 : 6, "firmware");
    }
}

/* ---- policy and platform ---------------------------------------------------------------------------------------- */

/* A weakening bit fails when it is set and not allowed, a protecting one when it is required and not set. */
static void expect_bit(enum outcome have, bool good_when_set, bool set, bool wanted, const char *what)
{
    bool fails = good_when_set ? wanted && !set : set && !wanted;
    cr_expect_eq(have, fails ? FAILED : PASSED, "%s: set %d, wanted %d", what, set, wanted);
}

static size_t failed(const struct verdict *v)
{
    size_t n = 0;
    for (int id = 0; id < CHECK_COUNT; id++)
        n += v->by_id[id].outcome == FAILED;
    return n;
}

Test(judge, negative_92_95_96_98_99_every_policy_bit)
{
    for (size_t i = 0; i < SNP_POLICY_BIT_COUNT; i++)
        for (int set = 0; set < 2; set++)
            for (int wanted = 0; wanted < 2; wanted++) {
                const struct snp_bit *bit = &snp_policy_bits[i];
                const struct snp_report r = {.policy = set ? bit->mask : 0};
                const struct expect_number want = number(wanted ? bit->mask : 0);
                struct verdict v = {0};
                judge_policy(&r, &want, "x", &v);
                bool may = wanted && bit->mask != SNP_POLICY_DEBUG;
                expect_bit(v.by_id[check_find(bit->check)].outcome, bit->good_when_set, set, may, bit->name);
                cr_expect_leq(failed(&v), 1u, "%s", bit->name);
            }
}

Test(judge, negative_92_debug_is_never_allowed)
{
    expect_report("--report policy=0xb0000", "policy.debug ", 6);
    struct wants *w = wants();
    w->reference.guest_policy.value = 0xb0000;
    run(GENOA " --report policy=0xb0000", &w->reference);
    judged_expect(&judged, "policy.debug ", 6, "even when it is asked for");
    struct reference anything = reference_anything();
    run(GENOA " --report policy=0xb0000", &anything);
    judged_expect(&judged, "policy.debug ", 6, "nothing is asked for");
    run(GENOA, &anything);
    cr_expect_eq(judged.verdict.by_id[CHECK_POLICY_DEBUG].outcome, PASSED, "nothing is asked for");
    w->reference.guest_policy.value = ~0ULL;
    run(GENOA " --report policy=0xb0000", &w->reference);
    cr_expect_eq(judged.verdict.by_id[CHECK_POLICY_DEBUG].outcome, FAILED, "every bit asked for");
}

Test(judge, negative_97_abi_versions)
{
    static const struct {
        unsigned have, want;
        bool reached;
    } rows[] = {{0x001f, 0x001f, true}, {0x001e, 0x001f, false}, {0x0100, 0x00ff, true}, {0x00ff, 0x0100, false},
                {0x0000, 0x0000, true}, {0xffff, 0xffff, true},  {0xfffe, 0xffff, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct snp_report r = {.policy = 0x20000 | rows[i].have};
        const struct expect_number want = number(0x20000 | rows[i].want);
        struct verdict v = {0};
        judge_policy(&r, &want, "x", &v);
        cr_expect_eq(v.by_id[CHECK_POLICY_ABI].outcome, rows[i].reached ? PASSED : FAILED, "%x, %x", rows[i].have,
                     rows[i].want);
    }
}

Test(judge, negative_100_to_104_every_platform_bit)
{
    for (unsigned bit = 0; bit < 64; bit++)
        for (int set = 0; set < 2; set++)
            for (int wanted = 0; wanted < 2; wanted++) {
                const struct snp_report r = {.platform_info = set ? 1ULL << bit : 0};
                const uint64_t mask = wanted ? 1ULL << bit : 0;
                const struct expect_platform want = {.mode = EXPECT_VALUE, .allowed = mask, .required = mask};
                struct verdict v = {0};
                judge_platform(&r, &want, "x", &v);
                cr_expect_leq(failed(&v), 1u, "bit %u", bit);
                if (bit < 8)
                    expect_bit(v.by_id[check_find(snp_platform_bits[bit].check)].outcome,
                               snp_platform_bits[bit].good_when_set, set, wanted, snp_platform_bits[bit].name);
                else
                    cr_expect_eq(v.by_id[CHECK_PLATFORM_RESERVED].outcome, set ? FAILED : PASSED, "bit %u", bit);
            }
}

/* `allowed` says nothing of bits that protect, `required` nothing of bits that weaken. */
Test(judge, allowed_and_required_do_not_mix)
{
    const struct expect_platform want = {.mode = EXPECT_VALUE, .allowed = 0x7c, .required = 0x83};
    const struct snp_report none = {0}, weak = {.platform_info = 0x83};
    struct verdict v = {0}, w = {0};
    judge_platform(&none, &want, "x", &v);
    cr_expect_eq(failed(&v), 0u);
    judge_platform(&weak, &want, "x", &w);
    cr_expect_eq(failed(&w), 3u);
}

Test(judge, policies_and_platforms_of_signed_reports)
{
    expect_report("--report policy=0x70000", "policy.migrate-ma ", 6);
    expect_report("--report policy=0x230000", "policy.cxl-allow ", 6);
    expect_report("--report policy=0x20000", "", 10);
    expect_report("--report policy=0x3d30000", "", 10);
    expect_report("--report platform_info=0x27", "platform.tsme-en ", 6);
    expect_report("--report platform_info=0x5", "platform.alias-check-complete ", 6);
    expect_report("--report platform_info=0x21", "platform.ecc-en ", 6);
    expect_report("--report platform_info=0xa5", "platform.tio-en ", 6);
    expect_report("--report platform_info=0x125", "platform.reserved ", 6);
    expect_report("--report platform_info=0x8000000000000025", "platform.reserved ", 6);
    expect_report("--report platform_info=0x65", "", 10);
}

/* ---- other numbers ---------------------------------------------------------------------------------------------- */

Test(judge, negative_105_116_117_numbers)
{
    expect_report("--report vmpl=1", "vmpl ", 6);
    expect_report("--report vmpl=3", "vmpl ", 6);
    expect_report("--report guest_svn=6", "guest-svn ", 6);
    expect_report("--report guest_svn=8", "", 10);
    expect_report("--report guest_svn=0xffffffff", "", 10);
    expect_report("--report launch_mit_vector=0x3", "mitigation.launch ", 6);
    expect_report("--report current_mit_vector=0x13", "mitigation.current ", 6);
    expect_report("--report current_mit_vector=0xfffffffffffffff7", "", 10);
    expect_report("--report current_mit_vector=0xffffffffffffffe8", "mitigation.current ", 6);

    struct reference want = reference_anything();
    want.launch_mitigations = number(1);
    run("--product genoa --report-version 3", &want);
    judged_expect(&judged, "mitigation.launch ", 6, "version 3 has none");
    want.launch_mitigations = number(0);
    run("--product genoa --report-version 3", &want);
    judged_expect(&judged, "", 10, "none is asked for");
    want.vmpl = number(0x100000000ULL);
    run("--product genoa --report-version 3", &want);
    judged_expect(&judged, "vmpl ", 6, "a VMPL that is no VMPL");
}

Test(judge, several_failures_are_all_told)
{
    struct wants *w = wants();
    w->measurement[0] ^= 1;
    w->report_data[0] ^= 1;
    w->host_data[0] ^= 1;
    run(GENOA " --report vmpl=2 --report policy=0xb0000", &w->reference);
    judged_expect(&judged, "policy.debug vmpl measurement host-data report-data ", 8, "five at once");
}

Test(judge, sources_are_told)
{
    struct wants *w = wants();
    w->reference.measurement.source = "the measurement's own";
    expect_reference(w, "", 10, "sources");
    cr_expect_str_eq(judged.verdict.by_id[CHECK_MEASUREMENT].source, "the measurement's own");
    cr_expect_str_eq(judged.verdict.by_id[CHECK_HOST_DATA].source, "the test");
    cr_expect_str_eq(judged.verdict.by_id[CHECK_TCB_MINIMUM].source, "the test");
    cr_expect_str_eq(judged.verdict.by_id[CHECK_POLICY_DEBUG].source, "the test");
}

Test(judge, a_report_that_cannot_be_read_is_not_judged)
{
    run("--poke cut=1183", &wants()->reference);
    cr_expect_eq(judged.verdict.by_id[CHECK_MEASUREMENT].outcome, NOT_RUN);
    cr_expect_eq(verdict_exit_code(&judged.verdict), 3);
}

/* ---- warnings --------------------------------------------------------------------------------------------------- */

Test(judge, warnings)
{
    static const struct {
        const char *line;
        enum warning warning;
        bool warned;
    } rows[] = {
        {"", WARN_MILAN, true},
        {"--product genoa", WARN_MILAN, false},
        {"--report reported_tcb=bl:4,tee:0,snp:23,ucode:219", WARN_MICROCODE_SIGNATURE, true},
        {"--report reported_tcb=bl:4,tee:0,snp:24,ucode:219", WARN_MICROCODE_SIGNATURE, false},
        {"--product genoa --report reported_tcb=bl:10,tee:0,snp:22,ucode:84", WARN_MICROCODE_SIGNATURE, true},
        {"--product genoa --report reported_tcb=bl:10,tee:0,snp:23,ucode:84", WARN_MICROCODE_SIGNATURE, false},
        {"--product turin", WARN_MICROCODE_SIGNATURE, false},
        {"--report platform_info=0x5", WARN_ALIAS_CHECK, true},
        {"--report platform_info=0x25", WARN_ALIAS_CHECK, false},
        {"", WARN_NO_CHIP_ALLOW_LIST, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reference anything = reference_anything();
        run(rows[i].line, &anything);
        judged_expect(&judged, "", 10, rows[i].line);
        cr_expect_eq(judged.verdict.warned[rows[i].warning], rows[i].warned, "%s: %s", rows[i].line,
                     warning_rows[rows[i].warning].name);
    }
    expect_report("", "", 10);
    cr_expect_not(judged.verdict.warned[WARN_NO_CHIP_ALLOW_LIST]);
}

/* ---- real reports ----------------------------------------------------------------------------------------------- */

static void expect_real(const char *report, const char *leaf, int64_t now, const struct reference *want,
                        const char *failures, int exit_code)
{
    char path[128];
    (void)snprintf(path, sizeof path, "vectors/reports/%s.bin", report);
    const struct evidence_input in = {shared_read(path), vector_certificate(leaf), BYTES_ABSENT};
    const struct authenticate_options options = {
        .cas = snp_ca_set_amd(), .now = now, .revocation = REVOCATION_WAIVED_BY_USER};
    judged_run(&in, &options, want, &judged);
    judged_expect(&judged, failures, exit_code, report);
    free((void *)in.report.ptr);
    free((void *)in.leaf.ptr);
}

Test(judge, negative_87_88_92_105_real_reports)
{
    struct reference want = reference_anything();
    static const char debugged[] = "gosevguest_milan_v2.report", its_leaf[] = "certs/gosevguest_milan_v2.vcek.der";
    expect_real(debugged, its_leaf, 1735689600, &want, "policy.debug ", 6);
    want.guest_policy = number(0x30000);
    expect_real(debugged, its_leaf, 1735689600, &want, "policy.debug ", 6);

    /* REPORTED_TCB 217, COMMITTED_TCB and LAUNCH_TCB 219, CURRENT_TCB 220; VMPL 1. */
    static const char report[] = "trustee_test-vlek-report", leaf[] = "certs/trustee_test-vlek.der";
    const int64_t now = 1746057600; /* 2025-05-01 */
    want = reference_anything();
    expect_real(report, leaf, now, &want, "", 0);
    want.vmpl = number(0);
    expect_real(report, leaf, now, &want, "vmpl ", 6);
    want.vmpl = number(1);
    want.provisional.mode = PROVISIONAL_REFUSED;
    expect_real(report, leaf, now, &want, "tcb.provisional ", 6);
    want.provisional.mode = PROVISIONAL_PERMITTED;
    const struct snp_tcb least = {.product = SNP_MILAN, .boot_loader = 4, .snp = 24, .microcode = 218};
    want.minimum_launch_tcb = (struct expect_tcb){.mode = EXPECT_VALUE, .least = least};
    expect_real(report, leaf, now, &want, "", 0);
    want.minimum_tcb = want.minimum_launch_tcb;
    expect_real(report, leaf, now, &want, "tcb.minimum ", 6);
    want.minimum_tcb.least.microcode = 217;
    want.minimum_launch_tcb.least.microcode = 220;
    expect_real(report, leaf, now, &want, "tcb.launch-minimum ", 6);
}

/* ACI sets HOST_DATA and the ID block, and asks for nothing of REPORT_DATA. */
Test(judge, real_references)
{
    bytes in = shared_read("vectors/reports/ccf_aci_milan_v3.report.bin");
    struct snp_report r;
    cr_assert(is_ok(snp_report_parse(in, &r, NULL)));
    bytes zero = BYTES_LIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                           "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    struct reference want = reference_anything();
    want.guest_policy = number(0x3001f);
    want.platform_info = (struct expect_platform){.mode = EXPECT_VALUE, .allowed = 1, .required = 0x24};
    want.vmpl = number(0);
    want.host_data = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &r.host_data, .count = 1};
    want.id_key_digest = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &r.id_key_digest, .count = 1};
    want.measurement = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &r.measurement, .count = 1};
    want.chip_id = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &r.chip_id, .count = 1};
    want.report_data = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &zero, .count = 1};
    want.provisional.mode = PROVISIONAL_REFUSED;
    const int64_t now = 1767225600; /* 2026-01-01 */
    expect_real("ccf_aci_milan_v3.report", "certs/ccf_aci_milan_v3.vcek.der", now, &want, "", 0);
    want.guest_policy = number(0x30020);
    expect_real("ccf_aci_milan_v3.report", "certs/ccf_aci_milan_v3.vcek.der", now, &want, "policy.abi ", 6);
    want.author_key_digest = want.id_key_digest;
    expect_real("ccf_aci_milan_v3.report", "certs/ccf_aci_milan_v3.vcek.der", now, &want,
                "policy.abi id-block.author-key ", 6);
    free((void *)in.ptr);
}
