/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/report.h"

#include "parse/cursor.h"
#include "snp/policy.h"

enum snp_product snp_report_product(const struct snp_report *r)
{
    return r->version >= 3 ? snp_product_of_cpuid(r->cpuid_fam_id, r->cpuid_mod_id) : SNP_PRODUCT_UNKNOWN;
}

/*@ requires \valid(c) && cursor_sound(*c);
    assigns *c;
    ensures cursor_sound(*c); */
static struct snp_version take_version(struct cursor *c, const char *field)
{
    struct snp_version v;
    v.build = cursor_u8(c, field);
    v.minor = cursor_u8(c, field);
    v.major = cursor_u8(c, field);
    return v;
}

/*@ requires \valid(c) && cursor_sound(*c) && \valid(r) && \separated(c, r);
    assigns *c, *r;
    ensures cursor_sound(*c); */
static void take_guest(struct cursor *c, struct snp_report *r)
{
    r->version = cursor_u32le(c, "VERSION");
    r->guest_svn = cursor_u32le(c, "GUEST_SVN");
    r->policy = cursor_u64le(c, "POLICY");
    r->family_id = cursor_take(c, 16, "FAMILY_ID");
    r->image_id = cursor_take(c, 16, "IMAGE_ID");
    r->vmpl = cursor_u32le(c, "VMPL");
    r->signature_algo = cursor_u32le(c, "SIGNATURE_ALGO");
    r->current_tcb = cursor_u64le(c, "CURRENT_TCB");
    r->platform_info = cursor_u64le(c, "PLATFORM_INFO");
    r->key_info = cursor_u32le(c, "KEY_INFO");
    cursor_take(c, 4, "reserved");
}

/*@ requires \valid(c) && cursor_sound(*c) && \valid(r) && \separated(c, r);
    assigns *c, *r;
    ensures cursor_sound(*c); */
static void take_identity(struct cursor *c, struct snp_report *r)
{
    r->report_data = cursor_take(c, 64, "REPORT_DATA");
    r->measurement = cursor_take(c, 48, "MEASUREMENT");
    r->host_data = cursor_take(c, 32, "HOST_DATA");
    r->id_key_digest = cursor_take(c, 48, "ID_KEY_DIGEST");
    r->author_key_digest = cursor_take(c, 48, "AUTHOR_KEY_DIGEST");
    r->report_id = cursor_take(c, 32, "REPORT_ID");
    r->report_id_ma = cursor_take(c, 32, "REPORT_ID_MA");
}

/*@ requires \valid(c) && cursor_sound(*c) && \valid(r) && \separated(c, r);
    assigns *c, *r;
    ensures cursor_sound(*c); */
static void take_firmware(struct cursor *c, struct snp_report *r)
{
    r->reported_tcb = cursor_u64le(c, "REPORTED_TCB");
    r->cpuid_fam_id = cursor_u8(c, "CPUID_FAM_ID");
    r->cpuid_mod_id = cursor_u8(c, "CPUID_MOD_ID");
    r->cpuid_step = cursor_u8(c, "CPUID_STEP");
    cursor_take(c, 21, "reserved");
    r->chip_id = cursor_take(c, 64, "CHIP_ID");
    r->committed_tcb = cursor_u64le(c, "COMMITTED_TCB");
    r->current = take_version(c, "CURRENT_VERSION");
    cursor_take(c, 1, "reserved");
    r->committed = take_version(c, "COMMITTED_VERSION");
    cursor_take(c, 1, "reserved");
    r->launch_tcb = cursor_u64le(c, "LAUNCH_TCB");
    r->launch_mit_vector = cursor_u64le(c, "LAUNCH_MIT_VECTOR");
    r->current_mit_vector = cursor_u64le(c, "CURRENT_MIT_VECTOR");
    cursor_take(c, 152, "reserved");
}

/*@ requires \valid(c) && cursor_sound(*c) && \valid(r) && \separated(c, r);
    assigns *c, *r;
    ensures cursor_sound(*c); */
static void take_signature(struct cursor *c, struct snp_report *r)
{
    r->signature_r = cursor_take(c, SNP_SIGNATURE_COMPONENT_BYTES, "SIGNATURE R");
    r->signature_s = cursor_take(c, SNP_SIGNATURE_COMPONENT_BYTES, "SIGNATURE S");
    cursor_take(c, 368, "SIGNATURE reserved");
}

