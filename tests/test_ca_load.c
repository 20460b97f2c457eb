/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/shared.h"
#include "tests/simulator/options.h"
#include "verify/ca_load.h"

static struct sim_evidence made, other;

static void make(struct sim_evidence *out, const char *options_line)
{
    char line[256];
    struct sim_options options = {0};
    struct err err = {0};
    snprintf(line, sizeof line, "%s", options_line);
    status s = sim_options_parse_line(line, &options, &err);
    if (is_ok(s)) s = sim_make(&options, out, &err);
    cr_assert(is_ok(s), "%s: %s", options_line, err.text);
}

static bytes file(enum sim_file f)
{
    return sim_file(&made, f);
}

static void refused(const bytes *certificates, size_t count, enum err_kind kind, const char *rule, const char *text)
{
    struct ca_bundle out = {.count = 77};
    struct err err = {0};
    status s = ca_bundle_load(certificates, count, &out, &err);
    cr_expect_eq(s.kind, kind, "%s: %s", err_kind_name(s.kind), err.text);
    cr_expect(rule ? err.rule && strcmp(err.rule, rule) == 0 : !err.rule, "%s", err.text);
    cr_expect_not_null(strstr(err.text, text), "want \"%s\", have \"%s\"", text, err.text);
    cr_expect_eq(out.count, 77);
}

Test(ca_load, refuses_what_is_no_set)
{
    make(&made, "--product milan");
    const bytes ark = file(SIM_FILE_ARK), ask = file(SIM_FILE_ASK);
    const bytes leaf[] = {ark, ask, file(SIM_FILE_LEAF)}, crl[] = {ark, ask, file(SIM_FILE_CRL)};
    const bytes cut[] = {ark, BYTES(ask.ptr, ask.len - 1)};

    refused(NULL, 0, ERR_MISSING, "root.trusted", "no CA certificate is there");
    refused(&ark, 1, ERR_MISSING, "root.trusted", "ARK-Milan: neither its ASK nor its ASVK");
    refused(&ask, 1, ERR_MISSING, "root.trusted", "SEV-Milan: its ARK is not");
    refused(leaf, 3, ERR_MISMATCH, "root.trusted", "subject is not an ARK, ASK or ASVK");
    refused(crl, 3, ERR_SYNTAX, NULL, "CA certificate");
    refused(cut, 2, ERR_TRUNCATED, NULL, "CA certificate");
}

Test(ca_load, refuses_certificates_that_do_not_belong_together)
{
    make(&made, "--product milan");
    make(&other, "--product milan --chain other");
    const bytes two_arks[] = {file(SIM_FILE_ARK), file(SIM_FILE_ASK), sim_file(&other, SIM_FILE_ARK)};
    refused(two_arks, 3, ERR_DUPLICATE, "root.trusted", "ARK-Milan: two different certificates");
    const bytes foreign[] = {sim_file(&other, SIM_FILE_ARK), file(SIM_FILE_ASK)};
    refused(foreign, 2, ERR_MISMATCH, "issuer.signature", "SEV-Milan: authorityKeyIdentifier");

    make(&other, "--product genoa");
    const bytes products[] = {file(SIM_FILE_ARK), sim_file(&other, SIM_FILE_ASK)};
    refused(products, 2, ERR_MISSING, "root.trusted", "neither its ASK nor its ASVK");
}

