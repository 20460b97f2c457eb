/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "ca/owner.h"
#include "coordinator/keeper.h"
#include "parse/mesh_api.h"
#include "parse/text.h"
#include "parse/user_api.h"
#include "tests/coordinator_manifest.h"
#include "tests/scratch.h"
#include "tests/simulated.h"
#include "verify/coordinator_ca.h"
#include "verify/report_data.h"
#include "verify/transition.h"

#define NOW INT64_C(1800000000)

/* A keeper, its last answer, and what its issuer was asked for. */
static struct keeper *keeper;
static struct buffer answers = {.name = "answers", .limit = 1 << 20};
static struct message answer;
static uint8_t asked[KEEPER_REPORT_DATA_BYTES];
static uint8_t request[1 << 16];
static struct err err;

static bool has_machine;

static void open_with(const struct keeper_options *options)
{
    has_machine = true;
    cr_assert(is_ok(keeper_open(options, &keeper, &err)), "%s", err.text);
}

static void begin(void)
{
    open_with(&(struct keeper_options){0});
}

static void end(void)
{
    keeper_free(keeper);
    buffer_free(&answers);
}

/* Gives a request the evidence that it waits for. */
static void issue(struct keeper_wait *wait)
{
    memcpy(asked, wait->report_data, sizeof asked);
    status s = has_machine ? keeper_wait_grant(wait, BYTES_LIT("document"), &answers, &err)
                           : keeper_wait_refuse(wait, "no machine", &answers, &err);
    cr_assert(is_ok(s), "%s", err.text);
}

/* Asks and takes the answer apart; its kind. */
static uint8_t ask(uint8_t kind, const bytes *parts, size_t count)
{
    static uint8_t frame[1 << 17];
    struct message m = {.kind = kind, .id = 7, .part_count = count};
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        m.parts[i] = parts[i];
    cr_assert(is_ok(message_size(&m, &len, &err)) && len <= sizeof frame);
    message_write(&m, frame);
    buffer_drop(&answers, SIZE_MAX);
    struct keeper_wait wait;
    cr_assert(is_ok(keeper_answer(keeper, NOW, BYTES(frame, len), &answers, &wait, &err)), "%s", err.text);
    cr_assert_eq(wait.is_waiting, buffer_view(&answers).len == 0, "either");
    if (wait.is_waiting) issue(&wait);
    cr_assert(is_ok(message_parse(buffer_view(&answers), &answer, &err)), "%s", err.text);
    cr_assert_eq(answer.id, 7);
    return answer.kind;
}

static void expect_refused(uint8_t kind, enum refusal why, const char *text)
{
    cr_assert_eq(kind, ANSWER_REFUSED, "%s", text);
    cr_assert(answer.part_count == REFUSED_PARTS || answer.part_count == REFUSED_PEER_PARTS);
    cr_expect_eq(answer.parts[0].ptr[0], why, "%s: %u", text, answer.parts[0].ptr[0]);
    char have[ERR_TEXT_MAX] = "";
    memcpy(have, answer.parts[1].ptr, answer.parts[1].len);
    cr_expect(strstr(have, text) != NULL, "want \"%s\", have \"%s\"", text, have);
}

static struct keeper_state_answer state(void)
{
    struct keeper_state_answer s;
    cr_assert_eq(ask(KEEPER_STATE, NULL, 0), ANSWER_DONE);
    cr_assert(keeper_state_answer_read(&answer, 0, &s));
    return s;
}

static uint8_t set_with(struct user_set_manifest_request r, const char *policy, bytes client_key)
{
    const bytes policies[] = {text_bytes(policy)};
    if (!r.policies) {
        r.policies = policies;
        r.policy_count = 1;
    }
    struct protobuf_writer w = {.out = request, .cap = sizeof request};
    user_set_manifest_request_write(&w, &r);
    cr_assert(is_ok(protobuf_written(&w, &err)));
    const bytes parts[] = {BYTES(request, w.len), client_key};
    return ask(KEEPER_SET, parts, 2);
}

static uint8_t set(const char *policy, const char *more)
{
    return set_with((struct user_set_manifest_request){.manifest = coordinator_manifest(policy, more)}, policy,
                    BYTES_LIT(""));
}

/* Puts in force what was prepared last. */
static void activate(void)
{
    static uint8_t record[256];
    bytes r = answer.parts[2];
    memcpy(record, r.ptr, r.len);
    cr_assert_eq(ask(KEEPER_ACTIVATE, &(bytes){record, r.len}, 1), ANSWER_DONE);
}

/* ---- before the first manifest ---- */

