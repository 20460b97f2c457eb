/* SPDX-License-Identifier: Apache-2.0 */
/* Recovery of a keeper from a history of two manifests: its record is signed with the transaction key of the vector in
 * the protocol's key derivation (seed 00..3f, salt a0..bf), by the P-384 of tests/deployment.py. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "coordinator/keeper.h"
#include "parse/text.h"
#include "parse/user_api.h"
#include "tests/coordinator_manifest.h"
#include "verify/coordinator_ca.h"
#include "verify/crypto.h"
#include "verify/transition.h"

#define NOW INT64_C(1800000000)

/* The public half of a key that `openssl genrsa 2048` made: PKCS#1, and what SubjectPublicKeyInfo has in front. */
#define RSA_KEY                                                                                                        \
    "3082010a0282010100bc73e1da4a98258329451aeb4d624e723c9f4227253643f2be2069dcb264c407fc8a213c297e57407b"             \
    "f985710413360ba6e7769c3d197279912f7017ad08e492e3ccc67bbeed7c5e7c6ac9709d425985a288a5b9d7c267d6f0e6b5"             \
    "5da73e70fb1fea6ab1f241f8e2389e2920b46335cd45c5df6d482bbca181c17e2d31071cd64874b97503192e2d6726d408be"             \
    "fdb77ba3c2b2764b3eb6753d28092de0666cb5bb2ecff36f4958e657433e7555b85a1a7904212bae8600dcfba0a65652492b"             \
    "61d2c7ee39f9b0411cf9bf445601b98345ca6276d76c6f213878f5bd9f3ea7ef09099074aeb7ddd4e1994aa2757ecad3203f"             \
    "7a410bf67f0d7d8d05ec06267a859b0203010001"
#define RSA_SPKI "30820122300d06092a864886f70d01010105000382010f00" RSA_KEY

/* Hash of the transition and signature: after the first manifest, and after the second. */
#define FIRST_RECORD                                                                                                   \
    "4ddf7c697b56f31bd4007e8aaf54d85f38bf5396f5916d270f7b34d452bf036630660231008e97fef9867357919a200be3f3"             \
    "6e06c79f317fccdcfb785fdf9260168130062c4f3571c39990a8225734869c6c975838023100f6a0a849eb1e9065aff46eba"             \
    "ae112f44463f039da39298223c8881c50610e2625b242f446b76815216d58b3ee605ce5d"
#define SECOND_RECORD                                                                                                  \
    "b28a8f353126f6c07ce7ce2e027cad991e1cbcae95a3020c7af91d5f17d41c273066023100cc08603f4e8e783154f7823f9e"             \
    "0bc9d70a3a7417865db254541f43e19a21fe65efff5d3f4507ea2f75fd53e8caa5b58a023100d198acf8f9594edf1e8ccbbd"             \
    "79a5eefdff9cafe8b0cc989d0171dde89785284b6e31e98c766505f0a2ad2e5a1d922151"

/* The root CA's key of that vector. */
#define ROOT_POINT                                                                                                     \
    "04e58394b714c4fcd630af820997d2a1ae99b4328ac2938fa5b581b007ebaf59eed14685da650e78780116db6dd78fa21fdb"             \
    "e954db855bcd6ad837688bc18e9924d68e8c6baa97e5ff8e1411b85b6fe48deb8c370f8524755b2364976afc5e30a1"

static struct keeper *keeper;
static struct buffer answers = {.name = "answers", .limit = 1 << 20};
static struct message answer;
static struct err err;

/* What the keeper is opened on, and what it is asked with. */
static struct {
    uint8_t record[160], digests[2][SHA256_BYTES], owner[300], seed[64], salt[32];
    bytes manifests[2];
    struct keeper_past past;
    char owners[700];
} given;

static bytes from_hex(const char *hex, uint8_t *out, size_t cap)
{
    size_t len = strlen(hex) / 2;
    cr_assert(len <= cap);
    cr_assert(is_ok(hex_parse(BYTES((const uint8_t *)hex, 2 * len), HEX_LOWER, out, len, &err)), "%s", err.text);
    return BYTES(out, len);
}

