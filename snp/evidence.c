/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/evidence.h"

#include "parse/cursor.h"
#include "parse/der.h"
#include "parse/limits.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "parse/x509.h"
#include "snp/attestation_pb.h"
#include "snp/ca.h"
#include "snp/certificate_table.h"
#include "snp/evidence_json.h"
#include "snp/thim.h"

static const char rule[] = "evidence.envelope";

/* What is being filled. */
struct reading {
    struct snp_evidence e;
    struct snp_evidence_storage *lent;
    size_t used; /* of the lent buffer */
};

static bool starts(bytes in, size_t at, bytes with)
{
    return bytes_eq(bytes_slice(in, at, with.len), with);
}

/* ---- certificates ----------------------------------------------------------------------------------------------- */

static bool is_pem(bytes blob)
{
    return blob.len > 0 && blob.ptr[0] == '-';
}

/* DER out of a blob that is either DER already or one PEM block; anything else stays as it is. */
static status decode(struct reading *r, bytes blob, const char *label, bytes *out, struct err *err)
{
    *out = blob;
    if (!is_pem(blob)) return OK;
    TRY(pem_parse(blob, label, out, 1, r->lent->buffer + r->used, r->lent->cap - r->used, err));
    r->used += out->len;
    return OK;
}

static status take_leaf(struct reading *r, bytes blob, bytes *out, struct err *err)
{
    return err_in(err, err_named(err, decode(r, blob, "CERTIFICATE", out, err), "leaf.encoding"), "leaf");
}

static status take_crl(struct reading *r, bytes blob, struct err *err)
{
    return err_in(err, err_named(err, decode(r, blob, "X509 CRL", &r->e.crl, err), "crl.encoding"), "CRL");
}

/* A host's CA certificate proves nothing: one that cannot be decoded stays as it is and must not make the evidence
 * unreadable. */
static status decode_ca(struct reading *r, bytes blob, bytes *out, struct err *err)
{
    struct err ignored = {0};
    status s = decode(r, blob, "CERTIFICATE", out, &ignored);
    if (s.kind == ERR_NOMEM) return err_rule(err, s.kind, rule, ignored.offset, "CA certificate: %s", ignored.text);
    if (!is_ok(s)) *out = blob;
    return OK;
}

/* Which of AMD's CAs a certificate names as its subject or issuer; false when none, or when it cannot be read. */
enum name { SUBJECT, ISSUER };

static bool ca_role(bytes der, enum name name, enum snp_ca_role *out)
{
    struct x509_certificate x;
    enum snp_product product;
    return is_ok(x509_certificate_parse(der, &x, NULL)) &&
           snp_ca_name_parse(name == SUBJECT ? x.subject : x.issuer, &product, out);
}

static bool is_asvk(bytes der)
{
    enum snp_ca_role role;
    return ca_role(der, SUBJECT, &role) && role == SNP_ASVK;
}

static bool is_vlek(bytes der)
{
    enum snp_ca_role role;
    return ca_role(der, ISSUER, &role) && role == SNP_ASVK;
}

/* One place in each envelope serves the intermediate, ASK or ASVK. */
static status take_chain(struct reading *r, const struct snp_certificate_table *chain, struct err *err)
{
    TRY(take_leaf(r, chain->vcek, &r->e.vcek, err));
    TRY(take_leaf(r, chain->vlek, &r->e.vlek, err));
    TRY(take_crl(r, chain->crl, err));
    TRY(decode_ca(r, chain->ask, &r->e.ask, err));
    TRY(decode_ca(r, chain->ark, &r->e.ark, err));
    if (!is_asvk(r->e.ask)) return OK;
    r->e.asvk = r->e.ask;
    r->e.ask = BYTES_ABSENT;
    return OK;
}

/* ---- certificates alone ----------------------------------------------------------------------------------------- */

/* A CRL names its issuer and then a time; a certificate has two times in a SEQUENCE there (RFC 5280, 4.1 and 5.1). */
static bool looks_like_crl(bytes der)
{
    struct cursor c = cursor_over(der);
    struct cursor whole = der_enter(&c, DER_SEQUENCE, "");
    struct cursor tbs = der_enter(&whole, DER_SEQUENCE, "");
    if (der_next_is(&tbs, DER_INTEGER)) (void)der_get_element(&tbs, DER_INTEGER, "version");
    (void)der_get_element(&tbs, DER_SEQUENCE, "algorithm");
    (void)der_get_element(&tbs, DER_SEQUENCE, "issuer");
    return der_next_is(&tbs, DER_UTC_TIME) || der_next_is(&tbs, DER_GENERALIZED_TIME);
}

