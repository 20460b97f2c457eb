/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/collateral.h"

#include <stdlib.h>

#include "cli/der_list.h"
#include "cli/file.h"
#include "cli/option.h"
#include "parse/text.h"
#include "verify/envelope.h"
#include "verify/revocation.h"
#include "verify/signature.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static status add_leaf(struct collateral *c, const struct x509_certificate *x, struct err *err)
{
    void *leaves = c->leaves;
    TRY(arena_grow(&c->memory, &leaves, c->leaf_count, sizeof *c->leaves, err));
    c->leaves = leaves;
    struct collateral_leaf *l = &c->leaves[c->leaf_count++];
    *l = (struct collateral_leaf){.path = c->path, .leaf.x = *x};
    struct snp_leaf whole;
    l->well_formed = is_ok(snp_leaf_parse(x->raw, &whole, NULL));
    if (l->well_formed) l->leaf = whole;
    return OK;
}

static status add_ca(struct collateral *c, bytes der, struct err *err)
{
    void *cas = c->cas;
    TRY(arena_grow(&c->memory, &cas, c->ca_count, sizeof *c->cas, err));
    c->cas = cas;
    c->cas[c->ca_count++] = der;
    return OK;
}

/* The product whose ARK is named as the issuer. */
static enum snp_product crl_product(const struct x509_crl *crl)
{
    enum snp_product product;
    enum snp_ca_role role;
    return snp_ca_name_parse(crl->issuer, &product, &role) && role == SNP_ARK ? product : SNP_PRODUCT_UNKNOWN;
}

static status add_crl(struct collateral *c, const struct x509_crl *crl, struct err *err)
{
    void *crls = c->crls;
    TRY(arena_grow(&c->memory, &crls, c->crl_count, sizeof *c->crls, err));
    c->crls = crls;
    c->crls[c->crl_count++] = (struct collateral_crl){.path = c->path, .crl = *crl, .product = crl_product(crl)};
    return OK;
}

/* `der` lives in the arena. */
static status add_der(struct collateral *c, bytes der, struct err *err)
{
    struct x509_certificate x;
    struct x509_crl crl;
    enum snp_product product;
    enum snp_ca_role role;
    struct err as_certificate = {0}, as_crl = {0};
    if (is_ok(x509_certificate_parse(der, &x, &as_certificate)))
        return snp_ca_name_parse(x.subject, &product, &role) ? add_ca(c, der, err) : add_leaf(c, &x, err);
    if (is_ok(x509_crl_parse(der, &crl, &as_crl))) return add_crl(c, &crl, err);
    if (x509_crl_is_meant(der)) {
        if (!c->malformed_crl.ptr) c->malformed_crl_path = c->path;
        if (!c->malformed_crl.ptr) c->malformed_crl = der;
        return OK;
    }
    return err_set(err, ERR_SYNTAX, as_certificate.offset, "neither a certificate (%s) nor a CRL (%s)",
                   as_certificate.text, as_crl.text);
}

static status add_list(struct collateral *c, bytes content, struct err *err)
{
    struct der_list list = {0};
    TRY(der_list_add(&list, content, &c->memory, err));
    for (size_t i = 0; i < list.count; i++)
        TRY(add_der(c, list.items[i], err));
    return OK;
}

static status add_part(struct collateral *c, bytes part, struct err *err)
{
    bytes copy;
    if (!part.ptr) return OK;
    TRY(arena_copy(&c->memory, part, &copy, err));
    return add_der(c, copy, err);
}

/* A document with certificates alone. */
static status add_envelope(struct collateral *c, const struct snp_evidence *e, struct err *err)
{
    size_t leaves = c->leaf_count;
    const bytes parts[] = {e->vcek, e->vlek, e->ask, e->asvk, e->ark, e->crl};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        TRY(add_part(c, parts[i], err));
    for (size_t i = leaves; i < c->leaf_count && e->envelope == SNP_ENVELOPE_THIM; i++) {
        c->leaves[i].has_tcbm = true;
        c->leaves[i].tcbm = e->tcbm;
    }
    return OK;
}

static status add_content(struct collateral *c, bytes content, enum content_kind *kind, struct err *err)
{
    *kind = CONTENT_COLLATERAL;
    if (der_list_is_likely(content)) return add_list(c, content, err);

    uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
    struct snp_evidence_storage lent = {.buffer = buffer, .cap = sizeof buffer};
    struct snp_evidence e;
    bool parsed = is_ok(snp_evidence_parse(content, &lent, &e, NULL));
    *kind = !parsed ? CONTENT_UNKNOWN : e.report.ptr ? CONTENT_REPORT : CONTENT_COLLATERAL;
    return *kind == CONTENT_COLLATERAL ? add_envelope(c, &e, err) : OK;
}

