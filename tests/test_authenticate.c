/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "snp/policy.h"
#include "tests/der_edit.h"
#include "tests/judged.h"
#include "tests/shared.h"
#include "tests/simulated.h"
#include "tests/vector_index.h"
#include "verify/signature.h"

enum { NOW = 1782864000 }; /* 2026-07-01, when the simulator's leaves are valid */

static struct judged judged;
static const struct reference *anything(void)
{
    static struct reference r;
    r = reference_anything();
    return &r;
}

/* ---- real evidence ---------------------------------------------------------------------------------------------- */

enum { LEAVES = 26, REPORTS = 20 };

struct vectors {
    struct vector_index index;
    bytes leaves[LEAVES], reports[REPORTS];
};

static void vectors_read(struct vectors *v)
{
    char path[128];
    vector_index_read(&v->index);
    cr_assert(v->index.leaf_count == LEAVES && v->index.report_count == REPORTS);
    for (size_t i = 0; i < LEAVES; i++) {
        (void)snprintf(path, sizeof path, "certs/%s", v->index.leaves[i].file);
        v->leaves[i] = vector_certificate(path);
    }
    for (size_t i = 0; i < REPORTS; i++) {
        (void)snprintf(path, sizeof path, "vectors/reports/%s", v->index.reports[i].file);
        v->reports[i] = shared_read(path);
    }
}

static void vectors_free(struct vectors *v)
{
    for (size_t i = 0; i < LEAVES; i++)
        free((void *)v->leaves[i].ptr);
    for (size_t i = 0; i < REPORTS; i++)
        free((void *)v->reports[i].ptr);
    vector_index_free(&v->index);
}

static bytes vector_report(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "vectors/reports/%s.report.bin", name);
    return shared_read(path);
}

/* In the middle of the leaf's life. */
static int64_t while_valid(bytes leaf)
{
    struct x509_certificate x;
    cr_assert(is_ok(x509_certificate_parse(leaf, &x, NULL)));
    return x.not_before + (x.not_after - x.not_before) / 2;
}

/* Under AMD's keys, without a CRL: there is none of AMD's. */
static void run_real(bytes report, bytes leaf, int64_t now, struct signature_cache *cache)
{
    const struct evidence_input in = {report, leaf, BYTES_ABSENT};
    const struct authenticate_options options = {
        .cas = snp_ca_set_amd(), .now = now, .revocation = REVOCATION_WAIVED_BY_USER, .leaf_cache = cache};
    judged_run(&in, &options, anything(), &judged);
}

/* Whether "certs/<leaf>" is one of the certificates that openssl verified the report with. */
static bool is_listed(const char *verified_with, const char *leaf)
{
    char name[128];
    (void)snprintf(name, sizeof name, "certs/%s", leaf);
    const char *at = strstr(verified_with, name);
    return at && (at[strlen(name)] == ',' || at[strlen(name)] == '\0');
}

Test(authenticate, each_real_report_is_allowed_with_its_leaves_and_with_no_other)
{
    static struct vectors v;
    size_t allowed = 0, refused = 0, reports = 0;
    vectors_read(&v);
    for (size_t r = 0; r < REPORTS; r++) {
        bool any = false;
        for (size_t l = 0; l < LEAVES; l++) {
            run_real(v.reports[r], v.leaves[l], while_valid(v.leaves[l]), NULL);
            bool want = is_listed(vector_report_get(&v.index.reports[r], "verified_with"), v.index.leaves[l].file);
            /* One of them is of a guest that its host may debug: authentic, and refused for that alone. */
            bool debug = (judged.evidence.report.policy & SNP_POLICY_DEBUG) != 0;
            bool have = strcmp(judged_failures(&judged.verdict), debug ? "policy.debug " : "") == 0;
            cr_expect_eq(have, want, "%s with %s: %s", v.index.reports[r].file, v.index.leaves[l].file,
                         judged_failures(&judged.verdict));
            /* A version 2 report takes its product from the leaf, and Turin's reserved bytes are other ones. */
            bool read_as_turin = judged.evidence.report.version == 2 && judged.evidence.product == SNP_TURIN;
            cr_expect_eq(verdict_exit_code(&judged.verdict),
                         want            ? (debug ? 6 : 0)
                         : read_as_turin ? 3
                                         : 4,
                         "%s with %s", v.index.reports[r].file, v.index.leaves[l].file);
            allowed += have;
            refused += !have;
            any = any || have;
        }
        reports += any;
    }
    cr_expect_eq(reports, 18u, "%zu reports", reports);
    cr_expect_eq(allowed, 21u, "%zu pairs", allowed);
    cr_expect_eq(refused, (size_t)LEAVES * REPORTS - 21);
    vectors_free(&v);
}

