/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "snp/report.h"
#include "snp/tcb.h"
#include "tests/shared.h"
#include "tests/vector_index.h"
#include "verify/crypto.h"

/* A well-formed report, written by offset: no code of ours has a hand in it. */
static void make_report(uint8_t r[SNP_REPORT_BYTES], uint8_t version)
{
    memset(r, 0, SNP_REPORT_BYTES);
    r[0x000] = version;
    r[0x00a] = 0x03; /* POLICY: SMT, bit 17 */
    r[0x034] = 1;
    r[0x040] = 0x25;
    for (size_t i = 0x050; i < 0x0c0; i++)
        r[i] = (uint8_t)i;
    memset(r + 0x160, 0xff, 32);
    if (version >= 3) memcpy(r + 0x188, "\x19\x01\x01", 3);
    for (size_t i = 0x1a0; i < 0x1e0; i++)
        r[i] = (uint8_t)(i * 7);
    memcpy(r + 0x1e8, "\x1d\x37\x01\x00\x1d\x37\x01", 7);
    for (size_t i = 0; i < 48; i++)
        r[0x2a0 + i] = r[0x2e8 + i] = (uint8_t)(i + 1);
}

static void expect_refused(bytes in, enum err_kind kind, const char *rule, const char *what)
{
    struct snp_report r = {.version = 77};
    struct err err = {0};
    cr_expect_eq(snp_report_parse(in, &r, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.rule && strcmp(err.rule, rule) == 0, "%s: rule %s", what, err.rule ? err.rule : "none");
    cr_expect_neq(err.text[0], '\0', "%s: no text", what);
    cr_expect_eq(r.version, 77, "%s: output touched", what);
}

/* Changes one byte of a well-formed report. */
static void expect_byte_refused(uint8_t version, size_t offset, uint8_t value, enum err_kind kind, const char *rule)
{
    uint8_t r[SNP_REPORT_BYTES];
    char what[64];
    make_report(r, version);
    r[offset] = value;
    (void)snprintf(what, sizeof what, "version %u, 0x%02x at 0x%03zx", version, value, offset);
    expect_refused(BYTES_OF(r), kind, rule, what);
}

static void expect_accepted(bytes in, const char *what)
{
    struct snp_report r;
    struct err err = {0};
    cr_expect(is_ok(snp_report_parse(in, &r, &err)), "%s: %s", what, err.text);
}

/* ---- refusals; the numbers are those of the list of negative tests in the specification ------------------------- */

Test(report, negative_1_2_3_other_sizes)
{
    uint8_t r[SNP_REPORT_BYTES + 1] = {0};
    make_report(r, 3);
    expect_refused(BYTES_ABSENT, ERR_TRUNCATED, "report.size", "absent");
    for (size_t len = 0; len < SNP_REPORT_BYTES; len++)
        expect_refused(BYTES(r, len), ERR_TRUNCATED, "report.size", "prefix");
    expect_refused(BYTES(r, SNP_REPORT_BYTES + 1), ERR_TRAILING, "report.size", "one byte more");
    expect_accepted(BYTES(r, SNP_REPORT_BYTES), "all of it");
}

Test(report, negative_4_to_7_versions)
{
    static const uint32_t versions[] = {0, 1, 6, 0x02000000, 0x03000000, 0xffffffff};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        uint8_t r[SNP_REPORT_BYTES];
        make_report(r, 3);
        for (size_t b = 0; b < 4; b++)
            r[b] = (uint8_t)(versions[i] >> (8 * b));
        expect_refused(BYTES_OF(r), ERR_UNSUPPORTED, "report.version", "version");
    }
}

Test(report, negative_8_9_signature_algorithms)
{
    expect_byte_refused(3, 0x034, 0, ERR_UNSUPPORTED, "report.signature-algo");
    expect_byte_refused(3, 0x034, 2, ERR_UNSUPPORTED, "report.signature-algo");
    expect_byte_refused(3, 0x035, 1, ERR_UNSUPPORTED, "report.signature-algo");
    expect_byte_refused(3, 0x037, 1, ERR_UNSUPPORTED, "report.signature-algo");
}

static void expect_reserved(uint8_t version, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++) {
        expect_byte_refused(version, i, 0x01, ERR_RANGE, "report.reserved");
        expect_byte_refused(version, i, 0x80, ERR_RANGE, "report.reserved");
    }
}

