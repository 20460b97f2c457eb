/* SPDX-License-Identifier: Apache-2.0 */
/* verify/mesh_leaf.h on leaves of ca/certificate.h, and on those that OpenSSL issues with the same key. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "ca/authority.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "tests/fault.h"
#include "tests/scratch.h"
#include "verify/mesh_leaf.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

static struct private_key root_key, peer_key;
static struct authority authority, other;
static struct coordinator_ca root, mesh, other_mesh;
static uint8_t leaf_bytes[4000];
static bytes leaf;

static void read_ca(const struct authority_pem *pem, enum coordinator_ca_role role, struct coordinator_ca *out)
{
    struct err err = {0};
    status s = coordinator_ca_parse(BYTES((const uint8_t *)pem->text, pem->len), role, out, &err);
    cr_assert(is_ok(s), "%s", err.text);
}

static void issue(bytes secret_id)
{
    const bytes names[] = {BYTES_LIT("web")};
    const struct certificate_request request = {
        .spki = private_key_spki(&peer_key), .sans = names, .san_count = 1, .workload_secret_id = secret_id};
    struct certificate_room room = {leaf_bytes, sizeof leaf_bytes};
    cr_assert(is_ok(certificate_issue_leaf(&authority.mesh_key, &request, NOW, room, &leaf, NULL)));
}

static void setup(void)
{
    cr_assert(is_ok(private_key_generate(KEY_P384, &root_key, NULL)));
    cr_assert(is_ok(private_key_generate(KEY_P256, &peer_key, NULL)));
    cr_assert(is_ok(authority_make(&root_key, NULL, NOW, &authority, NULL)));
    cr_assert(is_ok(authority_make(&root_key, NULL, NOW, &other, NULL)));
    read_ca(&authority.root, COORDINATOR_ROOT_CA, &root);
    read_ca(&authority.mesh, COORDINATOR_MESH_CA, &mesh);
    read_ca(&other.mesh, COORDINATOR_MESH_CA, &other_mesh);
    issue(BYTES_ABSENT);
}

static void expect_leaf(bytes der, int64_t now, enum mesh_purpose purpose, enum err_kind kind, const char *part)
{
    struct x509_certificate x = {.raw = BYTES_LIT("untouched")};
    struct err err = {0};
    status s = mesh_leaf_check(der, &mesh, purpose, now, &x, &err);
    cr_expect_eq(s.kind, kind, "%s: %s", part, err.text);
    if (is_ok(s)) {
        cr_expect(bytes_eq(x.raw, der));
        return;
    }
    cr_expect(strncmp(err.text, "leaf: ", 6) == 0 && strstr(err.text, part), "%s: %s", part, err.text);
    cr_expect(bytes_eq(x.raw, BYTES_LIT("untouched")), "%s", part);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(mesh_leaf, times, .init = setup)
{
    expect_leaf(leaf, NOW - 3600, MESH_CLIENT, ERR_NONE, "first second");
    expect_leaf(leaf, NOW - 3601, MESH_CLIENT, ERR_EXPIRED, "not valid yet");
    expect_leaf(leaf, 1826971200, MESH_CLIENT, ERR_NONE, "last second"); /* 2027-11-23T12:00:00Z */
    expect_leaf(leaf, 1826971201, MESH_CLIENT, ERR_EXPIRED, "not valid any more");
    cr_expect_eq(mesh_ca_check(&mesh, NOW - 3601, NULL).kind, ERR_EXPIRED);
    cr_expect_eq(mesh_ca_check(&mesh, 2111054401, NULL).kind, ERR_EXPIRED);
    cr_expect(is_ok(mesh_ca_check(&mesh, 2111054400, NULL)));
}

Test(mesh_leaf, issuers, .init = setup)
{
    struct x509_certificate x;
    cr_expect_eq(mesh_leaf_check(leaf, &other_mesh, MESH_CLIENT, NOW, &x, NULL).kind, ERR_SIGNATURE);
    cr_expect_eq(mesh_leaf_check(leaf, &root, MESH_CLIENT, NOW, &x, NULL).kind, ERR_MISMATCH);
    mesh.has_profile = false;
    cr_expect_eq(mesh_leaf_check(leaf, &mesh, MESH_CLIENT, NOW, &x, NULL).kind, ERR_BUG);
    cr_expect_eq(mesh_intermediate_check(leaf, &root, &mesh, NOW, NULL).kind, ERR_MISMATCH);
}