/* Where a certificate belongs by its names; one that cannot be read is taken for a VCEK, and judged as one. */
static bytes *place_of(struct snp_evidence *e, bytes der)
{
    enum snp_ca_role role;
    if (looks_like_crl(der)) return &e->crl;
    if (!ca_role(der, SUBJECT, &role)) return is_vlek(der) ? &e->vlek : &e->vcek;
    if (role == SNP_ARK) return &e->ark;
    return role == SNP_ASVK ? &e->asvk : &e->ask;
}

static status place(struct reading *r, bytes der, size_t offset, struct err *err)
{
    struct cursor c = cursor_over(der);
    (void)der_get_element(&c, DER_SEQUENCE, "certificate or CRL");
    TRY(err_named(err, cursor_end(&c, err), rule));

    bytes *to = place_of(&r->e, der);
    if (!bytes_is_absent(*to))
        return err_rule(err, ERR_DUPLICATE, rule, offset, "certificates: two for one place in the chain");
    *to = der;
    return OK;
}

/* The next PEM block into the lent buffer. */
static status next_block(struct reading *r, struct pem_reader *pem, struct pem_block *out, bool *end, struct err *err)
{
    TRY(pem_next(pem, r->lent->buffer + r->used, r->lent->cap - r->used, out, end, err));
    if (!*end) r->used += out->der.len;
    return OK;
}

static status take_certificates(bytes in, struct reading *r, struct err *err)
{
    if (in.ptr[0] == DER_SEQUENCE) return place(r, in, 0, err);

    static const char *const labels[] = {"CERTIFICATE", "X509 CRL"};
    struct pem_reader pem = {.in = in, .labels = labels, .label_count = 2, .comments = true};
    struct pem_block block;
    bool end = false;
    TRY(err_named(err, next_block(r, &pem, &block, &end, err), rule));
    if (end) return err_rule(err, ERR_MISSING, rule, 0, "certificates: no PEM block");
    while (!end) {
        if (looks_like_crl(block.der) != (block.label == 1))
            return err_rule(err, ERR_MISMATCH, rule, block.offset, "certificates: not what its PEM label says");
        TRY(place(r, block.der, block.offset, err));
        TRY(err_named(err, next_block(r, &pem, &block, &end, err), rule));
    }
    return OK;
}

/* ---- reports ---------------------------------------------------------------------------------------------------- */

static status take_report(bytes in, struct reading *r, struct err *err)
{
    struct snp_report report;
    TRY(snp_report_read(in, &report, err));
    r->e.report = in;
    return OK;
}

static status take_hex(bytes in, struct reading *r, struct err *err)
{
    /* Editors and echo end a file with a line end; eight digits are known to be there. */
    size_t digits = in.len;
    if (starts(in, in.len - 1, BYTES_LIT("\n"))) digits -= starts(in, in.len - 2, BYTES_LIT("\r\n")) ? 2 : 1;
    if (digits != 2 * SNP_REPORT_BYTES)
        return err_rule(err, digits < 2 * SNP_REPORT_BYTES ? ERR_TRUNCATED : ERR_TRAILING, "report.size", 0,
                        "SNP report: want %d hex digits, have %zu", 2 * SNP_REPORT_BYTES, digits);
    TRY(err_named(
        err, hex_parse(bytes_slice(in, 0, digits), HEX_ANY_CASE, r->lent->report, sizeof r->lent->report, err), rule));
    r->e.report = BYTES_OF(r->lent->report);
    return OK;
}

/* Offsets in the text are those in the part; the one beside it counts from the start of the input. */
static status in_part(struct err *err, status s, size_t offset)
{
    if (!is_ok(s) && err) err->offset += offset;
    return s;
}

static status take_table(bytes table, struct reading *r, struct err *err)
{
    struct snp_certificate_table t;
    TRY(snp_certificate_table_parse(table, &t, err));
    return take_chain(r, &t, err);
}

static status take_report_and_table(bytes in, struct reading *r, struct err *err)
{
    r->e.report = bytes_slice(in, 0, SNP_REPORT_BYTES);
    return in_part(err, take_table(bytes_slice(in, SNP_REPORT_BYTES, in.len - SNP_REPORT_BYTES), r, err),
                   SNP_REPORT_BYTES);
}

static status take_report_and_hcl(bytes in, struct reading *r, struct err *err)
{
    bytes header = bytes_slice(in, SNP_REPORT_BYTES, SNP_HCL_RUNTIME_HEADER_BYTES);
    r->e.report = bytes_slice(in, 0, SNP_REPORT_BYTES);
    TRY(in_part(err, snp_hcl_runtime_parse(header, &r->e.runtime, err), SNP_REPORT_BYTES));
    r->e.has_runtime = true;
    return OK;
}

