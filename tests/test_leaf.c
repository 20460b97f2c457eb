/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "parse/time.h"
#include "snp/leaf.h"
#include "tests/der_edit.h"
#include "tests/simulated.h"
#include "tests/vector_index.h"

#define TBS(...) DER_PATH(0, __VA_ARGS__)

static void expect_parsed(bytes der, enum err_kind kind, const char *rule, const char *what)
{
    struct snp_leaf leaf = {.product = (enum snp_product)77};
    struct err err = {0};
    status s = snp_leaf_parse(der, &leaf, &err);
    cr_expect_eq(s.kind, kind, "%s: %s: %s", what, err_kind_name(s.kind), err.text);
    if (is_ok(s)) return;
    cr_expect(err.rule && strcmp(err.rule, rule) == 0, "%s: rule %s: %s", what, err.rule ? err.rule : "none", err.text);
    cr_expect_neq(err.text[0], '\0', "%s: no text", what);
    cr_expect_eq((int)leaf.product, 77, "%s: output touched", what);
}

/* A leaf of the simulator, signed after it was changed. */
static void expect_simulated(const char *line, enum err_kind kind, const char *rule)
{
    expect_parsed(sim_file(simulated(0, line), SIM_FILE_LEAF), kind, rule, line);
}

static void expect_extension(const char *line, enum err_kind kind)
{
    expect_simulated(line, kind, "leaf.extensions");
}

/* ---- refusals; the numbers are those of the list of negative tests in the specification ------------------------- */