status snp_report_read(bytes in, struct snp_report *out, struct err *err)
{
    if (in.len != SNP_REPORT_BYTES) {
        return err_rule(err, in.len < SNP_REPORT_BYTES ? ERR_TRUNCATED : ERR_TRAILING, "report.size", 0,
                        "SNP report: want %d bytes, have %zu", SNP_REPORT_BYTES, in.len);
    }

    struct cursor c = cursor_over(in);
    struct snp_report r;
    take_guest(&c, &r);
    take_identity(&c, &r);
    take_firmware(&c, &r);
    take_signature(&c, &r);
    r.signed_part = bytes_slice(in, 0, SNP_REPORT_SIGNED_BYTES);
    r.raw = in;
    /* Nothing of this can have failed: the report has the bytes that the fields add up to. */
    *out = r;
    return OK;
}

/* ---- format rules --------------------------------------------------------------------------------------------- */

/*@ requires \valid_read(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE <==> SNP_REPORT_VERSION_MIN <= r->version <= SNP_REPORT_VERSION_MAX; */
static status check_version(const struct snp_report *r, struct err *err)
{
    if (r->version >= SNP_REPORT_VERSION_MIN && r->version <= SNP_REPORT_VERSION_MAX) return OK;
    return err_rule(err, ERR_UNSUPPORTED, "report.version", 0, "SNP report: VERSION: want %d to %d, have %u",
                    SNP_REPORT_VERSION_MIN, SNP_REPORT_VERSION_MAX, r->version);
}

struct reserved_range {
    uint16_t offset, len;
    uint8_t used_from; /* version from which the range has a meaning; 0: reserved in all */
};

static const struct reserved_range reserved_ranges[] = {
    {0x04c, 4, 0}, {0x188, 3, 3 /* CPUID */},       {0x18b, 21, 0},  {0x1eb, 1, 0},
    {0x1ef, 1, 0}, {0x1f8, 16, 5 /* mitigation */}, {0x208, 152, 0},
};

/*@ requires snp_report_whole(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err); */
static status check_reserved(const struct snp_report *r, struct err *err)
{
    /*@ loop invariant 0 <= i <= 7 && err_sound(err);
        loop assigns i;
        loop variant 7 - i; */
    for (size_t i = 0; i < sizeof reserved_ranges / sizeof reserved_ranges[0]; i++) {
        const struct reserved_range *range = &reserved_ranges[i];
        if (range->used_from != 0 && r->version >= range->used_from) continue;
        if (bytes_are_zero(bytes_slice(r->raw, range->offset, range->len))) continue;
        return err_rule(err, ERR_RANGE, "report.reserved", range->offset,
                        "SNP report: bytes 0x%03x to 0x%03x are reserved in version %u: want zero", range->offset,
                        range->offset + range->len - 1, r->version);
    }
    return OK;
}

/* 0xffffffff means that the host asked for the report; such a one says nothing about the guest. */
/*@ requires \valid_read(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE <==> r->vmpl <= 3; */
static status check_vmpl(const struct snp_report *r, struct err *err)
{
    if (r->vmpl <= 3) return OK;
    return err_rule(err, ERR_RANGE, "report.vmpl-range", 0x030, "SNP report: VMPL: want 0 to 3, have 0x%x", r->vmpl);
}

/*@ requires \valid_read(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE <==> r->signature_algo == 1; */
static status check_signature_algo(const struct snp_report *r, struct err *err)
{
    if (r->signature_algo == 1) return OK;
    return err_rule(err, ERR_UNSUPPORTED, "report.signature-algo", 0x034,
                    "SNP report: SIGNATURE_ALGO: want 1 (ECDSA P-384 with SHA-384), have %u", r->signature_algo);
}

/*@ requires \valid_read(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err); */
static status check_signer_info(const struct snp_report *r, struct err *err)
{
    const char *const rule = "report.signer-info";
    unsigned key = snp_report_signing_key(r);
    if (r->key_info >> 5 != 0)
        return err_rule(err, ERR_RANGE, rule, 0x048, "SNP report: KEY_INFO 0x%x: reserved bits are set", r->key_info);
    if (key != SNP_SIGNED_BY_VCEK && key != SNP_SIGNED_BY_VLEK)
        return err_rule(err, ERR_UNSUPPORTED, rule, 0x048,
                        "SNP report: SIGNING_KEY: want 0 (VCEK) or 1 (VLEK), have %u%s", key,
                        key == SNP_SIGNED_BY_NONE ? " (not signed)" : "");
    if (snp_report_mask_chip_key(r) && key == SNP_SIGNED_BY_VCEK)
        return err_rule(err, ERR_RANGE, rule, 0x048,
                        "SNP report: MASK_CHIP_KEY is set, yet SIGNING_KEY says that the VCEK signed");
    return OK;
}

