/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator against what others made: given the dates, chip and TCB of a real certificate it must make the same
 * bytes but for key and signature, and around the same real report and certificates the same envelope.  That openssl
 * takes its signatures is shown in tests/cli/simulator.t. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/shared.h"
#include "tests/simulator/options.h"

static struct sim_evidence evidence;

static void make(const struct sim_options *options)
{
    struct err err = {0};
    cr_assert(is_ok(sim_make(options, &evidence, &err)), "%s", err.text);
}

static struct sim_options options_of(const char *line)
{
    static char words[2048];
    struct sim_options options = {0};
    struct err err = {0};
    snprintf(words, sizeof words, "%s", line);
    cr_assert(is_ok(sim_options_parse_line(words, &options, &err)), "%s: %s", line, err.text);
    return options;
}

static void add(struct sim_list *list, const char *text)
{
    cr_assert(list->count < SIM_LIST_MAX);
    list->text[list->count++] = text;
}

static void make_line(const char *line)
{
    struct sim_options options = options_of(line);
    make(&options);
}

/* refusals */

static void refused(const char *line, enum err_kind kind)
{
    char words[512];
    struct sim_options options = {0};
    struct err err = {0};
    snprintf(words, sizeof words, "%s", line);
    status s = sim_options_parse_line(words, &options, &err);
    if (is_ok(s)) s = sim_make(&options, &evidence, &err);
    cr_expect_eq(s.kind, kind, "%s: %s: %s", line, err_kind_name(s.kind), err.text);
    cr_expect(err.text[0] != '\0', "%s", line);
}

Test(simulator, mistakes_are_refused)
{
    refused("--what", ERR_SYNTAX);
    refused("--seed", ERR_SYNTAX);
    refused("--seed x", ERR_SYNTAX);
    refused("--seed 0x", ERR_SYNTAX);
    refused("--seed 1x", ERR_SYNTAX);
    refused("--report-version 4294967296", ERR_RANGE);
    refused("--kind VCEK", ERR_SYNTAX);
    refused("--report policy", ERR_SYNTAX);
    refused("--report nothing=1", ERR_SYNTAX);
    refused("--report vmpl=0x100000000", ERR_RANGE);
    refused("--report cpuid_step=256", ERR_RANGE);
    refused("--report host_data=00*31", ERR_RANGE);
    refused("--report host_data=00*33", ERR_RANGE);
    refused("--report host_data=0*32", ERR_SYNTAX);
    refused("--report host_data=0g", ERR_SYNTAX);
    refused("--report current_tcb=fmc:1", ERR_SYNTAX);
    refused("--report current_tcb=bl:256", ERR_RANGE);
    refused("--product turin --report current_tcb=spl4:1", ERR_SYNTAX);
    refused("--report @1184=00", ERR_RANGE);
    refused("--report @-1=0000", ERR_RANGE);
    refused("--leaf-not-before 2026-1-1", ERR_SYNTAX);
    refused("--leaf-not-before 2026-01-01T00:00:00", ERR_SYNTAX);
    refused("--ext hwID", ERR_SYNTAX);
    refused("--ext nothing=absent", ERR_SYNTAX);
    refused("--ext hwID=shorter", ERR_SYNTAX);
    refused("--ext hwID=len:161", ERR_RANGE);
    refused("--ext hwID=flip:512", ERR_RANGE);
    refused("--ext hwID=raw:00*161", ERR_LIMIT);
    refused("--crl-revoke who", ERR_SYNTAX);
    refused("--envelope table --include nothing", ERR_SYNTAX);
    refused("--envelope table --include filler:10001", ERR_RANGE);
    refused("--envelope thim --thim tcbm=twice", ERR_SYNTAX);
    refused("--envelope protobuf --poke cut=1183", ERR_RANGE);
    refused("--envelope protobuf --proto 11=len:1025", ERR_RANGE);
    refused("--poke leaf.der:0", ERR_SYNTAX);
    refused("--poke 1184=00", ERR_RANGE);
    refused("--poke cut=1185", ERR_RANGE);
    refused("--poke leaf.der:append=00*16384", ERR_LIMIT);
    refused("--leaf-alg ecdsa", ERR_RANGE);
}