Test(mesh_leaf, every_byte_is_signed, .init = setup)
{
    const bytes whole = leaf;
    for (size_t n = 0; n < whole.len; n++)
        cr_expect_not(is_ok(
            mesh_leaf_check(bytes_slice(whole, 0, n), &mesh, MESH_CLIENT, NOW, &(struct x509_certificate){0}, NULL)));
    for (size_t i = 0; i < whole.len; i++) {
        struct x509_certificate x;
        leaf_bytes[i] ^= 1;
        cr_expect_not(is_ok(mesh_leaf_check(whole, &mesh, MESH_CLIENT, NOW, &x, NULL)), "byte %zu", i);
        leaf_bytes[i] ^= 1;
    }
}

/* A certificate with these extensions, signed with the mesh CA's key by OpenSSL. */
static bytes sign_by_openssl(const struct scratch *s, const char *options, const char *extensions)
{
    char line[1500];
    struct secret_pem pem;
    cr_assert(is_ok(private_key_write_pem(&authority.mesh_key, &pem, NULL)));
    scratch_write(s, "mesh.key", BYTES((const uint8_t *)pem.secret, pem.len));
    scratch_write(s, "mesh.pem", BYTES((const uint8_t *)authority.mesh.text, authority.mesh.len));
    scratch_write(s, "extensions", text_bytes(extensions));
    snprintf(
        line, sizeof line,
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout peer.key -subj /CN=web -out req "
        "2>/dev/null && openssl x509 -req -in req -CA mesh.pem -CAkey mesh.key -set_serial 0x1234 -days 20000 %s "
        "-extfile extensions -outform DER -out leaf 2>/dev/null",
        options);
    scratch_run(s, line);
    return scratch_read(s, "leaf");
}

#define GOOD                                                                                                           \
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth,serverAuth\n"

Test(mesh_leaf, extensions, .init = setup)
{
    const struct {
        const char *options, *extensions;
        enum mesh_purpose purpose;
        enum err_kind kind;
        const char *part;
    } rows[] = {
        {"-sha384", GOOD, MESH_CLIENT, ERR_NONE, ""},
        {"-sha384", GOOD "subjectAltName=critical,DNS:web\n1.2.3.4=DER:0500\n", MESH_SERVER, ERR_NONE, ""},
        {"-sha256", GOOD, MESH_CLIENT, ERR_UNSUPPORTED, "signature algorithm"},
        {"-sha384", GOOD "1.2.3.4=critical,DER:0500\n", MESH_CLIENT, ERR_UNSUPPORTED, "critical extension"},
        {"-sha384", GOOD "nameConstraints=critical,permitted;DNS:x\n", MESH_CLIENT, ERR_UNSUPPORTED, "critical"},
        {"-sha384", "basicConstraints=critical,CA:TRUE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n",
         MESH_CLIENT, ERR_DENIED, "that of a CA"},
        {"-sha384",
         "basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature,keyCertSign\nextendedKeyUsage=clientAuth\n",
         MESH_CLIENT, ERR_DENIED, "that of a CA"},
        {"-sha384", "keyUsage=keyEncipherment\nextendedKeyUsage=clientAuth\n", MESH_CLIENT, ERR_DENIED,
         "want digitalSignature"},
        {"-sha384", "extendedKeyUsage=clientAuth\n", MESH_CLIENT, ERR_DENIED, "want digitalSignature"},
        {"-sha384", "keyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n", MESH_CLIENT, ERR_NONE, ""},
        {"-sha384", "keyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n", MESH_SERVER, ERR_DENIED, "serverAuth"},
        {"-sha384", "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n", MESH_CLIENT, ERR_DENIED, "clientAuth"},
        {"-sha384", "keyUsage=digitalSignature\nextendedKeyUsage=codeSigning\n", MESH_SERVER, ERR_DENIED, "serverAuth"},
        {"-sha384", "keyUsage=digitalSignature\n", MESH_SERVER, ERR_DENIED, "serverAuth"},
        {"-sha384", "keyUsage=digitalSignature\nextendedKeyUsage=anyExtendedKeyUsage\n", MESH_SERVER, ERR_DENIED,
         "serverAuth"},
        {"-sha384", "basicConstraints=critical,CA:FALSE,pathlen:3\nkeyUsage=digitalSignature\n", MESH_CLIENT,
         ERR_TRAILING, "basicConstraints"},
        {"-sha384", "2.5.29.19=critical,DER:3003010100\nkeyUsage=digitalSignature\n", MESH_CLIENT, ERR_SYNTAX,
         "basicConstraints"},
        {"-sha384", "2.5.29.15=DER:0500\n", MESH_CLIENT, ERR_SYNTAX, "keyUsage"},
        {"-sha384", "2.5.29.15=DER:030100\n", MESH_CLIENT, ERR_SYNTAX, "keyUsage"},
        {"-sha384", "2.5.29.15=DER:03020880\n", MESH_CLIENT, ERR_SYNTAX, "keyUsage"},
        {"-sha384", "2.5.29.15=DER:0302078000\n", MESH_CLIENT, ERR_TRAILING, "left over"},
        {"-sha384", "2.5.29.37=DER:30020500\n", MESH_CLIENT, ERR_SYNTAX, "extendedKeyUsage"},
    };
    struct scratch s = scratch_open();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes der = sign_by_openssl(&s, rows[i].options, rows[i].extensions);
        struct x509_certificate x; /* OpenSSL dates from today */
        cr_assert(is_ok(x509_certificate_parse(der, &x, NULL)), "%zu", i);
        expect_leaf(der, x.not_before, rows[i].purpose, rows[i].kind, rows[i].part);
        free((void *)der.ptr);
    }
    scratch_close(&s);
}

