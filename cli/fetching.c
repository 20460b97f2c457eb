/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetching.h"

#include <stdio.h>

#include "net/lacks.h"
#include "parse/text.h"

/* The service may want to be left alone for some times ten seconds. */
enum { WAIT_MS = 120000 };

/* ---- what is missing -------------------------------------------------------------------------------------------- */

static bool leaf_fits(const struct collateral_leaf *l, const struct snp_report *r)
{
    return l && l->well_formed && (unsigned)l->leaf.kind == snp_report_signing_key(r) &&
           bytes_eq(l->leaf.hwid, bytes_slice(r->chip_id, 0, l->leaf.hwid.len)) &&
           snp_tcb_join(&l->leaf.tcb) == r->reported_tcb;
}

static void find_in(const struct fetching *f, const struct snp_evidence *e, const struct snp_report *r,
                    struct lacks *out)
{
    const struct authenticate_options *o = f->judged;
    bool by_vlek = snp_report_signing_key(r) == SNP_SIGNED_BY_VLEK;
    bytes leaf = by_vlek ? e->vlek : e->vcek;
    const struct collateral_leaf *given = leaf.ptr ? NULL : collateral_find_leaf(f->collateral, r, o->now);
    if (!leaf.ptr && leaf_fits(given, r)) leaf = given->leaf.x.raw;
    struct snp_leaf l = {0};
    enum snp_product product = snp_report_product(r);
    if (leaf.ptr && is_ok(snp_leaf_read_certificate(leaf, &l, NULL)) && is_ok(snp_leaf_read_issuer(&l, NULL)))
        product = l.product;
    bytes crl = collateral_find_crl(f->collateral, e->crl, product, by_vlek ? SNP_ASVK : SNP_ASK, o);
    lacks_find(r, leaf, o->revocation == REVOCATION_REQUIRED ? &crl : NULL, o->now, out);
}

static void find_lacks(const struct fetching *f, bytes evidence, struct lacks *out)
{
    uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
    struct snp_evidence_storage lent = {.buffer = buffer, .cap = sizeof buffer};
    struct snp_evidence e;
    struct snp_report r;
    out->count = 0;
    if (is_ok(snp_evidence_parse(evidence, &lent, &e, NULL)) && e.report.ptr &&
        is_ok(snp_report_read(e.report, &r, NULL)))
        find_in(f, &e, &r, out);
}

bool fetching_is_needed(const struct fetching *f, bytes evidence)
{
    struct lacks lacks;
    find_lacks(f, evidence, &lacks);
    return lacks.count > 0 && !f->is_broken;
}

/* ---- getting it ------------------------------------------------------------------------------------------------- */

static void tell(const struct fetching *f, const struct fetch_request *r, const char *why)
{
    const char *product = snp_product_name((enum snp_product)r->product);
    (void)fprintf(stderr, "%s: %s of %s", command_title(f->command).prefix, r->kind == FETCH_VCEK ? "VCEK" : "CRL",
                  product);
    if (r->kind == FETCH_VCEK) (void)fprintf(stderr, ", chip %s", text_hex(r->chip_id).s);
    (void)fprintf(stderr, ": %s\n", why);
}

static bool start(struct fetching *f, const struct fetch_request *r)
{
    const struct fetch_options options = {.url = f->url, .roots = f->roots->items, .root_count = f->roots->count};
    struct err err = {0};
    if (!f->program && !f->is_broken && !is_ok(fetch_open(&options, &f->program, &err))) {
        f->is_broken = true;
        tell(f, r, err.text);
    }
    return !f->is_broken;
}

/* Nothing but one certificate or CRL in DER: collateral takes other things too, and nobody has asked for those. */
static bool is_of_kind(const struct fetch_request *r, bytes content)
{
    struct x509_certificate certificate;
    struct x509_crl crl;
    return r->kind == FETCH_VCEK ? is_ok(x509_certificate_parse(content, &certificate, NULL))
                                 : is_ok(x509_crl_parse(content, &crl, NULL));
}

static status take(struct fetching *f, const struct fetch_request *r, const struct fetch_answer *a, struct err *err)
{
    enum content_kind kind;
    char why[LIMIT_FETCH_TEXT_BYTES + 1];
    (void)snprintf(why, sizeof why, "%.*s", (int)a->text.len, (const char *)a->text.ptr);
    if (a->outcome != FETCH_FOUND) tell(f, r, why);
    if (a->content.len == 0) return OK;
    if (!is_of_kind(r, a->content)) {
        tell(f, r, "contrast-fetch: its answer is something else");
        return OK;
    }
    return collateral_add_content(f->collateral, a->content, &kind, err);
}

static status get(struct fetching *f, const struct fetch_request *lack, struct err *err)
{
    struct fetch_request r = *lack;
    struct fetch_answer a;
    struct err why = {0};
    r.wait_ms = WAIT_MS;
    r.from_cache = f->from_cache;
    if (!start(f, &r)) return OK;
    if (is_ok(fetch_ask(f->program, &r, &a, &why))) return take(f, &r, &a, err);
    f->is_broken = true;
    tell(f, &r, why.text);
    return OK;
}

status fetching_complete(struct fetching *f, bytes evidence, struct err *err)
{
    struct lacks lacks;
    find_lacks(f, evidence, &lacks);
    for (size_t i = 0; i < lacks.count; i++)
        TRY(get(f, &lacks.items[i], err));
    return lacks.count > 0 ? collateral_seal(f->collateral, &f->judged->cas, err) : OK;
}

void fetching_close(struct fetching *f)
{
    fetch_close(f->program);
    f->program = NULL;
}