static void open_keeper(void)
{
    keeper_free(keeper);
    keeper = NULL;
    const struct keeper_options options = {.cas = snp_ca_set_amd(), .past = &given.past};
    cr_assert(is_ok(keeper_open(&options, &keeper, &err)), "%s", err.text);
}

static void begin(void)
{
    snprintf(given.owners, sizeof given.owners, ",\"SeedshareOwnerPubKeys\":[\"%s\"]", RSA_KEY);
    for (size_t i = 0; i < 2; i++) {
        given.manifests[i] = coordinator_manifest(i == 0 ? "p" : "q", given.owners);
        cr_assert(is_ok(crypto_sha256(&given.manifests[i], 1, given.digests[i], &err)));
    }
    given.past = (struct keeper_past){.record = from_hex(SECOND_RECORD, given.record, sizeof given.record),
                                      .digests = BYTES((uint8_t *)given.digests, sizeof given.digests),
                                      .manifest = given.manifests[1]};
    for (size_t i = 0; i < sizeof given.seed; i++)
        given.seed[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof given.salt; i++)
        given.salt[i] = (uint8_t)(0xa0 + i);
    from_hex(RSA_SPKI, given.owner, sizeof given.owner);
    open_keeper();
}

static void end(void)
{
    keeper_free(keeper);
    buffer_free(&answers);
}

static uint8_t ask(uint8_t kind, const bytes *parts, size_t count)
{
    static uint8_t frame[1 << 16];
    struct message m = {.kind = kind, .id = 7, .part_count = count};
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        m.parts[i] = parts[i];
    cr_assert(is_ok(message_size(&m, &len, &err)) && len <= sizeof frame);
    message_write(&m, frame);
    buffer_drop(&answers, SIZE_MAX);
    struct keeper_wait wait;
    cr_assert(is_ok(keeper_answer(keeper, NOW, BYTES(frame, len), &answers, &wait, &err)), "%s", err.text);
    if (wait.is_waiting) cr_assert(is_ok(keeper_wait_grant(&wait, BYTES_LIT("document"), &answers, &err)));
    cr_assert(is_ok(message_parse(buffer_view(&answers), &answer, &err)), "%s", err.text);
    return answer.kind;
}

static struct keeper_state_answer state(void)
{
    struct keeper_state_answer s;
    cr_assert_eq(ask(KEEPER_STATE, NULL, 0), ANSWER_DONE);
    cr_assert(keeper_state_answer_read(&answer, 0, &s));
    return s;
}

static uint8_t recover_as(bytes seed, bytes salt, bytes client_key)
{
    uint8_t request[256];
    const struct user_recover_request_secret r = {.seed = seed, .salt = salt};
    struct protobuf_writer w = {.out = request, .cap = sizeof request};
    user_recover_request_write(&w, &r);
    cr_assert(is_ok(protobuf_written(&w, &err)));
    const bytes parts[] = {BYTES(request, w.len), client_key};
    return ask(KEEPER_RECOVER, parts, 2);
}

static bytes owner(void)
{
    return BYTES(given.owner, strlen(RSA_SPKI) / 2);
}

static uint8_t recover(void)
{
    return recover_as(BYTES_OF(given.seed), BYTES_OF(given.salt), owner());
}

/* Refused with this, and as much in need of recovery as before. */
static void expect_refused(uint8_t kind, enum refusal why, const char *text)
{
    char have[ERR_TEXT_MAX] = "";
    cr_assert_eq(kind, ANSWER_REFUSED, "%s", text);
    cr_assert_eq(answer.part_count, 2);
    cr_expect_eq(answer.parts[0].ptr[0], why, "%s: %u", text, answer.parts[0].ptr[0]);
    memcpy(have, answer.parts[1].ptr, answer.parts[1].len);
    cr_expect(strstr(have, text) != NULL, "want \"%s\", have \"%s\"", text, have);
    struct keeper_state_answer s = state();
    cr_expect(s.is_stale && s.generation == 0 && s.root_ca.len == 0, "%s", text);
}

/* ---- refused ---- */

Test(keeper_recover, needs_the_seed_and_the_salt_of_the_history, .init = begin, .fini = end)
{
    for (size_t i = 0; i < sizeof given.seed; i += 21) {
        given.seed[i] ^= 1;
        expect_refused(recover(), REFUSED_UNKNOWN, "resetting state: verifying latest transition: seed and salt");
        given.seed[i] ^= 1;
    }
    given.salt[31] ^= 0x80;
    expect_refused(recover(), REFUSED_UNKNOWN, "resetting state: verifying latest transition");
    given.salt[31] ^= 0x80;
    cr_expect_eq(recover(), ANSWER_DONE);
}