status collateral_add_content(struct collateral *c, bytes content, enum content_kind *kind, struct err *err)
{
    const struct collateral before = *c;
    status s = add_content(c, content, kind, err);
    if (is_ok(s)) return OK;
    c->leaf_count = before.leaf_count;
    c->crl_count = before.crl_count;
    c->ca_count = before.ca_count;
    c->malformed_crl = before.malformed_crl;
    return s;
}

/* Adds `content`, whose parts remember where they came from. */
static status add_from(struct collateral *c, const char *path, bytes content, enum content_kind *kind, struct err *err)
{
    bytes copy;
    TRY(arena_copy(&c->memory, BYTES((const uint8_t *)path, strlen(path) + 1), &copy, err));
    c->path = (const char *)copy.ptr;
    status s = collateral_add_content(c, content, kind, err);
    c->path = NULL;
    return s;
}

struct adding {
    struct collateral *to;
    const char *named; /* what the user wrote: a file, or the folder above */
};

/* Inside a folder a report is no mistake: whoever keeps reports and certificates together names the folder. */
static status add_file(void *context, const char *path, struct err *err)
{
    const struct adding *a = context;
    bool in_folder = strcmp(a->named, path) != 0;
    enum content_kind kind;
    bytes content;
    TRY(file_read(path, LIMIT_EVIDENCE_FILE_BYTES, &content, err));
    status s = add_from(a->to, path, content, &kind, err);
    if (is_ok(s) && kind != CONTENT_COLLATERAL && !(in_folder && kind == CONTENT_REPORT))
        s = err_set(err, ERR_SYNTAX, 0, "neither certificates nor a CRL");
    file_free(content);
    return err_in(err, s, "%s", text_quote(text_bytes(path)).s);
}

status collateral_add(struct collateral *c, const char *path, struct err *err)
{
    struct adding a = {c, path};
    const struct file_visitor visitor = {.file = add_file, .refused = NULL, .context = &a};
    return file_walk(path, &visitor, err);
}

/* ---- sorting ---------------------------------------------------------------------------------------------------- */

/* hwID begins with these bytes on every product; on Turin it ends with them. */
enum { CHIP_KEY_BYTES = 8 };

static int compare_key(bytes a, bytes b)
{
    if (!a.ptr || !b.ptr) return (a.ptr != NULL) - (b.ptr != NULL);
    return memcmp(a.ptr, b.ptr, CHIP_KEY_BYTES);
}

/* Absent for what names no chip, or cannot be read. */
static bytes key_of(const struct collateral_leaf *l)
{
    return l->well_formed ? bytes_slice(l->leaf.hwid, 0, CHIP_KEY_BYTES) : BYTES_ABSENT;
}

static int compare_leaves(const void *a, const void *b)
{
    const struct collateral_leaf *x = *(const struct collateral_leaf *const *)a;
    const struct collateral_leaf *y = *(const struct collateral_leaf *const *)b;
    int order = compare_key(key_of(x), key_of(y));
    return order != 0 ? order : (x > y) - (x < y); /* as they were given */
}

static bool is_believed(const struct collateral_crl *c, const struct snp_ca_set *trusted)
{
    const struct snp_ca *ark = snp_ca_find(trusted, c->product, SNP_ARK);
    return ark && is_ok(signature_check_pss(ark, c->crl.tbs, c->crl.signature, NULL, NULL));
}

status collateral_seal(struct collateral *c, const struct snp_ca_set *trusted, struct err *err)
{
    for (size_t i = 0; i < c->ca_count; i++)
        c->has_foreign_ca = c->has_foreign_ca || envelope_ca_is_foreign(c->cas[i], trusted);
    for (size_t i = 0; i < c->crl_count; i++)
        c->crls[i].believed = is_believed(&c->crls[i], trusted);
    void *sorted;
    TRY(arena_take(&c->memory, c->leaf_count, sizeof *c->by_chip, &sorted, err));
    c->by_chip = sorted;
    for (size_t i = 0; i < c->leaf_count; i++)
        c->by_chip[i] = &c->leaves[i];
    if (c->leaf_count > 0) qsort(sorted, c->leaf_count, sizeof *c->by_chip, compare_leaves);
    return OK;
}

void collateral_free(struct collateral *c)
{
    arena_free(&c->memory);
    *c = (struct collateral){0};
}

/* ---- finding ---------------------------------------------------------------------------------------------------- */

struct range {
    size_t from, to;
};