static bytes pem_der(const struct authority_pem *pem, uint8_t *buf, size_t cap)
{
    bytes der;
    cr_assert(is_ok(pem_parse(BYTES((const uint8_t *)pem->text, pem->len), "CERTIFICATE", &der, 1, buf, cap, NULL)));
    return der;
}

Test(mesh_leaf, intermediates, .init = setup)
{
    uint8_t buf[CERTIFICATE_CA_MAX];
    bytes der = pem_der(&authority.intermediate, buf, sizeof buf);
    cr_expect(is_ok(mesh_intermediate_check(der, &root, &mesh, NOW, NULL)));
    cr_expect_eq(mesh_intermediate_check(der, &root, &other_mesh, NOW, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(mesh_intermediate_check(der, &root, &root, NOW, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(mesh_intermediate_check(der, &mesh, &mesh, NOW, NULL).kind, ERR_MISMATCH);
    cr_expect_eq(mesh_intermediate_check(der, &root, &mesh, NOW - 3601, NULL).kind, ERR_EXPIRED);
    for (size_t i = 0; i < der.len; i++) {
        buf[i] ^= 1;
        cr_expect_not(is_ok(mesh_intermediate_check(der, &root, &mesh, NOW, NULL)), "byte %zu", i);
        buf[i] ^= 1;
    }
    mesh.has_profile = false;
    cr_expect_eq(mesh_intermediate_check(der, &root, &mesh, NOW, NULL).kind, ERR_BUG);
}

/* A library that fails is no valid signature. */
Test(mesh_leaf, crypto_that_fails, .init = setup)
{
    unsigned nth = 1;
    for (;; nth++) {
        struct x509_certificate x;
        fault_arm(nth);
        status s = mesh_leaf_check(leaf, &mesh, MESH_CLIENT, NOW, &x, NULL);
        if (!fault_came()) break;
        cr_expect_eq(s.kind, ERR_BUG, "call %u", nth);
    }
    fault_arm(0);
    cr_expect_eq(nth, 3u); /* a digest and a signature */
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(mesh_leaf, accepted, .init = setup)
{
    expect_leaf(leaf, NOW, MESH_CLIENT, ERR_NONE, "client");
    expect_leaf(leaf, NOW, MESH_SERVER, ERR_NONE, "server");
    cr_expect(is_ok(mesh_ca_check(&mesh, NOW, NULL)) && is_ok(mesh_ca_check(&root, NOW, NULL)));
}

static void expect_id(enum err_kind kind, bytes want)
{
    struct x509_certificate x;
    bytes id = BYTES_LIT("untouched");
    cr_assert(is_ok(x509_certificate_parse(leaf, &x, NULL)));
    cr_expect_eq(mesh_leaf_workload_secret_id(&x, &id, NULL).kind, kind);
    cr_expect(bytes_eq(id, want) || (bytes_is_absent(id) && bytes_is_absent(want)));
}

Test(mesh_leaf, workload_secret_ids, .init = setup)
{
    expect_id(ERR_NONE, BYTES_ABSENT);
    issue(BYTES_LIT("web"));
    expect_id(ERR_NONE, BYTES_LIT("web"));
    const struct {
        const char *extension;
        enum err_kind kind;
    } rows[] = {
        {"1.3.9901.3.1=DER:0400\n", ERR_SYNTAX},
        {"1.3.9901.3.1=DER:0c0177\n", ERR_SYNTAX},
        {"1.3.9901.3.1=DER:04017700\n", ERR_TRAILING},
        {"1.3.9901.3.1=DER:0402\n", ERR_TRUNCATED},
    };
    struct scratch s = scratch_open();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        leaf = sign_by_openssl(&s, "-sha384", rows[i].extension);
        expect_id(rows[i].kind, BYTES_LIT("untouched"));
        free((void *)leaf.ptr);
    }
    scratch_close(&s);
}