Test(authenticate, each_real_leaf_is_signed_by_amd_but_for_the_two_made_up_ones)
{
    static struct vectors v;
    size_t signed_by_amd = 0;
    vectors_read(&v);
    for (size_t l = 0; l < LEAVES; l++) {
        run_real(v.reports[0], v.leaves[l], while_valid(v.leaves[l]), NULL);
        bool want = strcmp(v.index.leaves[l].chain, "OK") == 0;
        static const enum check_id rows[] = {CHECK_LEAF_ENCODING,   CHECK_LEAF_KEY,     CHECK_LEAF_EXTENSIONS,
                                             CHECK_LEAF_ISSUER,     CHECK_LEAF_SUBJECT, CHECK_LEAF_ALGORITHM,
                                             CHECK_LEAF_VALIDITY,   CHECK_ROOT_TRUSTED, CHECK_ISSUER_VALIDITY,
                                             CHECK_ISSUER_SIGNATURE};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            cr_expect_eq(judged.verdict.by_id[rows[i]].outcome, PASSED, "%s: %s", v.index.leaves[l].file,
                         check_rows[rows[i]].name);
        enum outcome have = judged.verdict.by_id[CHECK_LEAF_SIGNATURE].outcome;
        cr_expect_eq(have, want ? PASSED : FAILED, "%s", v.index.leaves[l].file);
        signed_by_amd += have == PASSED;
    }
    cr_expect_eq(signed_by_amd, 24u);
    vectors_free(&v);
}

Test(authenticate, the_negative_pairs_of_the_vectors)
{
    bytes kinvolk = vector_report("kinvolk_hcl"), kinvolk_leaf = vector_certificate("certs/kinvolk.vcek.der");
    run_real(kinvolk, kinvolk_leaf, while_valid(kinvolk_leaf), NULL);
    judged_expect(&judged, "leaf.hwid report.signature ", 4, "same TCB, another chip, version 2");

    bytes staging = vector_report("oak_milan_rk_staging"),
          leaf = vector_certificate("certs/oak_milan_oc_release.vcek.der");
    run_real(staging, leaf, while_valid(leaf), NULL);
    judged_expect(&judged, "leaf.hwid report.signature ", 4, "same TCB, another chip, version 3");
    free((void *)kinvolk.ptr);
    free((void *)kinvolk_leaf.ptr);
    free((void *)staging.ptr);
    free((void *)leaf.ptr);
}

/* ---- every bit -------------------------------------------------------------------------------------------------- */

static bool is_padding(size_t at)
{
    return at >= 0x330 || (at >= 0x2a0 + 48 && at < 0x2e8) || at >= 0x2e8 + 48;
}