/* One bit in a signature, and in a name or date that is signed. */
Test(ca_load, refuses_certificates_that_were_changed)
{
    static const struct {
        const char *options, *rule, *text;
    } rows[] = {
        {"--poke ark.der:-1^01", "root.trusted", "ARK-Milan: signed by ARK-Milan: RSA-PSS"},
        {"--poke ask.der:-1^01", "issuer.signature", "SEV-Milan: signed by ARK-Milan: RSA-PSS"},
        {"--poke ask.der:-600^01", "issuer.signature", "SEV-Milan: signed by ARK-Milan: RSA-PSS"},
        {"--ask-by-other-ark", "issuer.signature", "SEV-Milan: authorityKeyIdentifier: want"},
        {"--ask-alg pkcs1", "root.trusted", "signature algorithm is not RSA-PSS"},
        {"--ask-alg pss-salt32", "root.trusted", "signature algorithm is not RSA-PSS"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make(&made, rows[i].options);
        const bytes certificates[] = {file(SIM_FILE_ARK), file(SIM_FILE_ASK)};
        struct ca_bundle out;
        struct err err = {0};
        cr_expect_not(is_ok(ca_bundle_load(certificates, 2, &out, &err)), "%s", rows[i].options);
        cr_expect_str_eq(err.rule ? err.rule : "", rows[i].rule, "%s: %s", rows[i].options, err.text);
        cr_expect_not_null(strstr(err.text, rows[i].text), "%s: %s", rows[i].options, err.text);
    }
}

/* Every single byte of an intermediate is either structure or signed. */
Test(ca_load, refuses_every_changed_byte)
{
    make(&made, "--product turin");
    uint8_t copy[4096];
    bytes asvk = file(SIM_FILE_ASVK);
    for (size_t i = 0; i < asvk.len; i += 7) {
        memcpy(copy, asvk.ptr, asvk.len);
        copy[i] ^= 0x10;
        const bytes certificates[] = {file(SIM_FILE_ARK), BYTES(copy, asvk.len)};
        struct ca_bundle out;
        cr_expect_not(is_ok(ca_bundle_load(certificates, 2, &out, NULL)), "byte %zu", i);
    }
}

Test(ca_load, takes_a_product_in_any_order_and_twice)
{
    make(&made, "--product genoa");
    const bytes certificates[] = {file(SIM_FILE_ASVK), file(SIM_FILE_ARK), file(SIM_FILE_ASK), file(SIM_FILE_ARK)};
    struct ca_bundle out;
    struct err err = {0};
    cr_assert(is_ok(ca_bundle_load(certificates, 4, &out, &err)), "%s", err.text);
    struct snp_ca_set set = ca_bundle_set(&out);
    cr_expect(set.by_hand);
    cr_expect_eq(set.count, 3);
    cr_expect_not_null(snp_ca_find(&set, SNP_GENOA, SNP_ARK));
    cr_expect_not_null(snp_ca_find(&set, SNP_GENOA, SNP_ASVK));
    cr_expect_null(snp_ca_find(&set, SNP_MILAN, SNP_ARK));
    const bytes without_asvk[] = {file(SIM_FILE_ASK), file(SIM_FILE_ARK)};
    cr_assert(is_ok(ca_bundle_load(without_asvk, 2, &out, &err)), "%s", err.text);
    cr_expect_eq(out.count, 2);
}

/* AMD's own certificates pass, and give the keys that are built in. */
Test(ca_load, agrees_with_the_built_in_keys)
{
    static const char *const names[] = {"milan_ark",  "milan_ask", "milan_asvk", "genoa_ark", "genoa_ask",
                                        "genoa_asvk", "turin_ark", "turin_ask",  "turin_asvk"};
    bytes certificates[9];
    for (size_t i = 0; i < 9; i++) {
        char path[64];
        snprintf(path, sizeof path, "vectors/ca/%s.der", names[i]);
        certificates[i] = shared_read(path);
    }
    struct ca_bundle out;
    struct err err = {0};
    cr_assert(is_ok(ca_bundle_load(certificates, 9, &out, &err)), "%s", err.text);
    cr_assert_eq(out.count, SNP_AMD_CA_COUNT);
    for (size_t i = 0; i < out.count; i++) {
        struct snp_ca_set amd = snp_ca_set_amd();
        const struct snp_ca *ours = snp_ca_find(&amd, out.cas[i].product, out.cas[i].role);
        cr_expect_eq(ours->serial, out.cas[i].serial);
        cr_expect_eq(ours->not_before, out.cas[i].not_before);
        cr_expect_eq(ours->not_after, out.cas[i].not_after);
        cr_expect_eq(memcmp(ours->modulus, out.cas[i].modulus, RSA_4096_BYTES), 0);
        cr_expect_eq(memcmp(ours->key_id, out.cas[i].key_id, KEY_ID_BYTES), 0);
    }
    for (size_t i = 0; i < 9; i++)
        free((void *)(uintptr_t)certificates[i].ptr);
}

Test(ca_load, names_are_amd_s)
{
    cr_expect_str_eq(snp_ca_common_name(SNP_MILAN, SNP_ARK), "ARK-Milan");
    cr_expect_str_eq(snp_ca_common_name(SNP_TURIN, SNP_ASVK), "SEV-VLEK-Turin");
    cr_expect_str_eq(snp_ca_common_name(SNP_PRODUCT_UNKNOWN, SNP_ARK), "unknown");

    make(&made, "--product genoa");
    struct x509_certificate x;
    cr_assert(is_ok(x509_certificate_parse(file(SIM_FILE_LEAF), &x, NULL)));
    cr_expect(bytes_eq(snp_name_common(x.issuer), BYTES_LIT("SEV-Genoa")));
    cr_expect(bytes_eq(snp_name_common(x.subject), BYTES_LIT("SEV-VCEK")));
    cr_expect(bytes_is_absent(snp_name_common(BYTES_LIT("no Name"))));
    cr_expect(bytes_is_absent(snp_name_common(BYTES_ABSENT)));
    for (size_t i = 1; i < x.subject.len; i++) /* every prefix: absent, or the name; never out of bounds */
        (void)snp_name_common(BYTES(x.subject.ptr, i));
}
