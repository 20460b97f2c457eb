/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of tests/simulator/negatives.def through the verifier: the named check must fail and the exit code be the
 * one of the row, while the good evidence that the row starts from is allowed. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/pem.h"
#include "parse/time.h"
#include "snp/evidence.h"
#include "snp/policy.h"
#include "tests/fault.h"
#include "tests/simulator/options.h"
#include "tests/simulator/text.h"
#include "verify/authenticate.h"
#include "verify/judge.h"
#include "verify/signature.h"

enum kind { SIGNED, EDITED, REFERENCE, UNIT };

static const struct row {
    int number;
    enum kind kind;
    const char *what, *base, *arguments, *expectations, *check;
    int exit_code;
} rows[] = {
#define NEGATIVE(number, kind, what, base, arguments, expectations, check, exit_code)                                  \
    {number, kind, what, base, arguments, expectations, check, exit_code},
#include "tests/simulator/negatives.def"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static struct sim_evidence good, bad;

static void make(struct sim_evidence *out, const char *base, const char *arguments)
{
    char words[1024];
    struct sim_options options = {0};
    struct err err = {0};
    snprintf(words, sizeof words, "%s%s%s", base, base[0] && arguments[0] ? " " : "", arguments);
    status s = sim_options_parse_line(words, &options, &err);
    if (is_ok(s)) s = sim_make(&options, out, &err);
    cr_assert(is_ok(s), "%s %s: %s", base, arguments, err.text);
}

/* ---- what the evidence consists of */

struct parts {
    bytes report, leaf, crl;
    struct snp_evidence_storage storage;
    uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES], pem[LIMIT_CERTIFICATE_BYTES];
};

static bytes either(bytes a, bytes b)
{
    return a.ptr ? a : b;
}

static status take_pem_leaf(const struct sim_evidence *made, struct parts *p, struct err *err)
{
    static const char *const labels[] = {"CERTIFICATE"};
    struct pem_reader r = {.in = sim_file(made, SIM_FILE_LEAF_PEM), .labels = labels, .label_count = 1};
    struct pem_block block = {0}, more;
    uint8_t scratch[LIMIT_CERTIFICATE_BYTES];
    bool end = false;
    struct err cause = {0};
    status s = pem_next(&r, p->pem, sizeof p->pem, &block, &end, &cause);
    p->leaf = block.der;
    if (is_ok(s)) s = pem_next(&r, scratch, sizeof scratch, &more, &end, &cause);
    if (!is_ok(s)) return err_rule(err, s.kind, "leaf.encoding", 0, "leaf: %s", cause.text);
    return end ? OK : err_rule(err, ERR_TRAILING, "leaf.encoding", r.pos, "leaf: more than one block");
}

/* Table and protobuf carry all there is; with the others leaf and CRL come beside them. */
static status take(const struct sim_evidence *made, const struct row *row, struct parts *p, struct err *err)
{
    struct snp_evidence e;
    p->storage.buffer = p->buffer;
    p->storage.cap = sizeof p->buffer;
    TRY(snp_evidence_parse(sim_file(made, SIM_FILE_EVIDENCE), &p->storage, &e, err));
    p->report = e.report;
    p->leaf = either(e.vcek, e.vlek);
    p->crl = e.crl;
    if (strstr(row->base, "--envelope table") || strstr(row->base, "--envelope protobuf")) return OK;
    p->leaf = sim_file(made, SIM_FILE_LEAF);
    p->crl = sim_file(made, SIM_FILE_CRL);
    return strstr(row->expectations, "leaf=pem") ? take_pem_leaf(made, p, err) : OK;
}

/* ---- root.pem */

struct root {
    struct snp_ca cas[3];
    uint8_t der[3][4096];
};

static status read_root(bytes pem, struct root *root, struct err *err)
{
    static const char *const labels[] = {"CERTIFICATE"};
    struct pem_reader r = {.in = pem, .labels = labels, .label_count = 1};
    for (size_t i = 0; i < 3; i++) {
        struct pem_block block;
        struct x509_certificate x;
        bool end;
        TRY(pem_next(&r, root->der[i], sizeof root->der[i], &block, &end, err));
        TRY(x509_certificate_parse(block.der, &x, err));
        TRY(snp_ca_from_certificate(&x, &root->cas[i], err));
        if (!is_ok(signature_check_pss(&root->cas[0], x.tbs, x.signature, NULL, NULL)))
            return err_rule(err, ERR_SIGNATURE, "issuer.signature", 0, "CA %zu: not signed by the ARK", i);
    }
    return OK;
}