Test(leaf, negative_44_58_59_60_issuers)
{
    static const char *const lines[] = {"--leaf-issuer-cn ARK-Milan",
                                        "--leaf-issuer-cn SEV-Rome",
                                        "--leaf-issuer-cn SEV-VCEK",
                                        "--leaf-issuer-cn @none",
                                        "--leaf-issuer-cn @twice",
                                        "--leaf-issuer-cn sev-milan",
                                        "--leaf-issuer-cn SEV-MilanX",
                                        "--leaf-issuer-cn SEV-Mila",
                                        "--leaf-issuer-cn SEV-VLEK-",
                                        "--chain sub",
                                        "--signer leaf",
                                        "--signer itself",
                                        "--signer ark"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        expect_simulated(lines[i], ERR_MISMATCH, "leaf.issuer");
}

Test(leaf, negative_52_53_54_56)
{
    expect_simulated("--leaf-x509-version 1", ERR_SYNTAX, "leaf.encoding");
    expect_simulated("--leaf-x509-version 2", ERR_UNSUPPORTED, "leaf.encoding");
    expect_simulated("--leaf-key p256", ERR_UNSUPPORTED, "leaf.key");
    expect_simulated("--leaf-key rsa", ERR_UNSUPPORTED, "leaf.key");
    expect_simulated("--leaf-key compressed", ERR_UNSUPPORTED, "leaf.key");
    expect_simulated("--poke leaf.der:append=00", ERR_TRAILING, "leaf.encoding");
}

/* The point itself: its form byte, its length, and a real leaf's algorithm with another curve. */
Test(leaf, negative_53_54_key_forms)
{
    struct der_edit e;
    static const uint8_t forms[] = {0x00, 0x02, 0x03, 0x05, 0x06, 0x07, 0x84};
    for (size_t i = 0; i < sizeof forms; i++) {
        der_edit_load(&e, sim_file(simulated(0, ""), SIM_FILE_LEAF));
        bytes bits = der_edit_contents(&e, TBS(6, 1));
        e.data[bits.ptr - e.data + 1] = forms[i];
        expect_parsed(DER_EDIT_BYTES(&e), ERR_UNSUPPORTED, "leaf.key", "form of the point");
    }
    for (size_t len = 0; len <= 98; len++) {
        uint8_t bits[99] = {0x00, 0x04};
        der_edit_load(&e, sim_file(simulated(0, ""), SIM_FILE_LEAF));
        der_edit_refill(&e, TBS(6, 1), BYTES(bits, 1 + len));
        expect_parsed(DER_EDIT_BYTES(&e), len == 97 ? ERR_NONE : ERR_UNSUPPORTED, "leaf.key", "length of the point");
    }
    static const bytes algorithms[] = {
        {(const uint8_t *)"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 21},
        {(const uint8_t *)"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23", 18},
        {(const uint8_t *)"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x02\x06\x05\x2b\x81\x04\x00\x22", 18},
        {(const uint8_t *)"\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", 11},
        {(const uint8_t *)"\x30\x12\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x05\x00", 20},
    };
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        der_edit_load(&e, sim_file(simulated(0, ""), SIM_FILE_LEAF));
        der_edit_replace(&e, TBS(6, 0), algorithms[i]);
        expect_parsed(DER_EDIT_BYTES(&e), ERR_UNSUPPORTED, "leaf.key", "algorithm of the key");
    }
}

Test(leaf, negative_61_to_64_81_hwid)
{
    expect_extension("--ext hwID=absent", ERR_MISSING);
    expect_extension("--ext hwID=len:0", ERR_SYNTAX);
    expect_extension("--ext hwID=len:8", ERR_SYNTAX);
    expect_extension("--ext hwID=len:63", ERR_SYNTAX);
    expect_extension("--ext hwID=len:65", ERR_SYNTAX);
    expect_extension("--ext hwID=len:66", ERR_SYNTAX);
    expect_extension("--ext hwID=len:65 --ext hwID=wrapped", ERR_SYNTAX);
    expect_extension("--ext hwID=len:63 --ext hwID=wrapped", ERR_SYNTAX);
    expect_extension("--ext hwID=wrapped --ext hwID=len:65", ERR_SYNTAX);
    expect_extension("--ext hwID=wrapped --ext hwID=len:67", ERR_SYNTAX);
    expect_extension("--ext hwID=wrapped --ext hwID=wrapped", ERR_SYNTAX);
    expect_extension("--ext hwID=wrapped --ext hwID=flip:0", ERR_SYNTAX);
    expect_extension("--ext hwID=wrapped --ext hwID=flip:8", ERR_SYNTAX);
    expect_extension("--product turin --ext hwID=len:64", ERR_SYNTAX);
    expect_extension("--product turin --ext hwID=len:7", ERR_SYNTAX);
    expect_extension("--product turin --ext hwID=len:9", ERR_SYNTAX);
    expect_extension("--product turin --ext hwID=len:10", ERR_SYNTAX);
    expect_extension("--product turin --ext hwID=len:64 --ext hwID=wrapped", ERR_SYNTAX);
    expect_extension("--product genoa --ext hwID=len:8", ERR_SYNTAX);
}

Test(leaf, negative_66_67_hwid_and_csp_id_belong_to_one_kind_each)
{
    expect_extension("--ext cspID=ia5:CN=somebody", ERR_UNSUPPORTED);
    expect_extension("--ext hwID=absent --ext cspID=ia5:CN=somebody", ERR_MISSING);
    expect_extension("--kind vlek --ext cspID=absent", ERR_MISSING);
    expect_extension("--kind vlek --ext hwID=raw:00*64", ERR_UNSUPPORTED);
    expect_extension("--kind vlek --ext cspID=absent --ext hwID=raw:00*64", ERR_UNSUPPORTED);
    expect_extension("--kind vlek --ext cspID=utf8:CN=somebody", ERR_SYNTAX);
    expect_extension("--kind vlek --ext cspID=ia5:", ERR_SYNTAX);
    expect_extension("--kind vlek --ext cspID=raw:434e", ERR_SYNTAX);
    expect_extension("--kind vlek --ext cspID=raw:1602431b", ERR_SYNTAX);
    expect_extension("--kind vlek --ext cspID=raw:16024380", ERR_SYNTAX);
    expect_extension("--kind vlek --ext cspID=raw:1601437f", ERR_SYNTAX);
}

/* Each SPL of each product line in turn. */
Test(leaf, negative_68_80_every_spl_is_there)
{
    static const char *const spls[] = {"blSPL", "teeSPL", "snpSPL", "spl5", "spl6", "spl7", "ucodeSPL"};
    char line[96];
    for (size_t i = 0; i < sizeof spls / sizeof spls[0]; i++) {
        (void)snprintf(line, sizeof line, "--ext %s=absent", spls[i]);
        expect_extension(line, ERR_MISSING);
        (void)snprintf(line, sizeof line, "--product turin --ext %s=absent", spls[i]);
        expect_extension(line, ERR_MISSING);
        (void)snprintf(line, sizeof line, "--kind vlek --ext %s=absent", spls[i]);
        expect_extension(line, ERR_MISSING);
    }
    expect_extension("--ext spl4=absent", ERR_MISSING);
    expect_extension("--ext fmcSPL=int:0", ERR_UNSUPPORTED);
    expect_extension("--product turin --ext fmcSPL=absent", ERR_MISSING);
    expect_extension("--product turin --ext spl4=int:0", ERR_UNSUPPORTED);
    expect_extension("--ext structVersion=absent", ERR_MISSING);
    expect_extension("--ext productName=absent", ERR_MISSING);
}

Test(leaf, negative_69_duplicates)
{
    expect_simulated("--ext snpSPL=twice", ERR_DUPLICATE, "leaf.encoding");
    expect_simulated("--ext hwID=twice", ERR_DUPLICATE, "leaf.encoding");
    expect_simulated("--ext productName=twice", ERR_DUPLICATE, "leaf.encoding");
}

Test(leaf, negative_70_to_74_numbers)
{
    static const bytes values[] = {
        {(const uint8_t *)"\x01\x01\xff", 3},
        {(const uint8_t *)"\x04\x01\x03", 3},
        {(const uint8_t *)"\x0a\x01\x03", 3},
        {(const uint8_t *)"\x02\x01\xff", 3},
        {(const uint8_t *)"\x02\x01\x80", 3},
        {(const uint8_t *)"\x02\x02\x00\x7f", 4},
        {(const uint8_t *)"\x02\x02\x01\x00", 4},
        {(const uint8_t *)"\x02\x02\xff\x05", 4},
        {(const uint8_t *)"\x02\x03\x00\x00\x80", 5},
        {(const uint8_t *)"\x02\x81\x01\x03", 4},
        {(const uint8_t *)"", 0},
        {(const uint8_t *)"\x02", 1},
        {(const uint8_t *)"\x02\x00", 2},
        {(const uint8_t *)"\x02\x01", 2},
        {(const uint8_t *)"\x02\x02\x05", 3},
        {(const uint8_t *)"\x02\x01\x05\x00", 4},
        {(const uint8_t *)"\x05", 1},
        {(const uint8_t *)"\x22\x03\x02\x01\x05", 5},
    };
    static const int numbers[] = {0, 2, 3, 4, 5, 6, 7, 8, 9}; /* structVersion and the SPLs, in AMD's order */
    struct der_edit e;
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++)
        for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
            der_edit_load(&e, sim_file(simulated(0, ""), SIM_FILE_LEAF));
            der_edit_refill(&e, TBS(7, 0, numbers[n], 1), values[v]);
            char what[64];
            (void)snprintf(what, sizeof what, "value %zu in extension %d", v, numbers[n]);
            expect_parsed(DER_EDIT_BYTES(&e), ERR_SYNTAX, "leaf.extensions", what);
        }
}

