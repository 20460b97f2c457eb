/* SPDX-License-Identifier: Apache-2.0 */
/* interop-cases: writes cases for another implementation to judge, each with our own verdict, to standard output.
 *
 *   interop-cases VECTORS COUNT
 *
 * Half of the COUNT mutants are edits of real reports and leaves below VECTORS, the other half edits of the
 * simulator's; some of the latter are signed anew.  Repeatable: the edits are drawn from a fixed seed.
 *
 * A case: u8 root (0 AMD's, 1 the simulator's), u8 product (1 Milan, 2 Genoa, 3 Turin), i64 time, then five strings,
 * each a u32 length and its bytes: name, report, leaf, the checks of ours that failed on the report's format, and those
 * that failed at all (names, a space behind each).  Little-endian.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/pem.h"
#include "parse/text.h"
#include "tests/simulator/sim.h"
#include "verify/authenticate.h"
#include "verify/judge.h"

enum { LEAF_MAX = 4096, SIM_BASES = 24, SIGNED_ANEW = 40 /* one in so many */ };

static const struct {
    const char *report, *leaf;
    int64_t at;
} real[] = {
    {"automata_milan.report.bin", "automata_milan.vcek.der", 1748736000},
    {"ccf_aci_milan_v3.report.bin", "ccf_aci_milan_v3.vcek.der", 1748736000},
    {"constellation_azure.report.bin", "constellation_vcek.der", 1748736000},
    {"eternis_aws_v5.report.bin", "eternis_aws.vlek.der", 1780272000},
    {"gosevguest_milan_v2.report.bin", "gosevguest_milan_v2.vcek.der", 1748736000},
    {"ms_sidecar_snp_report.bin", "ms_thim.vcek.der", 1748736000},
    {"oak_genoa_oc.report.bin", "oak_genoa_oc.vcek.der", 1780272000},
    {"oak_milan_oc_release.report.bin", "oak_milan_oc_release.vcek.der", 1748736000},
    {"oak_milan_rk_staging.report.bin", "oak_milan_rk_staging.vcek.der", 1748736000},
    {"routex_genoa_v3.report.bin", "routex_genoa.vcek.der", 1780272000},
    {"tav_turin.report.bin", "tav_turin.vcek.pem", 1780272000},
    {"trustee_az_evidence-genoa.report.bin", "trustee_az_genoa.vcek.der", 1748736000},
    {"trustee_az_evidence-v1.report.bin", "trustee_az_evidence-v1.vcek.der", 1748736000},
    {"trustee_az_hcl.report.bin", "trustee_az_vcek.vcek.der", 1748736000},
    {"trustee_test-report.bin", "trustee_test-vcek.der", 1748736000},
    {"trustee_test-vlek-report.bin", "trustee_test-vlek.der", 1748736000},
    {"veraison_tsm.report.bin", "veraison_tsm.vcek.der", 1748736000},
    {"virtee_sev_milan.report.bin", "virtee_sev_milan.vcek.der", 1748736000},
    {"kinvolk_hcl.report.bin", "kinvolk.vcek.der", 1748736000},
    {"oak_milan_oc_release.report.bin", "oak_milan_rk_staging.vcek.der", 1748736000},
};
enum { REAL = sizeof real / sizeof real[0] };

struct evidence_case {
    char name[128];
    bool simulated;
    enum snp_product product;
    int64_t at;
    uint8_t report[SNP_REPORT_BYTES + 8], leaf[LEAF_MAX];
    size_t report_len, leaf_len;
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "interop-cases: %s: %s\n", what, why);
    exit(1);
}

/* xorshift64*: any fixed stream will do. */
static uint64_t next_random(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15ULL;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1dULL;
}

static size_t below(size_t n)
{
    return (size_t)(next_random() % n);
}

/* ---- cases without an edit ----------------------------------------------------------------------------------------
 */

static size_t load(const char *folder, const char *kind, const char *name, uint8_t *out, size_t cap)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", folder, kind, name);
    FILE *f = fopen(path, "rb");
    if (!f) die(path, "cannot be read");
    size_t n = fread(out, 1, cap, f);
    fclose(f);
    return n;
}

