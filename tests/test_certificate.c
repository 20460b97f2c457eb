/* SPDX-License-Identifier: Apache-2.0 */
/* ca/certificate.h and ca/authority.h: OpenSSL verifies both chains, our own judge of a Coordinator's CAs accepts them,
 * and the claims are held against the specification's table. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "ca/authority.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "parse/x509.h"
#include "snp/policy.h"
#include "tests/coordinator_cas.h"
#include "tests/fault.h"
#include "tests/scratch.h"
#include "verify/coordinator_ca.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

static struct private_key root_key, peer_key;
static struct authority authority;
static uint8_t room_bytes[40000];
static const struct certificate_room room = {room_bytes, sizeof room_bytes};
static const bytes web_names[] = {BYTES_LIT("web.example"),  BYTES_LIT("*"),
                                  BYTES_LIT("10.1.2.3"),     BYTES_LIT("fd00::5"),
                                  BYTES_LIT("spiffe://a/b"), BYTES_LIT("::ffff:1.2.3.4"),
                                  BYTES_LIT("WEB-2")};
static struct certificate_request web;

static void setup(void)
{
    struct err err = {0};
    cr_assert(is_ok(private_key_generate(KEY_P384, &root_key, &err)), "%s", err.text);
    cr_assert(is_ok(private_key_generate(KEY_P256, &peer_key, &err)), "%s", err.text);
    cr_assert(is_ok(authority_make(&root_key, NULL, NOW, &authority, &err)), "%s", err.text);
    web = (struct certificate_request){.spki = private_key_spki(&peer_key), .sans = web_names, .san_count = 7};
}

static bytes pem_bytes(const struct authority_pem *pem)
{
    cr_assert_eq(pem->len, strlen(pem->text));
    return BYTES((const uint8_t *)pem->text, pem->len);
}

static bytes issue(const struct certificate_request *request)
{
    bytes out;
    struct err err = {0};
    cr_assert(is_ok(certificate_issue_leaf(&authority.mesh_key, request, NOW, room, &out, &err)), "%s", err.text);
    return out;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

static void refused(const struct certificate_request *request, enum err_kind kind, const char *part)
{
    bytes out = BYTES_LIT("untouched");
    struct err err = {0};
    status s = certificate_issue_leaf(&authority.mesh_key, request, NOW, room, &out, &err);
    cr_expect_eq(s.kind, kind, "%s: %s", part, err.text);
    cr_expect(strstr(err.text, part), "%s: %s", part, err.text);
    cr_expect(bytes_eq(out, BYTES_LIT("untouched")));
}

Test(certificate, names_refused, .init = setup)
{
    uint8_t long_name[254];
    memset(long_name, 'a', sizeof long_name);
    struct {
        bytes name;
        enum err_kind kind;
        const char *part;
    } rows[] = {
        {BYTES_LIT("10.0.0.1"), ERR_MISSING, "want a DNS name"},
        {BYTES_LIT("web:8080"), ERR_MISSING, "want a DNS name"},
        {BYTES_LIT(""), ERR_SYNTAX, "name 0"},
        {BYTES_LIT("a b"), ERR_SYNTAX, "name 0"},
        {BYTES_LIT("a\0b"), ERR_SYNTAX, "name 0"},
        {BYTES_LIT("\xc3\xa4"), ERR_SYNTAX, "name 0"},
        {BYTES_OF(long_name), ERR_LIMIT, "at most 253 bytes, have 254"},
    };
    web.san_count = 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        web.sans = &rows[i].name;
        refused(&web, rows[i].kind, rows[i].part);
    }
    web.san_count = 0;
    refused(&web, ERR_MISSING, "want a DNS name");
    const bytes second[] = {BYTES_LIT("good"), BYTES_LIT("bad name")};
    web.sans = second;
    web.san_count = 2;
    refused(&web, ERR_SYNTAX, "name 1");
}

Test(certificate, keys_refused, .init = setup)
{
    uint8_t spki[200];
    memcpy(spki, peer_key.spki, peer_key.spki_len);
    spki[peer_key.spki_len] = 0;
    web.spki = BYTES(spki, peer_key.spki_len + 1);
    refused(&web, ERR_TRAILING, "key of the leaf: ");
    web.spki = BYTES(spki, peer_key.spki_len - 1);
    refused(&web, ERR_TRUNCATED, "key of the leaf: public key");
    web.spki = BYTES_ABSENT;
    refused(&web, ERR_TRUNCATED, "key of the leaf: public key");
    web.spki = BYTES_LIT("\x30\x0d\x30\x05\x06\x03\x2b\x65\x70\x03\x04\x00\x01\x02\x03"); /* Ed25519 */
    refused(&web, ERR_UNSUPPORTED, "id-ecPublicKey");
    web.spki = BYTES_LIT("\x30\x1a\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x09\x00\x30\x06\x02"
                         "\x01\x77\x02\x01\x03");
    refused(&web, ERR_RANGE, "modulus");

    bytes out;
    struct private_key short_key = peer_key;
    cr_expect_eq(certificate_issue_root(&peer_key, NOW, room, &out, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(certificate_issue_mesh_ca(&peer_key, NOW, room, &out, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(certificate_issue_intermediate(&root_key, &peer_key, NOW, room, &out, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(certificate_issue_intermediate(&peer_key, &root_key, NOW, room, &out, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(authority_make(&root_key, &short_key, NOW, &authority, NULL).kind, ERR_UNSUPPORTED);
}

Test(certificate, times_refused, .init = setup)
{
    bytes out;
    const int64_t times[] = {253402300799 /* 9999-12-31T23:59:59Z */, -631152000 /* 1950 */, INT64_C(1) << 60};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(certificate_issue_root(&root_key, times[i], room, &out, NULL).kind, ERR_RANGE);
        cr_expect_eq(certificate_issue_leaf(&authority.mesh_key, &web, times[i], room, &out, NULL).kind, ERR_RANGE);
        cr_expect_eq(
            certificate_issue_attested(&peer_key, OID_EVIDENCE_SNP, BYTES_ABSENT, times[i], room, &out, NULL).kind,
            ERR_RANGE);
    }
}

Test(certificate, too_little_room, .init = setup)
{
    bytes out;
    size_t whole = issue(&web).len;
    for (size_t cap = 0; cap < whole - 10; cap += 3) { /* a signature is a few bytes shorter now and then */
        struct certificate_room small = {room_bytes, cap};
        room_bytes[cap] = 0xee;
        struct err err = {0};
        status s = certificate_issue_leaf(&authority.mesh_key, &web, NOW, small, &out, &err);
        cr_expect_eq(s.kind, ERR_NOMEM, "%zu: %s", cap, err.text);
        cr_expect_eq(room_bytes[cap], 0xee);
    }
    char chain[4000];
    size_t len = 0;
    cr_assert(is_ok(authority_issue(&authority, &web, NOW, chain, sizeof chain, &len, NULL)));
    for (size_t cap = 1; cap < len - 30; cap += 7)
        cr_expect_eq(authority_issue(&authority, &web, NOW, chain, cap, &len, NULL).kind, ERR_NOMEM, "%zu", cap);
}

/* A document that would make a certificate which no peer of ours reads. */
Test(certificate, document_too_large, .init = setup)
{
    static uint8_t document[33000];
    struct err err = {0};
    bytes out;
    status s = certificate_issue_attested(&peer_key, OID_EVIDENCE_SNP, BYTES_OF(document), NOW, room, &out, &err);
    cr_expect_eq(s.kind, ERR_LIMIT, "%s", err.text);
}

/* A library that fails leaves no certificate and no chain. */
Test(certificate, crypto_that_fails, .init = setup)
{
    unsigned nth = 1;
    for (;; nth++) {
        bytes out = BYTES_LIT("untouched");
        struct err err = {0};
        fault_arm(nth);
        status s = certificate_issue_leaf(&authority.mesh_key, &web, NOW, room, &out, &err);
        if (!fault_came()) break;
        cr_expect_eq(s.kind, ERR_BUG, "call %u: %s", nth, err.text);
        cr_expect(bytes_eq(out, BYTES_LIT("untouched")));
    }
    cr_expect_eq(nth, 3u); /* the issuer's identifier, and what is signed */
    static struct authority made;
    for (nth = 1;; nth++) {
        fault_arm(nth);
        status s = authority_make(&root_key, NULL, NOW, &made, NULL);
        if (!fault_came()) break;
        cr_expect_eq(s.kind, ERR_BUG, "call %u", nth);
        cr_expect(bytes_are_zero(BYTES((const uint8_t *)&made, sizeof made)));
    }
    cr_expect_eq(nth, 10u); /* three certificates of three digests each */
    fault_arm(0);
}

/* ---- CAs -------------------------------------------------------------------------------------------------------- */

static void expect_ca(const struct authority_pem *pem, enum coordinator_ca_role role, const char *reference)
{
    static struct coordinator_ca ca, other;
    static struct verdict v;
    struct err err = {0};
    memset(&v, 0, sizeof v);
    cr_assert(is_ok(coordinator_ca_parse(pem_bytes(pem), role, &ca, &err)), "%s", err.text);
    coordinator_ca_check(pem_bytes(pem), role, NOW, &ca, &v);
    const enum check_id rows[2][4] = {
        {CHECK_ROOT_CA_CERTIFICATE, CHECK_ROOT_CA_PROFILE, CHECK_ROOT_CA_SIGNATURE, CHECK_ROOT_CA_VALIDITY},
        {CHECK_MESH_CA_CERTIFICATE, CHECK_MESH_CA_PROFILE, CHECK_MESH_CA_SIGNATURE, CHECK_MESH_CA_VALIDITY}};
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(v.by_id[rows[role == COORDINATOR_MESH_CA][i]].outcome, PASSED, "row %zu", i);
    cr_expect_eq(ca.x.not_before, NOW - 3600);
    cr_expect_eq(ca.x.not_after, 2111054400); /* 2036-11-23T12:00:00Z */
    cr_expect(ca.x.serial.len == 16 && !bytes_are_zero(ca.x.serial));

    /* the same names, algorithms and usage as those of an issuer in another language */
    cr_assert(is_ok(coordinator_ca_parse(text_bytes(reference), role, &other, NULL)));
    cr_expect(bytes_eq(ca.x.subject, other.x.subject) && bytes_eq(ca.x.issuer, other.x.issuer));
    cr_expect(bytes_eq(ca.x.outer_algorithm, other.x.outer_algorithm));
    cr_expect(bytes_eq(ca.x.key_algorithm, other.x.key_algorithm));
    cr_expect_eq(ca.x.extensions.len, other.x.extensions.len);
}

Test(certificate, our_own_judge_accepts_the_cas, .init = setup)
{
    expect_ca(&authority.root, COORDINATOR_ROOT_CA, ROOT_PEM);
    expect_ca(&authority.mesh, COORDINATOR_MESH_CA, MESH_PEM);
}

/* A leap day: ten years later there is none, and the certificate ends a day later. */
Test(certificate, ten_years_after_a_leap_day, .init = setup)
{
    bytes out;
    struct x509_certificate x;
    cr_assert(is_ok(certificate_issue_root(&root_key, 1835438400 /* 2028-02-29T12:00:00Z */, room, &out, NULL)));
    cr_assert(is_ok(x509_certificate_parse(out, &x, NULL)));
    cr_expect_eq(x.not_before, 1835438400 - 3600);
    cr_expect_eq(x.not_after, 2151057600); /* 2038-03-01T12:00:00Z */
}

Test(certificate, made_again_everything_but_the_root_key_changes, .init = setup)
{
    static struct authority again, handed_over;
    static struct coordinator_ca a, b;
    cr_assert(is_ok(authority_make(&root_key, NULL, NOW, &again, NULL)));
    cr_expect_str_neq(authority.root.text, again.root.text);
    cr_assert(is_ok(coordinator_ca_parse(pem_bytes(&authority.root), COORDINATOR_ROOT_CA, &a, NULL)));
    cr_assert(is_ok(coordinator_ca_parse(pem_bytes(&again.root), COORDINATOR_ROOT_CA, &b, NULL)));
    cr_expect(bytes_eq(a.x.spki, b.x.spki) && bytes_eq(a.x.spki, private_key_spki(&root_key)));
    cr_assert(is_ok(coordinator_ca_parse(pem_bytes(&authority.mesh), COORDINATOR_MESH_CA, &a, NULL)));
    cr_assert(is_ok(coordinator_ca_parse(pem_bytes(&again.mesh), COORDINATOR_MESH_CA, &b, NULL)));
    cr_expect_not(bytes_eq(a.x.spki, b.x.spki));
    cr_assert(is_ok(authority_make(&root_key, &authority.mesh_key, NOW, &handed_over, NULL)));
    cr_assert(is_ok(coordinator_ca_parse(pem_bytes(&handed_over.mesh), COORDINATOR_MESH_CA, &b, NULL)));
    cr_expect(bytes_eq(a.x.spki, b.x.spki));
    authority_wipe(&again);
    cr_expect(bytes_are_zero(BYTES((const uint8_t *)&again, sizeof again)));
}

/* ---- chains under OpenSSL --------------------------------------------------------------------------------------- */

/* Issues for the key, and lets OpenSSL verify both chains. */
static void expect_chains(const struct scratch *s, const struct certificate_request *request)
{
    char chain[12000], line[500];
    size_t len = 0;
    struct err err = {0};
    cr_assert(is_ok(authority_issue(&authority, request, NOW, chain, sizeof chain, &len, &err)), "%s", err.text);
    cr_expect_eq(len, strlen(chain));
    scratch_write(s, "chain", BYTES((const uint8_t *)chain, len));
    scratch_write(s, "root", pem_bytes(&authority.root));
    scratch_write(s, "mesh", pem_bytes(&authority.mesh));
    scratch_write(s, "intermediate", pem_bytes(&authority.intermediate));
    scratch_run(s, "openssl x509 -in chain -out leaf");
    const char *const purposes[] = {"sslserver", "sslclient"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(line, sizeof line,
                 "openssl verify -x509_strict -check_ss_sig -purpose %s -attime %d -CAfile mesh leaf >out && "
                 "openssl verify -x509_strict -check_ss_sig -purpose %s -attime %d -CAfile root -untrusted chain leaf "
                 ">>out && ! openssl verify -attime %d -CAfile root leaf >>out 2>&1",
                 purposes[i], NOW, purposes[i], NOW, NOW);
        scratch_run(s, line);
    }
    scratch_run(s, "openssl x509 -in leaf -noout -checkend 0 >>out || true; cat leaf intermediate | cmp - chain");
}

Test(certificate, openssl_verifies_both_chains, .init = setup)
{
    struct scratch s = scratch_open();
    expect_chains(&s, &web);
    cr_assert(is_ok(private_key_generate(KEY_P384, &peer_key, NULL)));
    web.spki = private_key_spki(&peer_key);
    expect_chains(&s, &web);
    scratch_run(&s, "openssl genrsa 2048 2>/dev/null | openssl rsa -pubout -outform DER -out spki 2>/dev/null");
    web.spki = scratch_read(&s, "spki");
    expect_chains(&s, &web);
    free((void *)web.spki.ptr);
    scratch_close(&s);
}

/* As OpenSSL prints a leaf without claims, but for what is random. */
Test(certificate, openssl_reads_a_leaf, .init = setup)
{
    static const char want[] =
        "        Version: 3 (0x2)\n"
        "        Signature Algorithm: ecdsa-with-SHA384\n"
        "        Issuer: CN = system:coordinator:intermediate\n"
        "        Validity\n"
        "            Not Before: Nov 23 11:00:00 2026 GMT\n"
        "            Not After : Nov 23 12:00:00 2027 GMT\n"
        "        Subject: CN = web.example\n"
        "        X509v3 extensions:\n"
        "            X509v3 Key Usage: critical\n"
        "                Digital Signature\n"
        "            X509v3 Extended Key Usage: \n"
        "                TLS Web Client Authentication, TLS Web Server Authentication\n"
        "            X509v3 Basic Constraints: critical\n"
        "                CA:FALSE\n"
        "            X509v3 Authority Key Identifier: \n"
        "            X509v3 Subject Alternative Name: \n"
        "                DNS:web.example, DNS:*, DNS:WEB-2, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:0:5, IP "
        "Address:1.2.3.4, URI:spiffe://a/b\n"
        "    Signature Algorithm: ecdsa-with-SHA384\n";
    struct scratch s = scratch_open();
    scratch_write(&s, "leaf", issue(&web));
    scratch_write(&s, "want", BYTES_LIT(want));
    scratch_run(
        &s, "openssl x509 -inform DER -in leaf -noout -text | grep -vE '^ *([0-9A-Fa-f]{2}:)+[0-9A-Fa-f]{0,2}$|Serial "
            "Number:|Public|NIST|OID|pub:|Signature Value|^Certificate:|    Data:' > have; diff want have");
    scratch_close(&s);
}

Test(certificate, one_key_identifier_for_both_chains, .init = setup)
{
    struct scratch s = scratch_open();
    scratch_write(&s, "leaf", issue(&web));
    scratch_write(&s, "mesh", pem_bytes(&authority.mesh));
    scratch_write(&s, "root", pem_bytes(&authority.root));
    scratch_write(&s, "intermediate", pem_bytes(&authority.intermediate));
    scratch_run(&s,
                "id() { openssl x509 -noout -ext $2 -in $1 | tail -n 1 | tr -d ' '; }\n"
                "openssl x509 -inform DER -in leaf -out leaf.pem\n"
                "[ $(id mesh subjectKeyIdentifier) = $(id intermediate subjectKeyIdentifier) ] || exit 1\n"
                "[ $(id mesh subjectKeyIdentifier) = $(id leaf.pem authorityKeyIdentifier) ] || exit 1\n"
                "[ $(id root subjectKeyIdentifier) = $(id intermediate authorityKeyIdentifier) ] || exit 1\n"
                "openssl x509 -in mesh -noout -pubkey | openssl pkey -pubin -outform DER | tail -c 97 | "
                "openssl dgst -sha256 -c | sed 's/.*= //' | tr a-z A-Z | cut -c 1-59 > want\n"
                "id mesh subjectKeyIdentifier | cmp - want\n"
                "[ \"$(openssl x509 -in mesh -noout -ext authorityKeyIdentifier 2>&1)\" = 'No extensions matched' ] || "
                "openssl x509 -in mesh -noout -ext authorityKeyIdentifier 2>&1 | grep -qi 'no extension'");
    scratch_close(&s);
}

/* ---- claims ----------------------------------------------------------------------------------------------------- */

/* Every field with a value of its own. */
static struct snp_report report_of_distinct_values(void)
{
    static uint8_t fields[11][64];
    for (size_t i = 0; i < 11; i++)
        memset(fields[i], (int)(0x90 + i), sizeof fields[i]);
    return (struct snp_report){
        .version = 5,
        .guest_svn = 0x80,
        .policy = SNP_POLICY_DEBUG | SNP_POLICY_SINGLE_SOCKET | 0x0102,
        .family_id = BYTES(fields[0], 16),
        .image_id = BYTES(fields[1], 16),
        .vmpl = 3,
        .current_tcb = 0x1400000000001211, /* microcode, SNP, 4 reserved, TEE, boot loader */
        .reported_tcb = 0x2423000000002221,
        .committed_tcb = 0x3433000000003231,
        .launch_tcb = 0x4443000000004241,
        .platform_info = SNP_PLATFORM_TSME_EN | SNP_PLATFORM_ECC_EN,
        .key_info = 1 | 1 << 2, /* AUTHOR_KEY_EN, signed by a VLEK */
        .report_data = BYTES(fields[2], 64),
        .measurement = BYTES(fields[3], 48),
        .host_data = BYTES(fields[4], 32),
        .id_key_digest = BYTES(fields[5], 48),
        .author_key_digest = BYTES(fields[6], 48),
        .report_id = BYTES(fields[7], 32),
        .report_id_ma = BYTES(fields[8], 32),
        .chip_id = BYTES(fields[9], 64),
        .current = {.major = 1, .minor = 55, .build = 21},
        .committed = {.major = 2, .minor = 56, .build = 22},
    };
}

struct claim {
    uint8_t number;
    uint8_t head[4];
    uint8_t head_len;
    uint8_t filler; /* of an OCTET STRING */
};

#define NUMBER(n, ...)         {n, {__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}), 0}
#define OCTETS(n, len, filler) {n, {0x04, len}, 2, filler}
#define YES(n)                 NUMBER(n, 0x01, 0x01, 0xff)
#define NO(n)                  NUMBER(n, 0x01, 0x01, 0x00)
#define INT(n, value)          NUMBER(n, 0x02, 0x01, value)

/* The table of the specification, for that report. */
static const struct claim claims[] = {
    INT(1, 5),
    NUMBER(2, 0x02, 0x02, 0x00, 0x80),
    INT(3, 1),
    INT(4, 2),
    YES(5),
    NO(6),
    NO(7),
    YES(8),
    OCTETS(9, 16, 0x90),
    OCTETS(10, 16, 0x91),
    INT(11, 3),
    INT(12, 0x11),
    INT(13, 0x00),
    INT(14, 0x12),
    INT(15, 0x14),
    NO(16),
    YES(17),
    YES(18),
    NO(19),
    INT(20, 1),
    OCTETS(21, 64, 0x92),
    OCTETS(22, 48, 0x93),
    OCTETS(23, 32, 0x94),
    OCTETS(24, 48, 0x95),
    OCTETS(25, 48, 0x96),
    OCTETS(26, 32, 0x97),
    OCTETS(27, 32, 0x98),
    INT(28, 0x21),
    INT(29, 0x23),
    INT(30, 0x22),
    INT(31, 0x24),
    OCTETS(32, 64, 0x99),
    INT(33, 0x31),
    INT(34, 0x33),
    INT(35, 0x32),
    INT(36, 0x34),
    INT(37, 21),
    INT(38, 55),
    INT(39, 1),
    INT(40, 22),
    INT(41, 56),
    INT(42, 2),
    INT(43, 0x41),
    INT(44, 0x43),
    INT(45, 0x42),
    INT(46, 0x44),
};
enum { CLAIMS = sizeof claims / sizeof claims[0] };

static bytes claim_bytes(const struct claim *c, uint8_t *buf)
{
    memcpy(buf, c->head, c->head_len);
    if (c->filler == 0) return BYTES(buf, c->head_len);
    memset(buf + 2, c->filler, c->head[1]);
    return BYTES(buf, 2u + c->head[1]);
}

Test(certificate, claims_and_workload_secret_id, .init = setup)
{
    struct snp_report report = report_of_distinct_values();
    struct x509_certificate x;
    web.report = &report;
    web.product = SNP_MILAN;
    web.workload_secret_id = BYTES_LIT("we\xc3\xa4");
    cr_assert(is_ok(x509_certificate_parse(issue(&web), &x, NULL)));
    struct cursor c = cursor_over(x.extensions);
    for (size_t i = 0; i < 5; i++)
        (void)x509_extension_next(&c);
    cr_assert_eq(CLAIMS, 46);
    for (size_t i = 0; i < CLAIMS; i++) {
        uint8_t buf[80];
        const uint8_t oid[] = {0x2b, 0xcd, 0x2d, 0x02, 0x01, (uint8_t)(i + 1)};
        struct x509_extension e = x509_extension_next(&c);
        cr_assert_eq(claims[i].number, i + 1);
        cr_expect(bytes_eq(e.oid, BYTES_OF(oid)) && !e.critical, "claim %zu", i + 1);
        cr_expect(bytes_eq(e.value, claim_bytes(&claims[i], buf)), "claim %zu", i + 1);
    }
    struct x509_extension e = x509_extension_next(&c);
    cr_expect(bytes_eq(e.oid, OID_WORKLOAD_SECRET_ID) && !e.critical);
    cr_expect(bytes_eq(e.value, BYTES_LIT("\x04\x04we\xc3\xa4")));
    cr_expect(is_ok(cursor_end(&c, NULL)), "nothing behind them");

    struct scratch s = scratch_open();
    expect_chains(&s, &web);
    scratch_run(&s, "openssl asn1parse -in leaf | grep -c ':1.3.9901.2.1.[0-9]*$' | grep -qx 46 && "
                    "openssl asn1parse -in leaf | grep -q ':1.3.9901.3.1$'");
    scratch_close(&s);
}

Test(certificate, claims_of_turin_and_of_nobody, .init = setup)
{
    struct snp_report report = report_of_distinct_values();
    web.report = &report;
    web.product = SNP_PRODUCT_UNKNOWN;
    refused(&web, ERR_UNSUPPORTED, "current TCB");
    web.product = SNP_GENOA;
    report.committed_tcb |= 0x10000;
    refused(&web, ERR_RANGE, "committed TCB");
    /* Turin: FMC, boot loader, TEE, SNP, 3 reserved, microcode */
    report.current_tcb = report.reported_tcb = report.committed_tcb = report.launch_tcb = 0x5500000044332211;
    web.product = SNP_TURIN;
    struct x509_certificate x;
    cr_assert(is_ok(x509_certificate_parse(issue(&web), &x, NULL)));
    struct cursor c = cursor_over(x.extensions);
    for (size_t i = 0; i < 5 + 11; i++)
        (void)x509_extension_next(&c);
    const uint8_t want[] = {0x22, 0x44, 0x33, 0x55};
    for (size_t i = 0; i < 4; i++)
        cr_expect(bytes_eq(x509_extension_next(&c).value, BYTES(((uint8_t[]){0x02, 0x01, want[i]}), 3)), "%zu", i);
}

/* ---- attested certificates -------------------------------------------------------------------------------------- */

static void expect_attested(const struct scratch *s, const char *algorithm)
{
    static uint8_t document[9000];
    bytes out;
    struct x509_certificate x;
    struct err err = {0};
    memset(document, 0xd0, sizeof document);
    status issued = certificate_issue_attested(&peer_key, OID_EVIDENCE_SNP, BYTES_OF(document), NOW, room, &out, &err);
    cr_assert(is_ok(issued), "%s", err.text);
    cr_assert(is_ok(x509_certificate_parse(out, &x, NULL)));
    cr_expect(bytes_eq(x.spki, private_key_spki(&peer_key)));
    cr_expect(bytes_eq(x.subject, BYTES_LIT("\x30\x13\x31\x11\x30\x0f\x06\x03\x55\x04\x03\x13\x08"
                                            "Contrast")));
    cr_expect(bytes_eq(x.subject, x.issuer));
    cr_expect(x.not_before == NOW - 7200 && x.not_after == NOW + 7200);
    struct cursor c = cursor_over(x.extensions);
    struct x509_extension e = x509_extension_next(&c);
    cr_expect(bytes_eq(e.oid, BYTES_LIT("\x2b\xcd\x2d\x02\x01")) && !e.critical);
    cr_expect(bytes_eq(e.value, BYTES_OF(document)), "raw, without any wrapping");
    cr_expect(is_ok(cursor_end(&c, NULL)), "the only extension");

    char line[500];
    scratch_write(s, "der", out);
    snprintf(
        line, sizeof line,
        "openssl x509 -inform DER -in der -out pem && openssl x509 -in pem -noout -text | grep -q 'Algorithm: %s$' "
        "&& openssl verify -check_ss_sig -attime %d -CAfile pem pem > out && "
        "openssl asn1parse -in pem | grep -q ':1.3.9901.2.1$'",
        algorithm, NOW);
    scratch_run(s, line);
}

Test(certificate, attested, .init = setup)
{
    struct scratch s = scratch_open();
    expect_attested(&s, "ecdsa-with-SHA256");
    peer_key = root_key;
    expect_attested(&s, "ecdsa-with-SHA384");
    scratch_run(&s, "openssl genrsa -traditional -out rsa 4096 2>/dev/null");
    bytes pem = scratch_read(&s, "rsa");
    cr_assert(is_ok(private_key_parse_pem(pem, &peer_key, NULL)));
    free((void *)pem.ptr);
    expect_attested(&s, "sha256WithRSAEncryption");
    scratch_close(&s);
}

Test(certificate, attested_without_evidence, .init = setup)
{
    bytes out;
    struct x509_certificate x;
    cr_assert(is_ok(certificate_issue_attested(&peer_key, OID_EVIDENCE_SNP, BYTES_ABSENT, NOW, room, &out, NULL)));
    cr_assert(is_ok(x509_certificate_parse(out, &x, NULL)));
    cr_expect(bytes_is_absent(x.extensions));
}