/* ---- expectations */

struct wants {
    struct reference reference;
    bytes list[8]; /* one value for each member that has a list */
    uint8_t memory[8][64];
};

static void want_bytes(struct wants *w, size_t slot, struct expect_bytes *member, bytes value)
{
    memcpy(w->memory[slot], value.ptr, value.len);
    w->list[slot] = BYTES(w->memory[slot], value.len);
    *member = (struct expect_bytes){.mode = EXPECT_VALUE, .any_of = &w->list[slot], .count = 1};
}

/* Exactly what the good evidence says. */
static void want_good(struct wants *w, const struct sim_evidence *made)
{
    struct err err = {0};
    struct evidence e;
    struct verdict ignored = {0};
    evidence_read(
        &(struct evidence_input){.report = sim_file(made, SIM_FILE_REPORT), .leaf = sim_file(made, SIM_FILE_LEAF)}, &e,
        &ignored);
    cr_assert(e.has_report && e.has_tcbs, "%s", err.text);
    bool told = e.report.version >= 3;
    w->reference = reference_anything();
    w->reference.source = "the good evidence";
    want_bytes(w, 0, &w->reference.measurement, e.report.measurement);
    want_bytes(w, 1, &w->reference.report_data, e.report.report_data);
    want_bytes(w, 2, &w->reference.host_data, e.report.host_data);
    if (!bytes_are_zero(e.report.chip_id)) want_bytes(w, 3, &w->reference.chip_id, e.report.chip_id);
    w->reference.product = (struct expect_product){.mode = EXPECT_VALUE, .product = e.product};
    w->reference.minimum_tcb = w->reference.minimum_launch_tcb =
        (struct expect_tcb){.mode = EXPECT_VALUE, .least = e.reported};
    w->reference.minimum_firmware = (struct expect_version){.mode = EXPECT_VALUE, .least = e.report.current};
    w->reference.minimum_guest_svn = (struct expect_number){.mode = EXPECT_VALUE, .value = e.report.guest_svn};
    w->reference.guest_policy = (struct expect_number){.mode = EXPECT_VALUE, .value = 0x30000};
    w->reference.platform_info =
        (struct expect_platform){.mode = EXPECT_VALUE,
                                 .allowed = SNP_PLATFORM_SMT_EN,
                                 .required = told ? SNP_PLATFORM_ECC_EN | SNP_PLATFORM_ALIAS_CHECK_COMPLETE : 0};
    w->reference.vmpl = (struct expect_number){.mode = EXPECT_VALUE, .value = 0};
    w->reference.provisional.mode = PROVISIONAL_REFUSED;
}

static void want_list(struct wants *w, const char *name, const char *text, bool *known)
{
    struct reference *r = &w->reference;
    const struct {
        const char *name;
        struct expect_bytes *member;
    } members[] = {{"report_data", &r->report_data},
                   {"chip_id", &r->chip_id},
                   {"id_key_digest", &r->id_key_digest},
                   {"author_key_digest", &r->author_key_digest}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (strcmp(members[i].name, name) != 0) continue;
        uint8_t memory[64];
        struct out value = OUT(memory);
        cr_assert(is_ok(sim_text_hex(text, &value, NULL)) && !value.full, "%s", text);
        want_bytes(w, 4 + i, members[i].member, out_view(&value));
        *known = true;
    }
}

static void want_number(struct wants *w, const char *name, const char *text, bool *known)
{
    struct reference *r = &w->reference;
    const struct {
        const char *name;
        uint64_t *value;
        enum expectation *mode;
    } members[] = {
        {"guest_policy", &r->guest_policy.value, &r->guest_policy.mode},
        {"platform_allowed", &r->platform_info.allowed, &r->platform_info.mode},
        {"launch_mitigations", &r->launch_mitigations.value, &r->launch_mitigations.mode},
        {"current_mitigations", &r->current_mitigations.value, &r->current_mitigations.mode},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (strcmp(members[i].name, name) != 0) continue;
        cr_assert(is_ok(sim_text_number(text, members[i].value, NULL)), "%s", text);
        *members[i].mode = EXPECT_VALUE;
        *known = true;
    }
}