Test(keeper, without_a_manifest_has_nothing_to_attest, .init = begin, .fini = end)
{
    struct keeper_state_answer s = state();
    cr_expect_eq(s.generation, 0);
    cr_expect(!s.is_stale);
    cr_expect_eq(s.record.len, 0);
    uint8_t nonce[KEEPER_NONCE_BYTES] = {1};
    const bytes parts[] = {BYTES_OF(nonce), BYTES_LIT("")};
    expect_refused(ask(KEEPER_ATTEST, parts, 2), REFUSED_NO_MANIFEST, "no manifest configured");
}

Test(keeper, evidence_of_a_connection_binds_its_key_and_nonce, .init = begin, .fini = end)
{
    uint8_t nonce[KEEPER_NONCE_BYTES] = {1}, want[REPORT_DATA_BYTES];
    const bytes parts[] = {BYTES_OF(nonce), BYTES_LIT("key")};
    cr_assert_eq(ask(KEEPER_EVIDENCE, parts, 2), ANSWER_DONE);
    cr_assert_eq(answer.part_count, 1);
    cr_expect(bytes_eq(answer.parts[0], BYTES_LIT("document")));
    cr_assert(is_ok(report_data_of_connection(BYTES_LIT("key"), nonce, want, &err)));
    cr_expect_arr_eq(asked, want, sizeof want);
}

Test(keeper, a_nonce_has_32_bytes, .init = begin, .fini = end)
{
    uint8_t nonce[KEEPER_NONCE_BYTES + 1] = {1};
    for (size_t n = KEEPER_NONCE_BYTES - 1; n <= KEEPER_NONCE_BYTES + 1; n += 2) {
        const bytes parts[] = {BYTES(nonce, n), BYTES_LIT("x")};
        expect_refused(ask(KEEPER_EVIDENCE, parts, 2), REFUSED_INVALID_ARGUMENT, "want 32 bytes");
        expect_refused(ask(KEEPER_ATTEST, parts, 2), REFUSED_INVALID_ARGUMENT, "want 32 bytes");
    }
}

Test(keeper, says_why_no_evidence_is_made, .fini = end)
{
    open_with(&(struct keeper_options){0});
    has_machine = false;
    uint8_t nonce[KEEPER_NONCE_BYTES] = {1};
    const bytes parts[] = {BYTES_OF(nonce), BYTES_LIT("key")};
    expect_refused(ask(KEEPER_EVIDENCE, parts, 2), REFUSED_INTERNAL, "issuing evidence: no machine");
}

/* ---- setting manifests ---- */

Test(keeper, a_manifest_is_in_force_when_it_was_activated, .init = begin, .fini = end)
{
    uint8_t latest[SHA256_BYTES];
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    cr_assert_eq(answer.part_count, 4);
    cr_expect_eq(answer.parts[1].len, 64);
    cr_expect_eq(answer.parts[3].len, 0); /* nothing is replaced */
    cr_assert(is_ok(transition_next(coordinator_manifest("p", ""), transition_none, latest, &err)));
    cr_expect(bytes_eq(bytes_slice(answer.parts[2], 0, SHA256_BYTES), BYTES_OF(latest)));

    static uint8_t record[256];
    bytes r = answer.parts[2];
    memcpy(record, r.ptr, r.len);
    cr_expect_eq(state().generation, 0);
    cr_assert_eq(ask(KEEPER_ACTIVATE, &(bytes){record, r.len}, 1), ANSWER_DONE);
    struct keeper_state_answer s = state();
    cr_expect_eq(s.generation, 1);
    cr_expect(bytes_eq(s.record, BYTES(record, r.len)));
}

/* Both certificates of the answer have the profile of the protocol and are valid now: verify/ judges them. */
Test(keeper, the_answer_has_both_ca_certificates, .init = begin, .fini = end)
{
    static struct coordinator_ca ca;
    static struct verdict v;
    struct user_set_manifest_response response;
    struct user_seed_share shares[1];
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    activate();
    cr_assert(is_ok(user_set_manifest_response_parse(answer.parts[0], shares, 1, &response, &err)), "%s", err.text);
    coordinator_ca_check(response.root_ca, COORDINATOR_ROOT_CA, NOW, &ca, &v);
    coordinator_ca_check(response.mesh_ca, COORDINATOR_MESH_CA, NOW, &ca, &v);
    cr_expect_eq(v.by_id[CHECK_ROOT_CA_PROFILE].outcome, PASSED);
    cr_expect_eq(v.by_id[CHECK_ROOT_CA_SIGNATURE].outcome, PASSED);
    cr_expect_eq(v.by_id[CHECK_MESH_CA_PROFILE].outcome, PASSED);
    cr_expect_eq(v.by_id[CHECK_MESH_CA_SIGNATURE].outcome, PASSED);
    struct keeper_state_answer s = state();
    cr_expect(s.root_ca.len > 0 && s.mesh_ca.len > 0 && !bytes_eq(s.root_ca, s.mesh_ca));
}