/*@ requires \valid_read(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err); */
static status check_policy(const struct snp_report *r, struct err *err)
{
    unsigned long long policy = r->policy;
    if ((policy & SNP_POLICY_MUST_BE_ONE) == 0)
        return err_rule(err, ERR_RANGE, "report.policy-reserved", 0x008, "SNP report: POLICY 0x%llx: bit 17 must be 1",
                        policy);
    if ((policy & SNP_POLICY_RESERVED) == 0) return OK;
    return err_rule(err, ERR_RANGE, "report.policy-reserved", 0x008, "SNP report: POLICY 0x%llx: reserved bits are set",
                    policy);
}

/*@ requires snp_report_whole(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err); */
static status check_author_key_digest(const struct snp_report *r, struct err *err)
{
    if (snp_report_author_key_en(r) || bytes_are_zero(bytes_slice(r->raw, 0x110, 48))) return OK;
    return err_rule(err, ERR_RANGE, "report.author-key-digest", 0x110,
                    "SNP report: AUTHOR_KEY_EN is 0: AUTHOR_KEY_DIGEST must be zero");
}

/* These bytes are not signed: left unchecked they would let one report take many forms. */
/*@ requires snp_report_whole(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err); */
static status check_signature_padding(const struct snp_report *r, struct err *err)
{
    static const struct {
        uint16_t offset, len;
    } padding[] = {{0x2a0 + 48, 24}, {0x2e8 + 48, 24}, {0x330, 368}};

    /*@ loop invariant 0 <= i <= 3 && err_sound(err);
        loop assigns i;
        loop variant 3 - i; */
    for (size_t i = 0; i < sizeof padding / sizeof padding[0]; i++) {
        if (bytes_are_zero(bytes_slice(r->raw, padding[i].offset, padding[i].len))) continue;
        return err_rule(err, ERR_RANGE, "report.signature-padding", padding[i].offset,
                        "SNP report: SIGNATURE: bytes 0x%03x to 0x%03x are unused: want zero", padding[i].offset,
                        padding[i].offset + padding[i].len - 1);
    }
    return OK;
}

status snp_report_rule_check(enum snp_report_rule rule, const struct snp_report *r, struct err *err)
{
    switch (rule) {
    case SNP_REPORT_RULE_VERSION:
        return check_version(r, err);
    case SNP_REPORT_RULE_RESERVED:
        return check_reserved(r, err);
    case SNP_REPORT_RULE_VMPL:
        return check_vmpl(r, err);
    case SNP_REPORT_RULE_SIGNATURE_ALGO:
        return check_signature_algo(r, err);
    case SNP_REPORT_RULE_SIGNER_INFO:
        return check_signer_info(r, err);
    case SNP_REPORT_RULE_POLICY:
        return check_policy(r, err);
    case SNP_REPORT_RULE_AUTHOR_KEY_DIGEST:
        return check_author_key_digest(r, err);
    case SNP_REPORT_RULE_SIGNATURE_PADDING:
        return check_signature_padding(r, err);
    default:
        break;
    }
    return err_set(err, ERR_BUG, 0, "SNP report: no rule %u", (unsigned)rule);
}

const char *snp_report_rule_name(enum snp_report_rule rule)
{
    static const char *const names[SNP_REPORT_RULE_COUNT] = {
        [SNP_REPORT_RULE_VERSION] = "report.version",
        [SNP_REPORT_RULE_RESERVED] = "report.reserved",
        [SNP_REPORT_RULE_VMPL] = "report.vmpl-range",
        [SNP_REPORT_RULE_SIGNATURE_ALGO] = "report.signature-algo",
        [SNP_REPORT_RULE_SIGNER_INFO] = "report.signer-info",
        [SNP_REPORT_RULE_POLICY] = "report.policy-reserved",
        [SNP_REPORT_RULE_AUTHOR_KEY_DIGEST] = "report.author-key-digest",
        [SNP_REPORT_RULE_SIGNATURE_PADDING] = "report.signature-padding",
    };
    return (unsigned)rule < SNP_REPORT_RULE_COUNT ? names[rule] : "unknown";
}

status snp_report_parse(bytes in, struct snp_report *out, struct err *err)
{
    struct snp_report r;
    TRY(snp_report_read(in, &r, err));
    /*@ loop invariant 0 <= i <= SNP_REPORT_RULE_COUNT && err_sound(err);
        loop assigns i, *err;
        loop variant SNP_REPORT_RULE_COUNT - i; */
    for (unsigned i = 0; i < SNP_REPORT_RULE_COUNT; i++)
        TRY(snp_report_rule_check((enum snp_report_rule)i, &r, err));
    //@ assert r.raw == in;
    *out = r;
    return OK;
}