static void want(struct wants *w, const char *word)
{
    struct sim_pair pair;
    unsigned major, minor, build;
    bool known = strcmp(word, "root=amd") == 0 || strcmp(word, "leaf=pem") == 0;
    cr_assert(is_ok(sim_text_pair(word, &pair, NULL)), "%s", word);
    want_list(w, pair.name, pair.value, &known);
    want_number(w, pair.name, pair.value, &known);
    if (strcmp(word, "minimum_tcb=tee:1") == 0) {
        w->reference.minimum_tcb.least.tee = 1;
        known = true;
    }
    if (strcmp(pair.name, "minimum_firmware") == 0 && sscanf(pair.value, "%u.%u.%u", &major, &minor, &build) == 3) {
        w->reference.minimum_firmware.least = (struct snp_version){(uint8_t)major, (uint8_t)minor, (uint8_t)build};
        known = true;
    }
    cr_assert(known, "expectation not understood: %s", word);
}

static void want_words(struct wants *w, const char *words)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = copy; *word;) {
        size_t n = strcspn(word, " ");
        bool last = word[n] == '\0';
        word[n] = '\0';
        want(w, word);
        word += n + !last;
    }
}

/* ---- the verdict */

static void judge(const struct sim_evidence *made, const struct row *row, const struct wants *w, struct verdict *v)
{
    static struct root root;
    static struct parts parts;
    struct err err = {0};
    *v = (struct verdict){.subject = SUBJECT_REPORT};
    for (int id = CHECK_EVIDENCE_ENVELOPE; id <= CHECK_EVIDENCE_RUNTIME_DATA; id++)
        verdict_does_not_apply(v, (enum check_id)id, "another envelope");
    struct authenticate_options options = {.cas = snp_ca_set_amd()};
    cr_assert(is_ok(time_parse_rfc3339(BYTES_LIT(NEGATIVES_NOW), &options.now, &err)));

    status s = OK;
    if (!strstr(row->expectations, "root=amd")) {
        s = read_root(sim_file(made, SIM_FILE_ROOT_PEM), &root, &err);
        options.cas = (struct snp_ca_set){root.cas, 3, true};
    }
    parts.report = parts.leaf = parts.crl = BYTES_ABSENT;
    if (is_ok(s)) s = take(made, row, &parts, &err);
    if (!is_ok(s)) {
        cr_assert_not_null(err.rule, "%d: %s: %s", row->number, row->what, err.text);
        verdict_fail(v, check_find(err.rule), err.text);
        return;
    }
    struct evidence e;
    evidence_read(&(struct evidence_input){parts.report, parts.leaf, parts.crl}, &e, v);
    evidence_authenticate(&e, &options, v);
    evidence_judge(&e, &w->reference, v);
}

/* Rows about envelopes that only a whole program takes apart; tests/cli/negatives.t judges them. */
static bool is_for_programs(const struct row *row)
{
    return strstr(row->base, "--envelope thim") || strstr(row->base, "--envelope hcl");
}

static bool is_about_signatures(const struct row *row)
{
    return strstr(row->check, ".signature") || strstr(row->check, ".algorithm");
}

Test(negatives, every_number_has_a_row)
{
    for (int number = 1; number <= 140; number++) {
        bool found = false;
        for (size_t i = 0; i < ROWS; i++)
            found = found || rows[i].number == number;
        cr_expect(found, "%d", number);
    }
    for (size_t i = 0; i < ROWS; i++) {
        enum check_id id = check_find(rows[i].check);
        cr_assert_lt(id, CHECK_COUNT, "%d: no check %s", rows[i].number, rows[i].check);
        cr_expect_eq(check_rows[id].exit_code, rows[i].exit_code, "%d: %s", rows[i].number, rows[i].check);
    }
}

