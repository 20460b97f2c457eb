/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: evidence_judge judge_policy judge_platform verdict_decide verdict_exit_code.
 *
 * Input: a byte for each expectation that says where it comes from, 64 bytes of values, and the report.  Everything
 * that has to do with signatures is taken to have passed.  Each row is compared with a second reading of the report, by
 * offset and without the parser.
 */
#include <stdlib.h>

#include "verify/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- the input -------------------------------------------------------------------------------------------------- */

enum { LISTS = 8, NUMBERS = 4, VALUES_BYTES = 64 };
enum {
    IS_PRODUCT = LISTS + NUMBERS,
    IS_TCB,
    IS_LAUNCH_TCB,
    IS_FIRMWARE,
    IS_POLICY,
    IS_PLATFORM,
    IS_PROVISIONAL,
    MODES
};

/* Where an expectation comes from. */
enum from { UNSTATED, ANYTHING, REPORTS_OWN, GIVEN, NONE, OWN_BEHIND_GIVEN, FROM_COUNT };

static const struct {
    enum check_id id;
    uint16_t at, len;
} lists[LISTS] = {
    {CHECK_REPORT_DATA, 0x050, 64},
    {CHECK_MEASUREMENT, 0x090, 48},
    {CHECK_HOST_DATA, 0x0c0, 32},
    {CHECK_ID_BLOCK_ID_KEY, 0x0e0, 48},
    {CHECK_ID_BLOCK_AUTHOR_KEY, 0x110, 48},
    {CHECK_FAMILY_ID, 0x010, 16},
    {CHECK_IMAGE_ID, 0x020, 16},
    {CHECK_CHIP_ID, 0x1a0, 64},
};
enum { LIST_ID_KEY = 3, LIST_AUTHOR_KEY = 4, LIST_CHIP = 7 };

static const struct {
    enum check_id id;
    uint16_t at, len;
} numbers[NUMBERS] = {
    {CHECK_GUEST_SVN, 0x004, 4},
    {CHECK_VMPL, 0x030, 4},
    {CHECK_MITIGATION_LAUNCH, 0x1f8, 8},
    {CHECK_MITIGATION_CURRENT, 0x200, 8},
};
enum { NUMBER_SVN, NUMBER_VMPL };

struct input {
    enum from from[MODES];
    bytes values, report;
    bytes two[LISTS][2];
    struct reference reference;
};

static uint64_t number_at(bytes b, size_t at, size_t len)
{
    uint64_t v = 0;
    for (size_t i = len; i > 0; i--)
        v = v << 8 | b.ptr[at + i - 1];
    return v;
}

static enum expectation mode_of(enum from from)
{
    return from == UNSTATED ? EXPECT_UNSTATED : from == ANYTHING ? EXPECT_ANYTHING : EXPECT_VALUE;
}

/* The report's own number, or 8 of the bytes given, a different 8 for each member. */
static uint64_t number_of(const struct input *in, size_t member, size_t at, size_t len)
{
    return in->from[member] == REPORTS_OWN ? number_at(in->report, at, len) : number_at(in->values, member % 56, 8);
}

static struct expect_bytes list_of(struct input *in, size_t i)
{
    bytes own = bytes_slice(in->report, lists[i].at, lists[i].len);
    bytes given = bytes_slice(in->values, 0, lists[i].len);
    enum from from = in->from[i];
    in->two[i][0] = from == REPORTS_OWN ? own : given;
    in->two[i][1] = own;
    return (struct expect_bytes){.mode = mode_of(from),
                                 .any_of = in->two[i],
                                 .count = from == NONE               ? 0
                                          : from == OWN_BEHIND_GIVEN ? 2
                                                                     : 1};
}

static void make_lists(struct input *in)
{
    struct reference *r = &in->reference;
    struct expect_bytes *const members[LISTS] = {
        &r->report_data,       &r->measurement, &r->host_data, &r->id_key_digest,
        &r->author_key_digest, &r->family_id,   &r->image_id,  &r->chip_id};
    for (size_t i = 0; i < LISTS; i++)
        *members[i] = list_of(in, i);
}

