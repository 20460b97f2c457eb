/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/manifest.h"
#include "parse/san.h"
#include "parse/text.h"
#include "tests/public_keys.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

#define HASH_A "99dd77cbd7fe2c4e1f29511014c14054a21a376f7d58a48d50e9e036f4522f6b"
#define HASH_B "1111111111111111111111111111111111111111111111111111111111111111"
#define DIGEST "5f28e2ed7c5b5b2c1f0e1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f"
#define HEX16  "00112233445566778899aabbccddeeff"
#define HEX48  HEX16 HEX16 HEX16
#define HEX64  HEX16 HEX48
#define ZERO16 "00000000000000000000000000000000"

#define POLICIES                                                                                                       \
    "\"Policies\":{\"" HASH_A "\":{\"SANs\":[\"coordinator\",\"*\"],\"WorkloadSecretID\":\"apps/v1/x\",\"Role\":"      \
    "\"coordinator\"},\"" HASH_B "\":{\"SANs\":[\"203.0.113.7\",\"spiffe://a/b\",\"web\"]}}"
#define TCB "\"MinimumTCB\":{\"BootloaderVersion\":3,\"TEEVersion\":0,\"SNPVersion\":8,\"MicrocodeVersion\":115}"
#define GUEST_POLICY                                                                                                   \
    "\"GuestPolicy\":{\"ABIMinor\":31,\"ABIMajor\":0,\"SMT\":true,\"MigrateMA\":false,\"Debug\":false,"                \
    "\"SingleSocket\":false,\"CXLAllowed\":false,\"MemAES256XTS\":false,\"RAPLDis\":false,"                            \
    "\"CipherTextHidingDRAM\":false,\"PageSwapDisable\":true}"
#define PLATFORM_INFO                                                                                                  \
    "\"PlatformInfo\":{\"SMTEnabled\":true,\"TSMEEnabled\":false,\"ECCEnabled\":true,\"RAPLDisabled\":false,"          \
    "\"CiphertextHidingDRAMEnabled\":false,\"AliasCheckComplete\":true,\"TIOEnabled\":true}"
#define SNP                                                                                                            \
    "{\"Platform\":\"Metal-QEMU-SNP\",\"ProductName\":\"Genoa\",\"TrustedMeasurement\":\"" HEX48 "\"," TCB             \
    "," GUEST_POLICY "," PLATFORM_INFO                                                                                 \
    ",\"MinimumMitigationVector\":18446744073709551615,\"AllowedChipIDs\":[\"" HEX64                                   \
    "\"],\"APEIP\":\"0080b004\",\"CPUs\":2}"
#define TDX                                                                                                            \
    "{\"MrTd\":\"" HEX48 "\",\"MrSeam\":\"" HEX48 "\",\"Rtmrs\":[\"" HEX48 "\",\"" HEX48 "\",\"" HEX48 "\",\"" HEX48   \
    "\"],\"Xfam\":\"e702060000000000\",\"AllowedPIIDs\":[\"" HEX16 "\"],\"SMTDisabled\":true}"
#define DIGESTS "\"WorkloadOwnerKeyDigests\":[\"" DIGEST "\"]"
#define OWNERS  "\"WorkloadOwnerPubKeys\":[\"" KEY_P256 "\",\"" KEY_P384 "\",\"" KEY_P521 "\"]"
#define SHARES  "\"SeedshareOwnerPubKeys\":[\"" KEY_RSA4096 "\"]"
#define WHOLE                                                                                                          \
    "{" POLICIES ",\"ReferenceValues\":{\"snp\":[" SNP "],\"tdx\":[" TDX "]}," DIGESTS "," OWNERS "," SHARES           \
    ",\"MinimumAPIVersion\":\"v1\"}"

#define SNP_AT "/ReferenceValues/snp/0"
#define TDX_AT "/ReferenceValues/tdx/0"

static struct manifest_room *room;
static uint8_t text[LIMIT_MANIFEST_BYTES];
static struct manifest_storage storage;

static status parse(bytes in, struct manifest *out, struct err *err)
{
    if (!room) room = calloc(1, sizeof *room);
    cr_assert(room);
    storage = manifest_storage_of(room, text, sizeof text);
    return manifest_parse(in, &storage, out, err);
}

static void free_room(void)
{
    free(room);
}

TestSuite(manifest, .fini = free_room);

/* WHOLE with the first `was` replaced. */
static bytes edited(const char *was, const char *is)
{
    static char edit[2 * sizeof WHOLE + 16384];
    const char *at = strstr(WHOLE, was);
    cr_assert(at, "no %s", was);
    int n = snprintf(edit, sizeof edit, "%.*s%s%s", (int)(at - WHOLE), WHOLE, is, at + strlen(was));
    cr_assert(n > 0 && (size_t)n < sizeof edit);
    return BYTES((const uint8_t *)edit, (size_t)n);
}

/* One finding, and only one. */
static void refused(bytes in, const char *pointer, enum err_kind kind, const char *says)
{
    struct manifest m = {.policy_count = 77};
    struct err err = {0};
    status s = parse(in, &m, &err);
    cr_expect_eq(s.kind, kind, "%s: %s: %s", pointer, says, err.text);
    cr_expect(m.policy_count == 77 && err.kind == s.kind, "%s", pointer);
    cr_assert_eq(storage.finding_count, 1, "%s: %s: %zu findings, first %s", pointer, says, storage.finding_count,
                 err.text);
    const struct manifest_finding *f = &storage.findings[0];
    cr_expect_str_eq(f->pointer.s, pointer, "%s", f->text);
    cr_expect(strstr(f->text, says), "%s: want %s, have %s", pointer, says, f->text);
    cr_expect(f->kind == kind && f->offset == err.offset && f->offset <= in.len, "%s", pointer);
    cr_expect(strncmp(err.text, pointer, strlen(pointer)) == 0 && strstr(err.text, f->text), "%s", err.text);
    cr_expect_not(storage.findings_cut);
}

struct refusal {
    const char *was, *is, *pointer;
    enum err_kind kind;
    const char *says;
};

static void refuse_all(const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        refused(edited(rows[i].was, rows[i].is), rows[i].pointer, rows[i].kind, rows[i].says);
}

/* ---- what is refused ---- */

/* Ids in an order of their own, and one of them again in each other place behind itself; in another entry it may be. */
Test(manifest, a_chip_that_is_listed_twice_is_found_among_many)
{
    enum { CHIPS = 41 };
    static const char entry[] = "{\"ProductName\":\"Genoa\"," TCB "," GUEST_POLICY ",\"AllowedChipIDs\":[";
    static char list[(CHIPS + 1) * (2 * MANIFEST_CHIP_ID_BYTES + 3) + 8192];
    for (size_t again = 0; again <= CHIPS; again++) {
        size_t n = (size_t)sprintf(list, "[%s\"" HEX64 "\"]},%s", entry, entry), i = 0;
        for (; i < CHIPS + (again < CHIPS); i++)
            n += (size_t)sprintf(list + n, "%s\"%.126s%02zx\"", i ? "," : "", HEX64,
                                 1 + (i < CHIPS ? i : again) * 16 % CHIPS);
        (void)sprintf(list + n, "]}]");
        char pointer[64], says[64];
        (void)snprintf(pointer, sizeof pointer, "/ReferenceValues/snp/1/AllowedChipIDs/%d", CHIPS);
        (void)snprintf(says, sizeof says, "the same chip id as item %zu", again);
        struct manifest m;
        struct err err = {0};
        if (again < CHIPS)
            refused(edited("[" SNP "]", list), pointer, ERR_DUPLICATE, says);
        else
            cr_expect(is_ok(parse(edited("[" SNP "]", list), &m, &err)) && m.chip_id_count == CHIPS + 1, "%s",
                      err.text);
    }
}