/* DER */

static void writes(const char *what, const struct out *have, bytes want)
{
    cr_expect(!have->full, "%s", what);
    cr_expect(bytes_eq(out_view(have), want), "%s", what);
}

Test(simulator, der_is_minimal)
{
    static const struct {
        uint64_t value;
        bytes want;
    } numbers[] = {
        {0, BYTES_LIT("\x02\x01\x00")},
        {0x7F, BYTES_LIT("\x02\x01\x7f")},
        {0x80, BYTES_LIT("\x02\x02\x00\x80")},
        {0xFF, BYTES_LIT("\x02\x02\x00\xff")},
        {0x100, BYTES_LIT("\x02\x02\x01\x00")},
        {0x8000, BYTES_LIT("\x02\x03\x00\x80\x00")},
        {UINT64_MAX, BYTES_LIT("\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff")},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint8_t memory[16];
        struct out o = OUT(memory);
        der_put_uint(&o, numbers[i].value);
        writes("integer", &o, numbers[i].want);
    }

    static const struct {
        size_t len;
        bytes head;
    } lengths[] = {
        {0, BYTES_LIT("\x04\x00")},
        {127, BYTES_LIT("\x04\x7f")},
        {128, BYTES_LIT("\x04\x81\x80")},
        {255, BYTES_LIT("\x04\x81\xff")},
        {256, BYTES_LIT("\x04\x82\x01\x00")},
        {65535, BYTES_LIT("\x04\x82\xff\xff")},
        {65536, BYTES_LIT("\x04\x83\x01\x00\x00")},
    };
    static uint8_t memory[65536 + 5], content[65536];
    memset(content, 0xA5, sizeof content);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct out o = OUT(memory);
        der_put(&o, DER_OCTET_STRING, BYTES(content, lengths[i].len));
        cr_expect(bytes_eq(bytes_slice(out_view(&o), 0, lengths[i].head.len), lengths[i].head));
        cr_expect(
            bytes_eq(bytes_slice(out_view(&o), lengths[i].head.len, lengths[i].len), BYTES(content, lengths[i].len)));
        cr_expect_eq(o.len, lengths[i].head.len + lengths[i].len);
    }
}

Test(simulator, full_writer_stays_full)
{
    for (size_t cap = 0; cap < 11; cap++) {
        uint8_t memory[16];
        memset(memory, 0xA5, sizeof memory);
        struct out o = {memory, 0, cap, false};
        size_t outer = der_open(&o, DER_SEQUENCE);
        der_put_uint(&o, 65537);
        out_text(&o, "abcd");
        der_close(&o, outer);
        cr_expect(o.full, "%zu", cap);
        cr_expect_leq(o.len, cap);
        for (size_t i = cap; i < sizeof memory; i++)
            cr_expect_eq(memory[i], 0xA5, "%zu: wrote at %zu", cap, i);
    }
}

/* against real certificates */

struct hole { /* where the bytes after `mark` need not agree */
    bytes mark;
    size_t len;
};

static size_t find(bytes in, bytes what)
{
    for (size_t i = 0; i + what.len <= in.len; i++)
        if (memcmp(in.ptr + i, what.ptr, what.len) == 0) return i;
    cr_assert_fail("mark not found");
    return 0;
}

