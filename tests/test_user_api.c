/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/mesh_api.h"
#include "parse/user_api.h"

/* Expected bytes are by hand, from the field numbers of userapi.proto and meshapi.proto and from "Encoding" on
 * protobuf.dev; tests/interop has Google's implementation read and write the same messages. */

#define HASH "0123456789abcdef0123456789ABCDEF" /* any 32 bytes */

enum message { SET_REQUEST, SET_RESPONSE, GET_RESPONSE, RECOVER_REQUEST, NEW_CERT, MESH_RECOVER, EMPTY };
enum { ITEMS = 4 };

struct parsed {
    bytes lists[2][ITEMS];
    struct user_seed_share shares[ITEMS];
    union {
        struct user_set_manifest_request set_request;
        struct user_set_manifest_response set_response;
        struct user_get_manifests_response get_response;
        struct user_recover_request_secret recover_request;
        struct mesh_new_cert_response_secret new_cert;
        struct mesh_recover_response_secret mesh_recover;
    } as;
};

static status parse_message(enum message which, bytes in, struct parsed *p, struct err *err)
{
    const struct user_get_manifests_storage lent = {p->lists[0], ITEMS, p->lists[1], ITEMS};
    switch (which) {
    case SET_REQUEST:
        return user_set_manifest_request_parse(in, p->lists[0], ITEMS, &p->as.set_request, err);
    case SET_RESPONSE:
        return user_set_manifest_response_parse(in, p->shares, ITEMS, &p->as.set_response, err);
    case GET_RESPONSE:
        return user_get_manifests_response_parse(in, &lent, &p->as.get_response, err);
    case RECOVER_REQUEST:
        return user_recover_request_parse(in, &p->as.recover_request, err);
    case NEW_CERT:
        return mesh_new_cert_response_parse(in, &p->as.new_cert, err);
    case MESH_RECOVER:
        return mesh_recover_response_parse(in, &p->as.mesh_recover, err);
    case EMPTY:
        break;
    }
    return empty_message_parse(in, err);
}