static status take_hcl(bytes in, struct reading *r, struct err *err)
{
    struct snp_hcl hcl;
    TRY(snp_hcl_parse(in, &hcl, err));
    r->e.report = hcl.report;
    r->e.runtime = hcl.runtime;
    r->e.has_runtime = true;
    r->e.runtime_data = hcl.runtime_data;
    return OK;
}

static status take_protobuf(bytes in, struct reading *r, struct err *err)
{
    struct snp_attestation a;
    TRY(snp_attestation_parse(in, r->lent->report, &a, err));
    r->e.report = a.report;
    const struct snp_certificate_table chain = {
        .vcek = a.vcek, .vlek = a.vlek, .ask = a.ask, .ark = a.ark, .crl = a.crl};
    return take_chain(r, &chain, err);
}

/* ---- recognition ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *rule;
} envelopes[SNP_ENVELOPE_COUNT] = {
    [SNP_ENVELOPE_UNKNOWN] = {"unknown", NULL},
    [SNP_ENVELOPE_REPORT] = {"raw report", NULL},
    [SNP_ENVELOPE_REPORT_HEX] = {"report in hex", NULL},
    [SNP_ENVELOPE_REPORT_AND_TABLE] = {"report and certificate table", "evidence.certificate-table"},
    [SNP_ENVELOPE_REPORT_AND_HCL] = {"report and HCL header", "evidence.hcl"},
    [SNP_ENVELOPE_HCL] = {"Azure HCL report", "evidence.hcl"},
    [SNP_ENVELOPE_PROTOBUF] = {"protobuf attestation", "evidence.protobuf"},
    [SNP_ENVELOPE_THIM] = {"Azure THIM certificates", "evidence.thim"},
    [SNP_ENVELOPE_JSON] = {"JSON evidence", NULL},
    [SNP_ENVELOPE_TABLE] = {"certificate table", "evidence.certificate-table"},
    [SNP_ENVELOPE_CERTIFICATES] = {"certificates", NULL},
};

const char *snp_envelope_name(enum snp_envelope envelope)
{
    size_t i = (size_t)envelope;
    return i < SNP_ENVELOPE_COUNT ? envelopes[i].name : envelopes[SNP_ENVELOPE_UNKNOWN].name;
}

const char *snp_envelope_rule(enum snp_envelope envelope)
{
    size_t i = (size_t)envelope;
    return i < SNP_ENVELOPE_COUNT ? envelopes[i].rule : NULL;
}

static size_t count_white_space(bytes in)
{
    size_t n = 0;
    while (n < in.len && (in.ptr[n] == ' ' || in.ptr[n] == '\t' || in.ptr[n] == '\r' || in.ptr[n] == '\n'))
        n++;
    return n;
}

/* No certificate is as short as the DER length would be that is a hex digit too. */
static bool starts_in_hex(bytes in)
{
    uint8_t version[4];
    return is_ok(hex_parse(bytes_slice(in, 0, 2 * sizeof version), HEX_ANY_CASE, version, sizeof version, NULL));
}

/* By the size of what begins with a report.  A rest that is too short for the closing entry of a certificate table is a
 * report of the wrong size. */
static enum snp_envelope recognise_report(bytes in)
{
    if (in.len == SNP_REPORT_BYTES + SNP_HCL_RUNTIME_HEADER_BYTES) return SNP_ENVELOPE_REPORT_AND_HCL;
    if (in.len < SNP_REPORT_BYTES + SNP_CERTIFICATE_TABLE_ENTRY_BYTES) return SNP_ENVELOPE_REPORT;
    return SNP_ENVELOPE_REPORT_AND_TABLE;
}

/* By the first bytes.  A report begins with its version, a small little-endian number; three zero bytes can follow the
 * first in nothing else here (a protobuf field number is never 0).  What has exactly the size of a report and is
 * nothing else is one with a wild version. */
static enum snp_envelope recognise(bytes in)
{
    size_t text = count_white_space(in);
    if (starts(in, 0, BYTES_LIT("HCLA"))) return SNP_ENVELOPE_HCL;
    if (starts(in, text, BYTES_LIT("-----BEGIN ")) || starts(in, text, BYTES_LIT("#")))
        return SNP_ENVELOPE_CERTIFICATES;
    if (starts(in, text, BYTES_LIT("{"))) return SNP_ENVELOPE_JSON;
    if (snp_certificate_table_is_likely(in)) return SNP_ENVELOPE_TABLE;
    if (starts_in_hex(in)) return SNP_ENVELOPE_REPORT_HEX;
    if (starts(in, 1, BYTES_LIT("\0\0\0"))) return recognise_report(in);
    if (starts(in, 0, BYTES_LIT("\x30"))) return SNP_ENVELOPE_CERTIFICATES;
    if (starts(in, 0, BYTES_LIT("\x0a")) || starts(in, 0, BYTES_LIT("\x12")) || starts(in, 0, BYTES_LIT("\x1a")))
        return SNP_ENVELOPE_PROTOBUF;
    return in.len == SNP_REPORT_BYTES ? SNP_ENVELOPE_REPORT : SNP_ENVELOPE_UNKNOWN;
}

