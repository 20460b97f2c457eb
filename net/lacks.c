/* SPDX-License-Identifier: Apache-2.0 */
#include "net/lacks.h"

#include "snp/attestation_pb.h"
#include "snp/ca.h"
#include "snp/kds.h"
#include "snp/leaf.h"

/* A version 2 report does not name its product, but its leaf does. */
static enum snp_product find_product(const struct snp_report *r, bytes leaf)
{
    struct snp_leaf l = {0};
    if (leaf.ptr && is_ok(snp_leaf_read_certificate(leaf, &l, NULL)) && is_ok(snp_leaf_read_issuer(&l, NULL)))
        return l.product;
    return snp_report_product(r);
}

static void add_vcek(struct lacks *out, const struct snp_report *r, enum snp_product product)
{
    size_t n = kds_chip_id_bytes(product);
    memcpy(out->chip_id, r->chip_id.ptr, n);
    out->items[out->count++] = (struct fetch_request){
        .kind = FETCH_VCEK, .product = (uint8_t)product, .tcb = r->reported_tcb, .chip_id = BYTES(out->chip_id, n)};
}

/* By its dates alone: one that is forged is for the verdict, and no reason to tell a server about it. */
static bool is_current(bytes der, enum snp_product product, int64_t now)
{
    struct x509_crl crl;
    enum snp_product of;
    enum snp_ca_role role;
    return der.ptr && is_ok(x509_crl_parse(der, &crl, NULL)) && snp_ca_name_parse(crl.issuer, &of, &role) &&
           of == product && crl.has_next_update && now >= crl.this_update && now < crl.next_update;
}

void lacks_find(const struct snp_report *report, bytes leaf, const bytes *crl, int64_t now, struct lacks *out)
{
    enum snp_product product = find_product(report, leaf);
    bool by_vcek = snp_report_signing_key(report) == SNP_SIGNED_BY_VCEK;
    out->count = 0;
    if (product == SNP_PRODUCT_UNKNOWN) return;
    if (!leaf.ptr && by_vcek && !bytes_are_zero(report->chip_id)) add_vcek(out, report, product);
    if (crl && !is_current(*crl, product, now))
        out->items[out->count++] = (struct fetch_request){.kind = FETCH_CRL, .product = (uint8_t)product};
}

void lacks_find_in_document(bytes document, int64_t now, struct lacks *out)
{
    uint8_t room[SNP_REPORT_BYTES];
    struct snp_attestation a;
    struct snp_report r;
    out->count = 0;
    if (!is_ok(snp_attestation_parse(document, room, &a, NULL)) || !is_ok(snp_report_read(a.report, &r, NULL))) return;
    lacks_find(&r, snp_report_signing_key(&r) == SNP_SIGNED_BY_VLEK ? a.vlek : a.vcek, &a.crl, now, out);
}

/* Of a message besides what it carries: heads of fields, numbers in their longest form. */
enum { MESSAGE_OVERHEAD_BYTES = 1024 };

status lacks_fill(bytes document, bytes vcek, bytes crl, struct buffer *out, struct err *err)
{
    uint8_t room[SNP_REPORT_BYTES], *at;
    struct snp_attestation a;
    bytes written;
    TRY(snp_attestation_parse(document, room, &a, err));
    if (vcek.ptr) a.vcek = vcek;
    if (crl.ptr) a.crl = crl;
    size_t cap = document.len + vcek.len + crl.len + MESSAGE_OVERHEAD_BYTES;
    TRY(buffer_reserve(out, cap, &at, err));
    TRY(snp_attestation_write(&a, at, cap, &written, err));
    buffer_commit(out, written.len);
    return OK;
}
