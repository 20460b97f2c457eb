/* SPDX-License-Identifier: Apache-2.0 */
/* What a Coordinator says of itself, against a manifest.  Hashes of policies are those of sha256sum, the certificates
 * are those of tests/deployment.py, bindings and transitions are the vectors of the protocol (key derivation). */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/text.h"
#include "tests/coordinator_cas.h"
#include "tests/fault.h"
#include "tests/judged.h"
#include "tests/simulated.h"
#include "verify/deployment.h"
#include "verify/transition.h"

enum { NOW = 1782864000 }; /* 2026-07-01 */

/* ---- manifests -------------------------------------------------------------------------------------------------- */

/* In the order of their SHA-256. */
#define TEXT_FIRST  "the policy of a coordinator"
#define TEXT_SECOND "the policy of another coordinator"
#define TEXT_WEB    "the policy of a workload"
#define TEXT_OLD    "a policy of long ago"
#define HASH_FIRST  "0206039109341f948132929da2b4bd54854489c8e69ede2cfe4fd775f692be5d"
#define HASH_SECOND "9ac369da294f7e4ee5ec46960df6e7f59ee732faa975e0e88c0e1b7024fd53df"
#define HASH_WEB    "f3102f502a9122e31b1c41b4a5198a59b07ec8a67c62312f18eb8992bbe82416"
#define HASH_OLD    "f3c270e41278ae994dfd45b08a2ed10e6de46703a055ef5244cab033d63594ae"

#define POLICY(hash)      "\"" hash "\":{\"SANs\":[\"x\"]}"
#define COORDINATOR(hash) "\"" hash "\":{\"SANs\":[\"x\"],\"Role\":\"coordinator\"}"
#define TCB               "{\"BootloaderVersion\":3,\"TEEVersion\":0,\"SNPVersion\":8,\"MicrocodeVersion\":115}"
#define ENTRY(product, measurement, more)                                                                              \
    "{\"ProductName\":\"" product "\",\"TrustedMeasurement\":\"" measurement "\",\"MinimumTCB\":" TCB                  \
    ",\"GuestPolicy\":{\"SMT\":true}" more "}"
#define MANIFEST(policies, entries, more)                                                                              \
    "{\"Policies\":{" policies "},\"ReferenceValues\":{\"snp\":[" entries "]}" more "}"

/* SHA-384 of "a launch", and of the ID key that follows from it (tests/deployment.py, id_key_digest). */
#define LAUNCH "fb161be4d8915fd71ca0ff2cf74d6eaa90c1b5b1c379c70b2932fc6c7c77dd5a979ad881c516877c89fef8fc2d35da65"
#define KEY    "5dd247002456b21a29ece8bb0bad1c9dcb05b8a1312b8181751aad9fe953956385349ea2c7299a558cfd32837ee9a8bd"
#define OTHER  "ababababababababababababababababababababababababababababababababababababababababababababababab00"

#define GOOD        ENTRY("Milan", LAUNCH, "")
#define OLD_ONE     MANIFEST(COORDINATOR(HASH_FIRST) "," POLICY(HASH_OLD), GOOD, "")
#define ACTIVE      MANIFEST(COORDINATOR(HASH_FIRST) "," POLICY(HASH_WEB), GOOD, "")
#define WITH(entry) MANIFEST(COORDINATOR(HASH_FIRST) "," POLICY(HASH_WEB), entry, "")

/* Four that differ. */
#define STEP(n) MANIFEST(COORDINATOR(HASH_FIRST) "," POLICY(HASH_WEB), GOOD, ",\"MinimumAPIVersion\":\"v" n "\"")

/* ---- a deployment ----------------------------------------------------------------------------------------------- */

enum { MANIFESTS = 8, POLICIES = 8 };

static struct {
    struct bundle b;
    bytes manifests[MANIFESTS], policies[POLICIES];
    struct deployment_expectation want;
    struct deployment_work work;
    struct deployment_policy policy_memory[POLICIES];
    uint8_t transitions[MANIFESTS][SHA256_BYTES];
    struct manifest_room rooms[2];
    uint8_t text[2][LIMIT_MANIFEST_BYTES];
    struct verdict v;
} d;

static void lend(void)
{
    d.work = (struct deployment_work){0};
    d.work.expected_storage = manifest_storage_of(&d.rooms[0], d.text[0], sizeof d.text[0]);
    d.work.history_storage = manifest_storage_of(&d.rooms[1], d.text[1], sizeof d.text[1]);
    d.work.policies = d.policy_memory;
    d.work.transitions = d.transitions;
}

static void set_manifests(const char *const *texts, size_t count)
{
    cr_assert_leq(count, (size_t)MANIFESTS);
    for (size_t i = 0; i < count; i++)
        d.manifests[i] = text_bytes(texts[i]);
    d.b.manifest_count = count;
    if (count > 0) d.want.manifest = d.manifests[count - 1];
}

static void set_policies(const char *const *texts, size_t count)
{
    cr_assert_leq(count, (size_t)POLICIES);
    for (size_t i = 0; i < count; i++)
        d.policies[i] = text_bytes(texts[i]);
    d.b.policy_count = count;
}