Test(keeper_recover, seed_and_salt_have_one_length, .init = begin, .fini = end)
{
    const bytes seed = BYTES_OF(given.seed), salt = BYTES_OF(given.salt), none = BYTES_LIT("");
    expect_refused(recover_as(none, salt, owner()), REFUSED_INVALID_ARGUMENT, "resetting state: seed: want 64 bytes");
    expect_refused(recover_as(bytes_slice(seed, 0, 63), salt, owner()), REFUSED_INVALID_ARGUMENT, "seed: want 64");
    expect_refused(recover_as(seed, none, owner()), REFUSED_INVALID_ARGUMENT, "salt: want 32 bytes");
    expect_refused(recover_as(seed, seed, owner()), REFUSED_INVALID_ARGUMENT, "salt: want 32 bytes, have 64");
    const bytes parts[] = {BYTES_LIT("\x0a\x05seed"), owner()};
    expect_refused(ask(KEEPER_RECOVER, parts, 2), REFUSED_INVALID_ARGUMENT, "RecoverRequest");
}

Test(keeper_recover, is_for_owners_of_seed_shares, .init = begin, .fini = end)
{
    const bytes seed = BYTES_OF(given.seed), salt = BYTES_OF(given.salt);
    const char *const text = "resetting state: peer not authorized to recover existing state";
    expect_refused(recover_as(seed, salt, BYTES_LIT("")), REFUSED_PERMISSION_DENIED, text);
    expect_refused(recover_as(seed, salt, BYTES_LIT("no key")), REFUSED_PERMISSION_DENIED, text);
    given.owner[150] ^= 1; /* in the modulus */
    expect_refused(recover(), REFUSED_PERMISSION_DENIED, text);
}

Test(keeper_recover, a_manifest_without_owners_lets_nobody, .init = begin, .fini = end)
{
    bytes nobody = coordinator_manifest("q", "");
    cr_assert(is_ok(crypto_sha256(&nobody, 1, given.digests[1], &err)));
    cr_assert(is_ok(transition_next(given.manifests[0], transition_none, given.record, &err)));
    cr_assert(is_ok(transition_next(nobody, given.record, given.record, &err)));
    given.past.manifest = nobody;
    expect_refused(recover(), REFUSED_PERMISSION_DENIED, "none of the 0 owners");
}

/* The manifest of a store that lies may name an owner of its own: that does not make a seed the right one. */
Test(keeper_recover, a_history_that_nobody_signed_is_refused, .init = begin, .fini = end)
{
    bytes other = coordinator_manifest("another", given.owners);
    cr_assert(is_ok(crypto_sha256(&other, 1, given.digests[1], &err)));
    cr_assert(is_ok(transition_next(given.manifests[0], transition_none, given.record, &err)));
    cr_assert(is_ok(transition_next(other, given.record, given.record, &err)));
    given.past.manifest = other;
    expect_refused(recover(), REFUSED_UNKNOWN, "verifying latest transition");
}

Test(keeper_recover, a_history_is_whole_and_in_order, .init = begin, .fini = end)
{
    const struct keeper_past good = given.past;
    given.past.digests = bytes_slice(good.digests, SHA256_BYTES, SHA256_BYTES); /* without the first */
    expect_refused(recover(), REFUSED_INTERNAL, "history: its manifests do not lead to the latest transition");
    given.past.digests = bytes_slice(good.digests, 0, SHA256_BYTES); /* without the last */
    expect_refused(recover(), REFUSED_INTERNAL, "history: its last hash is not that of the last manifest");
    given.past.manifest = given.manifests[0];
    expect_refused(recover(), REFUSED_INTERNAL, "history: its manifests do not lead to the latest transition");
    given.past = good;
    given.past.manifest = given.manifests[0]; /* another manifest */
    expect_refused(recover(), REFUSED_INTERNAL, "history: its last hash is not that of the last manifest");
    given.past = good;
    given.past.digests = bytes_slice(good.digests, 0, 0);
    expect_refused(recover(), REFUSED_INTERNAL, "history: want 1 to");
    given.past.digests = bytes_slice(good.digests, 0, 63);
    expect_refused(recover(), REFUSED_INTERNAL, "history: want 1 to");
    given.past = good;
    given.past.manifest = BYTES_LIT("null");
    expect_refused(recover(), REFUSED_INTERNAL, "resetting state");
    given.past = good;
    memcpy(given.digests[0], given.digests[1], SHA256_BYTES); /* the same manifest twice */
    expect_refused(recover(), REFUSED_INTERNAL, "history: its manifests do not lead to the latest transition");
}

