/* SPDX-License-Identifier: Apache-2.0 */
/* The two CA certificates of a Coordinator: certificates of tests/deployment.py, each with one element changed. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/pem.h"
#include "parse/text.h"
#include "tests/coordinator_cas.h"
#include "tests/der_edit.h"
#include "tests/fault.h"
#include "verify/coordinator_ca.h"
#include "verify/crypto.h"

enum { FROM = 1780268400 /* 2026-05-31 23:00 */, TO = 2095804800 /* 2036-05-31 00:00 */, NOW = 1782864000 };

/* Where things stand in a certificate. */
#define INNER_ALGORITHM DER_PATH(0, 2)
#define ISSUER          DER_PATH(0, 3)
#define SUBJECT         DER_PATH(0, 5)
#define SUBJECT_RDN     DER_PATH(0, 5, 0)
#define SUBJECT_TYPE    DER_PATH(0, 5, 0, 0, 0)
#define SUBJECT_TEXT    DER_PATH(0, 5, 0, 0, 1)
#define KEY_ALGORITHM   DER_PATH(0, 6, 0)
#define KEY_BITS        DER_PATH(0, 6, 1)
#define EXTENSION_LIST  DER_PATH(0, 7)
#define BC              DER_PATH(0, 7, 0, 0)
#define BC_CRITICAL     DER_PATH(0, 7, 0, 0, 1)
#define BC_VALUE        DER_PATH(0, 7, 0, 0, 2)
#define KU_VALUE        DER_PATH(0, 7, 0, 1, 2)
#define SKI_OID         DER_PATH(0, 7, 0, 2, 0)
#define SKI_VALUE       DER_PATH(0, 7, 0, 2, 1)
#define OUTER_ALGORITHM DER_PATH(1)
#define SIGNATURE_BITS  DER_PATH(2)

#define ECDSA_SHA256 "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"

static struct coordinator_ca ca;
static struct der_edit edit;

static void open_crypto(void)
{
    struct err err = {0};
    cr_assert(is_ok(crypto_open(&err)), "%s", err.text);
}

/* The certificate of a PEM text, to be changed. */
static void load(bytes pem)
{
    static uint8_t der[LIMIT_CERTIFICATE_BYTES];
    bytes one = BYTES_ABSENT;
    struct err err = {0};
    cr_assert(is_ok(pem_parse(pem, "CERTIFICATE", &one, 1, der, sizeof der, &err)), "%s", err.text);
    der_edit_load(&edit, one);
}

static bytes to_pem(bytes der)
{
    static char text[PEM_TEXT_SIZE(4096, 11)];
    struct err err = {0};
    cr_assert(is_ok(pem_write(der, "CERTIFICATE", text, sizeof text, &err)), "%s", err.text);
    return text_bytes(text);
}

static struct verdict check(bytes pem, enum coordinator_ca_role role, int64_t now)
{
    struct verdict v = {0};
    coordinator_ca_check(pem, role, now, &ca, &v);
    return v;
}

static const enum check_id root_rows[] = {CHECK_ROOT_CA_CERTIFICATE, CHECK_ROOT_CA_PROFILE, CHECK_ROOT_CA_SIGNATURE,
                                          CHECK_ROOT_CA_VALIDITY};
static const enum check_id mesh_rows[] = {CHECK_MESH_CA_CERTIFICATE, CHECK_MESH_CA_PROFILE, CHECK_MESH_CA_SIGNATURE,
                                          CHECK_MESH_CA_VALIDITY};

/* Outcomes of certificate, profile, signature and validity: 'p'assed, 'f'ailed, '-' not run; and of nothing else. */
static void expect_rows(const struct verdict *v, const enum check_id rows[4], const char *want, const char *what)
{
    char have[5] = "";
    for (size_t i = 0; i < 4; i++)
        have[i] = v->by_id[rows[i]].outcome == PASSED ? 'p' : v->by_id[rows[i]].outcome == FAILED ? 'f' : '-';
    cr_expect_str_eq(have, want, "%s: want %s, have %s", what, want, have);
    size_t set = 0;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        set += v->by_id[i].outcome != NOT_RUN;
    size_t listed = 0;
    for (size_t i = 0; i < 4; i++)
        listed += have[i] != '-';
    cr_expect_eq(set, listed, "%s: %zu other rows", what, set - listed);
}

