/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/collateral.h"

#include <stdlib.h>

#include "cli/file.h"
#include "parse/limits.h"
#include "parse/pem.h"
#include "parse/text.h"

static status grow(void **array, size_t count, size_t size, struct err *err)
{
    size_t n;
    void *bigger = __builtin_mul_overflow(count + 1, size, &n) ? NULL : realloc(*array, n);
    if (!bigger) return err_set(err, ERR_NOMEM, 0, "out of memory");
    *array = bigger;
    return OK;
}

/* Takes `content` over, also when it fails. */
static status own(struct collateral *c, bytes content, struct err *err)
{
    void *array = c->owned;
    status s = grow(&array, c->owned_count, sizeof *c->owned, err);
    c->owned = array;
    if (!is_ok(s)) {
        file_free(content);
        return s;
    }
    c->owned[c->owned_count++] = content;
    return OK;
}

static status add_leaf(struct collateral *c, const struct snp_leaf *leaf, struct err *err)
{
    void *array = c->leaves;
    TRY(grow(&array, c->leaf_count, sizeof *c->leaves, err));
    c->leaves = array;
    c->leaves[c->leaf_count++] = *leaf;
    return OK;
}

static status add_crl(struct collateral *c, bytes der, struct err *err)
{
    void *array = c->crls;
    TRY(grow(&array, c->crl_count, sizeof *c->crls, err));
    c->crls = array;
    c->crls[c->crl_count++] = der;
    return OK;
}

static bool is_ca(const struct x509_certificate *x)
{
    enum snp_product product;
    enum snp_ca_role role;
    return snp_ca_name_parse(x->subject, &product, &role);
}

/* One DER object: a CA certificate, a leaf or a CRL.  What looks like a leaf is kept even when it breaks a rule: the
 * verdict will say which. */
static status add_der(struct collateral *c, bytes der, struct err *err)
{
    struct snp_leaf leaf = {0};
    struct x509_crl crl;
    struct err as_leaf = {0}, as_crl = {0};
    if (is_ok(x509_certificate_parse(der, &leaf.x, &as_leaf))) {
        if (is_ca(&leaf.x)) {
            c->ca_count++;
            return OK;
        }
        struct snp_leaf whole;
        return add_leaf(c, is_ok(snp_leaf_parse(der, &whole, NULL)) ? &whole : &leaf, err);
    }
    if (is_ok(x509_crl_parse(der, &crl, &as_crl))) return add_crl(c, der, err);
    return err_set(err, ERR_SYNTAX, as_leaf.offset, "neither a certificate (%s) nor a CRL (%s)", as_leaf.text,
                   as_crl.text);
}

static status copy_der(struct collateral *c, bytes der, bytes *out, struct err *err)
{
    uint8_t *copy = malloc(der.len);
    if (!copy) return err_set(err, ERR_NOMEM, 0, "out of memory");
    memcpy(copy, der.ptr, der.len);
    *out = BYTES(copy, der.len);
    return own(c, *out, err);
}

static status add_pem(struct collateral *c, bytes text, struct err *err)
{
    static const char *const labels[] = {"CERTIFICATE", "X509 CRL"};
    uint8_t buffer[LIMIT_PEM_BLOCK_BYTES];
    struct pem_reader reader = {.in = text, .labels = labels, .label_count = 2, .comments = true};
    struct pem_block block;
    bool end = false;
    bytes der;
    TRY(pem_next(&reader, buffer, sizeof buffer, &block, &end, err));
    while (!end) {
        TRY(copy_der(c, block.der, &der, err));
        TRY(add_der(c, der, err));
        TRY(pem_next(&reader, buffer, sizeof buffer, &block, &end, err));
    }
    return OK;
}

static status add_file(void *context, const char *path, struct err *err)
{
    struct collateral *c = context;
    bytes content;
    TRY(file_read(path, LIMIT_EVIDENCE_FILE_BYTES, &content, err));
    TRY(own(c, content, err));
    status s = content.len > 0 && content.ptr[0] != 0x30 ? add_pem(c, content, err) : add_der(c, content, err);
    return err_in(err, s, "%s", text_quote(BYTES((const uint8_t *)path, strlen(path))).s);
}

status collateral_add(struct collateral *c, const char *path, struct err *err)
{
    return file_walk(path, add_file, c, err);
}

void collateral_free(struct collateral *c)
{
    for (size_t i = 0; i < c->owned_count; i++)
        file_free(c->owned[i]);
    free(c->owned);
    free(c->leaves);
    free(c->crls);
    *c = (struct collateral){0};
}

/* Kind and chip must fit, or kind and TCB where a leaf names no chip or a report hides it. */
enum { FIT_KIND = 4, FIT_CHIP = 2, FIT_TCB = 1, FIT_ENOUGH = FIT_KIND + FIT_TCB };

static int fit(const struct snp_leaf *leaf, const struct snp_report *report)
{
    int score = 0;
    if (!leaf->tcb.product) return 0; /* it breaks a rule */
    if ((unsigned)leaf->kind == snp_report_signing_key(report)) score += FIT_KIND;
    if (leaf->hwid.ptr && bytes_eq(leaf->hwid, bytes_slice(report->chip_id, 0, leaf->hwid.len))) score += FIT_CHIP;
    if (snp_tcb_join(&leaf->tcb) == report->reported_tcb) score += FIT_TCB;
    return score;
}

bytes collateral_find_leaf(const struct collateral *c, const struct snp_report *report)
{
    const struct snp_leaf *best = NULL;
    int best_score = -1;
    for (size_t i = 0; i < c->leaf_count; i++) {
        int score = fit(&c->leaves[i], report);
        if (score > best_score) best = &c->leaves[i];
        if (score > best_score) best_score = score;
    }
    bool usable = best && (c->leaf_count == 1 || best_score >= FIT_ENOUGH);
    return usable ? best->x.raw : BYTES_ABSENT;
}

bytes collateral_find_crl(const struct collateral *c, enum snp_product product)
{
    for (size_t i = 0; i < c->crl_count; i++) {
        struct x509_crl crl;
        enum snp_product have;
        enum snp_ca_role role;
        if (is_ok(x509_crl_parse(c->crls[i], &crl, NULL)) && snp_ca_name_parse(crl.issuer, &have, &role) &&
            have == product)
            return c->crls[i];
    }
    return c->crl_count > 0 ? c->crls[0] : BYTES_ABSENT;
}