/* Contrast protocol, POST /attest: what the answer binds. */
Test(keeper, attests_to_its_history_and_certificates, .init = begin, .fini = end)
{
    uint8_t nonce[KEEPER_NONCE_BYTES] = {9}, latest[SHA256_BYTES], want[REPORT_DATA_BYTES];
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    activate();
    cr_assert(is_ok(transition_next(coordinator_manifest("p", ""), transition_none, latest, &err)));
    for (int v1 = 0; v1 < 2; v1++) {
        bytes capabilities = v1 ? BYTES_LIT("{}") : BYTES_LIT("");
        const bytes parts[] = {BYTES_OF(nonce), capabilities};
        struct keeper_state_answer s;
        cr_assert_eq(ask(KEEPER_ATTEST, parts, 2), ANSWER_DONE);
        cr_assert(keeper_state_answer_read(&answer, 1, &s));
        const struct report_data_answer bound = {.nonce = nonce,
                                                 .latest = latest,
                                                 .root_ca = s.root_ca,
                                                 .mesh_ca = s.mesh_ca,
                                                 .capabilities = v1 ? capabilities : BYTES_ABSENT};
        cr_assert(is_ok(report_data_of_answer(&bound, want, &err)));
        cr_expect_arr_eq(asked, want, sizeof want, "v1: %d", v1);
    }
}

Test(keeper, a_second_preparation_forgets_the_first, .init = begin, .fini = end)
{
    static uint8_t record[256];
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    bytes r = answer.parts[2];
    memcpy(record, r.ptr, r.len);
    cr_assert_eq(set("q", ""), ANSWER_DONE);
    expect_refused(ask(KEEPER_ACTIVATE, &(bytes){record, r.len}, 1), REFUSED_MANIFEST_CONFLICT, "meanwhile");
    cr_expect_eq(state().generation, 0);
}

/* Whoever may set nothing must not get in between what was stored and its coming into force. */
Test(keeper, a_refused_preparation_leaves_the_one_that_waits, .init = begin, .fini = end)
{
    static uint8_t record[256];
    struct user_set_manifest_request r = {.manifest = BYTES_LIT("null")};
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    bytes waiting = answer.parts[2];
    memcpy(record, waiting.ptr, waiting.len);
    size_t len = waiting.len;
    expect_refused(set_with(r, "p", BYTES_LIT("")), REFUSED_INVALID_ARGUMENT, "unmarshaling manifest");
    cr_assert_eq(ask(KEEPER_ACTIVATE, &(bytes){record, len}, 1), ANSWER_DONE);
    cr_expect_eq(state().generation, 1);
}

Test(keeper, a_record_is_activated_once, .init = begin, .fini = end)
{
    static uint8_t record[256];
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    bytes r = answer.parts[2];
    memcpy(record, r.ptr, r.len);
    cr_assert_eq(ask(KEEPER_ACTIVATE, &(bytes){record, r.len}, 1), ANSWER_DONE);
    expect_refused(ask(KEEPER_ACTIVATE, &(bytes){record, r.len}, 1), REFUSED_MANIFEST_CONFLICT, "meanwhile");
}

Test(keeper, refuses_manifests_that_it_could_not_stand_by, .init = begin, .fini = end)
{
    struct user_set_manifest_request r = {.manifest = BYTES_LIT("null")};
    expect_refused(set_with(r, "p", BYTES_LIT("")), REFUSED_INVALID_ARGUMENT, "unmarshaling manifest");
    r.manifest = BYTES_LIT("{}");
    expect_refused(set_with(r, "p", BYTES_LIT("")), REFUSED_INVALID_ARGUMENT, "unmarshaling manifest");
    r.manifest = coordinator_manifest("p", "");
    expect_refused(set_with(r, "another policy", BYTES_LIT("")), REFUSED_INVALID_ARGUMENT,
                   "no policy provided for hash");
    cr_expect_eq(state().generation, 0);
}

Test(keeper, a_first_manifest_follows_the_zero_transition_only, .init = begin, .fini = end)
{
    uint8_t previous[SHA256_BYTES] = {0};
    struct user_set_manifest_request r = {.manifest = coordinator_manifest("p", ""),
                                          .previous_transition_hash = BYTES_OF(previous)};
    cr_expect_eq(set_with(r, "p", BYTES_LIT("")), ANSWER_DONE);
    previous[0] = 1;
    expect_refused(set_with(r, "p", BYTES_LIT("")), REFUSED_MANIFEST_CONFLICT, "previous transition hash");
}

/* ---- updates ---- */

/* Keys of an owner and of somebody else, and what a manifest says of the first. */
static struct private_key secret_owner, secret_other;
static char owners[128];