static size_t lower_bound(const struct collateral *c, bytes key, bool behind)
{
    size_t from = 0, to = c->leaf_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare_key(key_of(c->by_chip[middle]), key);
        if (order < 0 || (behind && order == 0))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Those that name the report's chip; all, when the report's key belongs to no chip or the host hides it. */
static struct range candidates(const struct collateral *c, const struct snp_report *r)
{
    bool any = snp_report_signing_key(r) != SNP_SIGNED_BY_VCEK || bytes_are_zero(r->chip_id);
    bytes key = bytes_slice(r->chip_id, 0, CHIP_KEY_BYTES);
    if (any) return (struct range){0, c->leaf_count};
    return (struct range){lower_bound(c, key, false), lower_bound(c, key, true)};
}

enum { FIT_TCB = 2, FIT_TIME = 1 };

/* 0: does not fit at all. */
static int fit(const struct collateral_leaf *l, const struct snp_report *r, int64_t now)
{
    const struct snp_leaf *leaf = &l->leaf;
    if (!l->well_formed || (unsigned)leaf->kind != snp_report_signing_key(r)) return 0;
    bool names_chip = leaf->hwid.ptr && !bytes_are_zero(r->chip_id);
    if (names_chip && !bytes_eq(leaf->hwid, bytes_slice(r->chip_id, 0, leaf->hwid.len))) return 0;
    bool tcb = snp_tcb_join(&leaf->tcb) == r->reported_tcb;
    bool valid = now >= leaf->x.not_before && now <= leaf->x.not_after;
    if (!names_chip && !tcb) return 0;
    return 1 + (tcb ? FIT_TCB : 0) + (valid ? FIT_TIME : 0);
}

static bool has_signed(const struct collateral_leaf *l, const struct snp_report *r)
{
    return is_ok(crypto_p384_point_check(l->leaf.point.ptr, NULL)) &&
           is_ok(signature_check_report(r, l->leaf.point, NULL));
}

const struct collateral_leaf *collateral_find_leaf(const struct collateral *c, const struct snp_report *report,
                                                   int64_t now)
{
    struct range range = candidates(c, report);
    const struct collateral_leaf *first = NULL;
    int best = 0;
    size_t equals = 0;
    for (size_t i = range.from; i < range.to; i++) {
        int score = fit(c->by_chip[i], report, now);
        if (score > best) first = c->by_chip[i];
        equals = score > best ? 1 : equals + (score == best);
        best = score > best ? score : best;
    }
    if (best == 0) return c->leaf_count == 1 ? &c->leaves[0] : NULL;

    /* Nothing but the signature tells these apart: a verification each, of all that the user has given. */
    for (size_t i = range.from; i < range.to && equals > 1; i++)
        if (fit(c->by_chip[i], report, now) == best && has_signed(c->by_chip[i], report)) return c->by_chip[i];
    return first;
}

enum { RANK_REVOKES = 8, RANK_BELIEVED = 4, RANK_PRODUCT = 2, RANK_CURRENT = 1 };

/* What is looked for. */
struct crl_wish {
    enum snp_product product;
    const struct snp_ca *ark, *issuer;
    int64_t now;
};

/* Who has signed comes before the dates: anybody can write a later one.  What revokes comes before both: a key that was
 * once revoked can have signed for any time, and the time asked for may be the claim of whoever has the key. */
static int rank(const struct collateral_crl *c, const struct crl_wish *w)
{
    bool wanted = c->product == w->product, believed = wanted && c->believed;
    bool revokes = believed && w->ark && w->issuer && revocation_find(&c->crl, w->ark, w->issuer).ptr;
    bool current = w->now >= c->crl.this_update && c->crl.has_next_update && w->now < c->crl.next_update;
    return 1 + (revokes ? RANK_REVOKES : 0) + (believed ? RANK_BELIEVED : 0) + (wanted ? RANK_PRODUCT : 0) +
           (current ? RANK_CURRENT : 0);
}

bytes collateral_find_crl(const struct collateral *c, bytes own, enum snp_product product, enum snp_ca_role issuer,
                          const struct authenticate_options *o)
{
    const struct crl_wish wish = {product, snp_ca_find(&o->cas, product, SNP_ARK),
                                  snp_ca_find(&o->cas, product, issuer), o->now};
    if (c->crl_count == 0) return own.ptr ? own : c->malformed_crl;
    struct collateral_crl came = {0};
    bool readable = own.ptr && is_ok(x509_crl_parse(own, &came.crl, NULL));
    if (readable) came.product = crl_product(&came.crl);
    if (readable) came.believed = is_believed(&came, &o->cas);
    const struct collateral_crl *best = readable ? &came : NULL;
    int best_rank = best ? rank(best, &wish) : 0;
    for (size_t i = 0; i < c->crl_count; i++) {
        const struct collateral_crl *other = &c->crls[i];
        int r = rank(other, &wish);
        if (r < best_rank || (best && r == best_rank && other->crl.this_update <= best->crl.this_update)) continue;
        best = other;
        best_rank = r;
    }
    return best ? best->crl.raw : own;
}