static void make_numbers(struct input *in)
{
    struct reference *r = &in->reference;
    struct expect_number *const members[NUMBERS] = {&r->minimum_guest_svn, &r->vmpl, &r->launch_mitigations,
                                                    &r->current_mitigations};
    for (size_t i = 0; i < NUMBERS; i++)
        *members[i] = (struct expect_number){.mode = mode_of(in->from[LISTS + i]),
                                             .value = number_of(in, LISTS + i, numbers[i].at, numbers[i].len)};
    r->guest_policy =
        (struct expect_number){.mode = mode_of(in->from[IS_POLICY]), .value = number_of(in, IS_POLICY, 8, 8)};
    r->platform_info = (struct expect_platform){.mode = mode_of(in->from[IS_PLATFORM]),
                                                .allowed = number_of(in, IS_PLATFORM, 0x40, 8),
                                                .required = number_of(in, IS_PLATFORM, 0x40, 8)};
}

static struct snp_tcb tcb_of(const struct input *in, size_t member, enum snp_product product, size_t at)
{
    struct snp_tcb tcb = {.product = product};
    uint64_t word = number_of(in, member, at, 8) & ~0x00ffffff00000000ULL;
    if (product != SNP_TURIN) word = number_of(in, member, at, 8) & ~0x0000ffffffff0000ULL;
    if (in->from[member] == NONE) tcb.product = (enum snp_product)(in->values.ptr[0] % SNP_PRODUCT_COUNT);
    if (in->from[member] != NONE && product != SNP_PRODUCT_UNKNOWN)
        require(is_ok(snp_tcb_split(word, product, &tcb, NULL)));
    return tcb;
}

static void make_rest(struct input *in, enum snp_product product)
{
    struct reference *r = &in->reference;
    uint64_t version = number_of(in, IS_FIRMWARE, 0x1e8, 3);
    enum from from = in->from[IS_PROVISIONAL];
    r->source = "the input";
    r->product = (struct expect_product){.mode = mode_of(in->from[IS_PRODUCT]),
                                         .product = in->from[IS_PRODUCT] == REPORTS_OWN ? product : SNP_GENOA};
    r->minimum_tcb =
        (struct expect_tcb){.mode = mode_of(in->from[IS_TCB]), .least = tcb_of(in, IS_TCB, product, 0x180)};
    r->minimum_launch_tcb = (struct expect_tcb){.mode = mode_of(in->from[IS_LAUNCH_TCB]),
                                                .least = tcb_of(in, IS_LAUNCH_TCB, product, 0x1f0)};
    r->minimum_firmware = (struct expect_version){
        .mode = mode_of(in->from[IS_FIRMWARE]),
        .least = {.build = (uint8_t)version, .minor = (uint8_t)(version >> 8), .major = (uint8_t)(version >> 16)}};
    r->provisional.mode = from == UNSTATED   ? PROVISIONAL_UNSTATED
                          : from == ANYTHING ? PROVISIONAL_PERMITTED
                                             : PROVISIONAL_REFUSED;
}

/* ---- the second reading ----------------------------------------------------------------------------------------- */

static void require_row(const struct verdict *v, enum check_id id, enum from from, bool holds)
{
    enum outcome want = from == UNSTATED ? NOT_RUN : from == ANYTHING ? DOES_NOT_APPLY : holds ? PASSED : FAILED;
    require(v->by_id[id].outcome == want);
}