Test(leaf, negative_77_product_name)
{
    expect_extension("--ext productName=utf8:Milan-B0", ERR_SYNTAX);
    expect_extension("--ext productName=raw:4d696c616e", ERR_SYNTAX);
    expect_extension("--ext productName=raw:16054d696c616e00", ERR_SYNTAX);
    expect_extension("--ext productName=raw:16054d696c6100", ERR_SYNTAX);
    expect_extension("--ext productName=ia5:", ERR_SYNTAX);
    expect_extension("--ext productName=raw:1606004d696c616e", ERR_SYNTAX);
}

Test(leaf, negative_79_other_or_critical_extensions)
{
    expect_extension("--ext unknown=critical", ERR_UNSUPPORTED);
    expect_extension("--ext unknown=present", ERR_UNSUPPORTED);
    expect_extension("--ext authorityKeyIdentifier=present", ERR_UNSUPPORTED);
    expect_extension("--ext basicConstraints=present", ERR_UNSUPPORTED);
    expect_extension("--ext hwID=critical", ERR_UNSUPPORTED);
    expect_extension("--ext snpSPL=critical", ERR_UNSUPPORTED);
}

Test(leaf, negative_82_83_struct_version_and_reserved_spls)
{
    expect_extension("--ext structVersion=int:1", ERR_UNSUPPORTED);
    expect_extension("--product genoa --ext structVersion=int:1", ERR_UNSUPPORTED);
    expect_extension("--product turin --ext structVersion=int:0", ERR_UNSUPPORTED);
    expect_extension("--product turin --ext structVersion=int:2", ERR_UNSUPPORTED);
    expect_extension("--ext spl4=int:1", ERR_SYNTAX);
    expect_extension("--ext spl5=int:1", ERR_SYNTAX);
    expect_extension("--ext spl6=int:255", ERR_SYNTAX);
    expect_extension("--product turin --ext spl7=int:1", ERR_SYNTAX);
}