Test(report, negative_10_11_13_14_15_reserved_in_every_version)
{
    for (uint8_t version = 2; version <= 5; version++) {
        expect_reserved(version, 0x04c, 0x04f);
        expect_reserved(version, 0x18b, 0x19f);
        expect_reserved(version, 0x1eb, 0x1eb);
        expect_reserved(version, 0x1ef, 0x1ef);
        expect_reserved(version, 0x208, 0x29f);
    }
}

Test(report, negative_12_cpuid_before_version_3)
{
    expect_reserved(2, 0x188, 0x18a);
}

Test(report, negative_16_mitigation_vectors_before_version_5)
{
    for (uint8_t version = 2; version <= 4; version++)
        expect_reserved(version, 0x1f8, 0x207);
}

Test(report, negative_17_18_24_signature_padding)
{
    for (uint8_t version = 2; version <= 5; version++)
        for (size_t i = 0x2a0; i < SNP_REPORT_BYTES; i++) {
            bool value = (i >= 0x2a0 && i < 0x2a0 + 48) || (i >= 0x2e8 && i < 0x2e8 + 48);
            if (value) continue;
            expect_byte_refused(version, i, 0x01, ERR_RANGE, "report.signature-padding");
            expect_byte_refused(version, i, 0x80, ERR_RANGE, "report.signature-padding");
        }
}

Test(report, negative_30_not_signed)
{
    expect_byte_refused(3, 0x048, 7 << 2, ERR_UNSUPPORTED, "report.signer-info");
}

Test(report, negative_31_unknown_signing_keys)
{
    for (uint8_t key = 2; key <= 6; key++)
        expect_byte_refused(3, 0x048, (uint8_t)(key << 2), ERR_UNSUPPORTED, "report.signer-info");
}

Test(report, negative_32_reserved_signer_info)
{
    for (unsigned bit = 5; bit < 32; bit++)
        expect_byte_refused(3, 0x048 + bit / 8, (uint8_t)(1 << bit % 8), ERR_RANGE, "report.signer-info");
}

Test(report, negative_33_masked_chip_key_signed_by_vcek)
{
    expect_byte_refused(3, 0x048, 1 << 1, ERR_RANGE, "report.signer-info");
    expect_byte_refused(3, 0x048, 1 << 1 | 1, ERR_RANGE, "report.signer-info");

    uint8_t r[SNP_REPORT_BYTES];
    make_report(r, 3);
    r[0x048] = 1 << 1 | 1 << 2;
    expect_accepted(BYTES_OF(r), "masked chip key, signed by a VLEK: the signature decides");
}

Test(report, negative_36_author_digest_without_author_key)
{
    for (size_t i = 0x110; i < 0x140; i++) {
        expect_byte_refused(3, i, 0x01, ERR_RANGE, "report.author-key-digest");
        uint8_t r[SNP_REPORT_BYTES];
        make_report(r, 3);
        r[i] = 1;
        r[0x048] = 1;
        expect_accepted(BYTES_OF(r), "digest with AUTHOR_KEY_EN");
    }
    uint8_t r[SNP_REPORT_BYTES];
    make_report(r, 3);
    r[0x048] = 1;
    expect_accepted(BYTES_OF(r), "AUTHOR_KEY_EN alone is well formed, and proves nothing");
}

Test(report, negative_93_policy_bit_17_is_zero)
{
    expect_byte_refused(3, 0x00a, 0x01, ERR_RANGE, "report.policy-reserved");
    expect_byte_refused(3, 0x00a, 0xfd, ERR_RANGE, "report.policy-reserved");
}

Test(report, negative_94_reserved_policy_bits)
{
    for (unsigned bit = 26; bit < 64; bit++)
        expect_byte_refused(3, 0x008 + bit / 8, (uint8_t)(1 << bit % 8), ERR_RANGE, "report.policy-reserved");
}

Test(report, negative_106_vmpl_of_the_host_and_above_3)
{
    uint8_t r[SNP_REPORT_BYTES];
    make_report(r, 3);
    memset(r + 0x030, 0xff, 4);
    expect_refused(BYTES_OF(r), ERR_RANGE, "report.vmpl-range", "asked for by the host");
    expect_byte_refused(3, 0x030, 4, ERR_RANGE, "report.vmpl-range");
    for (size_t i = 0x031; i <= 0x033; i++)
        expect_byte_refused(3, i, 1, ERR_RANGE, "report.vmpl-range");
}

