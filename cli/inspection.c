/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspection.h"

#include "cli/file.h"
#include "cli/reference_option.h"
#include "verify/bundle.h"

#define IN_EVIDENCE   "evidence"
#define IN_COLLATERAL "collateral"

/* A leaf of the right kind in the evidence comes first; one of the wrong kind is better than none, for it shows what is
 * wrong. */
static bytes choose_leaf(struct inspection *i, const struct snp_report *report)
{
    const struct snp_evidence *e = &i->envelope;
    bool by_vlek = snp_report_signing_key(report) == SNP_SIGNED_BY_VLEK;
    bytes right = by_vlek ? e->vlek : e->vcek, wrong = by_vlek ? e->vcek : e->vlek;
    if (right.ptr) {
        i->leaf_source = IN_EVIDENCE;
        return right;
    }
    const struct inspection_options *o = i->options;
    const struct collateral_leaf *given = collateral_find_leaf(o->collateral, report, o->authenticate.now);
    i->leaf_source = given ? IN_COLLATERAL : wrong.ptr ? IN_EVIDENCE : NULL;
    if (given && given->has_tcbm) envelope_check_tcbm(given->tcbm, report, &i->verdict);
    return given ? given->leaf.x.raw : wrong;
}

/* One of two or more that is malformed would else be gone without a word. */
static void warn_of_unused(bytes crl, bytes used, struct verdict *v)
{
    struct x509_crl parsed;
    if (crl.ptr && crl.ptr != used.ptr && !is_ok(x509_crl_parse(crl, &parsed, NULL)))
        verdict_warn(v, WARN_MALFORMED_CRL);
}

static bytes choose_crl(struct inspection *i, const struct snp_report *report, bytes leaf)
{
    const struct inspection_options *o = i->options;
    enum snp_product product = snp_report_product(report);
    struct snp_leaf l = {0};
    /* A version 2 report does not name its product. */
    if (leaf.ptr && is_ok(snp_leaf_read_certificate(leaf, &l, NULL)) && is_ok(snp_leaf_read_issuer(&l, NULL)))
        product = l.product;
    bytes crl = collateral_find_crl(o->collateral, i->envelope.crl, product,
                                    l.kind == SNP_SIGNED_BY_VLEK ? SNP_ASVK : SNP_ASK, &o->authenticate);
    warn_of_unused(i->envelope.crl, crl, &i->verdict);
    warn_of_unused(o->collateral->malformed_crl, crl, &i->verdict);
    if (crl.ptr) i->crl_source = crl.ptr == i->envelope.crl.ptr ? IN_EVIDENCE : IN_COLLATERAL;
    return crl;
}

static void check_cas(struct inspection *i)
{
    const struct snp_ca_set *cas = &i->options->authenticate.cas;
    bool foreign = i->options->collateral->has_foreign_ca || envelope_ca_is_foreign(i->envelope.ark, cas) ||
                   envelope_ca_is_foreign(i->envelope.ask, cas) || envelope_ca_is_foreign(i->envelope.asvk, cas);
    if (foreign) verdict_warn(&i->verdict, WARN_FOREIGN_CA);
}

static void authenticate(struct inspection *i)
{
    struct evidence_input in = {.report = i->envelope.report, .leaf = BYTES_ABSENT, .crl = BYTES_ABSENT};
    struct snp_report report;
    if (is_ok(snp_report_read(in.report, &report, NULL))) {
        in.leaf = choose_leaf(i, &report);
        in.crl = choose_crl(i, &report, in.leaf);
    }
    evidence_read(&in, &i->evidence, &i->verdict);
    evidence_authenticate(&i->evidence, &i->options->authenticate, &i->verdict);
    check_cas(i);
}

void inspection_begin(bytes evidence, const struct inspection_options *options, enum verdict_subject subject,
                      struct inspection *out)
{
    out->options = options;
    out->content = evidence;
    out->storage.buffer = out->buffer;
    out->storage.cap = sizeof out->buffer;
    out->verdict.subject = subject;
    struct err broken = {0};
    if (is_ok(snp_evidence_parse(evidence, &out->storage, &out->envelope, &broken))) {
        envelope_check(&out->envelope, &out->verdict);
        if (out->envelope.report.ptr) authenticate(out);
        return;
    }
    envelope_failed(&broken, &out->verdict);
    out->verdict.by_hand = options->authenticate.cas.by_hand;
    if (out->verdict.by_hand) verdict_warn(&out->verdict, WARN_ROOT_BY_HAND);
}

status inspection_run(const char *path, const struct inspection_options *options, struct inspection *out,
                      struct err *err)
{
    *out = (struct inspection){.path = path};
    TRY(file_read(path, LIMIT_EVIDENCE_FILE_BYTES, &out->content, err));
    inspection_begin(out->content, options, SUBJECT_REPORT, out);
    if (!out->envelope.report.ptr) {
        if (bundle_is_likely(out->content))
            verdict_note(&out->verdict, CHECK_EVIDENCE_ENVELOPE,
                         "a tar archive: a bundle is judged by contrast verify --evidence");
        return OK;
    }
    out->reference = reference_for_product(&options->reference, out->evidence.product);
    evidence_judge(&out->evidence, &out->reference, &out->verdict);
    return OK;
}

void inspection_free(struct inspection *inspection)
{
    file_free(inspection->content);
    inspection->content = BYTES_ABSENT;
}