static void check_lists(const struct input *in, const struct verdict *v)
{
    for (size_t i = 0; i < LISTS; i++) {
        bytes own = bytes_slice(in->report, lists[i].at, lists[i].len),
              given = bytes_slice(in->values, 0, lists[i].len);
        enum from from = in->from[i];
        bool equal = from == REPORTS_OWN || from == OWN_BEHIND_GIVEN || (from == GIVEN && bytes_eq(own, given));
        bool needs_value = i == LIST_ID_KEY || i == LIST_AUTHOR_KEY || i == LIST_CHIP;
        if (needs_value && bytes_are_zero(own)) equal = false;
        if (i == LIST_AUTHOR_KEY && !(in->report.ptr[0x48] & 1)) equal = false;
        require_row(v, lists[i].id, from, equal);
    }
}

static void check_numbers(const struct input *in, const struct verdict *v)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        uint64_t have = number_at(in->report, numbers[i].at, numbers[i].len);
        uint64_t want = number_of(in, LISTS + i, numbers[i].at, numbers[i].len);
        bool holds = i == NUMBER_SVN ? have >= want : i == NUMBER_VMPL ? have == want : (have & want) == want;
        require_row(v, numbers[i].id, in->from[LISTS + i], holds);
    }
}

static bool any_failed(const struct verdict *v, enum check_id first, enum check_id last)
{
    for (int id = (int)first; id <= (int)last; id++)
        if (v->by_id[id].outcome == FAILED) return true;
    return false;
}

/* The bits that weaken and those that protect, by the tables of the specification. */
static void check_bits(const struct input *in, const struct verdict *v)
{
    const uint64_t weak_policy = 0x2d0000, strong_policy = 0x3d00000, weak_platform = 0x83, strong_platform = 0x7c;
    uint64_t have = number_at(in->report, 8, 8), want = number_of(in, IS_POLICY, 8, 8);
    bool wrong = (have & weak_policy & ~(want & ~0x80000ULL)) || (want & strong_policy & ~have) ||
                 (have & 0xffff) < (want & 0xffff);
    if (mode_of(in->from[IS_POLICY]) == EXPECT_VALUE)
        require(any_failed(v, CHECK_POLICY_ABI, CHECK_POLICY_PAGE_SWAP_DISABLE) == wrong);
    require((v->by_id[CHECK_POLICY_DEBUG].outcome == FAILED) == ((have & 0x80000) != 0));
    have = number_at(in->report, 0x40, 8);
    want = number_of(in, IS_PLATFORM, 0x40, 8);
    wrong = (have & weak_platform & ~want) || (want & strong_platform & ~have) || have >> 8 != 0;
    if (mode_of(in->from[IS_PLATFORM]) == EXPECT_VALUE)
        require(any_failed(v, CHECK_PLATFORM_SMT_EN, CHECK_PLATFORM_RESERVED) == wrong);
}

/* Every byte of one little-endian word is at least the one of the other. */
static bool each_byte_at_least(uint64_t have, uint64_t least)
{
    for (unsigned i = 0; i < 64; i += 8)
        if ((have >> i & 0xff) < (least >> i & 0xff)) return false;
    return true;
}

static void check_tcbs(const struct input *in, const struct evidence *e, const struct verdict *v)
{
    bytes r = in->report;
    uint64_t current = number_at(r, 0x38, 8), reported = number_at(r, 0x180, 8), committed = number_at(r, 0x1e0, 8);
    uint64_t launch = number_at(r, 0x1f0, 8);
    uint64_t current_version = number_at(r, 0x1e8, 3), committed_version = number_at(r, 0x1ec, 3);
    require_row(v, CHECK_FIRMWARE_COMMITTED, GIVEN, committed_version <= current_version);
    require_row(v, CHECK_FIRMWARE_MINIMUM, in->from[IS_FIRMWARE],
                current_version >= number_of(in, IS_FIRMWARE, 0x1e8, 3) % (1 << 24));
    if (!e->has_tcbs) return;
    require_row(v, CHECK_TCB_COMMITTED, GIVEN, each_byte_at_least(current, committed));
    require_row(v, CHECK_TCB_REPORTED, GIVEN, each_byte_at_least(current, reported));
    const struct snp_tcb *least = &in->reference.minimum_tcb.least, *launched = &in->reference.minimum_launch_tcb.least;
    require_row(v, CHECK_TCB_MINIMUM, in->from[IS_TCB],
                least->product == e->product && each_byte_at_least(reported, snp_tcb_join(least)));
    require_row(v, CHECK_TCB_LAUNCH_MINIMUM, in->from[IS_LAUNCH_TCB],
                launched->product == e->product && each_byte_at_least(launch, snp_tcb_join(launched)));
    require_row(v, CHECK_TCB_PROVISIONAL, in->from[IS_PROVISIONAL],
                current == committed && current_version == committed_version);
    require_row(v, CHECK_REFERENCE_PRODUCT, in->from[IS_PRODUCT], in->reference.product.product == e->product);
}