/* The changed root certificate is refused for its profile with words that begin so, by both functions. */
static void refused(const char *text, const char *what)
{
    struct err err = {0};
    ca.has_profile = true;
    status s = coordinator_ca_parse(DER_EDIT_BYTES(&edit), COORDINATOR_ROOT_CA, &ca, &err);
    cr_expect(!is_ok(s) && strncmp(err.text, text, strlen(text)) == 0, "%s: want \"%s\", have \"%s\"", what, text,
              err.text);
    cr_expect_not(ca.has_profile, "%s", what);
    struct verdict v = check(to_pem(DER_EDIT_BYTES(&edit)), COORDINATOR_ROOT_CA, NOW);
    expect_rows(&v, root_rows, "pf-p", what);
    cr_expect(strncmp(v.by_id[CHECK_ROOT_CA_PROFILE].note, text, strlen(text)) == 0, "%s", what);
    cr_expect(!ca.has_profile, "%s", what);
}

static void replaced(const int *path, bytes with, const char *text, const char *what)
{
    load(BYTES_LIT(ROOT_PEM));
    der_edit_replace(&edit, path, with);
    refused(text, what);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(coordinator_ca, other_names_are_refused)
{
    open_crypto();
    static const char want[] = "subject: want CN=system:coordinator:root alone, have ";
    replaced(SUBJECT_TEXT, BYTES_LIT("\x13\x17system:coordinator:roos"),
             "subject: want CN=system:coordinator:root alone, have \"system:coordinator:roos\"", "another text");
    replaced(SUBJECT_TEXT, BYTES_LIT("\x13\x18system:coordinator:root "), want, "a longer text");
    replaced(SUBJECT_TEXT, BYTES_LIT("\x13\x17System:coordinator:root"), want, "another case");
    replaced(SUBJECT_TEXT, BYTES_LIT("\x16\x17system:coordinator:root"), want, "IA5String");
    replaced(SUBJECT_TYPE, BYTES_LIT("\x06\x03\x55\x04\x0a"), want, "an organisation");
    replaced(SUBJECT, BYTES_LIT("\x30\x00"), want, "no name");

    load(BYTES_LIT(ROOT_PEM));
    static uint8_t rdn[64];
    bytes old = der_edit_get(&edit, SUBJECT_RDN);
    memcpy(rdn, old.ptr, old.len);
    der_edit_insert(&edit, SUBJECT_RDN, BYTES(rdn, old.len));
    refused(want, "the name twice");

    replaced(ISSUER, BYTES_LIT("\x30\x00"), "issuer: want CN=system:coordinator:root alone, have 3000", "no issuer");
}

Test(coordinator_ca, other_algorithms_are_refused)
{
    open_crypto();
    static const char want[] = "signature algorithm: want ECDSA with SHA-384, have 300a06082a8648ce3d040302";
    replaced(INNER_ALGORITHM, BYTES_LIT(ECDSA_SHA256), want, "inside");
    replaced(OUTER_ALGORITHM, BYTES_LIT(ECDSA_SHA256), want, "outside");
}

Test(coordinator_ca, other_extensions_are_refused)
{
    open_crypto();
    replaced(BC, BYTES_ABSENT, "basicConstraints is missing", "no basicConstraints");
    replaced(BC_CRITICAL, BYTES_ABSENT, "basicConstraints: want it critical", "uncritical");
    replaced(BC_VALUE, BYTES_LIT("\x04\x02\x30\x00"), "basicConstraints: want 30030101ff, have 3000", "no CA");
    replaced(BC_VALUE, BYTES_LIT("\x04\x08\x30\x06\x01\x01\xff\x02\x01\x00"),
             "basicConstraints: want 30030101ff, have 30060101ff020100", "path length");
    replaced(KU_VALUE, BYTES_LIT("\x04\x04\x03\x02\x01\x06"), "keyUsage: want 03020284, have 03020106", "keyUsage");
    replaced(DER_PATH(0, 7, 0, 2), BYTES_ABSENT, "subjectKeyIdentifier is missing", "no subjectKeyIdentifier");
    replaced(SKI_OID, BYTES_LIT("\x06\x03\x55\x1d\x23"),
             "extensions: want those of the profile alone, have the object 551d23 too", "authorityKeyId");
    replaced(EXTENSION_LIST, BYTES_ABSENT, "basicConstraints is missing", "none at all");

    load(BYTES_LIT(ROOT_PEM));
    der_edit_insert(&edit, SKI_VALUE, BYTES_LIT("\x01\x01\xff"));
    refused("subjectKeyIdentifier: want it not critical", "critical");
}

Test(coordinator_ca, other_keys_are_refused)
{
    open_crypto();
    static const char want[] = "key: want an uncompressed point on P-384, have ";
    replaced(KEY_ALGORITHM,
             BYTES_LIT("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"),
             "key: want one on P-384, have the algorithm 301306072a8648ce3d020106082a8648", "P-256");
    load(BYTES_LIT(ROOT_PEM));
    static uint8_t bits[98];
    bytes old = der_edit_contents(&edit, KEY_BITS);
    cr_assert_eq(old.len, sizeof bits);
    memcpy(bits, old.ptr, sizeof bits);
    der_edit_refill(&edit, KEY_BITS, BYTES(bits, sizeof bits - 1));
    refused(want, "a point that is cut");
    bits[1] = 0x03;
    der_edit_refill(&edit, KEY_BITS, BYTES(bits, 50));
    refused(want, "a compressed point");
    der_edit_refill(&edit, KEY_BITS, BYTES_OF(bits));
    refused(want, "another first byte");
    bits[1] = 0x04;
    bits[97] ^= 1;
    der_edit_refill(&edit, KEY_BITS, BYTES_OF(bits));
    struct err err = {0};
    cr_expect_eq(coordinator_ca_parse(DER_EDIT_BYTES(&edit), COORDINATOR_ROOT_CA, &ca, &err).kind, ERR_RANGE);
    cr_expect(strncmp(err.text, "key: ", 5) == 0, "%s", err.text);
    cr_expect(bytes_is_absent(ca.point));
}

/* The signature is no SEQUENCE of two fitting numbers, or not over these bytes by this key. */
Test(coordinator_ca, other_signatures_are_refused)
{
    open_crypto();
    static const char long_number[] = "\x00\x30\x36\x02\x31\x7f"
                                      "................................................"
                                      "\x02\x01\x01";
    static const struct {
        bytes bits; /* with the number of unused bits */
        const char *text, *what;
    } rows[] = {
        {{(const uint8_t *)"\x00", 1}, "signature", "none"},
        {{(const uint8_t *)"\x00\x30\x00", 3}, "r", "no number"},
        {{(const uint8_t *)"\x00\x30\x03\x02\x01\x01", 6}, "s", "one number"},
        {{(const uint8_t *)"\x00\x30\x06\x02\x01\x01\x02\x01\xff", 9}, "s", "a negative one"},
        {{(const uint8_t *)"\x00\x30\x07\x02\x02\x00\x01\x02\x01\x01", 10}, "r", "one filled up"},
        {{(const uint8_t *)"\x00\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01", 12}, "signature", "three numbers"},
        {{(const uint8_t *)"\x00\x30\x06\x02\x01\x01\x02\x01\x01\x00", 10}, "left over", "bytes behind it"},
        {{(const uint8_t *)long_number, sizeof long_number - 1}, "r", "49 bytes"},
        {{(const uint8_t *)"\x00\x30\x06\x02\x01\x01\x02\x01\x01", 9}, "", "short ones, which nobody made"},
        {{(const uint8_t *)"\x00\x30\x06\x02\x01\x00\x02\x01\x00", 9}, "", "zeros"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load(BYTES_LIT(ROOT_PEM));
        der_edit_refill(&edit, SIGNATURE_BITS, rows[i].bits);
        struct verdict v = check(to_pem(DER_EDIT_BYTES(&edit)), COORDINATOR_ROOT_CA, NOW);
        expect_rows(&v, root_rows, "ppfp", rows[i].what);
        const char *note = v.by_id[CHECK_ROOT_CA_SIGNATURE].note;
        cr_expect(strstr(note, rows[i].text) != NULL, "%s: \"%s\"", rows[i].what, note);
    }
}

Test(coordinator_ca, what_is_not_one_certificate_is_refused)
{
    open_crypto();
    static const struct {
        bytes pem;
        const char *what;
    } rows[] = {
        {{NULL, 0}, "absent"},
        {{(const uint8_t *)"", 0}, "empty"},
        {{(const uint8_t *)ROOT_PEM MESH_PEM, sizeof ROOT_PEM MESH_PEM - 1}, "two"},
        {{(const uint8_t *)ROOT_PEM "x", sizeof ROOT_PEM}, "one byte more"},
        {{(const uint8_t *)"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", 58},
         "no certificate in it"},
        {{(const uint8_t *)"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n", 56}, "another label"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict v = check(rows[i].pem, COORDINATOR_ROOT_CA, NOW);
        expect_rows(&v, root_rows, "f---", rows[i].what);
        cr_expect(!ca.has_profile && bytes_is_absent(ca.point), "%s", rows[i].what);
        cr_expect_neq(v.by_id[CHECK_ROOT_CA_CERTIFICATE].note[0], '\0', "%s", rows[i].what);
        cr_expect_not(is_ok(coordinator_ca_parse(rows[i].pem, COORDINATOR_ROOT_CA, &ca, NULL)), "%s", rows[i].what);
    }
    /* DER is what a user may give, not what a Coordinator sends. */
    load(BYTES_LIT(ROOT_PEM));
    struct verdict v = check(DER_EDIT_BYTES(&edit), COORDINATOR_ROOT_CA, NOW);
    expect_rows(&v, root_rows, "f---", "DER");
}

Test(coordinator_ca, every_prefix_is_refused)
{
    open_crypto();
    for (size_t n = 0; n + 1 < sizeof ROOT_PEM - 1; n++) { /* the last line end may be missing */
        struct verdict v = check(BYTES((const uint8_t *)ROOT_PEM, n), COORDINATOR_ROOT_CA, NOW);
        cr_expect_eq(v.by_id[CHECK_ROOT_CA_CERTIFICATE].outcome, FAILED, "%zu bytes", n);
    }
    load(BYTES_LIT(ROOT_PEM));
    for (size_t n = 0; n < edit.len; n++)
        cr_expect_not(is_ok(coordinator_ca_parse(BYTES(edit.data, n), COORDINATOR_ROOT_CA, &ca, NULL)), "%zu", n);
}

/* No bit of a certificate may change: what remains well formed has another profile or a signature that does not fit. */
Test(coordinator_ca, every_changed_bit_is_refused)
{
    open_crypto();
    load(BYTES_LIT(MESH_PEM));
    size_t by_signature = 0;
    for (size_t bit = 0; bit < 8 * edit.len; bit++) {
        edit.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        struct verdict v = check(to_pem(DER_EDIT_BYTES(&edit)), COORDINATOR_MESH_CA, NOW);
        size_t passed = 0;
        for (size_t i = 0; i < 4; i++)
            passed += v.by_id[mesh_rows[i]].outcome == PASSED;
        cr_assert_lt(passed, 4u, "bit %zu", bit);
        by_signature += v.by_id[CHECK_MESH_CA_SIGNATURE].outcome == FAILED;
        edit.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    cr_expect_gt(by_signature, 8u * 96, "%zu", by_signature);
}

Test(coordinator_ca, the_other_role_is_refused)
{
    open_crypto();
    struct verdict v = check(BYTES_LIT(MESH_PEM), COORDINATOR_ROOT_CA, NOW);
    expect_rows(&v, root_rows, "pf-p", "the mesh CA as root");
    v = check(BYTES_LIT(ROOT_PEM), COORDINATOR_MESH_CA, NOW);
    expect_rows(&v, mesh_rows, "pf-p", "the root as mesh CA");
}

Test(coordinator_ca, a_failing_library_is_no_pass)
{
    open_crypto();
    unsigned nth = 1;
    for (;; nth++) {
        fault_arm(nth);
        struct verdict v = check(BYTES_LIT(ROOT_PEM), COORDINATOR_ROOT_CA, NOW);
        bool came = fault_came();
        fault_arm(0);
        if (!came) break;
        expect_rows(&v, root_rows, nth == 1 ? "pf-p" : "ppfp", "a fault");
    }
    cr_expect_eq(nth, 4u); /* point, digest, signature */
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* SubjectPublicKeyInfo's point as tests/deployment.py computes it. */
static const char root_point[] = "\x04\x27\xe0\x95\xac\xf6\x32\xd2\xa6\xfb\x21\xb5\x83\x59\xeb\xa3\x8d\x2e\xd9\x5f\xaa"
                                 "\xf4\xe8\xe0\x55\xf0\xeb\x68\xe9"
                                 "\xc3\x85\xa9\xac\x95\xd8\x20\x43\xc3\xc1\xed\x48\xb3\x76\x2d\x3f\x09\x50\x8a\xb7\x1c"
                                 "\x0c\xd7\xb0\xd6\x22\x91\x0d\xea"
                                 "\x23\x4a\x92\xeb\xa1\x36\x1e\xae\x22\x3f\x7b\x9b\x82\x26\xdc\xca\xd4\x1d\x46\xf5\x37"
                                 "\xef\x77\xb2\x4a\x59\xd1\x9f\xa3"
                                 "\x13\x77\x01\xeb\x28\x07\x94\x8e\x1f\xe8";

Test(coordinator_ca, both_are_accepted_in_their_roles)
{
    open_crypto();
    struct verdict v = check(BYTES_LIT(MESH_PEM), COORDINATOR_MESH_CA, NOW);
    expect_rows(&v, mesh_rows, "pppp", "mesh");
    v = check(BYTES_LIT(ROOT_PEM), COORDINATOR_ROOT_CA, NOW);
    expect_rows(&v, root_rows, "pppp", "root");
    cr_expect(ca.has_profile && bytes_eq(ca.point, BYTES_LIT(root_point)));
}

Test(coordinator_ca, a_common_name_in_utf8_is_accepted)
{
    open_crypto();
    load(BYTES_LIT(ROOT_PEM));
    der_edit_replace(&edit, SUBJECT_TEXT, BYTES_LIT("\x0c\x17system:coordinator:root"));
    cr_expect(is_ok(coordinator_ca_parse(DER_EDIT_BYTES(&edit), COORDINATOR_ROOT_CA, &ca, NULL)));
}

Test(coordinator_ca, validity_includes_both_ends)
{
    open_crypto();
    static const struct {
        int64_t now;
        enum outcome want;
    } rows[] = {{FROM - 1, FAILED}, {FROM, PASSED}, {NOW, PASSED}, {TO, PASSED}, {TO + 1, FAILED}, {0, FAILED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict v = check(BYTES_LIT(ROOT_PEM), COORDINATOR_ROOT_CA, rows[i].now);
        cr_expect_eq(v.by_id[CHECK_ROOT_CA_VALIDITY].outcome, rows[i].want, "%lld", (long long)rows[i].now);
    }
}

Test(coordinator_ca, a_user_gives_pem_or_der)
{
    open_crypto();
    load(BYTES_LIT(ROOT_PEM));
    cr_expect(is_ok(coordinator_ca_parse(DER_EDIT_BYTES(&edit), COORDINATOR_ROOT_CA, &ca, NULL)));
    memset(edit.data, 0, sizeof edit.data); /* it has its own copy */
    cr_expect(ca.has_profile && bytes_eq(ca.point, BYTES_LIT(root_point)));
    cr_expect(is_ok(coordinator_ca_parse(BYTES_LIT(ROOT_PEM), COORDINATOR_ROOT_CA, &ca, NULL)));
    cr_expect(ca.has_profile && bytes_eq(ca.point, BYTES_LIT(root_point)));
}