/* What stands alone in its bytes. */
static status take(bytes in, enum snp_envelope envelope, struct reading *r, struct err *err)
{
    switch (envelope) {
    case SNP_ENVELOPE_REPORT:
        return take_report(in, r, err);
    case SNP_ENVELOPE_REPORT_HEX:
        return take_hex(in, r, err);
    case SNP_ENVELOPE_REPORT_AND_TABLE:
        return take_report_and_table(in, r, err);
    case SNP_ENVELOPE_REPORT_AND_HCL:
        return take_report_and_hcl(in, r, err);
    case SNP_ENVELOPE_HCL:
        return take_hcl(in, r, err);
    case SNP_ENVELOPE_PROTOBUF:
        return take_protobuf(in, r, err);
    case SNP_ENVELOPE_TABLE:
        return take_table(in, r, err);
    case SNP_ENVELOPE_CERTIFICATES:
        return take_certificates(in, r, err);
    default:
        return err_rule(err, ERR_UNSUPPORTED, rule, 0, "evidence: %zu bytes in no envelope that is known", in.len);
    }
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static status take_thim(bytes in, struct reading *r, struct err *err)
{
    struct snp_thim thim;
    TRY(snp_thim_parse(in, r->lent->buffer, r->lent->cap, &thim, err));
    r->e.envelope = SNP_ENVELOPE_THIM;
    r->e.inner = SNP_ENVELOPE_THIM;
    r->e.vcek = thim.vcek;
    r->e.ask = thim.ask;
    r->e.ark = thim.ark;
    r->e.tcbm = thim.tcbm;
    return OK;
}

/* A leaf beside a report: a document does not say of which kind it is. */
static status take_leaf_beside(bytes blob, struct reading *r, struct err *err)
{
    bytes der = BYTES_ABSENT;
    if (bytes_is_absent(blob)) return OK;
    TRY(take_leaf(r, blob, &der, err));
    if (!bytes_is_absent(r->e.vcek) || !bytes_is_absent(r->e.vlek))
        return err_rule(err, ERR_DUPLICATE, rule, 0, "JSON evidence: a leaf beside the one in the table");
    *(is_vlek(der) ? &r->e.vlek : &r->e.vcek) = der;
    return OK;
}

static status take_json(bytes in, struct reading *r, struct err *err)
{
    enum snp_json_kind kind = SNP_JSON_UNKNOWN;
    struct snp_json_evidence json;
    TRY(snp_json_recognise(in, r->lent->buffer, r->lent->cap, &kind, err));
    if (kind == SNP_JSON_THIM) return take_thim(in, r, err);

    TRY(snp_json_evidence_parse(in, kind, r->lent->buffer, r->lent->cap, &json, err));
    r->used = json.used;
    r->e.inner = recognise(json.content);
    if (r->e.inner != SNP_ENVELOPE_REPORT && r->e.inner != SNP_ENVELOPE_REPORT_AND_TABLE &&
        r->e.inner != SNP_ENVELOPE_HCL)
        return err_rule(err, ERR_UNSUPPORTED, rule, 0, "JSON evidence: holds no report but %zu bytes of something else",
                        json.content.len);
    TRY(err_in(err, take(json.content, r->e.inner, r, err), "JSON evidence"));
    if (!bytes_is_absent(json.table)) {
        if (r->e.inner != SNP_ENVELOPE_REPORT)
            return err_rule(err, ERR_DUPLICATE, rule, 0, "JSON evidence: a table beside the one behind the report");
        r->e.inner = SNP_ENVELOPE_REPORT_AND_TABLE;
        TRY(err_in(err, take_table(json.table, r, err), "JSON evidence"));
    }
    if (kind == SNP_JSON_TRUSTEE) TRY(err_in(err, take_chain(r, &json.chain, err), "JSON evidence"));
    return take_leaf_beside(json.leaf, r, err);
}

status snp_evidence_parse(bytes in, struct snp_evidence_storage *lent, struct snp_evidence *out, struct err *err)
{
    if (in.len > LIMIT_EVIDENCE_BYTES)
        return err_rule(err, ERR_LIMIT, rule, 0, "evidence: want at most %d bytes, have %zu", LIMIT_EVIDENCE_BYTES,
                        in.len);
    enum snp_envelope envelope = recognise(in);
    struct reading r = {.e = {.envelope = envelope, .inner = envelope}, .lent = lent};
    TRY(envelope == SNP_ENVELOPE_JSON ? take_json(in, &r, err) : take(in, envelope, &r, err));
    *out = r.e;
    return OK;
}