Test(leaf, a_leaf_without_extensions)
{
    struct der_edit e;
    der_edit_load(&e, sim_file(simulated(0, ""), SIM_FILE_LEAF));
    der_edit_replace(&e, TBS(7), BYTES_LIT(""));
    expect_parsed(DER_EDIT_BYTES(&e), ERR_MISSING, "leaf.extensions", "none at all");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(leaf, every_product_and_kind)
{
    static const char *const products[] = {"milan", "genoa", "turin"};
    for (int p = 0; p < 3; p++)
        for (int vlek = 0; vlek < 2; vlek++) {
            char line[64];
            struct snp_leaf leaf;
            struct err err = {0};
            (void)snprintf(line, sizeof line, "--product %s --kind %s", products[p], vlek ? "vlek" : "vcek");
            const struct sim_evidence *made = simulated(0, line);
            cr_assert(is_ok(snp_leaf_parse(sim_file(made, SIM_FILE_LEAF), &leaf, &err)), "%s: %s", line, err.text);
            cr_expect_eq((int)leaf.product, SNP_MILAN + p);
            cr_expect_eq((int)leaf.kind, vlek ? SNP_SIGNED_BY_VLEK : SNP_SIGNED_BY_VCEK);
            struct snp_report report;
            cr_assert(is_ok(snp_report_parse(sim_file(made, SIM_FILE_REPORT), &report, NULL)));
            cr_expect_eq(snp_tcb_join(&leaf.tcb), report.reported_tcb, "%s", line);
            cr_expect_eq(bytes_is_absent(leaf.hwid), vlek);
            cr_expect_eq(bytes_is_absent(leaf.csp_id), !vlek);
            if (!vlek) cr_expect(bytes_eq(leaf.hwid, bytes_slice(report.chip_id, 0, p == 2 ? 8 : 64)), "%s", line);
            const char *name = snp_product_name(leaf.product);
            cr_expect(bytes_eq(snp_leaf_product_part(&leaf), text_bytes(name)), "%s", line);
            cr_expect_str_eq(snp_leaf_common_name(leaf.kind), vlek ? "SEV-VLEK" : "SEV-VCEK");
        }
}

Test(leaf, hwid_may_be_wrapped)
{
    struct snp_leaf raw, wrapped;
    cr_assert(is_ok(snp_leaf_parse(sim_file(simulated(0, ""), SIM_FILE_LEAF), &raw, NULL)));
    cr_assert(is_ok(snp_leaf_parse(sim_file(simulated(1, "--ext hwID=wrapped"), SIM_FILE_LEAF), &wrapped, NULL)));
    cr_expect(raw.hwid.len == 64 && bytes_eq(raw.hwid, wrapped.hwid));
    cr_assert(is_ok(
        snp_leaf_parse(sim_file(simulated(1, "--product turin --ext hwID=wrapped"), SIM_FILE_LEAF), &wrapped, NULL)));
    cr_expect_eq(wrapped.hwid.len, 8u);
}

Test(leaf, product_parts)
{
    static const struct {
        const char *name, *part;
    } rows[] = {{"Milan-B0", "Milan"}, {"Genoa", "Genoa"},  {"Turin-B1", "Turin"},
                {"-B0", ""},           {"Milan-", "Milan"}, {"a-b-c", "a"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct snp_leaf leaf = {.product_name = text_bytes(rows[i].name)};
        bytes part = snp_leaf_product_part(&leaf);
        cr_expect(bytes_eq(part, text_bytes(rows[i].part)), "%s", rows[i].name);
    }
}

static bool same(bytes a, bytes b)
{
    return bytes_is_absent(a) ? bytes_is_absent(b) : bytes_eq(a, b);
}

static bool same_fields(const struct snp_leaf *a, const struct snp_leaf *b)
{
    return same(a->x.serial, b->x.serial) && same(a->x.inner_algorithm, b->x.inner_algorithm) &&
           same(a->x.outer_algorithm, b->x.outer_algorithm) && same(a->x.subject, b->x.subject) &&
           a->x.not_before == b->x.not_before && a->x.not_after == b->x.not_after &&
           same(a->x.signature, b->x.signature) && a->product == b->product && a->kind == b->kind &&
           same(a->point, b->point) && snp_tcb_eq(&a->tcb, &b->tcb) && same(a->product_name, b->product_name) &&
           same(a->hwid, b->hwid) && same(a->csp_id, b->csp_id);
}

static void try_all_bytes(bytes der, const char *what)
{
    struct der_edit e;
    struct snp_leaf before, after;
    der_edit_load(&e, der);
    cr_assert(is_ok(snp_leaf_parse(der, &before, NULL)), "%s", what);
    for (size_t len = 0; len < der.len; len++)
        expect_parsed(bytes_slice(der, 0, len), ERR_TRUNCATED, "leaf.encoding", what);
    for (size_t i = 0; i < e.len; i++)
        for (unsigned x = 0; x <= 8; x++) { /* each bit, and all of them */
            uint8_t was = e.data[i];
            e.data[i] ^= (uint8_t)(x < 8 ? 1 << x : 0xff);
            if (is_ok(snp_leaf_parse(DER_EDIT_BYTES(&e), &after, NULL)))
                cr_assert(!same_fields(&before, &after), "%s: byte %zu to 0x%02x", what, i, e.data[i]);
            e.data[i] = was;
        }
}

Test(leaf, every_prefix_is_refused_and_every_changed_byte_refused_or_seen)
{
    try_all_bytes(sim_file(simulated(0, "--product turin --ext hwID=wrapped"), SIM_FILE_LEAF), "VCEK of Turin");
    try_all_bytes(sim_file(simulated(0, "--kind vlek"), SIM_FILE_LEAF), "VLEK");
}

/* ---- real leaves ------------------------------------------------------------------------------------------------ */

static void expect_validity(const struct vector_leaf *row, const struct snp_leaf *leaf)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], text[32];
    cr_assert(is_ok(time_write_rfc3339(leaf->x.not_before, from, NULL)));
    cr_assert(is_ok(time_write_rfc3339(leaf->x.not_after, to, NULL)));
    (void)snprintf(text, sizeof text, "%.10s..%.10s", from, to);
    cr_expect_str_eq(text, row->validity, "%s", row->file);
}