static void agree(const char *name, bytes real, bytes made, const struct hole *holes, size_t count)
{
    enum { SIGNATURE = 512 };
    static uint8_t patched[SIM_FILE_MAX];
    cr_assert_eq(real.len, made.len, "%s: %zu bytes, made %zu", name, real.len, made.len);
    memcpy(patched, made.ptr, made.len);
    for (size_t i = 0; i < count; i++) {
        size_t at = find(real, holes[i].mark) + holes[i].mark.len;
        cr_assert_eq(find(made, holes[i].mark) + holes[i].mark.len, at, "%s: hole %zu", name, i);
        memcpy(patched + at, real.ptr + at, holes[i].len);
    }
    memcpy(patched + real.len - SIGNATURE, real.ptr + real.len - SIGNATURE, SIGNATURE);
    for (size_t i = 0; i < real.len; i++)
        if (patched[i] != real.ptr[i])
            cr_assert_fail("%s: byte %zu is %02x, made %02x", name, i, real.ptr[i], patched[i]);
}

/* "YYYY-MM-DDTHH:MM:SSZ" of the UTCTime at `at`. */
static void date_at(bytes der, size_t at, char out[21])
{
    const char *t = (const char *)der.ptr + at;
    snprintf(out, 21, "20%.2s-%.2s-%.2sT%.2s:%.2s:%.2sZ", t, t + 2, t + 4, t + 6, t + 8, t + 10);
}

static void chip_id_text(bytes leaf, size_t chip_id_len, char out[160])
{
    bytes mark = BYTES_LIT("\x2b\x06\x01\x04\x01\x9c\x78\x01\x04\x04");
    size_t at = find(leaf, mark) + mark.len + (chip_id_len == 66 ? 3 : 1);
    size_t n = (size_t)snprintf(out, 160, "chip_id=");
    for (size_t i = 0; i < 64; i++)
        n += (size_t)snprintf(out + n, 160 - n, "%02x", chip_id_len != 8 || i < 8 ? leaf.ptr[at + i] : 0u);
}

static const struct leaf_vector {
    const char *file, *line;
    size_t hwid_len;
} leaf_vectors[] = {
    {"automata_milan.vcek.der", "--report reported_tcb=bl:3,tee:0,snp:22,ucode:209", 64},
    {"ccf_aci_milan_v3.vcek.der", "--report reported_tcb=bl:4,tee:0,snp:24,ucode:219", 64},
    {"constellation_vcek.der", "--leaf-alg pss-trailer --report reported_tcb=bl:2,tee:0,snp:6,ucode:93", 64},
    {"eternis_aws.vlek.der",
     "--kind vlek --report reported_tcb=bl:4,tee:0,snp:29,ucode:222 --ext cspID=ia5:CN=cc-us-east-2.amazonaws.com", 0},
    {"gosevguest_milan_v2.vcek.der", "--leaf-alg pss-trailer --report reported_tcb=bl:2,tee:0,snp:5,ucode:68", 64},
    {"kinvolk.vcek.der", "--leaf-alg pss-trailer --report reported_tcb=bl:3,tee:0,snp:8,ucode:115", 64},
    {"oak_genoa_oc.vcek.der", "--product genoa --report reported_tcb=bl:10,tee:0,snp:25,ucode:84", 64},
    {"oak_milan_rk_staging.vcek.der", "--report reported_tcb=bl:4,tee:0,snp:24,ucode:219", 64},
    {"routex_genoa.vcek.der", "--product genoa --report reported_tcb=bl:9,tee:0,snp:23,ucode:72", 64},
    {"trustee_e2e.vcek.der", "--product genoa --report reported_tcb=bl:10,tee:0,snp:23,ucode:25", 64},
    {"trustee_test-vcek-invalid-new.der",
     "--leaf-alg pss-trailer --report reported_tcb=bl:0,tee:0,snp:0,ucode:30 --ext hwID=wrapped", 66},
    {"trustee_test-vlek.der",
     "--kind vlek --report reported_tcb=bl:4,tee:0,snp:24,ucode:217 --ext cspID=ia5:CN=cc-us-east-2.amazonaws.com", 0},
    {"virtee_sev_milan.vcek.der", "--leaf-alg pss-trailer --report reported_tcb=bl:3,tee:0,snp:8,ucode:115", 64},
    {"virtee_sev_turin.vcek.der", "--product turin --report reported_tcb=fmc:0,bl:0,tee:0,snp:0,ucode:9", 8},
};