/* ---- the target ------------------------------------------------------------------------------------------------- */

/* The rows of the first two steps as evidence_read left them; what has to do with signatures counts as passed. */
static void take_as_authentic(const struct verdict *read, struct verdict *v)
{
    for (int id = 0; id < (int)CHECK_TCB_COMMITTED; id++) {
        enum outcome o = read->by_id[id].outcome;
        bool of_leaf = id >= (int)CHECK_LEAF_PRESENT && id <= (int)CHECK_LEAF_HWID;
        v->by_id[id].outcome = o == NOT_RUN || of_leaf ? PASSED : o;
    }
}

static bool run(struct input *in, struct evidence *e, struct verdict *v)
{
    static struct verdict read;
    read = (struct verdict){0};
    *v = (struct verdict){0};
    evidence_read(&(struct evidence_input){.report = in->report}, e, &read);
    if (!e->has_report) return false;
    take_as_authentic(&read, v);
    make_lists(in);
    make_numbers(in);
    make_rest(in, e->product);
    evidence_judge(e, &in->reference, v);
    return true;
}

/* What equals its expectation does so in every bit. */
static void flip_one(const struct input *in)
{
    uint8_t report[SNP_REPORT_BYTES];
    static struct evidence e;
    static struct verdict v;
    struct input changed = *in;
    size_t i = in->values.ptr[1] % LISTS;
    if (in->from[i] != REPORTS_OWN) return;
    memcpy(report, in->report.ptr, sizeof report);
    report[lists[i].at + in->values.ptr[2] % lists[i].len] ^= (uint8_t)(1 << in->values.ptr[3] % 8);
    changed.report = BYTES(report, sizeof report);
    changed.reference = in->reference;
    evidence_read(&(struct evidence_input){.report = changed.report}, &e, &v);
    v = (struct verdict){0};
    evidence_judge(&e, &in->reference, &v);
    require(v.by_id[lists[i].id].outcome == FAILED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct evidence e;
    static struct verdict v;
    struct input in = {.report = BYTES_ABSENT};
    if (size < MODES + VALUES_BYTES) return 0;
    for (size_t i = 0; i < MODES; i++)
        in.from[i] = (enum from)(data[i] % FROM_COUNT);
    in.values = BYTES(data + MODES, VALUES_BYTES);
    in.report = BYTES(data + MODES + VALUES_BYTES, size - MODES - VALUES_BYTES);
    if (!run(&in, &e, &v)) return 0;

    check_lists(&in, &v);
    check_numbers(&in, &v);
    check_bits(&in, &v);
    check_tcbs(&in, &e, &v);
    bool allowed = verdict_decide(&v) == ALLOW;
    require(allowed == (verdict_exit_code(&v) == 0));
    for (size_t i = 0; i < MODES; i++)
        if (in.from[i] == UNSTATED) require(!allowed);
    if (allowed) flip_one(&in);

    static struct verdict unasked;
    const struct reference nothing = {0};
    unasked = (struct verdict){0};
    take_as_authentic(&unasked, &unasked);
    evidence_judge(&e, &nothing, &unasked);
    require(verdict_decide(&unasked) == DENY);
    return 0;
}