static void begin_owned(void)
{
    uint8_t digest[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    begin();
    cr_assert(is_ok(private_key_generate(KEY_P384, &secret_owner, &err)), "%s", err.text);
    cr_assert(is_ok(private_key_generate(KEY_P384, &secret_other, &err)), "%s", err.text);
    bytes key = private_key_spki(&secret_owner);
    cr_assert(is_ok(crypto_sha256(&key, 1, digest, &err)));
    cr_assert(is_ok(hex_write(BYTES_OF(digest), hex, sizeof hex, &err)));
    snprintf(owners, sizeof owners, ",\"WorkloadOwnerKeyDigests\":[\"%s\"]", hex);
    cr_assert_eq(set("p", owners), ANSWER_DONE);
    activate();
}

static uint8_t update(const char *policy, const char *more, bytes client_key)
{
    return set_with((struct user_set_manifest_request){.manifest = coordinator_manifest(policy, more)}, policy,
                    client_key);
}

Test(keeper, without_owners_a_manifest_stays, .init = begin, .fini = end)
{
    cr_assert_eq(set("p", ""), ANSWER_DONE);
    activate();
    cr_assert(is_ok(private_key_generate(KEY_P384, &secret_owner, &err)), "%s", err.text);
    expect_refused(update("q", "", private_key_spki(&secret_owner)), REFUSED_PERMISSION_DENIED,
                   "setting manifest is disabled");
}

Test(keeper, an_owner_may_update_and_nobody_else, .init = begin_owned, .fini = end)
{
    static uint8_t mesh[4096];
    bytes other = private_key_spki(&secret_other);
    struct keeper_state_answer before = state();
    size_t mesh_len = before.mesh_ca.len;
    memcpy(mesh, before.mesh_ca.ptr, mesh_len);

    expect_refused(update("q", owners, BYTES_LIT("")), REFUSED_PERMISSION_DENIED, "peer not authorized");
    expect_refused(update("q", owners, other), REFUSED_PERMISSION_DENIED, "peer not authorized");
    expect_refused(update("q", owners, BYTES_LIT("no key")), REFUSED_PERMISSION_DENIED, "peer not authorized");
    expect_refused(update("q", "", other), REFUSED_PERMISSION_DENIED,
                   "peer not authorized"); /* not the new one's owners */
    cr_expect_eq(state().generation, 1);

    cr_assert_eq(update("q", owners, private_key_spki(&secret_owner)), ANSWER_DONE);
    cr_expect(answer.parts[3].len > 0);
    activate();
    cr_expect_eq(state().generation, 2);
    cr_expect(!bytes_eq(state().mesh_ca, BYTES(mesh, mesh_len)));
}

/* The signature of an owner counts over the transition from the manifest in force, and only where the manifest names
 * the key itself. */
Test(keeper, a_signature_authorises_where_the_keys_are_named, .init = begin, .fini = end)
{
    char named[600], hex[300];
    struct signature signature;
    uint8_t transition[SHA256_BYTES];
    cr_assert(is_ok(private_key_generate(KEY_P384, &secret_owner, &err)), "%s", err.text);
    cr_assert(is_ok(hex_write(private_key_spki(&secret_owner), hex, sizeof hex, &err)));
    snprintf(named, sizeof named, ",\"WorkloadOwnerPubKeys\":[\"%s\"]", hex);

    struct user_set_manifest_request r = {.manifest = coordinator_manifest("p", named)};
    cr_assert(is_ok(transition_next(r.manifest, transition_none, transition, &err)));
    cr_assert(is_ok(owner_sign(&secret_owner, transition, &signature, &err)), "%s", err.text);
    r.signature = BYTES(signature.bytes, signature.len);
    cr_assert_eq(set_with(r, "p", BYTES_LIT("")), ANSWER_DONE);
    activate();

    /* Played again it is for another transition. */
    expect_refused(set_with(r, "p", BYTES_LIT("")), REFUSED_INVALID_SIGNATURE, "validating manifest signature");
    r.manifest = coordinator_manifest("q", named);
    expect_refused(set_with(r, "q", BYTES_LIT("")), REFUSED_INVALID_SIGNATURE, "validating manifest signature");
    cr_assert(is_ok(transition_next(r.manifest, transition, transition, &err)));
    cr_assert(is_ok(owner_sign(&secret_owner, transition, &signature, &err)));
    r.signature = BYTES(signature.bytes, signature.len);
    cr_expect_eq(set_with(r, "q", BYTES_LIT("")), ANSWER_DONE);
}

/* A first manifest with a signature is not set by someone who cannot make one. */
Test(keeper, a_signature_on_the_first_manifest_counts, .init = begin, .fini = end)
{
    struct user_set_manifest_request r = {.manifest = coordinator_manifest("p", ""), .signature = BYTES_LIT("0")};
    expect_refused(set_with(r, "p", BYTES_LIT("")), REFUSED_INVALID_SIGNATURE, "validating manifest signature");
}

Test(keeper, an_update_follows_the_manifest_in_force, .init = begin_owned, .fini = end)
{
    uint8_t wrong[SHA256_BYTES] = {1}, right[SHA256_BYTES];
    struct user_set_manifest_request r = {.manifest = coordinator_manifest("q", owners),
                                          .previous_transition_hash = BYTES_OF(wrong)};
    bytes owner = private_key_spki(&secret_owner);
    expect_refused(set_with(r, "q", owner), REFUSED_MANIFEST_CONFLICT, "previous transition hash");
    memcpy(right, state().record.ptr, sizeof right);
    r.previous_transition_hash = BYTES_OF(right);
    cr_expect_eq(set_with(r, "q", owner), ANSWER_DONE);
}

/* ---- shares of the seed ---- */

/* The public half of a key that `openssl genrsa 2048` made, in PKCS#1. */
#define RSA_KEY                                                                                                        \
    "3082010a0282010100bc73e1da4a98258329451aeb4d624e723c9f4227253643f2be2069dcb264c407fc8a213c297e57407b"             \
    "f985710413360ba6e7769c3d197279912f7017ad08e492e3ccc67bbeed7c5e7c6ac9709d425985a288a5b9d7c267d6f0e6b5"             \
    "5da73e70fb1fea6ab1f241f8e2389e2920b46335cd45c5df6d482bbca181c17e2d31071cd64874b97503192e2d6726d408be"             \
    "fdb77ba3c2b2764b3eb6753d28092de0666cb5bb2ecff36f4958e657433e7555b85a1a7904212bae8600dcfba0a65652492b"             \
    "61d2c7ee39f9b0411cf9bf445601b98345ca6276d76c6f213878f5bd9f3ea7ef09099074aeb7ddd4e1994aa2757ecad3203f"             \
    "7a410bf67f0d7d8d05ec06267a859b0203010001"

static char share_owners[3000];

Test(keeper, the_first_answer_has_a_share_for_each_owner_and_these_stay, .init = begin, .fini = end)
{
    const char *key = RSA_KEY;
    struct user_set_manifest_response response;
    struct user_seed_share shares[2];
    snprintf(share_owners, sizeof share_owners, ",\"SeedshareOwnerPubKeys\":[\"%s\"]", key);
    cr_assert_eq(set("p", share_owners), ANSWER_DONE);
    activate();
    cr_assert(is_ok(user_set_manifest_response_parse(answer.parts[0], shares, 2, &response, &err)), "%s", err.text);
    cr_assert(response.has_seed_shares);
    cr_assert_eq(response.seed_shares.count, 1);
    cr_expect(bytes_eq(shares[0].public_key, text_bytes(key)));
    cr_expect_eq(shares[0].encrypted_seed.len, 256);
    cr_expect_eq(response.seed_shares.salt.len, 32);
}

Test(keeper, owners_of_seed_shares_stay, .init = begin_owned, .fini = end)
{
    char more[3200];
    snprintf(share_owners, sizeof share_owners, ",\"SeedshareOwnerPubKeys\":[\"%s\"]", RSA_KEY);
    snprintf(more, sizeof more, "%s%s", owners, share_owners);
    expect_refused(update("q", more, private_key_spki(&secret_owner)), REFUSED_PERMISSION_DENIED,
                   "changes to seedshare owners");
}

/* ---- peers of the Mesh API ---- */

/* SHA-384 of "a launch", and of the ID key that follows from it (tests/deployment.py, id_key_digest); SHA-256 of the
 * two policies (sha256sum). */
#define LAUNCH      "fb161be4d8915fd71ca0ff2cf74d6eaa90c1b5b1c379c70b2932fc6c7c77dd5a979ad881c516877c89fef8fc2d35da65"
#define ID_KEY      "5dd247002456b21a29ece8bb0bad1c9dcb05b8a1312b8181751aad9fe953956385349ea2c7299a558cfd32837ee9a8bd"
#define COORDINATOR "the policy of a coordinator"
#define WEB         "the policy of a workload"
#define HASH_C      "0206039109341f948132929da2b4bd54854489c8e69ede2cfe4fd775f692be5d"
#define HASH_WEB    "f3102f502a9122e31b1c41b4a5198a59b07ec8a67c62312f18eb8992bbe82416"
#define HASH_NOBODY "f3c270e41278ae994dfd45b08a2ed10e6de46703a055ef5244cab033d63594ae"
#define POD_MANIFEST                                                                                                   \
    "{\"Policies\":{\"" HASH_C "\":{\"SANs\":[\"c\"],\"Role\":\"coordinator\"},\"" HASH_WEB                            \
    "\":{\"SANs\":[\"web\",\"10.1.2.3\"],\"WorkloadSecretID\":\"web\"}},\"ReferenceValues\":{\"snp\":[{"               \
    "\"ProductName\":"                                                                                                 \
    "\"Milan\",\"TrustedMeasurement\":\"" LAUNCH "\",\"MinimumTCB\":{\"BootloaderVersion\":3,\"TEEVersion\":0,"        \
    "\"SNPVersion\":8,\"MicrocodeVersion\":%u},\"GuestPolicy\":{\"SMT\":true}}]},\"WorkloadOwnerKeyDigests\":[\"%s\"]" \
    "}"

static struct snp_ca simulator[SIMULATED_CAS];
static uint8_t ticket[8], peer_nonce[KEEPER_NONCE_BYTES];
static struct private_key secret_peer;

static void set_pods(unsigned microcode)
{
    char manifest[2000];
    uint8_t digest[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    const bytes policies[] = {BYTES_LIT(COORDINATOR), BYTES_LIT(WEB)};
    bytes key = private_key_spki(&secret_owner);
    cr_assert(is_ok(crypto_sha256(&key, 1, digest, &err)));
    cr_assert(is_ok(hex_write(BYTES_OF(digest), hex, sizeof hex, &err)));
    int n = snprintf(manifest, sizeof manifest, POD_MANIFEST, microcode, hex);
    struct user_set_manifest_request r = {
        .manifest = BYTES((const uint8_t *)manifest, (size_t)n), .policies = policies, .policy_count = 2};
    uint8_t kind = set_with(r, "", key);
    if (kind != ANSWER_DONE) cr_assert_fail("%.*s", (int)answer.parts[1].len, (const char *)answer.parts[1].ptr);
    activate();
}

static void begin_with_pods(void)
{
    open_with(&(struct keeper_options){.cas = simulated_cas(simulator)});
    cr_assert(is_ok(private_key_generate(KEY_P384, &secret_owner, &err)), "%s", err.text);
    cr_assert(is_ok(private_key_generate(KEY_P256, &secret_peer, &err)), "%s", err.text);
    set_pods(115);
}

static void draw(void)
{
    cr_assert_eq(ask(KEEPER_DRAW, NULL, 0), ANSWER_DONE);
    cr_assert_eq(answer.part_count, 2);
    cr_assert(answer.parts[0].len == sizeof ticket && answer.parts[1].len == sizeof peer_nonce);
    memcpy(ticket, answer.parts[0].ptr, sizeof ticket);
    memcpy(peer_nonce, answer.parts[1].ptr, sizeof peer_nonce);
}

/* Evidence of a guest with this policy over a key and the nonce that was drawn last. */
static bytes evidence(const char *host_data, bytes key, const char *more)
{
    char line[2000], hex[HEX_TEXT_SIZE(REPORT_DATA_BYTES)];
    uint8_t report_data[REPORT_DATA_BYTES];
    cr_assert(is_ok(report_data_of_connection(key, peer_nonce, report_data, &err)));
    cr_assert(is_ok(hex_write(BYTES_OF(report_data), hex, sizeof hex, &err)));
    snprintf(
        line, sizeof line,
        "--product milan --envelope protobuf --report measurement=" LAUNCH " --report id_key_digest=" ID_KEY
        " --report author_key_digest=00*48 --report policy=196608 --report guest_svn=2 --report host_data=%s"
        " --report family_id=01000000000000000000000000000000 --report image_id=02000000000000000000000000000000"
        " --report report_data=%s --ark-not-after 2120-01-01 --ask-not-after 2120-01-01 --leaf-not-after 2120-01-01"
        " --crl-next-update 2120-01-01%s",
        host_data, hex, more);
    return sim_file(simulated(0, line), SIM_FILE_EVIDENCE);
}

static uint8_t judge(bytes key, bytes document)
{
    const bytes parts[] = {BYTES_OF(ticket), key, document};
    return ask(KEEPER_JUDGE, parts, 3);
}

static uint8_t certify(void)
{
    return ask(KEEPER_CERTIFY, &BYTES_OF(ticket), 1);
}

Test(keeper, a_pod_with_evidence_gets_a_certificate, .init = begin_with_pods, .fini = end)
{
    bytes key = private_key_spki(&secret_peer);
    draw();
    uint8_t kind = judge(key, evidence(HASH_WEB, key, ""));
    if (kind != ANSWER_DONE) cr_assert_fail("%.*s", (int)answer.parts[1].len, (const char *)answer.parts[1].ptr);
    cr_assert_eq(certify(), ANSWER_DONE);

    struct mesh_new_cert_response_secret r;
    cr_assert(is_ok(mesh_new_cert_response_parse(answer.parts[0], &r, &err)), "%s", err.text);
    cr_expect_eq(r.workload_secret.len, WORKLOAD_SECRET_BYTES);
    struct scratch s = scratch_open();
    scratch_write(&s, "chain.pem", r.cert_chain);
    scratch_write(&s, "mesh.pem", r.mesh_ca);
    scratch_write(&s, "root.pem", r.root_ca);
    scratch_write(&s, "key.der", key);
    scratch_run(&s, "openssl verify -x509_strict -attime 1800000000 -CAfile mesh.pem chain.pem");
    scratch_run(&s, "openssl verify -x509_strict -attime 1800000000 -CAfile root.pem -untrusted chain.pem chain.pem");
    scratch_run(&s, "openssl x509 -in chain.pem -noout -ext subjectAltName | grep -q 'DNS:web, IP Address:10.1.2.3'");
    scratch_run(&s, "openssl x509 -in chain.pem -noout -pubkey | openssl pkey -pubin -outform DER | cmp - key.der");
    scratch_close(&s);
}

Test(keeper, a_coordinator_gets_no_secret, .init = begin_with_pods, .fini = end)
{
    bytes key = private_key_spki(&secret_peer);
    draw();
    cr_assert_eq(judge(key, evidence(HASH_C, key, "")), ANSWER_DONE);
    cr_assert_eq(certify(), ANSWER_DONE);
    struct mesh_new_cert_response_secret r;
    cr_assert(is_ok(mesh_new_cert_response_parse(answer.parts[0], &r, &err)), "%s", err.text);
    cr_expect(bytes_is_absent(r.workload_secret));
}

Test(keeper, evidence_that_is_not_good_gets_nothing, .init = begin_with_pods, .fini = end)
{
    static const struct {
        const char *host_data, *more, *text;
    } rows[] = {
        {HASH_WEB, " --report reported_tcb=bl:2", "tcb"},
        {HASH_WEB, " --report policy=720896", "policy"},
        {HASH_WEB, " --report vmpl=1", "vmpl"},
        {HASH_WEB, " --report-signature other-key", "report.signature"},
        {HASH_WEB, " --chain other", "leaf.signature"},
        {HASH_WEB, " --no-leaf --include ask", "leaf.present"},
        {HASH_WEB, " --no-crl --include leaf", "crl.present"},
        {HASH_WEB, " --crl-revoke ask", "crl.serials"},
    };
    bytes key = private_key_spki(&secret_peer);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        draw();
        expect_refused(judge(key, evidence(rows[i].host_data, key, rows[i].more)), REFUSED_PERMISSION_DENIED,
                       rows[i].text);
        expect_refused(certify(), REFUSED_PERMISSION_DENIED, "has not been accepted");
    }
    draw();
    expect_refused(judge(key, BYTES_LIT("nothing")), REFUSED_PERMISSION_DENIED, "peer not authorized");
}

/* The connection is let in, and each call looks the policy up in the manifest in force (Contrast protocol,
 * NewMeshCert).
 */
Test(keeper, a_pod_whose_policy_the_manifest_does_not_name_gets_nothing, .init = begin_with_pods, .fini = end)
{
    bytes key = private_key_spki(&secret_peer);
    draw();
    cr_assert_eq(judge(key, evidence(HASH_NOBODY, key, "")), ANSWER_DONE);
    expect_refused(certify(), REFUSED_PERMISSION_DENIED, "policy hash " HASH_NOBODY " not found in manifest");
    cr_assert_eq(answer.part_count, REFUSED_PEER_PARTS);
    const char *const told[] = {"host-data", HASH_NOBODY, "a policy of the manifest", HASH_NOBODY};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        cr_expect(bytes_eq(answer.parts[REFUSED_PARTS + i], text_bytes(told[i])), "part %zu", i);
    draw();
    expect_refused(judge(key, evidence(HASH_NOBODY, key, " --report vmpl=1")), REFUSED_PERMISSION_DENIED, "vmpl");
    cr_expect_eq(state().refused_peers, 1, "a refused call is no failed attestation");
}

/* Another key, and evidence over the nonce of another connection. */
Test(keeper, evidence_is_for_one_key_and_one_nonce, .init = begin_with_pods, .fini = end)
{
    bytes key = private_key_spki(&secret_peer), other = private_key_spki(&secret_owner);
    draw();
    bytes document = evidence(HASH_WEB, key, "");
    expect_refused(judge(other, document), REFUSED_PERMISSION_DENIED, "report-data");
    draw();
    expect_refused(judge(key, document), REFUSED_PERMISSION_DENIED, "report-data");
}

Test(keeper, a_nonce_is_used_once, .init = begin_with_pods, .fini = end)
{
    bytes key = private_key_spki(&secret_peer);
    draw();
    bytes document = evidence(HASH_WEB, key, "");
    expect_refused(judge(key, BYTES_LIT("nothing")), REFUSED_PERMISSION_DENIED, "peer not authorized");
    expect_refused(judge(key, document), REFUSED_PERMISSION_DENIED, "no nonce of its own");
    draw();
    document = evidence(HASH_WEB, key, "");
    cr_assert_eq(judge(key, document), ANSWER_DONE);
    expect_refused(judge(key, document), REFUSED_PERMISSION_DENIED, "no nonce of its own");
    cr_assert_eq(certify(), ANSWER_DONE);
    cr_assert_eq(ask(KEEPER_RELEASE, &BYTES_OF(ticket), 1), ANSWER_DONE);
    expect_refused(certify(), REFUSED_PERMISSION_DENIED, "has not been accepted");
}

/* What counts is the manifest in force when the certificate is asked for. */
Test(keeper, a_new_manifest_judges_open_connections_again, .init = begin_with_pods, .fini = end)
{
    bytes key = private_key_spki(&secret_peer);
    draw();
    cr_assert_eq(judge(key, evidence(HASH_WEB, key, "")), ANSWER_DONE);
    cr_assert_eq(certify(), ANSWER_DONE);
    set_pods(255);
    expect_refused(certify(), REFUSED_PERMISSION_DENIED, "tcb.minimum");
    cr_expect_eq(answer.part_count, REFUSED_PEER_PARTS, "for the log");
}

/* What /attest is answered is what the evidence is over, whatever has come into force while that was made. */
Test(keeper, an_answer_that_waits_says_what_was_true_when_it_was_asked_for, .init = begin_with_pods, .fini = end)
{
    uint8_t nonce[KEEPER_NONCE_BYTES] = {1}, frame[256];
    struct message m = {.kind = KEEPER_ATTEST, .id = 9, .parts = {BYTES_OF(nonce), BYTES_LIT("")}, .part_count = 2};
    struct keeper_wait wait;
    struct keeper_state_answer then;
    size_t len = 0;
    cr_assert(is_ok(message_size(&m, &len, &err)) && len <= sizeof frame);
    message_write(&m, frame);
    cr_assert(is_ok(keeper_answer(keeper, NOW, BYTES(frame, len), &answers, &wait, &err)) && wait.is_waiting);
    set_pods(255);
    cr_assert_eq(state().generation, 2);
    buffer_drop(&answers, SIZE_MAX);
    cr_assert(is_ok(keeper_wait_grant(&wait, BYTES_LIT("document"), &answers, &err)), "%s", err.text);
    cr_assert(is_ok(message_parse(buffer_view(&answers), &answer, &err)));
    cr_expect(answer.id == 9 && bytes_eq(answer.parts[0], BYTES_LIT("document")));
    cr_assert(keeper_state_answer_read(&answer, 1, &then));
    cr_expect_eq(then.generation, 1);
}

Test(keeper, without_a_manifest_no_peer_is_let_in, .init = begin, .fini = end)
{
    expect_refused(ask(KEEPER_DRAW, NULL, 0), REFUSED_NO_MANIFEST, "no manifest configured");
}

/* ---- recovery ---- */

Test(keeper, with_a_history_and_without_its_secrets_gives_nothing, .fini = end)
{
    const struct keeper_past past = {BYTES_LIT(""), BYTES_LIT(""), BYTES_LIT("")};
    open_with(&(struct keeper_options){.cas = snp_ca_set_amd(), .past = &past});
    uint8_t nonce[KEEPER_NONCE_BYTES] = {1};
    const bytes parts[] = {BYTES_OF(nonce), BYTES_LIT("")};
    cr_expect(state().is_stale);
    expect_refused(ask(KEEPER_ATTEST, parts, 2), REFUSED_NEEDS_RECOVERY, "recovery mode");
    expect_refused(set("p", ""), REFUSED_NEEDS_RECOVERY, "recovery mode");
}

/* ---- a front that speaks another language ---- */

Test(keeper, drops_a_front_that_asks_for_what_there_is_not, .init = begin, .fini = end)
{
    static const uint8_t frames[][9] = {{0, 0, 0, 5, 0, 0, 0, 0, 7},             /* no such kind */
                                        {0, 0, 0, 5, KEEPER_KINDS, 0, 0, 0, 7},  /* likewise */
                                        {0, 0, 0, 5, KEEPER_SET, 0, 0, 0, 7},    /* without its parts */
                                        {0, 0, 0, 4, KEEPER_STATE, 0, 0, 0, 7}}; /* cut */
    struct keeper_wait wait;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        cr_expect(!is_ok(keeper_answer(keeper, NOW, BYTES_OF(frames[i]), &answers, &wait, NULL)), "frame %zu", i);
}