Test(keeper_recover, a_record_is_of_its_transition, .init = begin, .fini = end)
{
    for (size_t at = 0; at < given.past.record.len; at += 9) {
        given.record[at] ^= 1;
        cr_expect_eq(recover(), ANSWER_REFUSED, "byte %zu", at);
        given.record[at] ^= 1;
    }
    for (size_t len = 0; len < given.past.record.len; len++) {
        const struct keeper_past good = given.past;
        given.past.record.len = len;
        cr_expect_eq(recover(), ANSWER_REFUSED, "%zu bytes", len);
        given.past = good;
    }
    from_hex(FIRST_RECORD, given.record, sizeof given.record); /* of an older transition, rightly signed */
    expect_refused(recover(), REFUSED_INTERNAL, "history: its manifests do not lead to the latest transition");
    cr_expect(state().is_stale);
}

Test(keeper_recover, is_done_once, .init = begin, .fini = end)
{
    cr_assert_eq(recover(), ANSWER_DONE);
    cr_assert_eq(recover(), ANSWER_REFUSED);
    cr_expect_eq(answer.parts[0].ptr[0], REFUSED_ALREADY_RECOVERED);
    cr_expect_eq(state().generation, 2);
}

Test(keeper_recover, without_a_history_there_is_nothing_to_recover, .init = begin, .fini = end)
{
    keeper_free(keeper);
    cr_assert(is_ok(keeper_open(&(struct keeper_options){0}, &keeper, &err)));
    cr_assert_eq(recover(), ANSWER_REFUSED);
    cr_expect_eq(answer.parts[0].ptr[0], REFUSED_NO_MANIFEST);
}

/* ---- recovered ---- */

/* The key of a CA certificate of the right profile. */
static bytes point_of(bytes pem, enum coordinator_ca_role role)
{
    static struct coordinator_ca ca;
    cr_assert(is_ok(coordinator_ca_parse(pem, role, &ca, &err)), "%s", err.text);
    return ca.point;
}

Test(keeper_recover, brings_back_the_history_and_the_root_and_a_new_mesh_ca, .init = begin, .fini = end)
{
    uint8_t root[97], first_mesh[97];
    cr_assert_eq(recover(), ANSWER_DONE);
    cr_expect_eq(answer.part_count, 0);
    struct keeper_state_answer s = state();
    cr_expect(!s.is_stale);
    cr_expect_eq(s.generation, 2);
    cr_expect(bytes_eq(s.record, given.past.record));
    cr_expect(bytes_eq(point_of(s.root_ca, COORDINATOR_ROOT_CA), from_hex(ROOT_POINT, root, sizeof root)));
    memcpy(first_mesh, point_of(s.mesh_ca, COORDINATOR_MESH_CA).ptr, sizeof first_mesh);

    open_keeper();
    cr_assert_eq(recover(), ANSWER_DONE);
    s = state();
    cr_expect(bytes_eq(point_of(s.root_ca, COORDINATOR_ROOT_CA), BYTES_OF(root)));
    cr_expect(!bytes_eq(point_of(s.mesh_ca, COORDINATOR_MESH_CA), BYTES_OF(first_mesh)));
}

Test(keeper_recover, a_history_of_one_manifest_will_do, .init = begin, .fini = end)
{
    given.past = (struct keeper_past){.record = from_hex(FIRST_RECORD, given.record, sizeof given.record),
                                      .digests = BYTES_OF(given.digests[0]),
                                      .manifest = given.manifests[0]};
    cr_assert_eq(recover(), ANSWER_DONE);
    cr_expect_eq(state().generation, 1);
}