static size_t without_pem(uint8_t *leaf, size_t len)
{
    static const char *const labels[] = {"CERTIFICATE"};
    static uint8_t der[LEAF_MAX];
    struct pem_reader reader = {.in = BYTES(leaf, len), .labels = labels, .label_count = 1};
    struct pem_block block;
    bool end;
    struct err err = {0};
    if (len == 0 || leaf[0] == 0x30) return len;
    if (!is_ok(pem_next(&reader, der, sizeof der, &block, &end, &err)) || end) die("PEM", err.text);
    memcpy(leaf, block.der.ptr, block.der.len);
    return block.der.len;
}

static enum snp_product product_of(const struct evidence_case *c)
{
    struct snp_leaf leaf;
    return is_ok(snp_leaf_parse(BYTES(c->leaf, c->leaf_len), &leaf, NULL)) ? leaf.product : SNP_MILAN;
}

static void make_real(const char *vectors, size_t i, struct evidence_case *c)
{
    *c = (struct evidence_case){.at = real[i].at};
    snprintf(c->name, sizeof c->name, "%s", real[i].report);
    c->report_len = load(vectors, "reports", real[i].report, c->report, sizeof c->report);
    c->leaf_len = without_pem(c->leaf, load(vectors, "certs", real[i].leaf, c->leaf, sizeof c->leaf));
    c->product = product_of(c);
}

/* Fields that are worth a fresh signature over an odd value. */
static const char *const odd_fields[] = {
    "committed_tcb=bl:255",
    "reported_tcb=snp:1",
    "committed_minor=99",
    "current_build=0",
    "policy=0xb0000",
    "policy=0x2030000",
    "policy=0x6030000",
    "vmpl=3",
    "vmpl=4",
    "platform_info=0x167",
    "signer_info=1",
    "signer_info=2",
    "signer_info=0x20",
    "chip_id=00*64",
    "host_data=00*32",
    "signature_algo=2",
    "version=6",
    "version=4",
    "guest_svn=9",
    "@0x1eb=01",
    "@0x208=01",
    "@0x1f8=01",
    "@0x18b=01",
    "policy=0x10000",
    "launch_tcb=snp:255",
};

static void simulate(const struct sim_options *options, struct evidence_case *c)
{
    static struct sim_evidence made;
    struct err err = {0};
    *c = (struct evidence_case){.simulated = true, .at = 1780272000};
    if (!is_ok(sim_make(options, &made, &err))) die("simulator", err.text);
    bytes report = sim_file(&made, SIM_FILE_REPORT), leaf = sim_file(&made, SIM_FILE_LEAF);
    memcpy(c->report, report.ptr, c->report_len = report.len);
    memcpy(c->leaf, leaf.ptr, c->leaf_len = leaf.len);
    c->product = (enum snp_product)(SNP_MILAN + (int)options->product);
}

static struct sim_options base_options(size_t i)
{
    return (struct sim_options){.seed = 1,
                                .product = (enum sim_product)(i % 3),
                                .kind = (enum sim_kind)(i / 3 % 2),
                                .report_version = (uint32_t)(2 + i / 6 % 4)};
}

static void make_simulated(size_t i, struct evidence_case *c)
{
    struct sim_options options = base_options(i);
    simulate(&options, c);
    snprintf(c->name, sizeof c->name, "simulated-%zu", i);
}

/* ---- edits --------------------------------------------------------------------------------------------------------
 */

static void edit(uint8_t *b, size_t *len, size_t cap)
{
    static const uint8_t odd[] = {0, 1, 2, 4, 0x7f, 0x80, 0xff, 0x30, 0x02, 0x81};
    size_t at = below(*len), n = 1 + below(8);
    switch (below(8)) {
    case 0:
        b[at] = odd[below(sizeof odd)];
        break;
    case 1: /* another length */
        *len = below(2) && *len + 1 < cap ? *len + 1 : *len - 1;
        break;
    case 2: /* a few bytes from elsewhere */
        for (size_t i = 0; i < n && at + i < *len; i++)
            b[at + i] = b[below(*len)];
        break;
    case 3: /* aligned zeros */
        for (size_t i = at & ~(size_t)3; i < (at & ~(size_t)3) + 4 && i < *len; i++)
            b[i] = 0;
        break;
    default:
        b[at] ^= (uint8_t)(1u << below(8));
    }
}

static void edit_case(struct evidence_case *c, size_t number)
{
    size_t base = strlen(c->name), edits = 1 + below(2);
    bool leaf = below(3) == 0;
    for (size_t i = 0; i < edits; i++) {
        if (leaf) edit(c->leaf, &c->leaf_len, sizeof c->leaf);
        if (!leaf) edit(c->report, &c->report_len, sizeof c->report);
    }
    snprintf(c->name + base, sizeof c->name - base, "#%zu", number);
}