static void expect_tcb(const struct vector_leaf *row, const struct snp_leaf *leaf)
{
    char text[96], fmc[8] = "-";
    if (leaf->product == SNP_TURIN) (void)snprintf(fmc, sizeof fmc, "%u", leaf->tcb.fmc);
    (void)snprintf(text, sizeof text, "fmc=%s bl=%u tee=%u snp=%u ucode=%u", fmc, leaf->tcb.boot_loader, leaf->tcb.tee,
                   leaf->tcb.snp, leaf->tcb.microcode);
    cr_expect_str_eq(text, row->tcb, "%s", row->file);
}

/* "8b58e10b173a779e… (64 bytes)", and for the one that is wrapped the 0440 in front is shown too. */
static void expect_id(const struct vector_leaf *row, const struct snp_leaf *leaf)
{
    if (leaf->kind == SNP_SIGNED_BY_VLEK) {
        cr_expect(bytes_eq(leaf->csp_id, text_bytes(row->id)), "%s", row->file);
        return;
    }
    bool wrapped = strstr(row->id, "wrapped") != NULL;
    char text[64];
    int n = snprintf(text, sizeof text, "%s", wrapped ? "0440" : "");
    for (size_t i = 0; i < (wrapped ? 6u : 8u); i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%02x", leaf->hwid.ptr[i]);
    cr_expect_eq(strncmp(row->id, text, 16), 0, "%s: %s", row->file, text);
    (void)snprintf(text, sizeof text, "(%zu bytes", leaf->hwid.len + (wrapped ? 2 : 0));
    cr_expect_not_null(strstr(row->id, text), "%s: %s", row->file, text);
}

static void expect_row(const struct vector_leaf *row)
{
    char path[128], issuer[32];
    (void)snprintf(path, sizeof path, "certs/%s", row->file);
    bytes der = vector_certificate(path);
    struct snp_leaf leaf;
    struct err err = {0};
    cr_assert(is_ok(snp_leaf_parse(der, &leaf, &err)), "%s: %s", row->file, err.text);
    cr_expect_str_eq(snp_leaf_common_name(leaf.kind), row->cn, "%s", row->file);
    cr_expect(snp_name_is(leaf.x.subject, row->cn), "%s: subject", row->file);
    (void)snprintf(issuer, sizeof issuer, "SEV-%s%s", leaf.kind == SNP_SIGNED_BY_VLEK ? "VLEK-" : "",
                   snp_product_name(leaf.product));
    cr_expect_str_eq(issuer, row->issuer, "%s", row->file);
    cr_expect_str_eq(leaf.product == SNP_TURIN ? "1" : "0", row->struct_version, "%s", row->file);
    cr_expect(bytes_eq(leaf.product_name, text_bytes(row->product_name)), "%s", row->file);
    cr_expect(bytes_eq(leaf.x.serial, BYTES_LIT("\0")), "%s: serial", row->file);
    expect_validity(row, &leaf);
    expect_tcb(row, &leaf);
    expect_id(row, &leaf);
    free((void *)der.ptr);
}

Test(leaf, all_real_leaves_have_the_values_of_the_index)
{
    struct vector_index index;
    vector_index_read(&index);
    for (size_t i = 0; i < index.leaf_count; i++)
        expect_row(&index.leaves[i]);
    cr_expect_eq(index.leaf_count, 26u);
    vector_index_free(&index);
}

Test(leaf, every_byte_of_a_real_leaf)
{
    bytes der = vector_certificate("certs/oak_genoa_oc.vcek.der");
    try_all_bytes(der, "Genoa VCEK");
    free((void *)der.ptr);
}