Test(simulator, leaves_are_as_amd_makes_them)
{
    for (size_t i = 0; i < sizeof leaf_vectors / sizeof leaf_vectors[0]; i++) {
        const struct leaf_vector *v = &leaf_vectors[i];
        char path[96], not_before[21], not_after[21], chip_id[160];
        snprintf(path, sizeof path, "vectors/certs/%s", v->file);
        bytes real = shared_read(path);
        struct sim_options options = options_of(v->line);
        size_t validity = find(real, BYTES_LIT("\x30\x1e\x17\x0d"));
        date_at(real, validity + 4, not_before);
        date_at(real, validity + 19, not_after);
        options.leaf_not_before = not_before;
        options.leaf_not_after = not_after;
        if (v->hwid_len) {
            chip_id_text(real, v->hwid_len, chip_id);
            add(&options.report, chip_id);
        }
        make(&options);
        const struct hole point = {BYTES_LIT("\x03\x62\x00\x04"), 96};
        agree(v->file, real, sim_file(&evidence, SIM_FILE_LEAF), &point, 1);
        free((void *)real.ptr);
    }
}

Test(simulator, cas_are_as_amd_makes_them)
{
    static const struct {
        const char *name;
        enum sim_file file;
    } roles[] = {{"ark", SIM_FILE_ARK}, {"ask", SIM_FILE_ASK}, {"asvk", SIM_FILE_ASVK}};
    static const char *const products[] = {"milan", "genoa", "turin"};
    for (size_t p = 0; p < 3; p++) {
        char line[32], path[64];
        snprintf(line, sizeof line, "--product %s", products[p]);
        make_line(line);
        for (size_t r = 0; r < 3; r++) {
            const struct hole holes[] = {{BYTES_LIT("\x02\x82\x02\x01\x00"), 512},
                                         {BYTES_LIT("\x04\x16\x04\x14"), 20},
                                         {BYTES_LIT("\x30\x16\x80\x14"), 20}};
            snprintf(path, sizeof path, "vectors/ca/%s_%s.der", products[p], roles[r].name);
            bytes real = shared_read(path);
            agree(path, real, sim_file(&evidence, roles[r].file), holes, r == 0 ? 2 : 3);
            free((void *)real.ptr);
        }
    }
}

/* against real envelopes: our files are overwritten with the real ones, which have the same lengths */

static char *poke_text(const char *file, bytes content)
{
    size_t n = strlen(file) + 3, cap = n + 2 * content.len + 1;
    char *text = malloc(cap);
    cr_assert_not_null(text);
    snprintf(text, cap, "%s:0=", file);
    for (size_t i = 0; i < content.len; i++, n += 2)
        snprintf(text + n, cap - n, "%02x", content.ptr[i]);
    return text;
}

/* `real` as "vectors/..."; the answer is `evidence`. */
static void make_around(const char *line, const char *report, const char *leaf, const char *ask, const char *ark)
{
    const char *const names[] = {"report.bin", strstr(line, "vlek") ? "asvk.der" : "ask.der", "ark.der", "leaf.der"};
    const char *const paths[] = {report, ask, ark, leaf};
    char *texts[4];
    struct sim_options options = options_of(line);
    for (size_t i = 0; i < 4; i++) {
        bytes real = shared_read(paths[i]);
        texts[i] = poke_text(names[i], real);
        add(&options.poke, texts[i]);
        free((void *)real.ptr);
    }
    make(&options);
    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
}

static void same_file(const char *path)
{
    bytes real = shared_read(path), made = sim_file(&evidence, SIM_FILE_EVIDENCE);
    cr_expect_eq(real.len, made.len, "%s: %zu bytes, made %zu", path, real.len, made.len);
    for (size_t i = 0; i < real.len && i < made.len; i++)
        if (real.ptr[i] != made.ptr[i])
            cr_assert_fail("%s: byte %zu is %02x, made %02x", path, i, real.ptr[i], made.ptr[i]);
    free((void *)real.ptr);
}