static void sign_anew(struct evidence_case *c, size_t number)
{
    struct sim_options options = base_options(below(SIM_BASES));
    options.seed = number;
    options.report.count = 1 + below(2);
    for (size_t i = 0; i < options.report.count; i++)
        options.report.text[i] = odd_fields[below(sizeof odd_fields / sizeof odd_fields[0])];
    simulate(&options, c);
    snprintf(c->name, sizeof c->name, "signed-%zu %s %s", number, options.report.text[0],
             options.report.count > 1 ? options.report.text[1] : "");
}

/* ---- our verdict --------------------------------------------------------------------------------------------------
 */

static struct snp_ca_set simulator_cas(void)
{
    static struct snp_ca cas[9];
    static struct sim_evidence made[3];
    static const enum sim_file files[] = {SIM_FILE_ARK, SIM_FILE_ASK, SIM_FILE_ASVK};
    struct err err = {0};
    for (size_t p = 0; p < 3; p++) {
        struct sim_options options = {.seed = 1, .product = (enum sim_product)p};
        if (!is_ok(sim_make(&options, &made[p], &err))) die("simulator", err.text);
        for (size_t r = 0; r < 3; r++) {
            struct x509_certificate x;
            if (!is_ok(x509_certificate_parse(sim_file(&made[p], files[r]), &x, &err)) ||
                !is_ok(snp_ca_from_certificate(&x, &cas[3 * p + r], &err)))
                die("simulator's CA", err.text);
        }
    }
    return (struct snp_ca_set){.cas = cas, .count = 9};
}

static void put(bytes b)
{
    uint32_t n = (uint32_t)b.len;
    fwrite(&n, sizeof n, 1, stdout);
    fwrite(b.ptr, 1, b.len, stdout);
}

static void put_failed(const struct verdict *v, bool format_only)
{
    char text[2048];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        if (v->by_id[i].outcome != FAILED) continue;
        bool format = strncmp(check_rows[i].name, "report.", 7) == 0 && check_rows[i].exit_code == 3;
        if (format_only && !format) continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s ", check_rows[i].name);
    }
    put(BYTES((const uint8_t *)text, n));
}

static void judge_and_write(const struct evidence_case *c, const struct snp_ca_set sets[2])
{
    static struct verdict v;
    struct evidence e;
    struct evidence_input in = {.report = BYTES(c->report, c->report_len), .leaf = BYTES(c->leaf, c->leaf_len)};
    struct authenticate_options o = {.cas = sets[c->simulated], .now = c->at, .revocation = REVOCATION_WAIVED_BY_USER};
    struct reference anything = reference_anything();
    v = (struct verdict){0};
    evidence_read(&in, &e, &v);
    evidence_authenticate(&e, &o, &v);
    evidence_judge(&e, &anything, &v);

    uint8_t head[2] = {c->simulated, (uint8_t)c->product};
    fwrite(head, 1, sizeof head, stdout);
    fwrite(&c->at, sizeof c->at, 1, stdout);
    put(text_bytes(c->name));
    put(in.report);
    put(in.leaf);
    put_failed(&v, true);
    put_failed(&v, false);
}

int main(int argc, char **argv)
{
    static struct evidence_case bases[REAL + SIM_BASES], c;
    struct err err = {0};
    if (argc != 3) die("usage", "interop-cases VECTORS COUNT");
    if (!is_ok(crypto_open(&err))) die("crypto", err.text);

    const struct snp_ca_set sets[2] = {snp_ca_set_amd(), simulator_cas()};
    for (size_t i = 0; i < REAL + SIM_BASES; i++) {
        if (i < REAL) make_real(argv[1], i, &bases[i]);
        if (i >= REAL) make_simulated(i - REAL, &bases[i]);
        judge_and_write(&bases[i], sets);
    }
    size_t count = strtoul(argv[2], NULL, 10);
    for (size_t i = 0; i < count; i++) {
        c = bases[i % 2 ? below(REAL) : REAL + below(SIM_BASES)];
        if (i % SIGNED_ANEW == 0) sign_anew(&c, i);
        if (i % SIGNED_ANEW != 0) edit_case(&c, i);
        judge_and_write(&c, sets);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
