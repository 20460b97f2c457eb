/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/selftest.h"

#include "parse/text.h"
#include "snp/report.h"
#include "verify/verdict.h"

static bool is_hex(const uint8_t *have, size_t n, const char *want)
{
    char text[HEX_TEXT_SIZE(SHA512_BYTES)];
    return is_ok(hex_write(BYTES(have, n), text, sizeof text, NULL)) && strcmp(text, want) == 0;
}

/* ---- digests (FIPS 180-4, examples) ----------------------------------------------------------------------------- */

static const bytes abc[] = {{(const uint8_t *)"a", 1}, {(const uint8_t *)"", 0}, {(const uint8_t *)"bc", 2}};

static bool sha256(void)
{
    uint8_t out[SHA256_BYTES];
    return is_ok(crypto_sha256(abc, 3, out, NULL)) &&
           is_hex(out, sizeof out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static bool sha384(void)
{
    uint8_t out[SHA384_BYTES];
    return is_ok(crypto_sha384(abc, 3, out, NULL)) &&
           is_hex(out, sizeof out,
                  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
}

static bool sha512(void)
{
    uint8_t out[SHA512_BYTES];
    return is_ok(crypto_sha512(abc, 3, out, NULL)) &&
           is_hex(out, sizeof out,
                  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
                  "454d4423643ce80e2a9ac94fa54ca49f");
}

/* ---- ECDSA P-384 (RFC 6979, A.2.6, with SHA-384, message "sample") ---------------------------------------------- */

struct ecdsa {
    uint8_t point[P384_POINT_BYTES], digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
};

static bool hex(const char *text, uint8_t *out, size_t n)
{
    return is_ok(hex_parse(text_bytes(text), HEX_LOWER, out, n, NULL));
}

static bool ecdsa_sample(struct ecdsa *e)
{
    const bytes message = BYTES_LIT("sample");
    return is_ok(crypto_sha384(&message, 1, e->digest, NULL)) &&
           hex("04"
               "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
               "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
               e->point, sizeof e->point) &&
           hex("94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46", e->r,
               sizeof e->r) &&
           hex("99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8", e->s,
               sizeof e->s);
}

static bool ecdsa_is_valid(const struct ecdsa *e)
{
    return is_ok(crypto_p384_verify(e->point, e->digest, e->r, e->s, NULL));
}

static bool ecdsa_valid(void)
{
    struct ecdsa e;
    return ecdsa_sample(&e) && ecdsa_is_valid(&e);
}

static bool ecdsa_changed(void)
{
    struct ecdsa e;
    if (!ecdsa_sample(&e)) return false;
    uint8_t *const parts[] = {e.digest, e.r, e.s, e.point + 1};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        parts[i][20] ^= 1;
        if (ecdsa_is_valid(&e)) return false;
        parts[i][20] ^= 1;
    }
    return ecdsa_is_valid(&e);
}

static bool ecdsa_zero(void)
{
    struct ecdsa e;
    if (!ecdsa_sample(&e)) return false;
    struct ecdsa r = e, s = e, off = e;
    memset(r.r, 0, sizeof r.r);
    memset(s.s, 0, sizeof s.s);
    off.point[P384_POINT_BYTES - 1] ^= 1;
    return !ecdsa_is_valid(&r) && !ecdsa_is_valid(&s) && !is_ok(crypto_p384_point_check(off.point, NULL)) &&
           is_ok(crypto_p384_point_check(e.point, NULL));
}

/* ---- AMD's keys, and RSA-4096 PSS by them ----------------------------------------------------------------------- */

static bool pss_is_valid(const struct selftest_ca *ca, enum snp_product signer, const uint8_t digest[SHA384_BYTES])
{
    struct snp_ca_set amd = snp_ca_set_amd();
    const struct snp_ca *ark = snp_ca_find(&amd, signer, SNP_ARK);
    return ark &&
           is_ok(crypto_rsa4096_pss_verify(ark->modulus, SNP_CA_EXPONENT, digest, BYTES_OF(ca->signature), NULL));
}

static bool pss_valid(void)
{
    bool all = true;
    for (size_t i = 0; i < SNP_AMD_CA_COUNT; i++)
        all = all && pss_is_valid(&selftest_cas[i], selftest_cas[i].product, selftest_cas[i].tbs_sha384);
    return all;
}

static bool pss_changed(void)
{
    struct selftest_ca ca = selftest_cas[0];
    ca.tbs_sha384[0] ^= 1;
    if (pss_is_valid(&ca, ca.product, ca.tbs_sha384)) return false;
    ca.tbs_sha384[0] ^= 1;
    if (pss_is_valid(&ca, SNP_GENOA, ca.tbs_sha384)) return false;
    ca.signature[RSA4096_BYTES - 1] ^= 1;
    return !pss_is_valid(&ca, ca.product, ca.tbs_sha384);
}

/* The SubjectPublicKeyInfo of an RSA-4096 key with exponent 65537 differs in the modulus alone. */
static bool has_key(const struct selftest_ca *ca)
{
    static const uint8_t head[] = {0x30, 0x82, 0x02, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
                                   0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x02,
                                   0x0f, 0x00, 0x30, 0x82, 0x02, 0x0a, 0x02, 0x82, 0x02, 0x01, 0x00};
    static const uint8_t tail[] = {0x02, 0x03, 0x01, 0x00, 0x01};
    struct snp_ca_set amd = snp_ca_set_amd();
    const struct snp_ca *key = snp_ca_find(&amd, ca->product, ca->role);
    uint8_t digest[SHA256_BYTES];
    if (!key) return false;
    const bytes spki[] = {BYTES_OF(head), BYTES(key->modulus, RSA_4096_BYTES), BYTES_OF(tail)};
    return is_ok(crypto_sha256(spki, 3, digest, NULL)) && memcmp(digest, ca->spki_sha256, sizeof digest) == 0;
}

static bool keys(void)
{
    bool all = true;
    for (size_t i = 0; i < SNP_AMD_CA_COUNT; i++)
        all = all && has_key(&selftest_cas[i]);
    return all;
}

/* ---- the rules of a report -------------------------------------------------------------------------------------- */

/* The least that all format rules accept. */
static void make_report(uint8_t out[SNP_REPORT_BYTES])
{
    memset(out, 0, SNP_REPORT_BYTES);
    out[0x00] = 3;    /* VERSION */
    out[0x0a] = 0x02; /* POLICY: bit 17 */
    out[0x34] = 1;    /* SIGNATURE_ALGO */
}

static const struct {
    size_t at;
    uint8_t value;
    enum snp_report_rule broken;
} rule_rows[] = {
    {0x000, 6, SNP_REPORT_RULE_VERSION},
    {0x04c, 1, SNP_REPORT_RULE_RESERVED},
    {0x18b, 1, SNP_REPORT_RULE_RESERVED},
    {0x200, 1, SNP_REPORT_RULE_RESERVED},
    {0x030, 4, SNP_REPORT_RULE_VMPL},
    {0x034, 2, SNP_REPORT_RULE_SIGNATURE_ALGO},
    {0x048, 0x1c, SNP_REPORT_RULE_SIGNER_INFO},
    {0x00a, 0, SNP_REPORT_RULE_POLICY},
    {0x00b, 4, SNP_REPORT_RULE_POLICY},
    {0x110, 1, SNP_REPORT_RULE_AUTHOR_KEY_DIGEST},
    {0x2d0, 1, SNP_REPORT_RULE_SIGNATURE_PADDING},
    {0x49f, 1, SNP_REPORT_RULE_SIGNATURE_PADDING},
};

static bool breaks(size_t at, uint8_t value, enum snp_report_rule broken)
{
    uint8_t raw[SNP_REPORT_BYTES];
    struct snp_report r;
    make_report(raw);
    raw[at] = value;
    return is_ok(snp_report_read(BYTES_OF(raw), &r, NULL)) && !is_ok(snp_report_rule_check(broken, &r, NULL)) &&
           !is_ok(snp_report_parse(BYTES_OF(raw), &r, NULL));
}

static bool report_rules(void)
{
    uint8_t raw[SNP_REPORT_BYTES + 1] = {0};
    struct snp_report r;
    make_report(raw);
    bool all = is_ok(snp_report_parse(BYTES(raw, SNP_REPORT_BYTES), &r, NULL)) &&
               !is_ok(snp_report_parse(BYTES(raw, SNP_REPORT_BYTES - 1), &r, NULL)) &&
               !is_ok(snp_report_parse(BYTES(raw, SNP_REPORT_BYTES + 1), &r, NULL));
    for (size_t i = 0; i < sizeof rule_rows / sizeof rule_rows[0]; i++)
        all = all && breaks(rule_rows[i].at, rule_rows[i].value, rule_rows[i].broken);
    return all;
}

/* Nothing checked denies; so does a single check that failed, or that did not run, among all others passed. */
static bool denies(void)
{
    struct verdict v = {0};
    if (verdict_decide(&v) != DENY) return false;
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        verdict_pass(&v, (enum check_id)i);
    if (verdict_decide(&v) != ALLOW || verdict_exit_code(&v) != 0) return false;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        struct check passed = v.by_id[i];
        v.by_id[i].outcome = NOT_RUN;
        if (verdict_decide(&v) != DENY || verdict_exit_code(&v) == 0) return false;
        v.by_id[i].outcome = FAILED;
        if (verdict_decide(&v) != DENY || verdict_exit_code(&v) != check_rows[i].exit_code) return false;
        v.by_id[i] = passed;
    }
    v.by_hand = true;
    return verdict_exit_code(&v) == 10;
}

const struct selftest selftests[] = {
    {"SHA-256 of a known text", sha256},
    {"SHA-384 of a known text", sha384},
    {"SHA-512 of a known text", sha512},
    {"ECDSA P-384: a known signature is valid", ecdsa_valid},
    {"ECDSA P-384: one changed bit makes it invalid", ecdsa_changed},
    {"ECDSA P-384: zero signatures and points off the curve are refused", ecdsa_zero},
    {"AMD's nine keys have the known digests", keys},
    {"RSA-4096 PSS: AMD's nine CA certificates are signed by their ARK", pss_valid},
    {"RSA-4096 PSS: one changed bit, or another ARK, makes it invalid", pss_changed},
    {"every format rule of a report refuses what breaks it", report_rules},
    {"a verdict denies unless every check allows it", denies},
};
const size_t selftest_count = sizeof selftests / sizeof selftests[0];