/* Two manifests, three policies, nonce 00 01 .. 1f. */
static void set_up(void)
{
    struct err err = {0};
    cr_assert(is_ok(crypto_open(&err)), "%s", err.text);
    memset(&d.b, 0, sizeof d.b);
    memset(&d.want, 0, sizeof d.want);
    d.b.binding = BUNDLE_ATTEST;
    for (uint8_t i = 0; i < sizeof d.b.nonce; i++)
        d.b.nonce[i] = i;
    d.b.root_ca = BYTES_LIT(ROOT_PEM);
    d.b.mesh_ca = BYTES_LIT(MESH_PEM);
    d.b.manifests = d.manifests;
    d.b.policies = d.policies;
    set_manifests((const char *const[]){OLD_ONE, ACTIVE}, 2);
    set_policies((const char *const[]){TEXT_FIRST, TEXT_WEB, TEXT_OLD}, 3);
}

/* The deployment with this manifest alone. */
static void set_up_with(const char *manifest)
{
    set_up();
    set_manifests(&manifest, 1);
    set_policies((const char *const[]){TEXT_FIRST, TEXT_WEB}, 2);
}

/* With the crypto library's `failing`-th call made to fail; 0: none.  Returns whether it came. */
static bool check_with(unsigned failing)
{
    lend();
    d.v = (struct verdict){0};
    fault_arm(failing);
    deployment_check(&d.b, &d.want, NOW, &d.work, &d.v);
    bool came = fault_came();
    fault_arm(0);
    return came;
}

static void check(void)
{
    (void)check_with(0);
}

static enum outcome outcome(enum check_id id)
{
    return d.v.by_id[id].outcome;
}

static const enum check_id own_rows[] = {
    CHECK_NONCE,
    CHECK_API_VERSION,
    CHECK_MANIFEST_EXPECTED,
    CHECK_MANIFEST_ACTIVE,
    CHECK_MANIFEST_PLATFORM,
    CHECK_HISTORY_MANIFESTS,
    CHECK_HISTORY_LATEST,
    CHECK_HISTORY_EXPECTED,
    CHECK_POLICY_PRESENT,
    CHECK_POLICY_NAMED,
    CHECK_ROOT_CA_CERTIFICATE,
    CHECK_ROOT_CA_PROFILE,
    CHECK_ROOT_CA_SIGNATURE,
    CHECK_ROOT_CA_VALIDITY,
    CHECK_ROOT_CA_EXPECTED,
    CHECK_MESH_CA_CERTIFICATE,
    CHECK_MESH_CA_PROFILE,
    CHECK_MESH_CA_SIGNATURE,
    CHECK_MESH_CA_VALIDITY,
};
enum { OWN_ROWS = sizeof own_rows / sizeof own_rows[0] };

/* Names of the own rows with this outcome, each with a space behind it. */
static const char *names_of(enum outcome want)
{
    static char text[1024];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < OWN_ROWS; i++)
        if (outcome(own_rows[i]) == want)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s ", check_rows[own_rows[i]].name);
    return text;
}

static void expect_rows(const char *failed, const char *not_run, const char *what)
{
    cr_expect_str_eq(names_of(FAILED), failed, "%s: failed %s", what, names_of(FAILED));
    cr_expect_str_eq(names_of(NOT_RUN), not_run, "%s: not run %s", what, names_of(NOT_RUN));
}

static void expect_hex(bytes have, const char *want, const char *what)
{
    char text[HEX_TEXT_SIZE(REPORT_DATA_BYTES)];
    cr_assert(is_ok(hex_write(have, text, sizeof text, NULL)));
    cr_expect_str_eq(text, want, "%s: %s", what, text);
}

/* ---- nonce and binding ------------------------------------------------------------------------------------------ */