static void allowed(const char *base)
{
    const struct row row = {.base = base, .expectations = ""};
    struct wants w;
    struct verdict v;
    make(&good, base, "");
    want_good(&w, &good);
    judge(&good, &row, &w, &v);
    for (size_t id = 0; id < verdict_rows(&v); id++)
        cr_expect(v.by_id[id].outcome == PASSED || v.by_id[id].outcome == DOES_NOT_APPLY, "%s: %s: %s", base,
                  check_rows[id].name, v.by_id[id].note);
    cr_expect_eq(verdict_exit_code(&v), 10, "%s", base);
}

/* Whichever call of the crypto library fails, the verdict is no other than deny. */
static void deny_at_each_fault(const char *base)
{
    const struct row row = {.base = base, .expectations = ""};
    struct wants w;
    struct verdict v;
    unsigned nth = 0;
    make(&good, base, "");
    want_good(&w, &good);
    for (bool came = true; came;) {
        fault_arm(++nth);
        judge(&good, &row, &w, &v);
        came = fault_came();
        fault_arm(0);
        cr_expect_eq(verdict_exit_code(&v) == 10, !came, "%s: call %u: exit %d", base, nth, verdict_exit_code(&v));
    }
    cr_expect_geq(nth, 6, "%s: only %u calls", base, nth);
}

Test(negatives, a_failing_library_never_allows)
{
    deny_at_each_fault("--product milan");
    deny_at_each_fault("--product genoa --envelope protobuf");
}

Test(negatives, good_evidence_is_allowed)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind != UNIT && !is_for_programs(&rows[i]) &&
            (i == 0 || strcmp(rows[i - 1].base, rows[i].base) != 0))
            allowed(rows[i].base);
    static const char *const products[] = {"milan", "genoa", "turin"};
    for (size_t p = 0; p < 3; p++)
        for (int version = 2; version <= 5; version++)
            for (int vlek = 0; vlek < 2; vlek++) {
                char base[96];
                snprintf(base, sizeof base, "--product %s --kind %s --report-version %d --seed %d", products[p],
                         vlek ? "vlek" : "vcek", version, version);
                allowed(base);
            }
}

/* Odd, yet seen or legal. */
Test(negatives, odd_evidence_is_allowed)
{
    allowed("--envelope table --table-pem");
    allowed("--envelope table --include crl --include ark --include filler:20 --include leaf");
    allowed("--envelope protobuf --product turin --kind vlek --report-version 5");
    allowed("--envelope protobuf --report-version 2 --product genoa");
    allowed("--envelope protobuf --proto tail=7801");
    allowed("--envelope hcl");
    allowed("--leaf-alg pss-trailer");
    allowed("--ext hwID=wrapped");
    allowed("--product turin --ext hwID=wrapped");
    allowed("--ext productName=ia5:Milan-B1");
    allowed("--ext productName=ia5:Milan");
    allowed("--kind vlek --report signer_info=6");
    allowed("--crl-no-aki");
    allowed("--crl-revoke 0x20001 --crl-revoke 1");
    allowed("--crl-alg pss-trailer");
    allowed("--report chip_id=00*64 --ext hwID=raw:11*64");
    allowed("--product turin --report current_tcb=fmc:2 --report committed_tcb=fmc:2");
    allowed("--leaf-not-before 2026-07-01 --leaf-not-after 2026-07-01");
}

Test(negatives, each_is_refused_by_its_check)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        if (row->kind == UNIT) continue;
        struct wants w;
        struct verdict v;
        if (i == 0 || strcmp(rows[i - 1].base, row->base) != 0 || rows[i - 1].kind == UNIT) make(&good, row->base, "");
        make(&bad, row->base, row->arguments);
        if (is_for_programs(row)) continue;
        want_good(&w, &good);
        want_words(&w, row->expectations);
        judge(&bad, row, &w, &v);
        cr_expect_eq(v.by_id[check_find(row->check)].outcome, FAILED, "%d: %s: %s has not failed", row->number,
                     row->what, row->check);
        cr_expect_eq(verdict_exit_code(&v), row->exit_code, "%d: %s: exit %d, want %d", row->number, row->what,
                     verdict_exit_code(&v), row->exit_code);
        if (row->kind == SIGNED && !is_about_signatures(row))
            cr_expect(v.by_id[CHECK_LEAF_SIGNATURE].outcome != FAILED &&
                          v.by_id[CHECK_REPORT_SIGNATURE].outcome != FAILED,
                      "%d: %s: a signature is not valid either", row->number, row->what);
    }
}