static void write_message(enum message which, const struct parsed *p, struct protobuf_writer *w)
{
    if (which == SET_REQUEST) user_set_manifest_request_write(w, &p->as.set_request);
    if (which == SET_RESPONSE) user_set_manifest_response_write(w, &p->as.set_response);
    if (which == GET_RESPONSE) user_get_manifests_response_write(w, &p->as.get_response);
    if (which == RECOVER_REQUEST) user_recover_request_write(w, &p->as.recover_request);
    if (which == NEW_CERT) mesh_new_cert_response_write(w, &p->as.new_cert);
    if (which == MESH_RECOVER) mesh_recover_response_write(w, &p->as.mesh_recover);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(user_api, malformed_messages_are_refused)
{
    static const struct {
        enum message which;
        enum err_kind kind;
        bytes in;
        const char *text;
    } rows[] = {
        {SET_REQUEST, ERR_DUPLICATE, BYTES_LIT("\x0a\x01{\x0a\x01{"), "SetManifestRequest: Manifest: comes twice"},
        {SET_REQUEST, ERR_DUPLICATE, BYTES_LIT("\x1a\0\x1a\0"), "PreviousTransitionHash: comes twice"},
        {SET_REQUEST, ERR_DUPLICATE, BYTES_LIT("\x22\0\x22\0"), "Signature: comes twice"},
        {SET_REQUEST, ERR_SYNTAX, BYTES_LIT("\x08\x01"), "Manifest: another wire type is due"},
        {SET_REQUEST, ERR_SYNTAX, BYTES_LIT("\x15\1\2\3\4"), "Policies: another wire type is due"},
        {SET_REQUEST, ERR_NOMEM, BYTES_LIT("\x12\0\x12\0\x12\0\x12\0\x12\0"), "Policies: no room for so many"},
        {SET_REQUEST, ERR_UNSUPPORTED, BYTES_LIT("\x2b\x2c"), "wire type"},
        {SET_RESPONSE, ERR_DUPLICATE, BYTES_LIT("\x0a\1x\x0a\1x"), "RootCA: comes twice"},
        {SET_RESPONSE, ERR_DUPLICATE, BYTES_LIT("\x1a\0\x1a\0"), "SeedSharesDoc: comes twice"},
        {SET_RESPONSE, ERR_TRUNCATED, BYTES_LIT("\x1a\3\x12\2x"), "SeedShareDocument"},
        {SET_RESPONSE, ERR_DUPLICATE, BYTES_LIT("\x1a\6\x12\1x\x12\1y"), "salt: comes twice"},
        {SET_RESPONSE, ERR_SYNTAX, BYTES_LIT("\x1a\5\x0a\3\x0a\1g"), "SeedShare: PublicKey: want hex digits"},
        {SET_RESPONSE, ERR_SYNTAX, BYTES_LIT("\x1a\5\x0a\3\x0a\1\""), "SeedShare: PublicKey: want hex digits"},
        {SET_RESPONSE, ERR_DUPLICATE, BYTES_LIT("\x1a\x06\x0a\x04\x12\0\x12\0"), "EncryptedSeed: comes twice"},
        {SET_RESPONSE, ERR_NOMEM, BYTES_LIT("\x1a\x0a\x0a\0\x0a\0\x0a\0\x0a\0\x0a\0"), "SeedShares: no room"},
        {GET_RESPONSE, ERR_DUPLICATE, BYTES_LIT("\x1a\0\x1a\0"), "RootCA: comes twice"},
        {GET_RESPONSE, ERR_DUPLICATE, BYTES_LIT("\x22\0\x22\0"), "MeshCA: comes twice"},
        {GET_RESPONSE, ERR_RANGE, BYTES_LIT("\x2a\0"), "TransitionHash: want 32 bytes, have 0"},
        {GET_RESPONSE, ERR_RANGE, BYTES_LIT("\x2a\4\x0a\2ab"), "TransitionHash: want 32 bytes, have 2"},
        {GET_RESPONSE, ERR_RANGE, BYTES_LIT("\x2a\x23\x0a\x21" HASH "x"), "TransitionHash: want 32 bytes, have 33"},
        {GET_RESPONSE, ERR_NOMEM, BYTES_LIT("\x0a\0\x0a\0\x0a\0\x0a\0\x0a\0"), "Manifests: no room"},
        {RECOVER_REQUEST, ERR_RANGE, BYTES_LIT("\x18\x02"), "Force: want 0 or 1"},
        {RECOVER_REQUEST, ERR_SYNTAX, BYTES_LIT("\x1a\1\1"), "Force: another wire type is due"},
        {RECOVER_REQUEST, ERR_DUPLICATE, BYTES_LIT("\x18\1\x18\1"), "Force: comes twice"},
        {NEW_CERT, ERR_RANGE, BYTES_LIT("\x22\1x"), "WorkloadSecret: want 64 bytes, have 1"},
        {NEW_CERT, ERR_DUPLICATE, BYTES_LIT("\x12\1x\x12\1x"), "CertChain: comes twice"},
        {MESH_RECOVER, ERR_DUPLICATE, BYTES_LIT("\x1a\1x\x1a\1x"), "MeshCAKey: comes twice"},
        {MESH_RECOVER, ERR_SYNTAX, BYTES_LIT("\x08\1"), "Seed: another wire type is due"},
        {EMPTY, ERR_TRUNCATED, BYTES_LIT("\x0a\1"), "empty message"},
        {EMPTY, ERR_UNSUPPORTED, BYTES_LIT("\x0b\x0c"), "wire type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parsed p = {0}, untouched = {0};
        struct err err = {0};
        cr_expect_eq(parse_message(rows[i].which, rows[i].in, &p, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
        cr_expect(strstr(err.text, rows[i].text), "row %zu: %s", i, err.text);
        cr_expect(err.offset <= rows[i].in.len);
        cr_expect_eq(memcmp(&p.as, &untouched.as, sizeof p.as), 0, "row %zu: output touched", i);
    }
}

static void fill(uint8_t *out, size_t *len, size_t count, const char *item)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(out + *len, item, 2);
        *len += 2;
    }
}

Test(user_api, lists_have_limits)
{
    static uint8_t in[2 * (LIMIT_HISTORY_POLICIES + 1) + 8];
    static bytes items[LIMIT_HISTORY_POLICIES + 1];
    static struct user_seed_share shares[LIMIT_MANIFEST_OWNERS + 1];
    struct user_set_manifest_request request = {0};
    struct user_get_manifests_response history = {0};
    struct user_set_manifest_response response = {0};
    size_t n = 0;
    fill(in, &n, LIMIT_MANIFEST_POLICIES + 1, "\x12");
    cr_expect(is_ok(user_set_manifest_request_parse(BYTES(in, n - 2), items, LIMIT_MANIFEST_POLICIES, &request, NULL)));
    cr_expect_eq(request.policy_count, LIMIT_MANIFEST_POLICIES);
    cr_expect_eq(user_set_manifest_request_parse(BYTES(in, n), items, LIMIT_HISTORY_POLICIES, &request, NULL).kind,
                 ERR_LIMIT);

    const struct user_get_manifests_storage lent = {items, LIMIT_HISTORY_POLICIES + 1, items,
                                                    LIMIT_HISTORY_POLICIES + 1};
    n = 0;
    fill(in, &n, LIMIT_HISTORY_MANIFESTS + 1, "\x0a");
    cr_expect(is_ok(user_get_manifests_response_parse(BYTES(in, n - 2), &lent, &history, NULL)));
    cr_expect_eq(user_get_manifests_response_parse(BYTES(in, n), &lent, &history, NULL).kind, ERR_LIMIT);
    n = 0;
    fill(in, &n, LIMIT_HISTORY_POLICIES + 1, "\x12");
    cr_expect(is_ok(user_get_manifests_response_parse(BYTES(in, n - 2), &lent, &history, NULL)));
    cr_expect_eq(user_get_manifests_response_parse(BYTES(in, n), &lent, &history, NULL).kind, ERR_LIMIT);

    memcpy(in, "\x1a\x82\x04", 3); /* 2 * 257 = 0x202 bytes */
    n = 3;
    fill(in, &n, LIMIT_MANIFEST_OWNERS + 1, "\x0a");
    cr_expect_eq(
        user_set_manifest_response_parse(BYTES(in, n), shares, LIMIT_MANIFEST_OWNERS + 1, &response, NULL).kind,
        ERR_LIMIT);
}

Test(user_api, what_does_not_fit_is_not_written)
{
    struct user_set_manifest_request r = {.manifest = BYTES_LIT("{}")};
    uint8_t out[5] = "....";
    for (size_t cap = 0; cap < 4; cap++) {
        struct protobuf_writer w = {.out = out, .cap = cap};
        struct err err = {0};
        user_set_manifest_request_write(&w, &r);
        cr_expect_eq(protobuf_written(&w, &err).kind, ERR_NOMEM, "%zu", cap);
        cr_expect_str_eq(err.text + strlen("protobuf message of 4 bytes: "), cap == 0   ? "room for 0"
                                                                             : cap == 1 ? "room for 1"
                                                                             : cap == 2 ? "room for 2"
                                                                                        : "room for 3");
        cr_expect_eq(w.len, 4);
        cr_expect_eq(out[cap], '.', "byte %zu", cap);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

#define SET_REQUEST_BYTES                                                                                              \
    "\x0a\x02{}"                                                                                                       \
    "\x12\x01p"                                                                                                        \
    "\x12\x00"                                                                                                         \
    "\x1a\x20" HASH "\x22\x03sig"

Test(user_api, set_manifest_request)
{
    bytes policies[2];
    struct user_set_manifest_request r;
    cr_assert(is_ok(user_set_manifest_request_parse(BYTES_LIT(SET_REQUEST_BYTES), policies, 2, &r, NULL)));
    cr_expect(bytes_eq(r.manifest, BYTES_LIT("{}")));
    cr_assert_eq(r.policy_count, 2);
    cr_expect(bytes_eq(r.policies[0], BYTES_LIT("p")));
    cr_expect(bytes_eq(r.policies[1], BYTES_LIT("")));
    cr_expect(bytes_eq(r.previous_transition_hash, BYTES_LIT(HASH)));
    cr_expect(bytes_eq(r.signature, BYTES_LIT("sig")));

    cr_assert(is_ok(user_set_manifest_request_parse(BYTES_LIT("\x0a\0\x1a\0\x22\0"), policies, 2, &r, NULL)));
    cr_expect(bytes_is_absent(r.manifest) && bytes_is_absent(r.previous_transition_hash));
    cr_expect(bytes_is_absent(r.signature) && r.policy_count == 0);
}

#define SET_RESPONSE_BYTES                                                                                             \
    "\x0a\x04ROOT"                                                                                                     \
    "\x12\x04MESH"                                                                                                     \
    "\x1a\x18\x0a\x07\x0a\x02"                                                                                         \
    "3A\x12\x01x\x0a\x07\x0a\x02"                                                                                      \
    "4b\x12\x01y\x12\x04salt"

Test(user_api, set_manifest_response)
{
    struct user_seed_share shares[2];
    struct user_set_manifest_response r;
    cr_assert(is_ok(user_set_manifest_response_parse(BYTES_LIT(SET_RESPONSE_BYTES), shares, 2, &r, NULL)));
    cr_expect(bytes_eq(r.root_ca, BYTES_LIT("ROOT")));
    cr_expect(bytes_eq(r.mesh_ca, BYTES_LIT("MESH")));
    cr_assert(r.has_seed_shares && r.seed_shares.count == 2);
    cr_expect(bytes_eq(r.seed_shares.shares[0].public_key, BYTES_LIT("3A")));
    cr_expect(bytes_eq(r.seed_shares.shares[1].encrypted_seed, BYTES_LIT("y")));
    cr_expect(bytes_eq(r.seed_shares.salt, BYTES_LIT("salt")));

    cr_assert(is_ok(user_set_manifest_response_parse(BYTES_LIT("\x0a\1R"), shares, 2, &r, NULL)));
    cr_expect_not(r.has_seed_shares);
    cr_assert(is_ok(user_set_manifest_response_parse(BYTES_LIT("\x1a\0"), shares, 2, &r, NULL)));
    cr_expect(r.has_seed_shares && r.seed_shares.count == 0);
}

#define GET_RESPONSE_BYTES                                                                                             \
    "\x0a\x02m0"                                                                                                       \
    "\x0a\x02m1"                                                                                                       \
    "\x12\x01p"                                                                                                        \
    "\x1a\x04ROOT"                                                                                                     \
    "\x22\x04MESH"                                                                                                     \
    "\x2a\x27\x0a\x20" HASH "\x12\x03sig"

Test(user_api, get_manifests_response)
{
    bytes manifests[2], policies[1];
    const struct user_get_manifests_storage lent = {manifests, 2, policies, 1};
    struct user_get_manifests_response r;
    cr_assert(is_ok(user_get_manifests_response_parse(BYTES_LIT(GET_RESPONSE_BYTES), &lent, &r, NULL)));
    cr_assert(r.manifest_count == 2 && r.policy_count == 1 && r.has_latest_transition);
    cr_expect(bytes_eq(r.manifests[0], BYTES_LIT("m0")));
    cr_expect(bytes_eq(r.manifests[1], BYTES_LIT("m1")));
    cr_expect(bytes_eq(r.policies[0], BYTES_LIT("p")));
    cr_expect(bytes_eq(r.root_ca, BYTES_LIT("ROOT")));
    cr_expect(bytes_eq(r.mesh_ca, BYTES_LIT("MESH")));
    cr_expect(bytes_eq(r.transition_hash, BYTES_LIT(HASH)));
    cr_expect(bytes_eq(r.transition_signature, BYTES_LIT("sig")));

    cr_assert(is_ok(user_get_manifests_response_parse(BYTES_LIT("\x0a\2m0"), &lent, &r, NULL)));
    cr_expect_not(r.has_latest_transition);
}

#define RECOVER_REQUEST_BYTES "\x0a\x04seed\x12\x04salt\x18\x01"
#define NEW_CERT_BYTES                                                                                                 \
    "\x0a\x04MESH"                                                                                                     \
    "\x12\x05"                                                                                                         \
    "CHAIN\x1a\x04ROOT\x22\x40" HASH HASH
#define MESH_RECOVER_BYTES "\x0a\x04seed\x12\x04salt\x1a\x03KEY\x22\x02{}"

Test(user_api, recover_request)
{
    struct user_recover_request_secret r;
    cr_assert(is_ok(user_recover_request_parse(BYTES_LIT(RECOVER_REQUEST_BYTES), &r, NULL)));
    cr_expect(bytes_eq(r.seed, BYTES_LIT("seed")) && bytes_eq(r.salt, BYTES_LIT("salt")) && r.force);
    cr_assert(is_ok(user_recover_request_parse(BYTES_LIT("\x18\0"), &r, NULL)));
    cr_expect(bytes_is_absent(r.seed) && bytes_is_absent(r.salt) && !r.force);
}

Test(mesh_api, values)
{
    struct mesh_new_cert_response_secret c;
    cr_assert(is_ok(mesh_new_cert_response_parse(BYTES_LIT(NEW_CERT_BYTES), &c, NULL)));
    cr_expect(bytes_eq(c.mesh_ca, BYTES_LIT("MESH")) && bytes_eq(c.cert_chain, BYTES_LIT("CHAIN")));
    cr_expect(bytes_eq(c.root_ca, BYTES_LIT("ROOT")) && bytes_eq(c.workload_secret, BYTES_LIT(HASH HASH)));
    cr_assert(is_ok(mesh_new_cert_response_parse(BYTES_LIT("\x0a\1M\x22\0"), &c, NULL)));
    cr_expect(bytes_is_absent(c.workload_secret));

    struct mesh_recover_response_secret r;
    cr_assert(is_ok(mesh_recover_response_parse(BYTES_LIT(MESH_RECOVER_BYTES), &r, NULL)));
    cr_expect(bytes_eq(r.seed, BYTES_LIT("seed")) && bytes_eq(r.salt, BYTES_LIT("salt")));
    cr_expect(bytes_eq(r.mesh_ca_key, BYTES_LIT("KEY")) && bytes_eq(r.latest_manifest, BYTES_LIT("{}")));
}

static const struct {
    enum message which;
    bytes in;
} wholes[] = {
    {SET_REQUEST, BYTES_LIT(SET_REQUEST_BYTES)},         {SET_RESPONSE, BYTES_LIT(SET_RESPONSE_BYTES)},
    {GET_RESPONSE, BYTES_LIT(GET_RESPONSE_BYTES)},       {NEW_CERT, BYTES_LIT(NEW_CERT_BYTES)},
    {RECOVER_REQUEST, BYTES_LIT(RECOVER_REQUEST_BYTES)}, {MESH_RECOVER, BYTES_LIT(MESH_RECOVER_BYTES)},
};
enum { WHOLES = sizeof wholes / sizeof wholes[0] };

/* What is written is what the specification says, to the byte. */
Test(user_api, writers)
{
    for (size_t i = 0; i < WHOLES; i++) {
        struct parsed p = {0};
        uint8_t out[200];
        struct protobuf_writer w = {.out = out, .cap = sizeof out};
        cr_assert(is_ok(parse_message(wholes[i].which, wholes[i].in, &p, NULL)), "message %zu", i);
        write_message(wholes[i].which, &p, &w);
        cr_assert(is_ok(protobuf_written(&w, NULL)));
        cr_expect(bytes_eq(BYTES(out, w.len), wholes[i].in), "message %zu", i);
    }
}

/* proto3: a later release may have added a member of any kind, and 2024's NewMeshCertRequest had one that was dropped.
 */
Test(user_api, members_of_other_releases_are_skipped)
{
    static const bytes unknown = BYTES_LIT("\x38\x05"
                                           "\x39\1\2\3\4\5\6\7\x08"
                                           "\x3a\x03new"
                                           "\x3a\x03new"
                                           "\x3d\1\2\3\4"
                                           "\xf8\xff\xff\xff\x0f\x05");
    for (size_t i = 0; i < WHOLES; i++) {
        struct parsed p = {0};
        uint8_t in[250], out[200];
        struct protobuf_writer w = {.out = out, .cap = sizeof out};
        memcpy(in, unknown.ptr, unknown.len);
        memcpy(in + unknown.len, wholes[i].in.ptr, wholes[i].in.len);
        struct err err = {0};
        status s = parse_message(wholes[i].which, BYTES(in, unknown.len + wholes[i].in.len), &p, &err);
        cr_assert(is_ok(s), "message %zu: %s", i, err.text);
        write_message(wholes[i].which, &p, &w);
        cr_expect(bytes_eq(BYTES(out, w.len), wholes[i].in), "message %zu", i);
    }
    cr_expect(is_ok(empty_message_parse(BYTES_LIT("\x0a\x03old"), NULL)));
    cr_expect(is_ok(empty_message_parse(BYTES_LIT(""), NULL)));
}

/* Each strict prefix is refused, or ends between two members and then means less. */
Test(user_api, prefixes_mean_less)
{
    for (size_t i = 0; i < WHOLES; i++)
        for (size_t n = 0; n < wholes[i].in.len; n++) {
            struct parsed p = {0};
            uint8_t out[200];
            struct protobuf_writer w = {.out = out, .cap = sizeof out};
            bytes prefix = bytes_slice(wholes[i].in, 0, n);
            if (!is_ok(parse_message(wholes[i].which, prefix, &p, NULL))) continue;
            write_message(wholes[i].which, &p, &w);
            cr_expect(bytes_eq(BYTES(out, w.len), prefix), "message %zu: prefix of %zu", i, n);
        }
}

static bool says_the_same(bytes whole, const struct parsed *p, enum message which)
{
    uint8_t out[250];
    struct protobuf_writer w = {.out = out, .cap = sizeof out};
    write_message(which, p, &w);
    return bytes_eq(BYTES(out, w.len), whole);
}

/* Each change of a single byte is refused or means something else: nothing in these messages is ignored. */
Test(user_api, each_byte_counts)
{
    for (size_t i = 0; i < WHOLES; i++)
        for (size_t at = 0; at < wholes[i].in.len; at++)
            for (unsigned value = 0; value < 256; value++) {
                uint8_t in[200];
                memcpy(in, wholes[i].in.ptr, wholes[i].in.len);
                if (in[at] == value) continue;
                in[at] = (uint8_t)value;
                struct parsed p = {0};
                bytes changed = BYTES(in, wholes[i].in.len);
                if (!is_ok(parse_message(wholes[i].which, changed, &p, NULL))) continue;
                cr_expect_not(says_the_same(wholes[i].in, &p, wholes[i].which), "message %zu: byte %zu = %u", i, at,
                              value);
            }
}