Test(manifest, what_is_no_object)
{
    refused(text_bytes("null"), "", ERR_SYNTAX, "want an object, have null");
    refused(text_bytes("[]"), "", ERR_SYNTAX, "want an object, have an array");
    refused(text_bytes("\"\""), "", ERR_SYNTAX, "want an object, have a string");
    refused(text_bytes(""), "", ERR_TRUNCATED, "have the end");
    refused(text_bytes(WHOLE " x"), "", ERR_TRAILING, "leftover");
    refused(text_bytes(WHOLE "{}"), "", ERR_TRAILING, "leftover");
}

Test(manifest, policies)
{
    static const struct refusal rows[] = {
        {"\"99dd", "\"99Dd", "/Policies/99Dd77cbd7fe2c4e1f29511014c14054a21a376f7d58a48d50e9e036f4522f6b", ERR_SYNTAX,
         "not a lower-case hex digit"},
        {"\"99dd", "\"99d", "/Policies/99d77cbd7fe2c4e1f29511014c14054a21a376f7d58a48d50e9e036f4522f6b", ERR_TRUNCATED,
         "want 64 digits"},
        {"\"99dd", "\"9\\u0039dd", "/Policies/" HASH_A, ERR_SYNTAX, "without escapes"},
        {HASH_B, ZERO16 ZERO16, "/Policies/" ZERO16 ZERO16, ERR_DENIED, "have zeros"},
        {HASH_B, HASH_A, "/Policies", ERR_DUPLICATE, "occurs twice"},
        {"\"web\"]", "\"web\"],\"Role\":\"Coordinator\"", "/Policies/" HASH_B "/Role", ERR_UNSUPPORTED,
         "have \"Coordinator\""},
        {"\"web\"]", "\"web\"],\"role\":\"coordinator\"", "/Policies/" HASH_B "/role", ERR_UNSUPPORTED,
         "did you mean \"Role\"?"},
        {"\"coordinator\",\"*\"", "\"spiffe://a\",\"::1\"", "/Policies/" HASH_A "/SANs", ERR_MISSING, "DNS name"},
        {"\"SANs\":[\"coordinator\",\"*\"],", "", "/Policies/" HASH_A "/SANs", ERR_MISSING, "DNS name"},
        {"[\"coordinator\",\"*\"]", "null", "/Policies/" HASH_A "/SANs", ERR_MISSING, "DNS name"},
        {"\"*\"", "\"a b\"", "/Policies/" HASH_A "/SANs/1", ERR_SYNTAX, "have \"a b\""},
        {"\"*\"", "\"\"", "/Policies/" HASH_A "/SANs/1", ERR_SYNTAX, "have nothing"},
        {"\"*\"", "1", "/Policies/" HASH_A "/SANs/1", ERR_SYNTAX, "want a string, have a number"},
        {"\"*\"", "[[{\"a\":1}]]", "/Policies/" HASH_A "/SANs/1", ERR_SYNTAX, "want a string, have an array"},
        {"\"*\"", "\"a\\u0000\"", "/Policies/" HASH_A "/SANs/1", ERR_SYNTAX, "\\u0000"},
        {"apps/v1/x", "0_web", "/Policies/" HASH_A "/WorkloadSecretID", ERR_DENIED, "have \"0_web\""},
        {"apps/v1/x", "123_", "/Policies/" HASH_A "/WorkloadSecretID", ERR_DENIED, "have \"123_\""},
        {"{\"SANs\":[\"203.0.113.7\",\"spiffe://a/b\",\"web\"]}", "null", "/Policies/" HASH_B, ERR_SYNTAX,
         "want an object, have null"},
        {"\"coordinator\"}", "\"\"}", "/Policies", ERR_MISSING, "have none of 2"},
        {POLICIES ",", "", "/Policies", ERR_MISSING, "have none of 0"},
        {POLICIES, "\"Policies\":null", "/Policies", ERR_MISSING, "have none of 0"},
        {POLICIES, "\"Policies\":[]", "/Policies", ERR_SYNTAX, "want an object, have an array"},
    };
    /* The last one lacks a Coordinator too. */
    refuse_all(rows, COUNT(rows) - 1);
    struct manifest m;
    cr_expect(!is_ok(parse(edited(rows[COUNT(rows) - 1].was, rows[COUNT(rows) - 1].is), &m, NULL)));
    cr_expect_eq(storage.finding_count, 2);
}

Test(manifest, keys_are_written_exactly_so)
{
    static const struct refusal rows[] = {
        {"\"SeedshareOwnerPubKeys\"", "\"SeedshareOwnerKeys\"", "/SeedshareOwnerKeys", ERR_UNSUPPORTED,
         "did you mean \"SeedshareOwnerPubKeys\"?"},
        {"\"SeedshareOwnerPubKeys\"", "\"SeedShareOwnerPubKeys\"", "/SeedShareOwnerPubKeys", ERR_UNSUPPORTED,
         "did you mean \"SeedshareOwnerPubKeys\"?"},
        {"\"WorkloadOwnerKeyDigests\"", "\"WorkloadOwnerKeyDigest\"", "/WorkloadOwnerKeyDigest", ERR_UNSUPPORTED,
         "did you mean \"WorkloadOwnerKeyDigests\"?"},
        {"\"MinimumTCB\"", "\"minimumtcb\":{},\"MinimumTCB\"", SNP_AT "/minimumtcb", ERR_UNSUPPORTED,
         "did you mean \"MinimumTCB\"?"},
        {"\"MinimumAPIVersion\"", "\"SeedShareOwnerThreshold\":2,\"MinimumAPIVersion\"", "/SeedShareOwnerThreshold",
         ERR_UNSUPPORTED, "unknown key \"SeedShareOwnerThreshold\""},
        {"\"MinimumAPIVersion\"", "\"a/b~c\\n\":{\"x\":[1,{}]},\"MinimumAPIVersion\"", "/a~1b~0c\\x0a", ERR_UNSUPPORTED,
         "unknown key \"a/b~c\\n\""},
        {"\"snp\"", "\"SNP\":[],\"snp\"", "/ReferenceValues/SNP", ERR_UNSUPPORTED, "did you mean \"snp\"?"},
        {"\"TEEVersion\"", "\"TeeVersion\":1,\"TEEVersion\"", SNP_AT "/MinimumTCB/TeeVersion", ERR_UNSUPPORTED,
         "did you mean \"TEEVersion\"?"},
        {"\"Debug\"", "\"Debug\":false,\"Debug\"", SNP_AT "/GuestPolicy", ERR_DUPLICATE, "\"Debug\" occurs twice"},
        {"\"MinimumAPIVersion\"", "\"Policies\":{},\"MinimumAPIVersion\"", "", ERR_DUPLICATE, "occurs twice"},
    };
    refuse_all(rows, COUNT(rows));
}

