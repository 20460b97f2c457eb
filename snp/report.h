/* SPDX-License-Identifier: Apache-2.0 */
/* snp/report.h: the ATTESTATION_REPORT structure, versions 2 to 5 (SEV-SNP ABI, AMD 56860, table "ATTESTATION_REPORT").
 *
 * snp_report_read only takes the fields apart; the format rules are numbered, so that a verdict can list each of them.
 * snp_report_parse does both and stops at the first broken rule.
 *
 * Not checked here: the signature (verify/), the reserved bytes of the TCB words (snp/tcb.h: they need the product,
 * which a version 2 report does not name), and whether any value is acceptable (verify/).
 */
#ifndef SNP_REPORT_H
#define SNP_REPORT_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/product.h"

enum {
    SNP_REPORT_BYTES = 1184,
    SNP_REPORT_SIGNED_BYTES = 0x2a0, /* the signature covers the bytes before it, as received */
    SNP_REPORT_VERSION_MIN = 2,
    SNP_REPORT_VERSION_MAX = 5,
    SNP_SIGNATURE_COMPONENT_BYTES = 72, /* R and S, little-endian; P-384 uses 48 of them */
};

enum snp_signing_key { SNP_SIGNED_BY_VCEK = 0, SNP_SIGNED_BY_VLEK = 1, SNP_SIGNED_BY_NONE = 7 };

struct snp_version {
    uint8_t major, minor, build;
};

/* Views point into the report given to snp_report_read and live as long as it does. */
struct snp_report {
    uint32_t version;
    uint32_t guest_svn;
    uint64_t policy; /* bits: snp/policy.h */
    bytes family_id; /* 16 */
    bytes image_id;  /* 16 */
    uint32_t vmpl;
    uint32_t signature_algo;
    uint64_t current_tcb; /* TCB words: snp/tcb.h */
    uint64_t platform_info;
    uint32_t key_info;
    bytes report_data;       /* 64 */
    bytes measurement;       /* 48 */
    bytes host_data;         /* 32 */
    bytes id_key_digest;     /* 48 */
    bytes author_key_digest; /* 48 */
    bytes report_id;         /* 32 */
    bytes report_id_ma;      /* 32 */
    uint64_t reported_tcb;
    uint8_t cpuid_fam_id; /* 0 before version 3 */
    uint8_t cpuid_mod_id;
    uint8_t cpuid_step;
    bytes chip_id; /* 64 */
    uint64_t committed_tcb;
    struct snp_version current;
    struct snp_version committed;
    uint64_t launch_tcb;
    uint64_t launch_mit_vector; /* 0 before version 5 */
    uint64_t current_mit_vector;
    bytes signature_r; /* 72 each, little-endian */
    bytes signature_s;
    bytes signed_part; /* 0x2a0 */
    bytes raw;         /* all of it */
};

/* What a report that was read consists of. */
/*@ predicate snp_report_whole(struct snp_report *r) =
      \valid_read(r) && r->raw.len == SNP_REPORT_BYTES && bytes_readable(r->raw); */

/*@ requires \valid_read(r);
    assigns \nothing; */
static inline bool snp_report_author_key_en(const struct snp_report *r)
{
    return r->key_info & 1;
}
/*@ requires \valid_read(r);
    assigns \nothing; */
static inline bool snp_report_mask_chip_key(const struct snp_report *r)
{
    return r->key_info >> 1 & 1;
}
/*@ requires \valid_read(r);
    assigns \nothing; */
static inline unsigned snp_report_signing_key(const struct snp_report *r)
{
    return r->key_info >> 2 & 7;
}

/* The product that the CPUID bytes name; SNP_PRODUCT_UNKNOWN for version 2, which has none. */
/*@ requires \valid_read(r);
    assigns \nothing;
    ensures r->version < 3 ==> \result == SNP_PRODUCT_UNKNOWN; */
enum snp_product snp_report_product(const struct snp_report *r);

/* Takes the fields apart.  Only the size is checked: rule report.size, ERR_TRUNCATED or ERR_TRAILING. */
/*@ requires bytes_readable(in) && \valid(out) && err_sound(err);
    requires \separated(out, err, in.ptr + (0 .. in.len - 1));
    assigns *out, *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE ==> out->raw == in;
    ensures \result.kind == ERR_NONE ==> snp_report_whole(out); */
MUST_USE status snp_report_read(bytes in, struct snp_report *out, struct err *err);

/* The format rules, each independent of the others. */
enum snp_report_rule {
    SNP_REPORT_RULE_VERSION,
    SNP_REPORT_RULE_RESERVED,
    SNP_REPORT_RULE_VMPL,
    SNP_REPORT_RULE_SIGNATURE_ALGO,
    SNP_REPORT_RULE_SIGNER_INFO,
    SNP_REPORT_RULE_POLICY,
    SNP_REPORT_RULE_AUTHOR_KEY_DIGEST,
    SNP_REPORT_RULE_SIGNATURE_PADDING,
    SNP_REPORT_RULE_COUNT,
};

/* OK, or an error that names the rule as verify/checks.def does. */
/*@ requires snp_report_whole(r) && err_sound(err) && \separated(r, err);
    assigns *err;
    ensures err_sound(err); */
MUST_USE status snp_report_rule_check(enum snp_report_rule rule, const struct snp_report *r, struct err *err);

/* The row of verify/checks.def for `rule`. */
/*@ assigns \nothing; */
const char *snp_report_rule_name(enum snp_report_rule rule);

/* Reads and checks all rules; the first broken one is the error. */
/*@ requires bytes_readable(in) && \valid(out) && err_sound(err);
    requires \separated(out, err, in.ptr + (0 .. in.len - 1));
    assigns *out, *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE ==> out->raw == in; */
MUST_USE status snp_report_parse(bytes in, struct snp_report *out, struct err *err);

#endif