Test(authenticate, negative_19_to_24_every_bit_of_a_report)
{
    bytes good = vector_report("oak_milan_oc_release");
    bytes leaf = vector_certificate("certs/oak_milan_oc_release.vcek.der");
    uint8_t report[SNP_REPORT_BYTES];
    struct signature_cache cache = {0};
    size_t malformed = 0, by_signature = 0, unknown = 0;
    memcpy(report, good.ptr, sizeof report);
    run_real(good, leaf, while_valid(leaf), &cache);
    judged_expect(&judged, "", 0, "unchanged");
    for (size_t bit = 0; bit < 8 * SNP_REPORT_BYTES; bit++) {
        report[bit / 8] ^= (uint8_t)(1 << bit % 8);
        run_real(BYTES_OF(report), leaf, while_valid(leaf), &cache);
        int code = verdict_exit_code(&judged.verdict);
        cr_assert_eq(verdict_decide(&judged.verdict), DENY, "bit %zu", bit);
        cr_assert_eq(judged.verdict.by_id[CHECK_REPORT_SIGNATURE].outcome, is_padding(bit / 8) ? PASSED : FAILED,
                     "bit %zu", bit);
        if (bit / 8 >= SNP_REPORT_SIGNED_BYTES) cr_assert_eq(code, is_padding(bit / 8) ? 3 : 4, "bit %zu", bit);
        cr_assert(code == 3 || code == 4, "bit %zu: exit %d", bit, code);
        malformed += code == 3;
        by_signature += code == 4;
        unknown += judged.verdict.by_id[CHECK_PRODUCT_KNOWN].outcome == FAILED;
        report[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    cr_expect_eq(malformed + by_signature, 8u * SNP_REPORT_BYTES);
    cr_expect_gt(by_signature, 8u * (64 + 48 + 32 + 64 + 96), "%zu", by_signature);
    cr_expect_gt(unknown, 8u, "%zu", unknown);
    free((void *)good.ptr);
    free((void *)leaf.ptr);
}

Test(authenticate, negative_55_every_bit_of_a_leaf)
{
    bytes report = vector_report("oak_milan_oc_release");
    bytes good = vector_certificate("certs/oak_milan_oc_release.vcek.der");
    static struct der_edit leaf;
    struct signature_cache cache = {0};
    size_t malformed = 0, refused = 0;
    der_edit_load(&leaf, good);
    run_real(report, good, while_valid(good), &cache);
    judged_expect(&judged, "", 0, "unchanged");
    for (size_t bit = 0; bit < 8 * leaf.len; bit++) {
        leaf.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        run_real(report, DER_EDIT_BYTES(&leaf), while_valid(good), &cache);
        const struct verdict *v = &judged.verdict;
        int code = verdict_exit_code(v);
        cr_assert_eq(verdict_decide(v), DENY, "bit %zu", bit);
        cr_assert(code == 3 || code == 4, "bit %zu: exit %d", bit, code);
        if (judged.evidence.has_leaf)
            cr_assert(v->by_id[CHECK_LEAF_SIGNATURE].outcome == FAILED ||
                          v->by_id[CHECK_LEAF_ALGORITHM].outcome == FAILED,
                      "bit %zu", bit);
        malformed += code == 3;
        refused += code == 4;
        leaf.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    cr_expect_eq(malformed + refused, 8 * leaf.len);
    cr_expect_gt(refused, 8u * 512);
    cr_expect_gt(malformed, 500u);
    free((void *)report.ptr);
    free((void *)good.ptr);
}

/* ---- edits of real evidence ------------------------------------------------------------------------------------- */

/* n of P-384, little-endian (FIPS 186-4, D.1.2.4) */
#define N_LE                                                                                                           \
    "\x73\x29\xc5\xcc\x6a\x19\xec\xec\x7a\xa7\xb0\x48\xb2\x0d\x1a\x58\xdf\x2d\x37\xf4\x81\x4d\x63\xc7\xff\xff\xff\xff" \
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

static struct real {
    uint8_t report[SNP_REPORT_BYTES];
    bytes leaf;
} real;

static void real_begin(void)
{
    bytes good = vector_report("oak_genoa_oc");
    memcpy(real.report, good.ptr, sizeof real.report);
    free((void *)good.ptr);
    if (!real.leaf.ptr) real.leaf = vector_certificate("certs/oak_genoa_oc.vcek.der");
}

static void real_expect(const char *failures, int exit_code, const char *what)
{
    run_real(BYTES_OF(real.report), real.leaf, while_valid(real.leaf), NULL);
    judged_expect(&judged, failures, exit_code, what);
}

static void real_end(void)
{
    free((void *)real.leaf.ptr);
    real.leaf = BYTES_ABSENT;
}

Test(authenticate, negative_20_to_29_numbers_that_are_no_signature)
{
    static const uint8_t zeros[512], one[48] = {1};
    static const struct {
        const char *what;
        size_t at;
        bytes with;
    } rows[] = {
        {"R = 0", 0x2a0, {zeros, 48}},
        {"S = 0", 0x2e8, {zeros, 48}},
        {"R = n", 0x2a0, {(const uint8_t *)N_LE, 48}},
        {"S = n", 0x2e8, {(const uint8_t *)N_LE, 48}},
        {"R = 1", 0x2a0, {one, 48}},
        {"S = 1", 0x2e8, {one, 48}},
        {"no signature at all", 0x2a0, {zeros, 512}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        real_begin();
        memcpy(real.report + rows[i].at, rows[i].with.ptr, rows[i].with.len);
        real_expect("report.signature ", 4, rows[i].what);
    }
    real_begin();
    memset(real.report + 0x2e8, 0xff, 48);
    real_expect("report.signature ", 4, "S = 2^384 - 1");

    real_begin();
    uint8_t r[72];
    memcpy(r, real.report + 0x2a0, 72);
    memcpy(real.report + 0x2a0, real.report + 0x2e8, 72);
    memcpy(real.report + 0x2e8, r, 72);
    real_expect("report.signature ", 4, "R and S exchanged");

    real_begin();
    for (size_t i = 0; i < 48; i++)
        r[i] = real.report[0x2a0 + 47 - i];
    memcpy(real.report + 0x2a0, r, 48);
    real_expect("report.signature ", 4, "R in big-endian");

    real_begin();
    bytes other = vector_report("routex_genoa_v3");
    memcpy(real.report + 0x2a0, other.ptr + 0x2a0, 512);
    free((void *)other.ptr);
    real_expect("report.signature ", 4, "signature of another report");
    real_end();
}

/* n - s for s verifies as well: nobody may take the signature for a name of the report. */
Test(authenticate, a_high_s_is_legal)
{
    real_begin();
    unsigned borrow = 0;
    for (size_t i = 0; i < 48; i++) {
        unsigned n = (uint8_t)N_LE[i], s = real.report[0x2e8 + i] + borrow;
        borrow = n < s;
        real.report[0x2e8 + i] = (uint8_t)(n - s);
    }
    cr_assert_eq(borrow, 0u);
    real_expect("", 0, "n - s");
    real_end();
}

Test(authenticate, negative_34_35_leaves_of_the_other_kind)
{
    bytes by_vcek = vector_report("ccf_aci_milan_v3"), by_vlek = vector_report("eternis_aws_v5");
    bytes vcek = vector_certificate("certs/ccf_aci_milan_v3.vcek.der"),
          vlek = vector_certificate("certs/eternis_aws.vlek.der");
    run_real(by_vcek, vlek, while_valid(vlek), NULL);
    judged_expect(&judged, "leaf.kind leaf.tcb report.signature ", 4, "VLEK for a VCEK");
    run_real(by_vlek, vcek, while_valid(vcek), NULL);
    judged_expect(&judged, "leaf.kind leaf.tcb report.signature ", 4, "VCEK for a VLEK");
    free((void *)by_vcek.ptr);
    free((void *)by_vlek.ptr);
    free((void *)vcek.ptr);
    free((void *)vlek.ptr);
}

Test(authenticate, negative_49_50_validity_includes_both_ends)
{
    real_begin();
    struct x509_certificate x;
    cr_assert(is_ok(x509_certificate_parse(real.leaf, &x, NULL)));
    const struct {
        int64_t now;
        const char *failures;
        int exit_code;
    } rows[] = {{x.not_before - 1, "leaf.validity ", 4},
                {x.not_before, "", 0},
                {x.not_after, "", 0},
                {x.not_after + 1, "leaf.validity ", 4},
                {INT64_MIN, "leaf.validity issuer.validity ", 4},
                {INT64_MAX, "leaf.validity issuer.validity ", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        run_real(BYTES_OF(real.report), real.leaf, rows[i].now, NULL);
        judged_expect(&judged, rows[i].failures, rows[i].exit_code, "validity");
    }
    real_end();
}

/* ---- what is missing -------------------------------------------------------------------------------------------- */

Test(authenticate, nothing_at_all_is_malformed)
{
    const struct evidence_input in = {BYTES_ABSENT, BYTES_ABSENT, BYTES_ABSENT};
    const struct authenticate_options options = {.cas = snp_ca_set_amd(), .now = NOW};
    judged_run(&in, &options, anything(), &judged);
    judged_expect(&judged, "report.size leaf.present crl.present ", 3, "nothing");
}

Test(authenticate, negative_130_without_leaf_or_crl_nothing_is_judged)
{
    struct snp_ca memory[SIMULATED_CAS];
    const struct authenticate_options options = {.cas = simulated_cas(memory), .now = NOW};
    static const char *const versions[] = {"--report-version 2", "--report-version 3", "--report-version 5"};
    for (size_t i = 0; i < 3; i++) {
        const struct sim_evidence *made = simulated(0, versions[i]);
        bytes report = sim_file(made, SIM_FILE_REPORT), leaf = sim_file(made, SIM_FILE_LEAF),
              crl = sim_file(made, SIM_FILE_CRL);
        judged_run(&(struct evidence_input){report, leaf, crl}, &options, anything(), &judged);
        judged_expect(&judged, "", 10, "all there");
        judged_run(&(struct evidence_input){report, BYTES_ABSENT, crl}, &options, anything(), &judged);
        judged_expect(&judged, "leaf.present ", 11, "no leaf");
        judged_run(&(struct evidence_input){report, leaf, BYTES_ABSENT}, &options, anything(), &judged);
        judged_expect(&judged, "crl.present ", 11, "no CRL");
        judged_run(&(struct evidence_input){report, BYTES_LIT(""), crl}, &options, anything(), &judged);
        judged_expect(&judged, "leaf.encoding ", 3, "an empty leaf is no absent one");
        judged_run(&(struct evidence_input){report, leaf, BYTES_LIT("")}, &options, anything(), &judged);
        judged_expect(&judged, "crl.encoding ", 5, "an empty CRL is no absent one");
    }
}

/* ---- the simulator's evidence under a set of CAs ---------------------------------------------------------------- */

struct simulation {
    struct snp_ca memory[SIMULATED_CAS];
    struct authenticate_options options;
};

static struct simulation *begin(void)
{
    static struct simulation s;
    s = (struct simulation){.options = {.now = NOW}};
    s.options.cas = simulated_cas(s.memory);
    return &s;
}

static void expect_simulated(const struct simulation *s, const char *line, const char *failures, int exit_code)
{
    const struct sim_evidence *made = simulated(0, line);
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      sim_file(made, SIM_FILE_CRL)};
    judged_run(&in, &s->options, anything(), &judged);
    judged_expect(&judged, failures, exit_code, line);
}

Test(authenticate, every_product_version_and_kind_is_allowed)
{
    static const char *const products[] = {"milan", "genoa", "turin"}, *const kinds[] = {"vcek", "vlek"};
    for (int i = 0; i < 24; i++) {
        char line[96];
        (void)snprintf(line, sizeof line, "--product %s --kind %s --report-version %d", products[i / 8],
                       kinds[i / 4 % 2], 2 + i % 4);
        struct simulation *s = begin();
        expect_simulated(s, line, "", 10);
        cr_expect(judged.verdict.by_hand && judged.verdict.warned[WARN_ROOT_BY_HAND], "%s", line);
        s->options.cas.by_hand = false;
        expect_simulated(s, line, "", 0);
        s->options.cas = snp_ca_set_amd();
        expect_simulated(s, line, "leaf.signature crl.signature ", 4);
    }
}

Test(authenticate, negative_51_issuers_out_of_their_time)
{
    static const struct {
        const char *line;
        int ca;
    } rows[] = {
        {"", 0}, {"", 1}, {"--kind vlek", 0}, {"--kind vlek", 2}, {"--product turin", 6}, {"--product turin", 7}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct simulation *s = begin();
        s->memory[rows[i].ca].not_after = NOW;
        expect_simulated(s, rows[i].line, "", 10);
        s->memory[rows[i].ca].not_after = NOW - 1;
        expect_simulated(s, rows[i].line, "issuer.validity ", 4);
        s = begin();
        s->memory[rows[i].ca].not_before = NOW;
        expect_simulated(s, rows[i].line, "", 10);
        s->memory[rows[i].ca].not_before = NOW + 1;
        expect_simulated(s, rows[i].line, "issuer.validity ", 4);
    }
    struct simulation *s = begin();
    s->memory[2].not_after = NOW - 1;
    expect_simulated(s, "", "", 10);
}

/* A CA that is not in the set is not trusted, whatever other CAs are. */
Test(authenticate, a_set_without_the_issuer)
{
    for (int gone = 0; gone < 3; gone++) {
        struct simulation *s = begin();
        s->memory[gone].product = SNP_PRODUCT_UNKNOWN;
        const char *failures = gone == 2 ? "" : "root.trusted ";
        expect_simulated(s, "", failures, gone == 2 ? 10 : 4);
        failures = gone == 1 ? "" : "root.trusted ";
        expect_simulated(s, "--kind vlek", failures, gone == 1 ? 10 : 4);
        expect_simulated(s, "--product genoa", "", 10);
    }
    struct simulation *s = begin();
    s->options.cas.count = 0;
    expect_simulated(s, "", "root.trusted ", 4);
}

Test(authenticate, negative_37_to_41_leaves_under_other_keys)
{
    for (int i = 0; i < SIMULATED_CAS; i++) {
        struct simulation *s = begin();
        if (i == 1) continue;
        s->memory[1].modulus = s->memory[i].modulus;
        expect_simulated(s, "", "leaf.signature ", 4);
    }
    struct simulation *s = begin();
    expect_simulated(s, "--chain other", "leaf.signature ", 4);
    expect_simulated(s, "--signer other-ask", "leaf.signature ", 4);
    expect_simulated(s, "--chain genoa", "leaf.product leaf.tcb crl.issuer crl.signature ", 4);
    expect_simulated(s, "--chain genoa --leaf-issuer-cn SEV-Milan", "leaf.product leaf.signature ", 4);
    expect_simulated(s, "--signer asvk --leaf-issuer-cn SEV-Milan", "leaf.signature ", 4);
    expect_simulated(s, "--signer ark", "leaf.issuer ", 4);
    expect_simulated(s, "--signer itself", "leaf.issuer ", 4);
    expect_simulated(s, "--signer leaf", "leaf.issuer ", 4);
}

Test(authenticate, negative_42_to_48_names_and_algorithms)
{
    struct simulation *s = begin();
    expect_simulated(s, "--leaf-cn SEV-VLEK", "leaf.subject ", 4);
    expect_simulated(s, "--kind vlek --leaf-cn SEV-VCEK", "leaf.subject ", 4);
    expect_simulated(s, "--leaf-cn SEV-VCEK2", "leaf.subject ", 4);
    expect_simulated(s, "--leaf-cn @none", "leaf.subject ", 4);
    expect_simulated(s, "--leaf-cn @twice", "leaf.subject ", 4);
    expect_simulated(s, "--leaf-issuer-cn SEV-Genoa", "leaf.product leaf.tcb leaf.signature crl.issuer crl.signature ",
                     4);
    expect_simulated(s, "--leaf-alg pkcs1", "leaf.algorithm leaf.signature ", 4);
    expect_simulated(s, "--leaf-alg pss-sha256", "leaf.algorithm leaf.signature ", 4);
    expect_simulated(s, "--leaf-alg pss-mgf1-sha256", "leaf.algorithm leaf.signature ", 4);
    expect_simulated(s, "--leaf-alg pss-salt32", "leaf.algorithm leaf.signature ", 4);
    expect_simulated(s, "--leaf-inner-alg pss-trailer", "leaf.algorithm ", 4);
    expect_simulated(s, "--leaf-inner-alg pkcs1", "leaf.algorithm ", 4);
    expect_simulated(s, "--leaf-alg pss-trailer", "", 10);
}

Test(authenticate, negative_54_points_off_the_curve)
{
    struct simulation *s = begin();
    expect_simulated(s, "--leaf-key off-curve", "leaf.key ", 3);
    cr_expect_not(judged.evidence.has_leaf, "its key is not used");
    expect_simulated(s, "--leaf-key compressed", "leaf.key ", 3);
    expect_simulated(s, "--leaf-key p256 --report-version 2", "leaf.key ", 3);
}

/* Leaf and report disagree, and everything is signed. */
Test(authenticate, negative_65_75_76_78_leaves_of_another_machine)
{
    struct simulation *s = begin();
    expect_simulated(s, "--ext hwID=flip:0", "leaf.hwid ", 4);
    expect_simulated(s, "--ext hwID=flip:511", "leaf.hwid ", 4);
    expect_simulated(s, "--product turin --ext hwID=flip:63", "leaf.hwid ", 4);
    expect_simulated(s, "--ext ucodeSPL=int:220", "leaf.tcb ", 4);
    expect_simulated(s, "--ext ucodeSPL=int:218", "leaf.tcb ", 4);
    expect_simulated(s, "--ext blSPL=int:3", "leaf.tcb ", 4);
    expect_simulated(s, "--ext teeSPL=int:1", "leaf.tcb ", 4);
    expect_simulated(s, "--ext snpSPL=int:25", "leaf.tcb ", 4);
    expect_simulated(s, "--product turin --ext fmcSPL=int:0", "leaf.tcb ", 4);
    expect_simulated(s, "--product genoa --ext productName=ia5:Milan", "leaf.product ", 4);
    expect_simulated(s, "--ext productName=ia5:Milan-X9", "", 10);
    expect_simulated(s, "--ext productName=ia5:Milano", "leaf.product ", 4);
    expect_simulated(s, "--ext productName=ia5:Mila", "leaf.product ", 4);
    expect_simulated(s, "--ext productName=ia5:-Milan", "leaf.product ", 4);
    expect_simulated(s, "--report cpuid_mod_id=0x11", "leaf.product leaf.tcb ", 4);
    expect_simulated(s, "--report cpuid_mod_id=0x30", "product.known ", 11);
}

Test(authenticate, a_masked_chip_id_has_nothing_to_compare)
{
    struct simulation *s = begin();
    expect_simulated(s, "--report chip_id=00*64", "", 10);
    cr_expect_eq(judged.verdict.by_id[CHECK_LEAF_HWID].outcome, DOES_NOT_APPLY);
    cr_expect(judged.verdict.warned[WARN_CHIP_ID_MASKED]);
    expect_simulated(s, "--product turin --report @0x1a8=01", "report.chip-id-padding ", 3);
    expect_simulated(s, "--product turin --report @0x1df=80", "report.chip-id-padding ", 3);
    expect_simulated(s, "--product turin --report-version 2 --report @0x1df=80", "report.chip-id-padding ", 3);
}

Test(authenticate, reserved_tcb_bytes_of_each_word)
{
    static const int words[] = {0x38, 0x180, 0x1e0, 0x1f0};
    for (size_t i = 0; i < 4; i++)
        for (int byte = 2; byte <= 6; byte++) {
            char line[96];
            struct simulation *s = begin();
            if (byte < 6) {
                (void)snprintf(line, sizeof line, "--poke %d=01", words[i] + byte);
                expect_simulated(s, line, "report.tcb-reserved report.signature ", 3);
            }
            if (byte > 3) {
                (void)snprintf(line, sizeof line, "--product turin --poke %d=01", words[i] + byte);
                expect_simulated(s, line, "report.tcb-reserved report.signature ", 3);
            }
        }
}

/* ---- revocation ------------------------------------------------------------------------------------------------- */

Test(authenticate, negative_120_to_128_crls)
{
    struct simulation *s = begin();
    expect_simulated(s, "--crl-by-other-ark", "crl.signature ", 5);
    expect_simulated(s, "--crl-alg pkcs1", "crl.algorithm crl.signature ", 5);
    expect_simulated(s, "--crl-alg pss-sha256", "crl.algorithm crl.signature ", 5);
    expect_simulated(s, "--crl-alg pss-salt32", "crl.algorithm crl.signature ", 5);
    expect_simulated(s, "--crl-inner-alg pss-trailer", "crl.algorithm ", 5);
    expect_simulated(s, "--crl-inner-alg pkcs1", "crl.algorithm ", 5);
    expect_simulated(s, "--crl-next-update @none", "crl.window ", 5);
    expect_simulated(s, "--crl-next-update 2026-07-01T00:00:00Z", "crl.window ", 5);
    expect_simulated(s, "--crl-next-update 2026-07-01T00:00:01Z", "", 10);
    expect_simulated(s, "--crl-this-update 2026-07-01T00:00:00Z", "", 10);
    expect_simulated(s, "--crl-this-update 2026-07-01T00:00:01Z", "crl.window ", 5);
    expect_simulated(s, "--crl-chain genoa", "crl.issuer crl.signature ", 5);
    expect_simulated(s, "--crl-chain other", "crl.signature ", 5);
    expect_simulated(s, "--crl-critical-ext", "crl.encoding ", 5);
    expect_simulated(s, "--crl-no-aki", "", 10);
    expect_simulated(s, "--poke crl.der:append=00", "crl.encoding ", 5);
    expect_simulated(s, "--no-crl", "crl.present ", 11);
}

/* Every CA's name is known, yet only that of the ARK may stand in a CRL. */
Test(authenticate, crls_in_the_name_of_an_ask)
{
    struct der_edit crl;
    struct simulation *s = begin();
    const struct sim_evidence *made = simulated(0, "");
    der_edit_load(&crl, sim_file(made, SIM_FILE_CRL));
    der_edit_refill(&crl, DER_PATH(0, 2, 5, 0, 1), BYTES_LIT("SEV-Milan"));
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      DER_EDIT_BYTES(&crl)};
    judged_run(&in, &s->options, anything(), &judged);
    judged_expect(&judged, "crl.issuer crl.signature ", 5, "issued by the ASK");
}

Test(authenticate, negative_125_126_revoked_serials)
{
    struct simulation *s = begin();
    expect_simulated(s, "--crl-revoke ask", "crl.serials ", 5);
    cr_expect_str_eq(judged.verdict.by_id[CHECK_CRL_SERIALS].want.as.text, "not revoked");
    cr_expect(bytes_eq(judged.verdict.by_id[CHECK_CRL_SERIALS].got.as.b, BYTES_LIT("\x01\x00\x01")));
    expect_simulated(s, "--crl-revoke ark", "crl.serials ", 5);
    expect_simulated(s, "--kind vlek --crl-revoke asvk", "crl.serials ", 5);
    expect_simulated(s, "--kind vlek --crl-revoke ark", "crl.serials ", 5);
    expect_simulated(s, "--crl-revoke 1 --crl-revoke 2 --crl-revoke 65537 --crl-revoke 9", "crl.serials ", 5);
    expect_simulated(s, "--product genoa --crl-revoke ask", "crl.serials ", 5);
    expect_simulated(s, "--product turin --kind vlek --crl-revoke asvk", "crl.serials ", 5);
    /* Another CA's serial says nothing about this leaf's; nor does 0, the serial of every leaf. */
    expect_simulated(s, "--crl-revoke asvk", "", 10);
    expect_simulated(s, "--kind vlek --crl-revoke ask", "", 10);
    expect_simulated(s, "--crl-revoke 0 --crl-revoke 0x10002 --crl-revoke 0x110001", "", 10);
}

/* A serial of more than 64 bits is not that of its lower 64. */
Test(authenticate, long_serials_are_not_cut)
{
    struct der_edit crl;
    struct simulation *s = begin();
    const struct sim_evidence *made = simulated(0, "--crl-revoke 7");
    der_edit_load(&crl, sim_file(made, SIM_FILE_CRL));
    der_edit_replace(&crl, DER_PATH(0, 5, 0, 0), BYTES_LIT("\x02\x0b\x01\0\0\0\0\0\0\0\x01\x00\x01"));
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      DER_EDIT_BYTES(&crl)};
    judged_run(&in, &s->options, anything(), &judged);
    judged_expect(&judged, "crl.signature ", 5, "2^72 + 0x10001");
    cr_expect_eq(judged.verdict.by_id[CHECK_CRL_SERIALS].outcome, PASSED);
}

Test(authenticate, waived_revocation_is_said)
{
    struct simulation *s = begin();
    s->options.revocation = REVOCATION_WAIVED_BY_USER;
    expect_simulated(s, "--no-crl", "", 10);
    for (int id = CHECK_CRL_PRESENT; id <= CHECK_CRL_SERIALS; id++)
        cr_expect_eq(judged.verdict.by_id[id].outcome, SKIPPED_BY_USER, "%s", check_rows[id].name);
    cr_expect(judged.verdict.warned[WARN_NO_REVOCATION]);
    expect_simulated(s, "--crl-revoke ask", "", 10);
    cr_expect_not(judged.verdict.warned[WARN_MALFORMED_CRL]);
    expect_simulated(s, "--poke crl.der:append=00", "", 10);
    cr_expect(judged.verdict.warned[WARN_MALFORMED_CRL]);
}

Test(authenticate, negative_128_every_bit_of_a_crl)
{
    static struct der_edit crl;
    struct simulation *s = begin();
    const struct sim_evidence *made = simulated(0, "--crl-revoke asvk");
    struct signature_cache leaf_cache = {0}, crl_cache = {0};
    s->options.leaf_cache = &leaf_cache;
    s->options.crl_cache = &crl_cache;
    der_edit_load(&crl, sim_file(made, SIM_FILE_CRL));
    const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                      DER_EDIT_BYTES(&crl)};
    judged_run(&in, &s->options, anything(), &judged);
    judged_expect(&judged, "", 10, "unchanged");
    for (size_t bit = 0; bit < 8 * crl.len; bit++) {
        crl.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        judged_run(&in, &s->options, anything(), &judged);
        cr_assert_eq(verdict_exit_code(&judged.verdict), 5, "bit %zu: %s", bit, judged_failures(&judged.verdict));
        crl.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* CRLs that openssl made, under a set with their ARK and AMD's ASK: a real leaf and report stand under them. */
Test(authenticate, crls_made_by_openssl)
{
    static const struct {
        const char *file, *failures;
        int exit_code;
    } rows[] = {
        {"crl_empty_pss", "", 10},
        {"crl_ask_serial_010001_revoked", "crl.serials ", 5},
        {"crl_expired_2024", "crl.window ", 5},
        {"crl_not_yet_valid_2034", "crl.window ", 5},
        {"crl_wrong_signer_same_name", "crl.signature ", 5},
        {"crl_empty_pkcs1_wrong_alg", "crl.algorithm crl.signature ", 5},
    };
    bytes ark = vector_certificate("crl_synthetic/test_ark_milan.der");
    bytes report = vector_report("oak_milan_oc_release");
    bytes leaf = vector_certificate("certs/oak_milan_oc_release.vcek.der");
    struct x509_certificate x;
    struct err err = {0};
    struct snp_ca cas[2] = {{0}, *snp_ca_find(&(struct snp_ca_set){snp_amd_cas, 9, false}, SNP_MILAN, SNP_ASK)};
    cr_assert(is_ok(x509_certificate_parse(ark, &x, &err)), "%s", err.text);
    cr_assert(is_ok(snp_ca_from_certificate(&x, &cas[0], &err)), "%s", err.text);
    const struct authenticate_options options = {.cas = {cas, 2, true}, .now = 1798761600}; /* 2027-01-01 */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "vectors/crl_synthetic/%s.der", rows[i].file);
        bytes crl = shared_read(path);
        judged_run(&(struct evidence_input){report, leaf, crl}, &options, anything(), &judged);
        judged_expect(&judged, rows[i].failures, rows[i].exit_code, rows[i].file);
        free((void *)crl.ptr);
    }
    free((void *)ark.ptr);
    free((void *)report.ptr);
    free((void *)leaf.ptr);
}

/* ---- the caches ------------------------------------------------------------------------------------------------- */

static void expect_cached(const struct snp_ca *ca, const struct x509_certificate *x, bytes signature,
                          struct signature_cache *cache, enum err_kind kind, const char *what)
{
    cr_expect_eq(signature_check_pss(ca, x->tbs, signature, cache, NULL).kind, kind, "%s", what);
}

Test(authenticate, a_cache_holds_one_valid_signature_and_nothing_else)
{
    struct simulation *s = begin();
    struct x509_certificate x, other;
    const struct snp_ca *ask = &s->memory[1], *asvk = &s->memory[2];
    cr_assert(is_ok(x509_certificate_parse(sim_file(simulated(0, ""), SIM_FILE_LEAF), &x, NULL)));
    cr_assert(is_ok(x509_certificate_parse(sim_file(simulated(1, "--seed 9"), SIM_FILE_LEAF), &other, NULL)));
    cr_assert_not(bytes_eq(x.tbs, other.tbs));

    struct signature_cache cache = {0};
    expect_cached(asvk, &x, x.signature, &cache, ERR_SIGNATURE, "wrong key");
    cr_expect_not(cache.filled, "a wrong signature is not kept");
    expect_cached(ask, &x, x.signature, &cache, ERR_NONE, "the first time");
    cr_expect(cache.filled);
    expect_cached(ask, &x, x.signature, &cache, ERR_NONE, "the second time");

    /* A signature that nobody made, put into the cache by force, shows what is looked up and what is computed. */
    uint8_t forged[RSA4096_BYTES];
    memset(forged, 0x55, sizeof forged);
    memcpy(cache.signature, forged, sizeof forged);
    const struct signature_cache forged_cache = cache;
    expect_cached(ask, &x, BYTES_OF(forged), &cache, ERR_NONE, "looked up");
    expect_cached(ask, &x, BYTES_OF(forged), NULL, ERR_SIGNATURE, "without a cache");
    expect_cached(ask, &other, BYTES_OF(forged), &cache, ERR_SIGNATURE, "another leaf");
    expect_cached(asvk, &x, BYTES_OF(forged), &cache, ERR_SIGNATURE, "another issuer");
    expect_cached(ask, &x, bytes_slice(BYTES_OF(forged), 0, 511), &cache, ERR_SIGNATURE, "cut");
    cr_expect(memcmp(&cache, &forged_cache, sizeof cache) == 0, "failures change nothing");
    for (size_t i = 0; i < sizeof forged; i++) {
        forged[i] ^= 1;
        expect_cached(ask, &x, BYTES_OF(forged), &cache, ERR_SIGNATURE, "another signature");
        forged[i] ^= 1;
    }
    cache.filled = false;
    expect_cached(ask, &x, BYTES_OF(forged), &cache, ERR_SIGNATURE, "not filled");
    cache.filled = true;
    expect_cached(ask, &other, other.signature, &cache, ERR_NONE, "another leaf takes its place");
    expect_cached(ask, &x, BYTES_OF(forged), &cache, ERR_SIGNATURE, "which is the only one");
}

Test(authenticate, a_cache_changes_no_verdict)
{
    static const char *const lines[] = {"",
                                        "--kind vlek",
                                        "--leaf-not-after 2026-06-30",
                                        "--crl-revoke ask",
                                        "--signer other-ask",
                                        "--crl-by-other-ark",
                                        "--leaf-inner-alg pss-trailer",
                                        "--ext hwID=flip:3",
                                        ""};
    struct signature_cache leaf_cache = {0}, crl_cache = {0};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        for (int again = 0; again < 3; again++) {
            static struct judged without;
            struct simulation *s = begin();
            const struct sim_evidence *made = simulated(0, lines[i]);
            const struct evidence_input in = {sim_file(made, SIM_FILE_REPORT), sim_file(made, SIM_FILE_LEAF),
                                              sim_file(made, SIM_FILE_CRL)};
            judged_run(&in, &s->options, anything(), &without);
            s->options.leaf_cache = &leaf_cache;
            s->options.crl_cache = &crl_cache;
            judged_run(&in, &s->options, anything(), &judged);
            for (int id = 0; id < CHECK_COUNT; id++)
                cr_expect_eq(judged.verdict.by_id[id].outcome, without.verdict.by_id[id].outcome, "%s: %s", lines[i],
                             check_rows[id].name);
            cr_expect_eq(verdict_exit_code(&judged.verdict), verdict_exit_code(&without.verdict), "%s", lines[i]);
        }
}