Test(manifest, snp_entries)
{
    static const struct refusal rows[] = {
        {"\"Metal-QEMU-SNP\"", "\"Metal-QEMU-Insecure\"", SNP_AT "/Platform", ERR_DENIED, "Metal-QEMU-Insecure"},
        {"\"Genoa\"", "\"genoa\"", SNP_AT "/ProductName", ERR_UNSUPPORTED, "have \"genoa\""},
        {"\"Genoa\"", "\"Turin\"", SNP_AT "/ProductName", ERR_UNSUPPORTED, "have \"Turin\""},
        {"\"ProductName\":\"Genoa\",", "", SNP_AT "/ProductName", ERR_MISSING, "have nothing"},
        {"\"" HEX48 "\"", "\"" HEX16 "\"", SNP_AT "/TrustedMeasurement", ERR_TRUNCATED, "want 96 digits"},
        {"\"0011", "\"0011AA", SNP_AT "/TrustedMeasurement", ERR_TRAILING, "want 96 digits"},
        {"ccddeeff00", "ccddeeFf00", SNP_AT "/TrustedMeasurement", ERR_SYNTAX, "not a lower-case hex digit"},
        {"\"" HEX48 "\"", "12", SNP_AT "/TrustedMeasurement", ERR_SYNTAX, "want a string, have a number"},
        {"\"SNPVersion\":8", "\"SNPVersion\":8.0", SNP_AT "/MinimumTCB/SNPVersion", ERR_RANGE,
         "0 to 255, have \"8.0\""},
        {"\"SNPVersion\":8", "\"SNPVersion\":3.7", SNP_AT "/MinimumTCB/SNPVersion", ERR_RANGE, "have \"3.7\""},
        {"\"SNPVersion\":8", "\"SNPVersion\":1e1", SNP_AT "/MinimumTCB/SNPVersion", ERR_RANGE, "have \"1e1\""},
        {"\"SNPVersion\":8", "\"SNPVersion\":-0", SNP_AT "/MinimumTCB/SNPVersion", ERR_RANGE, "have \"-0\""},
        {"\"SNPVersion\":8", "\"SNPVersion\":256", SNP_AT "/MinimumTCB/SNPVersion", ERR_RANGE, "have \"256\""},
        {"\"SNPVersion\":8", "\"SNPVersion\":\"8\"", SNP_AT "/MinimumTCB/SNPVersion", ERR_SYNTAX, "have a string"},
        {"\"ABIMinor\":31", "\"ABIMinor\":1", SNP_AT "/GuestPolicy/ABIMinor", ERR_DENIED, "have 1"},
        {"\"ABIMajor\":0", "\"ABIMajor\":1", SNP_AT "/GuestPolicy/ABIMajor", ERR_DENIED, "want 0, have 1"},
        {"\"ABIMajor\":0", "\"ABIMajor\":31", SNP_AT "/GuestPolicy/ABIMajor", ERR_DENIED, "want 0, have 31"},
        {"\"ABIMajor\":0", "\"ABIMajor\":256", SNP_AT "/GuestPolicy/ABIMajor", ERR_RANGE, "have \"256\""},
        {"\"SMT\":true", "\"SMT\":false", SNP_AT "/GuestPolicy/SMT", ERR_DENIED, "want true"},
        {"\"SMT\":true,", "", SNP_AT "/GuestPolicy/SMT", ERR_MISSING, "want true, have nothing"},
        {"\"MigrateMA\":false", "\"MigrateMA\":true", SNP_AT "/GuestPolicy/MigrateMA", ERR_DENIED, "want false"},
        {"\"Debug\":false", "\"Debug\":true", SNP_AT "/GuestPolicy/Debug", ERR_DENIED, "want false, have true"},
        {"\"SingleSocket\":false", "\"SingleSocket\":true", SNP_AT "/GuestPolicy/SingleSocket", ERR_DENIED,
         "want false"},
        {"\"CXLAllowed\":false", "\"CXLAllowed\":true", SNP_AT "/GuestPolicy/CXLAllowed", ERR_DENIED, "want false"},
        {"\"MemAES256XTS\":false", "\"MemAES256XTS\":true", SNP_AT "/GuestPolicy/MemAES256XTS", ERR_DENIED,
         "want false"},
        {"\"RAPLDis\":false", "\"RAPLDis\":true", SNP_AT "/GuestPolicy/RAPLDis", ERR_DENIED, "want false"},
        {"\"CipherTextHidingDRAM\":false", "\"CipherTextHidingDRAM\":true", SNP_AT "/GuestPolicy/CipherTextHidingDRAM",
         ERR_DENIED, "want false"},
        {"\"PageSwapDisable\":true", "\"PageSwapDisable\":1", SNP_AT "/GuestPolicy/PageSwapDisable", ERR_SYNTAX,
         "want true or false, have a number"},
        {GUEST_POLICY, "\"GuestPolicy\":null", SNP_AT "/GuestPolicy", ERR_SYNTAX, "want an object, have null"},
        {GUEST_POLICY ",", "", SNP_AT "/GuestPolicy", ERR_MISSING, "SMT true"},
        {"\"ECCEnabled\":true", "\"ECCEnabled\":\"true\"", SNP_AT "/PlatformInfo/ECCEnabled", ERR_SYNTAX,
         "have a string"},
        {PLATFORM_INFO, "\"PlatformInfo\":7", SNP_AT "/PlatformInfo", ERR_SYNTAX, "have a number"},
        {"18446744073709551615", "18446744073709551616", SNP_AT "/MinimumMitigationVector", ERR_RANGE, "have"},
        {"[\"" HEX64 "\"]", "[\"" HEX48 "\"]", SNP_AT "/AllowedChipIDs/0", ERR_TRUNCATED, "want 128 digits"},
        {"[\"" HEX64 "\"]", "[\"" HEX64 "\",\"" HEX64 "\"]", SNP_AT "/AllowedChipIDs/1", ERR_DUPLICATE,
         "the same chip id as item 0"},
        {"[\"" HEX64 "\"]", "[\"" ZERO16 ZERO16 ZERO16 ZERO16 "\"]", SNP_AT "/AllowedChipIDs/0", ERR_DENIED, "zeros"},
        {"[\"" HEX64 "\"]", "\"" HEX64 "\"", SNP_AT "/AllowedChipIDs", ERR_SYNTAX, "want an array, have a string"},
        {"0080b004", "80b004", SNP_AT "/APEIP", ERR_TRUNCATED, "want 8 digits"},
        {"0080b004", "0080B004", SNP_AT "/APEIP", ERR_SYNTAX, "not a lower-case hex digit"},
        {"\"CPUs\":2", "\"CPUs\":-2", SNP_AT "/CPUs", ERR_RANGE, "have \"-2\""},
        {"[" SNP "]", "[" SNP ",null]", "/ReferenceValues/snp/1", ERR_SYNTAX, "want an object, have null"},
        {"[" SNP "]", "{}", "/ReferenceValues/snp", ERR_SYNTAX, "want an array, have an object"},
    };
    refuse_all(rows, COUNT(rows));
}