Test(deployment, the_nonce_is_the_given_one)
{
    set_up();
    uint8_t nonce[33] = {0};
    check();
    cr_expect_eq(outcome(CHECK_NONCE), DOES_NOT_APPLY, "the bundle's is taken at its word");

    memcpy(nonce, d.b.nonce, sizeof d.b.nonce);
    d.want.nonce = BYTES(nonce, 32);
    check();
    cr_expect_eq(outcome(CHECK_NONCE), PASSED);
    cr_expect_str_eq(d.v.by_id[CHECK_NONCE].source, "--nonce");

    for (size_t len = 0; len <= sizeof nonce; len++) {
        d.want.nonce = BYTES(nonce, len);
        check();
        cr_expect_eq(outcome(CHECK_NONCE), len == 32 ? PASSED : FAILED, "%zu bytes", len);
    }
    d.want.nonce = BYTES(nonce, 32);
    for (size_t bit = 0; bit < 256; bit++) {
        nonce[bit / 8] ^= (uint8_t)(1 << bit % 8);
        check();
        cr_expect_eq(outcome(CHECK_NONCE), FAILED, "bit %zu", bit);
        nonce[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* The vectors' own manifests and CAs, which are none. */
static void set_up_vector(enum bundle_binding binding)
{
    set_up();
    set_manifests((const char *const[]){"{\"example\":0}", "{\"example\":1}"}, 2);
    d.b.binding = binding;
    d.b.root_ca = BYTES_LIT("ROOT\n");
    d.b.mesh_ca = BYTES_LIT("MESH\n");
    d.b.capabilities = BYTES_ABSENT;
    d.b.tls_key = BYTES_ABSENT;
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

Test(deployment, report_data_of_the_answer_to_attest)
{
    set_up_vector(BUNDLE_ATTEST);
    check();
    cr_expect(d.work.has_report_data);
    expect_hex(BYTES_OF(d.work.report_data), "3099f970ad8498e03ec7a9301aee126105e5000848f9a9fc8d5fa5b0fed08782" ZEROS,
               "legacy");
    expect_hex(BYTES_OF(d.transitions[0]), "a205b41de466816622fb9d755532e29b7f3d30397504d7609f8140397aff02ac", "T0");
    expect_hex(BYTES_OF(d.transitions[1]), "0f95ca156fcdc865a4f0fde62ca9d3e017963696e2b768a9f1da79aac4c180e2", "T1");
}

Test(deployment, report_data_of_the_answer_to_v1_attest)
{
    set_up_vector(BUNDLE_ATTEST_V1);
    d.b.capabilities = BYTES_LIT("{\"api_versions\":[\"v1\"]}\n");
    check();
    cr_expect(d.work.has_report_data);
    expect_hex(BYTES_OF(d.work.report_data), "99955361942822f44796247b27e5e1e97ff09a29d9057ed24925dd1942b9023d" ZEROS,
               "v1");
}

/* Whatever REPORT_DATA says: it says nothing of history and CA certificates. */
Test(deployment, evidence_of_a_connection_is_denied)
{
    set_up_vector(BUNDLE_ATLS);
    d.b.tls_key = BYTES_LIT("key");
    check();
    cr_expect_not(d.work.has_report_data);
    cr_expect_eq(outcome(CHECK_REPORT_DATA), FAILED);
}

/* The protocol's vector: nonce 00..1f and the P-256 key with d = 1, whose point is the curve's generator (SEC
 * 2, 2.4.2).
 */
static const uint8_t generator_spki[] = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6,
    0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98,
    0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b,
    0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

Test(deployment, a_connection_that_is_open_binds_what_came_over_it)
{
    static const char want[] = "381366df17eb25fccd6cbc8037f064cd7ad6b9192e62ba0481142cd0cc85c6e8"
                               "c7a7ad2d982be6877442ba5ed786e55990bfe26792c490a1dc40a9b0722ac135";
    set_up_vector(BUNDLE_ATLS);
    d.b.tls_key = BYTES_LIT("another key, which the bundle speaks of");
    d.want.nonce = BYTES_OF(d.b.nonce);
    d.want.connection_key = BYTES_OF(generator_spki);
    check();
    cr_expect(d.work.has_report_data);
    cr_expect_neq(outcome(CHECK_REPORT_DATA), FAILED);
    expect_hex(BYTES_OF(d.work.report_data), want, "connection");

    lend();
    d.v = (struct verdict){0};
    deployment_check_connection(&d.want, &d.work, &d.v);
    cr_expect(d.work.has_report_data);
    expect_hex(BYTES_OF(d.work.report_data), want, "connection alone");

    /* The bundle's nonce is nobody's word. */
    for (size_t len = 0; len <= 33; len++) {
        static uint8_t nonce[33];
        if (len == 32) continue;
        d.want.nonce = len == 0 ? BYTES_ABSENT : BYTES(nonce, len);
        check();
        cr_expect_not(d.work.has_report_data, "%zu bytes", len);
        lend();
        deployment_check_connection(&d.want, &d.work, &d.v);
        cr_expect_not(d.work.has_report_data, "%zu bytes", len);
    }
}

/* A key of a connection does not stand in for what the answer to /attest binds. */
Test(deployment, a_connection_binds_nothing_that_came_elsewhere)
{
    set_up_vector(BUNDLE_ATTEST);
    d.want.connection_key = BYTES_OF(generator_spki);
    check();
    expect_hex(BYTES_OF(d.work.report_data), "3099f970ad8498e03ec7a9301aee126105e5000848f9a9fc8d5fa5b0fed08782" ZEROS,
               "legacy");
}

Test(deployment, without_what_is_bound_there_is_no_report_data)
{
    static const enum bundle_binding bindings[] = {(enum bundle_binding)0, BUNDLE_ATTEST_V1, BUNDLE_ATLS,
                                                   (enum bundle_binding)4};
    for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++) {
        set_up_vector(bindings[i]);
        check();
        cr_expect_not(d.work.has_report_data, "%zu", i);
    }
    set_up_vector(BUNDLE_ATTEST);
    d.b.manifest_count = 0;
    check();
    cr_expect_not(d.work.has_report_data);
}

Test(deployment, the_api_version_that_the_manifest_demands)
{
    static const struct {
        const char *version;
        enum bundle_binding binding;
        enum outcome want;
    } rows[] = {
        {"", BUNDLE_ATTEST, DOES_NOT_APPLY},
        {",\"MinimumAPIVersion\":\"v1\"", BUNDLE_ATTEST, FAILED},
        {",\"MinimumAPIVersion\":\"v1\"", BUNDLE_ATTEST_V1, PASSED},
        {",\"MinimumAPIVersion\":\"v2\"", BUNDLE_ATTEST_V1, FAILED},
        {",\"MinimumAPIVersion\":\"v1\"", BUNDLE_ATLS, FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char manifest[2048];
        (void)snprintf(manifest, sizeof manifest, MANIFEST(COORDINATOR(HASH_FIRST) "," POLICY(HASH_WEB), GOOD, "%s"),
                       rows[i].version);
        set_up_with(manifest);
        d.b.binding = rows[i].binding;
        d.b.capabilities = BYTES_LIT("{}");
        d.b.tls_key = BYTES_LIT("key");
        check();
        cr_expect_eq(outcome(CHECK_API_VERSION), rows[i].want, "row %zu", i);
    }
}

/* ---- manifests -------------------------------------------------------------------------------------------------- */

Test(deployment, the_active_manifest_is_the_given_one_to_the_byte)
{
    static const char with_space[] = ACTIVE "\n";
    set_up();
    d.want.manifest = BYTES_LIT(with_space);
    check();
    expect_rows("manifest.active ", "", "one more line end");
    cr_expect(strstr(d.v.by_id[CHECK_MANIFEST_ACTIVE].note, "white space") != NULL);
    d.want.manifest = BYTES_LIT(OLD_ONE);
    check();
    expect_rows("manifest.active ", "", "an earlier one");
    static uint8_t copy[] = ACTIVE;
    for (size_t bit = 0; bit < 8 * (sizeof copy - 1); bit += 7) {
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        d.want.manifest = BYTES(copy, sizeof copy - 1);
        check();
        cr_expect_eq(outcome(CHECK_MANIFEST_ACTIVE), FAILED, "bit %zu", bit);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

Test(deployment, an_invalid_manifest_is_refused_wherever_it_stands)
{
    set_up();
    d.want.manifest = BYTES_LIT("null");
    check();
    expect_rows("manifest.expected manifest.active ", "api-version manifest.platform ", "given");
    cr_expect_not(d.work.has_manifest);
    set_up();
    d.manifests[0] = BYTES_LIT("{\"Policies\":{}}");
    check();
    expect_rows("history.manifests ", "policy.present policy.named ", "the first of the history");
    cr_expect(strncmp(d.v.by_id[CHECK_HISTORY_MANIFESTS].note, "manifest 0 of the history: ", 27) == 0);
    set_up();
    d.want.manifest = BYTES_LIT(ACTIVE);
    d.manifests[1] = BYTES_LIT("null");
    check();
    expect_rows("manifest.active history.manifests ", "policy.present policy.named ", "the active one");
    cr_expect_str_eq(d.v.by_id[CHECK_MANIFEST_ACTIVE].note, "");
    set_up();
    d.b.manifest_count = 0;
    check();
    expect_rows("history.manifests policy.named ", "manifest.active history.latest history.expected ", "none");
}

#define REGISTER OTHER
#define TDX                                                                                                            \
    "{\"MrTd\":\"" OTHER "\",\"MrSeam\":\"" OTHER "\",\"Xfam\":\"e702060000000000\",\"Rtmrs\":[\"" REGISTER            \
    "\",\"" REGISTER "\",\"" REGISTER "\",\"" REGISTER "\"]}"

Test(deployment, a_manifest_for_other_hardware_alone_judges_no_report)
{
    static const char manifest[] =
        "{\"Policies\":{" COORDINATOR(HASH_FIRST) "," POLICY(HASH_WEB) "},\"ReferenceValues\":{\"tdx\":[" TDX "]}}";
    set_up_with(manifest);
    check();
    expect_rows("manifest.platform ", "", "TDX");
    static struct evidence e;
    e.has_report = true;
    deployment_judge(&e, &d.work, &d.v);
    cr_expect_eq(outcome(CHECK_MEASUREMENT), NOT_RUN);
    cr_expect_eq(outcome(CHECK_REPORT_DATA), NOT_RUN);
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

Test(deployment, policies_are_those_that_the_manifests_name)
{
    set_up();
    check();
    expect_rows("", "", "each");
    set_policies((const char *const[]){TEXT_FIRST, TEXT_WEB}, 2);
    check();
    expect_rows("policy.present ", "", "an old one is missing");
    cr_expect(strstr(d.v.by_id[CHECK_POLICY_PRESENT].note,
                     "manifest 0 of the history: policy f3c270e41278ae994dfd45b08a2ed10e..") != NULL,
              "%s", d.v.by_id[CHECK_POLICY_PRESENT].note);
    set_policies((const char *const[]){TEXT_FIRST, TEXT_SECOND, TEXT_WEB, TEXT_OLD}, 4);
    check();
    expect_rows("policy.named ", "", "one more");
    cr_expect(strstr(d.v.by_id[CHECK_POLICY_NAMED].note, "policy 9ac369da294f7e4ee5ec46960df6e7f5..") != NULL);
    set_policies((const char *const[]){TEXT_SECOND, TEXT_WEB, TEXT_OLD}, 3);
    check();
    expect_rows("policy.present policy.named ", "", "another one");
    set_policies(NULL, 0);
    check();
    expect_rows("policy.present ", "", "none");
}

/* A caller's mistake is no pass. */
/* An initdata document says how it is digested, and only SHA-256 gives what a manifest names; Rego is not read. */
Test(deployment, initdata_documents_are_well_formed)
{
    static const struct {
        const char *text;
        enum outcome want;
    } rows[] = {
        {"version = \"0.1.0\"\nalgorithm = \"sha256\"\n\n[data]\n", PASSED},
        {"version = \"0.1.0\"\nalgorithm = \"sha384\"\n\n[data]\n", FAILED},
        {"version = \"0.1.0\"\nalgorithm = \"sha256\"\n\n[data\n", FAILED},
        {"package agent_policy\n", PASSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_up();
        set_policies((const char *const[]){rows[i].text}, 1);
        check();
        cr_expect_eq(outcome(CHECK_POLICY_FORM), rows[i].want, "%zu: %s", i, d.v.by_id[CHECK_POLICY_FORM].note);
    }
}

Test(deployment, policies_in_another_order_are_a_bug)
{
    set_up();
    set_policies((const char *const[]){TEXT_FIRST, TEXT_OLD, TEXT_WEB}, 3);
    check();
    expect_rows("policy.named ", "history.manifests policy.present ", "not sorted");
    set_policies((const char *const[]){TEXT_FIRST, TEXT_WEB, TEXT_WEB, TEXT_OLD}, 4);
    check();
    expect_rows("policy.named ", "history.manifests policy.present ", "one twice");
}

/* ---- history ---------------------------------------------------------------------------------------------------- */

/* A record of the hash and a signature of two small numbers. */
static bytes record_of(const uint8_t *hash)
{
    static uint8_t record[SHA256_BYTES + 8];
    memcpy(record, hash, SHA256_BYTES);
    memcpy(record + SHA256_BYTES, "\x30\x06\x02\x01\x01\x02\x01\x01", 8);
    return BYTES_OF(record);
}

Test(deployment, the_record_of_the_latest_transition)
{
    set_up();
    check();
    cr_expect_eq(outcome(CHECK_HISTORY_LATEST), DOES_NOT_APPLY);

    d.b.latest_transition = record_of(d.transitions[1]);
    check();
    cr_expect_eq(outcome(CHECK_HISTORY_LATEST), PASSED);
    d.b.latest_transition = record_of(d.transitions[0]);
    check();
    expect_rows("history.latest ", "", "of the transition before");
    d.b.latest_transition = record_of(transition_none);
    check();
    expect_rows("history.latest ", "", "of none");

    bytes good = record_of(d.transitions[1]);
    for (size_t n = 0; n < good.len; n++) {
        d.b.latest_transition = BYTES(good.ptr, n);
        check();
        cr_expect_eq(outcome(CHECK_HISTORY_LATEST), FAILED, "%zu bytes", n);
    }
}

/* The history has the transitions a b c d; x and y are in none. */
Test(deployment, the_expected_history_is_part_of_it_without_a_gap)
{
    static const struct {
        const char *expected;
        enum outcome want;
        char missing; /* the one that is told */
    } rows[] = {
        {"", DOES_NOT_APPLY, 0}, {"a", PASSED, 'a'},     {"d", PASSED, 'd'},    {"ab", PASSED, 'a'},
        {"bc", PASSED, 'b'},     {"cd", PASSED, 'c'},    {"abcd", PASSED, 'a'}, {"x", FAILED, 'x'},
        {"ac", FAILED, 'c'},     {"ba", FAILED, 'a'},    {"aa", FAILED, 'a'},   {"xa", FAILED, 'x'},
        {"ax", FAILED, 'x'},     {"dx", FAILED, 'x'},    {"dcba", FAILED, 'c'}, {"abd", FAILED, 'd'},
        {"abcdx", FAILED, 'x'},  {"xabcd", FAILED, 'x'}, {"xy", FAILED, 'x'},   {"abxd", FAILED, 'x'},
    };
    static uint8_t known[6][SHA256_BYTES], expected[8][SHA256_BYTES];
    static const char letters[] = "abcdxy";
    set_up();
    set_manifests((const char *const[]){STEP("1"), STEP("2"), STEP("3"), STEP("4")}, 4);
    set_policies((const char *const[]){TEXT_FIRST, TEXT_WEB}, 2);
    check();
    memcpy(known, d.transitions, 4 * SHA256_BYTES);
    memset(known[4], 0x44, SHA256_BYTES);
    memset(known[5], 0x55, SHA256_BYTES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t n = strlen(rows[i].expected);
        for (size_t k = 0; k < n; k++)
            memcpy(expected[k], known[strchr(letters, rows[i].expected[k]) - letters], SHA256_BYTES);
        d.want.history = expected;
        d.want.history_count = n;
        check();
        const struct check *c = &d.v.by_id[CHECK_HISTORY_EXPECTED];
        cr_expect_eq(c->outcome, rows[i].want, "\"%s\"", rows[i].expected);
        if (n == 0) continue;
        cr_expect(bytes_eq(c->want.as.b, BYTES_OF(known[strchr(letters, rows[i].missing) - letters])), "\"%s\"",
                  rows[i].expected);
        cr_expect_eq(c->note[0] != '\0', c->outcome == FAILED, "\"%s\"", rows[i].expected);
    }
}

/* ---- certificates ----------------------------------------------------------------------------------------------- */

Test(deployment, the_cas_have_keys_of_their_own)
{
    set_up();
    d.b.mesh_ca = BYTES_LIT(MESH_ROOT_KEY_PEM);
    check();
    expect_rows("mesh-ca.profile ", "", "the root's key");
    d.b.root_ca = BYTES_ABSENT;
    check();
    expect_rows("root-ca.certificate ", "root-ca.profile root-ca.signature root-ca.validity ", "no root");
    d.b.mesh_ca = BYTES_ABSENT;
    check();
    expect_rows("root-ca.certificate mesh-ca.certificate ",
                "root-ca.profile root-ca.signature root-ca.validity mesh-ca.profile mesh-ca.signature "
                "mesh-ca.validity ",
                "none");
}

Test(deployment, the_root_is_known_by_its_key)
{
    static struct coordinator_ca known;
    struct err err = {0};
    set_up();
    cr_assert(is_ok(coordinator_ca_parse(BYTES_LIT(ROOT_PEM), COORDINATOR_ROOT_CA, &known, &err)), "%s", err.text);
    uint8_t point[P384_POINT_BYTES];
    memcpy(point, known.point.ptr, sizeof point);
    d.want.root_ca_point = BYTES_OF(point);
    check();
    cr_expect_eq(outcome(CHECK_ROOT_CA_EXPECTED), PASSED);
    point[96] ^= 1;
    check();
    expect_rows("root-ca.expected ", "", "another key");
    d.b.root_ca = BYTES_LIT("");
    check();
    expect_rows("root-ca.certificate ", "root-ca.profile root-ca.signature root-ca.validity root-ca.expected ",
                "an unknown key");
}

/* ---- the kind of evidence --------------------------------------------------------------------------------------- */

Test(deployment, the_kind_of_evidence)
{
    static const struct {
        uint32_t type[8];
        size_t count;
        enum outcome want;
        const char *note;
    } rows[] = {
        {{1, 3, 9901, 2, 1}, 5, PASSED, ""},
        {{1, 3, 9901, 2, 2}, 5, FAILED, "TDX"},
        {{1, 3, 9901, 2, 3}, 5, FAILED, "insecure"},
        {{1, 3, 9901, 2, 99}, 5, FAILED, "insecure"},
        {{1, 3, 9901, 2, 4}, 5, FAILED, "not known"},
        {{1, 3, 9901, 3, 1}, 5, FAILED, "not known"},
        {{2, 3, 9901, 2, 1}, 5, FAILED, "not known"},
        {{1, 3, 9901, 2}, 4, FAILED, "not known"},
        {{1, 3, 9901, 2, 1, 0}, 6, FAILED, "not known"},
        {{0}, 0, FAILED, "not known"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict v = {0};
        deployment_check_type(rows[i].type, rows[i].count, &v);
        const struct check *c = &v.by_id[CHECK_ATTEST_TYPE];
        cr_expect_eq(c->outcome, rows[i].want, "row %zu", i);
        cr_expect(strstr(c->note, rows[i].note) != NULL, "row %zu: %s", i, c->note);
    }
}

/* ---- faults ----------------------------------------------------------------------------------------------------- */

/* Whatever call of the library fails, something is missing in the verdict that without the fault is there. */
static void fail_at_each_call(unsigned calls, const char *what)
{
    unsigned nth = 1;
    cr_assert_not(check_with(0));
    expect_rows("", "", what);
    cr_assert(d.work.has_report_data, "%s", what);
    for (; check_with(nth); nth++) {
        bool denies = names_of(FAILED)[0] != '\0' || names_of(NOT_RUN)[0] != '\0' || !d.work.has_report_data;
        cr_expect(denies, "%s, call %u", what, nth);
    }
    cr_expect_eq(nth - 1, calls, "%s: %u calls", what, nth - 1);
}

Test(deployment, a_failing_library_denies)
{
    /* 2 for the active manifest, 3 policies, 3 for each CA, 2 for each transition, and the binding */
    set_up();
    fail_at_each_call(2 + 3 + 6 + 4 + 3, "attest");
    d.b.binding = BUNDLE_ATTEST_V1;
    d.b.capabilities = BYTES_LIT("{}");
    fail_at_each_call(2 + 3 + 6 + 4 + 4, "attest-v1");
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

static const char *hex_of(bytes b)
{
    static char text[HEX_TEXT_SIZE(REPORT_DATA_BYTES)];
    cr_assert(is_ok(hex_write(b, text, sizeof text, NULL)));
    return text;
}

#define LAUNCHED "--report measurement=" LAUNCH " --report id_key_digest=" KEY
#define LINE                                                                                                           \
    "--product milan --report policy=0x30000 --report guest_svn=2 --report "                                           \
    "family_id=01000000000000000000000000000000 "                                                                      \
    "--report image_id=02000000000000000000000000000000 --report author_key_digest=00*48 "

/* A report of this deployment: what it binds, HOST_DATA `host_data`, and more options of the simulator. */
static void judge(const char *host_data, const char *more)
{
    static struct evidence e;
    static struct snp_ca cas[SIMULATED_CAS];
    char line[1800];
    check();
    (void)snprintf(line, sizeof line, LINE "--report report_data=%s --report host_data=%s %s",
                   hex_of(BYTES_OF(d.work.report_data)), host_data, more);
    const struct sim_evidence *made = simulated(0, line);
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      sim_file(made, SIM_FILE_CRL)};
    const struct authenticate_options options = {.cas = simulated_cas(cas), .now = NOW};
    for (int id = CHECK_EVIDENCE_ENVELOPE; id <= CHECK_EVIDENCE_RUNTIME_DATA; id++)
        verdict_does_not_apply(&d.v, (enum check_id)id, "a bare report");
    verdict_pass(&d.v, CHECK_ATTEST_ANSWER);
    verdict_pass(&d.v, CHECK_ATTEST_TYPE);
    verdict_does_not_apply(&d.v, CHECK_BUNDLE_FORMAT, "no bundle");
    verdict_does_not_apply(&d.v, CHECK_BUNDLE_DIGESTS, "no bundle");
    evidence_read(&in, &e, &d.v);
    evidence_authenticate(&e, &options, &d.v);
    deployment_judge(&e, &d.work, &d.v);
}

static void expect_verdict(const char *failed, const char *not_run, const char *what)
{
    cr_expect_str_eq(judged_failures(&d.v), failed, "%s: failed %s", what, judged_failures(&d.v));
    cr_expect_str_eq(judged_not_run(&d.v), not_run, "%s: not run %s", what, judged_not_run(&d.v));
    bool allowed = failed[0] == '\0' && not_run[0] == '\0';
    cr_expect_eq(verdict_decide(&d.v), allowed ? ALLOW : DENY, "%s", what);
}

Test(deployment, a_report_of_this_deployment_is_allowed)
{
    set_up();
    judge(HASH_FIRST, LAUNCHED);
    expect_verdict("", "", "all as expected");
    cr_expect_str_eq(d.v.by_id[CHECK_MEASUREMENT].source, "ReferenceValues.snp[0]");
    cr_expect_str_eq(d.v.by_id[CHECK_HOST_DATA].source, "Policies, role coordinator");
}

static void judge_connection(const char *host_data, const char *report_data)
{
    static struct evidence e;
    static struct snp_ca cas[SIMULATED_CAS];
    char line[1800];
    lend();
    d.v = (struct verdict){.subject = SUBJECT_REPORT};
    deployment_check_connection(&d.want, &d.work, &d.v);
    (void)snprintf(line, sizeof line, LINE "--report report_data=%s --report host_data=%s %s",
                   report_data ? report_data : hex_of(BYTES_OF(d.work.report_data)), host_data, LAUNCHED);
    const struct sim_evidence *made = simulated(0, line);
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      sim_file(made, SIM_FILE_CRL)};
    const struct authenticate_options options = {.cas = simulated_cas(cas), .now = NOW};
    for (int id = CHECK_EVIDENCE_ENVELOPE; id <= CHECK_EVIDENCE_RUNTIME_DATA; id++)
        verdict_does_not_apply(&d.v, (enum check_id)id, "a bare report");
    evidence_read(&in, &e, &d.v);
    evidence_authenticate(&e, &options, &d.v);
    deployment_judge(&e, &d.work, &d.v);
}

Test(deployment, a_connection_to_a_coordinator_of_the_manifest_is_allowed)
{
    set_up();
    d.want.nonce = BYTES_OF(d.b.nonce);
    d.want.connection_key = BYTES_OF(generator_spki);
    judge_connection(HASH_FIRST, NULL);
    cr_expect_eq(verdict_decide(&d.v), ALLOW, "%s", judged_failures(&d.v));
    judge_connection(HASH_WEB, NULL);
    cr_expect_str_eq(judged_failures(&d.v), "host-data ", "a workload is no Coordinator");
    judge_connection(HASH_FIRST, "3099f970ad8498e03ec7a9301aee126105e5000848f9a9fc8d5fa5b0fed08782" ZEROS);
    cr_expect_str_eq(judged_failures(&d.v), "report-data ", "the answer to /attest is no connection");

    d.want.manifest = BYTES_LIT("{}");
    judge_connection(HASH_FIRST, "00*64");
    cr_expect_eq(verdict_decide(&d.v), DENY, "no manifest, no Coordinator");
    set_up();
    d.want.nonce = BYTES_OF(d.b.nonce);
    judge_connection(HASH_FIRST, "00*64");
    cr_expect_eq(verdict_decide(&d.v), DENY, "no key");
    cr_expect_eq(outcome(CHECK_REPORT_DATA), NOT_RUN);
}

Test(deployment, what_could_not_be_bound_is_not_judged)
{
    set_up();
    d.b.binding = BUNDLE_ATTEST_V1;
    judge(HASH_FIRST, LAUNCHED);
    expect_verdict("", "report-data ", "no capabilities");
    set_up();
    d.b.binding = BUNDLE_ATLS;
    judge(HASH_FIRST, LAUNCHED);
    expect_verdict("report-data ", "", "attested TLS");
    set_up();
    d.want.manifest = BYTES_LIT("{}");
    judge(HASH_FIRST, LAUNCHED);
    cr_expect_eq(outcome(CHECK_HOST_DATA), NOT_RUN);
    cr_expect_eq(outcome(CHECK_MEASUREMENT), NOT_RUN);
    cr_expect_eq(verdict_decide(&d.v), DENY);
}

Test(deployment, host_data_is_a_policy_with_the_role)
{
    static const char two[] =
        MANIFEST(COORDINATOR(HASH_FIRST) "," POLICY(HASH_WEB) "," COORDINATOR(HASH_SECOND), GOOD, "");
    static const struct {
        const char *host_data, *failed;
    } rows[] = {
        {HASH_FIRST, ""}, {HASH_SECOND, ""}, {HASH_WEB, "host-data "}, {HASH_OLD, "host-data "}, {ZEROS, "host-data "}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_up_with(two);
        set_policies((const char *const[]){TEXT_FIRST, TEXT_SECOND, TEXT_WEB}, 3);
        judge(rows[i].host_data, LAUNCHED);
        expect_verdict(rows[i].failed, "", rows[i].host_data);
    }
}

Test(deployment, one_reference_value_that_is_met_is_enough)
{
    static const struct {
        const char *manifest, *failed, *source;
    } rows[] = {
        {WITH(ENTRY("Milan", OTHER, "") "," ENTRY("Genoa", LAUNCH, "") "," GOOD), "", "ReferenceValues.snp[2]"},
        {WITH(GOOD "," ENTRY("Milan", OTHER, "")), "", "ReferenceValues.snp[0]"},
        {WITH(GOOD "," GOOD), "", "ReferenceValues.snp[0]"},
        {WITH(ENTRY("Genoa", OTHER, "") "," ENTRY("Milan", OTHER, "") "," ENTRY("Genoa", LAUNCH, "")),
         "measurement id-block.id-key ", "ReferenceValues.snp[1]"},
        {WITH(ENTRY("Milan", OTHER, "") "," ENTRY("Milan", OTHER, "")), "measurement id-block.id-key ",
         "ReferenceValues.snp[0]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_up_with(rows[i].manifest);
        judge(HASH_FIRST, LAUNCHED);
        expect_verdict(rows[i].failed, "", rows[i].source);
        cr_expect_str_eq(d.v.by_id[CHECK_MEASUREMENT].source, rows[i].source, "row %zu", i);
    }
}

/* Requirements of two entries are not mixed: each is met as a whole. */
Test(deployment, halves_of_two_reference_values_are_not_one)
{
    set_up_with(WITH(ENTRY("Milan", OTHER, "") "," ENTRY("Milan", LAUNCH, ",\"MinimumMitigationVector\":1")));
    judge(HASH_FIRST, LAUNCHED);
    cr_expect_eq(verdict_decide(&d.v), DENY);
    cr_expect_str_eq(judged_failures(&d.v), "measurement id-block.id-key ");
}

/* tests/test_judge_launch.c says where the digests come from; each key is that of its digest (tests/deployment.py). */
Test(deployment, with_an_ap_reset_address_any_number_of_vcpus_is_accepted)
{
#define ONE   "5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f"
#define TWO   "f1ef6c0c669736182670ebd9f53ff4f2b9066d6ad72fcd0ca417e6f0326b76fb529d1ac9ce251d2a060f144410ae97b5"
#define EIGHT "30629d2d4b6b57a42b46fcb5d6d6bd29ad27d2ea8911348dbbbc6635a2075d5dadff0b2e9204ec1e38dbf2a122242482"
#define MOST  "1d67569fea4ae2745a10c172b2a98bdcaca74a166e140010e1585335f0c3741f5dd773062ef5776896b5e66907f2f3b0"
    static const struct {
        const char *launched, *entry, *failed;
    } rows[] = {
        {ONE " --report id_key_digest=21252bee4998c2fceaf4b42d3bbb6aed7463a5f88947b7968bf80171c96fb3fbe25297db1d562674"
             "f90bfae8288d5b1a",
         ENTRY("Milan", ONE, ",\"APEIP\":\"0080b004\""), ""},
        {TWO " --report id_key_digest=fc8723170ea575a07058c6c68c1253041e566c28f40163227de08f0af33d12b85758deb5ebc37133"
             "9d0472ea787caf4c",
         ENTRY("Milan", ONE, ",\"APEIP\":\"0080b004\""), ""},
        {EIGHT " --report id_key_digest=34ead9a267d207b8bdc90931e0bbf6d9f15d9bec28d3af8ec0b11fcb430b78d7d38990983f36e6"
               "8501173b6ef6ec51de",
         ENTRY("Milan", ONE, ",\"APEIP\":\"0080b004\""), ""},
        {MOST " --report id_key_digest=abe5434117c2f541f7231536963a8985e8524e934ce2156bf9115b15c00376110bfc7c64d9ab97a"
              "4226a4b7166435fd7",
         ENTRY("Milan", ONE, ",\"APEIP\":\"0080b004\""), ""},
        /* the key of another number of vCPUs, another address, and none */
        {TWO " --report id_key_digest=21252bee4998c2fceaf4b42d3bbb6aed7463a5f88947b7968bf80171c96fb3fbe25297db1d562674"
             "f90bfae8288d5b1a",
         ENTRY("Milan", ONE, ",\"APEIP\":\"0080b004\""), "id-block.id-key "},
        {TWO " --report id_key_digest=fc8723170ea575a07058c6c68c1253041e566c28f40163227de08f0af33d12b85758deb5ebc37133"
             "9d0472ea787caf4c",
         ENTRY("Milan", ONE, ",\"APEIP\":\"0080b008\""), "measurement id-block.id-key "},
        {TWO " --report id_key_digest=fc8723170ea575a07058c6c68c1253041e566c28f40163227de08f0af33d12b85758deb5ebc37133"
             "9d0472ea787caf4c",
         ENTRY("Milan", ONE, ""), "measurement id-block.id-key "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char manifest[2048], launched[512];
        (void)snprintf(manifest, sizeof manifest, WITH("%s"), rows[i].entry);
        (void)snprintf(launched, sizeof launched, "--report measurement=%s", rows[i].launched);
        set_up_with(manifest);
        judge(HASH_FIRST, launched);
        expect_verdict(rows[i].failed, "", rows[i].launched);
    }
}

Test(deployment, only_chips_on_the_list)
{
    char chip[HEX_TEXT_SIZE(64)], manifest[4096];
    set_up();
    judge(HASH_FIRST, LAUNCHED);
    (void)snprintf(chip, sizeof chip, "%s",
                   hex_of(bytes_slice(sim_file(simulated(0, LINE LAUNCHED), SIM_FILE_REPORT), 0x1a0, 64)));
    static const struct {
        const char *before, *more, *failed;
    } rows[] = {
        {"", "", ""},
        {"\"" OTHER "1111111111111111111111111111"
         "1111\",",
         "", ""},
        {"", "--report chip_id=77*64 ", "chip-id "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char more[512];
        (void)snprintf(manifest, sizeof manifest, WITH(ENTRY("Milan", LAUNCH, ",\"AllowedChipIDs\":[%s\"%s\"]")),
                       rows[i].before, chip);
        (void)snprintf(more, sizeof more, LAUNCHED " %s", rows[i].more);
        set_up_with(manifest);
        judge(HASH_FIRST, more);
        expect_verdict(rows[i].failed, "", rows[i].more);
    }
}