Test(simulator, protobuf_is_as_go_writes_it)
{
    static const char include[] = "--envelope protobuf --include leaf --include ask --include ark";
    char line[256];
    snprintf(line, sizeof line, "%s --leaf-alg pss-trailer --report-version 2 --report reported_tcb=ucode:68", include);
    make_around(line, "vectors/reports/gosevguest_milan_v2.report.bin", "vectors/certs/gosevguest_milan_v2.vcek.der",
                "vectors/ca/milan_ask.der", "vectors/ca/milan_ark.der");
    same_file("vectors/attestation_pb/milan_v2_gosevguest.binarypb");

    make_around(include, "vectors/reports/ccf_aci_milan_v3.report.bin", "vectors/certs/ccf_aci_milan_v3.vcek.der",
                "vectors/ca/milan_ask.der", "vectors/ca/milan_ark.der");
    same_file("vectors/attestation_pb/milan_v3_aci.binarypb");

    snprintf(line, sizeof line, "%s --kind vlek --ext cspID=ia5:CN=cc-us-east-2.amazonaws.com", include);
    make_around(line, "vectors/reports/eternis_aws_v5.report.bin", "vectors/certs/eternis_aws.vlek.der",
                "vectors/ca/milan_asvk.der", "vectors/ca/milan_ark.der");
    same_file("vectors/attestation_pb/milan_v5_aws_vlek.binarypb");
}

Test(simulator, table_is_as_a_host_writes_it)
{
    make_around("--envelope table --include leaf --kind vlek --ext cspID=ia5:CN=cc-us-east-2.amazonaws.com",
                "vectors/reports/eternis_aws_v5.report.bin", "vectors/certs/eternis_aws.vlek.der",
                "vectors/ca/milan_asvk.der", "vectors/ca/milan_ark.der");
    same_file("vectors/cloud/eternis_aws.report_and_certtable.bin");
}

Test(simulator, thim_is_as_azure_writes_it)
{
    make_around("--envelope thim --leaf-alg pss-trailer --report reported_tcb=ucode:115",
                "vectors/reports/ms_sidecar_snp_report.bin", "vectors/certs/ms_thim.vcek.der",
                "vectors/ca/milan_ask.der", "vectors/ca/milan_ark.der");
    same_file("vectors/azure/thim_uvm_host_amd_certificate.json");
}

/* The header around another report and JSON: of Azure's, all but the sizes. */
Test(simulator, hcl_is_as_azure_writes_it)
{
    bytes real = shared_read("vectors/azure/trustee_az-snp-vtpm_hcl-report.bin");
    make_line("--envelope hcl");
    bytes made = sim_file(&evidence, SIM_FILE_EVIDENCE), report = sim_file(&evidence, SIM_FILE_REPORT);
    static const struct {
        size_t from, len;
    } equal[] = {{0x00, 4}, {0x0C, 20}, {0x4C4, 12}};
    cr_assert_eq(made.len, real.len);
    for (size_t i = 0; i < sizeof equal / sizeof equal[0]; i++)
        cr_expect(
            bytes_eq(bytes_slice(made, equal[i].from, equal[i].len), bytes_slice(real, equal[i].from, equal[i].len)),
            "at %zu", equal[i].from);
    cr_expect(bytes_eq(bytes_slice(made, 0x20, report.len), report));
    size_t json = made.ptr[0x4D0] | (size_t)made.ptr[0x4D1] << 8;
    cr_expect_eq(made.ptr[8] | (size_t)made.ptr[9] << 8, 0x4D4 + json);
    cr_expect_eq(made.ptr[0x4C0] | (size_t)made.ptr[0x4C1] << 8, 20 + json);
    cr_expect_eq(made.ptr[0x4D4], '{');
    cr_expect_eq(made.ptr[0x4D4 + json - 1], '}');
    cr_expect(bytes_are_zero(bytes_slice(made, 0x4D4 + json, made.len - 0x4D4 - json)));
    free((void *)real.ptr);
}