/* Values that a manifest still lacks are a class of their own: a draft may have them. */
Test(manifest, values_to_be_filled_in)
{
    static const struct {
        const char *was, *is;
        const char *pointers[5];
    } rows[] = {
        {"\"SNPVersion\":8", "\"SNPVersion\":null", {SNP_AT "/MinimumTCB/SNPVersion"}},
        {"\"TEEVersion\":0,", "", {SNP_AT "/MinimumTCB/TEEVersion"}},
        {TCB,
         "\"MinimumTCB\":null",
         {SNP_AT "/MinimumTCB/BootloaderVersion", SNP_AT "/MinimumTCB/TEEVersion", SNP_AT "/MinimumTCB/SNPVersion",
          SNP_AT "/MinimumTCB/MicrocodeVersion"}},
        {TCB ",",
         "",
         {SNP_AT "/MinimumTCB/BootloaderVersion", SNP_AT "/MinimumTCB/TEEVersion", SNP_AT "/MinimumTCB/SNPVersion",
          SNP_AT "/MinimumTCB/MicrocodeVersion"}},
        {"\"MrSeam\":\"" HEX48 "\"", "\"MrSeam\":\"\"", {TDX_AT "/MrSeam"}},
        {"\"MrSeam\":\"" HEX48 "\"", "\"MrSeam\":null", {TDX_AT "/MrSeam"}},
        {"\"MrSeam\":\"" HEX48 "\",", "", {TDX_AT "/MrSeam"}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct manifest m = {.policy_count = 77};
        struct err err = {0};
        bytes in = edited(rows[i].was, rows[i].is);
        cr_expect_eq(parse(in, &m, &err).kind, ERR_MISSING, "%zu", i);
        cr_expect(m.policy_count == 77 && strstr(err.text, rows[i].pointers[0]), "%s", err.text);
        size_t count = 0;
        for (; rows[i].pointers[count]; count++)
            cr_expect(storage.findings[count].missing &&
                          strcmp(storage.findings[count].pointer.s, rows[i].pointers[count]) == 0,
                      "%s", rows[i].pointers[count]);
        cr_expect_eq(storage.finding_count, count, "%zu", i);

        err = (struct err){0};
        cr_expect(is_ok(manifest_parse_draft(in, &storage, &m, &err)), "%s", err.text);
        cr_expect(storage.finding_count == count && m.policy_count == 2 && err.kind == ERR_NONE, "%zu", i);
        cr_expect_eq(m.snp[0].has_minimum_tcb, i >= 4, "%zu", i);
    }
    struct manifest m;
    cr_assert(is_ok(parse(text_bytes(WHOLE), &m, NULL)));
    cr_assert(is_ok(manifest_parse_draft(text_bytes(WHOLE), &storage, &m, NULL)));
    /* A draft is no excuse for anything else. */
    struct err err = {0};
    bytes in = edited("\"SNPVersion\":8,\"MicrocodeVersion\":115", "\"SNPVersion\":null,\"MicrocodeVersion\":256");
    cr_expect_eq(manifest_parse_draft(in, &storage, &m, &err).kind, ERR_RANGE, "%s", err.text);
    cr_expect_eq(storage.finding_count, 2);
}

Test(manifest, tdx_entries)
{
    static const struct refusal rows[] = {
        {"\"MrTd\":\"00", "\"MrTd\":\"", TDX_AT "/MrTd", ERR_TRUNCATED, "want 96 digits"},
        {"\"MrTd\":\"" HEX48 "\",", "", TDX_AT "/MrTd", ERR_MISSING, "have nothing"},
        {"\"MrSeam\":\"00", "\"MrSeam\":\"", TDX_AT "/MrSeam", ERR_TRUNCATED, "want 96 digits"},
        {"\"MrSeam\":\"00", "\"MrSeam\":\"0A", TDX_AT "/MrSeam", ERR_SYNTAX, "not a lower-case hex digit"},
        {"\"Rtmrs\":[\"" HEX48 "\",", "\"Rtmrs\":[", TDX_AT "/Rtmrs", ERR_RANGE, "want 4 registers, have 3"},
        {"\"Rtmrs\":[\"00", "\"Rtmrs\":[\"", TDX_AT "/Rtmrs/0", ERR_TRUNCATED, "want 96 digits"},
        {"\"Xfam\":\"e702", "\"Xfam\":\"", TDX_AT "/Xfam", ERR_TRUNCATED, "want 16 digits"},
        {"\"Xfam\":\"e702060000000000\",", "", TDX_AT "/Xfam", ERR_MISSING, "have nothing"},
        {"\"Rtmrs\":", "\"Rtrms\":[\"" HEX48 "\",\"" HEX48 "\",\"" HEX48 "\",\"" HEX48 "\"],\"Rtmrs\":",
         TDX_AT "/Rtmrs", ERR_MISSING, "have both"},
        {"[\"" HEX16 "\"]", "[\"\"]", TDX_AT "/AllowedPIIDs/0", ERR_TRUNCATED, "want 32 digits"},
        {"\"SMTDisabled\":true", "\"SMTDisabled\":null", TDX_AT "/SMTDisabled", ERR_SYNTAX, "have null"},
        {"\"SMTDisabled\"", "\"MinimumQeSvn\":65536,\"SMTDisabled\"", TDX_AT "/MinimumQeSvn", ERR_RANGE, "65535"},
        {"\"SMTDisabled\"", "\"TdAttributes\":\"\",\"SMTDisabled\"", TDX_AT "/TdAttributes", ERR_TRUNCATED, "8 bytes"},
        {"\"SMTDisabled\"", "\"Platform\":\"INSECURE\",\"SMTDisabled\"", TDX_AT "/Platform", ERR_DENIED, "INSECURE"},
        {"\"SMTDisabled\"", "\"MrOwner\":\"\",\"SMTDisabled\"", TDX_AT "/MrOwner", ERR_UNSUPPORTED, "unknown key"},
    };
    refuse_all(rows, COUNT(rows));
    refused(edited("\"snp\":[" SNP "],\"tdx\":[" TDX "]", ""), "/ReferenceValues", ERR_MISSING, "have none");
    refused(edited("\"snp\":[" SNP "],\"tdx\":[" TDX "]", "\"snp\":null,\"tdx\":[]"), "/ReferenceValues", ERR_MISSING,
            "have none");
    refused(edited("\"ReferenceValues\":{\"snp\":[" SNP "],\"tdx\":[" TDX "]},", ""), "/ReferenceValues", ERR_MISSING,
            "have none");
}

Test(manifest, owners_and_version)
{
    static const struct refusal rows[] = {
        {"\"5f28", "\"5F28", "/WorkloadOwnerKeyDigests/0", ERR_SYNTAX, "not a lower-case hex digit"},
        {"\"5f28", "\"5f", "/WorkloadOwnerKeyDigests/0", ERR_TRUNCATED, "want 64 digits"},
        {"\"5f28", "\"" DIGEST "\",\"5f28", "/WorkloadOwnerKeyDigests/1", ERR_DUPLICATE, "the same key as item 0"},
        {DIGESTS, "\"WorkloadOwnerKeyDigests\":{}", "/WorkloadOwnerKeyDigests", ERR_SYNTAX, "want an array"},
        {"\"3059", "\"305A", "/WorkloadOwnerPubKeys/0", ERR_SYNTAX, "not a lower-case hex digit"},
        {"\"3059", "\"305", "/WorkloadOwnerPubKeys/0", ERR_TRAILING, "hex"},
        {"\"3059", "\"3058", "/WorkloadOwnerPubKeys/0", ERR_TRUNCATED, "EC key"},
        {"\"3059", "\"" KEY_RSA2048 "\",\"3059", "/WorkloadOwnerPubKeys/0", ERR_SYNTAX, "EC key"},
        {"\"3059", "\"" KEY_SECP256K1 "\",\"3059", "/WorkloadOwnerPubKeys/0", ERR_UNSUPPORTED, "curve"},
        {"\"3059", "\"" KEY_P256 "\",\"3059", "/WorkloadOwnerPubKeys/1", ERR_DUPLICATE, "the same key as item 0"},
        {"\"3059", "\"\",\"3059", "/WorkloadOwnerPubKeys/0", ERR_TRUNCATED, "EC key"},
        {"\"3059", "\"\\u0033059", "/WorkloadOwnerPubKeys/0", ERR_SYNTAX, "without escapes"},
        {"\"" KEY_RSA4096, "\"" KEY_RSA1024, "/SeedshareOwnerPubKeys/0", ERR_RANGE, "have 1024"},
        {"\"" KEY_RSA4096, "\"" KEY_P256, "/SeedshareOwnerPubKeys/0", ERR_SYNTAX, "RSA key"},
        {"\"v1\"", "\"1\"", "/MinimumAPIVersion", ERR_SYNTAX, "have \"1\""},
        {"\"v1\"", "\"v\"", "/MinimumAPIVersion", ERR_SYNTAX, "have \"v\""},
        {"\"v1\"", "\"v0\"", "/MinimumAPIVersion", ERR_SYNTAX, "have \"v0\""},
        {"\"v1\"", "\"v01\"", "/MinimumAPIVersion", ERR_SYNTAX, "have \"v01\""},
        {"\"v1\"", "\"V1\"", "/MinimumAPIVersion", ERR_SYNTAX, "have \"V1\""},
        {"\"v1\"", "\"v1beta1\"", "/MinimumAPIVersion", ERR_SYNTAX, "have \"v1beta1\""},
        {"\"v1\"", "\"v4294967296\"", "/MinimumAPIVersion", ERR_SYNTAX, "v4294967296"},
        {"\"v1\"", "1", "/MinimumAPIVersion", ERR_SYNTAX, "have a number"},
    };
    refuse_all(rows, COUNT(rows));
}

Test(manifest, all_findings_at_once_in_order)
{
    static const struct {
        const char *pointer;
        size_t offset;
        bool missing;
    } want[] = {
        {"/Policies/x", 14, false},
        {"/Policies/x/Role", 26, false},
        {"/Policies/x/SANs", 27, false},
        {"/ReferenceValues/snp/0/MinimumTCB/TEEVersion", 0, true},
        {"/ReferenceValues/snp/0/MinimumTCB/SNPVersion", 0, true},
        {"/ReferenceValues/snp/0/MinimumTCB/MicrocodeVersion", 0, true},
        {"/ReferenceValues/snp/0/ProductName", 0, false},
        {"/ReferenceValues/snp/0/GuestPolicy", 0, false},
        {"/Seeds", 0, false},
        {"/Policies", 0, false},
    };
    bytes in =
        text_bytes("{\"Policies\": {\"x\":{\"Role\":7}},\n"
                   "\"ReferenceValues\":{\"snp\":[{\"MinimumTCB\":{\"BootloaderVersion\":1,\"TEEVersion\":null}}]},\n"
                   "\"Seeds\":1}");
    struct manifest m = {.policy_count = 77};
    struct err err = {0};
    cr_expect_eq(parse(in, &m, &err).kind, ERR_TRUNCATED);
    cr_expect(strncmp(err.text, "/Policies/x: ", 13) == 0, "%s", err.text);
    cr_expect_eq(m.policy_count, 77);
    cr_assert_eq(storage.finding_count, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        const struct manifest_finding *f = &storage.findings[i];
        cr_expect_str_eq(f->pointer.s, want[i].pointer);
        cr_expect_eq(f->missing, want[i].missing, "%s", f->pointer.s);
        if (want[i].offset) cr_expect_eq(f->offset, want[i].offset, "%s: %zu", f->pointer.s, f->offset);
        cr_expect(f->text[0] && f->kind != ERR_NONE);
    }
}

Test(manifest, findings_are_cut_when_their_room_is_full)
{
    static char in[8192];
    size_t n = (size_t)snprintf(in, sizeof in, "{");
    for (size_t i = 0; i < LIMIT_MANIFEST_FINDINGS + 50; i++)
        n += (size_t)snprintf(in + n, sizeof in - n, "%s\"k%zu\":0", i ? "," : "", i);
    snprintf(in + n, sizeof in - n, "}");
    struct manifest m;
    struct err err = {0};
    cr_expect_eq(parse(text_bytes(in), &m, &err).kind, ERR_UNSUPPORTED);
    cr_expect(storage.finding_count == LIMIT_MANIFEST_FINDINGS && storage.findings_cut);
    cr_expect(strncmp(err.text, "/k0: ", 5) == 0, "%s", err.text);

    for (size_t cap = 0; cap < 3; cap++) {
        storage.finding_cap = cap;
        err = (struct err){0};
        cr_expect_eq(manifest_parse(text_bytes(in), &storage, &m, &err).kind, ERR_UNSUPPORTED);
        cr_expect(storage.finding_count == cap && storage.findings_cut && strncmp(err.text, "/k0: ", 5) == 0);
    }
    /* Even values that a draft may lack end it then, for what comes after was not read. */
    storage.finding_cap = 1;
    err = (struct err){0};
    cr_expect_eq(manifest_parse_draft(edited(TCB, "\"MinimumTCB\":null"), &storage, &m, &err).kind, ERR_MISSING);
    cr_expect(err.kind == ERR_MISSING && storage.findings_cut);
}

Test(manifest, every_prefix_is_refused)
{
    static const char whole[] = WHOLE;
    struct manifest m = {.policy_count = 77};
    for (size_t n = 0; n < sizeof whole - 1; n++) {
        struct err err = {0};
        cr_expect_neq(parse(BYTES((const uint8_t *)whole, n), &m, &err).kind, ERR_NONE, "%zu", n);
        cr_expect(err.offset <= n && m.policy_count == 77 && storage.finding_count > 0, "%zu: %s", n, err.text);
    }
}

Test(manifest, whose_names_are_cut_in_pointers)
{
    static char in[700];
    memset(in, 'a', sizeof in);
    memcpy(in, "{\"", 2);
    memcpy(in + 600, "\":1}", 5);
    struct manifest m;
    cr_expect(!is_ok(parse(text_bytes(in), &m, NULL)));
    const char *s = storage.findings[0].pointer.s;
    cr_expect(strlen(s) == sizeof storage.findings[0].pointer.s - 1 && strcmp(s + strlen(s) - 2, "..") == 0, "%s", s);
}

/* ---- limits ---- */

/* The whole with some memory for one thing less than it takes. */
Test(manifest, each_lent_array_is_enough_or_full)
{
    static const size_t caps[] = {
        offsetof(struct manifest_storage, policy_cap),    offsetof(struct manifest_storage, san_cap),
        offsetof(struct manifest_storage, snp_cap),       offsetof(struct manifest_storage, tdx_cap),
        offsetof(struct manifest_storage, chip_id_cap),   offsetof(struct manifest_storage, owner_digest_cap),
        offsetof(struct manifest_storage, owner_key_cap), offsetof(struct manifest_storage, seed_share_owner_key_cap),
        offsetof(struct manifest_storage, json_key_cap),  offsetof(struct manifest_storage, text_cap),
    };
    struct manifest m;
    cr_assert(is_ok(parse(text_bytes(WHOLE), &m, NULL)));
    for (size_t i = 0; i < COUNT(caps); i++) {
        struct manifest_storage s = storage;
        size_t *cap = (size_t *)((char *)&s + caps[i]);
        for (*cap = 0;; ++*cap) {
            struct err err = {0};
            status got = manifest_parse(text_bytes(WHOLE), &s, &m, &err);
            if (is_ok(got)) break;
            cr_assert_eq(got.kind, ERR_NOMEM, "%zu: %s", i, err.text);
            cr_assert(s.finding_count == 1 && !s.findings_cut);
        }
        cr_expect_gt(*cap, 0, "%zu", i);
        cr_expect_lt(*cap, sizeof WHOLE, "%zu", i);
    }
}

struct list {
    const char *head, *before, *behind, *tail; /* of a number that makes each item different */
    int digits;                                /* of it, in hex */
    size_t most;
};

/* Lists as long as they may be, and one item longer. */
Test(manifest, limits)
{
#define ROLE        "\"],\"Role\":\"coordinator\"}"
#define COORDINATOR "\"" HASH_A "\":{\"SANs\":[\"a" ROLE
#define ENTRY       "{\"ProductName\":\"Milan\"," TCB ",\"GuestPolicy\":{\"SMT\":true}"
#define ENTRIES     ",\"ReferenceValues\":{\"snp\":["
    static const struct list lists[] = {
        {"{\"Policies\":{", "\"", "\":{\"SANs\":[\"a\"]},", COORDINATOR "}" ENTRIES ENTRY "}]}}", 64,
         LIMIT_MANIFEST_POLICIES - 1},
        {"{\"Policies\":{\"" HASH_A "\":{\"SANs\":[", "\"", "\",", "\"a" ROLE "}" ENTRIES ENTRY "}]}}", 1,
         LIMIT_MANIFEST_SANS - 1},
        {"{\"Policies\":{" COORDINATOR "}" ENTRIES, ENTRY ",\"Platform\":\"", "\"},", ENTRY "}]}}", 1,
         LIMIT_MANIFEST_REFERENCE_VALUES - 1},
        {"{\"Policies\":{" COORDINATOR "}" ENTRIES ENTRY ",\"AllowedChipIDs\":[", "\"" HEX48, "\",",
         "\"" HEX64 "\"]}]}}", 32, LIMIT_MANIFEST_CHIP_IDS - 1},
        {"{\"Policies\":{" COORDINATOR "}" ENTRIES ENTRY "}]},\"WorkloadOwnerKeyDigests\":[", "\"", "\",",
         "\"" DIGEST "\"]}", 64, LIMIT_MANIFEST_OWNERS - 1},
    };
    static char in[LIMIT_MANIFEST_BYTES];
    for (size_t i = 0; i < COUNT(lists); i++) {
        for (size_t more = 0; more <= 1; more++) {
            size_t n = (size_t)snprintf(in, sizeof in, "%s", lists[i].head);
            for (size_t k = 1; k <= lists[i].most + more; k++)
                n += (size_t)snprintf(in + n, sizeof in - n, "%s%0*zx%s", lists[i].before, lists[i].digits, k,
                                      lists[i].behind);
            n += (size_t)snprintf(in + n, sizeof in - n, "%s", lists[i].tail);
            cr_assert_lt(n, sizeof in);
            struct manifest m;
            struct err err = {0};
            status s = parse(BYTES((const uint8_t *)in, n), &m, &err);
            cr_expect_eq(s.kind, more ? ERR_LIMIT : ERR_NONE, "%zu: %s", i, err.text);
        }
    }

    static uint8_t large[LIMIT_MANIFEST_BYTES + 1];
    struct manifest m;
    struct err err = {0};
    memset(large, ' ', sizeof large);
    memcpy(large, WHOLE, sizeof WHOLE - 1);
    cr_expect(is_ok(parse(BYTES(large, LIMIT_MANIFEST_BYTES), &m, &err)), "%s", err.text);
    cr_expect_eq(parse(BYTES(large, sizeof large), &m, &err).kind, ERR_LIMIT);
}

/* An unknown member may hold more keys than there is room for: still a limit, and no lack of memory. */
Test(manifest, keys_in_what_is_passed_over)
{
    static char in[65536];
    size_t n = (size_t)snprintf(in, sizeof in, "{\"x\":{");
    for (size_t k = 0; k < LIMIT_JSON_KEYS - 1; k++)
        n += (size_t)snprintf(in + n, sizeof in - n, "\"%zx\":0,", k);
    n += (size_t)snprintf(in + n, sizeof in - n, "\"y\":{");
    for (size_t k = 0; k < LIMIT_JSON_KEYS - 1; k++)
        n += (size_t)snprintf(in + n, sizeof in - n, "\"%zx\":0,", k);
    snprintf(in + n, sizeof in - n, "\"z\":0}}}");
    struct manifest m;
    cr_expect_eq(parse(text_bytes(in), &m, NULL).kind, ERR_UNSUPPORTED);
    cr_assert_eq(storage.finding_count, 2);
    cr_expect_eq(storage.findings[1].kind, ERR_LIMIT, "%s", storage.findings[1].text);
}

/* ---- values ---- */

Test(manifest, values)
{
    struct manifest m = {0};
    struct err err = {0};
    cr_assert(is_ok(parse(text_bytes(WHOLE), &m, &err)), "%s", err.text);
    cr_expect_eq(storage.finding_count, 0);

    cr_assert_eq(m.policy_count, 2);
    const struct manifest_policy *p = m.policies;
    cr_expect(p[0].hash[0] == 0x99 && p[0].hash[31] == 0x6b && p[0].role == MANIFEST_ROLE_COORDINATOR);
    cr_expect(bytes_eq(p[0].workload_secret_id, text_bytes("apps/v1/x")));
    cr_expect(p[0].first_san == 0 && p[0].san_count == 2 && p[1].first_san == 2 && p[1].san_count == 3);
    cr_expect(p[1].role == MANIFEST_ROLE_NONE && bytes_is_absent(p[1].workload_secret_id));
    cr_expect(m.san_count == 5 && bytes_eq(m.sans[1], text_bytes("*")) &&
              bytes_eq(m.sans[2], text_bytes("203.0.113.7")));
    cr_expect_eq(manifest_find_policy(&m, BYTES_OF(p[1].hash)), &p[1]);
    cr_expect_null(manifest_find_policy(&m, text_bytes("")));

    cr_assert_eq(m.snp_count, 1);
    const struct manifest_snp *e = m.snp;
    cr_expect(bytes_eq(e->platform, text_bytes("Metal-QEMU-SNP")) && e->product == MANIFEST_GENOA);
    cr_expect(e->has_measurement && e->measurement[1] == 0x11 && e->measurement[47] == 0xff);
    cr_expect(e->has_minimum_tcb && e->minimum_tcb.boot_loader == 3 && e->minimum_tcb.tee == 0);
    cr_expect(e->minimum_tcb.snp == 8 && e->minimum_tcb.microcode == 115);
    cr_expect_eq(e->guest_policy, 0x203001f);
    cr_expect(e->has_platform_info && e->platform_allowed == 0x81 && e->platform_required == 0x24);
    cr_expect_eq(e->minimum_mitigations, UINT64_MAX);
    cr_expect(e->first_chip_id == 0 && e->chip_id_count == 1 && m.chip_ids[0].id[63] == 0xff);
    cr_expect(e->has_ap_eip && e->ap_eip == 0x0080b004 && e->cpus == 2);

    cr_assert_eq(m.tdx_count, 1);
    cr_expect(bytes_eq(m.tdx[0].json, text_bytes(TDX)) && bytes_is_absent(m.tdx[0].platform));
    cr_expect(m.has_owner_digests && m.owner_digest_count == 1 && m.owner_digests[0].sha256[0] == 0x5f);
    cr_expect(m.has_owner_keys && m.owner_key_count == 3 && m.owner_keys[0].len == sizeof(KEY_P256) / 2);
    cr_expect(m.owner_keys[2].ptr[1] == 0x81 && m.owner_keys[2].len == sizeof(KEY_P521) / 2);
    cr_expect(m.seed_share_owner_key_count == 1 && m.seed_share_owner_keys[0].len == sizeof(KEY_RSA4096) / 2);
    cr_expect(bytes_eq(m.minimum_api_version, text_bytes("v1")) && m.minimum_api_number == 1);
}

/* What upstream writes for nothing, in each of its releases. */
Test(manifest, what_may_be_left_out)
{
    static const char least[] =
        "{\"Policies\":{\"" HASH_A "\":{\"SANs\":[\"a\"],\"Role\":\"coordinator\"}},"
        "\"ReferenceValues\":{\"snp\":[{\"ProductName\":\"Milan\"," TCB ",\"GuestPolicy\":{\"SMT\":true}%s}]}%s}";
    static const char *const rows[][2] = {
        {"", ""},
        {",\"TrustedMeasurement\":null,\"AllowedChipIDs\":null,\"PlatformInfo\":null,\"APEIP\":null", ""},
        {",\"TrustedMeasurement\":\"\",\"AllowedChipIDs\":[],\"APEIP\":\"\",\"Platform\":\"\"", ""},
        {",\"TrustedMeasurement\":\"" ZERO16 ZERO16 ZERO16 "\"", ""},
        {"", ",\"WorkloadOwnerKeyDigests\":null,\"SeedshareOwnerPubKeys\":null"},
        {"", ",\"WorkloadOwnerPubKeys\":[],\"SeedshareOwnerPubKeys\":[],\"MinimumAPIVersion\":\"\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char in[4096];
        struct manifest m = {0};
        struct err err = {0};
        snprintf(in, sizeof in, least, rows[i][0], rows[i][1]);
        cr_assert(is_ok(parse(text_bytes(in), &m, &err)), "%zu: %s", i, err.text);
        const struct manifest_snp *e = m.snp;
        cr_expect(m.snp_count == 1 && !e->has_measurement && e->chip_id_count == 0 && !e->has_platform_info &&
                      !e->has_ap_eip && e->guest_policy == 0x30000 && bytes_is_absent(e->platform),
                  "%zu", i);
        cr_expect(m.tdx_count == 0 && m.owner_digest_count == 0 && m.owner_key_count == 0 &&
                      m.seed_share_owner_key_count == 0 && bytes_is_absent(m.minimum_api_version),
                  "%zu", i);
        cr_expect(m.has_owner_digests == (i == 4) && m.has_owner_keys == (i == 5), "%zu", i);
    }
}

/* Several Coordinators, entries of one product, the same chip in two entries, an id that only looks like a key's. */
Test(manifest, what_may_be_repeated)
{
    struct manifest m;
    struct err err = {0};
    static const char *const edits[][2] = {
        {"\"spiffe://a/b\",\"web\"]", "\"web\",\"web\"],\"Role\":\"coordinator\",\"WorkloadSecretID\":\"apps/v1/x\""},
        {"[" SNP "]", "[" SNP "," SNP "]"},
        {"apps/v1/x", "_web"},
        {"apps/v1/x", "1web_"},
        {"apps/v1/x", "12"},
        {"\"Rtmrs\"", "\"Rtrms\""},
    };
    for (size_t i = 0; i < COUNT(edits); i++) {
        err = (struct err){0};
        cr_expect(is_ok(parse(edited(edits[i][0], edits[i][1]), &m, &err)), "%zu: %s", i, err.text);
    }
}

Test(manifest, escapes_in_names_are_undone)
{
    struct manifest m;
    struct err err = {0};
    cr_assert(is_ok(parse(edited("\"*\"", "\"\\u0077w\\u0077\""), &m, &err)), "%s", err.text);
    cr_expect(bytes_eq(m.sans[1], text_bytes("www")));
}

Test(manifest, changes_of_one_byte_are_refused_or_change_a_value)
{
    static const uint8_t flips[] = {0x01, 0x02, 0x20};
    static uint8_t in[] = WHOLE, first_text[sizeof WHOLE];
    struct manifest_room *first_room = calloc(1, sizeof *first_room);
    cr_assert(first_room);
    struct manifest_storage first = manifest_storage_of(first_room, first_text, sizeof first_text);
    struct manifest was, m;
    size_t accepted = 0;
    cr_assert(is_ok(manifest_parse(text_bytes(WHOLE), &first, &was, NULL)));
    cr_assert(is_ok(parse(text_bytes(WHOLE), &m, NULL)) && manifest_is_same(&was, &m));
    for (size_t i = 0; i < sizeof in - 1; i++) {
        for (size_t k = 0; k < COUNT(flips); k++) {
            in[i] ^= flips[k];
            bool accepts = is_ok(parse(BYTES(in, sizeof in - 1), &m, NULL));
            accepted += accepts;
            cr_expect(!accepts || !manifest_is_same(&was, &m), "byte %zu ^ %02x", i, flips[k]);
            in[i] ^= flips[k];
        }
    }
    cr_expect_gt(accepted, 100);
    free(first_room);
}

/* ---- writing ---- */

/* json.dumps(..., indent=2) of Python writes the same for the same keys in the same order. */
static const char written[] = "{\n"
                              "  \"Policies\": {\n"
                              "    \"" HASH_B "\": {\n"
                              "      \"SANs\": [\n"
                              "        \"203.0.113.7\",\n"
                              "        \"spiffe://a/b\",\n"
                              "        \"web\"\n"
                              "      ]\n"
                              "    },\n"
                              "    \"" HASH_A "\": {\n"
                              "      \"SANs\": [\n"
                              "        \"coordinator\",\n"
                              "        \"*\"\n"
                              "      ],\n"
                              "      \"WorkloadSecretID\": \"apps/v1/x\",\n"
                              "      \"Role\": \"coordinator\"\n"
                              "    }\n"
                              "  },\n"
                              "  \"ReferenceValues\": {\n"
                              "    \"snp\": [\n"
                              "      {\n"
                              "        \"Platform\": \"Metal-QEMU-SNP\",\n"
                              "        \"ProductName\": \"Genoa\",\n"
                              "        \"TrustedMeasurement\": \"" HEX48 "\",\n"
                              "        \"MinimumTCB\": {\n"
                              "          \"BootloaderVersion\": 3,\n"
                              "          \"TEEVersion\": 0,\n"
                              "          \"SNPVersion\": 8,\n"
                              "          \"MicrocodeVersion\": 115\n"
                              "        },\n"
                              "        \"GuestPolicy\": {\n"
                              "          \"ABIMinor\": 31,\n"
                              "          \"ABIMajor\": 0,\n"
                              "          \"SMT\": true,\n"
                              "          \"MigrateMA\": false,\n"
                              "          \"Debug\": false,\n"
                              "          \"SingleSocket\": false,\n"
                              "          \"CXLAllowed\": false,\n"
                              "          \"MemAES256XTS\": false,\n"
                              "          \"RAPLDis\": false,\n"
                              "          \"CipherTextHidingDRAM\": false,\n"
                              "          \"PageSwapDisable\": true\n"
                              "        },\n"
                              "        \"PlatformInfo\": {\n"
                              "          \"SMTEnabled\": true,\n"
                              "          \"TSMEEnabled\": false,\n"
                              "          \"ECCEnabled\": true,\n"
                              "          \"RAPLDisabled\": false,\n"
                              "          \"CiphertextHidingDRAMEnabled\": false,\n"
                              "          \"AliasCheckComplete\": true,\n"
                              "          \"TIOEnabled\": true\n"
                              "        },\n"
                              "        \"MinimumMitigationVector\": 18446744073709551615,\n"
                              "        \"AllowedChipIDs\": [\n"
                              "          \"" HEX64 "\"\n"
                              "        ],\n"
                              "        \"APEIP\": \"0080b004\",\n"
                              "        \"CPUs\": 2\n"
                              "      }\n"
                              "    ],\n"
                              "    \"tdx\": [\n"
                              "      " TDX "\n"
                              "    ]\n"
                              "  },\n"
                              "  \"WorkloadOwnerKeyDigests\": [\n"
                              "    \"" DIGEST "\"\n"
                              "  ],\n"
                              "  \"WorkloadOwnerPubKeys\": [\n"
                              "    \"" KEY_P256 "\",\n"
                              "    \"" KEY_P384 "\",\n"
                              "    \"" KEY_P521 "\"\n"
                              "  ],\n"
                              "  \"SeedshareOwnerPubKeys\": [\n"
                              "    \"" KEY_RSA4096 "\"\n"
                              "  ],\n"
                              "  \"MinimumAPIVersion\": \"v1\"\n"
                              "}\n";

/* What `in` is when it is written; the manifest lives as long as `again`. */
static bytes write_again(bytes in)
{
    static uint8_t buffer[65536];
    struct manifest m = {0};
    struct err err = {0};
    bytes out = BYTES_ABSENT;
    status s = parse(in, &m, &err);
    if (s.kind == ERR_MISSING) s = manifest_parse_draft(in, &storage, &m, &err);
    cr_assert(is_ok(s), "%s", err.text);
    cr_assert(is_ok(manifest_write(&m, buffer, sizeof buffer, &out, &err)), "%s", err.text);
    return out;
}

static void written_as(bytes in, const char *want)
{
    bytes out = write_again(in);
    cr_expect(bytes_eq(out, text_bytes(want)), "%.*s", (int)out.len, (const char *)out.ptr);
}

Test(manifest, is_written_as_upstream_does)
{
    written_as(text_bytes(WHOLE), written);
    written_as(text_bytes(written), written);

    uint8_t *exact = malloc(sizeof written - 1);
    struct manifest m;
    struct err err = {0};
    bytes out = BYTES_LIT("untouched");
    cr_assert(exact && is_ok(parse(text_bytes(WHOLE), &m, NULL)));
    cr_expect(is_ok(manifest_write(&m, exact, sizeof written - 1, &out, NULL)));
    out = BYTES_LIT("untouched");
    for (size_t cap = 0; cap < sizeof written - 1; cap++) {
        uint8_t *short_one = malloc(cap + 1);
        cr_expect_eq(manifest_write(&m, short_one, cap, &out, &err).kind, ERR_NOMEM, "%zu", cap);
        free(short_one);
    }
    cr_expect(bytes_eq(out, BYTES_LIT("untouched")));
    free(exact);
}

#define LEAST(entry, behind)                                                                                           \
    "{\n"                                                                                                              \
    "  \"Policies\": {\n"                                                                                              \
    "    \"" HASH_A "\": {\n"                                                                                          \
    "      \"SANs\": [\n"                                                                                              \
    "        \"a\"\n"                                                                                                  \
    "      ],\n"                                                                                                       \
    "      \"Role\": \"coordinator\"\n"                                                                                \
    "    }\n"                                                                                                          \
    "  },\n"                                                                                                           \
    "  \"ReferenceValues\": {\n" entry "  }" behind ",\n"                                                              \
    "  \"SeedshareOwnerPubKeys\": null\n"                                                                              \
    "}\n"

#define DRAFT                                                                                                          \
    "    \"snp\": [\n"                                                                                                 \
    "      {\n"                                                                                                        \
    "        \"ProductName\": \"Milan\",\n"                                                                            \
    "        \"TrustedMeasurement\": \"\",\n"                                                                          \
    "        \"MinimumTCB\": {\n"                                                                                      \
    "          \"BootloaderVersion\": null,\n"                                                                         \
    "          \"TEEVersion\": 255,\n"                                                                                 \
    "          \"SNPVersion\": null,\n"                                                                                \
    "          \"MicrocodeVersion\": 0\n"                                                                              \
    "        },\n"                                                                                                     \
    "        \"GuestPolicy\": {\n"                                                                                     \
    "          \"ABIMinor\": 0,\n"                                                                                     \
    "          \"ABIMajor\": 0,\n"                                                                                     \
    "          \"SMT\": true,\n"                                                                                       \
    "          \"MigrateMA\": false,\n"                                                                                \
    "          \"Debug\": false,\n"                                                                                    \
    "          \"SingleSocket\": false,\n"                                                                             \
    "          \"CXLAllowed\": false,\n"                                                                               \
    "          \"MemAES256XTS\": false,\n"                                                                             \
    "          \"RAPLDis\": false,\n"                                                                                  \
    "          \"CipherTextHidingDRAM\": false,\n"                                                                     \
    "          \"PageSwapDisable\": false\n"                                                                           \
    "        }\n"                                                                                                      \
    "      }\n"                                                                                                        \
    "    ]\n"

/* Nothing gets lost that a draft has, and nothing is made up. */
Test(manifest, drafts_and_empty_lists_are_written)
{
    written_as(text_bytes(LEAST(DRAFT, "")), LEAST(DRAFT, ""));
    written_as(text_bytes(LEAST("    \"tdx\": [\n      " TDX "\n    ]\n", "")),
               LEAST("    \"tdx\": [\n      " TDX "\n    ]\n", ""));
    written_as(text_bytes(LEAST(DRAFT, ",\n  \"WorkloadOwnerKeyDigests\": null")),
               LEAST(DRAFT, ",\n  \"WorkloadOwnerKeyDigests\": null"));
    written_as(text_bytes(LEAST(DRAFT, ",\n  \"WorkloadOwnerPubKeys\": []")),
               LEAST(DRAFT, ",\n  \"WorkloadOwnerPubKeys\": null"));
}

/* As Go does: <, > and & and the line ends of JavaScript too. */
Test(manifest, texts_are_written_with_escapes)
{
    static const char *const rows[][2] = {
        {"\\u0022\\\\\\/\\b\\f\\n\\r\\t", "\\\"\\\\/\\b\\f\\n\\r\\t"},
        {"\\u0001\\u001f\x7f", "\\u0001\\u001f\x7f"},
        {"<&>", "\\u003c\\u0026\\u003e"},
        {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\\u2028", "\\u2028\\u2029\xe2\x80\xaa\\u2028"},
        {"\\ud83d\\ude00\xc3\xa9", "\xf0\x9f\x98\x80\xc3\xa9"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char want[64];
        bytes out = write_again(edited("apps/v1/x", rows[i][0]));
        snprintf(want, sizeof want, "\"WorkloadSecretID\": \"%s\",\n", rows[i][1]);
        bool has = false;
        for (size_t at = 0; at < out.len && !has; at++)
            has = bytes_eq(bytes_slice(out, at, strlen(want)), text_bytes(want));
        cr_expect(has, "%zu: want %s", i, want);
    }
}

/* The order of members does not matter, that of lists does. */
Test(manifest, what_is_the_same)
{
    static const struct {
        const char *was, *is;
        bool same;
    } rows[] = {
        {"\"SNPVersion\":8,\"MicrocodeVersion\":115", "\"MicrocodeVersion\":115,  \"SNPVersion\":8", true},
        {"\"WorkloadSecretID\":\"apps/v1/x\",\"Role\":\"coordinator\"",
         "\"Role\":\"coordinator\",\"WorkloadSecretID\":\"apps/v1/x\"", true},
        {"\"coordinator\",\"*\"", "\"*\",\"coordinator\"", false},
        {",\"" HASH_B "\":{\"SANs\":[\"203.0.113.7\",\"spiffe://a/b\",\"web\"]}", "", false},
        {HASH_B, "2111111111111111111111111111111111111111111111111111111111111111", false},
        {"\"PageSwapDisable\":true", "\"PageSwapDisable\":false", false},
        {"\"CPUs\":2", "\"CPUs\":3", false},
        {"\"tdx\":[" TDX "]", "\"tdx\":[" TDX "," TDX "]", false},
        {"[" SNP "]", "[" SNP "," SNP "]", false},
        {DIGESTS, "\"WorkloadOwnerKeyDigests\":[]", false},
        {"\"AllowedChipIDs\":[\"" HEX64 "\"]", "\"AllowedChipIDs\":[]", false},
        {"\"AllowedChipIDs\":[\"00", "\"AllowedChipIDs\":[\"01", false},
    };
    struct manifest_room *first_room = calloc(1, sizeof *first_room);
    static uint8_t first_text[sizeof WHOLE];
    cr_assert(first_room);
    struct manifest_storage first = manifest_storage_of(first_room, first_text, sizeof first_text);
    struct manifest was, m;
    cr_assert(is_ok(manifest_parse(text_bytes(WHOLE), &first, &was, NULL)));
    cr_assert(is_ok(parse(text_bytes(written), &m, NULL)) && manifest_is_same(&was, &m));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = {0};
        cr_assert(is_ok(parse(edited(rows[i].was, rows[i].is), &m, &err)), "%zu: %s", i, err.text);
        cr_expect_eq(manifest_is_same(&was, &m), rows[i].same, "%zu", i);
        cr_expect_eq(manifest_is_same(&m, &was), rows[i].same, "%zu", i);
    }
    free(first_room);
}
