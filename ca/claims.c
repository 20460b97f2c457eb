/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/certificate_part.h"
#include "snp/policy.h"
#include "snp/tcb.h"

enum claim_type { CLAIM_INTEGER, CLAIM_BOOLEAN, CLAIM_OCTETS };

static void add_claim(struct der_out *o, uint8_t number, enum claim_type type, uint64_t value, bytes octets)
{
    const uint8_t oid[] = {0x2b, 0xcd, 0x2d, 0x02, 0x01, number};
    size_t inner, extension = certificate_begin_extension(o, BYTES_OF(oid), false, &inner);
    if (type == CLAIM_INTEGER)
        der_add_u64(o, value);
    else if (type == CLAIM_BOOLEAN)
        der_add_bool(o, value != 0);
    else
        der_add_element(o, DER_OCTET_STRING, octets);
    certificate_end_extension(o, extension, inner);
}

static void add_integer(struct der_out *o, uint8_t number, uint64_t value)
{
    add_claim(o, number, CLAIM_INTEGER, value, BYTES_ABSENT);
}

static void add_flag(struct der_out *o, uint8_t number, uint64_t bits)
{
    add_claim(o, number, CLAIM_BOOLEAN, bits, BYTES_ABSENT);
}

static void add_octets(struct der_out *o, uint8_t number, bytes octets)
{
    add_claim(o, number, CLAIM_OCTETS, 0, octets);
}

/* Four claims from `first` on. */
static void add_tcb(struct der_out *o, uint8_t first, const struct snp_tcb *t)
{
    add_integer(o, first, t->boot_loader);
    add_integer(o, (uint8_t)(first + 1), t->snp);
    add_integer(o, (uint8_t)(first + 2), t->tee);
    add_integer(o, (uint8_t)(first + 3), t->microcode);
}

static void add_version(struct der_out *o, uint8_t first, const struct snp_version *v)
{
    add_integer(o, first, v->build);
    add_integer(o, (uint8_t)(first + 1), v->minor);
    add_integer(o, (uint8_t)(first + 2), v->major);
}

static void add_policy(struct der_out *o, uint64_t policy)
{
    add_integer(o, 3, (policy & SNP_POLICY_ABI_MAJOR) >> 8);
    add_integer(o, 4, policy & SNP_POLICY_ABI_MINOR);
    add_flag(o, 5, policy & SNP_POLICY_DEBUG);
    add_flag(o, 6, policy & SNP_POLICY_MIGRATE_MA);
    add_flag(o, 7, policy & SNP_POLICY_SMT);
    add_flag(o, 8, policy & SNP_POLICY_SINGLE_SOCKET);
}

status certificate_add_claims(struct der_out *o, const struct snp_report *r, enum snp_product product, struct err *err)
{
    struct snp_tcb current, reported, committed, launch;
    TRY(err_in(err, snp_tcb_split(r->current_tcb, product, &current, err), "current TCB"));
    TRY(err_in(err, snp_tcb_split(r->reported_tcb, product, &reported, err), "reported TCB"));
    TRY(err_in(err, snp_tcb_split(r->committed_tcb, product, &committed, err), "committed TCB"));
    TRY(err_in(err, snp_tcb_split(r->launch_tcb, product, &launch, err), "launch TCB"));
    add_integer(o, 1, r->version);
    add_integer(o, 2, r->guest_svn);
    add_policy(o, r->policy);
    add_octets(o, 9, r->family_id);
    add_octets(o, 10, r->image_id);
    add_integer(o, 11, r->vmpl);
    add_tcb(o, 12, &current);
    add_flag(o, 16, r->platform_info & SNP_PLATFORM_SMT_EN);
    add_flag(o, 17, r->platform_info & SNP_PLATFORM_TSME_EN);
    add_flag(o, 18, snp_report_author_key_en(r));
    add_flag(o, 19, snp_report_mask_chip_key(r));
    add_integer(o, 20, snp_report_signing_key(r));
    add_octets(o, 21, r->report_data);
    add_octets(o, 22, r->measurement);
    add_octets(o, 23, r->host_data);
    add_octets(o, 24, r->id_key_digest);
    add_octets(o, 25, r->author_key_digest);
    add_octets(o, 26, r->report_id);
    add_octets(o, 27, r->report_id_ma);
    add_tcb(o, 28, &reported);
    add_octets(o, 32, r->chip_id);
    add_tcb(o, 33, &committed);
    add_version(o, 37, &r->current);
    add_version(o, 40, &r->committed);
    add_tcb(o, 43, &launch);
    return OK;
}