Test(report, an_unknown_rule_is_no_rule)
{
    struct snp_report r;
    uint8_t in[SNP_REPORT_BYTES];
    make_report(in, 3);
    cr_assert(is_ok(snp_report_read(BYTES_OF(in), &r, NULL)));
    cr_expect_eq(snp_report_rule_check(SNP_REPORT_RULE_COUNT, &r, NULL).kind, ERR_BUG);
    cr_expect_str_eq(snp_report_rule_name(SNP_REPORT_RULE_COUNT), "unknown");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* Field by field, for `raw` differs whenever a byte does. */
static bool same_fields(const struct snp_report *a, const struct snp_report *b)
{
    const struct {
        bytes a, b;
    } views[] = {
        {a->family_id, b->family_id},
        {a->image_id, b->image_id},
        {a->report_data, b->report_data},
        {a->measurement, b->measurement},
        {a->host_data, b->host_data},
        {a->id_key_digest, b->id_key_digest},
        {a->author_key_digest, b->author_key_digest},
        {a->report_id, b->report_id},
        {a->report_id_ma, b->report_id_ma},
        {a->chip_id, b->chip_id},
        {a->signature_r, b->signature_r},
        {a->signature_s, b->signature_s},
    };
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        if (!bytes_eq(views[i].a, views[i].b)) return false;
    return a->version == b->version && a->guest_svn == b->guest_svn && a->policy == b->policy && a->vmpl == b->vmpl &&
           a->signature_algo == b->signature_algo && a->current_tcb == b->current_tcb &&
           a->platform_info == b->platform_info && a->key_info == b->key_info && a->reported_tcb == b->reported_tcb &&
           a->cpuid_fam_id == b->cpuid_fam_id && a->cpuid_mod_id == b->cpuid_mod_id && a->cpuid_step == b->cpuid_step &&
           a->committed_tcb == b->committed_tcb && memcmp(&a->current, &b->current, sizeof a->current) == 0 &&
           memcmp(&a->committed, &b->committed, sizeof a->committed) == 0 && a->launch_tcb == b->launch_tcb &&
           a->launch_mit_vector == b->launch_mit_vector && a->current_mit_vector == b->current_mit_vector;
}

Test(report, every_changed_byte_is_refused_or_seen)
{
    size_t refused = 0, seen = 0;
    for (uint8_t version = 2; version <= 5; version += 3) {
        uint8_t in[SNP_REPORT_BYTES];
        struct snp_report before, after;
        make_report(in, version);
        uint8_t changed[SNP_REPORT_BYTES];
        memcpy(changed, in, sizeof in);
        cr_assert(is_ok(snp_report_parse(BYTES_OF(in), &before, NULL)));
        for (size_t i = 0; i < sizeof in; i++) {
            for (unsigned x = 1; x < 256; x++) {
                changed[i] = in[i] ^ (uint8_t)x;
                bool ok = is_ok(snp_report_parse(BYTES_OF(changed), &after, NULL));
                if (ok) cr_assert(!same_fields(&before, &after), "version %u, byte 0x%03zx", version, i);
                refused += !ok;
                seen += ok;
            }
            changed[i] = in[i];
        }
    }
    cr_expect_eq(refused + seen, 2u * SNP_REPORT_BYTES * 255);
    cr_expect_gt(seen, 250000u);
    cr_expect_gt(refused, 250000u);
}

struct oracle {
    const struct vector_report *vector;
    char have[512];
};

static void expect_text(const struct oracle *o, const char *name)
{
    cr_expect_str_eq(o->have, vector_report_get(o->vector, name), "%s: %s", o->vector->file, name);
}

static void expect_number(struct oracle *o, const char *name, const char *format, unsigned long long value)
{
    bool hex = strcmp(format, "0x%llx") == 0;
    (void)snprintf(o->have, sizeof o->have, hex ? "0x%llx" : "%llu", value);
    expect_text(o, name);
}

static void expect_bytes(struct oracle *o, const char *name, bytes value)
{
    if (bytes_are_zero(value))
        (void)snprintf(o->have, sizeof o->have, "(all zero)");
    else
        for (size_t i = 0; i < value.len; i++)
            (void)snprintf(o->have + 2 * i, 3, "%02x", value.ptr[i]);
    expect_text(o, name);
}

/* 0101010400000051 (fmc=1 bl=1 tee=1 snp=4 ucode=81); a version 2 report needs its product from elsewhere. */
static void expect_tcb(struct oracle *o, const char *name, uint64_t word, enum snp_product product)
{
    struct snp_tcb tcb;
    struct err err = {0};
    cr_assert(is_ok(snp_tcb_split(word, product, &tcb, &err)), "%s: %s", o->vector->file, err.text);
    int n = 0;
    for (unsigned i = 0; i < 8; i++)
        n += snprintf(o->have + n, sizeof o->have - (size_t)n, "%02x", (unsigned)(word >> (8 * i) & 0xff));
    n += snprintf(o->have + n, sizeof o->have - (size_t)n, " (");
    if (product == SNP_TURIN) n += snprintf(o->have + n, sizeof o->have - (size_t)n, "fmc=%u ", tcb.fmc);
    (void)snprintf(o->have + n, sizeof o->have - (size_t)n, "bl=%u tee=%u snp=%u ucode=%u)", tcb.boot_loader, tcb.tee,
                   tcb.snp, tcb.microcode);
    expect_text(o, name);
}

static void expect_version(struct oracle *o, const char *name, struct snp_version v)
{
    (void)snprintf(o->have, sizeof o->have, "%u.%u.%u", v.major, v.minor, v.build);
    expect_text(o, name);
}

static void expect_signer_info(struct oracle *o, const struct snp_report *r)
{
    (void)snprintf(o->have, sizeof o->have, "0x%x (author_key_en=%d mask_chip_key=%d signing_key=%u)", r->key_info,
                   snp_report_author_key_en(r), snp_report_mask_chip_key(r), snp_report_signing_key(r));
    expect_text(o, "signer_info");
}

static void expect_fields(struct oracle *o, const struct snp_report *r)
{
    enum snp_product product = r->version < 3 ? SNP_MILAN : snp_report_product(r);
    expect_number(o, "version", "%llu", r->version);
    expect_number(o, "guest_svn", "%llu", r->guest_svn);
    expect_number(o, "policy", "0x%llx", r->policy);
    expect_bytes(o, "family_id", r->family_id);
    expect_bytes(o, "image_id", r->image_id);
    expect_number(o, "vmpl", "%llu", r->vmpl);
    expect_number(o, "sig_algo", "%llu", r->signature_algo);
    expect_tcb(o, "current_tcb", r->current_tcb, product);
    expect_number(o, "platform_info", "0x%llx", r->platform_info);
    expect_signer_info(o, r);
    expect_bytes(o, "report_data", r->report_data);
    expect_bytes(o, "measurement", r->measurement);
    expect_bytes(o, "host_data", r->host_data);
    expect_bytes(o, "id_key_digest", r->id_key_digest);
    expect_bytes(o, "author_key_digest", r->author_key_digest);
    expect_bytes(o, "report_id", r->report_id);
    expect_bytes(o, "report_id_ma", r->report_id_ma);
    expect_tcb(o, "reported_tcb", r->reported_tcb, product);
    (void)snprintf(o->have, sizeof o->have, "%02x %02x %02x", r->cpuid_fam_id, r->cpuid_mod_id, r->cpuid_step);
    expect_text(o, "cpuid_fam_mod_step");
    expect_bytes(o, "chip_id", r->chip_id);
    expect_tcb(o, "committed_tcb", r->committed_tcb, product);
    expect_version(o, "current_version", r->current);
    expect_version(o, "committed_version", r->committed);
    expect_tcb(o, "launch_tcb", r->launch_tcb, product);
    expect_number(o, "launch_mit_vector", "0x%llx", r->launch_mit_vector);
    expect_number(o, "current_mit_vector", "0x%llx", r->current_mit_vector);
}

Test(report, all_real_reports_have_the_fields_of_the_index)
{
    struct vector_index index;
    vector_index_read(&index);
    for (size_t i = 0; i < index.report_count; i++) {
        struct oracle o = {.vector = &index.reports[i]};
        struct snp_report r;
        struct err err = {0};
        uint8_t digest[SHA256_BYTES];
        char path[128];
        (void)snprintf(path, sizeof path, "vectors/reports/%s", o.vector->file);
        bytes in = shared_read(path);
        cr_assert(is_ok(snp_report_parse(in, &r, &err)), "%s: %s", o.vector->file, err.text);
        expect_fields(&o, &r);
        cr_assert(is_ok(crypto_sha256(&in, 1, digest, NULL)));
        expect_bytes(&o, "sha256", BYTES_OF(digest));
        cr_expect_eq(o.vector->count, 28u, "%s: a field is not compared", o.vector->file);
        free((void *)in.ptr);
    }
    cr_expect_eq(index.report_count, 20u);
    vector_index_free(&index);
}
